package link

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Documents is what a session of Identity Document Upload is about.
type Documents struct {
	AccountID string
	// RiskSignals asks for the signs that a document may be forged, besides what is
	// read from it (identity.parsing_configs).
	RiskSignals bool `json:",omitempty"`
}

// uploads reports whether a request is for Identity Document Upload.
func (in createIn) uploads() bool { return in.Identity != nil && in.Identity.IsDocumentUpload }

// documents turns a request into a token for Identity Document Upload
// (plaid-server-api.md section 8.4): update mode, with products against the general
// rule, and one account. Documents are always read: the signs cannot be found
// otherwise, so parsing_configs only says whether they are asked for.
func (t *Tokens) documents(ctx context.Context, call api.Call, in createIn, tok *Token) error {
	switch {
	case in.AccessToken == nil:
		return plaid.InvalidField("identity.is_document_upload must be provided together with access_token")
	case in.Update.byUser():
		return plaid.InvalidField("update.user and update.item_ids must not be provided together with identity.is_document_upload")
	case in.Update != nil && in.Update.AccountSelection:
		return plaid.InvalidField("update.account_selection_enabled must not be true together with identity.is_document_upload")
	case len(in.Products) != 1 || in.Products[0] != "identity":
		return plaid.InvalidField(`products must be ["identity"] when identity.is_document_upload is true`)
	case len(in.RequiredIfSupported)+len(in.Optional)+len(in.AdditionalConsented) > 0:
		return plaid.InvalidField("no list of products but products must be provided when identity.is_document_upload is true")
	case len(in.Identity.AccountIDs) != 1:
		return plaid.InvalidField("identity.account_ids must contain exactly one account_id when identity.is_document_upload is true")
	case in.EnableMultiItem:
		return plaid.InvalidField("enable_multi_item_link must not be true in update mode")
	case tok.AccountFilters != nil:
		return plaid.InvalidField("account_filters must not be provided when identity.is_document_upload is true")
	case t.Documents == nil:
		return notYet("identity.is_document_upload")
	}
	item, err := t.Documents(ctx, call, *in.AccessToken, in.Identity.AccountIDs[0])
	if err != nil {
		return err
	}
	if item.Webhook == "" && t.Env == "sandbox" { // "requires a valid webhook URI"; only a webhook says that documents have been read
		return plaid.InvalidField("the Item must have a webhook when identity.is_document_upload is true: give it one when it is made, or with /item/webhook/update")
	}
	tok.AccessTokenItemID, tok.Webhook = item.ID, item.Webhook
	tok.Documents = &Documents{AccountID: in.Identity.AccountIDs[0]}
	for _, c := range in.Identity.ParsingConfigs {
		tok.Documents.RiskSignals = tok.Documents.RiskSignals || c == "risk_signals"
	}
	return nil
}

package link

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Repairable is an Item as update mode needs to know it.
type Repairable struct {
	ID string
	// CanSelect says that its person may choose the accounts anew: "institutions in
	// the US and Canada" (LinkTokenCreateRequestUpdate.account_selection_enabled).
	CanSelect bool
	// ByCode says that nobody logs in for it: its account is verified by the code of
	// a deposit (link-web.md section 4.6).
	ByCode  bool
	Webhook string // "" when none
}

// updates reports whether a request is for update mode.
func (in createIn) updates() bool { return in.AccessToken != nil || in.Update.byUser() }

// byUser reports whether the Item is to be found by its user.
func (u *updateIn) byUser() bool { return u != nil && (u.User || len(u.ItemIDs) > 0) }

// mode refuses what Link cannot do yet, so that nobody takes silence for a
// success, and finds the Item of update mode.
func (t *Tokens) mode(ctx context.Context, call api.Call, in createIn, tok *Token) error {
	for _, u := range unsupported {
		if u.given(in) {
			return notYet(u.field)
		}
	}
	if in.uploads() {
		return t.documents(ctx, call, in, tok)
	}
	tok.SelectAccounts = in.Update != nil && in.Update.AccountSelection
	if !in.updates() {
		if tok.SelectAccounts {
			return plaid.InvalidField("update.account_selection_enabled must be provided together with access_token or update.user")
		}
		return nil
	}
	item, err := t.repairable(ctx, call, in, tok)
	if err != nil {
		return err
	}
	if err := checkUpdate(in, tok); err != nil {
		return err
	}
	tok.AccessTokenItemID, tok.EntersCode, tok.Webhook = item.ID, item.ByCode, item.Webhook
	if tok.SelectAccounts && item.ByCode {
		return plaid.InvalidField("update.account_selection_enabled must not be true for an Item without a login at an institution")
	}
	if tok.SelectAccounts && !item.CanSelect {
		return plaid.InvalidField("update.account_selection_enabled must not be true for an Item of an institution outside the United States and Canada")
	}
	return nil
}

// repairable finds the Item that is meant.
func (t *Tokens) repairable(ctx context.Context, call api.Call, in createIn, tok *Token) (Repairable, error) {
	switch {
	case in.AccessToken != nil && in.Update.byUser():
		return Repairable{}, plaid.InvalidField("access_token must not be provided together with update.user or update.item_ids")
	case in.AccessToken != nil:
		return t.Item(ctx, call, *in.AccessToken)
	case tok.UserID == "":
		return Repairable{}, plaid.InvalidField("update.user and update.item_ids must be provided together with user_id or user_token")
	case len(in.Update.ItemIDs) > 1:
		return Repairable{}, plaid.NotSupported("more than one entry in update.item_ids of /link/token/create")
	}
	return t.UserItem(ctx, call, tok.UserID, in.Update.ItemIDs)
}

// checkUpdate looks at members that mean something outside update mode alone.
// Products would ask for validations of the Item ("beta, on request", link-web.md
// section 4.10), or add credit products; Glencheck has neither. Account filters
// need an account selection (section 6).
func checkUpdate(in createIn, tok *Token) error {
	for _, l := range []struct {
		field    string
		products []string
	}{{"products", in.Products}, {"required_if_supported_products", in.RequiredIfSupported}, {"optional_products", in.Optional}} {
		if len(l.products) > 0 {
			return plaid.NotSupported(l.field + " of /link/token/create in update mode (additional_consented_products works)")
		}
	}
	switch {
	case in.EnableMultiItem:
		return plaid.InvalidField("enable_multi_item_link must not be true in update mode")
	case tok.AccountFilters != nil && !tok.SelectAccounts:
		return plaid.InvalidField("account_filters must not be provided in update mode without update.account_selection_enabled")
	}
	return nil
}

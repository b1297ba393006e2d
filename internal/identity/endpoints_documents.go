package identity

import (
	"context"
	"slices"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/identity/document"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// uploadsResponse is schema IdentityDocumentsUploadsGetResponse.
type uploadsResponse struct {
	Accounts []uploadsAccount `json:"accounts"`
	Item     item.Object      `json:"item"`
}

// uploadsAccount is schema AccountIdentityDocumentUpload: one owner for each
// document that has any.
type uploadsAccount struct {
	plaid.Account
	Owners    []documentOwner `json:"owners"`
	Documents []uploaded      `json:"documents"`
}

// documentOwner is schema Owner with its document_id.
type documentOwner struct {
	DocumentID string `json:"document_id"`
	plaid.Owner
}

// uploaded is schema IdentityDocumentUpload. RiskInsights are there if they were
// asked for.
type uploaded struct {
	DocumentID   string           `json:"document_id"`
	Metadata     uploadedMetadata `json:"metadata"`
	RiskInsights *riskInsights    `json:"risk_insights,omitzero"`
}

// uploadedMetadata is schema IdentityDocumentUploadMetadata. The type is null of a
// document that does not read like a statement, and whether the number matches where
// there is none to compare.
type uploadedMetadata struct {
	DocumentType  *string   `json:"document_type"`
	IsNumberMatch *bool     `json:"is_account_number_match"`
	PageCount     int       `json:"page_count"`
	LastUpdated   time.Time `json:"last_updated"`
	UploadedAt    time.Time `json:"uploaded_at"`
}

// riskInsights is schema IdentityDocumentUploadRiskInsights.
type riskInsights struct {
	Summary riskSummary  `json:"risk_summary"`
	Signals []riskSignal `json:"risk_signals"`
}

// riskSummary is schema IdentityDocumentUploadRiskSummary: null where nothing could
// be looked at.
type riskSummary struct {
	Score *int `json:"risk_score"`
}

// riskSignal is schema IdentityDocumentUploadRiskSignal.
type riskSignal struct {
	Type        document.Type `json:"type"`
	HasRisk     bool          `json:"has_fraud_risk"`
	Description string        `json:"signal_description"`
	Page        int           `json:"page_number"`
}

// uploads answers what was read. The login of the Item need not work: nothing is
// asked of a bank.
func (s *Identity) uploads(ctx context.Context, call api.Call, in item.AccountsRequest) (uploadsResponse, error) {
	sn, picked, docs, err := s.uploadedTo(ctx, call, in)
	if err != nil {
		return uploadsResponse{}, err
	}
	onFile, err := s.onFile(ctx, sn)
	if err != nil {
		return uploadsResponse{}, err
	}
	out := uploadsResponse{Accounts: make([]uploadsAccount, len(picked)), Item: sn.Object()}
	for i, a := range picked {
		acc := uploadsAccount{Account: a.Object, Owners: []documentOwner{}, Documents: []uploaded{}}
		for _, d := range docs {
			if d.accountID != a.ID {
				continue
			}
			acc.Documents = append(acc.Documents, d.uploaded(onFile[a.ID]))
			if o := ownerOf(d.Findings); len(o.Names)+len(o.Addresses) > 0 {
				acc.Owners = append(acc.Owners, documentOwner{d.id, o})
			}
		}
		out.Accounts[i] = acc
	}
	return out, nil
}

// uploadedTo finds the documents of an Item.
func (s *Identity) uploadedTo(ctx context.Context, call api.Call, in item.AccountsRequest) (*item.Snapshot, []item.Account, []storedDocument, error) {
	sn, err := s.items.ByAccessToken(ctx, call, in.AccessToken)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := s.items.Authorized(ctx, sn.ClientID, product); err != nil {
		return nil, nil, nil, err
	}
	picked, err := sn.Pick(in.Options.AccountIDs)
	if err != nil {
		return nil, nil, nil, err
	}
	docs, err := s.documentsOf(ctx, sn.ID)
	if err != nil {
		return nil, nil, nil, err
	}
	return sn, picked, docs, s.dropStale(ctx, sn, docs)
}

// dropStale deletes the documents of accounts that the Item no longer has.
func (s *Identity) dropStale(ctx context.Context, sn *item.Snapshot, docs []storedDocument) error {
	var gone []string
	for _, d := range docs {
		if !slices.ContainsFunc(sn.Accounts, func(a item.Account) bool { return a.ID == d.accountID }) && !slices.Contains(gone, d.accountID) {
			gone = append(gone, d.accountID)
		}
	}
	if gone == nil {
		return nil
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		for _, id := range gone {
			if _, err := tx.Exec(ctx, deleteOfAccount, sn.ID, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// onFile are the numbers to compare with, by account_id: whole ones where they are
// known, else the last digits.
func (s *Identity) onFile(ctx context.Context, sn *item.Snapshot) (map[string][]string, error) {
	numbers := map[string][]string{}
	if s.documents != nil && s.documents.Numbers != nil {
		known, err := s.documents.Numbers(ctx, sn)
		if err != nil {
			return nil, err
		}
		for id, list := range known {
			numbers[id] = list
		}
	}
	for _, a := range sn.Accounts {
		if len(numbers[a.ID]) == 0 && a.Mask != "" {
			numbers[a.ID] = []string{"••" + a.Mask}
		}
	}
	return numbers, nil
}

// uploaded is a document as the API answers it.
func (d storedDocument) uploaded(onFile []string) uploaded {
	out := uploaded{DocumentID: d.id, Metadata: uploadedMetadata{
		DocumentType: plaid.OrNull(d.Findings.Type), IsNumberMatch: numberMatch(d.Findings.Accounts, onFile),
		PageCount: d.Pages, LastUpdated: d.updatedAt.UTC(), UploadedAt: d.uploadedAt.UTC(),
	}}
	if d.Risk {
		out.RiskInsights = &riskInsights{Summary: riskSummary{d.Score}, Signals: make([]riskSignal, len(d.Signals))}
		for i, x := range d.Signals {
			out.RiskInsights.Signals[i] = riskSignal{x.Type, x.Risk, x.Detail, x.Page}
		}
	}
	return out
}

// numberMatch is is_account_number_match; nil where there is nothing to compare.
func numberMatch(found, onFile []string) *bool {
	var yes bool
	switch document.MatchAccount(found, onFile) {
	case document.NoNumber:
		return nil
	case document.Same:
		yes = true
	}
	return &yes
}

// ownerOf is the one owner of a document (schema Owner).
func ownerOf(f document.Findings) plaid.Owner {
	o := plaid.Owner{Names: []string{}, PhoneNumbers: []plaid.OwnerPhone{}, Emails: []plaid.OwnerEmail{}, Addresses: []plaid.OwnerAddress{}}
	o.Names = append(o.Names, f.Owners...)
	for i, a := range f.Addresses {
		o.Addresses = append(o.Addresses, plaid.OwnerAddress{Primary: i == 0, Data: plaid.OwnerAddressData{
			Street: a.Street, City: plaid.OrNull(a.City), Region: plaid.OrNull(a.Region), PostalCode: plaid.OrNull(a.PostalCode), Country: plaid.OrNull(a.Country),
		}})
	}
	return o
}

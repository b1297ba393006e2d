package identity

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Endpoints are the paths this room answers.
func (s *Identity) Endpoints() []api.Endpoint {
	return []api.Endpoint{
		api.Post("/identity/get", s.get, api.Summary("The owners of accounts")),
		api.Post("/identity/match", s.match, api.Summary("How well what a client knows of a person fits the owners of accounts")),
		api.Post("/identity/documents/uploads/get", s.uploads, api.Summary("What was read from the documents that people have uploaded")),
		api.Post("/sandbox/identity/document/explain", s.explainDocuments, api.Sandbox(), api.Summary("What was found in uploaded documents, what was looked for, and what was not")),
		api.Post("/sandbox/identity/match/explain", s.explain, api.Sandbox(), api.Summary("Why the scores of /identity/match are what they are")),
	}
}

type getResponse struct {
	Accounts []Account   `json:"accounts"`
	Item     item.Object `json:"item"`
}

// Account is schema AccountIdentity: an account and its one owner.
type Account struct {
	plaid.Account
	Owners []plaid.Owner `json:"owners"`
}

// get reads the owners from the database on every call: unlike account numbers
// they are not asked for often enough to keep them in memory.
func (s *Identity) get(ctx context.Context, call api.Call, in item.AccountsRequest) (getResponse, error) {
	return s.told(ctx, s.items.With(call, in.AccessToken), in.Options.AccountIDs)
}

func (s *Identity) told(ctx context.Context, find item.Finder, ids []string) (getResponse, error) {
	return item.Steady(ctx, s.items, find, product, func(sn *item.Snapshot) (getResponse, error) { return s.of(ctx, sn, ids) })
}

// OfAccount is what /identity/get answers for one account, to whomever find lets in.
func (s *Identity) OfAccount(ctx context.Context, find item.Finder, accountID string) (Account, error) {
	out, err := s.told(ctx, find, []string{accountID})
	if err != nil {
		return Account{}, err
	}
	return out.Accounts[0], nil
}

func (s *Identity) of(ctx context.Context, sn *item.Snapshot, ids []string) (getResponse, error) {
	picked, err := sn.Pick(ids)
	if err != nil {
		return getResponse{}, err
	}
	owners, sn, err := s.Owners(ctx, sn)
	if err != nil {
		return getResponse{}, err
	}
	out := getResponse{Accounts: make([]Account, len(picked)), Item: sn.Object()}
	for i := range picked {
		out.Accounts[i] = Account{Account: picked[i].Object}
		if o, ok := owners[picked[i].ID]; ok {
			out.Accounts[i].Owners = []plaid.Owner{o}
		}
	}
	return out, nil
}

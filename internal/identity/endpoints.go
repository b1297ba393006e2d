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
		api.Post("/sandbox/identity/match/explain", s.explain, api.Sandbox(), api.Summary("Why the scores of /identity/match are what they are")),
	}
}

type getResponse struct {
	Accounts []account   `json:"accounts"`
	Item     item.Object `json:"item"`
}

// account is schema AccountIdentity: an account and its one owner.
type account struct {
	plaid.Account
	Owners []plaid.Owner `json:"owners"`
}

// get reads the owners from the database on every call: unlike account numbers
// they are not asked for often enough to keep them in memory.
func (s *Identity) get(ctx context.Context, call api.Call, in item.AccountsRequest) (getResponse, error) {
	return item.Steady(ctx, s.items, call, in.AccessToken, product, func(sn *item.Snapshot) (getResponse, error) { return s.of(ctx, sn, in) })
}

func (s *Identity) of(ctx context.Context, sn *item.Snapshot, in item.AccountsRequest) (getResponse, error) {
	picked, err := sn.Pick(in.Options.AccountIDs)
	if err != nil {
		return getResponse{}, err
	}
	owners, sn, err := s.Owners(ctx, sn)
	if err != nil {
		return getResponse{}, err
	}
	out := getResponse{Accounts: make([]account, len(picked)), Item: sn.Object()}
	for i := range picked {
		out.Accounts[i] = account{Account: picked[i].Object}
		if o, ok := owners[picked[i].ID]; ok {
			out.Accounts[i].Owners = []plaid.Owner{o}
		}
	}
	return out, nil
}

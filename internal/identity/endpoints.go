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

// answerKey is where the rendered answer for all accounts lies on a Snapshot.
type answerKey struct{}

type answer = api.Encoded[getResponse]

func (s *Identity) get(ctx context.Context, call api.Call, in item.AccountsRequest) (answer, error) {
	sn, err := s.items.Data(ctx, call, in.AccessToken, product)
	if err != nil {
		return answer{}, err
	}
	whole := in.Options.AccountIDs == nil
	if whole {
		if out, ok := item.Memo[answer](sn, answerKey{}); ok {
			return out, nil
		}
	}
	picked, err := sn.Pick(in.Options.AccountIDs)
	if err != nil {
		return answer{}, err
	}
	owners, sn, err := s.Owners(ctx, sn)
	if err != nil {
		return answer{}, err
	}
	out, err := render(sn, picked, owners)
	if err == nil && whole {
		item.Keep(sn, answerKey{}, out)
	}
	return out, err
}

func render(sn *item.Snapshot, picked []item.Account, owners map[string]plaid.Owner) (answer, error) {
	out := getResponse{Accounts: make([]account, len(picked)), Item: sn.Object()}
	for i := range picked {
		out.Accounts[i] = account{Account: picked[i].Object}
		if o, ok := owners[picked[i].ID]; ok {
			out.Accounts[i].Owners = []plaid.Owner{o}
		}
	}
	return api.Encode(&out)
}

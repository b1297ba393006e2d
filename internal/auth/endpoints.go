package auth

import (
	"context"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Endpoints are the paths this room answers.
func (a *Auth) Endpoints() []api.Endpoint {
	return []api.Endpoint{
		api.Post("/auth/get", a.get, api.Summary("Account numbers")),
		api.Post("/auth/verify", a.verify, api.Summary("Ask what is known of account numbers (Database Auth)")),
		api.Post("/sandbox/item/set_verification_status", a.setStatus, api.Sandbox(), api.Summary("Let Automated Micro-deposits end well, or expire")),
		api.Post("/sandbox/item/create_with_verification_status", a.create, api.Sandbox(), api.Summary("Make an Item whose account has a verification_status, by the calls that lead there")),
		api.Post("/sandbox/item/text_messages/get", a.textsGet, api.Sandbox(), api.Summary("Read the text messages about an Item's deposit that would have been sent")),
	}
}

type getResponse struct {
	Accounts []plaid.Account `json:"accounts"`
	Item     item.Object     `json:"item"`
	Numbers  Numbers         `json:"numbers"`
}

// answerKey is where the rendered answer for all accounts lies on a Snapshot.
type answerKey struct{}

type answer = api.Encoded[getResponse]

// get answers the accounts that have numbers, and only those
// (plaid-server-api.md section 7.1).
func (a *Auth) get(ctx context.Context, call api.Call, in item.AccountsRequest) (answer, error) {
	return item.Steady(ctx, a.items, a.items.With(call, in.AccessToken), product, func(sn *item.Snapshot) (answer, error) { return a.of(ctx, sn, in.Options.AccountIDs) })
}

func (a *Auth) of(ctx context.Context, sn *item.Snapshot, ids []string) (answer, error) {
	whole := ids == nil
	if whole {
		if out, ok := item.Memo[answer](sn, answerKey{}); ok {
			return out, nil
		}
	}
	told, sn, err := a.told(ctx, sn, ids)
	if err != nil {
		return answer{}, err
	}
	out, err := api.Encode(&told)
	if err == nil && whole {
		item.Keep(sn, answerKey{}, out)
	}
	return out, err
}

// told is the answer for some accounts, all of them when ids is nil, and the Item
// that it is about.
func (a *Auth) told(ctx context.Context, sn *item.Snapshot, ids []string) (getResponse, *item.Snapshot, error) {
	picked, err := sn.Pick(ids)
	if err != nil {
		return getResponse{}, nil, err
	}
	if !anyEligible(picked) {
		return getResponse{}, nil, plaid.NoAuthAccounts
	}
	if picked = slices.DeleteFunc(slices.Clone(picked), func(a item.Account) bool { return !a.Verification.Verified() }); !anyEligible(picked) {
		return getResponse{}, nil, plaid.ProductNotReady // deposits are under way, or never came
	}
	n, sn, err := a.Numbers(ctx, sn)
	if err == nil && slices.ContainsFunc(picked, isPending) {
		if sn, err = a.askAgain(ctx, sn, n); err == nil {
			picked, err = sn.Pick(ids)
		}
	}
	if err != nil {
		return getResponse{}, nil, err
	}
	out, err := render(sn, picked, n)
	return out, sn, err
}

// OfAccount is what /auth/get answers for one account, to whomever find lets in.
func (a *Auth) OfAccount(ctx context.Context, find item.Finder, accountID string) (plaid.Account, Numbers, error) {
	out, err := item.Steady(ctx, a.items, find, product, func(sn *item.Snapshot) (getResponse, error) {
		out, _, err := a.told(ctx, sn, []string{accountID})
		return out, err
	})
	if err != nil {
		return plaid.Account{}, Numbers{}, err
	}
	return out.Accounts[0], out.Numbers, nil
}

func anyEligible(accounts []item.Account) bool {
	for i := range accounts {
		if Eligible(&accounts[i]) {
			return true
		}
	}
	return false
}

func render(sn *item.Snapshot, picked []item.Account, n *Numbers) (getResponse, error) {
	out := getResponse{Item: sn.Object()}
	wanted := map[string]bool{}
	for i := range picked {
		if id := picked[i].ID; n.has(id) {
			wanted[id] = true
			out.Accounts = append(out.Accounts, picked[i].Object)
		}
	}
	if len(out.Accounts) == 0 {
		return getResponse{}, plaid.NoAuthAccounts
	}
	out.Numbers = n.of(wanted)
	return out, nil
}

package item

import (
	"context"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// AccountsRequest is the body of /accounts/get and of the calls that answer the
// same accounts with more: /auth/get and /identity/get.
type AccountsRequest struct {
	AccessToken string         `json:"access_token" required:"true"`
	Options     AccountOptions `json:"options"`
}

// AccountOptions choose accounts of the Item; no ids stand for all of them.
type AccountOptions struct {
	AccountIDs []string `json:"account_ids" min:"1" must:"be a non-empty array of valid account ids"`
}

// AccountsResponse is the answer of /accounts/get and /accounts/balance/get.
type AccountsResponse struct {
	Accounts []plaid.Account `json:"accounts"`
	Item     Object          `json:"item"`
}

// accountsAnswer is the answer of /accounts/get; for all accounts its bytes stay
// with the Snapshot, under accountsKey.
type accountsAnswer = api.Encoded[AccountsResponse]

type accountsKey struct{}

// accounts answers what was stored when the bank was last asked.
func (s *Items) accounts(ctx context.Context, call api.Call, in AccountsRequest) (accountsAnswer, error) {
	sn, err := s.Data(ctx, s.With(call, in.AccessToken), "")
	if err != nil {
		return accountsAnswer{}, err
	}
	whole := in.Options.AccountIDs == nil
	if whole {
		if out, ok := Memo[accountsAnswer](sn, accountsKey{}); ok {
			return out, nil
		}
	}
	picked, err := sn.Pick(in.Options.AccountIDs)
	if err != nil {
		return accountsAnswer{}, err
	}
	out, err := api.Encode(&AccountsResponse{Objects(picked), sn.Object()})
	if err == nil && whole {
		Keep(sn, accountsKey{}, out)
	}
	return out, err
}

type balanceRequest struct {
	AccessToken string         `json:"access_token" required:"true"`
	Options     balanceOptions `json:"options"`
}

type balanceOptions struct {
	AccountOptions
	MinLastUpdated *string `json:"min_last_updated_datetime" must:"be a string of the format 'YYYY-MM-DDTHH:mm:ssZ'"`
}

// balances asks the bank anew. Items made without a bank connection have nobody
// to ask (plaid-server-api.md section 3.3).
func (s *Items) balances(ctx context.Context, call api.Call, in balanceRequest) (AccountsResponse, error) {
	oldest, err := ParseMinLastUpdated(in.Options.MinLastUpdated)
	if err != nil {
		return AccountsResponse{}, err
	}
	return s.Balances(ctx, s.With(call, in.AccessToken), in.Options.AccountIDs, oldest)
}

// Balances asks the bank for the balances of some accounts, all of them when ids is
// nil. oldest is options.min_last_updated_datetime.
func (s *Items) Balances(ctx context.Context, find Finder, ids []string, oldest time.Time) (AccountsResponse, error) {
	return Steady(ctx, s, find, "", func(sn *Snapshot) (AccountsResponse, error) { return s.balancesOf(ctx, sn, ids, oldest) })
}

func (s *Items) balancesOf(ctx context.Context, sn *Snapshot, ids []string, oldest time.Time) (AccountsResponse, error) {
	if sn.Connector == "" {
		return AccountsResponse{}, plaid.ProductsNotSupported("balance")
	}
	picked, err := sn.Pick(ids)
	if err != nil {
		return AccountsResponse{}, err
	}
	if err := needsMinLastUpdated(sn, picked, oldest); err != nil {
		return AccountsResponse{}, err
	}
	if sn, err = s.refresh(ctx, sn); err != nil {
		return AccountsResponse{}, err
	}
	if picked, err = sn.Pick(ids); err != nil {
		return AccountsResponse{}, err // the bank has closed it meanwhile
	}
	if err := freshEnough(sn, picked, oldest); err != nil {
		return AccountsResponse{}, err
	}
	return AccountsResponse{Objects(picked), sn.Object()}, nil
}

// ParseMinLastUpdated reads options.min_last_updated_datetime; zero for none.
func ParseMinLastUpdated(sent *string) (time.Time, error) {
	if sent == nil {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, *sent)
	if err != nil {
		return time.Time{}, plaid.InvalidField("options.min_last_updated_datetime must be a string of the format 'YYYY-MM-DDTHH:mm:ssZ'")
	}
	return t, nil
}

// stale reports whether the bank has no balance of the moment for an account,
// so that its age matters: at Capital One, all but depository accounts (schema
// AccountsBalanceGetRequestOptions).
func stale(sn *Snapshot, a *Account) bool {
	return sn.InstitutionID == capitalOne && a.Type != "depository"
}

func needsMinLastUpdated(sn *Snapshot, picked []Account, oldest time.Time) error {
	for i := range picked {
		if oldest.IsZero() && stale(sn, &picked[i]) {
			return plaid.InvalidField("options.min_last_updated_datetime must be provided for non-depository accounts at this institution")
		}
	}
	return nil
}

func freshEnough(sn *Snapshot, picked []Account, oldest time.Time) error {
	for i := range picked {
		at := clock.FromMillis(picked[i].UpdatedAt)
		if stale(sn, &picked[i]) && at.Before(oldest) {
			return plaid.LastUpdatedOutOfRange(at.Format(time.RFC3339))
		}
	}
	return nil
}

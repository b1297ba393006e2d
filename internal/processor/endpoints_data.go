package processor

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/identity"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// The products that open each endpoint to a token that was narrowed. Those of
// processors are other names for the products whose data they hand on.
var (
	forNumbers = []string{"auth", "processor_payments"}
	forBalance = []string{"balance", "balance_plus"}
	forOwners  = []string{"identity", "processor_identity"}
	forMatch   = []string{"identity_match", "identity", "processor_identity"}
)

// accountResponse is schemas ProcessorAccountGetResponse and
// ProcessorBalanceGetResponse.
type accountResponse struct {
	Account plaid.Account `json:"account"`
	// InstitutionID is "" for an account that was added without a login.
	InstitutionID string `json:"institution_id"`
}

// account answers what was stored when the bank was last asked. It needs no product:
// every token has an account.
func (s *Processors) account(ctx context.Context, call api.Call, in tokenRequest) (out accountResponse, err error) {
	id, find, err := s.open(ctx, call, in.ProcessorToken)
	if err != nil {
		return out, err
	}
	sn, err := s.Items.Data(ctx, find, "")
	if err != nil {
		return out, err
	}
	picked, err := sn.Pick([]string{id})
	if err != nil {
		return out, err
	}
	return accountResponse{picked[0].Object, sn.InstitutionID}, nil
}

// numbers is schema ProcessorNumber: one of each kind, or none.
type numbers struct {
	ACH           *plaid.NumbersACH           `json:"ach"`
	EFT           *plaid.NumbersEFT           `json:"eft"`
	International *plaid.NumbersInternational `json:"international"`
	BACS          *plaid.NumbersBACS          `json:"bacs"`
}

type authResponse struct {
	Account plaid.Account `json:"account"`
	Numbers numbers       `json:"numbers"`
}

func (s *Processors) auth(ctx context.Context, call api.Call, in tokenRequest) (out authResponse, err error) {
	id, find, err := s.open(ctx, call, in.ProcessorToken, forNumbers...)
	if err != nil {
		return out, err
	}
	account, n, err := s.Auth.OfAccount(ctx, find, id)
	if err != nil {
		return out, err
	}
	return authResponse{account, numbers{first(n.ACH), first(n.EFT), first(n.International), first(n.BACS)}}, nil
}

// first is the only number of its kind that an account has, nil for none.
func first[T any](list []T) *T {
	if len(list) == 0 {
		return nil
	}
	return &list[0]
}

type balanceRequest struct {
	ProcessorToken string         `json:"processor_token" required:"true"`
	Options        balanceOptions `json:"options"`
}

type balanceOptions struct {
	MinLastUpdated *string `json:"min_last_updated_datetime" must:"be a string of the format 'YYYY-MM-DDTHH:mm:ssZ'"`
}

type balanceResponse struct {
	Account plaid.Account `json:"account"`
}

func (s *Processors) balance(ctx context.Context, call api.Call, in balanceRequest) (out balanceResponse, err error) {
	oldest, err := item.ParseMinLastUpdated(in.Options.MinLastUpdated)
	if err != nil {
		return out, err
	}
	id, find, err := s.open(ctx, call, in.ProcessorToken, forBalance...)
	if err != nil {
		return out, err
	}
	told, err := s.Items.Balances(ctx, find, []string{id}, oldest)
	if err != nil {
		return out, err
	}
	return balanceResponse{told.Accounts[0]}, nil
}

type identityResponse struct {
	Account identity.Account `json:"account"`
}

func (s *Processors) identity(ctx context.Context, call api.Call, in tokenRequest) (out identityResponse, err error) {
	id, find, err := s.open(ctx, call, in.ProcessorToken, forOwners...)
	if err != nil {
		return out, err
	}
	out.Account, err = s.Identity.OfAccount(ctx, find, id)
	return out, err
}

// matchRequest is schema ProcessorIdentityMatchRequest.
type matchRequest struct {
	ProcessorToken string         `json:"processor_token" required:"true"`
	User           *identity.User `json:"user" open:"true"`
}

type matchResponse struct {
	Account identity.MatchAccount `json:"account"`
}

func (s *Processors) match(ctx context.Context, call api.Call, in matchRequest) (out matchResponse, err error) {
	id, find, err := s.open(ctx, call, in.ProcessorToken, forMatch...)
	if err != nil {
		return out, err
	}
	out.Account, err = s.Identity.MatchAccount(ctx, find, in.User, id)
	return out, err
}

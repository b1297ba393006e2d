package processor

import (
	"context"
	"errors"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

type stripeResponse struct {
	Token string `json:"stripe_bank_account_token"`
}

// createStripe hands the numbers of an account to Stripe. A token that Stripe takes is
// Stripe's to make, so only the sandbox, whose Stripe is redeem, answers one.
func (s *Processors) createStripe(ctx context.Context, call api.Call, in accountRequest) (out stripeResponse, err error) {
	if s.Env != sandbox {
		return out, plaid.NotSupported("tokens of Stripe, which Stripe alone can make,")
	}
	sn, account, err := s.handed(ctx, call, in, plaid.Stripe)
	if err != nil {
		return out, err
	}
	_, n, err := s.Auth.OfAccount(ctx, s.Items.With(call, in.AccessToken), account.ID)
	if err != nil {
		return out, err
	}
	if len(n.ACH) == 0 {
		return out, plaid.ItemNotSupported // a bank account of Stripe by Plaid is an American one
	}
	out.Token = stripePrefix + strings.ReplaceAll(s.IDs.UUID(), "-", "")[:stripeLength]
	err = s.DB.Write(ctx, func(tx *store.Tx) error {
		return s.insert(ctx, tx, stripeToken, out.Token, grant{clientID: sn.ClientID, itemID: sn.ID, accountID: account.ID, processor: plaid.Stripe})
	})
	return out, err
}

// A token of Stripe's is btok_ and 24 letters and digits.
const (
	stripePrefix = "btok_"
	stripeLength = 24
)

type redeemRequest struct {
	Token string `json:"stripe_bank_account_token" required:"true"`
}

type redeemResponse struct {
	Account plaid.Account    `json:"account"`
	ACH     plaid.NumbersACH `json:"ach"`
}

var errNotRedeemable = plaid.InvalidField("stripe_bank_account_token must be one of this client that was not used yet")

// redeem is Stripe's side of a token, in the sandbox: what Stripe would get to know,
// once.
func (s *Processors) redeem(ctx context.Context, call api.Call, in redeemRequest) (out redeemResponse, err error) {
	g, err := s.read(ctx, s.Vault.Index(stripeToken, in.Token))
	if errors.Is(err, store.ErrNoRows) || err == nil && g.clientID != call.Caller.ClientID {
		err = errNotRedeemable
	}
	if err != nil {
		return out, err
	}
	account, n, err := s.Auth.OfAccount(ctx, func(ctx context.Context) (*item.Snapshot, error) { return s.Items.ByID(ctx, g.itemID) }, g.accountID)
	if err != nil {
		return out, err
	}
	if len(n.ACH) == 0 {
		return out, plaid.ItemNotSupported
	}
	first, err := s.use(ctx, g.index)
	if err != nil {
		return out, err
	}
	if !first {
		return out, errNotRedeemable
	}
	return redeemResponse{account, n.ACH[0]}, nil
}

package auth

import (
	"context"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// VerifyRequest is schema AuthVerifyRequest.
type VerifyRequest struct {
	LegalName *string       `json:"legal_name" max:"200"`
	Numbers   VerifyNumbers `json:"numbers" required:"true"`
}

// VerifyNumbers is schema AuthVerifyRequestNumbers.
type VerifyNumbers struct {
	ACH VerifyACH `json:"ach" required:"true"`
}

// VerifyACH is schema AuthVerifyNumbersACH.
type VerifyACH struct {
	Account string `json:"account" required:"true"`
	Routing string `json:"routing" required:"true"`
}

// VerifyAnswer is schema AuthVerifyResponse.
type VerifyAnswer struct {
	ItemID   *string                    `json:"item_id"` // null where no account can have the numbers
	Status   item.Verification          `json:"verification_status"`
	Insights plaid.VerificationInsights `json:"verification_insights"`
}

// verify asks the network about numbers that were not collected in Link, and makes
// an Item of them.
func (a *Auth) verify(ctx context.Context, call api.Call, in VerifyRequest) (VerifyAnswer, error) {
	if err := a.items.Authorized(ctx, call.Caller.ClientID, product); err != nil {
		return VerifyAnswer{}, err
	}
	if a.network == nil {
		return VerifyAnswer{}, plaid.NotSupported("/auth/verify")
	}
	routing, number, name := digits(in.Numbers.ACH.Routing), digits(in.Numbers.ACH.Account), ""
	if in.LegalName != nil {
		name = strings.TrimSpace(*in.LegalName)
	}
	o, err := a.judge(ctx, routing, number, name)
	if err != nil {
		return VerifyAnswer{}, err
	}
	if o.status == item.InsightsPending {
		return VerifyAnswer{}, plaid.InternalServerError // the network is silent: nothing is known
	}
	out := VerifyAnswer{Status: o.status, Insights: o.insights}
	if !o.possible {
		return out, nil
	}
	err = a.db.Write(ctx, func(tx *store.Tx) error {
		sn, err := a.items.Create(ctx, tx, item.NewItem{
			ClientID: call.Caller.ClientID, Products: []string{product}, AuthMethod: DatabaseInsights,
			Accounts: []institution.Account{typedAccount(checking, number)}, Verification: o.status, VerifiedName: name, Insights: &o.insights,
		})
		if err != nil {
			return err
		}
		out.ItemID = &sn.ID
		n := &Numbers{ACH: []plaid.NumbersACH{{AccountID: sn.Accounts[0].ID, Account: number, Routing: routing}}}
		return a.store(ctx, tx, sn.ID, n)
	})
	return out, err
}

// typedAccount is an account of which nothing but its number is known, and whether
// it is a checking or a savings account. Its name is the kind and the last digits, as
// the guide of Same Day Micro-deposits has it.
func typedAccount(subtype, number string) institution.Account {
	mask := number[max(0, len(number)-4):]
	return institution.Account{
		Ref: "typed", Name: strings.ToUpper(subtype[:1]) + subtype[1:] + "..." + mask, Mask: mask,
		Type: "depository", Subtype: subtype, Currency: "USD", Debitable: true,
	}
}

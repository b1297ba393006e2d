package auth

import (
	"context"
	"errors"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// DatabaseInsights is the auth_method of numbers about which a network was asked
// (Database Auth, link-web.md section 4.7).
const DatabaseInsights = "DATABASE_INSIGHTS"

// NameScore says how well two names fit, 0 to 100 (plaid-server-api.md section 8.3).
type NameScore func(said, held string) int

// WithNetwork lets a network be asked about account numbers, and compares the name of
// their holder. Call it before Typed.
func (a *Auth) WithNetwork(n institution.Network, score NameScore) *Auth {
	a.network, a.score = n, score
	return a
}

// opinion is what a network makes of account numbers.
type opinion struct {
	status   item.Verification
	insights plaid.VerificationInsights
	record   institution.Record
	// possible is false for what no account number can be.
	possible bool
}

// judge asks the network about account numbers and the name of their holder, "" for
// none. Numbers that no account can have fail without a question, and so do all that
// the network has nothing good to say of.
func (a *Auth) judge(ctx context.Context, routing, number, name string) (opinion, error) {
	o := opinion{status: item.InsightsFail, record: institution.Record{Format: institution.FormatUnknown}}
	switch {
	case !isAccountNumber(number):
		o.record.Format = institution.FormatInvalid
	case institution.IsRoutingNumber(routing):
		record, err := a.network.Lookup(ctx, routing, number)
		if errors.Is(err, institution.ErrNetworkSilent) {
			o.status, o.possible = item.InsightsPending, true
			return o, nil
		}
		if err != nil {
			return o, err
		}
		o.record, o.possible = record, true
	}
	switch r := o.record; {
	case r.Ended:
	case r.Recognized:
		o.status = item.InsightsPass
	case r.Format == institution.FormatValid && !r.Returned:
		o.status = item.InsightsCaution
	}
	o.insights = a.insightsOf(o.record, name)
	return o, nil
}

func isPending(a item.Account) bool { return a.Verification == item.InsightsPending }

// askAgain asks about the one account of an Item for which the network did not answer
// in Link: "the result is pending and will be available upon Auth request" (schema
// LinkSessionSuccessMetadataAccount). While it is silent the numbers are not ready.
func (a *Auth) askAgain(ctx context.Context, sn *item.Snapshot, n *Numbers) (*item.Snapshot, error) {
	account, ach := sn.Accounts[0], n.ACH[0]
	o, err := a.judge(ctx, ach.Routing, ach.Account, account.VerifiedName)
	if err != nil {
		return nil, err
	}
	if o.status == item.InsightsPending {
		return nil, plaid.ProductNotReady
	}
	err = a.db.Write(ctx, func(tx *store.Tx) error {
		_, err := a.items.SetInsights(ctx, tx, sn.ID, account.ID, o.status, o.insights)
		return err
	})
	if err != nil {
		return nil, err
	}
	return a.items.ByID(ctx, sn.ID)
}

// insightsOf words a record as verification_insights.
func (a *Auth) insightsOf(r institution.Record, name string) plaid.VerificationInsights {
	in := plaid.VerificationInsights{
		NetworkStatus:       plaid.NetworkStatus{HasNumbersMatch: r.Recognized, IsNumbersMatchVerified: r.Verified},
		PreviousReturns:     plaid.PreviousReturns{HasPreviousAdministrativeReturn: r.Returned},
		AccountNumberFormat: string(r.Format),
	}
	if name != "" && r.Recognized && len(r.Owners) > 0 {
		best := 0
		for _, owner := range r.Owners {
			best = max(best, a.score(name, owner))
		}
		in.NameMatchScore = &best
	}
	return in
}

func isAccountNumber(s string) bool {
	return onlyDigits(s) && len(s) >= minAccountDigits && len(s) <= maxAccountDigits
}

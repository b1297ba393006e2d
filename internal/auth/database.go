package auth

import (
	"context"
	"errors"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// DatabaseInsights is the auth_method of numbers about which a network was asked
// (Database Auth, link-web.md section 4.7).
const DatabaseInsights = "DATABASE_INSIGHTS"

// WithNetwork lets a network be asked about account numbers. Call it before Typed.
func (a *Auth) WithNetwork(n institution.Network) *Auth {
	a.network = n
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
	o.insights = insightsOf(o.record, name)
	return o, nil
}

// insightsOf words a record as verification_insights.
func insightsOf(r institution.Record, name string) plaid.VerificationInsights {
	in := plaid.VerificationInsights{
		NetworkStatus:       plaid.NetworkStatus{HasNumbersMatch: r.Recognized, IsNumbersMatchVerified: r.Verified},
		PreviousReturns:     plaid.PreviousReturns{HasPreviousAdministrativeReturn: r.Returned},
		AccountNumberFormat: string(r.Format),
	}
	if name != "" && r.Recognized && len(r.Owners) > 0 {
		score := nameScore(name, r.Owners)
		in.NameMatchScore = &score
	}
	return in
}

func isAccountNumber(s string) bool {
	return onlyDigits(s) && len(s) >= minAccountDigits && len(s) <= maxAccountDigits
}

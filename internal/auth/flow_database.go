package auth

import (
	"context"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// DatabaseMatch is the auth_method of numbers that a network knows under the name
// that was typed (deprecated upstream; link-web.md section 4.7).
const DatabaseMatch = "DATABASE_MATCH"

// goodName is the score from which two names are taken for one (link-web.md section
// 4.7: "possible").
const goodName = 70

// databaseMatch believes numbers that the network knows, with the name.
var databaseMatch = manual{
	method: DatabaseMatch,
	why:    "a network is asked whether it knows the numbers with the name (Database Match)",
	open: func(a *Auth, t link.Token) string {
		if reason := withoutLogin("Database Match", t); reason != "" {
			return reason
		}
		switch {
		case !t.Auth.DatabaseMatch:
			return "Database Match is switched off (auth.database_match_enabled)"
		case a.network == nil:
			return "Database Match has no network to ask"
		}
		return ""
	},
	judge:  (*Auth).matchNumbers,
	finish: nothingMore,
}

// databaseInsights asks what the network knows of the numbers, and leaves the client
// to decide about it.
var databaseInsights = manual{
	method: DatabaseInsights,
	why:    "a network is asked what it knows of the numbers (Database Auth)",
	open: func(a *Auth, t link.Token) string {
		if reason := withoutLogin("Database Auth", t); reason != "" {
			return reason
		}
		switch {
		case !t.Auth.DatabaseInsights:
			return "Database Auth is switched off (auth.database_insights_enabled, or database_auth of the customization)"
		case a.network == nil:
			return "Database Auth has no network to ask"
		}
		return ""
	},
	judge:  (*Auth).weighNumbers,
	finish: nothingMore,
}

func nothingMore(*Auth, context.Context, *store.Tx, *link.Visit, *item.Snapshot) error { return nil }

// oneForm reports whether a link token has people type everything at once: a network
// can only be asked about all of it.
func (a *Auth) oneForm(t link.Token) bool {
	return slices.ContainsFunc(manuals, func(m manual) bool { return m.judge != nil && m.open(a, t) == "" })
}

// formStep asks for everything at once.
func (a *Auth) formStep() link.Step {
	return link.Step{
		Pane: formPane, Check: a.checkForm, Do: a.takeForm, Loading: true,
		Next: link.Next{
			onward: link.Connected, onItsWay: link.InstantAuthorized, refusedForm: numbersForm, slowerKind: partKind, item.Stopped: link.Error,
		},
		Back: link.SelectInstitution, BackTo: item.Came,
	}
}

// checkForm refuses what cannot be numbers, or a routing number that no way takes.
func (a *Auth) checkForm(v *link.Visit) {
	checkRouting(v)
	checkAccount(v)
	if v.Token.User.LegalName == "" {
		checkHolder(v)
	}
	if routing := digits(v.Input.Field(routingField)); v.ProblemOf(routingField) == "" && !a.takesRouting(v, routing) {
		v.Problem(routingField, v.T("instant.unreached"))
	}
}

// takesRouting reports whether some way takes a routing number, and says why not.
func (a *Auth) takesRouting(v *link.Visit, routing string) bool {
	for _, m := range manuals {
		if a.closes(m, v.Token, routing) == "" {
			return true
		}
	}
	_, _ = a.decide(v, routing) // for its remarks
	return false
}

// closes says what closes a way for a routing number, "" for nothing.
func (a *Auth) closes(m manual, t link.Token, routing string) string {
	if reason := m.open(a, t); reason != "" || m.takes == nil {
		return reason
	}
	return m.takes(a, t, routing)
}

// takeForm keeps what was typed and tries the ways in their order: those that ask a
// network until one believes the numbers, then a deposit.
func (a *Auth) takeForm(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	t := item.TypingOf(v)
	t.Refused, t.Insights, t.Status = nil, nil, ""
	t.Routing, t.Account = digits(v.Input.Field(routingField)), digits(v.Input.Field(accountField))
	t.Name = v.Token.User.LegalName
	if t.Name == "" {
		t.Name = clipped(v.Input.Field(nameField))
	}
	v.Emit(link.EventSubmitRouting, func(m *link.EventMetadata) { m.RoutingNumber = t.Routing })
	v.Emit(link.EventSubmitAccount, func(m *link.EventMetadata) { m.AccountNumberMask = maskOf(t.Account) })
	item.TypedAccount(v, typedAccount(checking, t.Account))
	asked := false
	for _, m := range manuals {
		if reason := a.closes(m, v.Token, t.Routing); reason != "" {
			if m.judge == nil { // who wants Database Auth and cannot have it is told so with the link token
				v.Explain("%s is not taken: %s", m.method, reason)
			}
			continue
		}
		v.Explain("%s: %s", m.method, m.why)
		t.Method, t.Status = m.method, m.status
		if m.judge == nil {
			return a.payFor(ctx, v, m)
		}
		asked = true
		if believed, err := m.judge(a, ctx, v); err != nil || believed {
			return onward, err
		}
	}
	t.Method, t.Status = "", ""
	if !asked {
		return a.slowDown(v), nil // cannot be: the form was refused
	}
	return item.HaltSaying(v, link.Trouble{Title: "numbers.unverified.title", Lead: "numbers.unverified.lead"}), nil
}

// payFor goes on with a deposit.
func (a *Auth) payFor(ctx context.Context, v *link.Visit, m manual) (link.Outcome, error) {
	if m.method == InstantDeposit {
		return a.sendInstant(ctx, v)
	}
	return slowerKind, nil
}

// matchNumbers believes numbers that the network has under the routing number and a
// name that fits.
func (a *Auth) matchNumbers(ctx context.Context, v *link.Visit) (bool, error) {
	t := item.TypingOf(v)
	o, err := a.judge(ctx, t.Routing, t.Account, t.Name)
	if err != nil {
		return false, err
	}
	score := o.insights.NameMatchScore
	switch {
	case o.status == item.InsightsPending:
		v.Explain("Database Match: the network does not answer")
	case o.status != item.InsightsPass || o.record.Routing != t.Routing:
		v.Explain("Database Match: the network does not know the account number under the routing number, or knows that the account has ended")
	case score == nil || *score < goodName:
		v.Explain("Database Match: the network knows the numbers under another name")
	default:
		t.Status = item.DatabaseMatched
		return true, nil
	}
	return false, nil
}

// weighNumbers takes what the network says, as far as the customization of the client
// has it accepted.
func (a *Auth) weighNumbers(ctx context.Context, v *link.Visit) (bool, error) {
	t := item.TypingOf(v)
	o, err := a.judge(ctx, t.Routing, t.Account, t.Name)
	if err != nil {
		return false, err
	}
	rule := v.Token.Custom.DatabaseAuth
	if rule == "" {
		rule = acceptCaution
	}
	if !accepts(rule, o.status) {
		v.Explain("Database Auth: the network says %s, which does not do (%s)", o.status, rule)
		return false, nil
	}
	v.Explain("Database Auth: the network says %s", o.status)
	t.Status = o.status
	if o.status != item.InsightsPending {
		t.Insights = &o.insights
	}
	return true, nil
}

// What Database Auth has to say for an account to be connected: team.Settings.DatabaseAuth.
const (
	acceptPass    = "pass"
	acceptCaution = "pass_with_caution"
	acceptAny     = "any"
)

// accepts reports whether a rule lets a status do. A network that does not answer is
// asked again later, whatever the rule: link-web.md section 4.7, "result not ready".
func accepts(rule string, status item.Verification) bool {
	switch status {
	case item.InsightsPass, item.InsightsPending:
		return true
	case item.InsightsCaution:
		return rule != acceptPass
	}
	return rule == acceptAny
}

// sampleFor are numbers that the sandbox takes for a session, and the name with them.
func (a *Auth) sampleFor(v *link.Visit) (sample institution.ACH, name string) {
	t := item.TypingOf(v)
	switch {
	case v.Memory.Institution != nil:
		return institution.ACH{Routing: a.instantRouting(v.Memory.Institution.ID), Account: sampleAccount}, sampleName
	case t.Form:
		return institution.ACH{Routing: sampleRouting, Account: knownAccount}, knownName
	}
	return institution.ACH{Routing: sampleRouting, Account: sampleAccount}, sampleName
}

// instantRouting is a routing number of a bank that instant payments reach, "" for
// none.
func (a *Auth) instantRouting(institutionID string) string {
	in, _ := a.reach.Get(institutionID)
	i := slices.IndexFunc(in.RoutingNumbers, func(r string) bool { return a.reach.InstantRail(r) != "" })
	if i < 0 {
		return ""
	}
	return in.RoutingNumbers[i]
}

// The documented account of Database Auth that passes, and the name of its owner
// (plaid-server-api.md section 11.6).
const (
	knownAccount = "1111222233331111"
	knownName    = "John Smith"
)

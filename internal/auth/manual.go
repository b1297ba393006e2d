package auth

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// manual is one way to believe the numbers of a person who has not logged in. Its
// file is flow_<method>.go. Which of them a session takes is decided by the routing
// number (decide), after which the panes are the same in each: account number,
// name, kind of account, authorization.
type manual struct {
	method string
	// open says what stands in the way of it for a token, "" for nothing.
	open func(*Auth, link.Token) string
	// upgrades says that it takes the place of another way where it can, and is no
	// reason by itself to offer that numbers are typed.
	upgrades bool
	// takes says why it cannot be taken with a routing number, "" if it can; nil
	// takes any.
	takes func(a *Auth, t link.Token, routing string) string
	// why is what the developer is told of a session that takes it.
	why string
	// judge, if set, says at once whether numbers and name are believed, and keeps as
	// what: such a way is one of those where everything is typed on one pane.
	judge func(a *Auth, ctx context.Context, v *link.Visit) (believed bool, err error)
	// status is what the account begins with.
	status item.Verification
	// next is the view after the authorization, of those in steps.
	next  link.View
	steps func(*Auth) map[link.View]link.Step
	// finish does what the way needs, in the transaction that makes the Item.
	finish func(a *Auth, ctx context.Context, tx *store.Tx, v *link.Visit, sn *item.Snapshot) error
}

// manuals are in the order in which they are tried.
var manuals = []manual{databaseMatch, databaseInsights, instantDeposits, sameDay}

// The parts of NUMBERS for a person who has not logged in.
const (
	partRouting   link.View = "NUMBERS.routing"
	partAccount   link.View = "NUMBERS.account"
	partHolder    link.View = "NUMBERS.holder"
	partKind      link.View = "NUMBERS.kind"
	partAuthorize link.View = "NUMBERS.authorize"
)

// Their outcomes.
const (
	onward   link.Outcome = "onward"
	noHolder link.Outcome = "no holder" // the name is known already
	rerouted link.Outcome = "rerouted"  // to the bank of the routing number
)

// Manual is how accounts are connected whose people do not log in.
func (a *Auth) manual() *item.Manual {
	return &item.Manual{
		Open: a.openManual, Begin: a.beginManual, Start: partRouting, Onward: partAccount,
		Form: numbersForm, OneForm: a.oneForm, AtBank: a.openAtBank,
	}
}

// manualBy is the way of an auth_method.
func manualBy(method string) (manual, bool) {
	for _, m := range manuals {
		if m.method == method {
			return m, true
		}
	}
	return manual{}, false
}

// openManual reports whether a person may type numbers instead of logging in.
func (a *Auth) openManual(t link.Token) (open bool, why string) {
	var closed []string
	for _, m := range manuals {
		if m.upgrades {
			continue
		}
		reason := m.open(a, t)
		if reason == "" {
			return true, "the person types account numbers instead of logging in: " + m.why
		}
		closed = append(closed, reason)
	}
	return false, "numbers cannot be typed instead of a login: " + strings.Join(closed, "; ")
}

// withoutLogin is what every way without a login asks of a token (seed 001; link-web.md
// section 6).
func withoutLogin(name string, t link.Token) string {
	switch {
	case !t.USOnly():
		return fmt.Sprintf(`%s need country_codes to be ["US"] and nothing else, and they are [%s]`, name, strings.Join(t.CountryCodes, ", "))
	case !t.HasProduct("auth") && !t.HasProduct("transfer"):
		return name + " need auth or transfer among the products"
	case t.MultiItem:
		return name + " are not possible in a session of several Items"
	case t.UpdateMode():
		return name + " make a new Item, and the link token is for update mode"
	}
	for _, p := range t.Products {
		if p != "auth" && p != "transfer" {
			return fmt.Sprintf("%s need auth or transfer to be the only product in products, and %s is there too", name, p)
		}
	}
	return ""
}

// beginManual prepares the first pane.
func (a *Auth) beginManual(v *link.Visit) error {
	if v.Sandbox {
		t := item.TypingOf(v)
		t.Sample, t.SampleName = a.sampleFor(v)
	}
	return nil
}

// The documented numbers of Same Day Micro-deposits in the sandbox (link-web.md
// section 5), and the name of its person.
const (
	sampleRouting = "110000000"
	sampleAccount = "1111222233330000"
	sampleName    = "Alberta Bobbeth Charleson"
)

// decide chooses the way of a session by the routing number, and says why none of
// those before it was taken.
func (a *Auth) decide(v *link.Visit, routing string) (manual, bool) {
	for _, m := range manuals {
		if m.judge != nil {
			continue // asked where everything is typed at once
		}
		reason := a.closes(m, v.Token, routing)
		if reason == "" {
			v.Explain("%s: %s", m.method, m.why)
			return m, true
		}
		v.Explain("%s is not taken: %s", m.method, reason)
	}
	return manual{}, false
}

// manualSteps are the parts of NUMBERS and what follows each way's authorization.
func (a *Auth) manualSteps() map[link.View]link.Step {
	part := func(s link.Step) link.Step {
		s.Of, s.Status, s.Guarded = link.Numbers, "requires_credentials", true
		return s
	}
	steps := map[link.View]link.Step{
		partRouting: part(link.Step{
			Pane: typedRoutingPane, Check: checkRouting, Do: a.takeRouting,
			Next: link.Next{onward: partAccount, rerouted: link.NumbersBank},
			Back: link.SelectInstitution, BackTo: item.Came,
		}),
		partAccount: part(link.Step{
			Pane: typedAccountPane, Check: checkTypedAccount, Do: a.takeAccount,
			Next: link.Next{onward: partHolder, noHolder: partKind},
			Back: partRouting,
		}),
		partHolder: part(link.Step{
			Pane: typedHolderPane, Check: checkHolder, Do: a.takeHolder,
			Next: link.Next{onward: partKind},
			Back: partAccount,
		}),
		partKind: part(link.Step{
			Pane: typedKindPane, Check: checkKind, Do: a.takeKind,
			Next: link.Next{onward: partAuthorize},
			Back: partAccount, BackTo: func(v *link.Visit) link.View {
				switch {
				case item.TypingOf(v).Form:
					return numbersForm
				case v.Token.User.LegalName == "":
					return partHolder
				}
				return ""
			},
		}),
	}
	authorize := part(link.Step{
		Pane: authorizePane, Do: a.authorize, Loading: true, Direct: link.Outcome(SameDay),
		Next: link.Next{onItsWay: link.InstantAuthorized, refused: partAccount, slower: partAuthorize, item.Stopped: link.Error},
		Back: partKind,
	})
	for _, m := range manuals {
		if m.steps == nil {
			continue
		}
		authorize.Next[link.Outcome(m.method)] = m.next
		maps.Copy(steps, m.steps(a))
	}
	steps[partAuthorize], steps[numbersForm] = authorize, part(a.formStep())
	return steps
}

// takeRouting keeps the routing number, and asks those whose bank takes logins
// whether they would rather log in.
func (a *Auth) takeRouting(_ context.Context, v *link.Visit) (link.Outcome, error) {
	t, routing := item.TypingOf(v), digits(v.Input.Field(routingField))
	m, ok := a.decide(v, routing)
	if !ok || !a.items.KnowsRouting(routing) {
		v.Problem(routingField, v.T("manual.routing_unknown"))
		return onward, nil
	}
	v.Emit(link.EventSubmitRouting, func(m *link.EventMetadata) { m.RoutingNumber = routing })
	t.Routing = routing
	t.Method, t.Status = m.method, m.status
	if a.items.Reroute(v, routing) {
		return rerouted, nil
	}
	return onward, nil
}

// takeAccount keeps the account number.
func (a *Auth) takeAccount(_ context.Context, v *link.Visit) (link.Outcome, error) {
	t := item.TypingOf(v)
	t.Refused = nil
	t.Account = digits(v.Input.Field(accountField))
	v.Emit(link.EventSubmitAccount, func(m *link.EventMetadata) { m.AccountNumberMask = maskOf(t.Account) })
	if v.Token.User.LegalName != "" {
		v.Explain("the name on the account is not asked for, as user.legal_name says it")
		t.Name = v.Token.User.LegalName
		return noHolder, nil
	}
	return onward, nil
}

// maskOf is the account_number_mask of an event, "" where it would be the whole
// number (link-web.md section 2.1).
func maskOf(number string) string {
	if len(number) <= 4 {
		return ""
	}
	return number[len(number)-4:]
}

// maxName is how much of a name is kept: more than any network carries.
const maxName = 100

func (a *Auth) takeHolder(_ context.Context, v *link.Visit) (link.Outcome, error) {
	item.TypingOf(v).Name = clipped(v.Input.Field(nameField))
	return onward, nil
}

// clipped is a name as it is kept.
func clipped(name string) string {
	runes := []rune(strings.TrimSpace(name))
	return string(runes[:min(len(runes), maxName)])
}

func (a *Auth) takeKind(_ context.Context, v *link.Visit) (link.Outcome, error) {
	t := item.TypingOf(v)
	t.Savings = v.Input.Field(kindField) == savings
	item.TypedAccount(v, typedAccount(v.Input.Field(kindField), t.Account))
	return onward, nil
}

// authorize goes where the way leads that was decided for.
func (a *Auth) authorize(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	item.TypingOf(v).Refused = nil
	if item.TypingOf(v).Method == InstantDeposit {
		return a.sendInstant(ctx, v)
	}
	return link.Outcome(item.TypingOf(v).Method), nil
}

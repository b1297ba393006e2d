package item

import (
	"context"
	"errors"
	"maps"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Typed is the way to account numbers at banks that give none to a login: the
// person types those of one account, and another room finds out whether they are
// right. The connect flow has its panes after the choice of the account, and knows
// nothing of how the numbers are looked at.
type Typed struct {
	// Open reports whether a link token may have an account at a bank in this way,
	// and why or why not: words for the developer.
	Open func(link.Token, institution.Institution) (open bool, why string)
	// Begin prepares the first pane, once the person has chosen an account.
	Begin func(context.Context, *link.Visit) error
	// Start is the first view of Steps. They may lead to CONNECTED, ERROR and
	// SELECT_ACCOUNT of the connect flow too.
	Start link.View
	Steps map[link.View]link.Step
	// Finish keeps the numbers, in the transaction that makes the Item.
	Finish func(context.Context, *store.Tx, *link.Visit, *Snapshot) error
	// Manual is the way without a login, nil where there is none.
	Manual *Manual
}

// Manual is the way to an account whose person does not log in: they type its
// numbers instead of choosing a bank ("Link with account numbers", link-web.md
// section 4.6). The Item has no institution.
type Manual struct {
	// Open reports whether a link token has the way, and why or why not: words for
	// the developer.
	Open func(link.Token) (open bool, why string)
	// Begin prepares Start.
	Begin func(*link.Visit) error
	// Start is the first view, one of Typed.Steps. It asks for the routing number,
	// and leads to NUMBERS_SELECT_INSTITUTION after Reroute. Onward is where a
	// person goes on who does not want to log in there.
	Start, Onward link.View
	// Form is one pane with everything on it: the start where OneForm says so, and at
	// banks whose accounts are had without a login (AtBank, which also says why or why
	// not).
	Form    link.View
	OneForm func(link.Token) bool
	AtBank  func(link.Token, institution.Institution) (open bool, why string)
}

// Typing is what a session keeps of typed numbers, sealed with it, until the Item
// has them.
type Typing struct {
	// Method is the auth_method of the Item, "" until the numbers are believed.
	Method  string `json:"method,omitempty"`
	Routing string `json:"routing,omitempty"`
	Account string `json:"account,omitempty"`
	Name    string `json:"name,omitempty"` // of the holder, where a deposit needs it
	// Status is the verification_status that the account will have.
	Status Verification `json:"status,omitempty"`
	// Manual says that the person has not logged in. Savings is the kind of account
	// that they say it is, Phone where they want a message about the deposit.
	Manual  bool   `json:"manual,omitempty"`
	Savings bool   `json:"savings,omitempty"`
	Phone   string `json:"phone,omitempty"`
	// Form says that everything was typed on one pane, AccountID is the account_id that
	// a deposit has been made for, and Left how many codes may still be tried.
	Form      bool   `json:"form,omitempty"`
	AccountID string `json:"account_id,omitempty"`
	Left      int    `json:"left,omitempty"`
	// Insights are what a network knows of the numbers.
	Insights *plaid.VerificationInsights `json:"insights,omitempty"`
	// Wrong counts the forms that were refused. Refused are the keys of the sentences
	// that refuse the last one, by field.
	Wrong   int               `json:"wrong,omitempty"`
	Refused map[string]string `json:"refused,omitempty"`
	// Sample are numbers that a simulated bank takes, for the sandbox strip.
	Sample institution.ACH `json:"sample,omitzero"`
	// SampleName is a name that goes with them.
	SampleName string `json:"sample_name,omitempty"`
}

// OfferTyped lets people connect accounts by typed numbers. Call it before
// ConnectFlow.
func (s *Items) OfferTyped(t Typed) { s.typed = &t }

// Prospect is the account that a session is about to connect, with what is needed
// to ask its bank.
type Prospect struct {
	Institution institution.Institution
	Connector   institution.Connector
	Grant       institution.Grant
	Account     institution.Account
	Typing      *Typing
}

// Prospect is the one account that the person has chosen, in a session whose
// numbers are typed after a login.
func (s *Items) Prospect(v *link.Visit) (Prospect, error) {
	st := connectOf(v)
	if v.Memory.Institution == nil {
		return Prospect{}, errors.New("item: no institution was chosen")
	}
	in, _ := s.catalogue.Get(v.Memory.Institution.ID)
	conn, err := s.connector(in.Connector)
	p := Prospect{Institution: in, Connector: conn, Grant: st.Grant, Typing: st.Typing}
	if picked := st.picked(); len(picked) > 0 {
		p.Account = picked[0]
	}
	return p, err
}

// TypingOf is what a session keeps of typed numbers, nil where the login brings
// them.
func TypingOf(v *link.Visit) *Typing { return connectOf(v).Typing }

// Chosen is the account that the person has chosen to type the numbers of.
func Chosen(v *link.Visit) institution.Account {
	if picked := connectOf(v).picked(); len(picked) > 0 {
		return picked[0]
	}
	return institution.Account{}
}

// Stopped is the outcome of a step after Halt. It leads to ERROR.
const Stopped = stopped

// Halt stops at the ERROR pane of an error. The ways on are those that the connect
// flow has for it, or another bank.
func Halt(v *link.Visit, e *plaid.Error) link.Outcome {
	outcome, _ := halt(v, e, link.Trouble{}) // its error is always nil
	return outcome
}

// HaltSaying stops at an ERROR pane with words of its own. An error that it tells of
// is recorded by the caller.
func HaltSaying(v *link.Visit, t link.Trouble) link.Outcome {
	outcome, _ := halt(v, nil, t) // its error is always nil
	return outcome
}

// HaltFor stops for what a bank refused.
func (s *Items) HaltFor(v *link.Visit, f *institution.Failure) link.Outcome {
	outcome, _ := haltFor(v, f, "") // its error is always nil
	return outcome
}

// opensTyped reports whether an account at a bank can be had by typed numbers, and
// why or why not.
func (s *Items) opensTyped(t link.Token, in institution.Institution) (open bool, why string) {
	if s.typed == nil {
		return false, "numbers cannot be typed here"
	}
	return s.typed.Open(t, in)
}

// chooseAccounts keeps what the person has chosen and goes on to its numbers, where
// they are typed.
func (c *connect) chooseAccounts(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	outcome, err := choose(ctx, v)
	if err != nil || outcome != goOn || connectOf(v).Typing == nil || len(connectOf(v).Picked) == 0 {
		return outcome, err
	}
	if err := c.items.typed.Begin(ctx, v); err != nil {
		return c.failed(v, err)
	}
	return toNumbers, nil
}

// failed is the outcome of an error that a bank may have given.
func (c *connect) failed(v *link.Visit, err error) (link.Outcome, error) {
	var f *institution.Failure
	if errors.As(err, &f) {
		return c.refused(v, f, nil)
	}
	return "", err
}

// withTyped merges the panes of typed numbers into the steps of the connect flow.
func (c *connect) withTyped(steps map[link.View]link.Step) {
	if c.items.typed == nil {
		return
	}
	maps.Copy(steps, c.items.typed.Steps)
	c.withManual(steps)
	choice := steps[link.SelectAccount]
	choice.Next[toNumbers], choice.Direct = c.items.typed.Start, toNumbers
	steps[link.SelectAccount] = choice
}

// typedMethod is how the numbers were earned, "" where the bank hands them out.
func (st *connectState) typedMethod() string {
	if st.Typing == nil {
		return ""
	}
	return st.Typing.Method
}

// verification is what the accounts begin with.
func (st *connectState) verification() Verification {
	if st.Typing == nil {
		return ""
	}
	return st.Typing.Status
}

// sayPending says on the last pane that an account is still to be verified, and
// what the person has to do for it.
func sayPending(v *link.Visit, s *link.Screen) {
	switch connectOf(v).verification() {
	case PendingAutomatic:
		s.Title, s.Lead = v.T("connected.pending_title"), v.T("connected.pending_lead", "app", v.App())
	case PendingManual:
		s.Title, s.Lead = v.T("connected.pending_title"), v.T("connected.manual_lead", "app", v.App())
	}
}

// sayingPending is a last pane that knows of accounts that are still to be
// verified.
func sayingPending(last link.Step) link.Step {
	last.Pane = last.Pane.With(sayPending)
	return last
}

// accountSelect is how many accounts the person may share: one alone, where they
// type its numbers ("the user can verify only a single account", seed 001).
func (st *connectState) accountSelect(t link.Token) link.AccountSelect {
	if st.Typing != nil {
		return link.SelectSingle
	}
	return t.AccountSelect
}

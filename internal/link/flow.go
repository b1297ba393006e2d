package link

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/store"
)

// View names a pane: the view_name of its TRANSITION_VIEW event (link-web.md
// section 2.3).
type View string

// The views of the flows so far.
const (
	Consent           View = "CONSENT"
	SelectInstitution View = "SELECT_INSTITUTION"
	Credential        View = "CREDENTIAL"
	MFA               View = "MFA"
	Recaptcha         View = "RECAPTCHA"
	OAuth             View = "OAUTH"
	Loading           View = "LOADING"
	SelectAccount     View = "SELECT_ACCOUNT"
	SelectAuthType    View = "SELECT_AUTH_TYPE"
	Numbers           View = "NUMBERS"
	NumbersBank       View = "NUMBERS_SELECT_INSTITUTION"
	SameDayCode       View = "SAME_DAY_MICRODEPOSIT_VERIFICATION"
	SameDayAuthorized View = "SAME_DAY_MICRODEPOSIT_AUTHORIZED"
	InstantAuthorized View = "INSTANT_MICRODEPOSIT_AUTHORIZED"
	InstantCode       View = "INSTANT_MICRODEPOSIT_VERIFICATION"
	Connected         View = "CONNECTED"
	// IdentityMatchBlock says that an account is not held by the person whom the app
	// expects.
	IdentityMatchBlock View = "IDENTITY_MATCH_BLOCK"
	// UploadDocuments takes files, SubmitDocuments shows them once more, and the two
	// others say what came of it (link-web.md section 4.16).
	UploadDocuments    View = "UPLOAD_DOCUMENTS"
	SubmitDocuments    View = "SUBMIT_DOCUMENTS"
	DocumentsSubmitted View = "SUBMIT_DOCUMENTS_SUCCESS"
	DocumentsRefused   View = "SUBMIT_DOCUMENTS_ERROR"
	Error              View = "ERROR"
	Exit               View = "EXIT"
)

// The two ends of a flow, and the view itself. They are targets like views but
// have no pane of their own.
const (
	// Here leaves the person on the pane, which is drawn anew: no TRANSITION_VIEW
	// is told. A repeated press finds that the pane has another number.
	Here View = "(here)"

	// Handoff ends the session well: Flow.Finish runs, then onSuccess.
	Handoff View = "(handoff)"
	// Leave ends the session without a result: onExit.
	Leave View = "(leave)"
)

// Outcome is what a step found out. The flow, not the step, says where it leads.
type Outcome string

// Interrupted is the outcome that the machine itself gives a step that called
// the bank and never came back, because its process ended. Every step with Once
// has a target for it.
const Interrupted Outcome = "interrupted"

// Next maps each outcome of a step to the view that follows.
type Next map[Outcome]View

// Flow is one way through Link, as data. Functions look at one step only; the
// machine stores the session after each, emits the events, and handles back,
// exit, expiry and replays.
type Flow struct {
	Name string
	// Offered reports whether the flow serves sessions of this token. Flows are
	// asked in the order in which the Engine has them.
	Offered func(Token) bool
	Start   View
	// Open, if set, says where a session begins, which may be elsewhere than at
	// Start, and prepares it. It runs before the session is stored; the event OPEN
	// is told first, then the transition to the view. Handoff ends the session well
	// at once, where nothing is left to do. A *Refused refuses the session.
	Open func(context.Context, *Visit) (View, error)
	// Embedded is the view, Embedded by name, at which sessions begin whose bank is
	// chosen in the host's page; it leads to Start. "" where none do.
	Embedded View
	Steps    map[View]Step
	// State returns a pointer to an empty value of what the flow keeps between
	// steps. It is stored sealed, as JSON: a bank's grant may be in it, what the
	// person typed at a bank may not.
	State func() any
	// Finish makes what the session was for, in the transaction that ends the
	// session or stores the step (Step.Makes), so that nothing is made twice. It takes out of the state
	// what it has handed on; Abandon gives back the rest. It may run again when
	// the database asks for it, on the state as it was. A *plaid.Error ends the
	// session without a result.
	Finish func(context.Context, *store.Tx, *Visit) (Success, error)
	// Abandon gives back what a session held at the bank when it ends without a
	// result. It may run more than once.
	Abandon func(context.Context, *Visit) error
	// Holds reports whether Abandon has something to do.
	Holds func(*Visit) bool
	// Verifies says that sessions of the flow verify a person (link-web.md section
	// 4.17). Such a flow tells events of its own: neither TRANSITION_VIEW nor HANDOFF
	// is told, and no exit_status. It is not bound to the life of the link token nor
	// to its language, and leads to no public token.
	Verifies bool
	// Closing, if set, is told before a session ends, in whichever way.
	Closing EventName
	// Instead is a way on that the exit confirmation offers to whoever is about to
	// leave; nil for none.
	Instead *Instead
}

// Instead is another way to what the session is for.
type Instead struct {
	Label string // the key of its words
	// Offered reports whether the session, as it is now, has the way.
	Offered func(*Visit) bool
	// Do says which view follows, one of To, and prepares it.
	Do func(context.Context, *Visit) (View, error)
	To []View
}

// told is the view that events and panes name for a step.
func (f Flow) told(v View) View {
	if of := f.Steps[v].Of; of != "" {
		return of
	}
	return v
}

// Step is one view of a flow: how it is drawn and what happens when the person
// goes on.
type Step struct {
	Pane *Pane
	// Of is the view that the step is a part of, where a view has several panes
	// (link-web.md section 4.6, UI order): whoever goes from one part to another
	// stays in the view, so that no event tells of it. "" for a view of its own.
	Of View
	// Status is the exit_status of a session that ends here (link-web.md
	// section 1.6). That of MFA follows from its kind, and Trouble may have its own.
	Status string
	// Actions are the actions that Do understands; {"submit"} when empty.
	Actions []string
	// Check refuses incomplete input through Visit.Problem. Nothing is stored
	// and no event emitted: the pane is shown again.
	Check func(*Visit)
	// Submit is the event that records that the person went on, "" for none.
	Submit EventName
	// Loading makes the LOADING view stand between this step and the next, unless
	// its outcome is Direct.
	Loading bool
	Direct  Outcome
	// Once claims the session, in a transaction of its own, before Do runs: a
	// second press never reaches the bank twice, on no node. It needs Loading.
	Once bool
	// Guess says that the bank judges in Do who somebody is. So many at a time may ask
	// it with one link token as it has wrong logins left (MaxWrong). It needs Once.
	Guess bool
	// Do does the work of the step, outside any transaction. An error is trouble
	// of ours, not of the person or the bank.
	Do   func(context.Context, *Visit) (Outcome, error)
	Next Next
	// Makes is the outcome with which the session makes a result (Flow.Finish, in
	// the transaction of the step) and goes on to the view that Next names, for a
	// flow of several results; "" for none. The last is made on the way to Handoff.
	Makes Outcome
	// Withholds is the outcome with which the session makes a result of which its
	// callbacks say nothing: there is no HANDOFF and no onSuccess for it, and
	// /link/token/get has it (plaid-server-api.md section 5.4).
	Withholds Outcome
	// Back is the view that the back button leads to, "" for no button; BackTo says
	// so where it depends on the way that the person came.
	Back   View
	BackTo func(*Visit) View
	// Guarded asks before the pane is closed, though no institution is chosen.
	Guarded bool
	// Leaving is the outcome that closing the pane has, where it is not an exit:
	// once the account is connected, every unforced way out is a success.
	Leaving Outcome
	// Enter runs whenever the view is about to be shown.
	Enter func(*Visit)
	// Undo forgets what the view had begun: it runs on the way back and after an
	// interruption.
	Undo func(*Visit)
	// Return goes on with what the bank sent a person back with to whom the step
	// said Visit.Depart, once. The answers are those of the address, as they came.
	Return func(ctx context.Context, v *Visit, answers map[string]string) (Outcome, error)
	// Watch finds out, for a person who waits, whether something has happened elsewhere:
	// "" leaves the pane as it is.
	Watch func(context.Context, *Visit) (Outcome, error)
	// Play does in the sandbox what a person would do on the pages of the bank, and
	// answers the address that they come back to.
	Play func(ctx context.Context, v *Visit, in Play) (string, error)
	// Retry is the way on that the ERROR pane offers after an interruption: Again
	// for "".
	Retry Outcome
	// Asides are actions that leave the person on the pane, such as a search.
	Asides map[string]Aside
	// Has reports whether the pane, as it is now, has an action or an aside; nil when
	// it always has them all.
	Has func(v *Visit, action string) bool
}

// Aside does something beside the steps of a flow. A Fragment changes a part of
// the pane; nil means that the pane is drawn anew.
type Aside func(context.Context, *Visit) (*Fragment, error)

// aside is the aside of an action, nil if the pane has none of that name now.
func (s Step) aside(v *Visit, action string) Aside {
	if s.Has != nil && !s.Has(v, action) {
		return nil
	}
	return s.Asides[action]
}

// offers reports whether Do understands an action on the pane as it is now.
func (s Step) offers(v *Visit, action string) bool {
	return s.takes(action) && (s.Has == nil || s.Has(v, action))
}

// takes reports whether Do understands an action.
func (s Step) takes(action string) bool {
	if len(s.Actions) == 0 {
		return action == ActionSubmit
	}
	return slices.Contains(s.Actions, action)
}

// Validate reports every way in which the data of a flow does not hold together.
func (f Flow) Validate() error {
	var errs []error
	bad := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("link: flow %s: "+format, append([]any{f.Name}, args...)...))
	}
	if f.Name == "" || f.Offered == nil || f.State == nil || f.Finish == nil {
		bad("Name, Offered, State and Finish are needed")
	}
	if _, ok := f.Steps[f.Start]; !ok {
		bad("it starts at %s, which is no step of it", f.Start)
	}
	if s, ok := f.Steps[f.Embedded]; f.Embedded != "" && (!ok || s.Asides[ActionSearch] == nil || !s.takes(ActionPick)) {
		bad("embedded sessions start at %s, which is no step that searches and picks", f.Embedded)
	}
	if (f.Abandon == nil) != (f.Holds == nil) {
		bad("Abandon and Holds come together")
	}
	if i := f.Instead; i != nil && (i.Offered == nil || i.Do == nil || len(i.To) == 0 || slices.ContainsFunc(i.To, func(v View) bool { return f.Steps[v].Pane == nil })) {
		bad("Instead needs Offered, Do and views to lead to")
	}
	for view, s := range f.Steps {
		if s.Pane == nil || s.Do == nil || len(s.Next) == 0 {
			bad("%s lacks a pane, a function or a way on", view)
		}
		if s.Guess && !s.Once {
			bad("%s is a Guess and not Once", view)
		}
		if s.Once && (!s.Loading || s.Next[Interrupted] == "") {
			bad("%s runs once: it needs Loading and a target for %q", view, Interrupted)
		}
		if _, ok := s.Next[s.Leaving]; s.Leaving != "" && !ok {
			bad("leaving %s is outcome %q, which leads nowhere", view, s.Leaving)
		}
		if _, ok := f.Steps[s.Next[s.Makes]]; s.Makes != "" && !ok {
			bad("%s makes a result and goes on with outcome %q, which leads to no view", view, s.Makes)
		}
		if _, ok := f.Steps[s.Next[s.Withholds]]; s.Withholds != "" && !ok {
			bad("%s withholds a result and goes on with outcome %q, which leads to no view", view, s.Withholds)
		}
		if s.Return != nil && s.Next[Interrupted] == "" {
			bad("a return to %s runs once: it needs a target for %q", view, Interrupted)
		}
		if retry := cmp.Or(s.Retry, Again); s.Next[Interrupted] == Error && f.Steps[Error].Next[retry] == "" {
			bad("%s may be interrupted: ERROR needs a target for %q", view, retry)
		}
		for outcome, to := range s.Next {
			if !f.isTarget(to) {
				bad("%s leads from outcome %q to %s, which does not exist", view, outcome, to)
			}
		}
		if s.BackTo != nil && s.Back == "" {
			bad("%s leads back by BackTo and needs a Back for when it has nothing to say", view)
		}
		if _, ok := f.Steps[s.Back]; s.Back != "" && !ok {
			bad("%s goes back to %s, which does not exist", view, s.Back)
		}
		if !f.endsFrom(view) {
			bad("no way leads from %s to an end", view)
		}
	}
	return errors.Join(append(errs, f.wording()...)...)
}

func (f Flow) isTarget(v View) bool {
	_, ok := f.Steps[v]
	return ok || v == Handoff || v == Leave || v == Here
}

// endsFrom reports whether some way leads from a view to an end.
func (f Flow) endsFrom(start View) bool {
	seen, todo := map[View]bool{start: true}, []View{start}
	for len(todo) > 0 {
		view := todo[0]
		todo = todo[1:]
		for _, to := range f.Steps[view].Next {
			if to == Handoff || to == Leave {
				return true
			}
			if !seen[to] {
				seen[to] = true
				todo = append(todo, to)
			}
		}
	}
	return false
}

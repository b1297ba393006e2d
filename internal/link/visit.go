package link

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/web"
)

// What a person may do on a pane, as the frame and the headless driver say it.
const (
	ActionSubmit = "submit" // the form, with its fields
	ActionPick   = "pick"   // one of a list, by value
	ActionSearch = "search" // what was typed so far, as value
	ActionBack   = "back"
	ActionStay   = "stay"  // close the exit confirmation
	ActionLeave  = "leave" // confirm the exit
	// ActionInstead takes another way on from the exit confirmation.
	ActionInstead = "instead"
	ActionLook    = "look"   // see what has become of the session
	ActionClosed  = "closed" // the bank's window was closed
	ActionFailed  = "failed" // the bank's window leads nowhere, or the bank waits no longer
	ActionUpload  = "upload" // a file
	ActionRemove  = "remove" // one that was uploaded, by its value
)

// Input is what a person did on a pane. It lives for one request: nothing of it
// is stored unless a step puts it into its state.
type Input struct {
	Action string
	Value  string
	Fields map[string][]string
	File   *File // with ActionUpload
}

// File is a file that a person uploads. What its name says counts for nothing.
type File struct {
	Name string
	Data []byte
}

// MaxFile is the size of the largest file, in bytes.
const MaxFile = 10 << 20

// Field returns the value of a form field, "" when it was left empty.
func (in Input) Field(name string) string {
	if v := in.Fields[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// Visit is one request to a session: what a step and a pane see and change. The
// machine stores the changes afterwards, or none of them.
type Visit struct {
	*Session
	// State is what Flow.State returned, filled with what was stored.
	State any
	Input Input
	// Sandbox is true where the panes may say which inputs work.
	Sandbox bool
	// RequestID is the id of this request.
	RequestID string
	// PrivacyURL is where the privacy notice is, "" for none.
	PrivacyURL string
	// ReturnURL is where a bank sends people back to from pages of its own, ""
	// where nobody can come back.
	ReturnURL string
	// HostedURL is the page of Hosted Link that the link token has, "" for none.
	HostedURL string

	flow      Flow
	words     web.Texter
	problems  map[string]string
	staged    []EventRecord // not stored yet
	remarks   []Remark      // not stored yet
	told      []EventRecord // stored by this request
	explained []Remark      // stored by this request
	seq       int64         // as read
	stored    int64         // events as read
	made      int           // results, as read
	held      bool          // Holds, as read
	spent     func(context.Context) (bool, error)
	departs   bool // Memory.Away is new
	browser   bool // what was done was done in Link's frame
	guesses   bool // the claim that is stored is of a Step.Guess
	crowded   bool // and found no room among the others
	atOnce    bool // Flow.Open found nothing left to do

	stateIndex func(state string) string
	setOut     func() string // a new page of this server to set out for a bank from
}

// T returns the words of a key in the session's language.
func (v *Visit) T(key string, args ...string) string { return v.words(key, args...) }

// App is the name of the client's app as Link shows it.
func (v *Visit) App() string { return v.Token.DisplayName() }

// Bank is the name of the chosen institution, "" for none.
func (v *Visit) Bank() string {
	if v.Memory.Institution == nil {
		return ""
	}
	return v.Memory.Institution.Name
}

// Choose makes an institution the one that the session is about; nil for none.
func (v *Visit) Choose(i *Institution) { v.Memory.Institution = i }

// Emit records that something happened. more fills in what the event says
// beyond the keys that all have.
func (v *Visit) Emit(name EventName, more ...func(*EventMetadata)) {
	m := EventMetadata{RequestID: v.RequestID}
	if i := v.Memory.Institution; i != nil {
		m.InstitutionID, m.InstitutionName = i.ID, i.Name
	}
	for _, f := range more {
		f(&m)
	}
	v.staged = append(v.staged, EventRecord{Name: string(name), Metadata: m})
}

// Fail records an error that the person met. It is the error of onExit should
// they leave (link-web.md section 1.6).
func (v *Visit) Fail(e *plaid.Error) {
	v.Memory.LastError = e
	v.Emit(EventError, func(m *EventMetadata) { m.about(e) })
}

// Stop says what the ERROR pane will tell; the step's outcome must lead there.
func (v *Visit) Stop(t Trouble) {
	t.RequestID = v.RequestID
	v.Memory.Trouble = &t
}

// Problem refuses a field of the input with a sentence for the person. The name
// "" is the pane as a whole.
func (v *Visit) Problem(field, sentence string) {
	if v.problems == nil {
		v.problems = map[string]string{}
	}
	v.problems[field] = sentence
}

// Refused reports whether the step has refused what was typed.
func (v *Visit) Refused() bool { return len(v.problems) > 0 }

// ProblemOf returns the sentence that refuses a field, "" when it is fine.
func (v *Visit) ProblemOf(field string) string { return v.problems[field] }

// WrongCredentials counts one more login that the bank refused and reports
// whether the link token is used up by it: "too many" wrong ones end the token
// (errors of link tokens, INVALID_LINK_TOKEN). It counts over all sessions of
// the token.
func (v *Visit) WrongCredentials(ctx context.Context) (spent bool, err error) {
	v.wrong++
	if spent, err = v.spent(ctx); spent {
		v.Explain("this was wrong login number %d with the link token, which ends it", MaxWrong)
	}
	return spent, err
}

// Spent reports whether wrong logins, in whichever session, have ended the link
// token. A login asks before it takes one more: sessions that were opened earlier
// would otherwise have a try each.
func (v *Visit) Spent(ctx context.Context) (bool, error) {
	spent, err := v.spent(ctx)
	if spent {
		v.Explain("%d logins with the link token were wrong, which ended it: this one was not tried", MaxWrong)
	}
	return spent, err
}

// status is the exit_status of a session that is left now (link-web.md section
// 1.6).
func (v *Visit) status() string {
	view := v.place()
	switch {
	case view == MFA:
		return mfaStatus[v.Memory.MFAType]
	case view == Error && v.Memory.Trouble != nil && v.Memory.Trouble.Status != "":
		return v.Memory.Trouble.Status
	}
	return v.flow.Steps[view].Status
}

// back is the view that the back button leads to now, "" for no button.
func (v *Visit) back() View {
	step := v.flow.Steps[v.View]
	if step.BackTo != nil {
		if to := step.BackTo(v); to != "" {
			return to
		}
	}
	return step.Back
}

// canGoBack reports whether the pane has a way back. Once a session has made
// something, none leads to where it began.
func (v *Visit) canGoBack() bool {
	back := v.back()
	return back != "" && !v.nothingLeft() && (back != v.flow.Start || len(v.result.Made) == 0)
}

// offers lists what a person may do on the pane.
func (v *Visit) offers() []string {
	step := v.flow.Steps[v.View]
	list := slices.Clone(step.Actions)
	if len(list) == 0 {
		list = []string{ActionSubmit}
	}
	list = slices.DeleteFunc(list, func(action string) bool { return !step.offers(v, action) })
	if v.canGoBack() {
		list = append(list, ActionBack)
	}
	for name := range step.Asides {
		if step.aside(v, name) != nil {
			list = append(list, name)
		}
	}
	if v.instead() {
		list = append(list, ActionInstead)
	}
	if v.screen().Data != nil {
		list = append(list, ActionDataTypes)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// instead reports whether the exit confirmation is open and offers another way.
func (v *Visit) instead() bool {
	i := v.flow.Instead
	return v.Memory.Sheet && i != nil && i.Offered(v)
}

// untouched reports whether the person has done nothing that an exit would lose.
func (v *Visit) untouched() bool {
	return v.Seq == 1 || v.Memory.Institution == nil && !v.flow.Steps[v.View].Guarded
}

// nothingLeft reports whether an ERROR pane offers nothing but to leave.
func (v *Visit) nothingLeft() bool {
	t := v.Memory.Trouble
	return v.View == Error && t != nil && len(t.Ways) == 1 && v.flow.Steps[Error].Next[t.Ways[0].Outcome] == Leave
}

// warns reports whether an ERROR pane lets the person go on with the same bank.
func (v *Visit) warns() bool {
	t := v.Memory.Trouble
	if v.View != Error || t == nil || t.Code != "" || len(t.Ways) == 0 {
		return false
	}
	to := v.flow.Steps[Error].Next[t.Ways[0].Outcome]
	return to != SelectInstitution && to != Leave
}

// mfaStatus is the exit_status of each kind of MFA pane.
var mfaStatus = map[string]string{
	"code": "requires_code", "device": "choose_device",
	"questions": "requires_questions", "selections": "requires_selections",
}

// enter makes a view the one that the person sees, and says so.
func (v *Visit) enter(to View) {
	if prepare := v.flow.Steps[to].Enter; prepare != nil {
		prepare(v)
	}
	if name := v.flow.told(to); !v.flow.Verifies && (to == v.View || name != v.flow.told(v.View)) {
		v.Emit(EventTransitionView, func(m *EventMetadata) {
			m.ViewName = string(name)
			m.ViewVariant = v.Memory.Variant
			if to == MFA {
				m.MFAType = v.Memory.MFAType
			}
		})
	}
	v.Memory.Variant = ""
	if t := v.Memory.Trouble; to == Error && t != nil && len(v.remarks)+len(v.explained) == 0 {
		v.Explain("Link stops here: %s", cmp.Or(t.Code, t.Title)) // no dead end is without a remark
	}
	v.View, v.Memory.From, v.Memory.Sheet = to, "", false
	v.alight()
	if to != Error {
		v.Memory.Trouble = nil
	}
}

// opens begins a session where its flow says.
func (v *Visit) opens(ctx context.Context) error {
	first := v.flow.Start
	asked := v.flow.Open != nil && v.View != Embedded
	if asked {
		var err error
		if first, err = v.flow.Open(ctx, v); err != nil {
			return err
		}
	}
	atOnce := first == Handoff
	if atOnce {
		first = v.flow.Start
	}
	since := v.staged
	v.staged = nil
	v.Emit(EventOpen, func(m *EventMetadata) {
		if !v.flow.Verifies {
			m.ViewName = string(v.flow.told(first))
		}
	})
	v.staged = append(v.staged, since...)
	if asked && !atOnce {
		v.enter(first)
	}
	v.atOnce = atOnce
	return nil
}

// load fills State from what is stored.
func (v *Visit) load() error {
	v.State = v.flow.State()
	if len(v.Memory.Flow) > 0 {
		if err := json.Unmarshal(v.Memory.Flow, v.State); err != nil {
			return fmt.Errorf("link: state of flow %s: %w", v.flow.Name, err)
		}
	}
	v.held = v.holds()
	return nil
}

// keep puts State where it is stored.
func (v *Visit) keep() error {
	raw, err := json.Marshal(v.State)
	if err != nil {
		return fmt.Errorf("link: state of flow %s: %w", v.flow.Name, err)
	}
	v.Memory.Flow, v.Memory.RequestID = raw, v.RequestID
	return nil
}

func (v *Visit) holds() bool { return v.flow.Holds != nil && v.flow.Holds(v) }

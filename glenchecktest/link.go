package glenchecktest

import "strings"

// Link goes through Link as a person in a browser would: the same panes, the same
// events, the same results (docs/headless.md).
type Link struct{ s *Server }

// Person is what a person knows and wants, for Complete. They confirm what asks for
// nothing, and leave where the bank refuses them. A zero field is not given.
type Person struct {
	Institution string `json:"institution_id,omitempty"` // such as ins_109508
	Username    string `json:"username,omitempty"`
	Password    string `json:"password,omitempty"`
	// OAuth is what they decide on the pages of a bank that has its own: allow,
	// unless given, deny, error, close or timeout.
	OAuth string `json:"oauth,omitempty"`
	// Device is where the bank sends its code, MFA the answers to what it asks, in
	// the order of its questions.
	Device string   `json:"device,omitempty"`
	MFA    []string `json:"mfa,omitempty"`
	// Accounts are those that they share; unless given, those that the pane has
	// chosen.
	Accounts *Accounts `json:"accounts,omitempty"`
	// RoutingNumber and AccountNumber are what they type where no login brings
	// account numbers, AccountSubtype is checking, unless given, or savings, and Name
	// is the holder.
	RoutingNumber  string `json:"routing_number,omitempty"`
	AccountNumber  string `json:"account_number,omitempty"`
	AccountSubtype string `json:"account_subtype,omitempty"`
	Name           string `json:"name,omitempty"`
	// Code is what they have read in the description of a deposit.
	Code string `json:"code,omitempty"`
	// Phone is the number of somebody who was here before, OTP the code that goes
	// there.
	Phone string `json:"phone,omitempty"`
	OTP   string `json:"otp,omitempty"`
	// ExitAt is the view at which they leave; with Force the app closes Link.
	ExitAt string `json:"exit_at,omitempty"`
	Force  bool   `json:"force,omitempty"`
	// Fields are the values of other fields, by name.
	Fields map[string]any `json:"fields,omitempty"`
	// More are further banks, where the link token lets a person link several.
	More []Person `json:"more,omitempty"`
}

// Accounts says which accounts a person shares: all, or those that one of the
// lists names.
type Accounts struct {
	All      bool     `json:"all,omitempty"`
	Masks    []string `json:"masks,omitempty"`
	Subtypes []string `json:"subtypes,omitempty"`
	Names    []string `json:"names,omitempty"`
}

// UserGood is the published person of the sandbox, at First Platypus Bank, who
// shares every account. Change what your test is about.
func UserGood() Person {
	return Person{Institution: "ins_109508", Username: "user_good", Password: "pass_good", Accounts: &Accounts{All: true}}
}

// Session is one opening of Link.
type Session struct {
	// ID is its link_session_id, Handle what the levers /sandbox/link/session/* take.
	ID, Handle string
	// Pane is what the person sees; nil once the session has ended.
	Pane *Pane
	// Events are what onEvent is told, all of them so far, and Remarks why Link did
	// what it did, where that is not obvious.
	Events  []Event
	Remarks []string
	// Done is how it ended, nil while it goes on.
	Done *Done

	link *Link
}

// Pane is what a person sees.
type Pane struct {
	View    string   // such as CREDENTIAL; EXIT while Link asks whether to leave
	Title   string   // in the session's language
	Fields  []Field  // what Submit takes
	Choices []Choice // what Do("pick", …) takes
	Actions []string // what Do takes
	// Hint are values that work here, by the name of the field.
	Hint map[string]string
	// ExitStatus is what leaving from here would report.
	ExitStatus string `json:"exit_status"`
}

// Field is one field of a form. Error is why its last value was refused.
type Field struct {
	Name, Label, Kind, Error string
	Options                  []Choice
}

// Choice is one thing to choose.
type Choice struct {
	Value, Label, Detail, Mask, Subtype string
}

// Event is what onEvent is told.
type Event struct {
	Name     string         `json:"event_name"`
	Metadata map[string]any `json:"metadata"`
}

// String is the event's name and, after a space, what says most about it:
// "TRANSITION_VIEW CREDENTIAL".
func (e Event) String() string {
	for _, key := range []string{"mfa_type", "view_name", "exit_status", "error_code"} {
		if text, _ := e.Metadata[key].(string); text != "" {
			return e.Name + " " + text
		}
	}
	return e.Name
}

// Done is how a session ended: the arguments of onSuccess or of onExit.
type Done struct {
	Success     bool
	PublicToken string // of onSuccess; empty for several Items
	Error       *Error // of onExit, if there was one
	Metadata    map[string]any
}

// Complete lets a person go through all of Link with a link token. It is an error
// if a pane asks for what they do not know, and none if they end without linking
// anything: Done tells.
func (l *Link) Complete(linkToken string, p Person) (*Session, error) {
	s := &Session{link: l}
	return s, s.turn("/sandbox/link/session/complete", map[string]any{"link_token": linkToken, "inputs": p})
}

// Until lets a person go as far as a view, such as SELECT_ACCOUNT, to go on from
// there step by step.
func (l *Link) Until(view, linkToken string, p Person) (*Session, error) {
	s := &Session{link: l}
	return s, s.turn("/sandbox/link/session/complete", map[string]any{"link_token": linkToken, "inputs": p, "stop_at": view})
}

// Open opens Link, to go on step by step.
func (l *Link) Open(linkToken string) (*Session, error) {
	s := &Session{link: l}
	return s, s.turn("/sandbox/link/session/open", map[string]any{"link_token": linkToken})
}

// Submit is the pane's main button, with values for its fields.
func (s *Session) Submit(fields map[string]any) error {
	in := map[string]any{"session": s.Handle, "action": "submit"}
	if len(fields) > 0 {
		in["fields"] = fields
	}
	return s.turn("/sandbox/link/session/step", in)
}

// Do is one of the pane's actions: pick and search take a value, back and most
// others none.
func (s *Session) Do(action, value string) error {
	return s.turn("/sandbox/link/session/step", map[string]any{"session": s.Handle, "action": action, "value": value})
}

// Exit closes Link: as a person does, who may be asked whether they mean it (then
// Do("leave", "") is the answer), or with force as the app does, at once.
func (s *Session) Exit(force bool) error {
	return s.turn("/sandbox/link/session/exit", map[string]any{"session": s.Handle, "force": force})
}

// Story is the session's events in one line each, for a comparison or a message.
func (s *Session) Story() string {
	lines := make([]string, len(s.Events))
	for i, e := range s.Events {
		lines[i] = e.String()
	}
	return strings.Join(lines, "\n")
}

// turn makes a call of the driver and takes over what came of it.
func (s *Session) turn(path string, in any) error {
	var out turn
	if err := s.link.s.Call(path, in, &out); err != nil {
		return err
	}
	if out.SessionID != "" {
		s.ID = out.SessionID
	}
	if out.Session != "" {
		s.Handle = out.Session
	}
	s.Events = append(s.Events, out.Events...)
	for _, r := range out.Remarks {
		s.Remarks = append(s.Remarks, r.Text)
	}
	s.Pane = nil
	if out.Inner != nil { // complete tells of a session that goes on in a member of its own
		s.Pane = out.Inner
	} else if out.View != "" {
		s.Pane = &out.Pane
	}
	if d := out.Done; d != nil {
		s.Pane, s.Done = nil, &Done{Success: d.Kind == "success", PublicToken: d.PublicToken, Error: d.Error, Metadata: d.Metadata}
	}
	return nil
}

type turn struct {
	Session   string
	SessionID string `json:"link_session_id"`
	Pane
	Inner   *Pane `json:"pane"`
	Events  []Event
	Remarks []struct{ Text string }
	Done    *struct {
		Kind        string
		PublicToken string `json:"public_token"`
		Error       *Error
		Metadata    map[string]any
	}
}

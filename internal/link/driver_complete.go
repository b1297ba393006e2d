package link

import (
	"cmp"
	"context"
	"errors"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// CompleteRequest is the request of /sandbox/link/session/complete: what the
// person knows and wants (Inputs), or exactly what they do (Steps).
type CompleteRequest struct {
	LinkToken string        `json:"link_token" required:"true" max:"200"`
	Inputs    *ScriptInputs `json:"inputs"`
	Steps     []ScriptStep  `json:"steps" max:"100"`
	// StopAt leaves the session at a view, for others to go on with.
	StopAt View `json:"stop_at" max:"50"`
}

// ScriptInputs is what a person knows and wants. Panes that ask for nothing else
// are confirmed; the person gives up where an input of theirs was refused.
type ScriptInputs struct {
	ScriptLogin
	// More are further banks, where the link token lets the person link several.
	More []ScriptLogin `json:"more" max:"20"`
	// Phone is the telephone number of a person who has been here before, OTP the
	// code that goes there. Without a number that pane is skipped.
	Phone string `json:"phone" max:"40"`
	OTP   string `json:"otp" max:"20"`
	// Code is what the person has read in the description of a deposit.
	Code string `json:"code" max:"20"`
	// Documents are the files that the person uploads, in this order. Without any they
	// use the test documents of a sandbox, where a pane offers them, which are theirs and
	// good but for DocumentFault.
	Documents     []ScriptFile `json:"documents" max:"20"`
	DocumentFault string       `json:"document_fault" max:"40"`
	// SelfieFault is what is wrong with the test selfie of a person who has handed in all
	// of their documents.
	SelfieFault string `json:"selfie_fault" max:"40"`
	// ExitAt is the view at which the person leaves; with Force the app closes Link.
	ExitAt View `json:"exit_at" max:"50"`
	Force  bool `json:"force"`
}

// ScriptLogin is what a person knows at one bank, and what they share of it.
type ScriptLogin struct {
	InstitutionID string `json:"institution_id" max:"100"`
	Username      string `json:"username" max:"500"`
	Password      string `json:"password" max:"60000"` // holds the configuration of a custom user
	// Device is where the bank sends its code: the value or label of an option. By
	// default it is the one that the pane has chosen.
	Device string `json:"device" max:"500"`
	// MFA are the answers to what the bank asks, in the order of its questions.
	MFA      []string        `json:"mfa" max:"100"`
	Accounts *ScriptAccounts `json:"accounts"`
	// RoutingNumber and AccountNumber are what the person types where a bank gives
	// no account numbers to a login, or, without an institution_id, instead of a
	// login. AccountSubtype is checking, by default, or savings.
	RoutingNumber  string `json:"routing_number" max:"40"`
	AccountNumber  string `json:"account_number" max:"40"`
	AccountSubtype string `json:"account_subtype" max:"40"`
	// Name is the holder of the account, where a deposit goes there.
	Name string `json:"name" max:"200"`
	// OAuth is what the person decides on the pages of the bank, where it has such:
	// to allow, by default.
	OAuth string `json:"oauth" enum:"allow,deny,error,close,timeout"`
	// Fields are the values of other fields, by name.
	Fields map[string]api.Raw `json:"fields"`
}

// ScriptAccounts says which accounts the person shares: all, or those that one of
// the lists names. By default they are those that the pane has chosen.
type ScriptAccounts struct {
	All      bool     `json:"all"`
	Masks    []string `json:"masks" max:"100"`
	Subtypes []string `json:"subtypes" max:"100"`
	Names    []string `json:"names" max:"100"`
}

// ScriptStep is one thing that a person does. Action is submit when it is left
// out; "exit" closes Link, with value "force" as the app does it; "bank" goes to
// the pages of the bank, with the decision as value, and username, password and
// account (masks) as fields. View, if given, is where the session must be.
type ScriptStep struct {
	View   View               `json:"view" max:"50"`
	Action string             `json:"action" max:"50"`
	Value  string             `json:"value" max:"500"`
	Fields map[string]api.Raw `json:"fields"`
	// File is what action "upload" uploads.
	File *ScriptFile `json:"file"`
}

// CompleteAnswer is the answer of /sandbox/link/session/complete. Session and
// Pane are there while the session has not ended.
type CompleteAnswer struct {
	LinkSessionID string        `json:"link_session_id"`
	Session       string        `json:"session,omitempty"`
	Panes         []ScriptPane  `json:"panes"` // in the order in which they were passed
	Events        []Event       `json:"events"`
	Remarks       []remarkOut   `json:"remarks"`
	Pane          *DriverAnswer `json:"pane,omitempty"`
	Done          *Done         `json:"done,omitempty"`
	// CompletionRedirectURI is where a Hosted Link page would lead now.
	CompletionRedirectURI string `json:"completion_redirect_uri,omitempty"`
}

// ScriptPane is a pane that was passed, and what was done there.
type ScriptPane struct {
	View   View   `json:"view"`
	Seq    int64  `json:"seq"`
	Title  string `json:"title"`
	Action string `json:"action"`
}

var errScript = plaid.InvalidField("either inputs or steps must be given")

// maxScript bounds the steps of a script: no way through Link is that long.
const maxScript = 120

// actionBank does what a person would do on the pages of the bank. The value is
// the decision; username, password and account, by mask, are fields.
const actionBank = "bank"

// actionExit closes Link in a script.
const actionExit = "exit"

// forceValue makes it a forced exit.
const forceValue = "force"

// Complete answers /sandbox/link/session/complete: a session from its beginning
// to its end in one call, by the same machine as every other.
func (d *Driver) Complete(ctx context.Context, call api.Call, in CompleteRequest) (CompleteAnswer, error) {
	if (in.Inputs == nil) == (in.Steps == nil) {
		return CompleteAnswer{}, errScript
	}
	if in.StopAt != "" && !d.sessions.has(in.StopAt) {
		return CompleteAnswer{}, plaid.InvalidField("stop_at must be a view of a flow of Link")
	}
	if in.Inputs != nil && in.Inputs.ExitAt != "" && !d.sessions.has(in.Inputs.ExitAt) {
		return CompleteAnswer{}, plaid.InvalidField("inputs.exit_at must be a view of a flow of Link")
	}
	s := &script{sessions: d.sessions, call: call, stopAt: in.StopAt}
	next := s.exact(in.Steps)
	if in.Inputs != nil {
		next = s.friendly(in.Inputs)
	}
	err := s.play(ctx, in.LinkToken, next)
	if err != nil {
		return CompleteAnswer{}, s.refused(ctx, err)
	}
	return s.answer()
}

// has reports whether some flow has a view.
func (s *Sessions) has(view View) bool {
	for _, f := range s.flows {
		if _, ok := f.Steps[view]; ok {
			return true
		}
	}
	return false
}

// script is a session that goes on by itself.
type script struct {
	sessions *Sessions
	call     api.Call
	stopAt   View
	handle   string
	turn     Turn
	out      CompleteAnswer
	done     int // steps
}

// move is what is done on a pane; stop means nothing more.
type move struct {
	step ScriptStep
	stop bool
}

// play opens a session and does what next says until the session has ended or
// nothing is left to do.
func (s *script) play(ctx context.Context, token string, next func() (move, error)) error {
	turn, err := s.sessions.Open(ctx, s.call.RequestID, OpenRequest{LinkToken: token, ClientID: s.call.Caller.ClientID})
	if err != nil {
		return err
	}
	s.handle = turn.Handle
	s.took(turn)
	for range maxScript {
		if turn.Done == nil && s.stopAt != "" && s.view() == s.stopAt {
			return nil
		}
		m, err := next()
		if err != nil || m.stop {
			return err
		}
		s.out.Panes = append(s.out.Panes, s.pane(m.step))
		if turn, err = s.do(ctx, m.step); err != nil {
			return s.at(err)
		}
		s.took(turn)
		s.done++
	}
	return s.complaint("this was step %d, and the session has not ended", maxScript)
}

// do does one step. Each has a request of its own, as if it came from outside.
func (s *script) do(ctx context.Context, step ScriptStep) (Turn, error) {
	id := s.sessions.cfg.IDs.RequestID()
	if step.Action == actionExit {
		return s.sessions.Exit(ctx, id, ExitRequest{Handle: s.handle, ClientID: s.call.Caller.ClientID, Force: step.Value == forceValue})
	}
	input, err := inputOf(step.Action, step.Value, step.Fields)
	if err != nil {
		return Turn{}, err
	}
	if input.File, err = step.File.file(); err != nil {
		return Turn{}, err
	}
	if step.Action == actionBank {
		turn, _, err := s.sessions.Play(ctx, id, s.handle, s.call.Caller.ClientID, Play{
			Decision: Decision(cmp.Or(step.Value, string(Allow))), Username: input.Field("username"), Password: input.Field("password"), Accounts: input.Fields["account"],
		})
		return turn, err
	}
	return s.sessions.Step(ctx, id, StepRequest{Handle: s.handle, ClientID: s.call.Caller.ClientID, AnySeq: true, Input: input})
}

func (s *script) took(turn Turn) {
	s.turn = turn
	s.out.LinkSessionID = turn.Session.Told()
	s.out.Events = append(s.out.Events, turn.webEvents()...)
	s.out.Remarks = append(s.out.Remarks, remarksOut(turn.Remarks)...)
}

// screen is what the person sees, nil when the session has ended.
func (s *script) screen() *Screen {
	if s.turn.Sheet != nil {
		return s.turn.Sheet
	}
	return s.turn.Screen
}

func (s *script) view() View {
	if screen := s.screen(); screen != nil {
		return screen.View
	}
	return ""
}

func (s *script) pane(step ScriptStep) ScriptPane {
	screen := s.screen()
	return ScriptPane{View: screen.View, Seq: s.turn.Session.Seq, Title: screen.Title, Action: step.Action}
}

func (s *script) answer() (CompleteAnswer, error) {
	out := s.out
	if out.Panes == nil {
		out.Panes = []ScriptPane{}
	}
	if out.Remarks == nil {
		out.Remarks = []remarkOut{}
	}
	last, err := s.turn.driver(nil)
	out.Done, out.CompletionRedirectURI = last.Done, last.CompletionRedirectURI
	if out.Done == nil {
		last.Events, last.Remarks, last.Session = []Event{}, nil, s.handle
		out.Session, out.Pane = s.handle, &last
	}
	return out, err
}

// refused ends the session of a script that cannot go on, so that nothing is left
// at a bank, and says where it stood.
func (s *script) refused(ctx context.Context, err error) error {
	var e *plaid.Error
	if s.handle == "" || !errors.As(err, &e) {
		return err
	}
	why := "the script of /sandbox/link/session/complete could not go on: " + e.Message
	_, over := s.sessions.Exit(ctx, s.sessions.cfg.IDs.RequestID(), ExitRequest{Handle: s.handle, Force: true, Why: why})
	return errors.Join(e.WithMessage(e.Message+" (link_session_id "+s.out.LinkSessionID+")"), over)
}

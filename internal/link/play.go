package link

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Play is what a person does on the pages of a simulated bank.
type Play struct {
	Decision Decision
	// Username and Password sign in; both may be empty.
	Username, Password string
	// Accounts are the masks of those to share, none for all.
	Accounts []string
}

// Decision is how a person leaves the pages of a bank.
type Decision string

// The decisions that Sessions.Play takes.
const (
	Allow   Decision = "allow"
	Deny    Decision = "deny"
	Fault   Decision = "error"   // the bank is in trouble, where it offers to simulate that
	Close   Decision = "close"   // the window is closed before the person has decided
	Timeout Decision = "timeout" // nobody decides before the bank gives up
)

// Play does for a session without a browser what a person would do on the pages
// of their bank, and what the bank's answer then does to the session. What it
// goes through is the real thing; only the pages are not drawn. A session whose
// person has not been sent there yet is taken there first.
func (s *Sessions) Play(ctx context.Context, requestID, handle, clientID string, in Play) (Turn, string, error) {
	v, over, err := s.visitOf(ctx, handle, clientID, requestID, Input{})
	if err != nil || over {
		turn, err := s.turnOr(v, err)
		return turn, "", err
	}
	seen := v.Session.events
	if v.flow.Steps[v.View].Play == nil {
		return Turn{}, "", plaid.InvalidField("session must be at the pane " + string(OAuth) + ", and is at " + string(v.View))
	}
	if !slices.Contains([]Decision{Allow, Deny, Fault, Close, Timeout}, in.Decision) {
		return Turn{}, "", plaid.InvalidField("decision must be one of [allow, deny, error, close, timeout]")
	}
	step := func(action string) (Turn, error) {
		return s.Step(ctx, requestID, StepRequest{Handle: handle, ClientID: clientID, Seq: v.Seq, Input: Input{Action: action}})
	}
	turn, leads := Turn{}, ""
	if a := v.Memory.Away; a == nil || !a.Open {
		if turn, err = step(ActionSubmit); err != nil || turn.Session.Memory.Away == nil {
			return turn, "", err
		}
		v = turn.visit
	}
	switch in.Decision {
	case Close:
		turn, err = step(ActionClosed)
	case Timeout:
		turn, err = step(ActionFailed)
	default:
		if leads, err = s.playAt(ctx, requestID, v, in); err == nil {
			turn, err = s.Step(ctx, requestID, StepRequest{Handle: handle, ClientID: clientID, AnySeq: true, Input: Input{Action: ActionLook}})
		}
	}
	if err != nil {
		return Turn{}, "", err
	}
	turn, err = s.caughtUp(ctx, turn, &seen)
	return turn, leads, err
}

// playAt decides on the bank's pages and comes back from them. It answers where
// the whole page would be led on to.
func (s *Sessions) playAt(ctx context.Context, requestID string, v *Visit, in Play) (string, error) {
	back, err := v.flow.Steps[v.View].Play(ctx, v, in)
	if err != nil {
		return "", err
	}
	u, err := url.Parse(back)
	if err != nil {
		return "", fmt.Errorf("link: the bank sends people back to no address: %w", err)
	}
	arrival, err := s.comeBack(ctx, requestID, u.Query(), func(oauthRow) bool { return true }) // the client plays the person
	return arrival.Leads, err
}

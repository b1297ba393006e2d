package link

import (
	"context"
	"errors"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Embedded is the view of the institution search that stands in the host's page
// (link-web.md section 4.14). No event names it: the session begins with
// OPEN(CONSENT), and once a bank is chosen TRANSITION_VIEW(CONSENT) follows.
const Embedded View = "EMBEDDED_SEARCH"

// mostTiles is how many institutions the grid shows at most.
const mostTiles = 15

// embeddable refuses a token whose sessions cannot begin in the host's page
// (link-web.md section 4.14).
func (f Flow) embeddable(t Token) error {
	why := ""
	switch {
	case t.UpdateMode():
		why = "the link token is for update mode, which has no institution to choose"
	case t.MultiItem:
		why = "the link token is for a multi-item session"
	case t.Hosted != nil:
		why = "the link token is for Hosted Link"
	case f.Embedded == "":
		why = "no flow of this link token begins with an institution"
	default:
		return nil
	}
	refused := &Refused{Answer: plaid.InvalidConfiguration, Why: "embedded institution search is not possible: " + why + "; use Plaid.create(...).open()"}
	return refused.of(t.ID, t.ClientID)
}

// Preview is the embedded search of a link token before there is a session: its
// pane, or with a query the banks of that name. A page that shows the search to
// somebody who passes by leaves nothing behind.
func (s *Sessions) Preview(ctx context.Context, requestID, linkToken string, query *string) (Turn, error) {
	in := OpenRequest{LinkToken: linkToken, Embedded: true}
	token, flow, err := s.admit(ctx, in)
	if refused := (*Refused)(nil); errors.As(err, &refused) {
		return s.refuse(ctx, requestID, in, refused)
	}
	if err != nil {
		return Turn{}, err
	}
	input := Input{Action: ActionSearch}
	if query != nil {
		input.Value = *query
	}
	v := s.visit(&Session{ClientID: token.ClientID, Token: token, Flow: flow.Name, View: flow.Embedded, Seq: 1}, flow, requestID, input)
	if err := v.load(); err != nil {
		return Turn{}, err
	}
	turn := s.turn(v)
	if query != nil {
		turn.Fragment, err = flow.Steps[flow.Embedded].Asides[ActionSearch](ctx, v)
	}
	return turn, err
}

// OpenEmbedded opens a session whose bank was chosen in the host's page, and
// answers its first pane. query is what the person had searched for, "" for
// nothing.
func (s *Sessions) OpenEmbedded(ctx context.Context, requestID string, in OpenRequest, query string) (Turn, error) {
	in.Embedded = true
	picked := in.InstitutionID
	in.InstitutionID = "" // it belongs to the pick, not to the token
	turn, err := s.Open(ctx, requestID, in)
	if err != nil || turn.Done != nil {
		return turn, err
	}
	first := turn
	for _, do := range []Input{{Action: ActionSearch, Value: query}, {Action: ActionPick, Value: picked}} {
		if do.Value == "" {
			continue
		}
		next, err := s.Step(ctx, requestID, StepRequest{Handle: first.Handle, AnySeq: true, Input: do})
		if err != nil {
			// Nobody has heard of the session: it ends here.
			_, left := s.Exit(ctx, requestID, ExitRequest{Handle: first.Handle, Force: true})
			return Turn{}, errors.Join(err, left)
		}
		next.Events, next.Remarks = append(turn.Events, next.Events...), append(turn.Remarks, next.Remarks...)
		turn = next
	}
	turn.Handle, turn.Fragment = first.Handle, nil
	return turn, nil
}

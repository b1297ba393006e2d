package item

import (
	"context"
	"errors"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// The outcomes of a login on the bank's own pages.
const (
	toOAuth link.Outcome = "oauth"  // the bank has pages of its own
	away    link.Outcome = "away"   // the person has been sent there
	unsent  link.Outcome = "unsent" // the person is at the pane again, and nothing is settled
)

// requiresOAuth is the exit_status of whatever follows from the bank's own pages
// (link-web.md section 1.6).
const requiresOAuth = "requires_oauth"

// oauthStep is the pane from which a person goes to the pages of their bank, and
// to which they come back. let is where a person goes on whose bank has let them
// in; where the bank has asked for the accounts as Link would have, nothing is
// left to choose (link-web.md section 4.2).
func (c *connect) oauthStep(let, back link.View) link.Step {
	return link.Step{
		Pane: oauthPane, Status: requiresOAuth,
		Actions: []string{link.ActionSubmit, link.ActionClosed, link.ActionFailed},
		Do:      c.depart, Return: c.returned, Play: c.play, Undo: closeLogin,
		Next: link.Next{
			away: link.Here, unsent: link.OAuth,
			granted: let, settled: link.Connected, stopped: link.Error, link.Interrupted: link.Error,
		},
		Retry: toOAuth,
		Back:  back,
	}
}

// depart sends the person to the bank, or notes that they did not get there.
func (c *connect) depart(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	st, a := connectOf(v), v.Memory.Away
	if v.Input.Action != link.ActionSubmit {
		if a == nil || !a.Open {
			return away, nil
		}
		return c.unsent(v), nil
	}
	back, err := c.wayBack(v)
	if err != nil {
		return "", err
	}
	if v.Input.Value != "" && back == "" {
		v.Explain("the bank signs people in on pages of its own, this browser has no window for them (an in-app browser), and the link token has no redirect_uri to come back to: give /link/token/create one")
		return halt(v, plaid.InstitutionNotAvailable, link.Trouble{Title: "oauth.inapp.title", Lead: "oauth.inapp.lead"})
	}
	if st.Login == "" || st.Challenge.Kind != institution.OAuth || !c.items.clock.Now().Before(st.Challenge.ExpiresAt) {
		if failed, err := c.begin(ctx, v); failed != nil || err != nil {
			return c.refused(v, failed, err)
		}
	}
	st.Refused = nil
	v.Emit(link.EventOpenOAuth)
	v.Depart(st.Challenge.URL, st.Challenge.State, st.Challenge.ExpiresAt, back)
	return away, nil
}

// wayBack is where the whole page is led on to after the bank, "" where the bank
// has a window of its own.
func (c *connect) wayBack(v *link.Visit) (string, error) {
	switch v.Input.Value {
	case "":
		return "", nil
	case link.WholePage:
		return v.Token.RedirectURI, nil
	case link.HostedPageLeft:
		return v.HostedURL, nil
	}
	return "", plaid.InvalidField("value must be one of [" + link.WholePage + ", " + link.HostedPageLeft + "], or left out for a window of its own")
}

// unsent tells of a window of the bank that was closed, or that nobody answered
// in. A login whose window was closed stays open: the person may have another one.
func (c *connect) unsent(v *link.Visit) link.Outcome {
	st := connectOf(v)
	if v.Input.Action == link.ActionClosed {
		v.Emit(link.EventCloseOAuth)
		v.Explain("the bank's window was closed before the person had decided")
		st.Refused = &refusal{Key: "oauth.closed"}
		return unsent
	}
	v.Emit(link.EventFailOAuth)
	v.Explain("the bank's window came to nothing: nobody decided there before the bank gave up, or it did not open")
	closeLogin(v)
	v.Memory.Away = nil
	st.Refused = &refusal{Key: "oauth.timeout"}
	return unsent
}

// returned goes on with what the bank sent the person back with.
func (c *connect) returned(ctx context.Context, v *link.Visit, answers map[string]string) (link.Outcome, error) {
	conn, err := c.items.connector(c.connectorOf(v))
	if err != nil {
		return "", err
	}
	st := connectOf(v)
	ch, err := conn.Answer(ctx, st.Login, answers)
	var failed *institution.Failure
	switch {
	case errors.As(err, &failed):
		if failed.Reason == institution.InputTimeout {
			v.Emit(link.EventFailOAuth)
		}
		return c.refused(v, failed, nil)
	case err != nil:
		return "", err
	case ch.Kind != institution.Done:
		return c.refused(v, &institution.Failure{Reason: institution.MFANotSupported, Final: true}, nil)
	}
	closeLogin(v)
	c.spare(v) // of a login before, whose accounts could not be had
	st.Grant = ch.Grant
	outcome, err := c.list(ctx, v, conn)
	if outcome == granted && st.settle(v.Token) {
		outcome = settled
	}
	return outcome, err
}

// settle reports whether the accounts that the person chose at the bank are a
// choice that Link would have taken, and then takes it: Account Select is skipped
// (link-web.md section 4.2). What the token does not allow is left out, as there.
func (st *connectState) settle(t link.Token) bool {
	usable, _ := st.usable(t)
	if t.AccountSelect == link.SelectSingle && len(usable) != 1 {
		return false
	}
	st.Picked = nil
	for _, a := range usable {
		st.Picked = append(st.Picked, a.Ref)
	}
	return true
}

// withheld stops where the person shared accounts, and none that the app can use:
// at a bank with a choice of its own that is a permission that is missing, and the
// person can mend it there (link-web.md sections 4.2 and 4.11).
func withheld(v *link.Visit) (link.Outcome, error) {
	v.Explain("none of the accounts that the person shared at the bank is for that, and they may share others")
	return halt(v, plaid.AccessNotGranted, link.Trouble{})
}

// play does on the bank's pages what a person would do, where the bank is
// simulated.
func (c *connect) play(ctx context.Context, v *link.Visit, in link.Play) (string, error) {
	conn, err := c.items.connector(c.connectorOf(v))
	if err != nil {
		return "", err
	}
	player, ok := conn.(institution.Player)
	if !ok {
		return "", plaid.NotSupported("playing the person at this institution")
	}
	back, err := player.Play(ctx, v.Memory.Away.URL, institution.Play{
		Username: in.Username, Password: in.Password, Decision: string(in.Decision), Masks: slices.Clone(in.Accounts),
	})
	var failed *institution.Failure
	if errors.As(err, &failed) {
		return "", failed.Plaid()
	}
	return back, err
}

// atPages makes an ERROR pane fit for a bank with pages of its own: to try again
// is to go there again.
func atPages(t *link.Trouble) {
	t.Ways = slices.Clone(t.Ways)
	for i, way := range t.Ways {
		if way == tryAgain {
			t.Ways[i].Outcome = toOAuth
		}
	}
	if t.Status == "" {
		t.Status = requiresOAuth
	}
	if t.Code == plaid.InternalServerError.Code { // it is the bank's side that failed
		t.Title, t.Lead = "error.other.title", "error.other.lead"
	}
}

package link

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// ReturnPath is where a bank sends people back to, below the public URL.
const ReturnPath = "/link/oauth/return"

// How a person goes to the pages of their bank: Input.Value of the step that
// sends them (link-web.md section 4.2). In a window of its own, unless said
// otherwise.
const (
	// WholePage leaves the app's page; the way back leads over the redirect_uri of
	// the link token.
	WholePage = "redirect"
	// HostedPage leaves the page of Hosted Link, which is the way back too.
	HostedPageLeft = "hosted"
)

// Away is where a person is while a session waits for them: on the pages of their
// bank, in a window of its own or, with Back, in place of the app's page.
type Away struct {
	URL       string    `json:"url"`
	State     string    `json:"state"`      // blind index of what they come back with
	ExpiresAt time.Time `json:"expires_at"` // the bank waits no longer
	Back      string    `json:"back,omitempty"`
	// Go is the page of this server from which the window of a browser sets out; ""
	// where the return is tied to no browser.
	Go string `json:"go,omitempty"`
	// Open says that they are believed to be there. A window that was closed may
	// have been another one: who comes back after all is still welcome.
	Open bool `json:"open,omitempty"`
}

// Way is the address that leads to the bank.
func (a *Away) Way() string { return cmp.Or(a.Go, a.URL) }

// Depart sends the person to a page of their bank, from which they come back to
// ReturnURL with a state that nobody else knows. back is the address that the
// whole page is led on to afterwards, "" for a window of its own. The outcome of
// the step must lead Here.
func (v *Visit) Depart(page, state string, until time.Time, back string) {
	v.Memory.Away = &Away{URL: page, State: v.stateIndex(state), ExpiresAt: until, Back: back, Open: true}
	if v.browser && back == "" {
		v.Memory.Away.Go = v.setOut()
	}
	v.departs = true
}

// departed notes whose return a state will be, in the transaction that stores
// the departure.
func (s *Sessions) departed(ctx context.Context, tx *store.Tx, v *Visit) error {
	if !v.departs {
		return nil
	}
	a := v.Memory.Away
	sealed, err := s.vault.SealJSON(carried{Back: a.Back}, oauthRowOf(a.State))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO link_oauth (state_index, session_id, leads, sealed, opened_at, go_index) VALUES ($1, $2, $3, $4, 0, $5)
		ON CONFLICT (state_index) DO UPDATE SET leads = excluded.leads, sealed = excluded.sealed, go_index = excluded.go_index WHERE link_oauth.return_index IS NULL`,
		a.State, v.ID, a.Back != "", sealed, s.goIndexOf(a))
	return err
}

// alight ends a departure: the person is believed to be back at a pane. Only at
// the one that they left is their return still waited for.
func (v *Visit) alight() {
	a := v.Memory.Away
	switch {
	case a == nil:
	case v.flow.Steps[v.View].Return == nil:
		v.Memory.Away = nil
	default:
		stays := *a
		stays.Open = false
		v.Memory.Away = &stays
	}
}

// look answers what the person sees now. A bank that waits no longer is noticed
// here: nobody else would.
func (s *Sessions) look(ctx context.Context, v *Visit, step Step) (Turn, error) {
	if a := v.Memory.Away; a != nil && a.Open && !s.clock.Now().Before(a.ExpiresAt) && step.offers(v, ActionFailed) {
		v.Input = Input{Action: ActionFailed}
		return s.run(ctx, v, step)
	}
	if step.Watch != nil {
		outcome, err := step.Watch(ctx, v)
		if err != nil {
			return Turn{}, err
		}
		if outcome != "" {
			return s.follow(ctx, v, step, outcome)
		}
	}
	return s.turn(v), nil
}

// Arrival is what becomes of a person who comes back from their bank.
type Arrival struct {
	// Token is the link token of their session; empty if nobody knows them.
	Token Token
	// Leads is where the page leads on to, "" where a window may be closed.
	Leads string
	// Over says that nothing waits for them any more.
	Over bool
	// Refused says that what they brought led to an ERROR pane.
	Refused bool
}

// Return takes in what a bank sent a person back with. It does at once what
// follows from it, as the window in which they come may close at any moment; what
// the person sees is up to Link, which asks. Whoever comes again, or in a second
// window, changes nothing, and neither does who comes in another browser than the one
// that has set out: held finds the secrets which a browser has, nil for none.
func (s *Sessions) Return(ctx context.Context, requestID string, query url.Values, held func(name string) string) (Arrival, error) {
	if held == nil {
		held = func(string) string { return "" }
	}
	return s.comeBack(ctx, requestID, query, func(row oauthRow) bool { return s.holds(row, held(keyName(row.state))) })
}

// comeBack takes a return in, if it is of the browser that has set out.
func (s *Sessions) comeBack(ctx context.Context, requestID string, query url.Values, own func(oauthRow) bool) (Arrival, error) {
	index := s.vault.Index(stateIndex, query.Get("state"))
	row, err := s.oauthRow(ctx, oauthByState, index)
	if errors.Is(err, store.ErrNoRows) {
		return Arrival{Over: true}, nil
	}
	if err != nil {
		return Arrival{}, fmt.Errorf("link: return from a bank: %w", err)
	}
	session, err := s.byID(ctx, row.session)
	if err != nil {
		return Arrival{}, fmt.Errorf("link: return from a bank: %w", err)
	}
	if row.bound && !own(row) {
		return s.stranger(ctx, session, requestID, index)
	}
	answers := map[string]string{}
	for name := range query {
		answers[name] = query.Get(name)
	}
	if row.leads {
		return s.keepReturn(ctx, session, row, answers)
	}
	v, over, err := s.visitTo(ctx, session, requestID, Input{})
	if err == nil && !over && v.View == Loading {
		var turn Turn
		if turn, err = s.waiting(ctx, v); err == nil {
			over = turn.Done != nil
		}
		return Arrival{Token: session.Token, Over: over}, err
	}
	if err != nil || over {
		return Arrival{Token: session.Token, Over: true}, err
	}
	if !v.awaits(index) {
		// They have been here before, or they have turned to something else. The row is
		// read once more, as it may be older than the session.
		row, err = s.oauthRow(ctx, oauthByState, index)
		return Arrival{Token: session.Token, Over: row.opened == 0}, err
	}
	turn, err := s.receive(ctx, v, answers, func(tx *store.Tx) error { return s.arrived(ctx, tx, index) })
	if errors.Is(err, store.ErrNoRows) { // another window was faster
		err = nil
	}
	return Arrival{Token: session.Token, Over: turn.Done != nil, Refused: turn.Screen != nil && turn.Screen.View == Error}, err
}

// awaits tells whether a visit is at a pane that waits for the return of a state.
// It is not while another request takes the return in, which is at LOADING.
func (v *Visit) awaits(state string) bool {
	a := v.Memory.Away
	return a != nil && a.State == state && v.flow.Steps[v.View].Return != nil
}

// arrived notes that what a person brought is taken in; store.ErrNoRows if it was
// before.
func (s *Sessions) arrived(ctx context.Context, tx *store.Tx, state string) error {
	return tx.ExecOne(ctx, `UPDATE link_oauth SET opened_at = $1, sealed = '' WHERE state_index = $2 AND opened_at = 0`, clock.Millis(s.clock.Now()), state)
}

// receive goes on with what a bank sent, once: whoever comes second waits for
// what comes of it. No LOADING is told of, as the documented order of events has
// none (link-web.md section 4.2). more joins the transaction of the claim.
func (s *Sessions) receive(ctx context.Context, v *Visit, answers map[string]string, more func(*store.Tx) error) (Turn, error) {
	done, ok := s.begin(v.ID)
	if !ok {
		return s.waiting(ctx, v)
	}
	defer done()
	step, from := v.flow.Steps[v.View], v.View
	v.View, v.Memory.Sheet = Loading, false
	return s.claimed(ctx, v, from, more, func(ctx context.Context) (Outcome, error) { return step.Return(ctx, v, answers) })
}

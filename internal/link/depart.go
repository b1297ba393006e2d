package link

import (
	"context"
	"errors"
	"fmt"
	"path"
	"time"

	"github.com/glencheck-dev/glencheck/internal/store"
)

// GoPath is where the window of a bank sets out from, below the public URL: the id
// of the departure follows.
const GoPath = "/link/oauth/go/"

// The kinds of the blind indexes of a departure: by the id in its address, and by
// the secret of the browser in which it began.
const (
	goIndex      = "link_oauth_go"
	browserIndex = "link_oauth_browser"
)

// Departure is where a window goes that sets out for a bank, and what its browser
// keeps of that.
type Departure struct {
	// Token is the link token of the session; empty if nobody knows the departure.
	Token Token
	// URL is the bank's page, "" where nothing waits for the person any more.
	URL string
	// Name is that of the secret which the browser keeps, and Key the secret.
	Name, Key string
	// Life is for how long it is of use.
	Life time.Duration
}

// keyLate is how much longer than the bank waits a browser keeps its secret: for who
// comes back late, or loads the page once more.
const keyLate = time.Hour

// keyName names the secret of a departure, so that a browser may have several.
func keyName(state string) string { return "glencheck_oauth_" + state[:16] }

// SetOut answers where a window goes, and ties the return to the browser that asks.
// held finds the secrets which the browser has already.
func (s *Sessions) SetOut(ctx context.Context, requestID, id string, held func(name string) string) (Departure, error) {
	row, err := s.oauthRow(ctx, oauthByGo, s.vault.Index(goIndex, id))
	if errors.Is(err, store.ErrNoRows) {
		return Departure{}, nil
	}
	if err != nil {
		return Departure{}, fmt.Errorf("link: set out for a bank: %w", err)
	}
	session, err := s.byID(ctx, row.session)
	if err != nil {
		return Departure{}, fmt.Errorf("link: set out for a bank: %w", err)
	}
	d := Departure{Token: session.Token}
	v, over, err := s.visitTo(ctx, session, requestID, Input{})
	if err != nil || over || !v.awaits(row.state) {
		return d, err
	}
	a := v.Memory.Away
	d.Name, d.Life = keyName(row.state), a.ExpiresAt.Sub(s.clock.Now())+keyLate
	if d.Key = held(d.Name); !s.holds(row, d.Key) {
		d.Key = s.cfg.IDs.Hex(48)
		err = s.db.Write(ctx, func(tx *store.Tx) error {
			return tx.ExecOne(ctx, `UPDATE link_oauth SET browser_index = $1 WHERE state_index = $2`, s.vault.Index(browserIndex, d.Key), row.state)
		})
	}
	if err != nil {
		return Departure{}, fmt.Errorf("link: set out for a bank: %w", err)
	}
	d.URL = a.URL
	return d, nil
}

// holds reports whether a secret is that of the browser in which a departure began.
func (s *Sessions) holds(row oauthRow, key string) bool {
	return key != "" && row.browser != "" && s.vault.Index(browserIndex, key) == row.browser
}

// goIndexOf is the blind index of a departure; nil for one that is tied to no browser.
func (s *Sessions) goIndexOf(a *Away) *string {
	if a.Go == "" {
		return nil
	}
	index := s.vault.Index(goIndex, path.Base(a.Go))
	return &index
}

// stranger answers a return in another browser than the one in which Link is. The
// session goes on waiting for its own.
func (s *Sessions) stranger(ctx context.Context, session *Session, requestID, state string) (Arrival, error) {
	v, over, err := s.visitTo(ctx, session, requestID, Input{})
	if err == nil && !over && v.awaits(state) {
		v.Explain("somebody came back from the bank in another browser than the one in which Link is open, or in one that keeps no cookies: nothing of it was taken in")
		err = s.jot(ctx, v)
	}
	return Arrival{Token: session.Token, Over: true}, err
}

package dashboard

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// How long somebody stays signed in: at most, and without a request. A session
// that is used is noted once in touchEvery.
const (
	sessionLife = 12 * time.Hour
	sessionIdle = time.Hour
	touchEvery  = time.Minute
)

const (
	cookieName  = "glencheck_dashboard"
	cookieIndex = "dashboard_session"
)

// signedIn is a session that goes on.
type signedIn struct{ clientID, cookie string }

// session finds the session of a request, errNobody if there is none that goes on.
func (d *dashboard) session(r *http.Request) (signedIn, error) {
	cookie, err := r.Cookie(cookieName)
	if err != nil || len(cookie.Value) != 64 {
		return signedIn{}, errNobody
	}
	ctx, now := r.Context(), d.Clock.Now()
	index := d.Vault.Index(cookieIndex, cookie.Value)
	row, err := readSession(ctx, d.DB, index)
	if errors.Is(err, store.ErrNoRows) {
		return signedIn{}, errNobody
	}
	if err != nil {
		return signedIn{}, err
	}
	if !now.Before(row.expires) || !now.Before(row.seen.Add(sessionIdle)) {
		return signedIn{}, errNobody
	}
	if ok, err := d.Teams.HoldsKey(ctx, row.clientID, row.key); err != nil || !ok {
		return signedIn{}, errors.Join(err, errNobody)
	}
	if now.Sub(row.seen) >= touchEvery {
		err = d.DB.Write(ctx, func(tx *store.Tx) error { return touchSession(ctx, tx, index, clock.Millis(now)) })
	}
	return signedIn{row.clientID, cookie.Value}, err
}

// credentials are what the form of the sign-in shows.
type credentials struct {
	ClientID string
	Wrong    string
	Insecure bool // the public address is not https: nobody can sign in
}

func (d *dashboard) signInPage(w http.ResponseWriter, r *http.Request) {
	if _, err := d.session(r); err == nil {
		http.Redirect(w, r, Root, http.StatusSeeOther)
		return
	}
	d.askKeys(w, r, http.StatusOK, credentials{})
}

func (d *dashboard) askKeys(w http.ResponseWriter, r *http.Request, status int, c credentials) {
	c.Insecure = d.exposed()
	d.render(w, r, status, "sign-in", visitor{token: d.Vault.Index(formIndex, "")}, "Sign in", "With the keys of your team.", c)
}

// secure reports whether browsers reach the server by https.
func (d *dashboard) secure() bool { return strings.HasPrefix(d.PublicURL, "https://") }

// exposed reports whether keys would cross a network in the clear: production that
// browsers reach by http, on another machine.
func (d *dashboard) exposed() bool {
	u, err := url.Parse(d.PublicURL)
	return err != nil || !d.Sandbox && !d.secure() && !ourName(u.Host, &url.URL{})
}

// signIn takes the keys of a team.
func (d *dashboard) signIn(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		d.message(w, r, http.StatusBadRequest, unreadable)
		return
	}
	typed := func(name string) string { return strings.ToValidUTF8(strings.TrimSpace(r.PostForm.Get(name)), "?") } // PostgreSQL takes nothing else
	id, secret := typed("client_id"), typed("secret")
	ctx, now, from := r.Context(), d.Clock.Now(), origin(r)
	switch {
	case d.exposed():
		d.askKeys(w, r, http.StatusForbidden, credentials{ClientID: id})
		return
	case r.PostForm.Get("token") != d.Vault.Index(formIndex, ""):
		d.message(w, r, http.StatusForbidden, stale)
		return
	}
	if wait := d.attempts.wait(from, now); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())+1))
		d.askKeys(w, r, http.StatusTooManyRequests, credentials{ClientID: id, Wrong: "Too many wrong keys came from your address. Try again in a few minutes."})
		return
	}
	_, err := d.Teams.Authenticate(ctx, id, secret)
	if errors.Is(err, plaid.InvalidAPIKeys) {
		d.attempts.failed(from, now)
		d.Log.Warn("dashboard: a sign-in with wrong keys")
		d.askKeys(w, r, http.StatusUnauthorized, credentials{ClientID: id, Wrong: "No team has this client_id and secret."})
		return
	}
	if err != nil {
		d.trouble(w, r, err)
		return
	}
	cookie := d.IDs.Hex(64)
	err = d.DB.Write(ctx, func(tx *store.Tx) error {
		if err := deleteExpired(ctx, tx, clock.Millis(now)); err != nil {
			return err
		}
		return insertSession(ctx, tx, d.Vault.Index(cookieIndex, cookie), id, d.Teams.Key(id, secret), clock.Millis(now), clock.Millis(now.Add(sessionLife)))
	})
	if err != nil {
		d.trouble(w, r, err)
		return
	}
	http.SetCookie(w, d.cookie(cookie, int(sessionLife.Seconds())))
	http.Redirect(w, r, Root, http.StatusSeeOther)
}

func (d *dashboard) cookie(value string, seconds int) *http.Cookie {
	return &http.Cookie{Name: cookieName, Value: value, Path: Root, MaxAge: seconds, Secure: d.secure(), HttpOnly: true, SameSite: http.SameSiteStrictMode}
}

func (d *dashboard) signOut(w http.ResponseWriter, r *http.Request, v visitor) {
	ctx := r.Context()
	err := d.DB.Write(ctx, func(tx *store.Tx) error { return deleteSession(ctx, tx, d.Vault.Index(cookieIndex, v.session)) })
	if err != nil {
		d.trouble(w, r, err)
		return
	}
	http.SetCookie(w, d.cookie("", -1))
	http.Redirect(w, r, Root+"/sign-in", http.StatusSeeOther)
}

// attempts counts wrong keys by the address that they come from.
type attempts struct {
	mu   sync.Mutex
	from map[string]tries
}

type tries struct {
	wrong int
	last  time.Time
}

// After freeTries wrong keys an address waits a minute for each further one, and
// is forgotten when it has kept quiet for forgetTries. At most maxAddresses are
// remembered: who has that many is not stopped by any of them.
const (
	freeTries    = 10
	waitTries    = time.Minute
	forgetTries  = 15 * time.Minute
	maxAddresses = 10_000
)

// wait is how long an address has to wait before its next try.
func (a *attempts) wait(from string, now time.Time) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	t := a.from[from]
	if t.wrong < freeTries || now.Sub(t.last) >= forgetTries {
		return 0
	}
	return max(0, t.last.Add(waitTries).Sub(now))
}

// failed notes wrong keys.
func (a *attempts) failed(from string, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.from == nil || len(a.from) >= maxAddresses {
		a.from = map[string]tries{}
	}
	t := a.from[from]
	if now.Sub(t.last) >= forgetTries {
		t.wrong = 0
	}
	a.from[from] = tries{t.wrong + 1, now}
}

// origin is the address that a request comes from.
func origin(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

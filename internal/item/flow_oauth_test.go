package item_test

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"path/filepath"
	"sync"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/sandbank"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

const platypusOAuth = "ins_127287"

// atBank does on the bank's pages what a person would do.
func (g *guest) atBank(decision string, masks ...string) *guest {
	g.Helper()
	return g.took(g.driver.OAuth(context.Background(), clientCall, link.DriverOAuth{Session: g.handle, Decision: decision, Accounts: masks}))
}

// atOAuth stands before the pages of a bank.
func (d *desk) atOAuth(t testing.TB, change ...func(*link.Token)) *guest {
	t.Helper()
	g := d.guest(t, change...).submit().pick(platypusOAuth)
	if g.View != link.OAuth {
		t.Fatalf("at %s", g.View)
	}
	return g
}

// player is the person at the simulated bank of a desk.
func player(d *desk) institution.Player {
	return sandbank.New(d.DB, d.Vault, d.Clock, d.IDs, d.Catalogue).WithPages(publicURL, slog.New(slog.DiscardHandler))
}

// query is what is in an address.
func query(t testing.TB, address string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

// TestOAuthGrantsAreGivenBack counts what the bank still grants after returns that
// nobody waited for, and what it hands out when many come at once.
func TestOAuthGrantsAreGivenBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, simulated(t, db))
		alive := func() (n int) {
			if err := db.QueryRow(context.Background(), "SELECT COUNT(*) FROM sandbank_grant WHERE sealed <> ''").Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		back := func(g *guest) url.Values {
			g.Helper()
			address, err := player(d).Play(context.Background(), g.OAuth.URL, institution.Play{Decision: institution.PlayAllow})
			if err != nil {
				t.Fatal(err)
			}
			return query(t, address)
		}
		g := d.atOAuth(t).submit()
		q := back(g)
		g.close(true)
		if a, err := d.sessions.Return(context.Background(), "req", q, nil); err != nil || !a.Over || alive() != 0 {
			t.Errorf("a return to a session that has ended: %+v, %v, %d grants", a, err, alive())
		}

		d.atOAuth(t).submit().atBank("allow").close(true) // a success: the pane says that all is connected
		if n := alive(); n != 0 {
			t.Errorf("%d grants after a forced exit", n)
		}

		g = d.atOAuth(t).submit()
		q = back(g)
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if a, err := d.sessions.Return(context.Background(), "req", q, nil); err != nil || a.Over {
					t.Errorf("over %t, %v", a.Over, err)
				}
			})
		}
		all.Wait()
		if g.do("look", "", nil); g.View != link.Connected || alive() != 1 {
			t.Errorf("at %s with %d grants", g.View, alive())
		}
		if g.submit(); g.Done == nil || g.Done.Kind != "success" || alive() != 1 {
			t.Errorf("%+v, %d grants", g.Done, alive())
		}
	})
}

// TestOAuthSecretsAreNotKept looks for what passed through the browser in the
// database file and the log.
func TestOAuthSecretsAreNotKept(t *testing.T) {
	file := storetest.SQLiteFile(t)
	db, err := store.Open(context.Background(), file, store.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, simulated(t, db))
	d.guest(t).connected("account=a1")
	g := d.atOAuth(t, func(tok *link.Token) { tok.RedirectURI = "https://app.example/canary.html" })
	g.do("submit", link.WholePage, nil)
	address, err := player(d).Play(context.Background(), g.OAuth.URL, institution.Play{Decision: institution.PlayAllow, Username: "canary-user"})
	if err != nil {
		t.Fatal(err)
	}
	q := query(t, address)
	a, err := d.sessions.Return(context.Background(), "req", q, nil)
	if err != nil {
		t.Fatal(err)
	}
	d.Hides(filepath.Clean(file), "canary", q.Get("state"), q.Get("code"), query(t, a.Leads).Get("oauth_state_id"), query(t, g.OAuth.URL).Get("code_challenge"))
}

// TestTheDriverReopens goes the way of an in-app browser: the whole page to the
// bank, and back over the redirect_uri.
func TestTheDriverReopens(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, simulated(t, db))
		g := d.atOAuth(t, func(tok *link.Token) { tok.RedirectURI = "https://app.example/oauth.html" })
		g.do("submit", link.WholePage, nil)
		if g.OAuth == nil || !g.OAuth.Redirect || g.OAuth.ExpiresAt == "" {
			t.Fatalf("%+v", g.OAuth)
		}
		g.atBank("allow", "0000")
		received := g.OAuth.ReceivedRedirectURI
		a, err := d.driver.Open(context.Background(), clientCall, link.DriverOpen{LinkToken: "token-1", ReceivedRedirectURI: received})
		if err != nil || a.View != link.Connected || a.LinkSessionID != g.LinkSessionID || len(a.Events) != 2 || a.Events[0].Metadata.ViewName != nil {
			t.Fatalf("%+v, %v", a, err)
		}
		g.handle = a.Session
		if g.took(a, nil).submit(); g.result() != "ins_127287 Platypus OAuth Bank, Plaid Checking ••0000 depository/checking" {
			t.Error(g.result())
		}
	})
}

// TestCompleteAtABankWithPages goes through a whole session in one call.
func TestCompleteAtABankWithPages(t *testing.T) {
	d := newDesk(t, simulated(t, storetest.SQLite(t)))
	for _, c := range []struct {
		login link.ScriptLogin
		want  string
	}{
		{link.ScriptLogin{}, "success"},
		{link.ScriptLogin{OAuth: "deny"}, "INSUFFICIENT_CREDENTIALS"},
		{link.ScriptLogin{OAuth: "close"}, "exit"},
		{link.ScriptLogin{OAuth: "timeout"}, "exit"},
		{link.ScriptLogin{Accounts: &link.ScriptAccounts{Masks: []string{"1111"}}}, "success"},
		{link.ScriptLogin{Accounts: &link.ScriptAccounts{Masks: []string{"3333"}}}, "ACCESS_NOT_GRANTED"},
		{link.ScriptLogin{Accounts: &link.ScriptAccounts{Masks: []string{"4711"}}}, "INVALID_FIELD"},
		{link.ScriptLogin{Accounts: &link.ScriptAccounts{Names: []string{"Plaid Checking"}}}, "INVALID_FIELD"},
		{link.ScriptLogin{OAuth: "error"}, "INVALID_FIELD"},
	} {
		c.login.InstitutionID = platypusOAuth
		a, err := d.driver.Complete(context.Background(), clientCall, link.CompleteRequest{LinkToken: d.token(), Inputs: &link.ScriptInputs{ScriptLogin: c.login}})
		got := ""
		var e *plaid.Error
		switch {
		case errors.As(err, &e):
			got = e.Code
		case err != nil:
			t.Fatal(err)
		case a.Done.Error != nil:
			got = a.Done.Error.Code
		default:
			got = a.Done.Kind
		}
		if got != c.want {
			t.Errorf("%+v: %s, %v, want %s", c.login, got, err, c.want)
		}
	}
}

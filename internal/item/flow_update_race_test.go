package item_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/item"
	. "github.com/glencheck-dev/glencheck/internal/item/itemtest"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/sandbank"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// updating opens Link for the desk's Item.
func (d *desk) updating(t *testing.T, change ...func(*link.Token)) *guest {
	t.Helper()
	return d.guest(t, append([]func(*link.Token){func(tok *link.Token) {
		tok.AccessTokenItemID, tok.Products = d.has.itemID, nil
	}}, change...)...)
}

// grants are how many grants the bank still honours.
func grants(t *testing.T, db *store.DB) int {
	t.Helper()
	return count(t, db, "SELECT COUNT(*) FROM sandbank_grant WHERE status = 'live'")
}

// TestUpdateKeepsOneGrant: whatever people do, the bank holds one grant for an Item
// that works, and none that nobody has.
func TestUpdateKeepsOneGrant(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, simulated(t, db))
		d.makeItem(nil)
		token := Body{"access_token": d.has.access}
		works := func(what string) {
			t.Helper()
			d.OK("/accounts/balance/get", token)
			if n := grants(t, db); n != 1 {
				t.Errorf("%s: %d grants are live", what, n)
			}
		}
		for range 2 { // a login that is reset twice is as broken as one that is reset once
			d.OK("/sandbox/item/reset_login", token)
		}
		d.updating(t).submit("username=user_good", "password=pass_good").submit()
		works("a renewal of an expired login")

		d.updating(t).submit("username=user_good", "password=pass_good").submit()
		works("a renewal of a good login")

		d.updating(t).submit("username=user_good", "password=pass_good").close(true)
		works("a renewal that was left at its last pane")

		one, two := d.updating(t), d.updating(t)
		one.submit("username=user_good", "password=pass_good")
		two.submit("username=user_good", "password=pass_good")
		one.submit()
		d.OK("/accounts/balance/get", token)
		if n := grants(t, db); n != 2 { // the Item's, and what the other session brings
			t.Errorf("%d grants between two sessions", n)
		}
		two.submit()
		works("two sessions, one after the other")

		late := d.updating(t).submit("username=user_good", "password=pass_good")
		d.OK("/item/remove", token)
		if late.submit(); late.Done.Kind != "exit" || late.Done.Error.Code != "ITEM_NOT_FOUND" {
			t.Errorf("after the removal: %+v", late.Done)
		}
		if n := grants(t, db); n != 0 {
			t.Errorf("%d grants are live for no Item", n)
		}
	})
}

// TestUpdatesAtOnce: sessions that end in the same moment leave one login, and the
// accounts of one of them.
func TestUpdatesAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, simulated(t, db))
		d.makeItem(nil)
		before := d.listed("/accounts/get", Body{"access_token": d.has.access})
		const people = 6
		var sessions []*guest
		for i := range people {
			sessions = append(sessions, d.updating(t, func(tok *link.Token) { tok.SelectAccounts = true }).
				submit("username=user_good", "password=pass_good").submit(fmt.Sprint("account=a", i+1)))
		}
		var wg sync.WaitGroup
		for _, g := range sessions {
			wg.Go(func() {
				a, err := d.driver.Step(context.Background(), clientCall, link.DriverStep{Session: g.handle, Action: "submit"})
				if err != nil || a.Done == nil || a.Done.Kind != "success" {
					t.Errorf("%+v, %v", a.Done, err)
				}
			})
		}
		wg.Add(1)
		go func() { // whoever reads meanwhile is told of one login or the other
			defer wg.Done()
			for range 10 {
				if status, out := d.CallAs(Client, "/accounts/balance/get", Body{"access_token": d.has.access}); status != 200 {
					t.Errorf("balances meanwhile: %d %v", status, out["error_code"])
				}
			}
		}()
		wg.Wait()
		out := d.OK("/accounts/get", Body{"access_token": d.has.access})
		if n := len(accounts(out)); n != 1 {
			t.Errorf("%d accounts after selections of one (before: %s)", n, before)
		}
		if n := grants(t, db); n != 1 {
			t.Errorf("%d grants are live", n)
		}
		if state := d.state(Body{"access_token": d.has.access}); state != "    no error, consented to [auth]\n" {
			t.Errorf("state %s", state)
		}
	})
}

// TestRemoveDuringUpdate: a removal and a renewal in the same moment leave either
// no Item or, never, a removed one with a grant.
func TestRemoveDuringUpdate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, simulated(t, db))
		for range 5 {
			d.makeItem(nil)
			g := d.updating(t).submit("username=user_good", "password=pass_good")
			var wg sync.WaitGroup
			wg.Go(func() {
				_, err := d.driver.Step(context.Background(), clientCall, link.DriverStep{Session: g.handle, Action: "submit"})
				if err != nil {
					t.Errorf("the last step: %v", err)
				}
			})
			wg.Go(func() { d.OK("/item/remove", Body{"access_token": d.has.access}) })
			wg.Wait()
			d.Items.Wait()
			if _, err := d.sessions.Sweep(context.Background()); err != nil {
				t.Fatal(err)
			}
			if n := grants(t, db); n != 0 {
				t.Fatalf("%d grants are live for a removed Item", n)
			}
		}
	})
}

// forgetful is a bank that does not take grants back while away is set, as if the
// process had died before it could ask.
type forgetful struct {
	institution.Connector
	mu   sync.Mutex
	away bool
}

func (f *forgetful) Revoke(ctx context.Context, g institution.Grant) error {
	f.mu.Lock()
	away := f.away
	f.mu.Unlock()
	if away {
		return fmt.Errorf("no answer")
	}
	return f.Connector.Revoke(ctx, g)
}

// TestOldGrantIsGivenBackLater: the new login counts from the moment the session
// ends, whether or not the bank hears of the old one's end; it is told until it
// does.
func TestOldGrantIsGivenBackLater(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		bank := &forgetful{}
		d := newDesk(t, NewIn(t, db, "sandbox", func(h *House) institution.Connector {
			bank.Connector = sandbank.New(db, h.Vault, h.Clock, h.IDs, h.Catalogue)
			return struct {
				*forgetful
				institution.Importer
			}{bank, bank.Connector.(institution.Importer)}
		}))
		d.makeItem(nil)
		bank.away = true
		d.updating(t).submit("username=user_good", "password=pass_good").submit()
		d.OK("/accounts/balance/get", Body{"access_token": d.has.access})
		if n := grants(t, db); n != 2 {
			t.Fatalf("%d grants", n)
		}
		bank.mu.Lock()
		bank.away = false
		bank.mu.Unlock()
		d.Clock.Advance(2 * time.Minute)
		if _, err := d.sessions.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		d.OK("/accounts/balance/get", Body{"access_token": d.has.access})
		if n := grants(t, db); n != 1 {
			t.Errorf("%d grants after the sweep", n)
		}
	})
}

// slow is a bank whose answers a test holds back.
type slow struct {
	institution.Connector
	asked, go_ chan struct{}
}

func (s *slow) Accounts(ctx context.Context, g institution.Grant) ([]institution.Account, error) {
	list, err := s.Connector.Accounts(ctx, g)
	if s.asked != nil {
		asked, wait := s.asked, s.go_
		s.asked = nil
		close(asked)
		<-wait
		list, err = s.Connector.Accounts(ctx, g)
	}
	return list, err
}

// TestNewsOfAnOldLogin: a call that asked the bank under the login before neither
// breaks the Item nor fails; it asks again under the new one.
func TestNewsOfAnOldLogin(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		bank := &slow{}
		d := newDesk(t, NewIn(t, db, "sandbox", func(h *House) institution.Connector {
			bank.Connector = sandbank.New(db, h.Vault, h.Clock, h.IDs, h.Catalogue)
			return struct {
				*slow
				institution.Importer
			}{bank, bank.Connector.(institution.Importer)}
		}))
		d.makeItem(nil)
		token := Body{"access_token": d.has.access}
		g := d.updating(t).submit("username=user_good", "password=pass_good")
		asked, wait := make(chan struct{}), make(chan struct{})
		bank.asked, bank.go_ = asked, wait
		answer := make(chan string)
		go func() { answer <- d.listed("/accounts/balance/get", token) }()
		<-asked
		g.submit() // the old grant is revoked now
		close(wait)
		if got := <-answer; got != d.listed("/accounts/get", token) {
			t.Errorf("balances across a renewal: %s", got)
		}
		if state := d.state(token); state != "    no error, consented to [auth]\n" {
			t.Errorf("state %s", state)
		}
	})
}

// TestLastBroken: update mode by user is about the Item of theirs that broke last.
func TestLastBroken(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := simulated(t, db)
		ctx := t.Context()
		made := func(user string) (id string) {
			err := db.Write(ctx, func(tx *store.Tx) error {
				sn, err := h.Items.Create(ctx, tx, item.NewItem{ClientID: Client, UserID: user, InstitutionID: Platypus, Connector: "sandbank"})
				if err == nil {
					id = sn.ID
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		fail := func(id, code string) {
			err := db.Write(ctx, func(tx *store.Tx) error {
				return h.Items.Update(ctx, tx, id, func(it *item.Item) error { it.ErrorCode = code; return nil })
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		find := func(user string, ids ...string) (string, error) {
			r, err := h.Items.LastBroken(ctx, clientCall, user, ids)
			return r.ID, err
		}
		a, b, c := made("usr_1"), made("usr_1"), made("usr_1")
		stranger := made("usr_2")
		if _, err := find("usr_1"); err == nil || plaidCode(err) != "INVALID_FIELD" {
			t.Errorf("nothing is broken: %v", err)
		}
		fail(stranger, "ITEM_LOGIN_REQUIRED")
		fail(a, "ITEM_LOGIN_REQUIRED")
		h.Clock.Advance(time.Hour)
		fail(b, "ITEM_LOCKED")
		h.Clock.Advance(time.Hour)
		fail(a, "ITEM_LOGIN_REQUIRED") // still the same error
		for _, tt := range []struct {
			ids  []string
			want string
		}{{nil, b}, {[]string{a}, a}, {[]string{a, c}, a}, {[]string{c}, c}} {
			if got, err := find("usr_1", tt.ids...); err != nil || got != tt.want {
				t.Errorf("of %v: %s, %v, want %s", tt.ids, got, err, tt.want)
			}
		}
		if _, err := find("usr_1", stranger); plaidCode(err) != "ITEM_NOT_FOUND" {
			t.Errorf("another user's Item: %v", err)
		}
		fail(b, "")
		if got, err := find("usr_1"); err != nil || got != a {
			t.Errorf("after the repair of one: %s, %v", got, err)
		}
		h.Clock.Advance(31 * 24 * time.Hour) // now c's login has ended by itself, last of all
		if got, err := find("usr_1"); err != nil || !slices.Contains([]string{b, c}, got) {
			t.Errorf("after 31 days: %s, %v", got, err)
		}
	})
}

func plaidCode(err error) string {
	if e, ok := err.(*plaid.Error); ok {
		return e.Code
	}
	return fmt.Sprint(err)
}

// TestUpdateOutlivesItsProcess: a session that was begun at one process ends at
// another, and what was not yet given to the Item when the first died is not lost.
func TestUpdateOutlivesItsProcess(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		before := newDesk(t, simulated(t, db))
		before.makeItem(nil)
		before.OK("/sandbox/item/reset_login", Body{"access_token": before.has.access})
		g := before.updating(t).submit("username=user_good", "password=mfa_device").submit("device=phone_0")

		after := newDesk(t, simulated(t, db)) // the same database, nothing in memory
		after.has = before.has
		g.desk = after
		if state := after.state(Body{"access_token": after.has.access}); state != "    ITEM_LOGIN_REQUIRED, consented to [auth]\n" {
			t.Fatal(state)
		}
		g.submit("code=1234").submit()
		if g.Done == nil || g.Done.Kind != "success" {
			t.Fatalf("%+v", g.Done)
		}
		after.OK("/accounts/balance/get", Body{"access_token": after.has.access})
		if n := grants(t, db); n != 1 {
			t.Errorf("%d grants are live", n)
		}
	})
}

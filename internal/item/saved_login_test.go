package item_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/institution"
	. "github.com/glencheck-dev/glencheck/internal/item/itemtest"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/sandbank"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

func returningUser(tok *link.Token) { tok.Custom.ReturningUser = true }

// verified is a person who has confirmed their number.
func (d *desk) verified(t testing.TB, phone string) *guest {
	t.Helper()
	return d.guest(t, returningUser).submit().submit("phone=" + phone).submit("otp=123456")
}

// saves links a bank with a number and answers whether to save it.
func (g *guest) saves(answer string) *guest {
	g.Helper()
	g.pick(Platypus).submit("username=user_good", "password=pass_good").submit("account=a1", "account=a2")
	return g.do(answer, "", nil)
}

// counts are the grants that are alive at the bank, the Items and the logins that
// are saved.
func (d *desk) counts(t testing.TB) (grants, items, saved int) {
	t.Helper()
	err := d.DB.QueryRow(context.Background(), `SELECT (SELECT COUNT(*) FROM sandbank_grant WHERE sealed <> ''), (SELECT COUNT(*) FROM item WHERE removed_at = 0),
		(SELECT COUNT(*) FROM saved_login WHERE gone = FALSE)`).Scan(&grants, &items, &saved)
	if err != nil {
		t.Fatal(err)
	}
	return grants, items, saved
}

func (d *desk) counting(t testing.TB, when string, items, saved int) {
	t.Helper()
	if _, err := d.Jobs.RunDue(context.Background()); err != nil {
		t.Fatal(err)
	}
	d.Items.Wait()
	if g, i, s := d.counts(t); g != items+saved || i != items || s != saved {
		t.Errorf("%s: %d grants, %d Items, %d saved logins; want %d Items and %d logins", when, g, i, s, items, saved)
	}
}

func (g *guest) exchanged() string {
	g.Helper()
	if g.Done == nil || g.Done.Kind != "success" {
		g.Fatalf("not connected: %+v", g.DriverAnswer)
	}
	return g.OK("/item/public_token/exchange", Body{"public_token": *g.Done.PublicToken})["access_token"].(string)
}

// TestASavedLogin follows a login from its saving to its end: each Item has a
// grant of its own, and so has the profile.
func TestASavedLogin(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, simulated(t, db))
		const phone = "(415) 555-0123"
		g := d.verified(t, phone)
		if g.View != link.SelectInstitution {
			t.Fatalf("a new number leads to %s", g.View)
		}
		first := g.saves("submit").exchanged()
		d.counting(t, "saved", 1, 1)

		again := d.verified(t, "+1 415 555 0123")
		if again.View != "SELECT_SAVED_INSTITUTION" || len(again.Choices) != 1 || again.Choices[0].Detail != "2 accounts" {
			t.Fatalf("%+v", again.DriverAnswer)
		}
		again.pick(Platypus).submit("account=a2").submit()
		second := again.exchanged()
		d.counting(t, "used", 2, 1)
		d.OK("/item/remove", Body{"access_token": first})
		d.counting(t, "the first Item is removed", 1, 1)
		accounts := d.OK("/accounts/balance/get", Body{"access_token": second})["accounts"].([]any)
		if len(accounts) != 1 || accounts[0].(map[string]any)["mask"] != "1111" {
			t.Errorf("the second Item has %v", accounts)
		}

		for _, answer := range []string{"unsaved", "close"} {
			g := d.verified(t, phone).do("new", "", nil).pick("ins_109511").submit("username=user_good", "password=pass_good").submit("account=a1")
			if answer == "close" {
				g.close(false)
			} else {
				g.do(answer, "", nil)
			}
			d.OK("/item/remove", Body{"access_token": g.exchanged()})
			d.counting(t, answer, 1, 1)
		}
		for _, force := range []bool{true, false} {
			g := d.verified(t, phone).do("new", "", nil).pick(Platypus).submit("username=user_good", "password=pass_good")
			if g.close(force); g.Done == nil {
				g.do("leave", "", nil)
			}
			d.counting(t, "left", 1, 1)
		}
		kept := d.verified(t, phone).do("new", "", nil)
		kept.saves("submit") // all of it is saved already: nothing is asked
		d.OK("/item/remove", Body{"access_token": kept.exchanged()})
		d.counting(t, "linked anew", 1, 1)

		if out := d.OK("/sandbox/returning_user/reset", Body{"phone_number": "4155550123"}); out["forgotten"] != 1.0 {
			t.Errorf("forgotten: %v", out)
		}
		d.counting(t, "forgotten", 1, 0)
		if g := d.verified(t, phone); g.View != link.SelectInstitution {
			t.Errorf("a forgotten number leads to %s", g.View)
		}
		d.OK("/accounts/balance/get", Body{"access_token": second})
		if status, out := d.CallAs(Client, "/sandbox/returning_user/reset", Body{"phone_number": "12"}); status != 400 || out["error_code"] != "INVALID_FIELD" {
			t.Errorf("a number that is none: %d %v", status, out)
		}
	})
}

func TestASavedLoginThatNobodyUsesEnds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, simulated(t, db))
		d.verified(t, "4155550124").saves("submit")
		d.Clock.Advance(200 * 24 * time.Hour)
		d.counting(t, "after 200 days", 1, 1)
		d.verified(t, "4155550124").pick(Platypus).submit("account=a1").submit()
		d.Clock.Advance(364 * 24 * time.Hour)
		d.counting(t, "364 days after the last use", 2, 1)
		d.Clock.Advance(24 * time.Hour)
		d.counting(t, "a year after the last use", 2, 0)
	})
}

// amnesiac is the simulated bank, which forgets a person on demand.
type amnesiac struct {
	*sandbank.Bank
	accounts, share, revoke error
}

func (b *amnesiac) Accounts(ctx context.Context, g institution.Grant) ([]institution.Account, error) {
	if b.accounts != nil {
		return nil, b.accounts
	}
	return b.Bank.Accounts(ctx, g)
}

func (b *amnesiac) Share(ctx context.Context, g institution.Grant) (institution.Grant, error) {
	if b.share != nil {
		return "", b.share
	}
	return b.Bank.Share(ctx, g)
}

func (b *amnesiac) Revoke(ctx context.Context, g institution.Grant) error {
	if b.revoke != nil {
		return b.revoke
	}
	return b.Bank.Revoke(ctx, g)
}

// TestABankThatForgets lets the bank refuse a saved login in the moments in which
// it can.
func TestABankThatForgets(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var bank *amnesiac
		d := newDesk(t, NewIn(t, db, "sandbox", func(h *House) institution.Connector {
			bank = &amnesiac{Bank: sandbank.New(h.DB, h.Vault, h.Clock, h.IDs, h.Catalogue)}
			return bank
		}))
		const phone = "4155550125"
		login := &institution.Failure{Reason: institution.LoginRequired}
		bank.share = errors.New("connection reset")
		if g := d.verified(t, phone).pick(Platypus).submit("username=user_good", "password=pass_good").submit("account=a1"); strings.Contains(g.Lead, "Save") || g.View != link.Connected {
			t.Errorf("a bank that shares nothing: %+v", g.DriverAnswer)
		} else {
			g.submit().exchanged()
		}
		bank.share = nil
		d.verified(t, phone).saves("submit")
		d.counting(t, "saved", 2, 1)

		bank.accounts = login
		g := d.verified(t, phone).pick(Platypus)
		if bank.accounts = nil; g.View != link.Credential || len(g.Remarks) != 1 {
			t.Fatalf("a login that the bank has forgotten: %+v", g.DriverAnswer)
		}
		g.submit("username=user_good", "password=pass_good").submit("account=a1", "account=a2")
		if !strings.Contains(g.Lead, "Save the login") {
			t.Fatalf("the last pane does not ask: %q", g.Lead)
		}
		g.submit().exchanged()
		d.counting(t, "saved anew, in place of the old one", 3, 1)

		g = d.verified(t, phone).pick(Platypus)
		bank.share = login
		g.submit("account=a1")
		if bank.share = nil; g.View != link.Error || g.submit().View != link.SelectInstitution {
			t.Fatalf("forgotten at the last moment: %+v", g.DriverAnswer)
		}
		g.saves("submit").exchanged()
		d.counting(t, "after all", 4, 1)

		g = d.verified(t, phone).pick(Platypus)
		bank.share = errors.New("connection reset")
		g.submit("account=a1")
		if bank.share = nil; g.View != "SELECT_SAVED_INSTITUTION" {
			t.Fatalf("a broken line: %+v", g.DriverAnswer)
		}
		g.pick(Platypus).submit("account=a1").submit().exchanged()
		d.counting(t, "at the second try", 5, 1)

		bank.revoke = errors.New("the bank is closed")
		d.OK("/sandbox/returning_user/reset", Body{"phone_number": phone})
		if _, err := d.Jobs.RunDue(context.Background()); err != nil {
			t.Fatal(err)
		}
		d.Items.Wait()
		if grants, items, saved := d.counts(t); grants != 6 || items != 5 || saved != 0 {
			t.Errorf("the bank is closed: %d grants, %d Items, %d saved", grants, items, saved)
		}
		bank.revoke = nil
		d.Clock.Advance(2 * time.Minute)
		d.counting(t, "the bank has opened", 5, 0)
	})
}

// TestASeedIsPlantedOnce lets many people confirm one of the sandbox's own numbers
// at the same moment.
func TestASeedIsPlantedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, simulated(t, db))
		guests := make([]*guest, 6)
		for i := range guests {
			guests[i] = d.guest(t, returningUser).submit().submit("phone=4155550012")
		}
		var wait sync.WaitGroup
		for _, g := range guests {
			wait.Go(func() {
				if g.submit("otp=123456"); g.View != "SELECT_SAVED_INSTITUTION" || len(g.Choices) != 2 {
					t.Errorf("%+v", g.DriverAnswer)
				}
			})
		}
		wait.Wait()
		d.counting(t, "planted", 0, 2)
		guests[0].do("new", "", nil).pick("ins_109509").submit("username=user_good", "password=pass_good").submit("account=a1").submit()
		d.counting(t, "saved", 1, 3)
		d.verified(t, "4155550012")
		d.counting(t, "afresh", 1, 2)
	})
}

// TestNobodyIsAskedForANumber outside the sandbox, where nothing could send the
// code, in countries whose numbers the pane does not take, and of several banks.
func TestNobodyIsAskedForANumber(t *testing.T) {
	live := newDesk(t, NewIn(t, storetest.SQLite(t), "production", func(h *House) institution.Connector {
		return sandbank.New(h.DB, h.Vault, h.Clock, h.IDs, h.Catalogue)
	}))
	box := newDesk(t, simulated(t, storetest.SQLite(t)))
	for name, g := range map[string]*guest{
		"production": live.guest(t, returningUser),
		"elsewhere":  box.guest(t, returningUser, func(tok *link.Token) { tok.CountryCodes = []string{"IE"} }),
		"several":    box.guest(t, returningUser, func(tok *link.Token) { tok.MultiItem = true }),
		"by default": box.guest(t),
	} {
		if g.submit(); g.View != link.SelectInstitution {
			t.Errorf("%s: %s", name, g.View)
		}
	}
}

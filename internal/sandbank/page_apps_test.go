package sandbank

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// apps is a holder that knows its grants and keeps what it is told.
type apps struct {
	names map[string]string
	told  []string
}

func (a *apps) App(_ context.Context, id string) (string, error) { return a.names[id], nil }

func (a *apps) Withdrawn(_ context.Context, _ *store.Tx, id, ref string) error {
	a.told = append(a.told, a.names[id]+" "+ref)
	return nil
}

// give is a grant of user_good that an app uses.
func (a *apps) give(t *testing.T, w *world, user, app string) institution.Grant {
	t.Helper()
	g, err := w.bank.Import(t.Context(), "ins_13", user, "pass_good")
	if err != nil {
		t.Fatal(err)
	}
	a.names[w.bank.GrantID(g)] = app
	return g
}

func TestAPersonTakesAccessBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		holder := &apps{names: map[string]string{}}
		w.bank.Report(holder)
		wallet, other := holder.give(t, w, "user_good", "Wonderwallet"), holder.give(t, w, "user_yuppie", "Somebody else's")
		holder.give(t, w, "user_good", "") // of a session that is not finished
		list, err := w.bank.Accounts(t.Context(), wallet)
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(w.bank.Pages())
		defer server.Close()
		v := visitOnline{t, server.URL}
		_, path, body := v.post("/bank/online", url.Values{"by": {"person"}, "username": {"user_good"}})
		page := strings.Replace(path, "statement", "apps", 1)
		if !strings.Contains(body, `href="`+page+`"`) {
			t.Fatal("the statement does not lead to the apps")
		}
		status, _, body := v.get(page)
		if status != http.StatusOK || strings.Count(body, "Revoke access") != 1 || !strings.Contains(body, "Wonderwallet") || !strings.Contains(body, "PNC") {
			t.Fatal(status, body)
		}
		revoke := func(g institution.Grant, ref string) string {
			t.Helper()
			status, at, body := v.post(page+"/revoke", url.Values{"grant": {w.bank.GrantID(g)}, "account": {ref}})
			if status != http.StatusOK || at != page {
				t.Fatal(status, at)
			}
			return body
		}
		body = revoke(wallet, list[0].Ref)
		now, err := w.bank.Accounts(t.Context(), wallet)
		if err != nil || len(now) != len(list)-1 || now[0].Ref != list[1].Ref || strings.Contains(body, list[0].Ref) || !strings.Contains(body, list[1].Ref) {
			t.Errorf("after an account was taken back there are %d of %d: %v", len(now), len(list), err)
		}
		revoke(wallet, list[0].Ref) // once more, from another window
		revoke(other, "")           // another person's
		if err := w.bank.ExpireGrant(t.Context(), wallet); err != nil {
			t.Fatal(err)
		}
		if _, _, body := v.get(page); !strings.Contains(body, "sign in again") {
			t.Error("a grant that has expired is not told as such")
		}
		if body = revoke(wallet, ""); !strings.Contains(body, `id="none"`) {
			t.Error("an app is left")
		}
		revoke(wallet, "")
		want := []string{"Wonderwallet " + list[0].Ref, "Wonderwallet "}
		if !slices.Equal(holder.told, want) {
			t.Errorf("told %q, want %q", holder.told, want)
		}
		if _, err := w.bank.Accounts(t.Context(), other); err != nil {
			t.Errorf("another person's grant: %v", err)
		}
	})
}

// TestTheLastAccountTakenBack: a grant without accounts would be one to all of them.
func TestTheLastAccountTakenBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		holder := &apps{names: map[string]string{}}
		w.bank.Report(holder)
		g := holder.give(t, w, "user_good", "a")
		list, err := w.bank.Accounts(t.Context(), g)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range list {
			if err := w.bank.Withdraw(t.Context(), g, a.Ref); err != nil {
				t.Fatal(err)
			}
		}
		if got := holder.told[len(holder.told)-1]; got != "a " || len(holder.told) != len(list) {
			t.Errorf("%d notices, the last is %q", len(holder.told), got)
		}
		_, err = w.bank.Accounts(t.Context(), g)
		revoked := &institution.Failure{Reason: institution.AccessRevoked}
		if !errors.Is(err, revoked) {
			t.Error(err)
		}
		if err := w.bank.Withdraw(t.Context(), g, ""); !errors.Is(err, revoked) {
			t.Error(err)
		}
	})
}

// TestOneAccountShowsNoApps: who looks at one account by its number is nobody's person.
func TestOneAccountShowsNoApps(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		server := httptest.NewServer(w.bank.Pages())
		defer server.Close()
		v := visitOnline{t, server.URL}
		_, path, body := v.post("/bank/online", url.Values{"by": {"account"}, "account": {"987654321"}})
		if strings.Contains(body, `id="apps"`) {
			t.Error("the statement leads to apps")
		}
		if status, _, _ := v.get(strings.Replace(path, "statement", "apps", 1)); status != http.StatusGone {
			t.Error(status)
		}
	})
}

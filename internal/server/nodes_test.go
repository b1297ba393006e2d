package server_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/server/servertest"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// TestTwoServersOneDatabase runs two servers on one PostgreSQL database, as
// behind a balancer that sends every call to the other one: what one did the
// other knows at once, and what may happen once happens once.
func TestTwoServersOneDatabase(t *testing.T) {
	db := storetest.PostgresURL(t)
	a := servertest.Start(t, servertest.DB(db), servertest.RealClock())
	b := servertest.Start(t, servertest.DB(db), servertest.RealClock())

	token := a.Call(t, "/link/token/create", map[string]any{
		"client_name": "App", "language": "en", "country_codes": []string{"US"}, "products": []string{"auth"},
		"user": map[string]any{"client_user_id": "user-id"},
	}).Text("link_token")
	session := b.Call(t, "/sandbox/link/session/open", map[string]any{"link_token": token, "institution_id": "ins_109508"}).Text("session")
	step := func(s *servertest.Server, fields map[string]any) servertest.Answer {
		t.Helper()
		return s.Call(t, "/sandbox/link/session/step", map[string]any{"session": session, "fields": fields})
	}
	step(a, nil)
	accounts := step(b, map[string]any{"username": "user_good", "password": "pass_good"})
	step(a, map[string]any{"account": []string{accounts.Text("fields", "0", "options", "0", "value")}})
	public := step(b, nil).Text("done", "public_token")

	access := exchangeOnce(t, public, a, b)
	for _, s := range []*servertest.Server{a, b} {
		s.Call(t, "/auth/get", map[string]any{"access_token": access})
	}
	rotated := a.Call(t, "/item/access_token/invalidate", map[string]any{"access_token": access}).Text("new_access_token")
	b.Refused(t, "/auth/get", map[string]any{"access_token": access}, "INVALID_ACCESS_TOKEN")
	b.Call(t, "/sandbox/item/reset_login", map[string]any{"access_token": rotated})
	a.Refused(t, "/auth/get", map[string]any{"access_token": rotated}, "ITEM_LOGIN_REQUIRED")
	b.Call(t, "/item/remove", map[string]any{"access_token": rotated})
	a.Refused(t, "/item/get", map[string]any{"access_token": rotated}, "ITEM_NOT_FOUND")
}

// exchangeOnce asks both servers sixteen times at the same time to exchange one
// public token and wants one of them to.
func exchangeOnce(t *testing.T, public string, servers ...*servertest.Server) (access string) {
	t.Helper()
	var won atomic.Int64
	var mu sync.Mutex
	var asking sync.WaitGroup
	for n := range 16 {
		asking.Go(func() {
			got, err := servers[n%len(servers)].Post(t.Context(), "/item/public_token/exchange", map[string]any{"public_token": public})
			if err != nil {
				t.Error(err)
				return
			}
			if got.Status == 200 {
				won.Add(1)
				mu.Lock()
				access = got.Text("access_token")
				mu.Unlock()
			} else if code := got.Text("error_code"); code != "INVALID_PUBLIC_TOKEN" {
				t.Errorf("an exchange that came too late: %v", got.Body)
			}
		})
	}
	asking.Wait()
	if won.Load() != 1 {
		t.Fatalf("a public token was exchanged %d times", won.Load())
	}
	return access
}

// TestExchangeOnceOnSQLite is the same race on one server with one file.
func TestExchangeOnceOnSQLite(t *testing.T) {
	s := servertest.Start(t, servertest.DB(storetest.SQLiteFile(t)), servertest.RealClock())
	for range 5 {
		public := s.Call(t, "/sandbox/public_token/create", map[string]any{"institution_id": "ins_109508", "initial_products": []string{"auth"}}).Text("public_token")
		exchangeOnce(t, public, s)
	}
}

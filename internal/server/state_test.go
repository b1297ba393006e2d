package server_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/server"
	"github.com/glencheck-dev/glencheck/internal/server/servertest"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

type m = map[string]any

var none webhook.Cursor // before the first webhook

// linkOne makes an Item and returns its access token.
func linkOne(t *testing.T, s *servertest.Server) string {
	t.Helper()
	public := s.Call(t, "/sandbox/public_token/create", m{"institution_id": "ins_109508", "initial_products": []string{"auth"}}).Text("public_token")
	return s.Call(t, "/item/public_token/exchange", m{"public_token": public}).Text("access_token")
}

func onEach(t *testing.T, f func(t *testing.T, s *servertest.Server)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) { f(t, servertest.Start(t)) })
	t.Run("sqlite", func(t *testing.T) { f(t, servertest.Start(t, servertest.DB(storetest.SQLiteFile(t)))) })
	t.Run("postgres", func(t *testing.T) { f(t, servertest.Start(t, servertest.DB(storetest.PostgresURL(t)))) })
}

// TestStateComesBack: what a saved state has is there again after a load, in the
// present process and in another one, and what came later is not; with the clock,
// a login that expires by it, a Link session that runs, and a fault.
func TestStateComesBack(t *testing.T) {
	onEach(t, func(t *testing.T, s *servertest.Server) {
		kept := linkOne(t, s)
		alloy := m{"client_id": alloyID, "secret": alloySecret, "processor_token": s.Call(t, "/processor/token/create", m{
			"access_token": kept, "account_id": s.Call(t, "/accounts/get", m{"access_token": kept}).Text("accounts", "0", "account_id"), "processor": "alloy",
		}).Text("processor_token")}
		s.Call(t, "/sandbox/clock/advance", m{"days": 20})
		token := s.Call(t, "/link/token/create", m{
			"client_name": "a", "language": "en", "country_codes": []string{"US"}, "products": []string{"auth"}, "user": m{"client_user_id": "u"},
		}).Text("link_token")
		session := s.Call(t, "/sandbox/link/session/open", m{"link_token": token}).Text("session")
		s.Call(t, "/sandbox/fault/set", m{"path": "/identity/get", "error_code": "AUTH_LIMIT"})
		file := s.Call(t, "/sandbox/state/save", m{}).Text("state")
		s.Call(t, "/sandbox/state/save", m{"name": "linked"})

		spoil := func() (later string) {
			t.Helper()
			later = linkOne(t, s)
			s.Call(t, "/auth/get", m{"access_token": later})
			s.Call(t, "/auth/get", m{"access_token": kept})
			s.Call(t, "/processor/token/permissions/set", m{"processor_token": alloy["processor_token"], "products": []string{"identity"}})
			s.Refused(t, "/processor/auth/get", alloy, "INVALID_PRODUCT")
			s.Call(t, "/sandbox/fault/clear", m{})
			s.Call(t, "/sandbox/link/session/exit", m{"session": session})
			s.Call(t, "/sandbox/clock/advance", m{"days": 11})
			s.Refused(t, "/auth/get", m{"access_token": kept}, "ITEM_LOGIN_REQUIRED")
			s.Call(t, "/item/remove", m{"access_token": kept})
			return later
		}
		check := func(s *servertest.Server, later string) {
			t.Helper()
			s.Call(t, "/auth/get", m{"access_token": kept})
			s.Call(t, "/processor/auth/get", alloy)
			s.Refused(t, "/identity/get", m{"access_token": kept}, "AUTH_LIMIT")
			s.Refused(t, "/auth/get", m{"access_token": later}, "INVALID_ACCESS_TOKEN")
			if view := s.Call(t, "/sandbox/link/session/step", m{"session": session, "action": "submit"}).Text("view"); view != "SELECT_INSTITUTION" {
				t.Errorf("the session goes on with %q", view)
			}
			if now := s.Call(t, "/sandbox/clock/get", m{}).Text("now"); now != "2026-01-25T09:00:00.000Z" {
				t.Errorf("the clock stands at %s", now)
			}
			if linkOne(t, s) == kept {
				t.Error("an identifier came up again")
			}
			s.Call(t, "/sandbox/clock/advance", m{"days": 10})
			s.Refused(t, "/auth/get", m{"access_token": kept}, "ITEM_LOGIN_REQUIRED")
		}
		later := spoil()
		s.Call(t, "/sandbox/state/load", m{"name": "linked"})
		check(s, later)
		s.Call(t, "/sandbox/state/load", m{"state": file})
		check(s, later)
		s.Call(t, "/sandbox/state/load", m{"state": file})
		later = spoil()

		other := servertest.Start(t)
		linkOne(t, other)
		other.Call(t, "/sandbox/state/load", m{"state": file})
		check(other, later)
	})
}

// TestResetIsAFreshStart: after a reset the database holds what that of a server
// holds which has just started, and a seeded run is answered the same, ids included.
func TestResetIsAFreshStart(t *testing.T) {
	onEach(t, func(t *testing.T, s *servertest.Server) {
		fresh := contentOf(t, s.Store())
		first := linkOne(t, s)
		s.Call(t, "/sandbox/clock/advance", m{"days": 40})
		s.Call(t, "/sandbox/fault/set", m{"chaos": "mild"})
		s.Call(t, "/sandbox/fault/clear", m{})
		watch := clock.Stopwatch()
		s.Call(t, "/sandbox/state/reset", m{})
		t.Logf("reset took %v", watch().Round(100*time.Microsecond))
		again := contentOf(t, s.Store())
		for table := range fresh {
			if !reflect.DeepEqual(again[table], fresh[table]) {
				t.Errorf("%s holds\n%v\nand of a fresh server\n%v", table, again[table], fresh[table])
			}
		}
		if linkOne(t, s) != first {
			t.Error("the run does not repeat itself")
		}
		s.Refused(t, "/sandbox/state/load", m{"name": "none"}, "INVALID_FIELD")
	})
}

// contentOf is what a database holds, without what tells how often it was replaced
// and without what a worker writes when it likes. What a start seals is the same
// word in other letters each time, and stands as a dash.
func contentOf(t *testing.T, db *store.DB) map[string][][]any {
	t.Helper()
	c, err := db.Content(t.Context(), "snapshot", "webhook_node")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][][]any{}
	for _, table := range c.Tables {
		if table.Name == "meta" {
			table.Rows = slices.DeleteFunc(table.Rows, func(row []any) bool { return row[0] == "state" || row[0] == "clock now" })
		}
		for i, column := range table.Columns {
			if column != "sealed" && !(table.Name == "decision_version" && column == "body") {
				continue
			}
			for _, row := range table.Rows {
				row[i] = "-"
			}
		}
		all[table.Name] = table.Rows
	}
	return all
}

// TestServeBeginsWithAState: --state loads a file at the start, and a reset goes
// back to it.
func TestServeBeginsWithAState(t *testing.T) {
	s := servertest.Start(t)
	kept := linkOne(t, s)
	file, err := base64.StdEncoding.DecodeString(s.Call(t, "/sandbox/state/save", m{}).Text("state"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "linked.state")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	other := servertest.Start(t, servertest.Config(func(c *server.Config) { c.State = path }))
	a := other.Call(t, "/auth/get", m{"access_token": kept})
	other.Call(t, "/item/remove", m{"access_token": kept})
	other.Call(t, "/sandbox/state/reset", m{})
	if b := other.Call(t, "/auth/get", m{"access_token": kept}); !reflect.DeepEqual(a.Body["numbers"], b.Body["numbers"]) {
		t.Errorf("%v\n%v", a.Body, b.Body)
	}
	if err := os.WriteFile(path, []byte("no state"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := servertest.Open(servertest.Config(func(c *server.Config) { c.State = path })); err == nil {
		t.Error("a file that is none is taken")
	}
}

// TestAnotherNodeFollowsALoad: of two nodes on one database the other one goes on
// with the keys and the clock of the state.
func TestAnotherNodeFollowsALoad(t *testing.T) {
	elsewhere := servertest.Start(t)
	kept := linkOne(t, elsewhere)
	elsewhere.Call(t, "/sandbox/clock/advance", m{"days": 3})
	file := elsewhere.Call(t, "/sandbox/state/save", m{}).Text("state")

	db := storetest.PostgresURL(t)
	a, b := servertest.Start(t, servertest.DB(db)), servertest.Start(t, servertest.DB(db))
	a.Call(t, "/sandbox/state/load", m{"state": file})
	if err := b.FollowState(t.Context()); err != nil {
		t.Fatal(err)
	}
	made := map[string]bool{}
	for i, s := range []*servertest.Server{a, b} {
		s.Call(t, "/auth/get", m{"access_token": kept})
		if now := s.Call(t, "/sandbox/clock/get", m{}).Text("now"); now != "2026-01-08T09:00:00.000Z" {
			t.Errorf("node %d: the clock stands at %s", i, now)
		}
		made[linkOne(t, s)] = true
	}
	if len(made) != 2 {
		t.Error("both nodes make the same identifiers")
	}
}

// TestAStateTellsNothing: what is sealed in the database is sealed in a file of it,
// and a server with another key-encryption key cannot take it over; nor is anything
// changed by a file that is not whole.
func TestAStateTellsNothing(t *testing.T) {
	kek := kekFile(t, 7)
	s := servertest.Start(t, servertest.Config(func(c *server.Config) { c.KEK = kek }))
	const planted = "Quenby Ashgrove"
	custom := `{"override_accounts": [{"type": "depository", "subtype": "checking", "numbers": {"account": "8080123480801234"}, "identity": {"names": ["` + planted + `"]}}]}`
	public := s.Call(t, "/sandbox/public_token/create", m{
		"institution_id": "ins_109508", "initial_products": []string{"auth", "identity"}, "options": m{"override_username": "user_custom", "override_password": custom},
	}).Text("public_token")
	access := s.Call(t, "/item/public_token/exchange", m{"public_token": public}).Text("access_token")
	s.Call(t, "/identity/get", m{"access_token": access})
	state := s.Call(t, "/sandbox/state/save", m{}).Text("state")
	plain := unpack(t, state)
	for _, secret := range []string{planted, "Quenby", "8080123480801234", public, access} {
		if strings.Contains(plain, secret) {
			t.Errorf("a state shows %q", secret)
		}
	}

	other := servertest.Start(t)
	kept := linkOne(t, other)
	whole := other.Call(t, "/sandbox/state/save", m{}).Text("state")
	for name, tc := range map[string]struct{ state, want string }{
		"another key-encryption key": {state, "--kek"},
		"a newer version":            {respell(t, whole, `"migrations":[1,`, `"migrations":[1,9999,`), "a newer one"},
		"without a table":            {respell(t, whole, `"table":"item"`, `"table":"itme"`), "table item"},
		"another column":             {respell(t, whole, `"removed_note"`, `"sealed"`), "table item"},
		"keys that do not open":      {respell(t, whole, `"rows":[["main","`, `"rows":[["main","A`), "must be a state"},
	} {
		if a := other.Refused(t, "/sandbox/state/load", m{"state": tc.state}, "INVALID_FIELD"); !strings.Contains(a.Text("error_message"), tc.want) {
			t.Errorf("%s: %s", name, a.Text("error_message"))
		}
		other.Call(t, "/auth/get", m{"access_token": kept})
	}
}

func unpack(t *testing.T, state string) string {
	t.Helper()
	zip, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(state)))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}

// respell changes a few letters of a state.
func respell(t *testing.T, state, old, new string) string {
	t.Helper()
	plain := unpack(t, state)
	if !strings.Contains(plain, old) {
		t.Fatalf("no state has %s", old)
	}
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	io.WriteString(zip, strings.Replace(plain, old, new, 1))
	zip.Close()
	return base64.StdEncoding.EncodeToString(out.Bytes())
}

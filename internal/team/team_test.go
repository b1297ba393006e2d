package team

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/api/apitest"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

var start = time.Date(2026, 3, 7, 12, 0, 0, 0, time.UTC)

// world is a team with its users on one database.
type world struct {
	teams *Teams
	users *Users
	api   *api.Server
	vault *vault.Vault
}

func open(t *testing.T, db *store.DB, env string) *world {
	t.Helper()
	clk := clock.Manual(start)
	v, err := vault.Open(context.Background(), db, vault.SandboxKEK(), clk)
	if err != nil {
		t.Fatal(err)
	}
	teams, err := New(db, v, clk, env, []string{"https://*.configured.example/oauth.html"})
	if err != nil {
		t.Fatal(err)
	}
	users := NewUsers(db, v, clk, clock.NewIDs(7, 1), env)
	return &world{teams: teams, users: users, vault: v, api: api.New(api.Config{
		Env: env, Authenticate: teams.Authenticate, IDs: clock.NewIDs(8, 1), Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}, append(users.Endpoints(), teams.Endpoints(onlyIns1)...))}
}

func sandbox(t *testing.T, db *store.DB) *world {
	t.Helper()
	w := open(t, db, "sandbox")
	if err := w.teams.EnsureSandbox(context.Background(), SandboxClientID, SandboxSecret); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) post(t *testing.T, path, body string) (int, map[string]any) {
	t.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Plaid-Client-Id", SandboxClientID)
	r.Header.Set("Plaid-Secret", SandboxSecret)
	rec := httptest.NewRecorder()
	apitest.Keep(w.api).ServeHTTP(rec, r)
	var out map[string]any
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil {
		t.Fatalf("%s: %v", rec.Body, err)
	}
	return rec.Code, out
}

func TestAuthenticate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, ctx := sandbox(t, db), t.Context()
		caller, err := w.teams.Authenticate(ctx, SandboxClientID, SandboxSecret)
		if err != nil || caller.ClientID != SandboxClientID || caller.Name == "" {
			t.Fatalf("the sandbox keys: %+v, %v", caller, err)
		}
		for _, pair := range [][2]string{
			{SandboxClientID, "wrong"},
			{SandboxClientID, ""},
			{SandboxClientID, strings.ToUpper(SandboxSecret)},
			{"unknown", SandboxSecret},
			{"", SandboxSecret},
			{strings.ToUpper(SandboxClientID), SandboxSecret},
			{SandboxClientID + "\x00", SandboxSecret},
		} {
			if caller, err := w.teams.Authenticate(ctx, pair[0], pair[1]); !errors.Is(err, plaid.InvalidAPIKeys) || caller.ClientID != "" {
				t.Errorf("%q: %+v, %v; want INVALID_API_KEYS", pair, caller, err)
			}
		}
	})
}

// TestAnotherSecretEndsTheOldOne also shows that the memory of clients follows
// a change at once.
func TestAnotherSecretEndsTheOldOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, ctx := sandbox(t, db), t.Context()
		if _, err := w.teams.Authenticate(ctx, SandboxClientID, SandboxSecret); err != nil {
			t.Fatal(err)
		}
		if err := w.teams.EnsureSandbox(ctx, SandboxClientID, "a-secret-of-my-own"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.teams.Authenticate(ctx, SandboxClientID, SandboxSecret); !errors.Is(err, plaid.InvalidAPIKeys) {
			t.Errorf("the old secret: %v; want INVALID_API_KEYS", err)
		}
		if _, err := w.teams.Authenticate(ctx, SandboxClientID, "a-secret-of-my-own"); err != nil {
			t.Errorf("the new secret: %v", err)
		}
	})
}

func TestSecretIsNotStored(t *testing.T) {
	db := storetest.SQLite(t)
	sandbox(t, db)
	rows, err := db.Query(t.Context(), `SELECT secret_index FROM team_secret`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var index string
		if err := rows.Scan(&index); err != nil {
			t.Fatal(err)
		}
		if n++; len(index) != 64 || strings.Contains(index, SandboxSecret) {
			t.Errorf("kept of a secret: %q", index)
		}
	}
	if n != 1 {
		t.Errorf("%d secrets kept, want 1", n)
	}
}

func TestTwoClientsDoNotShareSecrets(t *testing.T) {
	db := storetest.SQLite(t)
	w, ctx := open(t, db, "production"), t.Context()
	for id, secret := range map[string]string{"client-1": "secret-1", "client-2": "secret-2"} {
		if err := w.teams.Ensure(ctx, Spec{ClientID: id, Secret: secret, Name: id}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.teams.Authenticate(ctx, "client-1", "secret-2"); !errors.Is(err, plaid.InvalidAPIKeys) {
		t.Errorf("client 1 with the secret of client 2: %v", err)
	}
	if c, err := w.teams.Authenticate(ctx, "client-2", "secret-2"); err != nil || c.Name != "client-2" {
		t.Errorf("client 2: %+v, %v", c, err)
	}
}

func TestProductionRefusesTheSandboxKeys(t *testing.T) {
	w, ctx := open(t, storetest.SQLite(t), "production"), t.Context()
	if err := w.teams.EnsureSandbox(ctx, "a", "b"); err == nil {
		t.Error("production made a sandbox client")
	}
	for _, s := range []Spec{
		{ClientID: SandboxClientID, Secret: "x"},
		{ClientID: "x", Secret: SandboxSecret},
		{ClientID: "x"},
		{Secret: "x"},
		{ClientID: "x", Secret: "y", RedirectURIs: []string{"not a uri"}},
		{ClientID: "x", Secret: "y", Products: []string{"payment_initiation"}},
	} {
		if err := w.teams.Ensure(ctx, s); err == nil {
			t.Errorf("%+v was accepted", s)
		}
	}
}

func TestCustomization(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, ctx := open(t, db, "production"), t.Context()
		err := w.teams.Ensure(ctx, Spec{ClientID: "c", Secret: "s", Customizations: []Customization{
			{Name: "default", AccountSelect: SelectSingle},
			{Name: "north america", Language: "en", CountryCodes: []string{"US", "CA"}, AccountSelect: SelectAll},
		}})
		if err != nil {
			t.Fatal(err)
		}
		c, err := w.teams.Client(ctx, "c")
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct {
			name, language string
			countries      []string
			want           AccountSelect
			known          bool
		}{
			{"default", "en", []string{"US"}, SelectSingle, true},
			{"default", "fr", []string{"FR", "GB"}, SelectSingle, true},
			{"north america", "en", []string{"CA", "US"}, SelectAll, true},
			{"north america", "en", []string{"US"}, SelectSingle, true}, // the countries differ: not applied
			{"north america", "fr", []string{"US", "CA"}, SelectSingle, true},
			{"north america", "en", []string{"US", "CA", "GB"}, SelectSingle, true},
			{"nowhere", "en", []string{"US"}, SelectSingle, false},
		} {
			got, known := c.Customization(test.name, test.language, test.countries)
			if got.AccountSelect != test.want || known != test.known {
				t.Errorf("%s %s %v: %s, %t; want %s, %t", test.name, test.language, test.countries, got.AccountSelect, known, test.want, test.known)
			}
		}
	})
}

func TestUnauthorized(t *testing.T) {
	w := sandbox(t, storetest.SQLite(t))
	c, err := w.teams.Client(t.Context(), SandboxClientID)
	if err != nil {
		t.Fatal(err)
	}
	got := c.Unauthorized([]string{"auth", "payment_initiation", "transactions", "beacon", "beacon", "identity"})
	if strings.Join(got, " ") != "payment_initiation beacon" {
		t.Errorf("unauthorized: %v", got)
	}
	for _, p := range linkProducts {
		if !plaid.IsProduct(p) {
			t.Errorf("%s is no product", p)
		}
	}
}

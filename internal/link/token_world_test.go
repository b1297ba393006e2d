package link

import (
	"context"
	"encoding/json"
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
	"github.com/glencheck-dev/glencheck/internal/team"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

var tokenStart = time.Date(2026, 3, 7, 12, 0, 0, 0, time.UTC)

// fakeSessions answers ForToken from memory.
type fakeSessions map[string][]SessionRecord

func (f fakeSessions) ForToken(_ context.Context, id string) ([]SessionRecord, error) {
	return f[id], nil
}

// tokenWorld is a client with link tokens on one database.
type tokenWorld struct {
	t        testing.TB
	clock    *clock.Clock
	teams    *team.Teams
	users    *team.Users
	tokens   *Tokens
	sessions fakeSessions
	api      *api.Server
	log      *strings.Builder
}

// itemToken is an access token whose Item exists.
const itemToken = "access-sandbox-b0e2c4ee-a763-4df5-bfe9-46a46bce993d"

func newTokenWorld(t testing.TB, db *store.DB, env string, change ...func(*TokensConfig)) *tokenWorld {
	t.Helper()
	ctx := context.Background()
	w := &tokenWorld{t: t, clock: clock.Manual(tokenStart), sessions: fakeSessions{}, log: &strings.Builder{}}
	log := slog.New(slog.NewTextHandler(w.log, nil))
	v, err := vault.Open(ctx, db, vault.SandboxKEK(), w.clock)
	if err != nil {
		t.Fatal(err)
	}
	ids := clock.NewIDs(3, uint64(len(env))) // two environments on one database draw different ids
	if w.teams, err = team.New(db, v, w.clock, env, nil); err != nil {
		t.Fatal(err)
	}
	if env == "sandbox" {
		err = w.teams.EnsureSandbox(ctx, team.SandboxClientID, team.SandboxSecret)
	} else {
		err = w.teams.Ensure(ctx, team.Spec{ClientID: "first", Secret: "first-secret", Name: "First", Customizations: []team.Customization{
			{Name: team.DefaultCustomization, AccountSelect: team.SelectMultiple, Settings: team.Settings{UseCases: team.UseCases[:1]}},
			{Name: "bare", AccountSelect: team.SelectMultiple},
		}})
	}
	if err != nil {
		t.Fatal(err)
	}
	w.users = team.NewUsers(db, v, w.clock, ids, env)
	cfg := TokensConfig{
		DB: db, Vault: v, Clock: w.clock, IDs: ids, Log: log, Env: env, Teams: w.teams, Users: w.users,
		Institution: func(id string) bool { return id == "ins_109508" },
		Item: func(_ context.Context, _ api.Call, token string) (Repairable, error) {
			if token == itemToken {
				return Repairable{ID: "item-1", CanSelect: true}, nil
			}
			return Repairable{}, plaid.InvalidAccessToken
		},
		UserItem: func(_ context.Context, _ api.Call, _ string, itemIDs []string) (Repairable, error) {
			if len(itemIDs) > 0 {
				return Repairable{ID: itemIDs[0]}, nil // in Europe
			}
			return Repairable{ID: "item-2", CanSelect: true}, nil
		},
	}
	for _, f := range change {
		f(&cfg)
	}
	w.tokens = NewTokens(cfg)
	w.api = api.New(api.Config{Env: env, Authenticate: w.teams.Authenticate, IDs: ids, Log: log},
		append(w.tokens.Endpoints(w.sessions), w.users.Endpoints()...))
	return w
}

// post calls an endpoint with the keys of the world's client.
func (w *tokenWorld) post(path, body string) (int, map[string]any) {
	w.t.Helper()
	id, secret := team.SandboxClientID, team.SandboxSecret
	if w.tokens.Env != "sandbox" {
		id, secret = "first", "first-secret"
	}
	status, raw := w.postAs(id, secret, path, body)
	var out map[string]any
	if err := json.Unmarshal([]byte(raw), &out); err != nil {
		w.t.Fatalf("%s: %v", raw, err)
	}
	return status, out
}

func (w *tokenWorld) postAs(id, secret, path, body string) (int, string) {
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Plaid-Client-Id", id)
	r.Header.Set("Plaid-Secret", secret)
	rec := httptest.NewRecorder()
	apitest.Keep(w.api).ServeHTTP(rec, r)
	return rec.Code, rec.Body.String()
}

// create makes a token and returns the answer.
func (w *tokenWorld) create(body string) map[string]any {
	w.t.Helper()
	status, out := w.post("/link/token/create", body)
	if status != 200 {
		w.t.Fatalf("%s\n%d %v", body, status, out)
	}
	return out
}

// token makes a token and reads it as a session would.
func (w *tokenWorld) token(body string) Token {
	w.t.Helper()
	tok, err := w.tokens.ByToken(context.Background(), w.create(body)["link_token"].(string))
	if err != nil {
		w.t.Fatal(err)
	}
	return tok
}

// request is the smallest good request with members replaced or added; a nil
// value takes one away.
func request(members ...any) string {
	m := map[string]any{
		"client_name": "Wonderwallet", "language": "en", "country_codes": []string{"US"},
		"products": []string{"auth"}, "user": map[string]any{"client_user_id": "user-id"},
	}
	for i := 0; i+1 < len(members); i += 2 {
		if members[i+1] == nil {
			delete(m, members[i].(string))
			continue
		}
		m[members[i].(string)] = members[i+1]
	}
	raw, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// user is a user object with a client_user_id and further members.
func user(members ...any) map[string]any {
	m := map[string]any{"client_user_id": "user-id"}
	for i := 0; i+1 < len(members); i += 2 {
		m[members[i].(string)] = members[i+1]
	}
	return m
}

type list = []string
type object = map[string]any

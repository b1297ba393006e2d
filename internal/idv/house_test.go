package idv_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/api/apitest"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/idv"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/team"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

type object = map[string]any

type list = []any

var start = time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC)

// house is the room on a database of its own, with the rooms that it needs.
type house struct {
	testing.TB
	*idv.Service
	db    *store.DB
	clock *clock.Clock
	jobs  *schedule.Scheduler
	users *team.Users
	teams *team.Teams
	api   http.Handler
	keys  [2]string // whose calls post makes

	mu      sync.Mutex
	notices []string
}

func newHouse(t testing.TB, db *store.DB, change ...func(*idv.Config)) *house {
	t.Helper()
	ctx, log := context.Background(), slog.New(slog.NewTextHandler(io.Discard, nil))
	h := &house{TB: t, db: db, clock: clock.Manual(start)}
	h.as(team.SandboxClientID, team.SandboxSecret)
	ids := clock.NewIDs(0, 0)
	v, err := vault.Open(ctx, db, vault.SandboxKEK(), h.clock)
	if err != nil {
		t.Fatal(err)
	}
	teams, err := team.New(db, v, h.clock, "sandbox", nil)
	if err == nil {
		err = teams.EnsureSandbox(ctx, team.SandboxClientID, team.SandboxSecret)
	}
	if err != nil {
		t.Fatal(err)
	}
	h.teams = teams
	h.jobs, h.users = schedule.New(db, h.clock, ids, log), team.NewUsers(db, v, h.clock, ids, "sandbox")
	cfg := idv.Config{
		DB: db, Vault: v, Clock: h.clock, IDs: ids, Env: "sandbox", PublicURL: "http://localhost:8484", Log: log,
		Teams: teams, Users: h.users, Scheduler: h.jobs, Templates: idv.SandboxTemplates(), Source: idv.SandboxPeople(),
		Notify: func(_ context.Context, _ *store.Tx, n idv.Notice) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.notices = append(h.notices, n.Code)
			return nil
		},
	}
	for _, f := range change {
		f(&cfg)
	}
	h.Service = idv.New(cfg)
	h.api = apitest.Keep(api.New(api.Config{Env: "sandbox", IDs: ids, Log: log, Authenticate: teams.Authenticate}, append(h.Endpoints(), h.users.Endpoints()...)))
	return h
}

// as makes the calls from here on with the keys of a client.
func (h *house) as(clientID, secret string) { h.keys = [2]string{clientID, secret} }

// post makes a call with the keys of the sandbox, unless as has said otherwise.
func (h *house) post(path string, in any) (int, object) {
	h.Helper()
	body, ok := in.(string)
	if !ok {
		raw, err := json.Marshal(in)
		if err != nil {
			h.Fatal(err)
		}
		body = string(raw)
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("content-type", "application/json")
	r.Header.Set("PLAID-CLIENT-ID", h.keys[0])
	r.Header.Set("PLAID-SECRET", h.keys[1])
	w := httptest.NewRecorder()
	h.api.ServeHTTP(w, r)
	var out object
	if err := json.NewDecoder(bytes.NewReader(w.Body.Bytes())).Decode(&out); err != nil {
		h.Fatalf("%s: %v in %s", path, err, w.Body)
	}
	return w.Code, out
}

// ok is post for a call that succeeds.
func (h *house) ok(path string, in any) object {
	h.Helper()
	status, out := h.post(path, in)
	if status != http.StatusOK {
		h.Fatalf("%s: %d %v", path, status, out)
	}
	return out
}

// refused is post for a call that is answered with an error.
func (h *house) refused(path string, in any, status int, code, message string) {
	h.Helper()
	got, out := h.post(path, in)
	if got != status || out["error_code"] != code || message != "" && out["error_message"] != message {
		h.Errorf("%s: %d %v %q; want %d %s %q", path, got, out["error_code"], out["error_message"], status, code, message)
	}
}

// after lets a time pass, and does what falls due.
func (h *house) after(d time.Duration) {
	h.Helper()
	h.clock.Advance(d)
	if _, err := h.jobs.RunDue(context.Background()); err != nil {
		h.Fatal(err)
	}
}

func (h *house) get(id any) object {
	h.Helper()
	return h.ok("/identity_verification/get", object{"identity_verification_id": id})
}

// told are the webhooks since it was asked last.
func (h *house) told() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := strings.Join(h.notices, " ")
	h.notices = nil
	return s
}

const (
	kycOnly = "idvtmp_KycSourceAAAA1"
	strict  = "idvtmp_StrictKycAAAA1"
	classic = "flwtmp_aWogUuKsL6NEHU"
)

// leslie is whom the sandbox knows, with changes: nil takes a member away.
func leslie(changes ...any) object {
	u := object{
		"name": object{"given_name": "Leslie", "family_name": "Knope"}, "date_of_birth": "1975-01-18", "phone_number": "+12345678909",
		"address":   object{"street": "123 Main St.", "city": "Pawnee", "region": "IN", "postal_code": "46001", "country": "US"},
		"id_number": object{"type": "us_ssn", "value": "123456789"},
	}
	for i := 0; i < len(changes); i += 2 {
		if changes[i+1] == nil {
			delete(u, changes[i].(string))
		} else {
			u[changes[i].(string)] = changes[i+1]
		}
	}
	return u
}

func creation(who, template string, more ...any) object {
	in := object{"client_user_id": who, "template_id": template, "gave_consent": true, "is_shareable": false}
	for i := 0; i < len(more); i += 2 {
		in[more[i].(string)] = more[i+1]
	}
	return in
}

func at(v any, path ...string) any {
	for _, p := range path {
		m, ok := v.(object)
		if !ok {
			return nil
		}
		v = m[p]
	}
	return v
}

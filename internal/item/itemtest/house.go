package itemtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/api/apitest"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// Platypus is the institution that most tests use; it offers every product but
// those that Tattersall and the rest are there for.
const (
	Platypus   = "ins_109508"
	Tattersall = "ins_109510" // no auth, no identity
	CapitalOne = "ins_128026"
)

// Start is when the clock of a House begins.
var Start = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// House is a set of rooms on one database.
type House struct {
	T         testing.TB
	DB        *store.DB
	Vault     *vault.Vault
	Clock     *clock.Clock
	IDs       *clock.IDs
	Jobs      *schedule.Scheduler
	Catalogue *institution.Catalogue
	Bank      *Bank
	Items     *item.Items
	Log       *Log

	env    string
	server *api.Server
}

// Log is a log that several goroutines write and a test reads.
type Log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write adds to the log.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

// String is everything logged so far.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// New builds a sandbox house on db.
func New(t testing.TB, db *store.DB) *House { return NewIn(t, db, "sandbox", nil) }

// NewIn builds a house of an environment whose connector is the one that connect
// makes, or Bank for nil.
func NewIn(t testing.TB, db *store.DB, env string, connect func(*House) institution.Connector) *House {
	t.Helper()
	h := &House{T: t, DB: db, env: env, Clock: clock.Manual(Start), IDs: clock.NewIDs(0, 0), Bank: NewBank(), Log: &Log{}}
	log := slog.New(slog.NewTextHandler(h.Log, nil))
	v, err := vault.Open(context.Background(), db, vault.SandboxKEK(), h.Clock)
	if err != nil {
		t.Fatal(err)
	}
	h.Vault = v
	h.Jobs = schedule.New(db, h.Clock, h.IDs, log)
	h.Catalogue = institution.New()
	var conn institution.Connector = h.Bank
	if connect != nil {
		conn = connect(h)
	}
	h.Items = item.New(db, v, h.Clock, h.IDs, env, h.Catalogue, map[string]institution.Connector{"sandbank": conn}, h.Jobs)
	t.Cleanup(func() {
		h.Items.Wait()
		if t.Failed() {
			t.Logf("log:\n%s", h.Log)
		}
	})
	h.Serve()
	return h
}

// Serve answers the endpoints of Items and of other rooms.
func (h *House) Serve(more ...api.Endpoint) {
	h.server = api.New(api.Config{
		Env: h.env, IDs: h.IDs, Log: slog.New(slog.NewTextHandler(h.Log, nil)),
		Authenticate: func(_ context.Context, id, secret string) (api.Caller, error) {
			if secret != "secret of "+id {
				return api.Caller{}, plaid.InvalidAPIKeys
			}
			return api.Caller{ClientID: id}, nil
		},
	}, append(h.Items.Endpoints(), more...))
}

// The two clients that have keys.
const (
	Client   = "client-a"
	Stranger = "client-b"
)

// Body is the body of a request.
type Body map[string]any

// CallAs makes a request with the keys of a client.
func (h *House) CallAs(client, path string, body Body) (int, Body) {
	h.T.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		h.T.Fatal(err)
	}
	r := httptest.NewRequest("POST", path, bytes.NewReader(raw))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("PLAID-CLIENT-ID", client)
	r.Header.Set("PLAID-SECRET", "secret of "+client)
	w := httptest.NewRecorder()
	apitest.Keep(h.server).ServeHTTP(w, r)
	out := Body{}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		h.T.Fatalf("%s: %v: %s", path, err, w.Body)
	}
	return w.Code, out
}

// OK makes a request that must succeed.
func (h *House) OK(path string, body Body) Body {
	h.T.Helper()
	status, out := h.CallAs(Client, path, body)
	if status != 200 {
		h.T.Fatalf("%s: %d %v", path, status, out)
	}
	return out
}

// Fails makes a request that must fail with an error's type, code, message and
// status.
func (h *House) Fails(path string, body Body, want *plaid.Error) {
	h.T.Helper()
	status, out := h.CallAs(Client, path, body)
	var display any
	if want.Display != "" {
		display = want.Display
	}
	if status != want.HTTPStatus() || out["error_type"] != want.Type || out["error_code"] != want.Code ||
		out["error_message"] != want.Message || out["display_message"] != display {
		h.T.Errorf("%s: %d %v\nwant %d %v (%v)", path, status, out, want.HTTPStatus(), want, display)
	}
}

// Public makes a public token of an Item at an institution.
func (h *House) Public(institutionID string, products ...string) string {
	h.T.Helper()
	out := h.OK("/sandbox/public_token/create", Body{"institution_id": institutionID, "initial_products": products})
	return out["public_token"].(string)
}

// Item makes an Item at an institution and returns its access token.
func (h *House) Item(institutionID string, products ...string) string {
	h.T.Helper()
	out := h.OK("/item/public_token/exchange", Body{"public_token": h.Public(institutionID, products...)})
	return out["access_token"].(string)
}

// Webhooks lets webhooks be written, which nobody delivers here, and returns what
// lists their types and codes.
func (h *House) Webhooks() (told func() []string) {
	o := webhook.New(webhook.Config{DB: h.DB, Vault: h.Vault, Clock: h.Clock, IDs: h.IDs, Log: slog.New(slog.NewTextHandler(h.Log, nil))})
	o.Register(webhook.Plaid, webhook.NewPlaid(nil))
	h.Items.WithOutbox(o)
	return func() []string {
		h.T.Helper()
		list, err := o.Deliveries(context.Background(), webhook.Filter{ClientID: Client})
		if err != nil {
			h.T.Fatal(err)
		}
		codes := []string{}
		for _, d := range list {
			codes = append(codes, d.Type+" "+d.Code)
		}
		return codes
	}
}

// Hides closes the database, a SQLite file, and reports every planted value that
// can be read in it or in the log.
func (h *House) Hides(file string, planted ...string) {
	h.T.Helper()
	if err := h.DB.Close(); err != nil {
		h.T.Fatal(err)
	}
	var raw []byte
	for _, name := range []string{file, file + "-wal"} {
		part, err := os.ReadFile(name)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			h.T.Fatal(err)
		}
		raw = append(raw, part...)
	}
	if !bytes.Contains(raw, []byte(Platypus)) {
		h.T.Error("the file does not even hold what it may")
	}
	raw = append(raw, h.Log.String()...)
	for _, p := range planted {
		if bytes.Contains(raw, []byte(p)) {
			h.T.Errorf("%q can be read", p)
		}
	}
}

// ServeHTTP answers a request, for tests that make their own.
func (h *House) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	apitest.Keep(h.server).ServeHTTP(w, r)
}

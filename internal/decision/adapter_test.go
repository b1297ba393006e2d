package decision_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/vault"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

var start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// office is a partner's service without a server around it.
type office struct {
	t     *testing.T
	api   http.Handler
	d     *decision.Decisions
	db    *store.DB
	clock *clock.Clock
	jobs  *schedule.Scheduler
	log   *logBuffer

	outbox *webhook.Outbox
}

// logBuffer is a log that several calls may write to.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// filterAll wants every webhook of the account.
var filterAll = webhook.Filter{ClientID: account}

// account is the customer that the sandbox's credentials belong to.
const account = "676c656e636865636b736278"

func newOffice(t *testing.T, db *store.DB, change ...func(*decision.Config)) *office {
	t.Helper()
	ctx := context.Background()
	clk := clock.Manual(start)
	v, err := vault.Open(ctx, db, vault.SandboxKEK(), clk)
	if err != nil {
		t.Fatal(err)
	}
	epoch, err := db.NextEpoch(ctx)
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, db: db, clock: clk, log: &logBuffer{}}
	log := slog.New(slog.NewTextHandler(o.log, nil))
	o.jobs = schedule.New(db, clk, clock.NewIDs(2, epoch), log)
	cfg := decision.Config{
		Sandbox: true, Account: account, Token: decision.SandboxToken, Secret: decision.SandboxSecret,
		DB: db, Vault: v, Clock: clk, IDs: clock.NewIDs(1, epoch), Log: log, Scheduler: o.jobs,
		Outbox: webhook.New(webhook.Config{DB: db, Vault: v, Clock: clk, IDs: clock.NewIDs(3, epoch), Log: log}),
	}
	for _, c := range change {
		c(&cfg)
	}
	o.outbox = cfg.Outbox
	o.d = decision.New(cfg)
	if err := o.d.Ensure(ctx); err != nil {
		t.Fatal(err)
	}
	o.api = o.d.Server()
	return o
}

// answer is what the API said.
type answer struct {
	t      *testing.T
	Status int
	Header http.Header
	Raw    []byte
	Body   map[string]any
}

// header is a header of a call, beside the credentials.
type header struct{ name, value string }

func basicAuth(token, secret string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(token+":"+secret))
}

// call asks the API with the credentials of the sandbox unless headers have others.
// A body that is no text is sent as JSON.
func (o *office) call(method, path string, body any, headers ...header) answer {
	o.t.Helper()
	var content io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		content = bytes.NewReader([]byte(b))
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			o.t.Fatal(err)
		}
		content = bytes.NewReader(raw)
	}
	r := httptest.NewRequest(method, path, content)
	r.Header.Set("Authorization", basicAuth(decision.SandboxToken, decision.SandboxSecret))
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		if r.Header.Set(h.name, h.value); h.value == "" {
			r.Header.Del(h.name)
		}
	}
	w := httptest.NewRecorder()
	o.api.ServeHTTP(w, r)
	a := answer{t: o.t, Status: w.Code, Header: w.Header(), Raw: w.Body.Bytes()}
	_ = json.Unmarshal(a.Raw, &a.Body)
	if a.Status == http.StatusInternalServerError {
		o.t.Logf("the log: %s", o.log)
	}
	return a
}

// ok demands a status.
func (a answer) ok(status int) answer {
	a.t.Helper()
	if a.Status != status {
		a.t.Fatalf("status %d, want %d: %s", a.Status, status, a.Raw)
	}
	return a
}

// at finds a value by the names on the way to it; nil if there is none.
func (a answer) at(path ...any) any {
	a.t.Helper()
	v := any(a.Body)
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			l, _ := v.([]any)
			if p >= len(l) {
				return nil
			}
			v = l[p]
		}
	}
	return v
}

func (a answer) text(path ...any) string {
	s, _ := a.at(path...).(string)
	return s
}

// TestBearer asks for tokens in both documented ways, uses them, and lets them end.
func TestBearer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		none := header{"Authorization", ""}
		inHeader := o.call("POST", "/v1/oauth/bearer", map[string]any{"grant_type": "client_credentials"}).ok(200)
		if inHeader.text("token_type") != "bearer" || inHeader.at("expires_in") != 3600.0 || inHeader.at("expires") != nil {
			t.Errorf("with the credentials in the header: %s", inHeader.Raw)
		}
		inBody := o.call("POST", "/partners/alloy/v1/oauth/bearer",
			map[string]any{"application_token": decision.SandboxToken, "application_secret": decision.SandboxSecret}, none).ok(200)
		if inBody.at("expires") != float64(start.Add(time.Hour).UnixMilli()) || inBody.at("access_token") != nil {
			t.Errorf("with the credentials in the body: %s", inBody.Raw)
		}
		unknown := func(token string) int {
			return o.call("GET", "/v1/nothing", nil, header{"Authorization", "Bearer " + token}).Status
		}
		for _, token := range []string{inHeader.text("access_token"), inBody.text("bearer_token")} {
			if _, err := o.d.Authenticate(context.Background(), "Bearer "+token); err != nil {
				t.Errorf("a token that was just made: %v", err)
			}
			for _, bad := range []string{token + "x", token[1:], "", "a.b.c", token[:len(token)-2]} {
				if _, err := o.d.Authenticate(context.Background(), "Bearer "+bad); err == nil {
					t.Errorf("a spoilt token is taken: %q", bad)
				}
			}
			if got := unknown(token); got != 404 {
				t.Errorf("a path that is not there: %d", got)
			}
		}
		o.clock.Advance(time.Hour)
		if _, err := o.d.Authenticate(context.Background(), "Bearer "+inHeader.text("access_token")); err == nil {
			t.Error("a token lives longer than an hour")
		}
		o.call("POST", "/v1/oauth/bearer", nil, header{"Authorization", basicAuth(decision.SandboxToken, "wrong")}).ok(401)
		o.call("POST", "/v1/oauth/bearer", map[string]any{"application_token": decision.SandboxToken}, none).ok(400)
		o.call("POST", "/v1/oauth/bearer", map[string]any{"grant_type": "password"}).ok(400)
	})
}

// clone is a copy of an object that shares nothing with it.
func clone(t *testing.T, o map[string]any) (c map[string]any) {
	t.Helper()
	raw, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

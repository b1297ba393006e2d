package contact_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/contact"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
	"github.com/glencheck-dev/glencheck/internal/webhook"
	"github.com/glencheck-dev/glencheck/internal/webhook/webhooktest"
)

var start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// agency is the API client that the sandbox's key belongs to.
const agency = "676c656e636865636b736278"

type m = map[string]any

// office is the contacts' API without a server around it.
type office struct {
	t      *testing.T
	api    http.Handler
	c      *contact.Contacts
	db     *store.DB
	clock  *clock.Clock
	jobs   *schedule.Scheduler
	outbox *webhook.Outbox
	got    *webhooktest.Receiver
	log    *logBuffer
	key    string
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

func newOffice(t *testing.T, db *store.DB, change ...func(*contact.Config)) *office {
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
	o := &office{t: t, db: db, clock: clk, got: webhooktest.NewReceiver(clk), log: &logBuffer{}, key: contact.SandboxKey}
	log := slog.New(slog.NewTextHandler(o.log, nil))
	o.jobs = schedule.New(db, clk, clock.NewIDs(2, epoch), log)
	o.outbox = webhook.New(webhook.Config{DB: db, Vault: v, Clock: clk, IDs: clock.NewIDs(3, epoch), Log: log, Transport: o.got})
	cfg := contact.Config{
		Sandbox: true, Introspection: true, ClientID: agency, Key: contact.SandboxKey,
		DB: db, Vault: v, Clock: clk, IDs: clock.NewIDs(1, epoch), Log: log, Outbox: o.outbox,
	}
	for _, c := range change {
		c(&cfg)
	}
	o.c = contact.New(cfg)
	if err := o.c.Ensure(ctx); err != nil {
		t.Fatal(err)
	}
	if o.api, err = o.c.Server(); err != nil {
		t.Fatal(err)
	}
	return o
}

// delivering lets the webhooks of an office be sent.
func (o *office) delivering() *office {
	o.t.Helper()
	webhooktest.Deliver(o.t, o.jobs, o.outbox)
	return o
}

func (o *office) settle() {
	o.t.Helper()
	if err := o.outbox.Settle(context.Background()); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) travel(d time.Duration) {
	o.t.Helper()
	if _, err := o.jobs.Travel(context.Background(), d); err != nil {
		o.t.Fatal(err)
	}
}

// with is the office as the holder of another key sees it.
func (o *office) with(key string) *office {
	other := *o
	other.key = key
	return &other
}

// answer is what the API said.
type answer struct {
	t      *testing.T
	Status int
	Header http.Header
	Raw    string
	Data   m
	Errors []struct {
		Message    string
		Path       []any
		Extensions m
	}
	Extensions m
}

func (o *office) post(body string, headers ...string) answer {
	o.t.Helper()
	r := httptest.NewRequest("POST", "/graphql", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if o.key != "" {
		r.Header.Set("Authorization", "Bearer "+o.key)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return o.serve(r)
}

func (o *office) serve(r *http.Request) answer {
	o.t.Helper()
	w := httptest.NewRecorder()
	o.api.ServeHTTP(w, r)
	a := answer{t: o.t, Status: w.Code, Header: w.Header(), Raw: w.Body.String()}
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		o.t.Fatalf("%v: %s", err, a.Raw)
	}
	return a
}

// ask runs an operation.
func (o *office) ask(query string, variables m, headers ...string) answer {
	o.t.Helper()
	raw, err := json.Marshal(m{"query": query, "variables": variables})
	if err != nil {
		o.t.Fatal(err)
	}
	return o.post(string(raw), headers...)
}

// ok is the data of an answer without errors.
func (a answer) ok() answer {
	a.t.Helper()
	if a.Status != 200 || len(a.Errors) > 0 {
		a.t.Fatalf("%d: %s", a.Status, a.Raw)
	}
	return a
}

// refused expects one error of a code.
func (a answer) refused(code string) answer {
	a.t.Helper()
	if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != code || a.Errors[0].Message == "" {
		a.t.Errorf("want %s: %d %s", code, a.Status, a.Raw)
	}
	return a
}

// at is what stands at a path of the data.
func (a answer) at(path ...string) any {
	a.t.Helper()
	var v any = a.Data
	for _, name := range path {
		switch in := v.(type) {
		case m:
			v = in[name]
		case []any:
			n, err := strconv.Atoi(name)
			if err != nil || n >= len(in) {
				a.t.Fatalf("no %v in %s", path, a.Raw)
			}
			v = in[n]
		default:
			a.t.Fatalf("no %v in %s", path, a.Raw)
		}
	}
	return v
}

func (a answer) text(path ...string) string {
	a.t.Helper()
	s, ok := a.at(path...).(string)
	if !ok {
		a.t.Fatalf("no text at %v in %s", path, a.Raw)
	}
	return s
}

const nine = `orgId id name givenName familyName email phone createdAt updatedAt`

func (o *office) create(input m) string {
	o.t.Helper()
	all := m{"orgId": contact.SandboxOrg}
	for k, v := range input {
		all[k] = v
	}
	return o.ask(`mutation ($input: CreateContactInput!) { createContact(input: $input) { id } }`, m{"input": all}).ok().text("createContact", "id")
}

// names lists contacts in their order.
func (o *office) names(input m) ([]string, answer) {
	o.t.Helper()
	all := m{"orgId": contact.SandboxOrg}
	for k, v := range input {
		all[k] = v
	}
	a := o.ask(`query ($input: ContactsInput!) { contacts(input: $input) { edges { node { name } cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`, m{"input": all}).ok()
	var names []string
	for _, e := range a.at("contacts", "edges").([]any) {
		names = append(names, e.(m)["node"].(m)["name"].(string))
	}
	return names, a
}

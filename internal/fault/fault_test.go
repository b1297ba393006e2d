package fault

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

var start = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// world is a room of faults whose requests are all about the Item of the test.
type world struct {
	*Faults
	clock *clock.Clock
	item  atomic.Value // string
}

func open(t *testing.T, db *store.DB, seed uint64) *world {
	t.Helper()
	w := &world{clock: clock.Manual(start)}
	w.item.Store("item")
	v, err := vault.Open(t.Context(), db, vault.SandboxKEK(), w.clock)
	if err != nil {
		t.Fatal(err)
	}
	w.Faults = New(Config{
		DB: db, Vault: v, Clock: w.clock, Log: slog.New(slog.DiscardHandler), Seed: seed,
		Item:        func(context.Context, api.Asked) (string, string) { return w.item.Load().(string), "ins_1" },
		Institution: func(id string) bool { return id == "ins_1" },
	})
	if err := w.Start(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) must(t *testing.T, s Spec) string {
	t.Helper()
	a, err := w.setOne(t.Context(), api.Call{}, s)
	if err != nil {
		t.Fatal(err)
	}
	return a.Fault.FaultID
}

var errServed = errors.New("served") // what every endpoint of these tests answers

// ask sends one call of a client through the gate.
func (w *world) ask(path, client string) error {
	if !w.Watching() {
		return errServed
	}
	_, err := w.Pass(context.Background(), api.Asked{Path: path, Caller: api.Caller{ClientID: client}}, func() (any, error) { return nil, errServed })
	return err
}

// TestCountIsExact sends calls from many hands through two nodes on one database:
// exactly as many are struck as were asked for.
func TestCountIsExact(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 1)
		id := w.must(t, Spec{Path: "*", ErrorCode: "AUTH_LIMIT", Skip: 5, Count: 7})
		nodes := []*world{w}
		if !db.SingleNode() {
			other := open(t, db, 1)
			nodes = append(nodes, other)
		}
		var struck atomic.Int64
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				switch err := nodes[i%len(nodes)].ask("/auth/get", "a"); {
				case errors.Is(err, plaid.AuthLimit):
					struck.Add(1)
				case err != errServed:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if struck.Load() != 7 {
			t.Errorf("struck %d of 40 calls, want 7", struck.Load())
		}
		list, err := w.list(t.Context(), api.Call{}, struct{}{})
		if err != nil || len(list.Faults) != 1 || list.Faults[0].FaultID != id || list.Faults[0].Struck != 7 || !list.Faults[0].Over {
			t.Errorf("%+v %v", list, err)
		}
		for _, n := range nodes {
			n.ask("/auth/get", "a") // a node learns at its next call that there is nothing more to do
			if n.Watching() {
				t.Error("a fault that is over still costs something")
			}
		}
	})
}

// TestAnotherNodeFollows: what is set and cleared on one node is at work on the
// other, which looks each second.
func TestAnotherNodeFollows(t *testing.T) {
	db := storetest.Postgres(t)
	a, b := open(t, db, 0), open(t, db, 0)
	look := func() {
		t.Helper()
		if err := b.look(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	id := a.must(t, Spec{Path: "/auth/get", ErrorCode: "AUTH_LIMIT"})
	if look(); !errors.Is(b.ask("/auth/get", "c"), plaid.AuthLimit) {
		t.Error("the other node does not know of the fault")
	}
	if _, err := a.clear(t.Context(), api.Call{}, ClearRequest{FaultID: id}); err != nil {
		t.Fatal(err)
	}
	if look(); b.Watching() {
		t.Error("the other node does not know that it was cleared")
	}
}

func TestOnly(t *testing.T) {
	w := open(t, storetest.SQLite(t), 0)
	w.must(t, Spec{Path: "/auth/*", Only: Only{ClientID: "a", ItemID: "item", InstitutionID: "ins_1"}, ErrorCode: "AUTH_LIMIT"})
	for _, c := range []struct {
		path, client, item string
		struck             bool
	}{
		{"/auth/get", "a", "item", true},
		{"/auth/get", "b", "item", false},
		{"/auth/get", "a", "other", false},
		{"/auth/verify", "a", "item", true},
		{"/authx", "a", "item", false},
		{"/identity/get", "a", "item", false},
	} {
		w.item.Store(c.item)
		if got := errors.Is(w.ask(c.path, c.client), plaid.AuthLimit); got != c.struck {
			t.Errorf("%+v: struck %v", c, got)
		}
	}
}

// TestFirstAnswerWins: latencies add up until a fault answers, and the levers of
// the sandbox are never touched.
func TestFirstAnswerWins(t *testing.T) {
	w := open(t, storetest.SQLite(t), 0)
	w.must(t, Spec{Path: "/auth/get", LatencyMS: 15})
	w.must(t, Spec{Path: "*", LatencyMS: 15, ErrorCode: "ITEM_LOCKED", ErrorMessage: "closed for today"})
	w.must(t, Spec{Path: "*", ErrorCode: "AUTH_LIMIT"})
	took := clock.Stopwatch()
	err := w.ask("/auth/get", "a")
	if e := new(plaid.Error); !errors.As(err, &e) || e.Code != "ITEM_LOCKED" || e.Message != "closed for today" {
		t.Errorf("answered %v", err)
	}
	if took() < 30*time.Millisecond {
		t.Errorf("took %v, want 30 ms at least", took())
	}
	if err := w.ask("/sandbox/fault/clear", "a"); err != errServed {
		t.Errorf("a lever answered %v", err)
	}
}

// TestLostAnswer: the call is served, and the client hears something else.
func TestLostAnswer(t *testing.T) {
	w := open(t, storetest.SQLite(t), 0)
	for _, when := range []string{before, after} {
		w.must(t, Spec{Path: "/item/get", Disconnect: true, When: when, Count: 1})
		served := false
		_, err := w.Pass(t.Context(), api.Asked{Path: "/item/get"}, func() (any, error) { served = true; return nil, nil })
		if !errors.Is(err, api.ErrCutOff) || served != (when == after) {
			t.Errorf("%s: served %v, answered %v", when, served, err)
		}
	}
}

// TestSeededDraws: with a seed the same calls are struck in each run, and about as
// many as the probability says.
func TestSeededDraws(t *testing.T) {
	run := func(seed uint64) (struck int, which string) {
		w := open(t, storetest.SQLite(t), seed)
		p := 0.3
		w.must(t, Spec{Path: "*", ErrorCode: "AUTH_LIMIT", Probability: &p})
		for range 200 {
			if errors.Is(w.ask("/auth/get", "a"), plaid.AuthLimit) {
				struck++
				which += "x"
			} else {
				which += "."
			}
		}
		return struck, which
	}
	n, a := run(7)
	if _, b := run(7); a != b {
		t.Error("two runs with a seed differ")
	}
	if _, c := run(8); a == c {
		t.Error("two seeds are the same")
	}
	if n < 40 || n > 80 {
		t.Errorf("struck %d of 200 calls", n)
	}
}

// TestEndsByTheClock: what lasts for a time ends with it, and costs nothing more.
func TestEndsByTheClock(t *testing.T) {
	w := open(t, storetest.SQLite(t), 0)
	w.must(t, Spec{Outage: &Outage{"ins_1", "degraded"}})
	w.must(t, Spec{Outage: &Outage{"ins_1", "down"}, ForSeconds: 60})
	for _, want := range []string{"down", "degraded"} {
		if health, since, ok := w.Health("ins_1"); !ok || health != want || !since.Equal(start) {
			t.Errorf("%s since %v, %v; want %s", health, since, ok, want)
		}
		w.clock.Advance(time.Minute)
	}
	if _, _, ok := w.Health("ins_2"); ok {
		t.Error("another bank is touched")
	}
}

// TestProfileIsReplaced: what the program was started with is replaced at the next
// start, what the API has set stays.
func TestProfileIsReplaced(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0)
		if err := w.Start(t.Context(), []Spec{{RateLimits: "plaid"}, {Chaos: "mild"}}); err != nil {
			t.Fatal(err)
		}
		w.must(t, Spec{Path: "/auth/get", ErrorCode: "AUTH_LIMIT"})
		if !w.Watching() {
			t.Error("nothing is at work")
		}
		if err := w.Start(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		list, err := w.list(t.Context(), api.Call{}, struct{}{})
		if err != nil || len(list.Faults) != 1 || list.Faults[0].Path != "/auth/get" {
			t.Errorf("%+v %v", list, err)
		}
	})
}

func TestReadProfile(t *testing.T) {
	for raw, want := range map[string]string{
		`{"faults": [{"path": "/auth/get", "error_code": "AUTH_LIMIT"}, {"chaos": "mild"}]}`: "",
		`{"faults": []}`:                  "",
		`{`:                               "INVALID_REQUEST/INVALID_BODY: body could not be parsed as JSON",
		`{}`:                              "INVALID_REQUEST/MISSING_FIELDS: the following required fields are missing: faults",
		`{"faults": [{"pth": "*"}]}`:      "INVALID_REQUEST/UNKNOWN_FIELDS: the following fields are not recognized by this endpoint: faults[0].pth",
		`{"faults": [{"chaos": "wild"}]}`: "INVALID_REQUEST/INVALID_FIELD: faults[0].chaos must be one of: mild",
		`{"faults": [{"chaos": "mild"}, {"path": "*"}]}`:                                 "INVALID_REQUEST/INVALID_FIELD: faults[1].error_code, disconnect, latency_ms or jitter_ms must be given",
		`{"faults": [{"chaos": "mild", "count": 3}]}`:                                    "INVALID_REQUEST/INVALID_FIELD: faults[0].path must be given: the other members but for_seconds belong to it or to webhook",
		`{"faults": [{"path": "*", "disconnect": true, "error_code": "AUTH_LIMIT"}]}`:    "INVALID_REQUEST/INVALID_FIELD: faults[0].error_code must be left out with disconnect: there is no answer",
		`{"faults": [{"path": "*", "latency_ms": 5, "when": "after"}]}`:                  "INVALID_REQUEST/INVALID_FIELD: faults[0].error_code or disconnect must be given when the answer is to be lost",
		`{"faults": [{"path": "*", "latency_ms": 50000, "jitter_ms": 1}]}`:               "INVALID_REQUEST/INVALID_FIELD: faults[0].latency_ms and jitter_ms must be at most 50000 together",
		`{"faults": [{"webhook": {"do": "drop"}, "error_code": "AUTH_LIMIT"}]}`:          "INVALID_REQUEST/INVALID_FIELD: faults[0].path must be given: error_code, error_message, disconnect, when, latency_ms and jitter_ms belong to it",
		`{"faults": [{"webhook": {"do": "delay"}}]}`:                                     "INVALID_REQUEST/INVALID_FIELD: faults[0].webhook.delay_seconds must be given with do delay, and with nothing else",
		`{"faults": [{"webhook": {"do": "drop", "copies": 2}}]}`:                         "INVALID_REQUEST/INVALID_FIELD: faults[0].webhook.copies must be left out unless do is duplicate",
		`{"faults": [{"webhook": {"do": "forge"}}]}`:                                     "INVALID_REQUEST/INVALID_FIELD: faults[0].webhook.forgery must be given with do forge, and with nothing else",
		`{"faults": [{"webhook": {"do": "drop"}, "only": {"institution_id": "ins_1"}}]}`: "INVALID_REQUEST/INVALID_FIELD: faults[0].only.institution_id must be left out: webhooks are narrowed by client_id and item_id",
		`{"faults": [{"webhook": {}}]}`:                                                  "INVALID_REQUEST/MISSING_FIELDS: the following required fields are missing: faults[0].webhook.do",
		`{"faults": [{"path": "*", "latency_ms": 5, "error_message": "x"}]}`:             "INVALID_REQUEST/INVALID_FIELD: faults[0].error_code must be given with error_message",
	} {
		specs, err := ReadProfile([]byte(raw))
		if err == nil {
			err = Check(specs, func(string) bool { return true })
		}
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s:\n got %s\nwant %s", raw, got, want)
		}
	}
}

// TestEveryCodeCanBeSet: any error of the table can be asked for.
func TestEveryCodeCanBeSet(t *testing.T) {
	for _, code := range plaid.Codes() {
		s := Spec{Path: "*", ErrorCode: code}
		if err := s.check("", nil); err != nil {
			t.Errorf("%s: %v", code, err)
		}
		if got := s.problem(); got.Code != code || got.Type == "" {
			t.Errorf("%s: %v", code, got)
		}
	}
}

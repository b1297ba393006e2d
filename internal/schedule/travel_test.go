package schedule

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/api/apitest"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// TestTravelStopsAtEachJob: a job sees its own time, and what it makes due on
// the way runs on the way.
func TestTravelStopsAtEachJob(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, clk := context.Background(), clock.Manual(start)
		s := newScheduler(db, clk)
		var did []string
		s.Register("note", func(ctx context.Context, tx *store.Tx, j Job) error {
			did = append(did, j.Subject+" "+clk.Now().Sub(start).String())
			if j.Subject == "daily" {
				return s.Schedule(ctx, tx, clk.Now().Add(24*time.Hour), "note", "daily", "")
			}
			return nil
		})
		add(t, db, s, 24*time.Hour, "note", "daily")
		add(t, db, s, 36*time.Hour, "note", "once")
		add(t, db, s, 73*time.Hour, "note", "later")
		n, err := s.Travel(ctx, 72*time.Hour)
		if n != 4 || err != nil {
			t.Fatal(n, err)
		}
		if diff := cmp.Diff([]string{"daily 24h0m0s", "once 36h0m0s", "daily 48h0m0s", "daily 72h0m0s"}, did); diff != "" {
			t.Error(diff)
		}
		if got := clk.Now().Sub(start); got != 72*time.Hour {
			t.Errorf("the clock stands at %v", got)
		}
	})
}

// TestTheClockStaysWhereItWasMoved: a second start goes on from there, with
// either kind of clock, and never goes back.
func TestTheClockStaysWhereItWasMoved(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		if _, err := newScheduler(db, clock.Manual(start)).Travel(ctx, 50*time.Hour); err != nil {
			t.Fatal(err)
		}
		again := clock.Manual(start)
		if err := newScheduler(db, again).Resume(ctx); err != nil || again.Now().Sub(start) != 50*time.Hour {
			t.Errorf("a manual clock resumes at %v, %v", again.Now(), err)
		}
		later := clock.Manual(start.Add(1000 * time.Hour))
		if err := newScheduler(db, later).Resume(ctx); err != nil || later.Now().Sub(start) != 1000*time.Hour {
			t.Errorf("a clock went back to %v, %v", later.Now(), err)
		}
		if _, err := newScheduler(db, clock.Real()).Travel(ctx, 50*time.Hour); err != nil {
			t.Fatal(err)
		}
		running := clock.Real()
		s := newScheduler(db, running)
		for range 2 { // the second time changes nothing
			// Less the little time that passed by itself on the way.
			if err := s.Resume(ctx); err != nil || running.Ahead().Round(time.Hour) != 50*time.Hour {
				t.Errorf("a real clock resumes %v ahead, %v", running.Ahead(), err)
			}
		}
	})
}

// TestWorkBesideTheJobs is done before the clock leaves, wherever it stops, and
// after it has arrived.
func TestWorkBesideTheJobs(t *testing.T) {
	ctx, db, clk := context.Background(), storetest.SQLite(t), clock.Manual(start)
	s := newScheduler(db, clk)
	var did []string
	s.Register("note", func(context.Context, *store.Tx, Job) error {
		did = append(did, "job")
		return nil
	})
	s.Beside(func(context.Context) error {
		did = append(did, clk.Now().Sub(start).String())
		return nil
	})
	add(t, db, s, time.Hour, "note", "")
	if _, err := s.Travel(ctx, 2*time.Hour); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"0s", "1h0m0s", "job", "2h0m0s"}, did); diff != "" {
		t.Error(diff)
	}
}

func TestClockLevers(t *testing.T) {
	db, clk := storetest.SQLite(t), clock.Manual(start)
	s := newScheduler(db, clk)
	a := apitest.Keep(api.New(api.Config{
		Env: "sandbox", IDs: clock.NewIDs(0, 0), Log: s.log,
		Authenticate: func(_ context.Context, id, _ string) (api.Caller, error) { return api.Caller{ClientID: id}, nil },
	}, s.Endpoints()))
	for _, c := range []struct{ path, in, want string }{
		{"get", `{}`, "2026-11-22T00:00:00.000Z"},
		{"advance", `{"days": 7, "seconds": 1}`, "2026-11-29T00:00:01.000Z"},
		{"advance", `{}`, "INVALID_FIELD"},
		{"advance", `{"days": -1}`, "INVALID_FIELD"},
		{"advance", `{"days": 3660, "hours": 1}`, "INVALID_FIELD"},
		{"set", `{"now": "2026-12-01T10:00:00+01:00"}`, "2026-12-01T09:00:00.000Z"},
		{"set", `{"now": "2026-12-01T09:00:00Z"}`, "2026-12-01T09:00:00.000Z"},
		{"set", `{"now": "2026-12-01T08:59:59Z"}`, "INVALID_FIELD"},
		{"set", `{"now": "2036-12-31T00:00:00Z"}`, "INVALID_FIELD"},
		{"set", `{"now": "tomorrow"}`, "INVALID_FIELD"},
		{"set", `{}`, "MISSING_FIELDS"},
	} {
		var out struct {
			Now  string `json:"now"`
			Mode string `json:"mode"`
			Code string `json:"error_code"`
		}
		r := httptest.NewRequest("POST", "/sandbox/clock/"+c.path, strings.NewReader(c.in))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Plaid-Client-Id", "id")
		r.Header.Set("Plaid-Secret", "key")
		w := httptest.NewRecorder()
		a.ServeHTTP(w, r)
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			t.Fatal(err)
		}
		if out.Now+out.Code != c.want || out.Code == "" && out.Mode != "manual" {
			t.Errorf("%s %s: %+v, want %s", c.path, c.in, out, c.want)
		}
	}
}

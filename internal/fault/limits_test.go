package fault

import (
	"fmt"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// TestLimits goes through every row of the documented table: the last call that
// is let through, the first that is not, and the first of the next minute.
func TestLimits(t *testing.T) {
	w := open(t, storetest.SQLite(t), 0)
	for column, pick := range map[string]func(limit) figures{
		sandboxLimits:    func(l limit) figures { return l.sandbox },
		productionLimits: func(l limit) figures { return l.production },
	} {
		id := w.must(t, Spec{RateLimits: column})
		for _, l := range limits {
			most := pick(l)
			if most.item > 0 {
				w.item.Store("an item of " + l.path)
				w.fill(t, l.path, "client", most.item, l.item.Code)
				w.item.Store("another")
				if err := w.ask(l.path, "client"); err != errServed {
					t.Errorf("%s %s: another Item is limited too: %v", column, l.path, err)
				}
			}
			w.clock.Advance(minute)
			w.item.Store("") // a client's calls about many Items
			w.fill(t, l.path, "client", most.client, l.client.Code)
			if err := w.ask(l.path, "another"); err != errServed {
				t.Errorf("%s %s: another client is limited too: %v", column, l.path, err)
			}
		}
		if _, err := w.clear(t.Context(), call, ClearRequest{FaultID: id}); err != nil {
			t.Fatal(err)
		}
	}
}

// fill makes as many calls as a minute lets through, and some more.
func (w *world) fill(t *testing.T, path, client string, most int, code string) {
	t.Helper()
	for i := range most {
		if err := w.ask(path, client); err != errServed {
			t.Fatalf("%s: call %d of %d: %v", path, i+1, most, err)
		}
	}
	for range 2 {
		if err := w.ask(path, client); codeOf(err) != code {
			t.Fatalf("%s: call %d: %v, want %s", path, most+1, err, code)
		}
	}
	w.clock.Advance(minute - time.Millisecond)
	if err := w.ask(path, client); codeOf(err) != code {
		t.Fatalf("%s: the minute is over too soon: %v", path, err)
	}
	w.clock.Advance(time.Millisecond)
	if err := w.ask(path, client); err != errServed {
		t.Fatalf("%s: the next minute: %v", path, err)
	}
}

// TestWindowsAreSwept: what has passed does not stay in memory for ever.
func TestWindowsAreSwept(t *testing.T) {
	w := open(t, storetest.SQLite(t), 0)
	w.must(t, Spec{RateLimits: sandboxLimits})
	for i := range 3 * manyWindows {
		w.item.Store(fmt.Sprint(i))
		w.ask("/item/get", "client")
		if i%1000 == 0 {
			w.clock.Advance(minute)
		}
	}
	if n := len(w.limits.counts); n > manyWindows+1 {
		t.Errorf("%d windows are kept", n)
	}
}

// TestLimitOfAFamily: in the sandbox one figure is shared by all paths of Identity
// Verification, and in production each has its own.
func TestLimitOfAFamily(t *testing.T) {
	w := open(t, storetest.SQLite(t), 0)
	for column, shared := range map[string]bool{sandboxLimits: true, productionLimits: false} {
		id := w.must(t, Spec{RateLimits: column})
		w.item.Store("")
		for range 60 {
			if err := w.ask("/identity_verification/create", "client"); err != errServed {
				t.Fatalf("%s: %v", column, err)
			}
		}
		if err := w.ask("/identity_verification/get", "client"); (codeOf(err) == "RATE_LIMIT") != shared {
			t.Errorf("%s: after sixty calls of another path: %v", column, err)
		}
		w.clock.Advance(minute)
		if _, err := w.clear(t.Context(), call, ClearRequest{FaultID: id}); err != nil {
			t.Fatal(err)
		}
	}
}

package rail

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/glencheck-dev/glencheck/internal/rail/iso20022"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// TestTheLedgerAddsUp lets orders, breaks of the connection, answers and days
// come in any order: at any time each payment is in flight, posted, reversed or
// failed, in at most one file, and its events are those of its state.
func TestTheLedgerAddsUp(t *testing.T) {
	if err := flag.Set("rapid.checks", "10"); err != nil { // each writes files to the disk
		t.Fatal(err)
	}
	db := storetest.SQLite(t)
	rapid.Check(t, func(rt *rapid.T) {
		empty(t, db)
		y := newYard(t, db)
		var all []Payment
		pick := func(label string) Payment { return y.state(all[rapid.IntRange(0, len(all)-1).Draw(rt, label)]) }
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			switch what := rapid.IntRange(0, 5).Draw(rt, "what"); {
			case what <= 1 || len(all) == 0:
				kind := rapid.SampledFrom([]Kind{SameDayACH, RTP, FedNow}).Draw(rt, "kind")
				all = append(all, y.send(kind, fmt.Sprint(len(all))))
			case what == 2:
				y.net.before, y.net.after = rapid.IntRange(0, 1).Draw(rt, "before"), rapid.IntRange(0, 1).Draw(rt, "after")
				_ = y.Work(context.Background())
			case what == 3:
				y.clock.Advance(time.Duration(rapid.IntRange(0, 40).Draw(rt, "hours")) * time.Hour)
				_ = y.Work(context.Background())
				if _, err := y.jobs.RunDue(context.Background()); err != nil {
					rt.Fatal(err)
				}
			case what == 4:
				p := pick("returned")
				if p.Kind == SameDayACH && p.Trace != "" {
					y.arrive(fmt.Sprint(rapid.Int().Draw(rt, "name")), y.returned(p, "R03", 1))
				}
			case what == 5:
				p := pick("reported")
				if p.Kind != SameDayACH && p.Trace != "" {
					status := rapid.SampledFrom([]iso20022.TransactionStatus{iso20022.Settled, iso20022.Rejected, iso20022.Accepted}).Draw(rt, "status")
					y.arrive(fmt.Sprint(rapid.Int().Draw(rt, "name")), y.report(p, status, iso20022.ReasonWrongAccount))
				}
			}
			y.audit(rt, all)
		}
	})
}

// empty makes a database as good as new.
func empty(t *testing.T, db *store.DB) {
	t.Helper()
	err := db.Write(context.Background(), func(tx *store.Tx) error {
		for _, statement := range []string{
			"DELETE FROM rail_payment", "DELETE FROM rail_file", "DELETE FROM rail_event", "DELETE FROM rail_received", "DELETE FROM job", "UPDATE rail_counter SET number = 0",
		} {
			if _, err := tx.Exec(context.Background(), statement); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// audit compares payments, events and files.
func (y *yard) audit(rt *rapid.T, all []Payment) {
	events := y.history()
	history := map[string]string{}
	for i, e := range events {
		if e.Number != int64(i+1) {
			rt.Fatalf("event %d has the number %d", i+1, e.Number)
		}
		history[e.PaymentID] += " " + string(e.Type)
	}
	fits := map[State][]string{
		Accepted: {" pending"}, Built: {" pending"}, Sent: {" pending"}, Posted: {" pending posted"},
		Failed: {" pending failed"}, Reversed: {" pending reversed", " pending posted reversed"},
	}
	files := y.sentFiles()
	for _, p := range all {
		p = y.state(p)
		known := false
		for _, want := range fits[p.State] {
			known = known || history[p.ID] == want
		}
		if !known {
			rt.Fatalf("a payment that is %s has the events%s", p.State, history[p.ID])
		}
		in := 0
		for name, content := range files {
			if name == p.FileID {
				in++
			} else if strings.Contains(content, compact(p.ID)[:15]) {
				rt.Fatalf("a payment of %s is also in %s", p.FileID, name)
			}
		}
		if p.State != Accepted && p.State != Built && in != 1 {
			rt.Fatalf("a payment that is %s is in %d files", p.State, in)
		}
	}
}

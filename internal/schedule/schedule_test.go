package schedule

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

var start = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

func newScheduler(db *store.DB, clk *clock.Clock) *Scheduler {
	return New(db, clk, clock.NewIDs(0, 0), slog.New(slog.NewTextHandler(io.Discard, nil)))
}

func add(t *testing.T, db *store.DB, s *Scheduler, at time.Duration, kind, subject string) {
	t.Helper()
	ctx := context.Background()
	if err := db.Write(ctx, func(tx *store.Tx) error { return s.Schedule(ctx, tx, start.Add(at), kind, subject, "") }); err != nil {
		t.Fatal(err)
	}
}

func TestSevenDaysInOneLeap(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, clk := context.Background(), clock.Manual(start)
		s := newScheduler(db, clk)
		var did []string
		s.Register("note", func(ctx context.Context, tx *store.Tx, j Job) error {
			did = append(did, j.Subject)
			if j.Subject == "b" { // a job may schedule the next
				return s.Schedule(ctx, tx, j.DueAt.Add(time.Hour), "note", "b+1h", "")
			}
			return nil
		})
		add(t, db, s, 48*time.Hour, "note", "c")
		add(t, db, s, 24*time.Hour, "note", "b")
		add(t, db, s, 0, "note", "a")
		add(t, db, s, 3*time.Hour, "note", "never")
		add(t, db, s, 8*24*time.Hour, "note", "later")
		if err := db.Write(ctx, func(tx *store.Tx) error { return s.Cancel(ctx, tx, "note", "never") }); err != nil {
			t.Fatal(err)
		}
		if n, err := s.RunDue(ctx); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		clk.Advance(7 * 24 * time.Hour)
		if n, err := s.RunDue(ctx); n != 3 || err != nil {
			t.Fatal(n, err)
		}
		if diff := cmp.Diff([]string{"a", "b", "c", "b+1h"}, did); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAFailedJobIsTriedAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, clk := context.Background(), clock.Manual(start)
		s := newScheduler(db, clk)
		tries := 0
		s.Register("flaky", func(ctx context.Context, tx *store.Tx, j Job) error {
			if tries++; tries < 3 {
				tx.Exec(ctx, "INSERT INTO meta (name, number) VALUES ('half', 1)")
				if tries == 2 {
					panic("not today either")
				}
				return errors.New("not today")
			}
			return nil
		})
		add(t, db, s, 0, "flaky", "x")
		for want, wait := range []time.Duration{0, time.Minute, 2 * time.Minute} {
			clk.Advance(wait)
			if _, err := s.RunDue(ctx); err != nil || tries != want+1 {
				t.Fatalf("after %v: %d tries, %v", wait, tries, err)
			}
		}
		var left, half int
		if err := db.QueryRow(ctx, "SELECT COUNT(*) FROM job").Scan(&left); err != nil || left != 0 {
			t.Error(left, err)
		}
		if err := db.QueryRow(ctx, "SELECT COUNT(*) FROM meta WHERE name = 'half'").Scan(&half); err != nil || half != 0 {
			t.Errorf("a failed try left something behind: %d, %v", half, err)
		}
	})
}

// TestAJobAsksBeforeItsTransaction: what it asks may itself write, which inside the
// transaction would wait for ever; and what it cannot find out puts it off.
func TestAJobAsksBeforeItsTransaction(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, clk := context.Background(), clock.Manual(start)
		s := newScheduler(db, clk)
		asked, did := 0, ""
		s.RegisterAsk("ask", func(ctx context.Context, j Job) (Func, error) {
			switch asked++; asked {
			case 1:
				return nil, errors.New("the bank is closed")
			case 2:
				panic("the bank is gone")
			}
			answer := ""
			err := db.Write(ctx, func(tx *store.Tx) error { answer = "answer to " + j.Subject; return nil })
			return func(context.Context, *store.Tx, Job) error { did = answer; return nil }, err
		})
		add(t, db, s, 0, "ask", "a")
		for want, wait := range []time.Duration{0, time.Minute, 2 * time.Minute} {
			clk.Advance(wait)
			if n, err := s.RunDue(ctx); err != nil || asked != want+1 || n != want/2 {
				t.Fatalf("after %v: asked %d times, %d jobs done, %v", wait, asked, n, err)
			}
		}
		if did != "answer to a" {
			t.Error(did)
		}
	})
}

func TestTwoNodesDoNoJobTwice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, clk := context.Background(), clock.Manual(start)
		nodes := []*Scheduler{newScheduler(db, clk), newScheduler(db, clk)}
		for _, s := range nodes {
			s.Register("count", func(ctx context.Context, tx *store.Tx, j Job) error {
				_, err := tx.Exec(ctx, "INSERT INTO meta (name, number) VALUES ($1, 1)", j.Subject) // twice would fail
				return err
			})
		}
		for i := range 120 {
			add(t, db, nodes[0], 0, "count", fmt.Sprint("job", i))
		}
		var wg sync.WaitGroup
		var total [2]int
		for i, s := range nodes {
			wg.Go(func() {
				n, err := s.RunDue(ctx)
				if err != nil {
					t.Error(err)
				}
				total[i] = n
			})
		}
		wg.Wait()
		if total[0]+total[1] != 120 {
			t.Errorf("%d and %d jobs done, want 120 together", total[0], total[1])
		}
	})
}

func TestRunFollowsTheClock(t *testing.T) {
	db, clk := storetest.SQLite(t), clock.Manual(start)
	s := newScheduler(db, clk)
	done := make(chan string, 10)
	s.Register("note", func(_ context.Context, _ *store.Tx, j Job) error { done <- j.Subject; return nil })
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { s.Run(ctx) })
	add(t, db, s, 0, "note", "now")
	if got := <-done; got != "now" {
		t.Error(got)
	}
	add(t, db, s, time.Hour, "note", "in an hour")
	clk.Advance(time.Hour)
	if got := <-done; got != "in an hour" {
		t.Error(got)
	}
	cancel()
	wg.Wait()
}

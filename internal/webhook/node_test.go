package webhook_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// TestWhatADeadNodeHadInHandComesBack: a single process takes it at its start, a
// node of several when the other's beat stands still.
func TestWhatADeadNodeHadInHandComesBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		dead := newHouse(t, db, newNetwork()) // it never runs
		dead.add(t, notice("item", "{}"))
		ctx := context.Background()
		err := db.Write(ctx, func(tx *store.Tx) error {
			if _, err := tx.Exec(ctx, "UPDATE webhook SET claimed_by = 'dead', claims = 1"); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, "INSERT INTO webhook_node (id, beat) VALUES ('dead', 7)")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		h := newHouse(t, db, newNetwork())
		h.Hurry(2*time.Millisecond, time.Second, time.Second)
		h.run(t)
		h.await(t, func(list []*webhook.Delivery) bool { return list[0].State == webhook.Delivered }, webhook.Filter{}, "app")
		_, attempts := h.only(t)
		if len(attempts) != 2 || !strings.Contains(attempts[0].Error, "may have arrived") || attempts[1].Status != 200 {
			t.Errorf("attempts %+v", attempts)
		}
		var nodes int
		if err := db.QueryRow(ctx, "SELECT COUNT(*) FROM webhook_node WHERE id = 'dead'").Scan(&nodes); err != nil || nodes != 0 {
			t.Errorf("the dead node is still known: %d, %v", nodes, err)
		}
	})
}

// TestWhoseBeatStandsStillHasDied: while the beat of the node that has a notice in
// hand moves, another one looks on; when it no longer does, the claim ends.
func TestWhoseBeatStandsStillHasDied(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, hang := context.Background(), make(chan struct{})
		one, two := newHouse(t, db, newNetwork()), newHouse(t, db, newNetwork())
		one.Hurry(time.Hour, time.Hour, time.Millisecond) // its beats are those of this test
		one.net.answer = func(receipt) (int, error) { <-hang; return 200, nil }
		one.run(t).settle(t)
		t.Cleanup(func() { close(hang) })
		one.add(t, notice("item", "{}"))
		<-one.net.seen
		count := func(query string) (n int) {
			if err := db.QueryRow(ctx, query).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		claims := func() int { return count("SELECT COUNT(*) FROM webhook WHERE claimed_by <> ''") }
		// Its own first beat, which it makes beside the delivery, is behind it.
		for !db.SingleNode() && count("SELECT COUNT(*) FROM webhook_node") == 0 {
			runtime.Gosched()
		}
		var ones, twos webhook.Beats
		for range 20 {
			if err := errors.Join(one.Look(ctx, &ones), two.Look(ctx, &twos)); err != nil {
				t.Fatal(err)
			}
		}
		if claims() != 1 {
			t.Fatal("a node that lives has lost its claim")
		}
		looks := 0
		for ; claims() == 1 && looks < 100; looks++ {
			if err := two.Look(ctx, &twos); err != nil {
				t.Fatal(err)
			}
		}
		if looks != webhook.DeadAfter {
			t.Errorf("the claim ended after %d beats, want %d", looks, webhook.DeadAfter)
		}
	})
}

// TestANodeThatStopsGivesBack what is under way, and the next one delivers it.
func TestANodeThatStopsGivesBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db, newNetwork())
		h.Hurry(time.Second, time.Minute, time.Millisecond)
		h.run(t).settle(t)
		hang := make(chan struct{})
		t.Cleanup(func() { close(hang) })
		h.net.answer = func(receipt) (int, error) { <-hang; return 200, nil }
		h.add(t, notice("item", "1"), notice("item", "2"))
		<-h.net.seen
		h.stop()
		next := newHouse(t, db, newNetwork()).run(t)
		next.settle(t)
		if got := strings.Join(next.net.bodies(), " "); got != "1 2" {
			t.Errorf("the next one sent %s", got)
		}
	})
}

// TestTwoNodesShareTheWork: each notice is sent by one of them.
func TestTwoNodesShareTheWork(t *testing.T) {
	db := storetest.Postgres(t)
	one, two := newHouse(t, db, newNetwork()), newHouse(t, db, newNetwork())
	const n = 300
	batch := make([]webhook.Notice, n)
	for i := range batch {
		batch[i] = to("app", i)
	}
	one.add(t, batch...) // nobody runs yet, so nobody has it in hand
	one.run(t)
	two.run(t)
	one.settle(t)
	two.settle(t)
	if sent := len(one.net.bodies()) + len(two.net.bodies()); sent != n {
		t.Errorf("%d calls for %d notices", sent, n)
	}
}

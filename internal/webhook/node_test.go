package webhook_test

import (
	"context"
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

// TestALivingNodeKeepsWhatItHasInHand while another one looks on for many beats.
func TestALivingNodeKeepsWhatItHasInHand(t *testing.T) {
	db := storetest.Postgres(t)
	hang := make(chan struct{})
	one := newHouse(t, db, newNetwork())
	one.Hurry(2*time.Millisecond, time.Minute, time.Second)
	one.net.answer = func(receipt) (int, error) { <-hang; return 200, nil }
	one.run(t)
	one.settle(t)
	one.add(t, notice("item", "{}"))
	<-one.net.seen
	two := newHouse(t, db, newNetwork())
	two.Hurry(2*time.Millisecond, time.Minute, time.Second)
	two.run(t)
	var beats int64
	for beats < 60 { // of the one that looks on
		err := db.QueryRow(context.Background(), "SELECT COALESCE(MIN(beat), 0) FROM webhook_node HAVING COUNT(*) = 2").Scan(&beats)
		if err != nil && err != store.ErrNoRows {
			t.Fatal(err)
		}
	}
	close(hang)
	one.await(t, func(list []*webhook.Delivery) bool { return list[0].State == webhook.Delivered }, webhook.Filter{}, "app")
	if n := len(two.net.bodies()); n != 0 {
		t.Errorf("the second node sent it %d times", n)
	}
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

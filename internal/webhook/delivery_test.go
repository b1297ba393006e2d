package webhook_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// only is the one delivery that there is.
func (h *house) only(t *testing.T) (*webhook.Delivery, []webhook.Attempt) {
	t.Helper()
	list, err := h.Deliveries(context.Background(), webhook.Filter{ClientID: "client"})
	if err != nil || len(list) != 1 {
		t.Fatalf("%d deliveries, %v", len(list), err)
	}
	attempts, err := h.Attempts(context.Background(), list[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	return list[0], attempts
}

func TestNoticesOfOneSubjectComeInTheirOrder(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t), newNetwork()).run(t)
	var want []string
	for i := range 60 {
		body := fmt.Sprint(i)
		want = append(want, body)
		h.add(t, notice("item", body))
	}
	h.settle(t)
	if got := h.net.bodies(); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("sent in the order %v", got)
	}
}

// TestARetryHoldsUpNobody: what was made later comes meanwhile.
func TestARetryHoldsUpNobody(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t), newNetwork()).run(t)
	var first atomic.Bool
	h.net.answer = func(r receipt) (int, error) {
		if r.body == "first" && first.CompareAndSwap(false, true) {
			return 503, nil
		}
		return 200, nil
	}
	h.add(t, notice("item", "first"), notice("item", "second"))
	h.settle(t)
	h.travel(t, time.Minute)
	if got := strings.Join(h.net.bodies(), " "); got != "first second first" {
		t.Errorf("sent %s", got)
	}
}

func to(host string, i int) webhook.Notice {
	n := notice(fmt.Sprint("item-", i), host)
	n.URL = "https://" + host + ".example/hook"
	return n
}

// TestASlowReceiverDelaysNobodyElse: one receiver answers nothing; another gets what
// is new, and its retry, though more than a page of older notices waits for the
// first.
func TestASlowReceiverDelaysNobodyElse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db, newNetwork())
		const held, page = 50, 16
		h.Narrow(held, page)
		h.run(t)
		hang := make(chan struct{})
		var calls atomic.Int64
		fast := make(chan struct{}, 10)
		h.net.answer = func(r receipt) (int, error) {
			if r.body == "slow" {
				<-hang
				return 200, nil
			}
			fast <- struct{}{}
			if calls.Add(1) == 1 {
				return 500, nil
			}
			return 200, nil
		}
		t.Cleanup(func() { close(hang) }) // before the worker is stopped
		h.settle(t)
		for i := range held + 3*page {
			h.add(t, to("slow", i))
		}
		h.add(t, to("fast", 1))
		<-fast
		h.await(t, func(list []*webhook.Delivery) bool { return list[0].Failures == 1 }, webhook.Filter{Subject: "item-1", Limit: 10}, "fast")
		h.clock.Advance(31 * time.Second)
		<-fast
	})
}

// await waits until the deliveries to a host are as they should be.
func (h *house) await(t *testing.T, good func([]*webhook.Delivery) bool, f webhook.Filter, host string) {
	t.Helper()
	f.ClientID = "client"
	for {
		changed := h.Changed()
		all, err := h.Deliveries(context.Background(), f)
		if err != nil {
			t.Fatal(err)
		}
		var list []*webhook.Delivery
		for _, d := range all {
			if strings.Contains(d.URL, host) {
				list = append(list, d)
			}
		}
		if len(list) > 0 && good(list) {
			return
		}
		select {
		case <-changed:
		case <-time.After(20 * time.Second):
			t.Fatal("nothing changes any more")
		}
	}
}

// TestNinetyPercentRejectedEndTheRetries: from twenty tries on.
func TestNinetyPercentRejectedEndTheRetries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db, newNetwork()).run(t)
		states := func() (waiting, failed int) {
			list, err := h.Deliveries(context.Background(), webhook.Filter{ClientID: "client"})
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range list {
				switch d.State {
				case webhook.Waiting:
					waiting++
				case webhook.Failed:
					failed++
				}
			}
			return waiting, failed
		}
		h.net.answers(500)
		for i := range 19 {
			h.add(t, notice(fmt.Sprint(i), "{}"))
			h.settle(t)
		}
		if waiting, failed := states(); waiting != 19 || failed != 0 {
			t.Fatalf("after 19 of 19: %d wait, %d have failed", waiting, failed)
		}
		h.add(t, notice("twenty", "{}"))
		h.settle(t)
		if waiting, failed := states(); waiting != 19 || failed != 1 {
			t.Fatalf("after 20 of 20: %d wait, %d have failed", waiting, failed)
		}
		// Another client's webhooks at the same address are not concerned.
		other := notice("other", "{}")
		other.ClientID = "another client"
		h.add(t, other)
		h.settle(t)
		list, err := h.Deliveries(context.Background(), webhook.Filter{ClientID: "another client"})
		if err != nil || len(list) != 1 || list[0].State != webhook.Waiting {
			t.Fatalf("%v, %v", list, err)
		}
		// A day later nothing of it counts.
		h.travel(t, 26*time.Hour)
		h.add(t, notice("tomorrow", "{}"))
		h.settle(t)
		list, err = h.Deliveries(context.Background(), webhook.Filter{ClientID: "client", Subject: "tomorrow"})
		if err != nil || len(list) != 1 || list[0].State != webhook.Waiting {
			t.Fatalf("%v, %v", list, err)
		}
	})
}

func TestNobodyIsToldWithoutAnAddress(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t), newNetwork()).run(t)
	n := notice("item", "{}")
	n.URL = ""
	h.add(t, n)
	h.settle(t)
	list, err := h.Deliveries(context.Background(), webhook.Filter{ClientID: "client"})
	if err != nil || len(list) != 0 || len(h.net.bodies()) != 0 {
		t.Errorf("%d deliveries, %d calls, %v", len(list), len(h.net.bodies()), err)
	}
	n = notice("item", "{}")
	n.Scheme = "unheard of"
	err = h.db.Write(context.Background(), func(tx *store.Tx) error { return h.Add(context.Background(), tx, n) })
	if err == nil {
		t.Error("a scheme that does not exist was taken")
	}
}

func TestWhatADatabaseShows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db, newNetwork()).run(t)
		n := notice("item", "a planted public token")
		n.URL = "https://planted.example/planted-path?key=planted-secret"
		h.net.answer = func(receipt) (int, error) { return 0, errors.New("dial planted.example: planted-secret") }
		h.add(t, n)
		h.settle(t)
		d, attempts := h.only(t)
		if d.URL != n.URL || string(d.Body) != "a planted public token" {
			t.Errorf("read back %s %s", d.URL, d.Body)
		}
		if len(attempts) != 1 || strings.Contains(attempts[0].Error, "planted") || attempts[0].Error == "" {
			t.Errorf("attempts %+v", attempts)
		}
		var row string
		if err := db.QueryRow(context.Background(), "SELECT sealed || receiver || subject || type FROM webhook").Scan(&row); err != nil || strings.Contains(row, "planted") {
			t.Errorf("the row says %s, %v", row, err)
		}
	})
}

func TestAPolicyDecides(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t), newNetwork()).run(t)
	held := true
	h.SetPolicy(func(_ context.Context, d webhook.Delivery) webhook.Decision {
		switch {
		case d.Subject == "lost":
			return webhook.Decision{Drop: true}
		case d.Subject == "late" && held:
			held = false
			return webhook.Decision{Delay: time.Hour}
		case d.Subject == "twice":
			return webhook.Decision{Copies: 1}
		case d.Subject == "forged":
			return webhook.Decision{Prepare: h.keys.PrepareWith(webhook.SignOptions{Algorithm: "none"})}
		}
		return webhook.Decision{}
	})
	for _, s := range []string{"lost", "late", "twice", "forged"} {
		h.add(t, notice(s, s))
		h.settle(t)
	}
	if got := strings.Join(h.net.bodies(), " "); got != "twice twice forged" {
		t.Errorf("sent %s", got)
	}
	if token := h.net.got[2].header.Get(webhook.Header); !strings.HasSuffix(token, ".") {
		t.Errorf("signed %s", token)
	}
	h.travel(t, time.Hour)
	if got := strings.Join(h.net.bodies(), " "); got != "twice twice forged late" {
		t.Errorf("sent %s", got)
	}
	for subject, want := range map[string]webhook.State{"lost": webhook.Dropped, "late": webhook.Delivered, "twice": webhook.Delivered} {
		list, err := h.Deliveries(context.Background(), webhook.Filter{ClientID: "client", Subject: subject})
		if err != nil || len(list) != 1 || list[0].State != want || list[0].Failures != 0 {
			t.Errorf("%s: %+v, %v", subject, list, err)
		}
	}
	h.SetPolicy(nil)
	h.add(t, notice("lost", "found"))
	h.settle(t)
	if got := h.net.bodies(); got[len(got)-1] != "found" {
		t.Errorf("sent %v", got)
	}
}

func TestADeliveryCanBeRepeated(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db, newNetwork()).run(t)
		h.add(t, notice("item", "{}"))
		h.settle(t)
		d, _ := h.only(t)
		if err := h.Replay(context.Background(), "another client", d.ID); !errors.Is(err, webhook.ErrNoDelivery) {
			t.Errorf("another client's: %v", err)
		}
		if err := h.Replay(context.Background(), "client", d.ID); err != nil {
			t.Fatal(err)
		}
		h.settle(t)
		d, attempts := h.only(t)
		if d.State != webhook.Delivered || len(attempts) != 2 || len(h.net.bodies()) != 2 {
			t.Errorf("%s after %d tries and %d calls", d.State, len(attempts), len(h.net.bodies()))
		}
	})
}

func TestDeliveriesAreKeptForNinetyDays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db, newNetwork()).run(t)
		h.add(t, notice("old", "{}"))
		h.settle(t)
		h.clock.Advance(91 * 24 * time.Hour)
		h.net.answers(500)
		h.add(t, notice("new", "{}"))
		h.settle(t)
		if err := h.Sweep(context.Background()); err != nil {
			t.Fatal(err)
		}
		if d, _ := h.only(t); d.Subject != "new" {
			t.Errorf("left is %s", d.Subject)
		}
		var attempts int
		if err := db.QueryRow(context.Background(), "SELECT COUNT(*) FROM webhook_attempt").Scan(&attempts); err != nil || attempts != 1 {
			t.Errorf("%d attempts are left, %v", attempts, err)
		}
	})
}

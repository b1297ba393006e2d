package main

import (
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// ledger is what the server acknowledged: what a client may rely on.
type ledger struct {
	mu        sync.Mutex
	issued    map[string]bool   // public tokens, true once their exchange was asked for
	exchanged map[string]string // access token to Item
	removed   map[string]bool   // access tokens whose Item was removed
	handed    map[string]bool   // processor tokens
}

// TestKillLosesNoAcknowledgedWrite kills the server in the middle of concurrent
// exchanges, three times on the same database, and looks for every write that
// was acknowledged before.
func TestKillLosesNoAcknowledgedWrite(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program and kills it")
	}
	t.Run("sqlite", func(t *testing.T) { killAndLook(t, filepath.Join(t.TempDir(), "state.db")) })
	t.Run("postgres", func(t *testing.T) { killAndLook(t, storetest.PostgresURL(t)) })
}

func killAndLook(t *testing.T, db string) {
	l := &ledger{issued: map[string]bool{}, exchanged: map[string]string{}, removed: map[string]bool{}, handed: map[string]bool{}}
	for round, enough := range []int64{40, 80, 120} {
		p := startProcess(t, db)
		l.verify(t, p)
		l.work(p, enough)
		if len(l.exchanged) == 0 {
			t.Fatalf("round %d: nothing was acknowledged before the kill:\n%s", round, p.logged())
		}
	}
	p := startProcess(t, db)
	l.verify(t, p)
	t.Logf("%d public tokens, %d Items, %d removals and %d processor tokens: all as acknowledged", len(l.issued), len(l.exchanged), len(l.removed), len(l.handed))
	if len(l.handed) == 0 {
		t.Error("no processor token was acknowledged")
	}
	if err := p.stop(); err != nil {
		t.Errorf("the server did not stop calmly: %v\n%s", err, p.logged())
	}
}

// work lets 16 workers make Items until enough exchanges were acknowledged, and
// kills the server while they go on.
func (l *ledger) work(p *process, enough int64) {
	var done atomic.Int64
	var workers sync.WaitGroup
	for n := range 16 {
		workers.Go(func() {
			for l.link(p, n%8 == 2, n%4 == 3) {
				if done.Add(1) == enough {
					p.cmd.Process.Kill()
				}
			}
		})
	}
	workers.Wait()
	p.kill() // if nothing could be done, nobody has
}

// link makes one Item, and may stop before the exchange or go on to remove the
// Item again; false when the server is gone.
func (l *ledger) link(p *process, keep, remove bool) bool {
	made, ok := p.post("/sandbox/public_token/create", map[string]any{"institution_id": "ins_109508", "initial_products": []string{"auth"}})
	if !ok {
		return false
	}
	public := made["public_token"].(string)
	l.note(func() { l.issued[public] = !keep })
	if keep {
		made, ok := p.post("/sandbox/processor_token/create", map[string]any{"institution_id": "ins_109508"})
		if ok {
			l.note(func() { l.handed[made["processor_token"].(string)] = true })
		}
		return ok
	}
	got, ok := p.post("/item/public_token/exchange", map[string]any{"public_token": public})
	if !ok {
		return false
	}
	access := got["access_token"].(string)
	l.note(func() { l.exchanged[access] = got["item_id"].(string) })
	if !remove {
		return true
	}
	if _, ok = p.post("/item/remove", map[string]any{"access_token": access}); ok {
		l.note(func() { l.removed[access] = true })
	} else {
		l.note(func() { delete(l.exchanged, access) }) // asked for, not acknowledged: may have happened or not
	}
	return ok
}

func (l *ledger) note(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f()
}

// verify looks for everything that was acknowledged.
func (l *ledger) verify(t *testing.T, p *process) {
	t.Helper()
	for access, item := range l.exchanged {
		got, ok := p.post("/item/get", map[string]any{"access_token": access})
		if l.removed[access] {
			if ok || got["error_code"] != "ITEM_NOT_FOUND" {
				t.Errorf("a removed Item is back: %v", got)
			}
			continue
		}
		if !ok {
			t.Errorf("an acknowledged exchange is lost: %v", got)
			continue
		}
		if id := got["item"].(map[string]any)["item_id"]; id != item {
			t.Errorf("access token leads to Item %v, acknowledged was %s", id, item)
		}
	}
	for token := range l.handed {
		if got, ok := p.post("/processor/account/get", map[string]any{"processor_token": token}); !ok {
			t.Errorf("an acknowledged processor token is lost: %v", got)
		}
	}
	for public, asked := range l.issued {
		if asked {
			continue // its exchange may have been done without an acknowledgement
		}
		got, ok := p.post("/item/public_token/exchange", map[string]any{"public_token": public})
		if !ok {
			t.Errorf("an acknowledged public token is lost: %v", got)
			continue
		}
		l.issued[public] = true
		l.exchanged[got["access_token"].(string)] = got["item_id"].(string)
	}
}

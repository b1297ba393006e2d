package main

import (
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// TestKillLosesAndDoublesNoDeposit kills the server while micro-deposits are
// ordered, accepted and sent, and counts what came to each account at the bank: one
// cent for each session that was acknowledged, and never two.
func TestKillLosesAndDoublesNoDeposit(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program and kills it")
	}
	t.Run("sqlite", func(t *testing.T) { killPayers(t, filepath.Join(t.TempDir(), "state.db")) })
	t.Run("postgres", func(t *testing.T) { killPayers(t, storetest.PostgresURL(t)) })
}

// payees are the accounts that were paid, true once that was acknowledged.
type payees struct {
	mu   sync.Mutex
	paid map[string]bool
}

func killPayers(t *testing.T, db string) {
	l := &payees{paid: map[string]bool{}}
	for round := range 2 {
		l.work(startProcess(t, db), round, 12)
	}
	p := startProcess(t, db)
	// What the dead processes had taken in hand is free after two minutes; a deposit is
	// on its account after three days at the latest.
	if _, ok := p.post("/sandbox/clock/advance", map[string]any{"minutes": 3}); !ok {
		t.Fatal(p.logged())
	}
	if _, ok := p.post("/sandbox/clock/advance", map[string]any{"days": 5}); !ok {
		t.Fatal(p.logged())
	}
	acknowledged := 0
	for number, done := range l.paid {
		got, ok := p.post("/sandbox/bank/statement/get", map[string]any{"account": number})
		if !ok {
			t.Fatal(got)
		}
		n := len(got["deposits"].([]any))
		if n > 1 || done && n == 0 {
			t.Errorf("%s was paid %d times, acknowledged: %t", number, n, done)
		}
		if done {
			acknowledged++
		}
	}
	if acknowledged == 0 || acknowledged == len(l.paid) {
		t.Errorf("of %d sessions %d were acknowledged: the kill came too early or too late", len(l.paid), acknowledged)
	}
	t.Logf("%d sessions, %d acknowledged", len(l.paid), acknowledged)
	if err := p.stop(); err != nil {
		t.Errorf("the server did not stop calmly: %v\n%s", err, p.logged())
	}
}

// work lets four workers pay accounts until enough sessions were acknowledged, and
// kills the server while they go on.
func (l *payees) work(p *process, round int, enough int64) {
	var done atomic.Int64
	var workers sync.WaitGroup
	for n := range 4 {
		workers.Go(func() {
			for i := range 1000 {
				number := fmt.Sprintf("%d%d%05d0000", round+1, n+1, i)
				l.note(number, false)
				if !pay(p, number) {
					return
				}
				l.note(number, true)
				if done.Add(1) == enough {
					p.cmd.Process.Kill()
				}
			}
		})
	}
	workers.Wait()
	p.kill() // if nothing could be done, nobody has
}

func (l *payees) note(number string, done bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.paid[number] = done
}

// pay links an account whose numbers a cent has to show to be right.
func pay(p *process, number string) bool {
	token, ok := p.post("/link/token/create", map[string]any{
		"user": map[string]any{"client_user_id": "user-id"}, "client_name": "Plaid App", "products": []string{"auth"},
		"country_codes": []string{"US"}, "language": "en", "auth": map[string]any{"automated_microdeposits_enabled": true},
	})
	if !ok {
		return false
	}
	_, ok = p.post("/sandbox/link/session/complete", map[string]any{"link_token": token["link_token"], "inputs": map[string]any{
		"institution_id": "ins_109512", "username": "user_good", "password": "microdeposits_good", "accounts": map[string]any{"masks": []string{"0000"}},
		"routing_number": "021000021", "account_number": number, "name": "Alberta Bobbeth Charleson",
	}})
	return ok
}

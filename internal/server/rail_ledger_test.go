package server

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/rail"
	"github.com/glencheck-dev/glencheck/internal/sandbank"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// payers are the rails and the simulated bank at their other end.
type payers struct {
	rt    *rapid.T
	db    *store.DB
	clock *clock.Clock
	jobs  *schedule.Scheduler
	rails *rail.Rails
	bank  *sandbank.Bank
	wire  *brittle
	epoch uint64 // the bank remembers accounts: each run has others
	sent  []rail.Payment
}

// brittle is the way to the bank. It breaks when it is told to, before the bank has
// a file or after.
type brittle struct {
	bankRail
	before, after bool
}

var errCut = errors.New("the wire was cut")

func (b *brittle) Deliver(ctx context.Context, name string, content []byte) error {
	if b.before {
		b.before = false
		return errCut
	}
	err := b.bankRail.Deliver(ctx, name, content)
	if b.after {
		b.after = false
		return errCut
	}
	return err
}

func newPayers(t *testing.T, rt *rapid.T, db *store.DB) *payers {
	clk := clock.Manual(time.Date(2026, time.November, 23, 14, 0, 0, 0, time.UTC))
	epoch, err := db.NextEpoch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	v, err := vault.Open(t.Context(), db, vault.SandboxKEK(), clk)
	if err != nil {
		t.Fatal(err)
	}
	log, ids := slog.New(slog.NewTextHandler(io.Discard, nil)), clock.NewIDs(5, epoch)
	p := &payers{rt: rt, epoch: epoch, db: db, clock: clk, jobs: schedule.New(db, clk, ids.Fork("jobs"), log), bank: sandbank.New(db, v, clk, ids, institution.New())}
	p.wire = &brittle{bankRail: bankRail{p.bank}}
	p.rails = rail.New(rail.Config{
		DB: db, Vault: v, Clock: clk, IDs: ids, Log: log, Scheduler: p.jobs, Network: p.wire, Originator: sandboxOriginator,
	})
	return p
}

func (p *payers) must(err error) {
	if err != nil {
		p.rt.Fatal(err)
	}
}

func (p *payers) account(n int) string { return fmt.Sprintf("%d%06d", n+1, p.epoch) }

// order pays one to nine cents to one of three accounts.
func (p *payers) order() {
	o := rail.Order{
		Kind: rapid.SampledFrom([]rail.Kind{rail.SameDayACH, rail.SameDayACH, rail.RTP, rail.FedNow}).Draw(p.rt, "kind"), ClientID: "client", Subject: "s",
		Cents: rapid.IntRange(1, 9).Draw(p.rt, "cents"), Statement: "#ABC TEST",
		Payee: rail.Payee{Routing: "333333334", Account: p.account(rapid.IntRange(0, 2).Draw(p.rt, "to")), Name: "Alberta Charleson"},
	}
	p.must(p.db.Write(context.Background(), func(tx *store.Tx) error {
		payment, err := p.rails.Send(context.Background(), tx, o)
		p.sent = append(p.sent, payment)
		return err
	}))
}

// step lets one thing happen.
func (p *payers) step() {
	ctx := context.Background()
	account := p.account(rapid.IntRange(0, 2).Draw(p.rt, "account"))
	switch rapid.IntRange(0, 7).Draw(p.rt, "what") {
	case 0, 1:
		p.order()
	case 2:
		state := rapid.SampledFrom([]sandbank.AccountState{sandbank.AccountOpen, sandbank.AccountClosed, sandbank.AccountMoved, sandbank.Returning("R01")}).Draw(p.rt, "state")
		delay := time.Duration(rapid.IntRange(0, 100).Draw(p.rt, "delay")) * time.Hour
		p.must(p.bank.SetAccount(ctx, account, state, delay, "1918171614"))
	case 3:
		p.must(p.bank.SetRails(ctx, rapid.Bool().Draw(p.rt, "down"), 0))
	case 4:
		p.wire.before, p.wire.after = rapid.Bool().Draw(p.rt, "before"), rapid.Bool().Draw(p.rt, "after")
	case 5:
		_ = p.bank.Return(ctx, account, "R03") // there may be nothing to return
	default:
		p.pass(time.Duration(rapid.IntRange(0, 40).Draw(p.rt, "hours")) * time.Hour)
	}
}

// pass lets time pass, and everything happen that is due.
func (p *payers) pass(d time.Duration) {
	p.clock.Advance(d)
	_ = p.rails.Work(context.Background()) // the wire may be cut, the bank down
	_, err := p.jobs.RunDue(context.Background())
	p.must(err)
}

// books are cents by what became of them, on both sides.
type books struct{ inFlight, posted, back int }

// audit compares both books: each payment that left is at the bank once and for the
// same amount, one that did not leave at most once, and no other deposit is there.
func (p *payers) audit() (ours, banks books) {
	ctx := context.Background()
	deposits := map[string]sandbank.Deposit{}
	for n := range 3 {
		list, err := p.bank.Statement(ctx, p.account(n))
		p.must(err)
		for _, d := range list {
			if _, twice := deposits[d.Reference]; twice {
				p.rt.Fatalf("%s is at the bank twice", d.Reference)
			}
			deposits[d.Reference] = d
			switch d.State {
			case "pending":
				banks.inFlight += int(d.Cents)
			case "posted":
				banks.posted += int(d.Cents)
			default:
				banks.back += int(d.Cents)
			}
		}
	}
	total, at := 0, 0
	for _, sent := range p.sent {
		now, err := p.rails.Payment(ctx, sent.ClientID, sent.ID)
		p.must(err)
		d, there := deposits[now.Trace]
		left := now.State != rail.Accepted && now.State != rail.Built
		if left && !there || there && int(d.Cents) != sent.Cents {
			p.rt.Fatalf("a payment of %d that is %s is at the bank: %t, with %d", sent.Cents, now.State, there, d.Cents)
		}
		if there {
			at++
		}
		total += sent.Cents
		switch now.State {
		case rail.Posted:
			ours.posted += now.Cents
		case rail.Reversed, rail.Failed:
			ours.back += now.Cents
		default:
			ours.inFlight += now.Cents
		}
	}
	if at != len(deposits) {
		p.rt.Fatalf("%d of the %d deposits at the bank are of nobody's payment", len(deposits)-at, len(deposits))
	}
	if sum := ours.inFlight + ours.posted + ours.back; sum != total {
		p.rt.Fatalf("%d cents were sent, and %+v are %d", total, ours, sum)
	}
	return ours, banks
}

// TestCreditsAddUp: whatever happens to rails, wire and bank, what was sent is in
// flight, posted or back; and once all is quiet both books say the same.
func TestCreditsAddUp(t *testing.T) {
	if err := flag.Set("rapid.checks", "15"); err != nil {
		t.Fatal(err)
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		rapid.Check(t, func(rt *rapid.T) {
			p := newPayers(t, rt, db)
			for range rapid.IntRange(1, 40).Draw(rt, "steps") {
				p.step()
				p.audit()
			}
			p.wire.before, p.wire.after = false, false
			p.must(p.bank.SetRails(t.Context(), false, 0))
			for range 4 {
				p.pass(5 * 24 * time.Hour)
			}
			if ours, banks := p.audit(); ours != banks || ours.inFlight != 0 {
				rt.Fatalf("in the end we have %+v and the bank has %+v", ours, banks)
			}
		})
	})
}

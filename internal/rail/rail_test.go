package rail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/rail/iso20022"
	"github.com/glencheck-dev/glencheck/internal/rail/nacha"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

var monday = time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC) // 09:00 Eastern

// yard is a set of rails on a spool directory.
type yard struct {
	*Rails
	t     *testing.T
	dir   string
	net   *shaky
	spool *Spool
	told  []string // what the listener heard
	fired []string // where webhooks went
	jobs  *schedule.Scheduler
	clock *clock.Clock
}

// shaky is a network whose connection breaks when it is told to: before a file is
// handed over, or after it was and before we hear of it.
type shaky struct {
	Network
	before, after int
}

var errBroken = errors.New("the connection broke")

func (s *shaky) Deliver(ctx context.Context, name string, content []byte) error {
	if s.before > 0 {
		s.before--
		return errBroken
	}
	err := s.Network.Deliver(ctx, name, content)
	if s.after > 0 {
		s.after--
		return errBroken
	}
	return err
}

func newYard(t *testing.T, db *store.DB) *yard {
	t.Helper()
	return newYardIn(t, db, t.TempDir())
}

func newYardIn(t *testing.T, db *store.DB, dir string) *yard {
	t.Helper()
	clk := clock.Manual(monday)
	v, err := vault.Open(context.Background(), db, vault.SandboxKEK(), clk)
	if err != nil {
		t.Fatal(err)
	}
	epoch, err := db.NextEpoch(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	y := &yard{t: t, dir: dir, clock: clk}
	spool, err := NewSpool(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	y.net, y.spool = &shaky{Network: spool}, spool
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	y.jobs = schedule.New(db, clk, clock.NewIDs(8, epoch), log)
	y.Rails = New(Config{
		HookURL: "https://everybody.example/",
		Hook: func(_ context.Context, _ *store.Tx, clientID, url string) error {
			y.fired = append(y.fired, clientID+" "+url)
			return nil
		},
		DB: db, Vault: v, Clock: clk, IDs: clock.NewIDs(7, epoch), Log: log, Network: y.net, Scheduler: y.jobs,
		Originator: Originator{
			Bank: nacha.Bank{Routing: "110000000", Name: "Glencheck"}, Operator: nacha.Bank{Routing: "061000146", Name: "Federal Reserve Bank"},
			Company: "Glencheck", CompanyID: "1460820571", Account: "9900000001", Instant: []Kind{RTP, FedNow},
		},
	})
	y.Listen(func(_ context.Context, _ *store.Tx, p Payment, e Event) error {
		y.told = append(y.told, fmt.Sprintf("%s %s %s%s", p.Subject, p.State, e.Type, e.Code))
		return nil
	})
	return y
}

func (y *yard) send(kind Kind, subject string) Payment {
	y.t.Helper()
	p, err := y.order(Order{
		Kind: kind, ClientID: "client", Subject: subject, Cents: 1, Statement: "#ABC WONDERWALLE",
		Payee: Payee{Routing: "333333334", Account: "1111222233330000", Name: "Alberta Charleson"},
	})
	if err != nil {
		y.t.Fatal(err)
	}
	return p
}

func (y *yard) order(o Order) (p Payment, err error) {
	err = y.db.Write(context.Background(), func(tx *store.Tx) error {
		p, err = y.Send(context.Background(), tx, o)
		return err
	})
	return p, err
}

func (y *yard) work() {
	y.t.Helper()
	if err := y.Work(context.Background()); err != nil {
		y.t.Fatal(err)
	}
	if _, err := y.jobs.RunDue(context.Background()); err != nil {
		y.t.Fatal(err)
	}
}

// state reads a payment as it is now.
func (y *yard) state(p Payment) Payment {
	y.t.Helper()
	now, err := y.Payment(context.Background(), p.ClientID, p.ID)
	if err != nil {
		y.t.Fatal(err)
	}
	return now
}

// history are all events, in the order of their numbers.
func (y *yard) history() []Event {
	y.t.Helper()
	rows, err := y.db.Query(context.Background(), `SELECT number, payment_id, type, code, words FROM rail_event ORDER BY number`)
	if err != nil {
		y.t.Fatal(err)
	}
	defer rows.Close()
	var all []Event
	for rows.Next() {
		var e Event
		if err := rows.Scan(&e.Number, &e.PaymentID, &e.Type, &e.Code, &e.Words); err != nil {
			y.t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// sentFiles are the files in out/, by name.
func (y *yard) sentFiles() map[string]string {
	y.t.Helper()
	all, err := filepath.Glob(filepath.Join(y.dir, "out", "*"))
	if err != nil {
		y.t.Fatal(err)
	}
	files := map[string]string{}
	for _, path := range all {
		content, err := os.ReadFile(path)
		if err != nil {
			y.t.Fatal(err)
		}
		files[filepath.Base(path)] = string(content)
	}
	return files
}

// files are the names of the files in one room of the spool.
func (y *yard) files(room string) []string {
	y.t.Helper()
	names := []string{}
	entries, err := os.ReadDir(filepath.Join(y.dir, room))
	if err != nil {
		y.t.Fatal(err)
	}
	for _, e := range entries {
		if e.Type().IsRegular() {
			names = append(names, e.Name())
		}
	}
	return names
}

// arrive puts a file into in/.
func (y *yard) arrive(name string, content []byte) {
	y.t.Helper()
	if err := os.WriteFile(filepath.Join(y.dir, "in", name), content, 0o600); err != nil {
		y.t.Fatal(err)
	}
}

func each(t *testing.T, test func(y *yard)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(newYard(t, db)) })
}

func TestASameDayDepositPostsWhenItsWindowHasSettled(t *testing.T) {
	each(t, func(y *yard) {
		a, b := y.send(SameDayACH, "a"), y.send(SameDayACH, "b")
		y.work()
		y.work() // nothing is left to do
		files := y.sentFiles()
		if len(files) != 1 {
			y.t.Fatalf("%d files were sent", len(files))
		}
		for name, content := range files {
			if !strings.HasSuffix(name, ".ach") || strings.Count(content, "#ABC WONDERWALLE") != 2 {
				y.t.Errorf("%s:\n%s", name, content)
			}
		}
		y.clock.Set(y.state(a).SettlesAt.Add(-time.Millisecond))
		y.work()
		if got := y.state(a).State; got != Sent {
			y.t.Errorf("before the window settles a deposit is %s", got)
		}
		y.clock.Advance(time.Millisecond)
		y.work()
		want := []string{"a accepted pending", "b accepted pending", "a posted posted", "b posted posted"}
		slices.Sort(y.told[2:]) // what is due at one time has no order
		if diff := cmp.Diff(want, y.told); diff != "" {
			y.t.Error(diff)
		}
		y.arrive("r1.ach", y.returned(y.state(b), "R03", 1))
		y.work()
		events := y.history()
		if len(events) != 5 {
			y.t.Fatal(events)
		}
		last := events[4]
		if last.Number != 5 || last.PaymentID != b.ID || last.Type != EventReversed || last.Code != "R03" || last.Words == "" {
			y.t.Errorf("%+v", last)
		}
		if y.state(b).State != Reversed || y.state(a).State != Posted {
			y.t.Error(y.state(a), y.state(b))
		}
	})
}

func TestAnInstantTransferIsAnswered(t *testing.T) {
	each(t, func(y *yard) {
		good, bad := y.send(RTP, "good"), y.send(FedNow, "bad")
		y.work()
		if files := y.sentFiles(); len(files) != 2 {
			y.t.Fatalf("%d messages were sent", len(files))
		}
		good, bad = y.state(good), y.state(bad)
		y.arrive("1.xml", y.report(good, iso20022.Accepted, ""))
		y.arrive("2.xml", y.report(good, iso20022.Settled, ""))
		y.arrive("3.xml", y.report(bad, iso20022.Rejected, iso20022.ReasonWrongAccount))
		y.work()
		want := []string{"good accepted pending", "bad accepted pending", "good posted posted", "bad failed failedAC03"}
		if diff := cmp.Diff(want, y.told); diff != "" {
			y.t.Error(diff)
		}
	})
}

func TestWhatComesBackTwiceOrFromNowhere(t *testing.T) {
	each(t, func(y *yard) {
		p := y.send(SameDayACH, "p")
		y.work()
		p = y.state(p)
		once := y.returned(p, "R04", 1)
		stranger := p
		stranger.Trace = "110000009999999"
		y.arrive("1-once.ach", once)
		y.arrive("2-again.ach", once)
		y.arrive("3-other-code.ach", y.returned(p, "R02", 1))
		y.arrive("4-other-amount.ach", y.returned(p, "R02", 500))
		y.arrive("5-nobody.ach", y.returned(stranger, "R03", 1))
		y.arrive("noise.ach", []byte("\x00\x01"))
		y.arrive("noise.xml", []byte("<html>"))
		y.arrive("half.ach.part", once)
		y.work()
		// The files are read in the order of their names.
		if diff := cmp.Diff([]string{"p accepted pending", "p reversed reversedR04"}, y.told); diff != "" {
			y.t.Error(diff)
		}
		if diff := cmp.Diff([]string{"half.ach.part"}, y.files("in")); diff != "" {
			y.t.Error(diff)
		}
		if diff := cmp.Diff([]string{"1-once.ach"}, y.files("in/read")); diff != "" {
			y.t.Error(diff)
		}
		st, err := y.spool.State()
		if err != nil {
			y.t.Fatal(err)
		}
		want := map[string]string{
			"2-again.ach":        "it was read before, as 1-once.ach on 2026-11-23 14:00:00",
			"3-other-code.ach":   "it speaks of 1 payments, and none of them is one of ours that it fits",
			"4-other-amount.ach": "it speaks of 1 payments, and none of them is one of ours that it fits",
			"5-nobody.ach":       "it speaks of 1 payments, and none of them is one of ours that it fits",
			"noise.ach":          "it cannot be read: nacha: not an ACH file that can be read: it breaks the rules of the format",
			"noise.xml":          "it cannot be read: iso20022: not a message that can be read: it is not one Document of urn:iso:std:iso:20022:tech:xsd:pacs.002.001.10",
		}
		got := map[string]string{}
		for _, q := range st.Quarantined {
			got[q.Name] = q.Reason
		}
		if diff := cmp.Diff(want, got); diff != "" {
			y.t.Error(diff)
		}
	})
}

// TestABrokenConnectionPaysOnce: whether it breaks before or after the file was
// handed over, each payment is in exactly one file of out/.
func TestABrokenConnectionPaysOnce(t *testing.T) {
	each(t, func(y *yard) {
		for i := range 6 {
			kind := []Kind{SameDayACH, RTP}[i%2]
			p := y.send(kind, fmt.Sprint(i))
			y.net.before, y.net.after = i%3, (i+1)%2
			for y.Work(y.t.Context()) != nil {
			}
			if got := y.state(p).State; got != Sent {
				y.t.Errorf("payment %d is %s", i, got)
			}
		}
		deposits := 0
		for _, content := range y.sentFiles() {
			deposits += strings.Count(content, "#ABC WONDERWALLE")
		}
		if deposits != 6 {
			y.t.Errorf("6 payments became %d", deposits)
		}
	})
}

// TestACrashAfterTheHandOver: the agent has taken the file away before we note
// that it is sent.
func TestACrashAfterTheHandOver(t *testing.T) {
	each(t, func(y *yard) {
		p := y.send(SameDayACH, "p")
		y.net.after = 1
		if err := y.Work(y.t.Context()); !errors.Is(err, errBroken) {
			y.t.Fatal(err)
		}
		for name := range y.sentFiles() {
			if err := os.Remove(filepath.Join(y.dir, "out", name)); err != nil {
				y.t.Fatal(err)
			}
		}
		y.work()
		if n := len(y.sentFiles()); n != 0 || y.state(p).State != Sent {
			y.t.Errorf("%d files again, the payment is %s", n, y.state(p).State)
		}
	})
}

func TestOrdersThatNoRailCanCarry(t *testing.T) {
	each(t, func(y *yard) {
		good := Order{
			Kind: SameDayACH, ClientID: "client", Subject: "s", Cents: 1, Statement: "#ABC X",
			Payee: Payee{Routing: "333333334", Account: "1111222233330000", Name: "Alberta Charleson"},
		}
		for name, spoil := range map[string]func(*Order){
			"kind":        func(o *Order) { o.Kind = "wire" },
			"amount":      func(o *Order) { o.Cents = 0 },
			"check digit": func(o *Order) { o.Payee.Routing = "333333335" },
			"account":     func(o *Order) { o.Payee.Account = "123456789012345678" },
			"no account":  func(o *Order) { o.Payee.Account = "" },
			"name":        func(o *Order) { o.Payee.Name = "雪" },
			"statement":   func(o *Order) { o.Statement = "#ABC seventeen ch" },
			"letters":     func(o *Order) { o.Statement = "#ABC é" },
			"instant":     func(o *Order) { o.Kind, o.Payee.Account = RTP, strings.Repeat("1", 35) },
		} {
			o := good
			spoil(&o)
			var refused *plaid.Error
			if _, err := y.order(o); !errors.As(err, &refused) || refused.Code != "INVALID_FIELD" {
				y.t.Errorf("%s: %v", name, err)
			}
		}
		y.work()
		if n := len(y.sentFiles()); n != 0 || len(y.told) != 0 {
			y.t.Errorf("%d files, %v", n, y.told)
		}
	})
}

func TestSimulate(t *testing.T) {
	each(t, func(y *yard) {
		ctx := y.t.Context()
		p := y.send(SameDayACH, "p")
		for _, c := range []struct {
			client, id string
			event      EventType
			ok         bool
		}{
			{"other", p.ID, EventPosted, false},
			{"client", "none", EventPosted, false},
			{"client", p.ID, "pending", false},
			{"client", p.ID, EventPosted, true},
			{"client", p.ID, EventPosted, false},
			{"client", p.ID, EventFailed, false},
			{"client", p.ID, EventReversed, true},
			{"client", p.ID, EventReversed, false},
		} {
			err := y.Simulate(ctx, c.client, c.id, c.event, "R03", "")
			var refused *plaid.Error
			if (err == nil) != c.ok || err != nil && !errors.As(err, &refused) {
				y.t.Errorf("%s of %s: %v", c.event, c.client, err)
			}
		}
	})
}

// TestNothingOfAPersonIsReadable: names and numbers are nowhere in the clear.
func TestNothingOfAPersonIsReadable(t *testing.T) {
	each(t, func(y *yard) {
		y.net.before = 1
		y.send(SameDayACH, "p")
		_ = y.Work(y.t.Context())
		for _, query := range []string{"SELECT payee FROM rail_payment", "SELECT content FROM rail_file"} {
			var got string
			if err := y.db.QueryRow(y.t.Context(), query).Scan(&got); err != nil || got == "" {
				y.t.Fatal(query, err)
			}
			if strings.Contains(got, "Alberta") || strings.Contains(got, "1111222233330000") {
				y.t.Errorf("%s shows a person", query)
			}
		}
		y.work()
		var content string
		if err := y.db.QueryRow(y.t.Context(), "SELECT content FROM rail_file").Scan(&content); err != nil || content != "" {
			y.t.Errorf("a sent file is kept: %v", err)
		}
	})
}

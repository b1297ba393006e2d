package rail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// The moments at which a process is killed, in the order of a payment's way.
const (
	inSend       = "in the transaction that accepts the payment"
	afterSend    = "after the payment was accepted"
	afterBuild   = "after its file was made"
	afterStep    = "after step " // of the hand-over
	afterDeliver = "after the hand-over, before it is noted"
	afterReceive = "after the answer was read, before it is acknowledged"
)

// The environment of a process that is to be killed.
const (
	childDB    = "GLENCHECK_TEST_RAIL_DB"
	childDir   = "GLENCHECK_TEST_RAIL_DIR"
	childPoint = "GLENCHECK_TEST_RAIL_POINT"
	childKind  = "GLENCHECK_TEST_RAIL_KIND"
)

// TestKillPaysOnce kills a process with SIGKILL at each moment between the order
// and the answer, lets another go on, and counts the deposits that the bank's
// transfer agent took away: one for each payment that was accepted, none for
// others, and the ledger says so.
func TestKillPaysOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a process for each moment and kills it")
	}
	t.Run("sqlite", func(t *testing.T) { killAtEachMoment(t, filepath.Join(t.TempDir(), "state.db")) })
	t.Run("postgres", func(t *testing.T) { killAtEachMoment(t, storetest.PostgresURL(t)) })
}

func killAtEachMoment(t *testing.T, db string) {
	dir := t.TempDir()
	taken := "" // what the agent has taken so far
	points := []string{inSend, afterSend, afterBuild}
	for i := range (&handover{}).steps() {
		points = append(points, afterStep+fmt.Sprint(i))
	}
	points = append(points, afterDeliver, afterReceive)
	for i, point := range points {
		for _, kind := range []Kind{SameDayACH, FedNow} {
			if kind == FedNow && i%2 == 0 {
				continue // the way is the same: half of the moments will do
			}
			id := killed(t, db, dir, point, kind)
			taken += take(t, dir)
			goOn(t, db, dir)
			taken += take(t, dir)
			want := 1
			if point == inSend {
				want = 0
			}
			if n := strings.Count(taken, compact(id)[:15]); kind == SameDayACH && n != want || kind == FedNow && min(n, 1) != want {
				t.Errorf("%s: %s is in the files %d times", point, kind, n)
			}
			if n := strings.Count(taken, "<EndToEndId>"+compact(id)); kind == FedNow && n != want {
				t.Errorf("%s: %d transfers", point, n)
			}
		}
	}
}

// killed runs a process until it kills itself at a point, and returns the payment
// that it ordered.
func killed(t *testing.T, db, dir, point string, kind Kind) (id string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestProcessThatIsKilled$")
	cmd.Env = append(os.Environ(), childDB+"="+db, childDir+"="+dir, childPoint+"="+point, childKind+"="+string(kind))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("%s: the process was not killed: %v\n%s", point, err, out.String())
	}
	_, id, _ = strings.Cut(strings.TrimSpace(out.String()), "payment ")
	return id
}

// take is the bank's transfer agent: it takes all files away.
func take(t *testing.T, dir string) string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, "out", "*"))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, path := range all {
		content, err := os.ReadFile(path)
		if err = errors.Join(err, os.Remove(path)); err != nil {
			t.Fatal(err)
		}
		b.Write(content)
	}
	return b.String()
}

// goOn is the next process on the same database and spool. It finishes what was
// left, and the ledger adds up.
func goOn(t *testing.T, url, dir string) {
	t.Helper()
	db, err := store.Open(t.Context(), url, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	y := newYardIn(t, db, dir)
	y.clock.Advance(claimTime) // what the dead process had taken on is free again
	y.work()
	y.work()
	for _, query := range []string{
		`SELECT COUNT(*) FROM rail_payment WHERE state = 'accepted' OR state = 'built'`,
		`SELECT COUNT(*) FROM rail_file WHERE state = 'built'`,
		`SELECT COUNT(*) FROM rail_payment p WHERE (SELECT COUNT(*) FROM rail_event e WHERE e.payment_id = p.id AND e.type = 'pending') <> 1`,
		`SELECT COUNT(*) FROM rail_payment p WHERE (SELECT COUNT(*) FROM rail_event e WHERE e.payment_id = p.id AND e.type = 'reversed') > 1`,
	} {
		var n int
		if err := y.db.QueryRow(t.Context(), query).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s: %d, %v", query, n, err)
		}
	}
	if left := append(y.files("ready"), y.files("in")...); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

// TestProcessThatIsKilled is the process of killed; by itself it does nothing.
func TestProcessThatIsKilled(t *testing.T) {
	point := os.Getenv(childPoint)
	if point == "" {
		t.Skip("run by TestKillPaysOnce")
	}
	db, err := store.Open(t.Context(), os.Getenv(childDB), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	y := newYardIn(t, db, os.Getenv(childDir))
	y.cfg.Network = mortal{y.spool, point}
	y.Listen(func(_ context.Context, _ *store.Tx, p Payment, e Event) error {
		if e.Type == EventPending {
			fmt.Println("payment " + p.ID)
			die(point == inSend)
		}
		return nil
	})
	p := y.send(Kind(os.Getenv(childKind)), "subject")
	die(point == afterSend)
	y.work()
	if p = y.state(p); p.Kind == SameDayACH {
		y.arrive(p.ID, y.returned(p, "R03", 1))
	} else {
		y.arrive(p.ID, y.report(p, "RJCT", "AC03"))
	}
	y.work()
}

// mortal is a spool in a process that is killed.
type mortal struct {
	*Spool
	point string
}

func (m mortal) Deliver(ctx context.Context, name string, content []byte) error {
	die(m.point == afterBuild)
	h := &handover{spool: m.Spool, name: name, content: content}
	for i, step := range h.steps() {
		if err := step(); err != nil {
			return err
		}
		die(m.point == afterStep+fmt.Sprint(i))
	}
	die(m.point == afterDeliver)
	return nil
}

func (m mortal) Acknowledge(ctx context.Context, name string) error {
	die(m.point == afterReceive)
	return m.Spool.Acknowledge(ctx, name)
}

// die ends the process as a power cut would.
func die(now bool) {
	if now {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
)

// starts is how often a start is measured.
const starts = 7

// startRows measures how long the program needs to its first answer, on a new
// file and on one that exists, and what memory it then holds.
func startRows(ctx context.Context, t *table, exe, db string) error {
	var fresh, again []time.Duration
	var idle, own int64
	for i := range starts {
		path := fmt.Sprintf("%s-%d", db, i)
		first, err := start(ctx, exe, path)
		if err != nil {
			return err
		}
		second, err := start(ctx, exe, path)
		if err != nil {
			return err
		}
		fresh, again = append(fresh, first.took), append(again, second.took)
		idle, own = max(idle, second.rss), max(own, second.own)
	}
	const goal = 100 * time.Millisecond
	f, a := mid(fresh), mid(again)
	t.row("start to first answer, new file", short(f), "", "", "<= 100 ms", f <= goal)
	t.row("start to first answer, existing file", short(a), "", "", "<= 100 ms", a <= goal)
	if idle > 0 {
		t.row("idle memory (resident)", fmt.Sprintf("%.1f MB", float64(idle)/1e6), "", "", "<= 40 MB", idle <= 40e6)
		t.row("of which not pages of a file", fmt.Sprintf("%.1f MB", float64(own)/1e6), "", "", "", false)
	}
	return nil
}

func mid(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

// started is what a start has cost: the time to the first answer, the memory in bytes
// that is resident half a second later, and what of it is not pages of files.
type started struct {
	took     time.Duration
	rss, own int64
}

// start runs the program once, waits for its first answer and ends it.
func start(ctx context.Context, exe, db string) (started, error) {
	addr, err := freeAddr()
	if err != nil {
		return started{}, err
	}
	cmd := exec.CommandContext(ctx, exe, "serve", "--addr", addr, "--db", db, "--log-format", "json")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	watch := clock.Stopwatch()
	if err := cmd.Start(); err != nil {
		return started{}, fmt.Errorf("bench: %w", err)
	}
	defer func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
	}()
	get := request("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
	for watch() < 10*time.Second {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			clock.Real().Wait(ctx, clock.Real().Now().Add(time.Millisecond))
			continue
		}
		defer c.Close()
		k, err := dial(addr)
		if err != nil {
			return started{}, err
		}
		defer k.Close()
		if _, err := k.do(get); err != nil {
			return started{}, err
		}
		d := watch()
		clock.Real().Wait(ctx, clock.Real().Now().Add(500*time.Millisecond)) // let it become idle
		rss, files := resident(cmd.Process.Pid)
		return started{took: d, rss: rss, own: rss - files}, nil
	}
	return started{}, errors.New("bench: the program did not start: " + strings.TrimSpace(stderr.String()))
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// resident is a process's resident memory in bytes and how much of it are pages of
// files; 0 where the system does not tell it in /proc.
func resident(pid int) (rss, files int64) {
	raw, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
	if err != nil {
		return 0, 0
	}
	fields := strings.Fields(string(raw))
	if len(fields) < 3 {
		return 0, 0
	}
	page := int64(os.Getpagesize())
	for i, to := range []*int64{&rss, &files} {
		n, err := strconv.ParseInt(fields[i+1], 10, 64)
		if err != nil {
			return 0, 0
		}
		*to = n * page
	}
	return rss, files
}

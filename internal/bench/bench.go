package bench

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/glencheck-dev/glencheck/internal/server"
)

// Options size a run.
type Options struct {
	Dir   string        // where the databases go, on the disk to be measured
	Turn  time.Duration // length of one turn
	Turns int           // turns of each candidate
	Items int           // Items of the large database; 0 leaves growth out
	Exe   string        // the program whose start is measured; empty leaves it out
	Only  string        // one of Parts; empty for all
	Out   io.Writer
}

// Parts are the parts of a run, in their order.
var Parts = []string{"start", "reads", "writes", "journeys", "decisions", "contacts", "webhooks", "verification", "growth"}

func (o Options) wants(part string) bool { return o.Only == "" || o.Only == part }

// Run measures every row and prints the table as it goes. The error is a fault
// of the run; a goal that is missed is not an error but is said in its row.
func Run(ctx context.Context, opt Options) error {
	dir, err := os.MkdirTemp(opt.Dir, "glencheck-bench-")
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	defer os.RemoveAll(dir)
	t := &table{out: opt.Out}
	t.head()
	if opt.Exe != "" && opt.wants("start") {
		if err := startRows(ctx, t, opt.Exe, filepath.Join(dir, "start.db")); err != nil {
			return err
		}
	}
	b, err := open(ctx, opt, filepath.Join(dir, "load.db"))
	if err != nil {
		return err
	}
	defer b.close()
	rows := map[string]func(context.Context, *table) error{
		"reads": b.readRows, "writes": b.writeRows, "journeys": b.journeyRows, "decisions": b.decisionRows, "contacts": b.contactRows, "webhooks": b.webhookRows, "verification": b.verificationRows,
	}
	for _, part := range Parts {
		if measure := rows[part]; measure != nil && opt.wants(part) {
			if err := measure(ctx, t); err != nil {
				return err
			}
		}
	}
	if opt.Items > 0 && opt.wants("growth") {
		return growthRows(ctx, t, opt, filepath.Join(dir, "growth.db"))
	}
	return nil
}

// bencher is a running server under load.
type bencher struct {
	opt  Options
	srv  *server.Server
	stop func() error
	addr string
}

// open starts a sandbox on a database file in this process, as quiet as
// --log-level error makes it.
func open(ctx context.Context, opt Options, db string) (*bencher, error) {
	srv, err := server.New(ctx, server.Config{Addr: "127.0.0.1:0", DB: db, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	run, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- srv.Run(run) }()
	return &bencher{opt: opt, srv: srv, addr: srv.Addr(), stop: func() error { cancel(); return <-done }}, nil
}

func (b *bencher) close() error { return b.stop() }

func (b *bencher) post(path, body string) request {
	return post(path, server.SandboxClientID, server.SandboxSecret, body)
}

// turn is one candidate's measurement for one turn.
type turn func() (result, error)

// interleave gives each candidate its turns, one after the other, and returns
// the median of each.
func (b *bencher) interleave(candidates ...turn) ([]result, error) {
	all := make([][]result, len(candidates))
	for range b.opt.Turns {
		for i, c := range candidates {
			r, err := c()
			if err != nil {
				return nil, err
			}
			all[i] = append(all[i], r)
		}
	}
	medians := make([]result, len(candidates))
	for i := range all {
		medians[i] = median(all[i])
	}
	return medians, nil
}

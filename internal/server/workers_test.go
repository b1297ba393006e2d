package server

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
)

// TestAWorkerThatPanicsStartsAgain, and neither ends the process nor tells what
// it held.
func TestAWorkerThatPanicsStartsAgain(t *testing.T) {
	var log bytes.Buffer
	clk := clock.Manual(time.Unix(1_000_000, 0))
	ctx, cancel := context.WithCancel(t.Context())
	ran := make(chan int)
	times := 0
	var workers sync.WaitGroup
	workers.Go(func() {
		keep(ctx, clk, slog.New(slog.NewTextHandler(&log, nil)), "sweeper", func(ctx context.Context) {
			times++
			ran <- times
			if times == 1 {
				panic("Alberta Charleson")
			}
			<-ctx.Done()
		})
	})
	if n := <-ran; n != 1 {
		t.Fatal(n)
	}
	for started := false; !started; {
		select {
		case n := <-ran:
			if n != 2 {
				t.Fatal(n)
			}
			started = true
		default:
			clk.Advance(workerRest)
		}
	}
	cancel()
	workers.Wait()
	if s := log.String(); !strings.Contains(s, "sweeper") || strings.Contains(s, "Charleson") {
		t.Error(s)
	}
}

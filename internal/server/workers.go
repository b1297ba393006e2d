package server

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
)

// workerRest is how long a worker that panicked rests before it starts again.
const workerRest = time.Minute

// keep runs a worker until ctx ends. Workers clean up and do what falls due: a
// fault in one must not end the server, so one that panics is logged and, after a
// rest, started again. The log tells the kind of the panic and not its value,
// which may be somebody's.
func keep(ctx context.Context, clk *clock.Clock, log *slog.Logger, name string, work func(context.Context)) {
	for ctx.Err() == nil {
		if !panics(ctx, log, name, work) {
			return
		}
		if clk.Wait(ctx, clk.Now().Add(workerRest)) != nil {
			return
		}
	}
}

func panics(ctx context.Context, log *slog.Logger, name string, work func(context.Context)) (panicked bool) {
	defer func() {
		if p := recover(); p != nil {
			log.Error("panic in a worker", "worker", name, "kind", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			panicked = true
		}
	}()
	work(ctx)
	return false
}

package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/server"
)

// demoCommand has no flags: it is always the same journey.
type demoCommand struct{}

// Run starts a server in memory, walks the journey through it over HTTP and
// stops it again. It fails if anything was not as it should be.
func (demoCommand) Run(env *environment) error {
	ctx, stop := context.WithCancel(env.ctx)
	defer stop()
	s, err := server.New(ctx, server.Config{Addr: "127.0.0.1:0", DB: ":memory:"})
	if err != nil {
		return err
	}
	stopped := make(chan error, 1)
	go func() { stopped <- s.Run(ctx) }()

	j := &journey{ctx: ctx, base: "http://" + s.Addr(), id: s.ClientID(), secret: server.SandboxSecret, out: env.out, look: colours(env.out)}
	fmt.Fprintf(env.out, "An account, linked end to end: a server in memory on %s%s%s\n", j.look.accent, j.base, j.look.reset)
	walked := j.walk()
	stop()
	if err := errors.Join(walked, <-stopped); err != nil {
		return err
	}
	fmt.Fprintf(env.out, "\n%d calls, %d checks, all of them true, in %.0f ms\n", j.calls, j.checks, env.started())
	return nil
}

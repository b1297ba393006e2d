package server

import (
	"context"
	"sync"
)

// crew is the workers of a running server, which can be let rest while something
// happens that they must not see the half of.
type crew struct {
	mu      sync.Mutex
	life    context.Context // of the server; nil while it does not run
	workers []func(context.Context)
	stop    context.CancelFunc
	all     sync.WaitGroup
}

// work starts the workers, which end with ctx.
func (c *crew) work(ctx context.Context, workers []func(context.Context)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.life, c.workers = ctx, workers
	c.start()
}

func (c *crew) start() {
	ctx, stop := context.WithCancel(c.life)
	c.stop = stop
	for _, run := range c.workers {
		c.all.Go(func() { run(ctx) })
	}
}

// end stops the workers for good and waits for them.
func (c *crew) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.life != nil {
		c.stop()
		c.all.Wait()
		c.life = nil
	}
}

// rest does f while nobody works.
func (c *crew) rest(f func() error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.life != nil {
		c.stop()
		c.all.Wait()
		defer c.start()
	}
	return f()
}

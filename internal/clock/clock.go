package clock

import (
	"context"
	"sync"
	"time"
)

// Clock tells the time. A real clock follows the machine's; a manual clock
// stands still until it is moved, which is how a test lets seven days pass.
// All its methods are safe for concurrent use.
type Clock struct {
	manual bool

	mu    sync.Mutex
	now   time.Time
	moved chan struct{} // closed and replaced each time a manual clock moves
}

// Real returns a clock that follows the machine's.
func Real() *Clock { return &Clock{} }

// Manual returns a clock that stands at start until Advance or Set moves it.
func Manual(start time.Time) *Clock {
	return &Clock{manual: true, now: trim(start), moved: make(chan struct{})}
}

// IsManual reports whether the clock is moved by hand.
func (c *Clock) IsManual() bool { return c.manual }

// Now is the current time in UTC with millisecond precision, the precision in
// which both databases and the API hold it.
func (c *Clock) Now() time.Time {
	if !c.manual {
		return trim(time.Now())
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves a manual clock forward by d; a real clock ignores it.
func (c *Clock) Advance(d time.Duration) { c.move(func(t time.Time) time.Time { return t.Add(d) }) }

// Set moves a manual clock to t; a real clock ignores it.
func (c *Clock) Set(t time.Time) { c.move(func(time.Time) time.Time { return t }) }

func (c *Clock) move(to func(time.Time) time.Time) {
	if !c.manual {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = trim(to(c.now))
	close(c.moved)
	c.moved = make(chan struct{})
}

// Wait blocks until the clock reaches t or ctx ends, and returns ctx's error in
// the second case. On a manual clock it costs nothing until the clock moves.
func (c *Clock) Wait(ctx context.Context, t time.Time) error {
	if c.manual {
		return c.waitManual(ctx, t)
	}
	timer := time.NewTimer(time.Until(t))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *Clock) waitManual(ctx context.Context, t time.Time) error {
	for {
		c.mu.Lock()
		now, moved := c.now, c.moved
		c.mu.Unlock()
		if !now.Before(t) {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Stopwatch starts measuring wall time, which a manual clock does not move:
// for logs and metrics only, never for behaviour.
func Stopwatch() func() time.Duration {
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}

// Millis is t as the databases hold it: milliseconds since 1970. The zero time
// is 0.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// FromMillis is the inverse of Millis.
func FromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func trim(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

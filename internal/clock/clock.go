package clock

import (
	"context"
	"sync"
	"time"
)

// Clock tells the time. A real clock follows the machine's; a manual clock
// stands still. Both can be moved, which is how a sandbox lets seven days pass: a
// real clock that was moved runs on from there.
// All its methods are safe for concurrent use.
type Clock struct {
	manual bool

	mu    sync.Mutex
	now   time.Time     // of a manual clock
	ahead time.Duration // of a real clock, before the machine's
	moved chan struct{} // closed and replaced each time the clock is moved
}

// Real returns a clock that follows the machine's.
func Real() *Clock { return &Clock{moved: make(chan struct{})} }

// Manual returns a clock that stands at start until Advance or Set moves it.
func Manual(start time.Time) *Clock {
	return &Clock{manual: true, now: trim(start), moved: make(chan struct{})}
}

// IsManual reports whether the clock stands still until it is moved.
func (c *Clock) IsManual() bool { return c.manual }

// Now is the current time in UTC with millisecond precision, the precision in
// which both databases and the API hold it.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.read()
}

// read is Now for those who hold the lock.
func (c *Clock) read() time.Time {
	if c.manual {
		return c.now
	}
	return trim(time.Now().Add(c.ahead))
}

// Machine is the machine's own time, which nobody moves: only for what a stranger
// compares with a clock of theirs, such as when a signature was made.
func Machine() time.Time { return trim(time.Now()) }

// Ahead is how far a real clock was moved before the machine's.
func (c *Clock) Ahead() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ahead
}

// Advance moves the clock forward by d.
func (c *Clock) Advance(d time.Duration) {
	c.move(func(now time.Time) time.Duration { return d })
}

// Set moves the clock to t.
func (c *Clock) Set(t time.Time) {
	c.move(func(now time.Time) time.Duration { return trim(t).Sub(now) })
}

func (c *Clock) move(by func(now time.Time) time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := by(c.read())
	if c.manual {
		c.now = trim(c.now.Add(d))
	} else {
		c.ahead += d
	}
	close(c.moved)
	c.moved = make(chan struct{})
}

// Wait blocks until the clock reaches t or ctx ends, and returns ctx's error in
// the second case. On a manual clock it costs nothing until the clock moves.
func (c *Clock) Wait(ctx context.Context, t time.Time) error {
	for {
		c.mu.Lock()
		now, moved := c.read(), c.moved
		c.mu.Unlock()
		if !now.Before(t) {
			return nil
		}
		if err := c.pause(ctx, t.Sub(now), moved); err != nil {
			return err
		}
	}
}

// pause returns when the clock was moved or, where it runs, d has passed.
func (c *Clock) pause(ctx context.Context, d time.Duration, moved <-chan struct{}) error {
	var passed <-chan time.Time
	if !c.manual {
		timer := time.NewTimer(d)
		defer timer.Stop()
		passed = timer.C
	}
	select {
	case <-moved:
	case <-passed:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// Stopwatch starts measuring wall time, which a manual clock does not move:
// for logs and metrics only, never for behaviour.
func Stopwatch() func() time.Duration {
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}

// Delay lets wall time pass, which a manual clock does not move: for what somebody
// outside is to feel, never for behaviour of our own. It returns early, with ctx's
// error, if ctx ends.
func Delay(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
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

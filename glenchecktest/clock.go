package glenchecktest

import "time"

// Clock is a server's time.
type Clock struct{ s *Server }

// Now is the server's time, in UTC.
func (c *Clock) Now() time.Time { return c.s.server.Clock().Now() }

// Advance moves the time forward by d, of which milliseconds count. What falls due
// on the way (a micro-deposit that arrives, a webhook that is tried again) has
// happened, each at its own time and in order, when Advance returns.
func (c *Clock) Advance(d time.Duration) error {
	if seconds := d / time.Second; seconds > 0 && d%time.Second == 0 {
		return c.s.Call("/sandbox/clock/advance", map[string]any{"seconds": seconds}, nil)
	}
	return c.Set(c.Now().Add(d))
}

// Set moves the time forward to t, as Advance does. It is an error if t is before
// the present time: no clock goes back.
func (c *Clock) Set(t time.Time) error {
	return c.s.Call("/sandbox/clock/set", map[string]any{"now": t.UTC().Format(time.RFC3339Nano)}, nil)
}

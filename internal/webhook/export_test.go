package webhook

import "time"

// Hurry lets a test see the death of a node, a receiver's last moment, and the end of
// the server without waiting for them.
func (o *Outbox) Hurry(beat, timeout, grace time.Duration) {
	o.beat, o.timeout, o.grace = beat, timeout, grace
}

// Bounds of what is in memory.
const (
	HeldReceiver = heldReceiver
	Page         = page
)

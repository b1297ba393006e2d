package webhook

import (
	"context"
	"time"
)

// Beats is what a node has seen of the others.
type Beats struct {
	beat        int64
	seen, still map[string]int64
}

// Look is one beat.
func (o *Outbox) Look(ctx context.Context, b *Beats) error {
	if b.seen == nil {
		b.seen, b.still = map[string]int64{}, map[string]int64{}
	}
	b.beat++
	return o.look(ctx, b.beat, b.seen, b.still)
}

// SettleFully is Settle for a test whose machine is busy.
func (o *Outbox) SettleFully(ctx context.Context) error { return o.settle(ctx, time.Minute) }

// Hurry lets a test see the death of a node, a receiver's last moment, and the end of
// the server without waiting for them.
func (o *Outbox) Hurry(beat, timeout, grace time.Duration) {
	o.beat, o.timeout, o.grace = beat, timeout, grace
}

// Narrow makes the queue of a receiver and the page of a search small.
func (o *Outbox) Narrow(held, page int) { o.queue.perReceiver, o.page = held, page }

// DeadAfter is how many beats a node may miss.
const (
	DeadAfter = deadAfter
)

package webhook

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// batch is how many outcomes share one transaction.
const batch = 256

// record writes down how tries ended, until there will be no more.
func (o *Outbox) record(ctx context.Context, over <-chan struct{}) {
	for {
		var list []outcome
		select {
		case out := <-o.ended:
			list = o.more([]outcome{out})
		case <-over:
			if list = o.more(nil); len(list) == 0 {
				return
			}
		}
		o.keep(ctx, list)
	}
}

// more takes what has ended meanwhile, without waiting for it.
func (o *Outbox) more(list []outcome) []outcome {
	for len(list) < batch {
		select {
		case out := <-o.ended:
			list = append(list, out)
		default:
			return list
		}
	}
	return list
}

// keep stores outcomes. A database that does not answer is asked again: until it
// does, nothing that was in hand is let go.
func (o *Outbox) keep(ctx context.Context, list []outcome) {
	for {
		err := o.db.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error { return o.write(context.WithoutCancel(ctx), tx, list) })
		if err == nil {
			break
		}
		o.log.Error("webhook: outcomes could not be stored", "tries", len(list), "error", err.Error())
		if !pause(ctx, time.Second) {
			break // what is still claimed is tried again
		}
	}
	if ripe := o.swaps.written(list); len(ripe) > 0 {
		o.hasten(context.WithoutCancel(ctx), ripe)
		o.wake()
	}
	done := make([]*Delivery, len(list))
	for i, out := range list {
		done[i] = out.d
	}
	o.queue.settled(done)
	if slices.ContainsFunc(list, func(out outcome) bool { return out.err != "" || out.what.Delay > 0 }) {
		o.wake() // the next try may be earlier than what the worker rests for
	}
}

// pause waits by the machine's clock; false when ctx has ended.
func pause(ctx context.Context, d time.Duration) bool {
	wait, stop := context.WithTimeout(ctx, d)
	defer stop()
	<-wait.Done()
	return ctx.Err() == nil
}

// tally counts the tries to a receiver in an hour.
type tally struct {
	client, receiver string
	hour             int64
}

// write stores outcomes in one transaction.
func (o *Outbox) write(ctx context.Context, tx *store.Tx, list []outcome) error {
	type count struct{ tries, rejected int64 }
	counts := map[tally]count{}
	for _, out := range list {
		if out.cut || out.what.Drop || out.what.Delay > 0 {
			continue
		}
		k := tally{out.d.ClientID, out.d.receiver, hourOf(out.at)}
		c := counts[k]
		if c.tries++; out.err != "" {
			c.rejected++
		}
		counts[k] = c
	}
	keys := make([]tally, 0, len(counts))
	for k := range counts {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, compareTallies) // the order in which every node locks them
	for _, k := range keys {
		if _, err := tx.Exec(ctx, countTries, k.client, k.receiver, k.hour, counts[k].tries, counts[k].rejected); err != nil {
			return fmt.Errorf("webhook: %w", err)
		}
	}
	slices.SortFunc(list, func(a, b outcome) int { return compareText(a.d.ID, b.d.ID) })
	for _, out := range list {
		if err := o.writeOne(ctx, tx, out); err != nil {
			return fmt.Errorf("webhook: %w", err)
		}
	}
	return nil
}

// writeOne stores the outcome of one try.
func (o *Outbox) writeOne(ctx context.Context, tx *store.Tx, out outcome) error {
	d, now := out.d, clock.Millis(o.clock.Now())
	if out.what.Drop {
		_, err := tx.Exec(ctx, failDelivery, d.ID, Dropped, d.Failures, now, o.node)
		return err
	}
	if out.what.Delay > 0 {
		_, err := tx.Exec(ctx, retryDelivery, d.ID, d.Failures, clock.Millis(o.clock.Now().Add(out.what.Delay)), o.node)
		return err
	}
	_, err := tx.Exec(ctx, insertAttempt, d.ID, d.Claims, clock.Millis(out.at), out.took.Milliseconds(), out.status, out.err)
	if err != nil {
		return err
	}
	wanted := true
	if w, ok := o.schemes[d.Scheme].(Witness); ok && !out.cut {
		if wanted, err = w.Tried(ctx, tx, *d, out.err == ""); err != nil {
			return err
		}
	}
	switch {
	case out.err == "":
		_, err = tx.Exec(ctx, finishDelivery, d.ID, Delivered, d.Failures, now)
		return err
	case out.cut:
		_, err = tx.Exec(ctx, retryDelivery, d.ID, d.Failures, now, o.node)
		return err
	}
	failures := d.Failures + 1
	due, again, err := o.again(ctx, tx, d, failures)
	if err != nil {
		return err
	}
	if again && wanted {
		_, err = tx.Exec(ctx, retryDelivery, d.ID, failures, due, o.node)
		return err
	}
	_, err = tx.Exec(ctx, failDelivery, d.ID, Failed, failures, now, o.node)
	return err
}

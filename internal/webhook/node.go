package webhook

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Each node counts up a number of its own. One whose number has not moved for some
// beats of ours has died, and what it had in hand comes back. No node's clock is
// compared with another's, and moving the clock ends no claim.
const (
	beatEvery = time.Second
	deadAfter = 6 // beats
)

// lost is the error of a try whose node died.
const lost = "the node ended before the outcome was recorded: it may have arrived"

// watch shows that this node lives, and takes over from those that do not.
func (o *Outbox) watch(ctx context.Context) {
	seen := map[string]int64{}  // the last beat of each node
	still := map[string]int64{} // how long it has not moved
	missed := map[string]bool{}
	for beat := int64(1); ctx.Err() == nil; beat++ {
		if beat%sweepBeats == 1 {
			if err := o.Sweep(ctx); err != nil && ctx.Err() == nil {
				o.log.Error("webhook: sweep", "error", err.Error())
			}
		}
		if beat%missBeats == 0 {
			if err := o.miss(ctx, missed); err != nil && ctx.Err() == nil {
				o.log.Error("webhook: claims", "error", err.Error())
			}
		}
		if !o.db.SingleNode() {
			if err := o.look(ctx, beat, seen, still); err != nil && ctx.Err() == nil {
				o.log.Error("webhook: nodes", "error", err.Error())
			}
		}
		pause(ctx, o.beat)
	}
}

// look is one beat.
func (o *Outbox) look(ctx context.Context, beat int64, seen, still map[string]int64) error {
	err := o.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, beatNode, o.node, beat)
		return err
	})
	if err != nil {
		return err
	}
	beats, err := o.beats(ctx)
	if err != nil {
		return err
	}
	for id, b := range beats {
		if was, known := seen[id]; known && was == b {
			still[id]++
		} else {
			seen[id], still[id] = b, 0
		}
		if id != o.node && still[id] >= deadAfter {
			if err := o.release(ctx, id, true); err != nil {
				return err
			}
			delete(seen, id)
			delete(still, id)
			o.log.Warn("webhook: a node has died; what it had in hand is tried again", "node", id)
			o.wake()
		}
	}
	return nil
}

// beats reads the beat of each node: of those that beat, and 0 for those that only
// hold something.
func (o *Outbox) beats(ctx context.Context) (map[string]int64, error) {
	beats := map[string]int64{}
	for _, query := range []string{selectClaims, selectNodes} {
		rows, err := o.db.Query(ctx, query)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var id string
			var beat int64
			into := []any{&id, &beat}
			if query == selectClaims {
				into = into[:1]
			}
			if err := rows.Scan(into...); err != nil {
				return nil, errors.Join(err, rows.Close())
			}
			beats[id] = beat
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, err
		}
	}
	return beats, nil
}

// missBeats is how often claims are compared with what is in memory.
const missBeats = 10

// miss finds what is claimed by this node and is not in its memory, and lets it go
// when it is missed the second time. It happens when a commit was reported as
// failed and was none: the connection broke in its middle.
func (o *Outbox) miss(ctx context.Context, missed map[string]bool) error {
	claimed, err := o.candidates(ctx, selectClaimed, o.node)
	if err != nil {
		return err
	}
	before := maps.Clone(missed)
	clear(missed)
	var lost []string
	for _, c := range o.queue.absent(claimed) {
		if before[c.id] {
			lost = append(lost, c.id)
		} else {
			missed[c.id] = true
		}
	}
	if len(lost) == 0 {
		return nil
	}
	defer o.wake()
	return o.db.Write(ctx, func(tx *store.Tx) error {
		for _, id := range lost {
			if _, err := tx.Exec(ctx, releaseClaim, id, o.node); err != nil {
				return err
			}
		}
		return nil
	})
}

// takeOver gives back what a process before this one had in hand. On a database of
// many nodes that is left to watch, which sees who lives.
func (o *Outbox) takeOver(ctx context.Context) error {
	if !o.db.SingleNode() {
		return nil
	}
	nodes, err := o.beats(ctx)
	if err != nil {
		return fmt.Errorf("webhook: %w", err)
	}
	for id := range nodes {
		if id != o.node {
			if err := o.release(ctx, id, true); err != nil {
				return err
			}
		}
	}
	return nil
}

// release lets a node go of all that it has in hand. Where it died, that counts as
// a try of which nobody knows how it ended.
func (o *Outbox) release(ctx context.Context, node string, died bool) error {
	err := o.db.Write(ctx, func(tx *store.Tx) error {
		if died {
			if _, err := tx.Exec(ctx, noteLost, node, clock.Millis(o.clock.Now()), lost); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, releaseClaims, node); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, deleteNode, node)
		return err
	})
	if err != nil {
		return fmt.Errorf("webhook: release: %w", err)
	}
	return nil
}

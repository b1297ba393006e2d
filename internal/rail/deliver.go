package rail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/glencheck-dev/glencheck/internal/store"
)

// file is a file of payments.
type file struct {
	id        string
	kind      Kind
	content   []byte
	createdAt time.Time
}

// claimTime is how long a node has to hand a file over before another tries.
const claimTime = 2 * time.Minute

// deliver hands over the files that wait, the oldest first. One that the network
// does not take stays, and so do those behind it.
func (r *Rails) deliver(ctx context.Context) error {
	for {
		f, err := r.claim(ctx)
		if errors.Is(err, store.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("rail: deliver: %w", err)
		}
		if err := r.cfg.Network.Deliver(ctx, f.id, f.content); err != nil {
			return errors.Join(fmt.Errorf("rail: the network did not take %s: %w", f.id, err), r.unclaim(ctx, f.id))
		}
		err = r.db.Write(ctx, func(tx *store.Tx) error { return r.markSent(ctx, tx, f.id) })
		if err != nil {
			return fmt.Errorf("rail: deliver: %w", err)
		}
	}
}

// collect reads what came back.
func (r *Rails) collect(ctx context.Context) error {
	list, err := r.cfg.Network.Collect(ctx)
	if err != nil {
		return fmt.Errorf("rail: collect: %w", err)
	}
	var errs []error
	for _, in := range list {
		var not *NotBelieved
		switch err := r.Receive(ctx, in.Name, in.Content); {
		case errors.As(err, &not):
			// It would come back for ever. Its content may hold anything, so only its
			// name is told.
			level := slog.LevelWarn
			if not.garbled { // a fault at the bank or on the way
				level = slog.LevelError
			}
			r.log.Log(ctx, level, "rail: a file that came back was set aside", "file", in.Name, "reason", not.Reason)
			errs = append(errs, r.cfg.Network.SetAside(ctx, in.Name, not.Reason))
		case err != nil:
			errs = append(errs, err) // the database, or it came too early: it is read again
		default:
			errs = append(errs, r.cfg.Network.Acknowledge(ctx, in.Name))
		}
	}
	return errors.Join(errs...)
}

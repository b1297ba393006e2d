package webhook

import (
	"context"
	"fmt"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// What has been delivered, or not, is kept for ninety days of the clock.
const (
	keepFor    = 90 * 24 * time.Hour
	sweepBatch = 500
	sweepBeats = 600 // beats of watch: every ten minutes
)

// Sweep deletes what is older than it is kept for.
func (o *Outbox) Sweep(ctx context.Context) error {
	now := o.clock.Now()
	for ctx.Err() == nil {
		var n int64
		err := o.db.Write(ctx, func(tx *store.Tx) error {
			before := clock.Millis(now.Add(-keepFor))
			if _, err := tx.Exec(ctx, sweepAttempts, before, sweepBatch); err != nil {
				return err
			}
			res, err := tx.Exec(ctx, sweepDeliveries, before, sweepBatch)
			if err != nil {
				return err
			}
			if n, err = res.RowsAffected(); err != nil || n == sweepBatch {
				return err
			}
			_, err = tx.Exec(ctx, sweepHours, hourOf(now)-2*cutWithin)
			return err
		})
		if err != nil {
			return fmt.Errorf("webhook: sweep: %w", err)
		}
		if n < sweepBatch {
			return nil
		}
	}
	return nil
}

package item

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/glencheck-dev/glencheck/internal/store"
)

// A public token lives for half an hour. Once it has expired it is answered like
// one that never was, so its row is of no more use.
const (
	sweepEvery = time.Hour
	sweepBatch = 1000
)

// Run forgets public tokens that have expired until ctx ends.
func (s *Items) Run(ctx context.Context, log *slog.Logger) {
	for {
		if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			log.Error("public token sweep failed", "error", err.Error())
		}
		if s.clock.Wait(ctx, s.clock.Now().Add(sweepEvery)) != nil {
			return
		}
	}
}

// Sweep forgets the public tokens that have expired, in batches, so that no other
// write waits for long.
func (s *Items) Sweep(ctx context.Context) error {
	now := s.clock.Now().UnixMilli()
	for n := int64(sweepBatch); n == sweepBatch; {
		err := s.db.Write(ctx, func(tx *store.Tx) error {
			res, err := tx.Exec(ctx, sweepPublicTokens, now, sweepBatch)
			if err != nil {
				return err
			}
			n, err = res.RowsAffected()
			return err
		})
		if err != nil {
			return fmt.Errorf("item: sweep of public tokens: %w", err)
		}
	}
	return nil
}

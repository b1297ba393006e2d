package rail

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// settleJob is the kind of the jobs that post Same Day deposits when their window
// settles; the subject is the payment.
const settleJob = "rail.settle"

// settleAgain is when a job looks again whose deposit is still not handed over.
const settleAgain = 5 * time.Minute

// settle posts a deposit whose window has settled without an answer.
func (r *Rails) settle(ctx context.Context, tx *store.Tx, job schedule.Job) error {
	p, err := r.payment(ctx, tx, job.Subject)
	if err != nil {
		return fmt.Errorf("rail: settle: %w", err)
	}
	if p.State == Built {
		return r.cfg.Scheduler.Schedule(ctx, tx, r.clock.Now().Add(settleAgain), settleJob, p.ID, "")
	}
	err = r.change(ctx, tx, p, Event{Type: EventPosted})
	if errors.Is(err, errNotNow) {
		return nil // it was answered
	}
	return err
}

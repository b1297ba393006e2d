package schedule

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

const (
	insertJob  = "INSERT INTO job (id, kind, subject, payload, due_at, attempts) VALUES ($1, $2, $3, $4, $5, $6)"
	deleteJobs = "DELETE FROM job WHERE kind = $1 AND subject = $2"
	// takeJob removes a job if it is still due: the loser of a race changes no row.
	takeJob   = "DELETE FROM job WHERE id = $1 AND due_at <= $2"
	delayJob  = "UPDATE job SET due_at = $2, attempts = $3 WHERE id = $1"
	selectDue = "SELECT id, kind, subject, payload, due_at FROM job WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2"
	nextDue   = "SELECT due_at FROM job ORDER BY due_at, id LIMIT 1"
)

func (s *Scheduler) due(ctx context.Context) ([]Job, error) {
	rows, err := s.db.Query(ctx, selectDue, clock.Millis(s.clock.Now()), batch)
	if err != nil {
		return nil, fmt.Errorf("schedule: %w", err)
	}
	defer rows.Close()
	var jobs []Job
	for rows.Next() {
		var j Job
		var due int64
		if err := rows.Scan(&j.ID, &j.Kind, &j.Subject, &j.Payload, &due); err != nil {
			return nil, fmt.Errorf("schedule: %w", err)
		}
		j.DueAt = clock.FromMillis(due)
		jobs = append(jobs, j)
	}
	return jobs, rows.Err()
}

// next is when the first job of all is due; found is false if there is none.
func (s *Scheduler) next(ctx context.Context) (at time.Time, found bool, err error) {
	var due int64
	err = s.db.QueryRow(ctx, nextDue).Scan(&due)
	if errors.Is(err, store.ErrNoRows) {
		return time.Time{}, false, nil
	}
	return clock.FromMillis(due), err == nil, err
}

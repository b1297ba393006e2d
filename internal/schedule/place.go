package schedule

import (
	"context"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Place is where a clock stands, for a state that is saved and comes back.
type Place struct {
	Manual bool  `json:"manual"`
	Now    int64 `json:"now"`      // Unix milliseconds
	Ahead  int64 `json:"ahead_ms"` // of a clock that runs, before the machine's
}

// Place is where the clock stands.
func (s *Scheduler) Place() Place {
	return Place{s.clock.IsManual(), clock.Millis(s.clock.Now()), s.clock.Ahead().Milliseconds()}
}

// Return brings the clock, back or forward, to where a saved state left it, once tx
// is durable. A clock that stands still is set to the time of the saving, and one
// that runs too where the state was saved under one that stood still. Between two
// clocks that run, time runs on: only how far it was moved comes back.
func (s *Scheduler) Return(ctx context.Context, tx *store.Tx, p Place) error {
	now := clock.FromMillis(p.Now)
	if s.clock.IsManual() {
		tx.AfterCommit(func() { s.clock.Set(now) })
		return store.KeepNumber(ctx, tx, keptNow, p.Now)
	}
	ahead := time.Duration(p.Ahead) * time.Millisecond
	if p.Manual {
		ahead = now.Sub(s.clock.Now().Add(-s.clock.Ahead())).Truncate(time.Millisecond)
	}
	tx.AfterCommit(func() { s.clock.Advance(ahead - s.clock.Ahead()) })
	return store.KeepNumber(ctx, tx, keptAhead, ahead.Milliseconds())
}

// Follow moves the clock, back too, to where Travel or Return on this database has
// brought it.
func (s *Scheduler) Follow(ctx context.Context) error {
	if s.clock.IsManual() {
		now, err := s.db.Number(ctx, keptNow)
		if err == nil && now != 0 {
			s.clock.Set(clock.FromMillis(now))
		}
		return err
	}
	ahead, err := s.db.Number(ctx, keptAhead)
	if err == nil {
		s.clock.Advance(time.Duration(ahead)*time.Millisecond - s.clock.Ahead())
	}
	return err
}

// Still does f while no job runs here and nobody moves the clock.
func (s *Scheduler) Still(f func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return f()
}

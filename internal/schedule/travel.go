package schedule

import (
	"context"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// How far the clock was moved is kept, so that a server that starts again goes
// on from there and not before what its database tells.
const (
	keptAhead = "clock ahead" // of a real clock, in milliseconds
	keptNow   = "clock now"   // of a manual clock, in Unix milliseconds
)

// Resume moves the clock to where Travel on this database has brought it. A
// clock never goes back.
func (s *Scheduler) Resume(ctx context.Context) error {
	if s.clock.IsManual() {
		now, err := s.db.Number(ctx, keptNow)
		if to := clock.FromMillis(now); err == nil && to.After(s.clock.Now()) {
			s.clock.Set(to)
		}
		return err
	}
	ahead, err := s.db.Number(ctx, keptAhead)
	if by := time.Duration(ahead)*time.Millisecond - s.clock.Ahead(); err == nil && by > 0 {
		s.clock.Advance(by)
	}
	return err
}

// keep stores where the clock stands.
func (s *Scheduler) keep(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if s.clock.IsManual() {
			return store.KeepNumber(ctx, tx, keptNow, clock.Millis(s.clock.Now()))
		}
		return store.KeepNumber(ctx, tx, keptAhead, s.clock.Ahead().Milliseconds())
	})
}

// Travel moves the clock forward by d and reports how many jobs that made due.
// It stops at the time of each, in order, and runs it there: what a job finds
// and what it makes due is as if the time had passed by itself. Where Travel is
// interrupted, the clock stands at the last job it came to.
func (s *Scheduler) Travel(ctx context.Context, d time.Duration) (jobs int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	target := s.clock.Now().Add(d)
	if err := s.attend(ctx); err != nil {
		return 0, err
	}
	for {
		next, found, err := s.nextStop(ctx)
		if err != nil {
			return jobs, err
		}
		if !found || next.After(target) {
			break
		}
		if next.After(s.clock.Now()) {
			s.clock.Set(next)
		}
		if err := s.attend(ctx); err != nil {
			return jobs, err
		}
		n, err := s.runDue(ctx)
		if jobs += n; err != nil {
			return jobs, err
		}
	}
	if target.After(s.clock.Now()) {
		s.clock.Set(target)
	}
	if err := s.attend(ctx); err != nil {
		return jobs, err
	}
	return jobs, s.keep(ctx)
}

// nextStop is where Travel stops next: at a job, or where somebody else has
// something to do.
func (s *Scheduler) nextStop(ctx context.Context) (at time.Time, found bool, err error) {
	at, found, err = s.next(ctx)
	for _, next := range s.stops {
		if err != nil {
			break
		}
		var other time.Time
		var any bool
		if other, any, err = next(ctx); any && (!found || other.Before(at)) {
			at, found = other, true
		}
	}
	return at, found, err
}

// Stops names times at which Travel stops as it does at jobs, so that work beside
// it is done then. next answers the first of them that is still to come; it must
// not answer a present or past one. Name everything before the first Travel.
func (s *Scheduler) Stops(next func(context.Context) (at time.Time, found bool, err error)) {
	s.stops = append(s.stops, next)
}

// Beside names work that is done whenever there is some and not at a time, such
// as what a worker delivers: Travel lets it be done wherever it stops, before it
// leaves and after it has arrived, so that what follows from it is not left to
// chance. Name everything before the first Travel.
func (s *Scheduler) Beside(work func(context.Context) error) { s.beside = append(s.beside, work) }

func (s *Scheduler) attend(ctx context.Context) error {
	for _, work := range s.beside {
		if err := work(ctx); err != nil {
			return err
		}
	}
	return nil
}

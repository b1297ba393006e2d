package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Job is one thing to do at its time.
type Job struct {
	ID   string
	Kind string
	// Subject is what the job is about, such as an Item's id; Cancel finds it by
	// this.
	Subject string
	// Payload is for the room's own use.
	Payload string
	DueAt   time.Time
}

// Func does a job inside the transaction that removes it. It must not reach the
// network.
type Func func(ctx context.Context, tx *store.Tx, job Job) error

// Ask finds out what a job needs to know before its transaction, from a bank for
// example, and returns what is to be done in it. Where several nodes ask at once,
// what one of them has found is done. Jobs wait for each other, so it must end in
// good time.
type Ask func(ctx context.Context, job Job) (Func, error)

// Scheduler keeps and runs jobs. Register everything before Run.
type Scheduler struct {
	db    *store.DB
	clock *clock.Clock
	ids   *clock.IDs
	log   *slog.Logger
	kinds map[string]Ask
	names map[string]*clock.IDs // ids of the jobs of a kind, so that a seeded run orders those of one time the same way
	poke  chan struct{}

	beside []func(context.Context) error
	stops  []func(context.Context) (time.Time, bool, error)

	mu sync.Mutex // one RunDue at a time, so that jobs keep their order
}

// New returns a scheduler on a database.
func New(db *store.DB, clk *clock.Clock, ids *clock.IDs, log *slog.Logger) *Scheduler {
	return &Scheduler{db: db, clock: clk, ids: ids, log: log, kinds: map[string]Ask{}, names: map[string]*clock.IDs{}, poke: make(chan struct{}, 1)}
}

// Register says what a kind of job does. A kind registered twice is a
// programmer's error and panics.
func (s *Scheduler) Register(kind string, f Func) {
	s.RegisterAsk(kind, func(context.Context, Job) (Func, error) { return f, nil })
}

// RegisterAsk is Register for a job that has to ask somebody first.
func (s *Scheduler) RegisterAsk(kind string, ask Ask) {
	if s.kinds[kind] != nil {
		panic("schedule: two functions for " + kind)
	}
	s.kinds[kind], s.names[kind] = ask, s.ids.Fork(kind)
}

// Schedule adds a job in the caller's transaction.
func (s *Scheduler) Schedule(ctx context.Context, tx *store.Tx, at time.Time, kind, subject, payload string) error {
	if s.kinds[kind] == nil {
		return fmt.Errorf("schedule: nothing is registered for %s", kind)
	}
	_, err := tx.Exec(ctx, insertJob, s.names[kind].UUID(), kind, subject, payload, clock.Millis(at), 0)
	if err != nil {
		return fmt.Errorf("schedule: %w", err)
	}
	tx.AfterCommit(func() {
		select {
		case s.poke <- struct{}{}:
		default:
		}
	})
	return nil
}

// Cancel removes the jobs of a kind about a subject, in the caller's
// transaction.
func (s *Scheduler) Cancel(ctx context.Context, tx *store.Tx, kind, subject string) error {
	if _, err := tx.Exec(ctx, deleteJobs, kind, subject); err != nil {
		return fmt.Errorf("schedule: %w", err)
	}
	return nil
}

// batch is how many due jobs are looked up at a time.
const batch = 100

// RunDue runs every job that is due and reports how many it did. Jobs that their
// own effects make due run too.
func (s *Scheduler) RunDue(ctx context.Context) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.runDue(ctx)
}

// runDue is RunDue for those who hold the lock.
func (s *Scheduler) runDue(ctx context.Context) (int, error) {
	done := 0
	for {
		jobs, err := s.due(ctx)
		if err != nil || len(jobs) == 0 {
			return done, err
		}
		for _, job := range jobs {
			ran, err := s.run(ctx, job)
			if err != nil {
				return done, err
			}
			if ran {
				done++
			}
		}
	}
}

// run does one job. An error of the job itself puts it off; the error returned
// is one of the database.
func (s *Scheduler) run(ctx context.Context, job Job) (ran bool, err error) {
	f, unasked := ask(ctx, s.kinds[job.Kind], job)
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		ran = false
		switch err := tx.ExecOne(ctx, takeJob, job.ID, clock.Millis(s.clock.Now())); {
		case errors.Is(err, store.ErrNoRows):
			return nil // another node was faster, or it was cancelled
		case err != nil:
			return err
		}
		if unasked != nil {
			return unasked
		}
		ran = true
		return call(ctx, tx, f, job)
	})
	if err == nil || ctx.Err() != nil {
		return ran, err
	}
	s.log.Error("job failed", "kind", job.Kind, "job", job.ID, "error", err.Error())
	return false, s.putOff(ctx, job)
}

// ask finds out what is to be done for a job.
func ask(ctx context.Context, about Ask, job Job) (f Func, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic of %T at %s", p, debug.Stack()) // its type only: its text may hold anything
		}
	}()
	if about == nil {
		return nil, fmt.Errorf("nothing is registered for %s", job.Kind)
	}
	return about(ctx, job)
}

// call does a job. One that panics has failed and is put off: otherwise it would
// end the process, and the next one too.
func call(ctx context.Context, tx *store.Tx, f Func, job Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic of %T at %s", p, debug.Stack()) // its type only: its text may hold anything
		}
	}()
	return f(ctx, tx, job)
}

// putOff moves a failed job to a later time: one minute, doubled each time, up
// to a day.
func (s *Scheduler) putOff(ctx context.Context, job Job) error {
	return s.db.Write(ctx, func(tx *store.Tx) error {
		var attempts int64
		err := tx.QueryRow(ctx, "SELECT attempts FROM job WHERE id = $1", job.ID).Scan(&attempts)
		if errors.Is(err, store.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		wait := min(time.Minute<<min(attempts, 20), 24*time.Hour)
		_, err = tx.Exec(ctx, delayJob, job.ID, clock.Millis(s.clock.Now().Add(wait)), attempts+1)
		return err
	})
}

// pollEvery is how often a node looks for jobs that another node scheduled.
const pollEvery = 5 * time.Second

// Run runs jobs as they become due until ctx ends.
func (s *Scheduler) Run(ctx context.Context) {
	for ctx.Err() == nil {
		if !s.db.SingleNode() { // another node may have moved the clock
			if err := s.Resume(ctx); err != nil && ctx.Err() == nil {
				s.log.Error("schedule: clock", "error", err.Error())
			}
		}
		if _, err := s.RunDue(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("schedule", "error", err.Error())
		}
		s.rest(ctx)
	}
}

// rest waits until the next job is due, a job is added, or it is time to poll.
func (s *Scheduler) rest(ctx context.Context) {
	until := s.clock.Now().Add(pollEvery)
	if next, ok, err := s.next(ctx); err == nil && ok && next.Before(until) && next.After(s.clock.Now()) {
		until = next
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	woken := make(chan struct{})
	go func() {
		defer close(woken)
		s.clock.Wait(ctx, until)
	}()
	select {
	case <-s.poke:
	case <-woken:
	}
	cancel()
	<-woken
}

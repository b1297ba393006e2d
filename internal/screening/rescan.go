package screening

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/screening/list"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// The kinds of jobs.
const (
	jobRescan = "screening.rescan" // search anew: for a page of screenings, or for one
	jobRead   = "screening.read"   // read the directory of lists again
)

// sweep is the subject of the job that goes through all screenings. Its payload is the
// number of the last one that was done.
const sweep = "all"

// perSweep is how many screenings one job searches for: few enough that other jobs wait
// no longer than a moment.
const perSweep = 50

// rescanTime is how long after a change of a list or a program screenings are searched
// for anew: several lists that are loaded one after the other make one rescan.
const rescanTime = time.Second

// sweepSoon has all screenings searched for anew, from the first one on.
func (s *Service) sweepSoon(ctx context.Context, tx *store.Tx) error {
	if err := s.cfg.Scheduler.Cancel(ctx, tx, jobRescan, sweep); err != nil {
		return err
	}
	return s.cfg.Scheduler.Schedule(ctx, tx, s.clock.Now().Add(rescanTime), jobRescan, sweep, "0")
}

// rescanned is what a search has found for a screening.
type rescanned struct {
	sc    *Screening
	found result
}

// rescanJob searches for screenings whose programs rescan.
func (s *Service) rescanJob(ctx context.Context, job schedule.Job) (schedule.Func, error) {
	if job.Subject != sweep {
		sc, err := s.read(ctx, s.db, screeningByID, job.Subject)
		if errors.Is(err, store.ErrNoRows) || err == nil && sc.Status == Rejected {
			return nothing, nil
		}
		if err != nil {
			return nil, err
		}
		return s.rescan(ctx, []*Screening{sc}, nil)
	}
	after, err := strconv.ParseInt(job.Payload, 10, 64)
	if err != nil {
		return nil, err
	}
	page, err := collect(ctx, s.db, s.scan, screeningSweep, after, perSweep)
	if err != nil {
		return nil, err
	}
	if len(page) < perSweep {
		return s.rescan(ctx, page, nil)
	}
	last := strconv.FormatInt(page[perSweep-1].number, 10)
	return s.rescan(ctx, page, func(ctx context.Context, tx *store.Tx) error {
		return s.cfg.Scheduler.Schedule(ctx, tx, job.DueAt, jobRescan, sweep, last)
	})
}

func nothing(context.Context, *store.Tx, schedule.Job) error { return nil }

// rescan searches for some screenings and returns what is to be done about what was
// found.
func (s *Service) rescan(ctx context.Context, page []*Screening, then func(context.Context, *store.Tx) error) (schedule.Func, error) {
	type key struct {
		client, id string
		kind       list.Kind
	}
	programs := map[key]*Program{}
	var done []rescanned
	for _, sc := range page {
		at := key{sc.ClientID, sc.ProgramID, sc.Kind}
		p := programs[at]
		if p == nil {
			var err error
			if p, err = s.program(ctx, s.db, sc.ClientID, sc.Kind, sc.ProgramID); err != nil {
				if errors.Is(err, errNoProgram) {
					continue
				}
				return nil, err
			}
			programs[at] = p
		}
		if !p.Rescanning || p.Archived || sc.Redacted {
			continue
		}
		found, err := s.search(ctx, sc, p)
		if err != nil {
			return nil, err
		}
		done = append(done, rescanned{sc, found})
	}
	return func(ctx context.Context, tx *store.Tx, _ schedule.Job) error {
		for _, r := range done {
			if err := s.applyRescan(ctx, tx, r); err != nil {
				return err
			}
		}
		if then != nil {
			return then(ctx, tx)
		}
		return nil
	}, nil
}

// holdScreening keeps others from changing a screening until the transaction ends.
const holdScreening = `UPDATE screening SET seq = seq WHERE id = $1 AND seq = $2`

// hold does so; errMoved where somebody else has been faster.
func (s *Service) hold(ctx context.Context, tx *store.Tx, sc *Screening) error {
	res, err := tx.Exec(ctx, holdScreening, sc.ID, sc.seq)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, errMoved)
	}
	return nil
}

// applyRescan keeps what a rescan has found. A screening that has changed since is
// searched for once more.
func (s *Service) applyRescan(ctx context.Context, tx *store.Tx, r rescanned) error {
	if err := s.hold(ctx, tx, r.sc); errors.Is(err, errMoved) {
		return s.cfg.Scheduler.Schedule(ctx, tx, s.clock.Now(), jobRescan, r.sc.ID, "")
	} else if err != nil {
		return err
	}
	have, err := s.hits(ctx, tx, r.sc.ID, 0, allHits)
	if err != nil {
		return err
	}
	news, err := s.keepHits(ctx, tx, r.sc, have, r.found)
	if err != nil || !news || r.sc.Status != Cleared {
		return err
	}
	after, before := *r.sc, r.sc.record
	after.Status, after.Audit = PendingReview, s.audit(bySystem)
	return s.store(ctx, tx, &after, before)
}

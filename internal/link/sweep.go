package link

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// What Sweep does, and when.
const (
	sessionSweepEvery = time.Minute
	sessionSweepBatch = 100
	sessionSweepMost  = 100 // batches of one chore
	// lateFinish is how long after its token's end a session may still finish,
	// on the pane that says that all is connected.
	lateFinish = time.Hour
	// retention is how long an ended session can be looked at, and how long a bank
	// is asked to take back what it held.
	retention = 30 * 24 * time.Hour
)

// Run sweeps until ctx ends.
func (s *Sessions) Run(ctx context.Context) {
	for {
		if _, err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.cfg.Log.Error("link sweep failed", "error", err.Error())
		}
		if s.clock.Wait(ctx, s.clock.Now().Add(sessionSweepEvery)) != nil {
			return
		}
	}
}

// Sweep ends the sessions that nobody came back to, tells of those that nobody
// goes on with, gives back what ended ones still hold at a bank, and deletes old
// ones. It reports how many it touched. One that cannot be read keeps none of the
// others.
func (s *Sessions) Sweep(ctx context.Context) (int, error) {
	now := s.clock.Now()
	total, err := s.sweepRetries(ctx, now.Add(-bankTime))
	errs := []error{err}
	for _, c := range []chore{
		{`SELECT id FROM link_session WHERE ending = '' AND expires_at <= $1 ORDER BY expires_at LIMIT $2`, now.Add(-lateFinish), s.expire},
		{`SELECT id FROM link_session WHERE ending = '' AND last_event_at <= $1 AND reported < events ORDER BY last_event_at LIMIT $2`, now.Add(-idle), s.reportIdle},
		{`SELECT id FROM link_session WHERE cleanup = FALSE AND finished_at > 0 AND finished_at <= $1 ORDER BY finished_at LIMIT $2`, now.Add(-retention), s.forget},
		{`SELECT id FROM link_session WHERE cleanup = TRUE AND finished_at <= $1 ORDER BY finished_at LIMIT $2`, now.Add(-retention), s.forget},
		{`SELECT id FROM link_refusal WHERE at <= $1 ORDER BY at LIMIT $2`, now.Add(-retention), s.forgetRefusal},
	} {
		n, err := s.sweepChore(ctx, c)
		total, errs = total+n, append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return total, fmt.Errorf("link: sweep: %w", err)
	}
	return total, nil
}

// chore is done on each session that a query names, and takes it out of what the
// query names.
type chore struct {
	query string
	until time.Time
	do    func(context.Context, string) error
}

// sweepChore goes on for as long as whole batches are done, so that a minute with
// many sessions does not leave the rest of them behind for ever.
func (s *Sessions) sweepChore(ctx context.Context, c chore) (total int, err error) {
	for range sessionSweepMost {
		ids, err := s.ids(ctx, c.query, clock.Millis(c.until), sessionSweepBatch)
		if err != nil {
			return total, err
		}
		done, err := doEach(ctx, ids, c.do)
		if total += done; err != nil || len(ids) < sessionSweepBatch {
			return total, err
		}
	}
	return total, nil
}

// sweepRetries asks banks again to take back what ended sessions held: one batch,
// as a bank that does not answer takes its time, and another one each time, so that
// it does not stand in the way of other banks.
func (s *Sessions) sweepRetries(ctx context.Context, until time.Time) (int, error) {
	s.mu.Lock()
	from := s.retried
	s.mu.Unlock()
	rows, err := s.db.Query(ctx, `SELECT id, finished_at FROM link_session WHERE cleanup = TRUE AND finished_at <= $1 AND finished_at > $2 ORDER BY finished_at LIMIT $3`,
		clock.Millis(until), from, sessionSweepBatch)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id, &from); err != nil {
			return 0, err
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	if len(ids) < sessionSweepBatch {
		from = 0
	}
	s.mu.Lock()
	s.retried = from
	s.mu.Unlock()
	return doEach(ctx, ids, s.retry)
}

// doEach does something with each session and reports how many it was done with.
func doEach(ctx context.Context, ids []string, do func(context.Context, string) error) (done int, err error) {
	var errs []error
	for _, id := range ids {
		if ctx.Err() != nil {
			break
		}
		if err := do(ctx, id); err != nil {
			errs = append(errs, fmt.Errorf("session %s: %w", id, err))
			continue
		}
		done++
	}
	return done, errors.Join(errs...)
}

// expire ends a session whose person has gone away. No callback is told: the
// page that would hear it is gone too (link-web.md section 1.4).
func (s *Sessions) expire(ctx context.Context, id string) error {
	v, err := s.leftOver(ctx, id)
	if err != nil || v == nil || v.ending != "" {
		return err
	}
	v.ending, v.cleanup, v.claim, v.FinishedAt = endingExpired, v.holds(), "", v.ExpiresAt
	v.RequestID = v.Memory.RequestID
	v.Explain("nobody came back to the session before its link token expired at %s", stamp(v.ExpiresAt))
	v.Seq++
	if err := s.store(ctx, v, nil); err != nil {
		if errors.Is(err, errMoved) {
			return nil // the person came back after all
		}
		return err
	}
	s.release(ctx, v)
	return nil
}

// retry gives back what a session still holds.
func (s *Sessions) retry(ctx context.Context, id string) error {
	v, err := s.leftOver(ctx, id)
	if err != nil || v == nil {
		return err
	}
	if v.flow.Abandon == nil { // a flow that this program no longer has
		v.cleanup = false
		return s.db.Write(ctx, func(tx *store.Tx) error { return s.released(ctx, tx, id) })
	}
	s.release(ctx, v)
	return nil
}

// leftOver reads a session for the sweep; nil if it is gone.
func (s *Sessions) leftOver(ctx context.Context, id string) (*Visit, error) {
	session, err := s.byID(ctx, id)
	if errors.Is(err, store.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	flow, ok := s.flows[session.Flow]
	v := s.visit(session, flow, "", Input{})
	if !ok {
		return v, nil
	}
	return v, v.load()
}

func (s *Sessions) forget(ctx context.Context, id string) error {
	return s.db.Write(ctx, func(tx *store.Tx) error {
		for _, statement := range []string{
			`DELETE FROM link_token_spent WHERE token_id = (SELECT token_id FROM link_session WHERE id = $1)`,
			`DELETE FROM link_token_login WHERE token_id = (SELECT token_id FROM link_session WHERE id = $1)`,
			`DELETE FROM link_event WHERE session_id = $1`,
			`DELETE FROM link_remark WHERE session_id = $1`,
			`DELETE FROM link_oauth WHERE session_id = $1`,
			`DELETE FROM link_session WHERE id = $1`,
		} {
			if _, err := tx.Exec(ctx, statement, id); err != nil {
				return err
			}
		}
		return nil
	})
}

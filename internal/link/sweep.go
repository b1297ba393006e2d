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
	// lateFinish is how long after its token's end a session may still finish,
	// on the pane that says that all is connected.
	lateFinish = time.Hour
	// retention is how long an ended session can be looked at.
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
// ones. It reports how many it touched.
func (s *Sessions) Sweep(ctx context.Context) (int, error) {
	now := s.clock.Now()
	total := 0
	for _, chore := range []struct {
		query string
		until time.Time
		do    func(context.Context, string) error
	}{
		{`SELECT id FROM link_session WHERE ending = '' AND expires_at <= $1 ORDER BY expires_at LIMIT $2`, now.Add(-lateFinish), s.expire},
		{`SELECT id FROM link_session WHERE ending = '' AND last_event_at <= $1 AND reported < events ORDER BY last_event_at LIMIT $2`, now.Add(-idle), s.reportIdle},
		{`SELECT id FROM link_session WHERE cleanup = TRUE AND finished_at <= $1 ORDER BY finished_at LIMIT $2`, now.Add(-bankTime), s.retry},
		{`SELECT id FROM link_session WHERE cleanup = FALSE AND finished_at > 0 AND finished_at <= $1 ORDER BY finished_at LIMIT $2`, now.Add(-retention), s.forget},
		{`SELECT id FROM link_refusal WHERE at <= $1 ORDER BY at LIMIT $2`, now.Add(-retention), s.forgetRefusal},
	} {
		ids, err := s.ids(ctx, chore.query, clock.Millis(chore.until), sessionSweepBatch)
		if err != nil {
			return total, fmt.Errorf("link: sweep: %w", err)
		}
		for _, id := range ids {
			if err := chore.do(ctx, id); err != nil {
				return total, fmt.Errorf("link: sweep: %w", err)
			}
			total++
		}
	}
	return total, nil
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

package link

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Success is one thing that a session made: an Item with its public token.
type Success struct {
	ItemID      string
	PublicToken string
	Institution *InstitutionRef // nil where the Item has none
	Accounts    []AccountRef
}

// Made is a result that a session has already, with the mark of its institution
// for the panes that list it.
type Made struct {
	Success
	At   time.Time
	Mark *Institution `json:",omitempty"`
}

// result is what a session came to, kept for repeated steps and
// /link/token/get. A session of one Item has one result, and it ends with it.
type result struct {
	Made []Made `json:"made,omitempty"`
	// Withheld are those of which the session's callbacks say nothing.
	Withheld []Made       `json:"withheld,omitempty"`
	Exit     *SessionExit `json:"exit,omitempty"`
}

// Made lists what the session has made so far, in order.
func (s *Session) Made() []Made { return slices.Clone(s.result.Made) }

// errSpent says that a link token has already led to a result in another
// session.
var errSpent = errors.New("link: the token was used before")

// finish makes the last result of a session and ends it well.
func (s *Sessions) finish(ctx context.Context, v *Visit) (Turn, error) {
	if v.flow.Closing != "" {
		v.Emit(v.flow.Closing)
	}
	if !v.flow.Verifies {
		v.Emit(EventHandoff)
	}
	turn, made, err := s.produce(ctx, v, func(m Made) {
		v.add(m)
		v.ending, v.cleanup, v.FinishedAt = endingSuccess, v.holds(), s.clock.Now()
	})
	if made {
		s.report(ctx, v, "connected")
		s.release(ctx, v)
	}
	return turn, err
}

// handOn makes a result and goes on with the session (Step.Makes).
func (s *Sessions) handOn(ctx context.Context, v *Visit, to View) (Turn, error) {
	v.Emit(EventHandoff)
	turn, _, err := s.produce(ctx, v, func(m Made) { v.add(m); v.enter(to) })
	return turn, err
}

// withhold makes a result that the session does not tell, and goes on
// (Step.Withholds).
func (s *Sessions) withhold(ctx context.Context, v *Visit, to View) (Turn, error) {
	turn, _, err := s.produce(ctx, v, func(m Made) {
		v.result.Withheld = append(slices.Clip(v.result.Withheld), m)
		v.enter(to)
	})
	return turn, err
}

// add adds a result to those that the session tells.
func (v *Visit) add(m Made) { v.result.Made = append(slices.Clip(v.result.Made), m) }

// produce makes what the session was for in the transaction that stores the
// step, so that a crash leaves both or neither and a second press makes nothing;
// made reports whether it was this request that made it.
// then keeps the result and says where the session stands afterwards; it runs after Flow.Finish and,
// like it, again if the database asks for it.
func (s *Sessions) produce(ctx context.Context, v *Visit, then func(Made)) (turn Turn, made bool, err error) {
	v.Seq++
	if err := v.keep(); err != nil {
		return Turn{}, false, err
	}
	var told *plaid.Error
	before, staged, remarks := *v.Session, slices.Clip(v.staged), slices.Clip(v.remarks)
	err = s.store(ctx, v, func(tx *store.Tx) error {
		before.lastEventAt = v.lastEventAt
		*v.Session, v.staged, v.remarks = before, staged, remarks
		if err := v.load(); err != nil {
			return err
		}
		if s.cfg.Env != "sandbox" && !v.flow.Verifies { // "one-time use", not enforced in the sandbox
			if err := s.spend(ctx, tx, v.Token.ID, v.ID); err != nil {
				return err
			}
		}
		success, err := v.flow.Finish(ctx, tx, v)
		if err != nil {
			return err
		}
		then(Made{success, s.clock.Now(), v.Memory.Institution})
		return v.keep()
	})
	switch {
	case errors.Is(err, errMoved):
		turn, err = s.overtaken(ctx, v)
		return turn, false, err
	case errors.Is(err, errSpent):
		turn, err = s.tooLate(ctx, v, plaid.InvalidLinkToken, "the link token works once, and another session has used it up meanwhile")
		return turn, false, err
	case errors.As(err, &told):
		turn, err = s.tooLate(ctx, v, told, "what the session was about has changed meanwhile: "+told.Message)
		return turn, false, err
	case err != nil:
		return Turn{}, false, fmt.Errorf("link: make a result: %w", err)
	}
	return s.turn(v), true, nil
}

// tooLate ends a session that can no longer make what it was for.
func (s *Sessions) tooLate(ctx context.Context, v *Visit, e *plaid.Error, why string) (Turn, error) {
	session, err := s.byID(ctx, v.ID)
	if err != nil {
		return Turn{}, err
	}
	now, over, err := s.visitTo(ctx, session, v.RequestID, Input{})
	if err != nil || over {
		return s.turnOr(now, err)
	}
	now.Memory.LastError = e
	now.Explain("%s", why)
	return s.leave(ctx, now)
}

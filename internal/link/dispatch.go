package link

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// StepRequest is one thing that a person did on a pane.
type StepRequest struct {
	Handle   string // of the session
	ClientID string // if set, whose session it must be
	Seq      int64  // of the pane it was done on
	AnySeq   bool   // on whatever pane the session is at
	Browser  bool   // in Link's frame: whoever leaves for their bank comes back in the same browser
	Input
}

// errHandle answers a handle that belongs to no session.
var errHandle = plaid.InvalidField("session must be the session of an earlier answer to open")

// Step does what the person asked for, if they asked on the pane that the
// session is at. A repeated or outdated step changes nothing and is answered
// with the present pane.
func (s *Sessions) Step(ctx context.Context, requestID string, in StepRequest) (Turn, error) {
	v, over, err := s.visitOf(ctx, in.Handle, in.ClientID, requestID, in.Input)
	if err != nil {
		return Turn{}, err
	}
	v.browser = in.Browser
	switch {
	case over:
		return s.turn(v), nil
	case v.View == Loading:
		return s.waiting(ctx, v)
	case in.Seq != v.Seq && !in.AnySeq:
		return s.turn(v), nil
	}
	step := v.flow.Steps[v.View]
	if in.Action == ActionDataTypes {
		return s.aside(ctx, v, viewDataTypes)
	}
	if aside := step.aside(v, in.Action); aside != nil {
		return s.aside(ctx, v, aside)
	}
	switch {
	case in.Action == ActionLook:
		return s.look(ctx, v, step)
	case in.Action == ActionStay:
		return s.stay(ctx, v)
	case in.Action == ActionLeave:
		return s.leave(ctx, v)
	case in.Action == ActionInstead && v.instead():
		return s.instead(ctx, v)
	case in.Action == ActionBack && v.canGoBack():
		return s.back(ctx, v, step)
	case step.offers(v, in.Action):
		return s.run(ctx, v, step)
	}
	return Turn{}, v.notOffered()
}

// notOffered answers an action that the pane does not have.
func (v *Visit) notOffered() error {
	return plaid.InvalidField("action must be one of [" + strings.Join(v.offers(), ", ") + "]")
}

// visitOf finds the session of a handle. over says that it has ended, perhaps
// just now, with its token.
func (s *Sessions) visitOf(ctx context.Context, handle, clientID, requestID string, in Input) (v *Visit, over bool, err error) {
	session, err := s.byHandle(ctx, handle)
	if errors.Is(err, store.ErrNoRows) || err == nil && clientID != "" && clientID != session.ClientID {
		return nil, false, errHandle
	}
	if err != nil {
		return nil, false, fmt.Errorf("link: session: %w", err)
	}
	return s.visitTo(ctx, session, requestID, in)
}

// maxEvents is how much may happen in a session. It bounds what a program that
// goes back and forth without end can make us keep.
const maxEvents = 2000

func (s *Sessions) visitTo(ctx context.Context, session *Session, requestID string, in Input) (v *Visit, over bool, err error) {
	flow, ok := s.flows[session.Flow]
	v = s.visit(session, flow, requestID, in)
	if session.ending != "" {
		return v, true, nil
	}
	if !ok {
		return nil, false, fmt.Errorf("link: session of flow %s, which this program does not have", session.Flow)
	}
	if err := v.load(); err != nil {
		return nil, false, err
	}
	switch {
	case v.events >= maxEvents:
		v.Explain("the session has had %d events, which ends it: no person does that much", v.events)
	case s.clock.Now().Before(v.ExpiresAt) || flow.Steps[v.View].Leaving != "":
		return v, false, nil
	default:
		v.Explain("the link token expired at %s while the session was at %s", stamp(v.ExpiresAt), v.place())
	}
	v.Memory.LastError = plaid.InvalidLinkToken
	err = s.end(ctx, v)
	if errors.Is(err, errMoved) { // somebody did something in the very moment
		if session, err = s.byID(ctx, v.ID); err == nil {
			return s.visitTo(ctx, session, requestID, in)
		}
	}
	return v, true, err
}

// run does a step: its checks, then its work outside any transaction, then what
// the flow says of the outcome.
func (s *Sessions) run(ctx context.Context, v *Visit, step Step) (Turn, error) {
	if step.Check != nil {
		if step.Check(v); len(v.problems) > 0 {
			return s.turnOr(v, s.jot(ctx, v))
		}
	}
	if step.Once {
		return s.runOnce(ctx, v, step)
	}
	s.submitted(v, step)
	before := len(v.staged)
	outcome, err := step.Do(ctx, v)
	if err != nil {
		return Turn{}, err
	}
	if len(v.problems) > 0 && len(v.staged) == before {
		return s.turnOr(v, s.jot(ctx, v)) // refused by the step itself: nothing has happened
	}
	if step.Loading && step.Next[outcome] != v.View && (outcome != step.Direct || outcome == "") {
		trouble := v.Memory.Trouble // of an ERROR pane that follows
		v.enter(Loading)
		v.Memory.Trouble = trouble
	}
	return s.follow(ctx, v, step, outcome)
}

// submitted records that the person went on, where an event says so.
func (s *Sessions) submitted(v *Visit, step Step) {
	if step.Submit == "" {
		return
	}
	v.Emit(step.Submit, func(m *EventMetadata) {
		if step.Submit == EventSubmitMFA {
			m.MFAType = v.Memory.MFAType
		}
	})
}

// follow goes where the flow leads from an outcome and stores the session.
func (s *Sessions) follow(ctx context.Context, v *Visit, step Step, outcome Outcome) (Turn, error) {
	to, known := step.Next[outcome]
	if !known {
		return Turn{}, fmt.Errorf("link: flow %s: %s came to outcome %q, which leads nowhere", v.flow.Name, v.place(), outcome)
	}
	switch {
	case to == Handoff:
		return s.finish(ctx, v)
	case to == Leave:
		return s.leave(ctx, v)
	case to == Here:
		v.Seq++
		return s.commit(ctx, v)
	case outcome == step.Makes && outcome != "":
		return s.handOn(ctx, v, to)
	case outcome == step.Withholds && outcome != "":
		return s.withhold(ctx, v, to)
	}
	if to != v.View || len(v.staged) > 0 {
		v.enter(to)
	}
	v.Seq++
	return s.commit(ctx, v)
}

// instead leads from the exit confirmation to another way.
func (s *Sessions) instead(ctx context.Context, v *Visit) (Turn, error) {
	to, err := v.flow.Instead.Do(ctx, v)
	if err != nil {
		return Turn{}, err
	}
	v.enter(to)
	v.Seq++
	return s.commit(ctx, v)
}

// back leads to the view before.
func (s *Sessions) back(ctx context.Context, v *Visit, step Step) (Turn, error) {
	if step.Undo != nil {
		step.Undo(v)
	}
	v.enter(v.back())
	v.Seq++
	return s.commit(ctx, v)
}

// commit stores a visit. Where somebody else was faster, the answer is what the
// session has become.
func (s *Sessions) commit(ctx context.Context, v *Visit) (Turn, error) {
	err := s.store(ctx, v, nil)
	if errors.Is(err, errMoved) {
		return s.overtaken(ctx, v)
	}
	if err != nil {
		return Turn{}, err
	}
	return s.turn(v), nil
}

// storeTries bounds how often a step makes way for searches that go on at the
// same time: they add events and leave the pane alone.
const storeTries = 5

// store writes a visit in one transaction, together with what more does in it.
// It fails with errMoved when the session has left the pane meanwhile.
func (s *Sessions) store(ctx context.Context, v *Visit, more func(*store.Tx) error) error {
	if err := v.keep(); err != nil {
		return err
	}
	for range storeTries {
		err := s.storeOnce(ctx, v, more)
		if !errors.Is(err, errMoved) {
			return err
		}
		now, err := s.byID(ctx, v.ID)
		if err != nil {
			return fmt.Errorf("link: session: %w", err)
		}
		if now.Seq != v.seq || now.ending != "" {
			return errMoved
		}
		v.stored, v.lastEventAt = now.events, now.lastEventAt
	}
	return errMoved
}

func (s *Sessions) storeOnce(ctx context.Context, v *Visit, more func(*store.Tx) error) error {
	var batch string
	var sealed row
	last := v.lastEventAt
	prepare := func() (err error) {
		v.lastEventAt = last
		if batch, err = s.stage(v); err == nil {
			sealed, err = s.seal(v.Session)
		}
		return err
	}
	if more == nil { // otherwise there is more to store, known only inside the transaction
		if err := prepare(); err != nil {
			return err
		}
	}
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		if v.guesses {
			var err error
			if v.crowded, err = s.crowd(ctx, tx, v.Session); err != nil {
				return err
			}
		}
		if more != nil {
			if err := more(tx); err != nil {
				return err
			}
			if err := prepare(); err != nil {
				return err
			}
		}
		if err := s.save(ctx, tx, v.Session, sealed, v.seq, v.stored); err != nil {
			return err
		}
		if err := s.departed(ctx, tx, v); err != nil {
			return err
		}
		if err := s.noted(ctx, tx, v); err != nil {
			return err
		}
		if batch != "" {
			if err := s.insertEvents(ctx, tx, v.ID, v.stored, batch); err != nil {
				return err
			}
		}
		return s.notifyDue(ctx, tx, v)
	})
	if err == nil {
		s.tell(v)
	}
	return err
}

// overtaken answers a visit that came second. What its step got from the bank
// is given back, as nobody will use it.
func (s *Sessions) overtaken(ctx context.Context, v *Visit) (Turn, error) {
	if v.holds() && !v.held {
		s.abandon(ctx, v)
	}
	session, err := s.byID(ctx, v.ID)
	if err != nil {
		return Turn{}, fmt.Errorf("link: session: %w", err)
	}
	now, _, err := s.visitTo(ctx, session, v.RequestID, Input{})
	if err != nil {
		return Turn{}, err
	}
	return s.turn(now), nil
}

// aside does what leaves the person on the pane. Its events and what it changed
// in the state are stored; the place of the session is not touched.
func (s *Sessions) aside(ctx context.Context, v *Visit, do Aside) (Turn, error) {
	fragment, err := do(ctx, v)
	if err != nil {
		return Turn{}, err
	}
	if len(v.staged) > 0 || fragment == nil {
		if err := s.store(ctx, v, nil); errors.Is(err, errMoved) {
			return s.overtaken(ctx, v)
		} else if err != nil {
			return Turn{}, err
		}
	}
	if err := s.jot(ctx, v); err != nil {
		return Turn{}, err
	}
	turn := s.turn(v)
	turn.Fragment = fragment
	return turn, nil
}

// detached is a context that outlives the request: a step that has reached the
// bank must be told to the end.
func detached(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), d)
}

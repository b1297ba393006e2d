package link

import (
	"context"
	"errors"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// runOnce does a step that must not happen twice. The claim is stored before the
// step runs: whoever comes second, in another tab or at another node, finds the
// session at LOADING. The input stays in this request's memory.
func (s *Sessions) runOnce(ctx context.Context, v *Visit, step Step) (Turn, error) {
	done, ok := s.begin(v.ID)
	if !ok {
		return s.waiting(ctx, v)
	}
	defer done()
	from := v.View
	s.submitted(v, step)
	v.enter(Loading)
	return s.claimed(ctx, v, from, nil, func(ctx context.Context) (Outcome, error) { return step.Do(ctx, v) })
}

// claimed stores the claim of a session that is at LOADING, together with what
// more does, and then does the work of the step that it comes from.
func (s *Sessions) claimed(ctx context.Context, v *Visit, from View, more func(*store.Tx) error, do func(context.Context) (Outcome, error)) (Turn, error) {
	step := v.flow.Steps[from]
	v.Memory.From, v.claim, v.claimedAt, v.guesses = from, s.node, s.clock.Now(), step.Guess
	v.Seq++
	if err := s.store(ctx, v, more); errors.Is(err, errMoved) {
		return s.overtaken(ctx, v)
	} else if err != nil {
		return Turn{}, err
	}
	v.guesses = false
	ctx, cancel := detached(ctx, bankTime)
	defer cancel()
	if v.crowded {
		return s.interrupted(ctx, v, "as many logins with the link token are under way as it has wrong ones left: this one was not tried")
	}
	outcome, err := do(ctx)
	if err != nil {
		s.cfg.Log.Error("link step failed", "view", from, "session", v.ID, "request_id", v.RequestID, "error", err.Error())
		return s.interrupted(ctx, v, lost)
	}
	v.claim = ""
	return s.follow(ctx, v, step, outcome)
}

// lost is why a step without an outcome has none.
const lost = "it failed inside the server, whose log has the reason, or its process has ended"

// interrupted takes a session out of a LOADING that will not end by itself.
func (s *Sessions) interrupted(ctx context.Context, v *Visit, why string) (Turn, error) {
	step := v.flow.Steps[v.Memory.From]
	if step.Undo != nil {
		step.Undo(v)
	}
	v.claim, v.staged = "", nil
	v.Explain("the step at %s did not come to an end: %s", v.place(), why)
	v.Fail(plaid.InternalServerError)
	v.Stop(interruption(step.Retry))
	return s.follow(ctx, v, step, Interrupted)
}

// begin notes that a step of a session runs here, unless one does already. The
// note ends when end is called.
func (s *Sessions) begin(id string) (end func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[id] != nil {
		return nil, false
	}
	over := make(chan struct{})
	s.running[id] = over
	return func() {
		s.mu.Lock()
		delete(s.running, id)
		s.mu.Unlock()
		close(over)
	}, true
}

func (s *Sessions) underWay(id string) chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.running[id]
}

// patience is how long a step of another node is believed to be alive.
const patience = 2 * bankTime

// alive reports whether the claim of a session may still lead to something.
func (s *Sessions) alive(v *Visit) bool {
	switch {
	case v.claim == s.node, s.db.SingleNode():
		return s.underWay(v.ID) != nil
	default:
		return s.clock.Now().Before(v.claimedAt.Add(patience))
	}
}

// waiting answers a request to a session that is at LOADING: with what comes of
// the step, if it runs here; with the loading pane, if another node runs it; and
// if its process has died, with an error pane and a way to begin anew.
func (s *Sessions) waiting(ctx context.Context, v *Visit) (Turn, error) {
	if end := s.underWay(v.ID); end != nil || v.View != Loading {
		select {
		case <-orNow(end):
		case <-ctx.Done():
			return Turn{}, ctx.Err()
		}
		session, err := s.byID(ctx, v.ID)
		if err != nil {
			return Turn{}, err
		}
		now, over, err := s.visitTo(ctx, session, v.RequestID, Input{})
		if err != nil || over || now.View != Loading {
			return s.turnOr(now, err)
		}
		v = now
	}
	if s.alive(v) {
		return s.turn(v), nil
	}
	return s.interrupted(ctx, v, lost)
}

// orNow is a channel that is closed, for a step that has just ended.
func orNow(end chan struct{}) chan struct{} {
	if end == nil {
		end = make(chan struct{})
		close(end)
	}
	return end
}

func (s *Sessions) turnOr(v *Visit, err error) (Turn, error) {
	if err != nil {
		return Turn{}, err
	}
	return s.turn(v), nil
}

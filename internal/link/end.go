package link

import (
	"context"
	"errors"
	"log/slog"

	"github.com/glencheck-dev/glencheck/internal/store"
)

// ExitRequest is the wish to close Link.
type ExitRequest struct {
	Handle   string
	ClientID string // if set, whose session it must be
	Force    bool   // at once, without asking
	Why      string // for the record of the session, "" for none
}

// Exit closes Link: at once when no institution was chosen yet and on the first
// pane of all, otherwise after a confirmation (link-web.md section 4.12). On the pane that says that all is
// connected it hands off instead (section 1.3). A forced exit is one everywhere:
// the page has told its app of it before the server hears. It does not matter on
// which pane the wish arose.
func (s *Sessions) Exit(ctx context.Context, requestID string, in ExitRequest) (Turn, error) {
	v, over, err := s.visitOf(ctx, in.Handle, in.ClientID, requestID, Input{})
	if err != nil || over {
		return s.turnOr(v, err)
	}
	if in.Why != "" {
		v.Explain("%s", in.Why)
	}
	step := v.flow.Steps[v.View]
	switch {
	case step.Leaving != "" && !in.Force:
		return s.follow(ctx, v, step, step.Leaving)
	case in.Force, v.untouched(), v.nothingLeft():
		return s.leave(ctx, v)
	case v.Memory.Sheet:
		return s.turn(v), nil
	}
	if !v.flow.Verifies {
		v.Emit(EventTransitionView, func(m *EventMetadata) { m.ViewName = string(Exit) })
	}
	v.Memory.Sheet = true
	return s.commit(ctx, v)
}

// stay closes the exit confirmation. The pane below it was there all the time.
func (s *Sessions) stay(ctx context.Context, v *Visit) (Turn, error) {
	if !v.Memory.Sheet {
		return s.turn(v), nil
	}
	v.Memory.Sheet = false
	if v.flow.Verifies {
		return s.commit(ctx, v)
	}
	v.Emit(EventTransitionView, func(m *EventMetadata) {
		m.ViewName = string(v.flow.told(v.View))
		if v.View == MFA {
			m.MFAType = v.Memory.MFAType
		}
	})
	return s.commit(ctx, v)
}

// leave ends the session without a result.
func (s *Sessions) leave(ctx context.Context, v *Visit) (Turn, error) {
	err := s.end(ctx, v)
	if errors.Is(err, errMoved) {
		return s.overtaken(ctx, v)
	}
	return s.turnOr(v, err)
}

// end stores that the person has gone, and gives back what the session held at
// the bank. Whoever has made something keeps it, and their session ends well:
// "onSuccess if an Item is already linked" (link-web.md section 1.3).
func (s *Sessions) end(ctx context.Context, v *Visit) error {
	status, e := v.status(), v.Memory.LastError
	if v.flow.Closing != "" {
		v.Emit(v.flow.Closing)
	}
	if len(v.result.Made) > 0 {
		v.ending = endingSuccess
		v.Explain("the person left at %s; what the session has linked so far stays", v.place())
	} else {
		v.Emit(EventExit, func(m *EventMetadata) {
			m.ExitStatus = status
			m.about(e)
		})
		v.result.Exit = &SessionExit{Error: e, RequestID: v.RequestID, Institution: v.Memory.Institution.Ref(), Status: status}
		v.ending = endingExit
	}
	v.cleanup, v.claim, v.FinishedAt = v.holds(), "", s.clock.Now()
	v.Seq++
	if err := s.store(ctx, v, nil); err != nil {
		return err
	}
	s.report(ctx, v, "left at "+status)
	s.release(ctx, v)
	return nil
}

// report logs how a session ended: at which bank, after how long, and nothing of
// the person.
func (s *Sessions) report(ctx context.Context, v *Visit, outcome string) {
	attrs := []slog.Attr{slog.String("outcome", outcome), slog.Float64("seconds", v.FinishedAt.Sub(v.StartedAt).Seconds())}
	if i := v.Memory.Institution; i != nil {
		attrs = append(attrs, slog.String("institution", i.Name))
	}
	if e := v.Memory.LastError; e != nil && v.ending == endingExit {
		attrs = append(attrs, slog.String("error_code", e.Code))
	}
	if s.cfg.Log.Enabled(ctx, slog.LevelDebug) {
		attrs = append(attrs, slog.String("link_session_id", v.Told()))
	}
	s.cfg.Log.LogAttrs(ctx, slog.LevelInfo, "link", attrs...)
}

// release gives back what an ended session held at the bank, and then forgets
// it. Should the bank not answer, Sweep tries again.
func (s *Sessions) release(ctx context.Context, v *Visit) {
	if !v.cleanup || !s.abandon(ctx, v) {
		return
	}
	err := s.db.Write(ctx, func(tx *store.Tx) error { return s.released(ctx, tx, v.ID) })
	if err != nil {
		s.cfg.Log.Error("link session not released", "session", v.ID, "error", err.Error())
	}
}

// abandon reports whether the bank took back what the session held.
func (s *Sessions) abandon(ctx context.Context, v *Visit) bool {
	ctx, cancel := detached(ctx, bankTime)
	defer cancel()
	if err := v.flow.Abandon(ctx, v); err != nil {
		s.cfg.Log.Warn("a bank did not take a grant back", "session", v.ID, "error", err.Error())
		return false
	}
	return true
}

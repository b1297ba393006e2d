package idv

import (
	"context"
	"time"

	"github.com/glencheck-dev/glencheck/internal/store"
)

// redact removes from an attempt what is personal, for good. The outcomes stay. An
// attempt that was under way or waited for a person is canceled: nothing is left to go
// on with, or to decide by.
func (a *Attempt) redact(now time.Time) {
	if a.Status == Active || a.Status == PendingReview {
		a.complete(Canceled, now)
	}
	a.removed = true
	a.User, a.Key, a.PhoneKey, a.Given = User{}, "", "", false
	for i := range a.Messages {
		m := &a.Messages[i]
		m.Phone, m.Code, m.RedactedAt = "", "", now
	}
	a.Challenge, a.Handover = nil, nil
	for i := range a.Selfies { // their pictures go with the attempt's
		t := &a.Selfies[i]
		t.Picture, t.Frame, t.Document.Likeness, t.Earlier.Likeness = "", 0, 0, 0
	}
	if a.Risk != nil { // what an e-mail address is like says something of its owner
		a.Risk.Email, a.Risk.Phone = nil, nil
	}
	a.Found = nil
	a.redactPapers(now)
	a.RedactedAt = now
}

// forget removes what is personal and is kept elsewhere: what people gave as reasons
// for their decisions, and what a screening looks for.
func (s *Service) forget(ctx context.Context, tx *store.Tx, a *Attempt) error {
	if !a.removed {
		return nil
	}
	if _, err := tx.Exec(ctx, forgetReasons, a.ID); err != nil {
		return err
	}
	return s.forgetScreening(ctx, tx, a)
}

func (s *Service) forgetScreening(ctx context.Context, tx *store.Tx, a *Attempt) error {
	if s.cfg.Forget == nil {
		return nil
	}
	return s.cfg.Forget(ctx, tx, a.ClientID, a.ID)
}

// forgetIfRedacted is for a change that came too late: what was personal has been
// removed while it looked the person up, which has left a screening of them.
func (s *Service) forgetIfRedacted(ctx context.Context, tx *store.Tx, a *Attempt) error {
	now, err := s.find(ctx, tx, a.ClientID, a.ID)
	if err != nil || now.RedactedAt.IsZero() {
		return err
	}
	return s.forgetScreening(ctx, tx, now)
}

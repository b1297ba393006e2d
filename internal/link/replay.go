package link

import (
	"context"
	"errors"
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// caughtUp completes the events of an answer to the frame. The frame says how
// many events of the session it has; where that is not the number before those of
// this answer, an earlier answer was lost on the way, and what it told is told
// now. Nil leaves the answer as it is.
func (s *Sessions) caughtUp(ctx context.Context, t Turn, seen *int64) (Turn, error) {
	total := t.Session.events
	if seen == nil || *seen < 0 || *seen >= total || *seen == total-int64(len(t.Events)) {
		return t, nil
	}
	all, err := s.events(ctx, t.Session.ID)
	if err != nil {
		return t, fmt.Errorf("link: events: %w", err)
	}
	// Another request may have added some meanwhile: they belong to its answer,
	// and come to nobody twice, as each answer says which number it ends with.
	t.Events = all[min(*seen, int64(len(all))):min(total, int64(len(all)))]
	if s.sandbox() {
		if t.Remarks, err = s.remarksAfter(ctx, t.Session.ID, *seen); err != nil {
			return t, err
		}
	}
	return t, nil
}

// answer draws a turn for the frame, which has seen so many events. A session
// that nobody knows is gone with its token, as after the restart of a server that
// keeps its data in memory: apps make another token when they read this code.
func (f *Frame) answer(ctx context.Context, t Turn, seen *int64, err error) (reply, error) {
	if e := (*plaid.Error)(nil); errors.As(err, &e) && e == errHandle { // Is would take any INVALID_FIELD for it
		return reply{}, plaid.InvalidLinkToken
	}
	if err == nil {
		t, err = f.cfg.Sessions.caughtUp(ctx, t, seen)
	}
	return t.reply(err)
}

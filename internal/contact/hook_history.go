package contact

import (
	"context"
	"errors"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// sent is one event on its way to one subscription: all tries to deliver it.
type sent struct {
	webhook.Delivery
	owner   string
	payload []byte
	tries   []webhook.Attempt
}

// The statuses of what was sent.
const (
	sentPending   = "PENDING"
	sentDelivered = "DELIVERED"
	sentFailed    = "FAILED"
)

func (s *sent) status() string {
	switch s.State {
	case webhook.Waiting:
		return sentPending
	case webhook.Delivered:
		return sentDelivered
	}
	return sentFailed
}

// last is the latest try that has ended; nil before the first.
func (s *sent) last() *webhook.Attempt {
	if len(s.tries) == 0 {
		return nil
	}
	return &s.tries[len(s.tries)-1]
}

// updated is when something was last heard of it.
func (s *sent) updated() time.Time {
	if l := s.last(); l != nil {
		return l.At
	}
	return s.CreatedAt
}

// history lists what was sent to a subscription in the last ninety days, the oldest
// first.
func (c *Contacts) history(ctx context.Context, h *hook, s span) ([]numbered[*sent], error) {
	since := clock.Millis(c.clock.Now().Add(-noticesFor))
	ids, err := list(ctx, c.db, s, noticesDown, noticesUp, func(row scanner) (n numbered[string], err error) {
		return n, row.Scan(&n.number, &n.node)
	}, h.ID, since)
	var all []numbered[*sent]
	for _, n := range ids {
		d, err := c.cfg.Outbox.Delivery(ctx, h.ClientID, n.node)
		if errors.Is(err, webhook.ErrNoDelivery) {
			continue // swept at this moment
		}
		if err != nil {
			return nil, err
		}
		one := &sent{Delivery: *d, owner: h.OwnerID, payload: d.Body}
		if one.tries, err = c.cfg.Outbox.Attempts(ctx, d.ID); err != nil {
			return nil, err
		}
		if l := one.last(); l != nil {
			if one.payload, err = withRequest(d.Body, requestID(*d, l.Number)); err != nil {
				return nil, err
			}
		}
		all = append(all, numbered[*sent]{n.number, one})
	}
	return all, err
}

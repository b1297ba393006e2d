package webhook

import (
	"context"
	"sync"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// swapFor is how long a delivery that is to come after the next one waits where
// there is none.
const swapFor = time.Minute

// swaps are the deliveries that a policy lets the next one of their client overtake.
type swaps struct {
	mu   sync.Mutex
	held map[string][]*swap // by client
}

type swap struct {
	id      string
	written bool // it was put off, and the database has that
	passed  bool // the next one has been tried meanwhile
}

// hold remembers a delivery that is put off.
func (s *swaps) hold(d *Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held == nil {
		s.held = map[string][]*swap{}
	}
	s.held[d.ClientID] = append(s.held[d.ClientID], &swap{id: d.ID})
}

// written hears which outcomes the database has now, and says which deliveries have
// waited long enough.
func (s *swaps) written(list []outcome) (ripe []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.held) == 0 {
		return nil
	}
	for _, out := range list {
		for _, h := range s.held[out.d.ClientID] {
			switch {
			case h.id == out.d.ID:
				h.written = true
			case !out.what.Swap:
				h.passed = true
			}
		}
	}
	for client, held := range s.held {
		var rest []*swap
		for _, h := range held {
			if h.written && h.passed {
				ripe = append(ripe, h.id)
			} else {
				rest = append(rest, h)
			}
		}
		if s.held[client] = rest; len(rest) == 0 {
			delete(s.held, client)
		}
	}
	return ripe
}

// hasten makes deliveries due that were put off.
func (o *Outbox) hasten(ctx context.Context, ids []string) {
	err := o.db.Write(ctx, func(tx *store.Tx) error {
		for _, id := range ids {
			if _, err := tx.Exec(ctx, hastenDelivery, id, clock.Millis(o.clock.Now())); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		o.log.Error("webhook: what was overtaken comes a minute late", "error", err.Error())
	}
}

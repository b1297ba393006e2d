package rail

import (
	"context"
	"errors"
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// from lists the states in which a payment may be when an event happens to it.
var from = map[EventType][]State{
	EventPosted:   {Sent},
	EventFailed:   {Sent},
	EventReversed: {Sent, Posted},
}

// after is the state that an event leads to.
var after = map[EventType]State{EventPosted: Posted, EventFailed: Failed, EventReversed: Reversed}

// errNotNow says that an event does not fit the state of its payment, such as a
// second return.
var errNotNow = errors.New("rail: the payment is not in a state for this")

// change lets an event happen to a payment: the state, the event and what the
// listener does are one transaction.
func (r *Rails) change(ctx context.Context, tx *store.Tx, p Payment, e Event) error {
	p.State, p.ChangedAt = after[e.Type], r.clock.Now()
	moved := false
	for _, state := range from[e.Type] {
		switch err := r.move(ctx, tx, p, state); {
		case err == nil:
			moved = true
		case !errors.Is(err, store.ErrNoRows):
			return fmt.Errorf("rail: %w", err)
		}
	}
	if !moved {
		return errNotNow
	}
	return r.record(ctx, tx, p, e)
}

// record writes an event of a payment and tells the listener.
func (r *Rails) record(ctx context.Context, tx *store.Tx, p Payment, e Event) error {
	n, err := r.count(ctx, tx, "event")
	if err != nil {
		return fmt.Errorf("rail: %w", err)
	}
	e.Number, e.PaymentID, e.ClientID, e.At = n, p.ID, p.ClientID, r.clock.Now()
	if err := r.insertEvent(ctx, tx, e); err != nil {
		return fmt.Errorf("rail: %w", err)
	}
	if err := r.tell(ctx, tx, e); err != nil {
		return err
	}
	return r.listen(ctx, tx, p, e)
}

// Simulate lets an event happen to a payment of a client, for
// /sandbox/bank_transfer/simulate. A payment that was not sent yet counts as sent:
// a test need not wait for the worker.
func (r *Rails) Simulate(ctx context.Context, clientID, paymentID string, t EventType, code, words string) error {
	if after[t] == "" {
		return plaid.InvalidField("event_type must be one of [posted, failed, reversed]")
	}
	if err := r.Work(ctx); err != nil { // the network may be down: the state of the payment tells
		r.log.Warn("rail: simulate", "error", err.Error())
	}
	return r.db.Write(ctx, func(tx *store.Tx) error {
		p, err := r.payment(ctx, tx, paymentID)
		if errors.Is(err, store.ErrNoRows) || err == nil && p.ClientID != clientID {
			return plaid.InvalidField("bank_transfer_id must be the id of a bank transfer of this client")
		}
		if err != nil {
			return fmt.Errorf("rail: %w", err)
		}
		err = r.change(ctx, tx, p, Event{Type: t, Code: code, Words: words})
		if errors.Is(err, errNotNow) {
			return plaid.InvalidField(fmt.Sprintf("event_type %s cannot follow the present state of the bank transfer, which is %s", t, p.State))
		}
		return err
	})
}

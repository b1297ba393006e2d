package webhook

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Filter says which deliveries are wanted. A field without a value wants all.
type Filter struct {
	ClientID   string // must be given
	Subject    string
	Type, Code string
	State      State
	After      Cursor // only what was made later
	Limit      int    // 100 by default
}

// Cursor is a place in the order in which notices were made.
type Cursor struct {
	at     int64
	number int64
}

// Cursor is the place of a delivery.
func (d *Delivery) Cursor() Cursor { return Cursor{clock.Millis(d.CreatedAt), d.number} }

// Attempt is one try to deliver.
type Attempt struct {
	Number int64 // from 1; it skips those that were put off
	At     time.Time
	Took   time.Duration
	Status int    // of the answer, 0 without one
	Error  string // "" when the receiver took it
}

const defaultLimit = 100

const (
	selectDeliveries = `SELECT ` + deliveryColumns + ` FROM webhook
 WHERE client_id = $1 AND (created_at > $2 OR created_at = $2 AND number > $3)
 AND ($4 = '' OR subject = $4) AND ($5 = '' OR type = $5) AND ($6 = '' OR code = $6) AND ($7 = '' OR state = $7)
 ORDER BY created_at, number LIMIT $8`
	replayDelivery = `UPDATE webhook SET state = 'waiting', failures = 0, due_at = $3, finished_at = 0
 WHERE id = $1 AND client_id = $2 AND claimed_by = ''`
)

// Deliveries lists deliveries in the order in which they were made.
func (o *Outbox) Deliveries(ctx context.Context, f Filter) ([]*Delivery, error) {
	if f.Limit <= 0 {
		f.Limit = defaultLimit
	}
	rows, err := o.db.Query(ctx, selectDeliveries, f.ClientID, f.After.at, f.After.number, f.Subject, f.Type, f.Code, string(f.State), f.Limit)
	if err != nil {
		return nil, fmt.Errorf("webhook: deliveries: %w", err)
	}
	defer rows.Close()
	var list []*Delivery
	for rows.Next() {
		d, err := o.scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, rows.Err()
}

// ErrNoDelivery is the answer for an id that no delivery of the client has.
var ErrNoDelivery = errors.New("webhook: no delivery of this client has this id")

// Delivery is one delivery of a client.
func (o *Outbox) Delivery(ctx context.Context, clientID, id string) (*Delivery, error) {
	d, err := o.scan(o.db.QueryRow(ctx, selectDelivery, id))
	if errors.Is(err, store.ErrNoRows) || err == nil && d.ClientID != clientID {
		return nil, ErrNoDelivery
	}
	return d, err
}

// Attempts lists the tries of a delivery that have ended, in order.
func (o *Outbox) Attempts(ctx context.Context, id string) ([]Attempt, error) {
	rows, err := o.db.Query(ctx, selectAttempts, id)
	if err != nil {
		return nil, fmt.Errorf("webhook: attempts: %w", err)
	}
	defer rows.Close()
	var list []Attempt
	for rows.Next() {
		var a Attempt
		var at, took int64
		if err := rows.Scan(&a.Number, &at, &took, &a.Status, &a.Error); err != nil {
			return nil, fmt.Errorf("webhook: attempts: %w", err)
		}
		a.At, a.Took = clock.FromMillis(at), time.Duration(took)*time.Millisecond
		list = append(list, a)
	}
	return list, rows.Err()
}

// Replay sends a delivery now, whatever became of it before: one that was delivered
// comes once more, one that waits for its next try need not wait. One that is under
// way is left alone.
func (o *Outbox) Replay(ctx context.Context, clientID, id string) error {
	if _, err := o.Delivery(ctx, clientID, id); err != nil {
		return err
	}
	err := o.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, replayDelivery, id, clientID, clock.Millis(o.clock.Now()))
		return err
	})
	if err != nil {
		return fmt.Errorf("webhook: replay: %w", err)
	}
	o.wake()
	return nil
}

// Changed is closed when this process has next written down how tries ended.
func (o *Outbox) Changed() <-chan struct{} {
	_, changed := o.queue.idle()
	return changed
}

// Tally counts the deliveries of a client that were made since then, by their state.
func (o *Outbox) Tally(ctx context.Context, clientID string, since time.Time) (map[State]int64, error) {
	rows, err := o.db.Query(ctx, `SELECT state, COUNT(*) FROM webhook WHERE client_id = $1 AND created_at >= $2 GROUP BY state`, clientID, clock.Millis(since))
	if err != nil {
		return nil, fmt.Errorf("webhook: tally: %w", err)
	}
	defer rows.Close()
	tally := map[State]int64{}
	for rows.Next() {
		var state State
		var n int64
		if err := rows.Scan(&state, &n); err != nil {
			return nil, err
		}
		tally[state] = n
	}
	return tally, rows.Err()
}

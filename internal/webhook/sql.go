package webhook

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// sealedColumn binds the sealed column to its row; the id follows.
const sealedColumn = "webhook.sealed:"

const deliveryColumns = `id, client_id, subject, scheme, type, code, receiver, sealed, state, claims, failures, due_at, created_at, number, finished_at`

const (
	insertDelivery = `INSERT INTO webhook (` + deliveryColumns + `, claimed_by)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $9, 0, $10, $11, $12, 0, $13)`
	// olderFirst finds out whether an older notice of a subject waits to be found.
	olderFirst = `SELECT 1 FROM webhook WHERE subject = $1 AND state = 'waiting' AND claimed_by = '' AND failures = 0 LIMIT 1`

	// The searches repeat the condition of the index that they are to use, word for
	// word.
	selectDue = `SELECT id, receiver FROM webhook WHERE state = 'waiting' AND claimed_by = '' AND due_at <= $1
 ORDER BY due_at, number LIMIT $2`
	selectDueOf = `SELECT id, receiver FROM webhook WHERE state = 'waiting' AND claimed_by = '' AND receiver = $1 AND due_at <= $2
 ORDER BY receiver, due_at, number LIMIT $3`
	nextReceiver = `SELECT receiver, due_at FROM webhook WHERE state = 'waiting' AND claimed_by = '' AND receiver > $1
 ORDER BY receiver, due_at, number LIMIT 1`
	nextDue = `SELECT due_at FROM webhook WHERE state = 'waiting' AND claimed_by = '' AND due_at > $1
 ORDER BY due_at, number LIMIT 1`

	// claimDelivery takes one in hand; of two nodes one changes no row.
	claimDelivery = `UPDATE webhook SET claimed_by = $1, claims = claims + 1
 WHERE id = $2 AND state = 'waiting' AND claimed_by = '' RETURNING ` + deliveryColumns
	// finishDelivery asks for no claim: what the receiver took is delivered, even if
	// another node has it in hand by now.
	finishDelivery = `UPDATE webhook SET state = $2, failures = $3, finished_at = $4, claimed_by = ''
 WHERE id = $1 AND state = 'waiting'`
	failDelivery = `UPDATE webhook SET state = $2, failures = $3, finished_at = $4, claimed_by = ''
 WHERE id = $1 AND state = 'waiting' AND claimed_by = $5`
	retryDelivery = `UPDATE webhook SET failures = $2, due_at = $3, claimed_by = ''
 WHERE id = $1 AND state = 'waiting' AND claimed_by = $4`
	insertAttempt = `INSERT INTO webhook_attempt (webhook_id, n, at, took, status, error) VALUES ($1, $2, $3, $4, $5, $6)
 ON CONFLICT (webhook_id, n) DO UPDATE SET at = $3, took = $4, status = $5, error = $6`
	countTries = `INSERT INTO webhook_hour (client_id, receiver, hour, tries, rejected) VALUES ($1, $2, $3, $4, $5)
 ON CONFLICT (client_id, receiver, hour) DO UPDATE SET tries = webhook_hour.tries + $4, rejected = webhook_hour.rejected + $5`
	sumTries = `SELECT COALESCE(SUM(tries), 0), COALESCE(SUM(rejected), 0) FROM webhook_hour
 WHERE client_id = $1 AND receiver = $2 AND hour > $3`

	selectClaimed = `SELECT id, receiver FROM webhook WHERE claimed_by = $1 AND state = 'waiting' AND claimed_by <> ''`
	releaseClaim  = `UPDATE webhook SET claimed_by = '' WHERE id = $1 AND claimed_by = $2 AND state = 'waiting'`
	selectClaims  = `SELECT DISTINCT claimed_by FROM webhook WHERE state = 'waiting' AND claimed_by <> ''`
	// noteLost records what a node that has died had in hand: whether the receiver
	// got it, nobody knows.
	noteLost = `INSERT INTO webhook_attempt (webhook_id, n, at, took, status, error)
 SELECT id, claims, $2, 0, 0, $3 FROM webhook WHERE claimed_by = $1 AND state = 'waiting' AND claimed_by <> ''
 ON CONFLICT (webhook_id, n) DO NOTHING`
	releaseClaims = `UPDATE webhook SET claimed_by = '' WHERE claimed_by = $1 AND state = 'waiting' AND claimed_by <> ''`
	beatNode      = `INSERT INTO webhook_node (id, beat) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET beat = $2`
	selectNodes   = `SELECT id, beat FROM webhook_node`
	deleteNode    = `DELETE FROM webhook_node WHERE id = $1`
	// hastenDelivery asks for no claim: what is in hand is on its way.
	hastenDelivery = `UPDATE webhook SET due_at = $2 WHERE id = $1 AND state = 'waiting' AND claimed_by = ''`

	releaseAll  = `UPDATE webhook SET claimed_by = '' WHERE claimed_by <> ''`
	deleteNodes = `DELETE FROM webhook_node`

	selectDelivery = `SELECT ` + deliveryColumns + ` FROM webhook WHERE id = $1`
	selectAttempts = `SELECT n, at, took, status, error FROM webhook_attempt WHERE webhook_id = $1 ORDER BY n`

	sweepAttempts = `DELETE FROM webhook_attempt WHERE webhook_id IN
 (SELECT id FROM webhook WHERE created_at < $1 AND state <> 'waiting' ORDER BY created_at, id LIMIT $2)`
	sweepDeliveries = `DELETE FROM webhook WHERE id IN
 (SELECT id FROM webhook WHERE created_at < $1 AND state <> 'waiting' ORDER BY created_at, id LIMIT $2)`
	sweepHours = `DELETE FROM webhook_hour WHERE hour < $1`
)

// older reports whether an older notice of a subject has yet to be taken in hand.
func (o *Outbox) older(ctx context.Context, tx *store.Tx, subject string) (bool, error) {
	var one int
	err := tx.QueryRow(ctx, olderFirst, subject).Scan(&one)
	if errors.Is(err, store.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

func (o *Outbox) insert(ctx context.Context, tx *store.Tx, d *Delivery, claim string) error {
	text, err := o.vault.SealJSON(sealed{d.URL, d.Body}, sealedColumn+d.ID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertDelivery, d.ID, d.ClientID, d.Subject, d.Scheme, d.Type, d.Code, d.receiver, text,
		d.Claims, clock.Millis(d.DueAt), clock.Millis(d.CreatedAt), d.number, claim)
	return err
}

// scanner is a row, of a query or of QueryRow.
type scanner interface{ Scan(...any) error }

// scan reads the columns of deliveryColumns.
func (o *Outbox) scan(row scanner) (*Delivery, error) {
	d := &Delivery{}
	var text string
	var due, created, finished int64
	err := row.Scan(&d.ID, &d.ClientID, &d.Subject, &d.Scheme, &d.Type, &d.Code, &d.receiver, &text, &d.State,
		&d.Claims, &d.Failures, &due, &created, &d.number, &finished)
	if err != nil {
		return nil, err
	}
	var s sealed
	if err := o.vault.OpenJSON(text, sealedColumn+d.ID, &s); err != nil {
		return nil, fmt.Errorf("webhook: %s: %w", d.ID, err)
	}
	d.URL, d.Body = s.URL, s.Body
	d.DueAt, d.CreatedAt, d.FinishedAt = clock.FromMillis(due), clock.FromMillis(created), clock.FromMillis(finished)
	return d, nil
}

// candidate is a delivery that is due and in nobody's hand.
type candidate struct{ id, receiver string }

func (o *Outbox) candidates(ctx context.Context, query string, args ...any) ([]candidate, error) {
	rows, err := o.db.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("webhook: %w", err)
	}
	defer rows.Close()
	var list []candidate
	for rows.Next() {
		var c candidate
		if err := rows.Scan(&c.id, &c.receiver); err != nil {
			return nil, fmt.Errorf("webhook: %w", err)
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// claim takes deliveries in hand, but for those that another node has taken
// meanwhile. They are queued before anybody can add what is newer.
func (o *Outbox) claim(ctx context.Context, list []candidate) error {
	ctx = context.WithoutCancel(ctx) // a claim that was made must be known to be
	err := o.db.Write(ctx, func(tx *store.Tx) error {
		for _, c := range list {
			d, err := o.scan(tx.QueryRow(ctx, claimDelivery, o.node, c.id))
			if errors.Is(err, store.ErrNoRows) {
				continue
			}
			if err != nil {
				return err
			}
			tx.AfterCommit(func() { o.queue.put(d) })
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("webhook: claim: %w", err)
	}
	return nil
}

// Next is when the first try after the present time is due; found is false if
// there is none. The scheduler stops there when the clock is moved.
func (o *Outbox) Next(ctx context.Context) (at time.Time, found bool, err error) {
	return o.next(ctx, o.clock.Now())
}

func (o *Outbox) next(ctx context.Context, after time.Time) (at time.Time, found bool, err error) {
	var due int64
	err = o.db.QueryRow(ctx, nextDue, clock.Millis(after)).Scan(&due)
	if errors.Is(err, store.ErrNoRows) {
		return time.Time{}, false, nil
	}
	return clock.FromMillis(due), err == nil, err
}

// head is the next receiver with something in nobody's hand, and when the first of
// it is due.
type head struct {
	receiver string
	due      int64
}

// receiverAfter is the receiver behind another; none if there is no more.
func (o *Outbox) receiverAfter(ctx context.Context, receiver string) (head, error) {
	var h head
	err := o.db.QueryRow(ctx, nextReceiver, receiver).Scan(&h.receiver, &h.due)
	if errors.Is(err, store.ErrNoRows) {
		return head{}, nil
	}
	if err != nil {
		return head{}, fmt.Errorf("webhook: %w", err)
	}
	return h, nil
}

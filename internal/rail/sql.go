package rail

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// What each sealed column is bound to; the row's id follows.
const (
	sealedPayeeOf   = "rail_payment.payee:"
	sealedContentOf = "rail_file.content:"
)

const paymentColumns = `SELECT id, client_id, subject, kind, state, cents, payee, trace, file_id, settles_at, created_at, changed_at
 FROM rail_payment`

func (r *Rails) insert(ctx context.Context, tx *store.Tx, p Payment) error {
	payee, err := r.vault.SealJSON(p.payee, sealedPayeeOf+p.ID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO rail_payment (id, client_id, subject, kind, state, cents, payee, trace, file_id,
 settles_at, created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, '', '', 0, $8, $8)`,
		p.ID, p.ClientID, p.Subject, p.Kind, p.State, p.Cents, payee, clock.Millis(p.CreatedAt))
	return err
}

type scanner interface{ Scan(...any) error }

func (r *Rails) scan(row scanner) (Payment, error) {
	var p Payment
	var payee string
	var settles, created, changed int64
	err := row.Scan(&p.ID, &p.ClientID, &p.Subject, &p.Kind, &p.State, &p.Cents, &payee, &p.Trace, &p.FileID, &settles, &created, &changed)
	if err != nil {
		return p, err
	}
	p.SettlesAt, p.CreatedAt, p.ChangedAt = clock.FromMillis(settles), clock.FromMillis(created), clock.FromMillis(changed)
	return p, r.vault.OpenJSON(payee, sealedPayeeOf+p.ID, &p.payee)
}

func (r *Rails) payment(ctx context.Context, tx *store.Tx, id string) (Payment, error) {
	return r.scan(tx.QueryRow(ctx, paymentColumns+` WHERE id = $1`, id))
}

// State is how far a payment has come.
func (r *Rails) State(ctx context.Context, tx *store.Tx, id string) (State, error) {
	p, err := r.payment(ctx, tx, id)
	if err != nil {
		return "", fmt.Errorf("rail: %w", err)
	}
	return p.State, nil
}

// Verdict is how far a payment has come, and with which code it was rejected or
// returned.
func (r *Rails) Verdict(ctx context.Context, tx *store.Tx, id string) (state State, code string, err error) {
	p, err := r.payment(ctx, tx, id)
	if err != nil {
		return "", "", fmt.Errorf("rail: %w", err)
	}
	// The client's events are read from the newest on, by their index.
	err = tx.QueryRow(ctx, `SELECT code FROM rail_event WHERE client_id = $1 AND payment_id = $2 ORDER BY number DESC LIMIT 1`, p.ClientID, id).Scan(&code)
	if err != nil {
		return "", "", fmt.Errorf("rail: %w", err)
	}
	return p.State, code, nil
}

// byTrace finds the payment that an answer is about: the newest, as trace numbers
// begin anew after ten million.
func (r *Rails) byTrace(ctx context.Context, tx *store.Tx, trace string) (Payment, error) {
	if trace == "" {
		return Payment{}, store.ErrNoRows
	}
	return r.scan(tx.QueryRow(ctx, paymentColumns+` WHERE trace = $1 ORDER BY created_at DESC, id LIMIT 1`, trace))
}

// accepted lists the payments of a kind that are in no file.
func (r *Rails) accepted(ctx context.Context, tx *store.Tx, kind Kind, most int) ([]Payment, error) {
	rows, err := tx.Query(ctx, paymentColumns+` WHERE state = $1 AND kind = $2 ORDER BY created_at, id LIMIT $3`, Accepted, kind, most)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Payment
	for rows.Next() {
		p, err := r.scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// errTaken says that another node has put a payment into a file meanwhile.
var errTaken = errors.New("a payment is in another file already")

// place puts an accepted payment into a file.
func (r *Rails) place(ctx context.Context, tx *store.Tx, p Payment) error {
	err := tx.ExecOne(ctx, `UPDATE rail_payment SET state = $1, file_id = $2, trace = $3, settles_at = $4, changed_at = $5
 WHERE id = $6 AND state = $7`, p.State, p.FileID, p.Trace, clock.Millis(p.SettlesAt), clock.Millis(p.ChangedAt), p.ID, Accepted)
	if errors.Is(err, store.ErrNoRows) {
		return errTaken
	}
	return err
}

// move changes the state of a payment that is in the state from;
// store.ErrNoRows if it is not.
func (r *Rails) move(ctx context.Context, tx *store.Tx, p Payment, from State) error {
	return tx.ExecOne(ctx, `UPDATE rail_payment SET state = $1, changed_at = $2 WHERE id = $3 AND state = $4`,
		p.State, clock.Millis(p.ChangedAt), p.ID, from)
}

func (r *Rails) insertFile(ctx context.Context, tx *store.Tx, f file) error {
	content, err := r.vault.Seal(f.content, sealedContentOf+f.id)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO rail_file (id, kind, content, state, claimed_at, created_at, sent_at)
 VALUES ($1, $2, $3, $4, 0, $5, 0)`, f.id, f.kind, content, Built, clock.Millis(f.createdAt))
	return err
}

// claim takes the oldest file that waits and that no other node is handing over.
func (r *Rails) claim(ctx context.Context) (file, error) {
	var f file
	var content string
	var created int64
	now := r.clock.Now()
	err := r.db.Write(ctx, func(tx *store.Tx) error {
		return tx.QueryRow(ctx, `UPDATE rail_file SET claimed_at = $1
 WHERE id = (SELECT id FROM rail_file WHERE state = $2 AND claimed_at <= $3 ORDER BY created_at, id LIMIT 1)
 AND state = $2 AND claimed_at <= $3 RETURNING id, kind, content, created_at`,
			clock.Millis(now), Built, clock.Millis(now.Add(-claimTime))).Scan(&f.id, &f.kind, &content, &created)
	})
	if err != nil {
		return f, err
	}
	f.createdAt = clock.FromMillis(created)
	f.content, err = r.vault.Open(content, sealedContentOf+f.id)
	return f, err
}

// unclaim lets a file be handed over again at once.
func (r *Rails) unclaim(ctx context.Context, id string) error {
	return r.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE rail_file SET claimed_at = 0 WHERE id = $1 AND state = $2`, id, Built)
		return err
	})
}

// markSent notes that the network has a file. Its content, which names accounts,
// is not needed any more.
func (r *Rails) markSent(ctx context.Context, tx *store.Tx, id string) error {
	now := clock.Millis(r.clock.Now())
	if _, err := tx.Exec(ctx, `UPDATE rail_file SET state = $1, sent_at = $2, content = '' WHERE id = $3 AND state = $4`, Sent, now, id, Built); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE rail_payment SET state = $1, changed_at = $2 WHERE file_id = $3 AND state = $4`, Sent, now, id, Built)
	return err
}

func (r *Rails) insertEvent(ctx context.Context, tx *store.Tx, e Event) error {
	_, err := tx.Exec(ctx, `INSERT INTO rail_event (number, payment_id, client_id, type, code, words, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		e.Number, e.PaymentID, e.ClientID, e.Type, e.Code, e.Words, clock.Millis(e.At))
	return err
}

// errReadBefore says that a file was read before.
var errReadBefore = errors.New("rail: this file was read before")

func (r *Rails) insertReceived(ctx context.Context, tx *store.Tx, hash, name string, answers int) error {
	err := tx.ExecOne(ctx, `INSERT INTO rail_received (hash, name, answers, strangers, received_at) VALUES ($1, $2, $3, 0, $4)
 ON CONFLICT (hash) DO NOTHING`, hash, name, answers, clock.Millis(r.clock.Now()))
	if errors.Is(err, store.ErrNoRows) {
		return errReadBefore
	}
	return err
}

func (r *Rails) noteStrangers(ctx context.Context, tx *store.Tx, hash string, strangers int) error {
	_, err := tx.Exec(ctx, `UPDATE rail_received SET strangers = $1 WHERE hash = $2`, strangers, hash)
	return err
}

// received is under which name, and when, a file was read.
func (r *Rails) received(ctx context.Context, hash string) (name string, at time.Time, err error) {
	var ms int64
	err = r.db.QueryRow(ctx, `SELECT name, received_at FROM rail_received WHERE hash = $1`, hash).Scan(&name, &ms)
	return name, clock.FromMillis(ms), err
}

// count takes the next number of a counter.
func (r *Rails) count(ctx context.Context, tx *store.Tx, name string) (int64, error) {
	var n int64
	err := tx.QueryRow(ctx, `UPDATE rail_counter SET number = number + 1 WHERE name = $1 RETURNING number`, name).Scan(&n)
	return n, err
}

// Payment reads a payment of a client; store.ErrNoRows if there is none.
func (r *Rails) Payment(ctx context.Context, clientID, id string) (Payment, error) {
	p, err := r.scan(r.db.QueryRow(ctx, paymentColumns+` WHERE id = $1 AND client_id = $2`, id, clientID))
	return p, err
}

package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/rail"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Reacher says by which instant payment system a routing number is reached, "" for
// none, and knows the routing numbers of a bank: institution.Catalogue.
type Reacher interface {
	InstantRail(routing string) institution.InstantRail
	Get(institutionID string) (institution.Institution, bool)
}

// WithInstant lets cents be paid within seconds where reach says so. Call it after
// WithDeposits and before Typed.
func (a *Auth) WithInstant(reach Reacher) *Auth {
	a.reach = reach
	a.jobs.Register(forgetInstantJob, a.forgetInstant)
	return a
}

// instantDeposit is a cent that was paid within a session of Link, with a code in
// its description.
type instantDeposit struct {
	AccountID, PaymentID, Code string
	SentAt                     time.Time
}

// maxInstant is how many accounts a session pays a cent to: whoever needs more does
// not know their own number.
const maxInstant = 3

// errInstantSpent refuses a deposit to one account more.
var errInstantSpent = errors.New("auth: the session has paid to as many accounts as it may")

const (
	selectInstant = `SELECT account_id, payment_id, sent_at, sealed FROM auth_instant WHERE session_id = $1 AND number_index = $2`
	countInstant  = `SELECT COUNT(*) FROM auth_instant WHERE session_id = $1`
	insertInstant = `INSERT INTO auth_instant (session_id, number_index, account_id, payment_id, sent_at, tries, last_try, sealed)
 VALUES ($1, $2, $3, $4, $5, 0, '', $6)`
	selectTries = `SELECT tries, last_try FROM auth_instant WHERE session_id = $1 AND number_index = $2`
	// countTry takes one of the tries, if one is left.
	countTry = `UPDATE auth_instant SET tries = tries + 1, last_try = $1
 WHERE session_id = $2 AND number_index = $3 AND tries < $4 AND last_try <> $1 RETURNING tries`
	deleteInstant = `DELETE FROM auth_instant WHERE session_id = $1`
)

// forgetInstantJob ends what is kept of the deposits of a session, whose id is the
// subject: link tokens of Link in a page live for four hours at most.
const (
	forgetInstantJob   = "auth.forget_instant"
	forgetInstantAfter = 24 * time.Hour
)

func (a *Auth) forgetInstant(ctx context.Context, tx *store.Tx, job schedule.Job) error {
	_, err := tx.Exec(ctx, deleteInstant, job.Subject)
	return err
}

// payInstant pays a cent to the account that was typed in a session, once: a second
// press, in whichever tab and on whichever node, finds the deposit of the first. The
// row and the order to pay are one transaction.
func (a *Auth) payInstant(ctx context.Context, v *link.Visit) (d instantDeposit, err error) {
	t := item.TypingOf(v)
	index := a.vault.Index("auth_instant", t.Routing+":"+t.Account)
	err = a.db.Write(ctx, func(tx *store.Tx) error {
		d, err = a.instant(ctx, tx, v.ID, index)
		if !errors.Is(err, store.ErrNoRows) {
			return err
		}
		var paid int
		if err := tx.QueryRow(ctx, countInstant, v.ID).Scan(&paid); err != nil {
			return err
		}
		if paid >= maxInstant {
			return errInstantSpent
		}
		d = instantDeposit{AccountID: a.ids.ID(), Code: a.newCode(), SentAt: a.clock.Now()}
		payment, err := a.rails.Send(ctx, tx, rail.Order{
			Kind: rail.Kind(a.reach.InstantRail(t.Routing)), ClientID: v.Token.ClientID, Subject: d.AccountID, Cents: 1,
			Payee:     rail.Payee{Routing: t.Routing, Account: t.Account, Savings: t.Savings, Name: payeeName(t.Name)},
			Statement: statement(d.Code, v.Token.ClientName),
		})
		if err != nil {
			return err
		}
		d.PaymentID = payment.ID
		sealed, err := a.vault.Seal([]byte(d.Code), sealedInstant(v.ID, index))
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, insertInstant, v.ID, index, d.AccountID, d.PaymentID, clock.Millis(d.SentAt), sealed); err != nil {
			return err
		}
		if paid > 0 {
			return nil
		}
		return a.jobs.Schedule(ctx, tx, d.SentAt.Add(forgetInstantAfter), forgetInstantJob, v.ID, "")
	})
	return d, err
}

// instant reads the deposit of a session to an account; store.ErrNoRows if there is
// none.
func (a *Auth) instant(ctx context.Context, q querier, sessionID, index string) (d instantDeposit, err error) {
	var sentAt int64
	var sealed string
	if err := q.QueryRow(ctx, selectInstant, sessionID, index).Scan(&d.AccountID, &d.PaymentID, &sentAt, &sealed); err != nil {
		return d, err
	}
	code, err := a.vault.Open(sealed, sealedInstant(sessionID, index))
	if err != nil {
		return d, fmt.Errorf("auth: instant deposit: %w", err)
	}
	d.Code, d.SentAt = string(code), clock.FromMillis(sentAt)
	return d, nil
}

// instantOf reads the deposit to the account that stands in a session.
func (a *Auth) instantOf(ctx context.Context, v *link.Visit) (instantDeposit, error) {
	t := item.TypingOf(v)
	return a.instant(ctx, a.db, v.ID, a.vault.Index("auth_instant", t.Routing+":"+t.Account))
}

// tryInstant compares a code with that of the deposit, and says how many more may be
// tried. Each counts before it is compared, so that codes that are sent at once find
// no more tries than codes one by one; the same one twice in a row counts once.
func (a *Auth) tryInstant(ctx context.Context, v *link.Visit, code string) (right bool, left int, err error) {
	t := item.TypingOf(v)
	index, try := a.vault.Index("auth_instant", t.Routing+":"+t.Account), a.vault.Index("auth_instant_try", v.ID+":"+code)
	err = a.db.Write(ctx, func(tx *store.Tx) error {
		d, err := a.instant(ctx, tx, v.ID, index)
		if err != nil {
			return err
		}
		var tries int
		switch err = tx.QueryRow(ctx, countTry, try, v.ID, index, maxCodes).Scan(&tries); {
		case errors.Is(err, store.ErrNoRows):
			var last string
			if err := tx.QueryRow(ctx, selectTries, v.ID, index).Scan(&tries, &last); err != nil {
				return err
			}
			if last != try {
				return nil // none is left
			}
		case err != nil:
			return err
		}
		right, left = same(code, d.Code), maxCodes-tries
		return nil
	})
	return right, left, err
}

// sealedInstant binds the sealed column to its row.
func sealedInstant(sessionID, index string) string { return "auth_instant:" + sessionID + ":" + index }

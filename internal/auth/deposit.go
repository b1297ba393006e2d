package auth

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// deposit is a cent that was paid with a code in its description.
type deposit struct {
	ItemID, AccountID, PaymentID string
	State                        depositState
	Attempts                     int64 // codes that were tried
	LastTry                      string
	sealed                       sealedDeposit
}

// sealedDeposit is what nobody may read in the database.
type sealedDeposit struct {
	Code   string `json:"code"`
	Client string `json:"client"`          // its name, as the statement begins
	Phone  string `json:"phone,omitempty"` // where the person wants a message, E.164
	// Text is the message, once it is due.
	Text *textMessage `json:"text,omitempty"`
}

// depositState is what has become of a deposit's code.
type depositState string

const (
	waiting  depositState = "waiting"
	proven   depositState = "verified" // the code came back
	locked   depositState = "locked"   // after too many wrong ones
	returned depositState = "returned" // the money came back
)

const (
	insertDeposit = `INSERT INTO auth_deposit (item_id, account_id, payment_id, state, attempts, last_try, sealed, created_at)
 VALUES ($1, $2, $3, $4, 0, '', $5, $6)`
	depositColumns   = `SELECT item_id, account_id, payment_id, state, attempts, last_try, sealed FROM auth_deposit`
	depositOfItem    = depositColumns + ` WHERE item_id = $1`
	depositOfPayment = depositColumns + ` WHERE payment_id = $1`
	deleteDeposit    = `DELETE FROM auth_deposit WHERE item_id = $1`
)

// sealedDepositOf binds the sealed column to its row; the Item's id follows.
const sealedDepositOf = "auth_deposit.sealed:"

func (a *Auth) insertDeposit(ctx context.Context, tx *store.Tx, d deposit) error {
	sealed, err := a.vault.SealJSON(d.sealed, sealedDepositOf+d.ItemID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertDeposit, d.ItemID, d.AccountID, d.PaymentID, d.State, sealed, clock.Millis(a.clock.Now()))
	return err
}

// querier is a database or a transaction.
type querier interface {
	QueryRow(ctx context.Context, query string, args ...any) store.Row
}

// depositBy reads a deposit; store.ErrNoRows if there is none.
func (a *Auth) depositBy(ctx context.Context, q querier, query, id string) (deposit, error) {
	var d deposit
	var sealed string
	err := q.QueryRow(ctx, query, id).Scan(&d.ItemID, &d.AccountID, &d.PaymentID, &d.State, &d.Attempts, &d.LastTry, &sealed)
	if err != nil {
		return d, err
	}
	return d, a.vault.OpenJSON(sealed, sealedDepositOf+d.ItemID, &d.sealed)
}

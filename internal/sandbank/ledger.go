package sandbank

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// The states of a deposit.
const (
	depositPending  = "pending" // on the statement, its window has not settled
	depositPosted   = "posted"
	depositReturned = "returned" // to the bank that sent it
)

// Deposit is a credit that came in by a rail, as the account's statement shows
// it.
type Deposit struct {
	ID          string
	State       string
	Cents       int64
	ReceivedAt  time.Time
	PostsAt     time.Time
	Description string // as the bank prints it: company name and entry description, or remittance
	Reference   string // trace number or end-to-end id
	Return      string // the return code or status reason, with depositReturned
}

// entry is the sealed part of a deposit.
type entry struct {
	Account     string `json:"account"`
	Routing     string `json:"routing"`
	Name        string `json:"name"` // of the receiver, as the sender wrote it
	Description string `json:"description"`
	Reference   string `json:"reference"`
	Return      string `json:"return,omitempty"`
}

// accountIndex finds the deposits of an account. The simulated bank stands in
// for every routing number, so the account number alone names an account.
func (b *Bank) accountIndex(number string) string {
	return b.vault.Index("sandbank_account", strings.TrimSpace(number))
}

// post writes a deposit into the ledger.
func (b *Bank) post(ctx context.Context, tx *store.Tx, state string, cents int64, posts time.Time, e entry) error {
	id := b.ids.UUID()
	sealed, err := b.vault.SealJSON(e, "sandbank_deposit:"+id)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertDeposit, id, b.accountIndex(e.Account), state, cents, clock.Millis(b.clock.Now()), clock.Millis(posts), sealed)
	return err
}

// Statement lists the deposits of an account number, the newest first: what its
// owner sees in online banking.
func (b *Bank) Statement(ctx context.Context, number string) ([]Deposit, error) {
	rows, err := b.db.Query(ctx, selectDeposits, b.accountIndex(number), mostDeposits)
	if err != nil {
		return nil, fmt.Errorf("sandbank: statement: %w", err)
	}
	defer rows.Close()
	list := []Deposit{}
	now := b.clock.Now()
	for rows.Next() {
		var d Deposit
		var received, posts int64
		var sealed string
		if err := rows.Scan(&d.ID, &d.State, &d.Cents, &received, &posts, &sealed); err != nil {
			return nil, fmt.Errorf("sandbank: statement: %w", err)
		}
		var e entry
		if err := b.vault.OpenJSON(sealed, "sandbank_deposit:"+d.ID, &e); err != nil {
			return nil, fmt.Errorf("sandbank: statement: %w", err)
		}
		d.ReceivedAt, d.PostsAt = clock.FromMillis(received), clock.FromMillis(posts)
		d.Description, d.Reference, d.Return = e.Description, e.Reference, e.Return
		if d.State == depositPending && !now.Before(d.PostsAt) {
			d.State = depositPosted // its time has come; nothing else changes with it
		}
		list = append(list, d)
	}
	return list, rows.Err()
}

// mostDeposits bounds a statement.
const mostDeposits = 100

package sandbank

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/institution"
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
	// Sender is where the deposit would go back to; nil for one that is final.
	Sender *achSender `json:"sender,omitempty"`
}

// accountIndex finds the deposits of an account. The simulated bank stands in
// for every routing number, so the account number alone names an account.
func (b *Bank) accountIndex(number string) string {
	return b.vault.Index("sandbank_account", strings.TrimSpace(number))
}

// post writes a deposit into the ledger.
func (b *Bank) post(ctx context.Context, tx *store.Tx, state string, cents int64, posts time.Time, e entry) error {
	id := b.arrivals.UUID()
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
		switch due := !now.Before(d.PostsAt); {
		case d.State == depositPending && due:
			d.State = depositPosted // its time has come; nothing else changes with it
		case d.State == depositReturned && !due:
			d.State, d.Return = depositPending, "" // the bank takes its time to send it back
		}
		list = append(list, d)
	}
	return list, rows.Err()
}

// Credits is the statement of an account as whoever holds a grant is told it.
func (b *Bank) Credits(ctx context.Context, g institution.Grant, ref string, since time.Time) ([]institution.Credit, error) {
	h, err := b.holding(ctx, g)
	if err != nil {
		return nil, err
	}
	list, err := h.pick([]string{ref})
	if err != nil || list[0].numbers == nil || list[0].numbers.ACH == nil {
		return nil, err // only accounts in the United States are reached by a rail
	}
	deposits, err := b.Statement(ctx, list[0].numbers.ACH.Account)
	if err != nil {
		return nil, err
	}
	var out []institution.Credit
	for _, d := range deposits {
		if d.State != depositReturned && !d.ReceivedAt.Before(since) {
			out = append(out, institution.Credit{Cents: d.Cents, Currency: "USD", Description: d.Description, Reference: d.Reference, Posted: d.State == depositPosted})
		}
	}
	return out, nil
}

// mostDeposits bounds a statement.
const mostDeposits = 100

package sandbank

import (
	"context"
	"errors"
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

var (
	errNoDeposit = plaid.InvalidField("account must be the number of an account with a deposit that was not returned")
	errFinal     = plaid.InvalidField("account must be the number of an account whose latest deposit came by ACH: an instant transfer is final")
)

// Return sends the latest deposit back that an account has taken. The statement
// shows it at once, and the answer waits for the bank that sent it.
func (b *Bank) Return(ctx context.Context, number, code string) error {
	return b.db.Write(ctx, func(tx *store.Tx) error {
		var id, sealed string
		var cents int64
		err := tx.QueryRow(ctx, selectTaken, b.accountIndex(number), depositPending).Scan(&id, &cents, &sealed)
		if errors.Is(err, store.ErrNoRows) {
			return errNoDeposit
		}
		if err != nil {
			return fmt.Errorf("sandbank: return: %w", err)
		}
		var e entry
		if err := b.vault.OpenJSON(sealed, "sandbank_deposit:"+id, &e); err != nil {
			return err
		}
		if e.Sender == nil {
			return errFinal
		}
		answers, err := e.Sender.giveBack(b, e, cents, code)
		if err != nil {
			return err
		}
		e.Return = code
		if sealed, err = b.vault.SealJSON(e, "sandbank_deposit:"+id); err != nil {
			return err
		}
		now := b.clock.Now()
		if err := tx.ExecOne(ctx, returnDeposit, depositReturned, clock.Millis(now), sealed, id, depositPending); err != nil {
			return fmt.Errorf("sandbank: return: %w", err)
		}
		return b.say(ctx, tx, answers, now)
	})
}

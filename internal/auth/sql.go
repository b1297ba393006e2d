package auth

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/store"
)

// sealedNumbers binds the sealed column to its row; the Item's id follows.
const sealedNumbers = "auth_numbers.numbers:"

const (
	selectNumbers = `SELECT numbers FROM auth_numbers WHERE item_id = $1`
	insertNumbers = `INSERT INTO auth_numbers (item_id, numbers, created_at) VALUES ($1, $2, $3)
 ON CONFLICT (item_id) DO NOTHING`
	deleteNumbers = `DELETE FROM auth_numbers WHERE item_id = $1`
)

// stored reads the Item's numbers; store.ErrNoRows if it has none yet.
func (a *Auth) stored(ctx context.Context, itemID string) (*Numbers, error) {
	var sealed string
	if err := a.db.QueryRow(ctx, selectNumbers, itemID).Scan(&sealed); err != nil {
		return nil, err
	}
	n := &Numbers{}
	return n, a.vault.OpenJSON(sealed, sealedNumbers+itemID, n)
}

func (a *Auth) store(ctx context.Context, tx *store.Tx, itemID string, n *Numbers) error {
	sealed, err := a.vault.SealJSON(n, sealedNumbers+itemID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertNumbers, itemID, sealed, a.clock.Now().UnixMilli())
	return err
}

// forget deletes the numbers of an Item that is being removed, or of which other
// accounts are shared from now on, and ends the wait for its deposit.
func (a *Auth) forget(ctx context.Context, tx *store.Tx, itemID string) error {
	if _, err := tx.Exec(ctx, deleteNumbers, itemID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, deleteDeposit, itemID); err != nil {
		return err
	}
	return a.unschedule(ctx, tx, itemID)
}

package identity

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/store"
)

// sealedOwners binds the sealed column to its row; the Item's id follows.
const sealedOwners = "identity_owners.owners:"

const (
	selectOwners = `SELECT owners FROM identity_owners WHERE item_id = $1`
	insertOwners = `INSERT INTO identity_owners (item_id, owners, created_at) VALUES ($1, $2, $3)
 ON CONFLICT (item_id) DO NOTHING`
	deleteOwners = `DELETE FROM identity_owners WHERE item_id = $1`
)

// stored reads the Item's owners; store.ErrNoRows if they were never asked for.
func (s *Identity) stored(ctx context.Context, itemID string) (shares []share, err error) {
	var sealed string
	if err := s.db.QueryRow(ctx, selectOwners, itemID).Scan(&sealed); err != nil {
		return nil, err
	}
	return shares, s.vault.OpenJSON(sealed, sealedOwners+itemID, &shares)
}

func (s *Identity) store(ctx context.Context, tx *store.Tx, itemID string, shares []share) error {
	sealed, err := s.vault.SealJSON(shares, sealedOwners+itemID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertOwners, itemID, sealed, s.clock.Now().UnixMilli())
	return err
}

// forget deletes the owners of an Item that is being removed.
func (s *Identity) forget(ctx context.Context, tx *store.Tx, itemID string) error {
	_, err := tx.Exec(ctx, deleteOwners, itemID)
	return err
}

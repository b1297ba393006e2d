package store

import (
	"context"
	"errors"
	"fmt"
)

// nextNumber counts on. The row is made on first use.
const nextNumber = `
INSERT INTO meta (name, number) VALUES ($1, 1)
ON CONFLICT (name) DO UPDATE SET number = meta.number + 1
RETURNING number`

// NextNumber adds one, in tx, to the number kept under a name and returns it; the
// first is 1.
func NextNumber(ctx context.Context, tx *Tx, name string) (int64, error) {
	var n int64
	if err := tx.QueryRow(ctx, nextNumber, name).Scan(&n); err != nil {
		return 0, fmt.Errorf("store: %s: %w", name, err)
	}
	return n, nil
}

// NextEpoch counts one more start on this database and returns the count, from
// 1. Package clock mixes it into seeded identifiers, so that no two starts make
// the same ones.
func (db *DB) NextEpoch(ctx context.Context) (uint64, error) {
	var n int64
	err := db.Write(ctx, func(tx *Tx) (err error) {
		n, err = NextNumber(ctx, tx, "epoch")
		return err
	})
	return uint64(n), err
}

// Number reads a number that the whole program keeps under a name; 0 if it was
// never kept.
func (db *DB) Number(ctx context.Context, name string) (int64, error) {
	var n int64
	err := db.QueryRow(ctx, "SELECT number FROM meta WHERE name = $1", name).Scan(&n)
	if errors.Is(err, ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("store: %s: %w", name, err)
	}
	return n, nil
}

// KeepNumber keeps a number under a name in tx.
func KeepNumber(ctx context.Context, tx *Tx, name string, n int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO meta (name, number) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET number = $2`, name, n)
	if err != nil {
		return fmt.Errorf("store: %s: %w", name, err)
	}
	return nil
}

package store

import (
	"context"
	"errors"
	"fmt"
)

// nextEpoch counts the openings of a database. The row is made on first use.
const nextEpoch = `
INSERT INTO meta (name, number) VALUES ('epoch', 1)
ON CONFLICT (name) DO UPDATE SET number = meta.number + 1
RETURNING number`

// NextEpoch counts one more start on this database and returns the count, from
// 1. Package clock mixes it into seeded identifiers, so that no two starts make
// the same ones.
func (db *DB) NextEpoch(ctx context.Context) (uint64, error) {
	var n int64
	err := db.Write(ctx, func(tx *Tx) error { return tx.QueryRow(ctx, nextEpoch).Scan(&n) })
	if err != nil {
		return 0, fmt.Errorf("store: epoch: %w", err)
	}
	return uint64(n), nil
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

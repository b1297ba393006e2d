package store

import (
	"context"
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

package dashboard

import (
	"context"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// sessionRow is a row of dashboard_session.
type sessionRow struct {
	clientID, key string
	seen, expires time.Time
}

func readSession(ctx context.Context, db *store.DB, index string) (sessionRow, error) {
	var s sessionRow
	var seen, expires int64
	err := db.QueryRow(ctx, `SELECT client_id, secret_key, seen_at, expires_at FROM dashboard_session WHERE token_index = $1`, index).
		Scan(&s.clientID, &s.key, &seen, &expires)
	s.seen, s.expires = clock.FromMillis(seen), clock.FromMillis(expires)
	return s, err
}

func insertSession(ctx context.Context, tx *store.Tx, index, clientID, key string, now, expires int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO dashboard_session (token_index, client_id, secret_key, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $4, $5)`,
		index, clientID, key, now, expires)
	return err
}

func touchSession(ctx context.Context, tx *store.Tx, index string, now int64) error {
	_, err := tx.Exec(ctx, `UPDATE dashboard_session SET seen_at = $2 WHERE token_index = $1 AND seen_at < $2`, index, now)
	return err
}

func deleteSession(ctx context.Context, tx *store.Tx, index string) error {
	_, err := tx.Exec(ctx, `DELETE FROM dashboard_session WHERE token_index = $1`, index)
	return err
}

func deleteExpired(ctx context.Context, tx *store.Tx, now int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM dashboard_session WHERE expires_at <= $1`, now)
	return err
}

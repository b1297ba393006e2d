package team

import (
	"context"
	"database/sql"
	"github.com/glencheck-dev/glencheck/internal/clock"

	"github.com/glencheck-dev/glencheck/internal/store"
)

// The ways to find a user, always among those of one client.
const (
	userColumns        = `SELECT id, client_id, client_user_id, token_index, end_customer, identity, created_at, updated_at FROM team_user `
	userByID           = userColumns + `WHERE client_id = $1 AND id = $2`
	userByToken        = userColumns + `WHERE client_id = $1 AND token_index = $2`
	userByClientUserID = userColumns + `WHERE client_id = $1 AND client_user_id = $2`
)

func readUser(ctx context.Context, tx *store.Tx, query, clientID, key string) (User, error) {
	var (
		u                User
		token            sql.NullString
		created, updated int64
	)
	err := tx.QueryRow(ctx, query, clientID, key).
		Scan(&u.ID, &u.ClientID, &u.ClientUserID, &token, &u.EndCustomer, &u.sealed, &created, &updated)
	u.Legacy = token.Valid
	u.CreatedAt, u.UpdatedAt = clock.FromMillis(created), clock.FromMillis(updated)
	return u, err
}

// insertUser reports false when the client already has a user of that
// client_user_id.
func insertUser(ctx context.Context, tx *store.Tx, u User, tokenIndex *string) (bool, error) {
	res, err := tx.Exec(ctx, `INSERT INTO team_user
		(id, client_id, client_user_id, token_index, end_customer, identity, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (client_id, client_user_id) DO NOTHING`,
		u.ID, u.ClientID, u.ClientUserID, tokenIndex, u.EndCustomer, u.sealed, clock.Millis(u.CreatedAt), clock.Millis(u.UpdatedAt))
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

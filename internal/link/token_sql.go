package link

import (
	"context"
	"encoding/json"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// tokenRow is a token as it is stored.
type tokenRow struct {
	id, clientID           string
	spec, prefill, request string
	createdAt, expiresAt   int64
}

// seal turns a token into its row. What is personal is sealed; a token without
// personal data needs no sealing.
func (t *Tokens) seal(tok *Token) (tokenRow, error) {
	spec, err := json.Marshal(tok)
	if err != nil {
		return tokenRow{}, err
	}
	row := tokenRow{
		id: tok.ID, clientID: tok.ClientID,
		spec: string(spec), request: string(tok.Request),
		createdAt: clock.Millis(tok.CreatedAt), expiresAt: clock.Millis(tok.ExpiresAt),
	}
	if tok.User != (UserPrefill{}) {
		row.prefill, err = t.Vault.SealJSON(tok.User, tok.ID)
	}
	return row, err
}

// unseal turns a row back into a token.
func (t *Tokens) unseal(row tokenRow) (Token, error) {
	var tok Token
	if err := json.Unmarshal([]byte(row.spec), &tok); err != nil {
		return Token{}, err
	}
	tok.ID, tok.ClientID, tok.Request = row.id, row.clientID, []byte(row.request)
	tok.CreatedAt, tok.ExpiresAt = clock.FromMillis(row.createdAt), clock.FromMillis(row.expiresAt)
	if row.prefill != "" {
		if err := t.Vault.OpenJSON(row.prefill, row.id, &tok.User); err != nil {
			return Token{}, err
		}
	}
	return tok, nil
}

const tokenByID = `SELECT id, client_id, spec, prefill, request, created_at, expires_at
	FROM link_token WHERE id = $1`

func readToken(ctx context.Context, db *store.DB, id string) (tokenRow, error) {
	var r tokenRow
	err := db.QueryRow(ctx, tokenByID, id).
		Scan(&r.id, &r.clientID, &r.spec, &r.prefill, &r.request, &r.createdAt, &r.expiresAt)
	return r, err
}

func insertToken(ctx context.Context, tx *store.Tx, r tokenRow) error {
	_, err := tx.Exec(ctx, `INSERT INTO link_token
		(id, client_id, spec, prefill, request, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		r.id, r.clientID, r.spec, r.prefill, r.request, r.createdAt, r.expiresAt)
	return err
}

// deleteTokens removes up to limit tokens that expired before a time and reports
// how many it did.
func deleteTokens(ctx context.Context, tx *store.Tx, before int64, limit int) (int64, error) {
	res, err := tx.Exec(ctx, `DELETE FROM link_token WHERE id IN
		(SELECT id FROM link_token WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)`, before, limit)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

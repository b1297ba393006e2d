package link

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// tokenRow is a token as it is stored.
type tokenRow struct {
	id, clientID           string
	spec, prefill, request string
	createdAt, expiresAt   int64

	hosted string // blind index of the Hosted Link page, "" for none; written only
}

// What each sealed column is bound to; the token's id follows.
const (
	sealedSpec    = "link_token.spec:"
	sealedPrefill = "link_token.prefill:"
	sealedRequest = "link_token.request:"
)

// seal turns a token into its row. All that the client said is sealed: its word
// for the user and the webhook are in it, and whatever it thought fit.
func (t *Tokens) seal(tok *Token) (tokenRow, error) {
	row := tokenRow{
		id: tok.ID, clientID: tok.ClientID,
		createdAt: clock.Millis(tok.CreatedAt), expiresAt: clock.Millis(tok.ExpiresAt),
	}
	var err error
	if row.spec, err = t.Vault.SealJSON(tok, sealedSpec+tok.ID); err != nil {
		return tokenRow{}, err
	}
	if tok.Hosted != nil {
		row.hosted = t.Vault.Index(hostedIndex, tok.Hosted.ID)
	}
	if tok.User != (UserPrefill{}) {
		row.prefill, err = t.Vault.SealJSON(tok.User, sealedPrefill+tok.ID)
	}
	return row, err
}

// unseal turns a row back into a token.
func (t *Tokens) unseal(row tokenRow) (Token, error) {
	var tok Token
	if err := t.Vault.OpenJSON(row.spec, sealedSpec+row.id, &tok); err != nil {
		return Token{}, err
	}
	if row.request != "" { // of an earlier version, which kept it apart
		var err error
		if tok.Request, err = t.Vault.Open(row.request, sealedRequest+row.id); err != nil {
			return Token{}, err
		}
	}
	tok.ID, tok.ClientID = row.id, row.clientID
	tok.CreatedAt, tok.ExpiresAt = clock.FromMillis(row.createdAt), clock.FromMillis(row.expiresAt)
	if row.prefill != "" {
		if err := t.Vault.OpenJSON(row.prefill, sealedPrefill+row.id, &tok.User); err != nil {
			return Token{}, err
		}
	}
	return tok, nil
}

const tokenByID = `SELECT id, client_id, spec, prefill, request, created_at, expires_at
	FROM link_token WHERE id = $1`

const tokenByHosted = `SELECT t.id, t.client_id, t.spec, t.prefill, t.request, t.created_at, t.expires_at
	FROM link_hosted h JOIN link_token t ON t.id = h.token_id WHERE h.id = $1`

func readToken(ctx context.Context, db *store.DB, id string) (tokenRow, error) {
	return scanToken(db.QueryRow(ctx, tokenByID, id))
}

func readHosted(ctx context.Context, db *store.DB, id string) (tokenRow, error) {
	return scanToken(db.QueryRow(ctx, tokenByHosted, id))
}

func scanToken(row scanner) (tokenRow, error) {
	var r tokenRow
	err := row.Scan(&r.id, &r.clientID, &r.spec, &r.prefill, &r.request, &r.createdAt, &r.expiresAt)
	return r, err
}

func insertToken(ctx context.Context, tx *store.Tx, r tokenRow) error {
	_, err := tx.Exec(ctx, `INSERT INTO link_token
		(id, client_id, spec, prefill, request, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		r.id, r.clientID, r.spec, r.prefill, r.request, r.createdAt, r.expiresAt)
	if err != nil || r.hosted == "" {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO link_hosted (id, token_id, expires_at) VALUES ($1, $2, $3)`, r.hosted, r.id, r.expiresAt)
	return err
}

// deleteTokens removes up to limit tokens that expired before a time, with their
// pages, and reports how many tokens it did. The pages are found by the same
// time, so that one left over goes with a later batch.
func deleteTokens(ctx context.Context, tx *store.Tx, before int64, limit int) (int64, error) {
	_, err := tx.Exec(ctx, `DELETE FROM link_hosted WHERE id IN
		(SELECT id FROM link_hosted WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)`, before, limit)
	if err != nil {
		return 0, err
	}
	res, err := tx.Exec(ctx, `DELETE FROM link_token WHERE id IN
		(SELECT id FROM link_token WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)`, before, limit)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

package contact

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// What binds a sealed column to its row; the contact's id follows.
const (
	sealedContact = "contact:"
	sealedChange  = "contact_change:"
	sealedHook    = "contact_webhook:"
)

const (
	orgColumns = `SELECT id, client_id, number, name, status, template_id, overwrite, created_at, updated_at FROM contact_org `
	orgByID    = orgColumns + `WHERE id = $1`
	orgsUp     = orgColumns + `WHERE client_id = $1 AND ($2 = '' OR id = $2) AND number > $3 ORDER BY number LIMIT $4`
	orgsDown   = orgColumns + `WHERE client_id = $1 AND ($2 = '' OR id = $2) AND number < $3 ORDER BY number DESC LIMIT $4`
	insertOrg  = `INSERT INTO contact_org (id, client_id, number, name, status, template_id, overwrite, created_at, updated_at)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)`
	updateOrg = `UPDATE contact_org SET name = $2, status = $3, template_id = $4, overwrite = $5, updated_at = $6 WHERE id = $1`
	// Those of an organisation that goes over to another agency.
	orgIDs     = `SELECT id FROM contact_org WHERE id = $1`
	orgTo      = `UPDATE contact_org SET client_id = $2, number = $3, template_id = '' WHERE id = $1`
	orgKeyIDs  = `SELECT id FROM contact_key WHERE org_id = $1 ORDER BY number`
	keyTo      = `UPDATE contact_key SET client_id = $2, number = $3 WHERE id = $1`
	orgHookIDs = `SELECT id FROM contact_webhook WHERE owner_id = $1 ORDER BY number`
	hookTo     = `UPDATE contact_webhook SET client_id = $2, number = $3 WHERE id = $1`

	keyColumns = `SELECT id, client_id, org_id, number, name, scopes, created_at, revoked_at, last_used_at FROM contact_key `
	keyByIndex = keyColumns + `WHERE key_index = $1`
	keyByID    = keyColumns + `WHERE id = $1`
	keysUp     = keyColumns + `WHERE client_id = $1 AND ($2 = '' OR org_id = $2) AND number > $3 ORDER BY number LIMIT $4`
	keysDown   = keyColumns + `WHERE client_id = $1 AND ($2 = '' OR org_id = $2) AND number < $3 ORDER BY number DESC LIMIT $4`
	insertKey  = `INSERT INTO contact_key (id, client_id, org_id, number, key_index, name, scopes, created_at, revoked_at, last_used_at)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0)`
	revokeKey = `UPDATE contact_key SET revoked_at = $2 WHERE id = $1 AND revoked_at = 0`
	useKey    = `UPDATE contact_key SET last_used_at = $2 WHERE id = $1`
	dropKey   = `DELETE FROM contact_key WHERE id = $1 AND key_index <> $2`
	dropIndex = `DELETE FROM contact_key WHERE key_index = $1`

	contactColumns = `SELECT id, org_id, number, status, seq, created_at, updated_at, sealed FROM contact `
	contactByID    = contactColumns + `WHERE id = $1 AND org_id = $2`
	contactWhere   = `WHERE org_id = $1 AND ($2 = '' OR status = $2)
 AND ($3 = '' OR id IN (SELECT contact_id FROM contact_term WHERE org_id = $1 AND term = $3))
 AND ($4 = '' OR id IN (SELECT contact_id FROM contact_term WHERE org_id = $1 AND term = $4))
 AND ($5 = '' OR id IN (SELECT contact_id FROM contact_term WHERE org_id = $1 AND term = $5))
 AND ($6 = '' OR id IN (SELECT contact_id FROM contact_term WHERE org_id = $1 AND term = $6))
 AND ($7 = '' OR id IN (SELECT contact_id FROM contact_term WHERE org_id = $1 AND term = $7))
 AND ($8 = '' OR id IN (SELECT contact_id FROM contact_term WHERE org_id = $1 AND term = $8))
 AND number `
	contactsUp    = contactColumns + contactWhere + `> $9 ORDER BY number LIMIT $10`
	contactsDown  = contactColumns + contactWhere + `< $9 ORDER BY number DESC LIMIT $10`
	insertContact = `INSERT INTO contact (id, org_id, number, status, seq, created_at, updated_at, sealed) VALUES ($1, $2, $3, $4, 1, $5, $6, $7)`
	updateContact = `UPDATE contact SET status = $3, seq = seq + 1, updated_at = $4, sealed = $5 WHERE id = $1 AND seq = $2`
	deleteContact = `DELETE FROM contact WHERE id = $1`
	insertTerm    = `INSERT INTO contact_term (org_id, term, contact_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
	deleteTerms   = `DELETE FROM contact_term WHERE contact_id = $1`

	changeColumns = `SELECT n, kind, actor, session_id, created_at, sealed FROM contact_change `
	changesUp     = changeColumns + `WHERE org_id = $1 AND contact_id = $2 AND n > $3 ORDER BY n LIMIT $4`
	changesDown   = changeColumns + `WHERE org_id = $1 AND contact_id = $2 AND n < $3 ORDER BY n DESC LIMIT $4`
	insertChange  = `INSERT INTO contact_change (contact_id, n, org_id, kind, actor, session_id, created_at, sealed)
 SELECT $1, COALESCE(MAX(n), 0) + 1, $2, $3, $4, $5, CAST($6 AS BIGINT), $7 FROM contact_change WHERE contact_id = $1`
	deleteChanges = `DELETE FROM contact_change WHERE contact_id = $1`

	hookColumns = `SELECT id, client_id, owner_id, number, events, enabled, created_at, updated_at, sealed FROM contact_webhook `
	hookByID    = hookColumns + `WHERE id = $1`
	hooksUp     = hookColumns + `WHERE client_id = $1 AND ($2 = '' OR owner_id = $2) AND number > $3 ORDER BY number LIMIT $4`
	hooksDown   = hookColumns + `WHERE client_id = $1 AND ($2 = '' OR owner_id = $2) AND number < $3 ORDER BY number DESC LIMIT $4`
	hooksOf     = hookColumns + `WHERE (owner_id = $1 OR owner_id = $2) AND enabled = TRUE ORDER BY number`
	countHooks  = `SELECT COUNT(*) FROM contact_webhook WHERE owner_id = $1`
	insertHook  = `INSERT INTO contact_webhook (id, client_id, owner_id, number, events, enabled, created_at, updated_at, sealed)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)`
	updateHook = `UPDATE contact_webhook SET events = $2, enabled = $3, updated_at = $4, sealed = $5 WHERE id = $1`
	deleteHook = `DELETE FROM contact_webhook WHERE id = $1`

	noticesUp     = `SELECT number, id FROM contact_notice WHERE webhook_id = $1 AND created_at >= $2 AND number > $3 ORDER BY number LIMIT $4`
	noticesDown   = `SELECT number, id FROM contact_notice WHERE webhook_id = $1 AND created_at >= $2 AND number < $3 ORDER BY number DESC LIMIT $4`
	insertNotice  = `INSERT INTO contact_notice (webhook_id, number, id, created_at) VALUES ($1, $2, $3, $4)`
	sweepNotices  = `DELETE FROM contact_notice WHERE webhook_id = $1 AND created_at < $2`
	deleteNotices = `DELETE FROM contact_notice WHERE webhook_id = $1`
)

// reader is what both a transaction and the database can do.
type reader interface {
	QueryRow(ctx context.Context, query string, args ...any) store.Row
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

type scanner interface{ Scan(...any) error }

// list reads a page and one element more. The last two arguments of its queries are
// the bound and the number of rows.
func list[N any](ctx context.Context, from reader, s span, down, up string, scan func(scanner) (numbered[N], error), args ...any) ([]numbered[N], error) {
	query := up
	if s.down {
		query = down
	}
	rows, err := from.Query(ctx, query, append(args, s.bound, s.size+1)...)
	if err != nil {
		return nil, fmt.Errorf("contact: %w", err)
	}
	defer rows.Close()
	var all []numbered[N]
	for rows.Next() {
		e, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("contact: %w", err)
		}
		all = append(all, e)
	}
	return all, rows.Err()
}

// idsOf reads a column of ids.
func idsOf(ctx context.Context, from reader, query string, args ...any) (ids []string, err error) {
	rows, err := from.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("contact: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("contact: %w", err)
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

func scanOrg(row scanner) (Org, error) {
	var o Org
	var created, updated int64
	err := row.Scan(&o.ID, &o.ClientID, &o.number, &o.Name, &o.Status, &o.TemplateID, &o.Overwrite, &created, &updated)
	o.CreatedAt, o.UpdatedAt = clock.FromMillis(created), clock.FromMillis(updated)
	return o, err
}

func scanKey(row scanner) (Key, error) {
	var k Key
	var scopes string
	var created, revoked, used int64
	err := row.Scan(&k.ID, &k.ClientID, &k.OrgID, &k.number, &k.Name, &scopes, &created, &revoked, &used)
	k.Scopes = strings.Fields(scopes)
	k.CreatedAt, k.RevokedAt, k.LastUsedAt = clock.FromMillis(created), clock.FromMillis(revoked), clock.FromMillis(used)
	return k, err
}

func (c *Contacts) scan(row scanner) (numbered[*Contact], error) {
	p := &Contact{}
	var created, updated int64
	var text string
	if err := row.Scan(&p.ID, &p.OrgID, &p.number, &p.Status, &p.seq, &created, &updated, &text); err != nil {
		return numbered[*Contact]{}, err
	}
	p.CreatedAt, p.UpdatedAt = clock.FromMillis(created), clock.FromMillis(updated)
	var s sealed
	err := c.vault.OpenJSON(text, sealedContact+p.ID, &s)
	p.Person, p.Identity = s.Person, s.Identity
	return numbered[*Contact]{p.number, p}, err
}

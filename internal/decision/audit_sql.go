package decision

import (
	"context"
	"fmt"
)

const (
	advanceAudit = `INSERT INTO decision_audit_head (account, n, hash) VALUES ($1, 1, '')
ON CONFLICT (account) DO UPDATE SET n = decision_audit_head.n + 1 RETURNING n, hash`
	setAuditHash = `UPDATE decision_audit_head SET hash = $2 WHERE account = $1`
	insertAudit  = `INSERT INTO decision_audit (account, n, at, actor, action, object, sealed, digest, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	selectAudit = `SELECT account, n, at, actor, action, object, sealed, digest, hash
FROM decision_audit WHERE account = $1 AND n > $2 ORDER BY n LIMIT $3`
	selectAuditHeads = `SELECT account, n, hash FROM decision_audit_head ORDER BY account`
	selectHeadless   = `SELECT DISTINCT account FROM decision_audit
WHERE account NOT IN (SELECT account FROM decision_audit_head) ORDER BY account`
	purgeAudit = `UPDATE decision_audit SET sealed = '' WHERE object = $1`
)

// read reads lines without opening what they seal.
func (a *Audit) read(ctx context.Context, account string, after int64, limit int) ([]Line, error) {
	rows, err := a.db.Query(ctx, selectAudit, account, after, limit)
	if err != nil {
		return nil, fmt.Errorf("decision: audit: %w", err)
	}
	defer rows.Close()
	var lines []Line
	for rows.Next() {
		var l Line
		if err := rows.Scan(&l.Account, &l.Number, &l.At, &l.Actor, &l.Action, &l.Object, &l.sealed, &l.Digest, &l.Hash); err != nil {
			return nil, fmt.Errorf("decision: audit: %w", err)
		}
		lines = append(lines, l)
	}
	return lines, rows.Err()
}

// heads reads the last number and hash of every account.
func (a *Audit) heads(ctx context.Context) ([]Line, error) {
	rows, err := a.db.Query(ctx, selectAuditHeads)
	if err != nil {
		return nil, fmt.Errorf("decision: audit: %w", err)
	}
	defer rows.Close()
	var heads []Line
	for rows.Next() {
		var l Line
		if err := rows.Scan(&l.Account, &l.Number, &l.Hash); err != nil {
			return nil, fmt.Errorf("decision: audit: %w", err)
		}
		heads = append(heads, l)
	}
	return heads, rows.Err()
}

// headless lists accounts with lines and without a head.
func (a *Audit) headless(ctx context.Context) ([]string, error) {
	rows, err := a.db.Query(ctx, selectHeadless)
	if err != nil {
		return nil, fmt.Errorf("decision: audit: %w", err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, fmt.Errorf("decision: audit: %w", err)
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

package contact

import "github.com/glencheck-dev/glencheck/internal/clock"

const (
	sessionColumns = `SELECT id, client_id, org_id, number, contact_id, given, key_id, template_id, attempt_id, status, applied, seq, created_at, expires_at, completed_at FROM contact_session `
	sessionByID    = sessionColumns + `WHERE id = $1`
	sessionsUp     = sessionColumns + `WHERE org_id = $1 AND ($2 = '' OR contact_id = $2) AND number > $3 ORDER BY number LIMIT $4`
	sessionsDown   = sessionColumns + `WHERE org_id = $1 AND ($2 = '' OR contact_id = $2) AND number < $3 ORDER BY number DESC LIMIT $4`
	insertSession  = `INSERT INTO contact_session (id, client_id, org_id, number, contact_id, given, key_id, template_id, attempt_id, status, applied, seq, created_at, expires_at, completed_at)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', $9, FALSE, 1, $10, $11, 0)`
	updateSession = `UPDATE contact_session SET contact_id = $3, attempt_id = $4, status = $5, applied = $6, completed_at = $7, seq = seq + 1 WHERE id = $1 AND seq = $2`
	// The locks let two transactions about one row follow each other on PostgreSQL.
	lockSession = `UPDATE contact_session SET seq = seq WHERE id = $1`
	lockContact = `UPDATE contact SET seq = seq WHERE id = $1`
)

func scanSession(row scanner) (numbered[*Session], error) {
	s := &Session{}
	var created, expires, completed int64
	err := row.Scan(&s.ID, &s.ClientID, &s.OrgID, &s.number, &s.ContactID, &s.Given, &s.KeyID, &s.TemplateID, &s.AttemptID, &s.Status, &s.applied, &s.seq,
		&created, &expires, &completed)
	s.CreatedAt, s.ExpiresAt, s.CompletedAt = clock.FromMillis(created), clock.FromMillis(expires), clock.FromMillis(completed)
	return numbered[*Session]{s.number, s}, err
}

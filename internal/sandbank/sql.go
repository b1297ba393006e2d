package sandbank

// A login moves on only from the version that was read, so that of two answers
// sent at once one is judged on what the other left behind.
const (
	insertLogin = `INSERT INTO sandbank_login (id, institution_id, version, created_at, expires_at, sealed) VALUES ($1, $2, 1, $3, $4, $5)`
	selectLogin = `SELECT institution_id, version, expires_at, sealed FROM sandbank_login WHERE id = $1`
	updateLogin = `UPDATE sandbank_login SET version = version + 1, sealed = $1 WHERE id = $2 AND version = $3`
	deleteLogin = `DELETE FROM sandbank_login WHERE id = $1 AND version = $2`
	sweepLogins = `DELETE FROM sandbank_login WHERE id IN (SELECT id FROM sandbank_login WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)`
)

// A grant is found by its blind index.
const (
	insertGrant = `INSERT INTO sandbank_grant (id, institution_id, status, created_at, sealed) VALUES ($1, $2, $3, $4, $5)`
	selectGrant = `SELECT institution_id, status, sealed FROM sandbank_grant WHERE id = $1`
	expireGrant = `UPDATE sandbank_grant SET status = $1 WHERE id = $2 AND status = $3`
	revokeGrant = `UPDATE sandbank_grant SET status = $1, sealed = '' WHERE id = $2`
)

// An authorization is decided once and its code spent once: each change names
// the state that it starts from.
const (
	authorizationColumns      = `SELECT id, institution_id, status, expires_at, sealed FROM sandbank_authorization `
	insertAuthorization       = `INSERT INTO sandbank_authorization (id, institution_id, status, created_at, expires_at, sealed) VALUES ($1, $2, $3, $4, $5, $6)`
	selectAuthorization       = authorizationColumns + `WHERE id = $1 AND institution_id = $2`
	selectAuthorizationByID   = authorizationColumns + `WHERE id = $1`
	selectAuthorizationByCode = authorizationColumns + `WHERE code = $1`
	decideAuthorization       = `UPDATE sandbank_authorization SET status = $1, code = $2, expires_at = $3, sealed = $4 WHERE id = $5 AND status = $6`
	spendCode                 = `UPDATE sandbank_authorization SET status = $1, sealed = '' WHERE code = $2 AND status = $3 AND expires_at > $4`
	sweepAuthorizations       = `DELETE FROM sandbank_authorization WHERE id IN (SELECT id FROM sandbank_authorization WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)`
)

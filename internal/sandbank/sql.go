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

// A grant is found by its blind index. One that was revoked is gone.
const (
	insertGrant = `INSERT INTO sandbank_grant (id, institution_id, status, created_at, sealed, person) VALUES ($1, $2, $3, $4, $5, $6)`
	selectGrant = `SELECT institution_id, status, sealed FROM sandbank_grant WHERE id = $1`
	expireGrant = `UPDATE sandbank_grant SET status = $1 WHERE id = $2 AND status = $3`
	revokeGrant = `DELETE FROM sandbank_grant WHERE id = $1`
	// A person takes back what they see: not what has changed meanwhile.
	withdrawGrant = `DELETE FROM sandbank_grant WHERE id = $1 AND sealed = $2`
	narrowGrant   = `UPDATE sandbank_grant SET sealed = $1 WHERE id = $2 AND sealed = $3`
	selectGiven   = `SELECT id FROM sandbank_grant WHERE person = $1 ORDER BY created_at DESC, id LIMIT $2`
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

// Deposits, and what the bank says about them. A lever is kept for an account by
// its index, for the rails under the empty one.
const (
	insertFile     = `INSERT INTO sandbank_file (name, received_at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`
	insertDeposit  = `INSERT INTO sandbank_deposit (id, account_index, state, cents, received_at, posts_at, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7)`
	selectDeposits = `SELECT id, state, cents, received_at, posts_at, sealed FROM sandbank_deposit WHERE account_index = $1 ORDER BY received_at DESC, id LIMIT $2`
	selectTaken    = `SELECT id, cents, sealed FROM sandbank_deposit WHERE account_index = $1 AND state = $2 ORDER BY received_at DESC, id LIMIT 1`
	returnDeposit  = `UPDATE sandbank_deposit SET state = $1, posts_at = $2, sealed = $3 WHERE id = $4 AND state = $5`
	insertAnswer   = `INSERT INTO sandbank_answer (name, content, ready_at) VALUES ($1, $2, $3)`
	selectAnswers  = `SELECT name, content FROM sandbank_answer WHERE ready_at <= $1 ORDER BY ready_at, name LIMIT $2`
	deleteAnswer   = `DELETE FROM sandbank_answer WHERE name = $1`
	selectLever    = `SELECT state, delay_ms, sealed FROM sandbank_lever WHERE account_index = $1`
	saveLever      = `INSERT INTO sandbank_lever (account_index, state, delay_ms, sealed) VALUES ($1, $2, $3, $4)
 ON CONFLICT (account_index) DO UPDATE SET state = $2, delay_ms = $3, sealed = $4`
)

// Accounts that the network knows beside those of the data file.
const (
	selectKnown = `SELECT sealed FROM sandbank_known WHERE account_index = $1`
	insertKnown = `INSERT INTO sandbank_known (account_index, known_at, sealed) VALUES ($1, $2, $3) ON CONFLICT (account_index) DO NOTHING`
)

// People who are signed in to online banking.
const (
	insertOnline = `INSERT INTO sandbank_online (id, expires_at, sealed) VALUES ($1, $2, $3)`
	selectOnline = `SELECT sealed FROM sandbank_online WHERE id = $1 AND expires_at > $2`
	deleteOnline = `DELETE FROM sandbank_online WHERE id = $1`
	sweepOnline  = `DELETE FROM sandbank_online WHERE expires_at <= $1`
)

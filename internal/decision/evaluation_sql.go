package decision

const (
	insertEvaluation = `INSERT INTO decision_evaluation (token, account, workflow, version, hash, entity, journey, sandbox, status, kind, outcome, sealed, created_at, updated_at, revision)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1)`
	updateEvaluation = `UPDATE decision_evaluation SET version = $3, hash = $4, entity = $5, status = $6, kind = $7, outcome = $8, sealed = $9, updated_at = $10, revision = revision + 1
WHERE token = $1 AND revision = $2`
	columnsEvaluation = `token, account, workflow, version, hash, entity, journey, sandbox, sealed, created_at, updated_at, revision`
	selectEvaluation  = `SELECT ` + columnsEvaluation + ` FROM decision_evaluation WHERE token = $1 AND account = $2`
	selectEvaluations = `SELECT ` + columnsEvaluation + ` FROM decision_evaluation WHERE workflow = $1 AND (created_at > $2 OR created_at = $2 AND token > $3) ORDER BY created_at, token LIMIT $4`
	purgeEvaluations  = `UPDATE decision_evaluation SET sealed = '', revision = revision + 1 WHERE token = $1`
	entityEvaluations = `SELECT ` + columnsEvaluation + ` FROM decision_evaluation WHERE entity = $1 AND account = $2 ORDER BY created_at, token`
	insertSource      = `INSERT INTO decision_source (evaluation, name, status, error_code, subject, address, took_ms, asked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	deleteSources     = `DELETE FROM decision_source WHERE evaluation = $1`
	selectSources     = `SELECT name, status, error_code, subject, address, took_ms, asked_at FROM decision_source WHERE evaluation = $1`
	pageSources       = `SELECT s.evaluation, s.name, s.status, s.error_code, s.address, r.sealed FROM decision_source s
JOIN decision_evaluation e ON e.token = s.evaluation LEFT JOIN decision_response r ON r.address = s.address
WHERE e.workflow = $1 AND (e.created_at > $2 OR e.created_at = $2 AND e.token >= $3) AND (e.created_at < $4 OR e.created_at = $4 AND e.token <= $5)`
	selectCached        = `SELECT address FROM decision_source WHERE subject = $1 AND asked_at >= $2 AND status = 'executed' ORDER BY asked_at DESC LIMIT 1`
	insertResponse      = `INSERT INTO decision_response (address, sealed, created_at) VALUES ($1, $2, $3) ON CONFLICT (address) DO NOTHING`
	selectResponse      = `SELECT sealed FROM decision_response WHERE address = $1`
	deleteLostResponses = `DELETE FROM decision_response WHERE address = $1 AND NOT EXISTS (SELECT 1 FROM decision_source s WHERE s.address = decision_response.address)`

	insertVelocity = `INSERT INTO decision_velocity (evaluation, field, value, denied, created_at) VALUES ($1, $2, $3, $4, $5)`
	deleteVelocity = `DELETE FROM decision_velocity WHERE evaluation = $1`
	countVelocity  = `SELECT COUNT(*) FROM decision_velocity WHERE value = $1 AND created_at > $2 AND evaluation <> $3`
	countDenied    = `SELECT COUNT(*) FROM decision_velocity WHERE value = $1 AND created_at > $2 AND evaluation <> $3 AND denied`

	insertRequest = `INSERT INTO decision_request (id, evaluation, digest, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING`
	selectRequest = `SELECT evaluation, digest FROM decision_request WHERE id = $1`

	insertShadow = `INSERT INTO decision_shadow (evaluation, workflow, version, was, would, created_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (evaluation, version) DO UPDATE SET was = $4, would = $5`
	selectShadow  = `SELECT was, would, COUNT(*) FROM decision_shadow WHERE workflow = $1 AND version = $2 GROUP BY was, would ORDER BY was, would`
	deleteShadows = `DELETE FROM decision_shadow WHERE evaluation = $1`
)

package decision

const (
	insertWorkflow = `INSERT INTO decision_workflow (token, account, name, draft, live, shadow, latest, revision, created_at, updated_at)
VALUES ($1, $2, $3, $4, 0, 0, 0, 1, $5, $5)`
	selectWorkflow  = `SELECT token, account, name, draft, live, shadow, latest, revision, created_at, updated_at FROM decision_workflow WHERE token = $1 AND account = $2`
	selectWorkflows = `SELECT token, account, name, draft, live, shadow, latest, revision, created_at, updated_at FROM decision_workflow WHERE account = $1 ORDER BY token`
	updateWorkflow  = `UPDATE decision_workflow SET name = $3, draft = $4, live = $5, shadow = $6, latest = $7, revision = revision + 1, updated_at = $8
WHERE token = $1 AND revision = $2`

	insertVersion  = `INSERT INTO decision_version (workflow, n, hash, body, published_by, published_at, retired_at) VALUES ($1, $2, $3, $4, $5, $6, 0)`
	selectVersion  = `SELECT hash, body, published_by, published_at, retired_at FROM decision_version WHERE workflow = $1 AND n = $2`
	selectVersions = `SELECT n, hash, published_by, published_at, retired_at FROM decision_version WHERE workflow = $1 ORDER BY n`
	retireVersion  = `UPDATE decision_version SET retired_at = $3 WHERE workflow = $1 AND n = $2 AND retired_at = 0`
	reviveVersion  = `UPDATE decision_version SET retired_at = 0 WHERE workflow = $1 AND n = $2`
)

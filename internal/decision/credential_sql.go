package decision

const (
	upsertKey = `INSERT INTO decision_key (token_index, account, workflow, secret_index, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (token_index) DO UPDATE SET account = $2, workflow = $3, secret_index = $4`
	selectKey = `SELECT account, workflow, secret_index FROM decision_key WHERE token_index = $1`
	deleteKey = `DELETE FROM decision_key WHERE token_index = $1`
)

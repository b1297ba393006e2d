package decision

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/store"
)

const (
	selectHook = `SELECT sealed, types, enabled FROM decision_hook WHERE account = $1`
	upsertHook = `INSERT INTO decision_hook (account, sealed, types, enabled, updated_at) VALUES ($1, $2, $3, TRUE, $4)
ON CONFLICT (account) DO UPDATE SET sealed = $2, types = $3, enabled = TRUE, updated_at = $4`
	enableHook     = `UPDATE decision_hook SET enabled = TRUE, updated_at = $2 WHERE account = $1`
	disableHook    = `UPDATE decision_hook SET enabled = FALSE, updated_at = $2 WHERE account = $1 AND enabled = TRUE`
	deleteHook     = `DELETE FROM decision_hook WHERE account = $1`
	forgetFailures = `DELETE FROM decision_hook_failure WHERE account = $1`
	countFailure   = `INSERT INTO decision_hook_failure (account, n, at)
SELECT $1, COALESCE(MAX(n), 0) + 1, CAST($2 AS BIGINT) FROM decision_hook_failure WHERE account = $1 RETURNING n`
	trimFailures = `DELETE FROM decision_hook_failure WHERE account = $1 AND n <= $2`
	sumFailures  = `SELECT COUNT(*), COALESCE(MIN(at), 0) FROM decision_hook_failure WHERE account = $1`
)

// hook reads where an account is told; ErrNoRows if nowhere.
func (s *Hooks) hook(_ context.Context, row store.Row, account string) (hook, error) {
	h := hook{Account: account}
	var sealed, types string
	if err := row.Scan(&sealed, &types, &h.Enabled); err != nil {
		return h, err
	}
	if err := s.vault.OpenJSON(sealed, "hook:"+account, &h); err != nil {
		return h, err
	}
	if err := json.Unmarshal([]byte(types), &h.Types); err != nil {
		return h, fmt.Errorf("decision: webhook: %w", err)
	}
	return h, nil
}

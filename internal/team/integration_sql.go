package team

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

func writeIntegration(ctx context.Context, tx *store.Tx, clientID, processor string, on bool, now int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO team_integration (client_id, processor, enabled, changed_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (client_id, processor) DO UPDATE SET enabled = excluded.enabled, changed_at = excluded.changed_at`,
		clientID, processor, on, now)
	return err
}

// readIntegrations reads what a client has switched.
func readIntegrations(ctx context.Context, tx *store.Tx, clientID string) (map[string]Integration, error) {
	rows, err := tx.Query(ctx, `SELECT processor, enabled, changed_at FROM team_integration WHERE client_id = $1`, clientID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	switched := map[string]Integration{}
	for rows.Next() {
		var processor string
		var on bool
		var changed int64
		if err := rows.Scan(&processor, &on, &changed); err != nil {
			return nil, err
		}
		switched[processor] = Integration{On: on, Since: clock.FromMillis(changed)}
	}
	return switched, rows.Err()
}

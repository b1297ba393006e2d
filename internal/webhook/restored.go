package webhook

import (
	"context"
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/store"
)

// KeyTable is where the keys are: whoever empties a database may leave them.
const KeyTable = "webhook_key"

// Restored lets go, in tx, of what was in hand when the state was saved that has
// just taken the place of another: it is sent again.
func Restored(ctx context.Context, tx *store.Tx) error {
	for _, query := range []string{releaseAll, deleteNodes} {
		if _, err := tx.Exec(ctx, query); err != nil {
			return fmt.Errorf("webhook: %w", err)
		}
	}
	return nil
}

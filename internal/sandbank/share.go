package sandbank

import (
	"context"
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Share gives a further grant for the visit of a live one: of the same person, to
// the same accounts. Account numbers made for one grant alone are its own.
func (b *Bank) Share(ctx context.Context, g institution.Grant) (institution.Grant, error) {
	h, err := b.holding(ctx, g)
	if err != nil {
		return "", err
	}
	key := b.grantKey(g)
	var institutionID, status, sealed string
	if err := b.db.QueryRow(ctx, selectGrant, key).Scan(&institutionID, &status, &sealed); err != nil {
		return "", fmt.Errorf("sandbank: grant to share: %w", err)
	}
	if status != live { // it ended in this very moment
		return "", &institution.Failure{Reason: institution.LoginRequired}
	}
	var v visit
	if err := b.vault.OpenJSON(sealed, key, &v); err != nil {
		return "", fmt.Errorf("sandbank: grant to share: %w", err)
	}
	made, err := b.newGrant(h.institution, v, nil)
	if err != nil {
		return "", err
	}
	return made.grant, b.db.Write(ctx, func(tx *store.Tx) error { return made.store(ctx, tx) })
}

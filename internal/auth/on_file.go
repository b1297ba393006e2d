package auth

import (
	"context"
	"errors"

	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// OnFile are the account numbers that are known of an Item, by account_id. Nothing
// is asked for and nothing billed. A tokenized number is none that a document shows,
// and is left out.
func (a *Auth) OnFile(ctx context.Context, sn *item.Snapshot) (map[string][]string, error) {
	n, err := a.stored(ctx, sn.ID)
	if errors.Is(err, store.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for _, x := range n.ACH {
		if !x.IsTokenized {
			out[x.AccountID] = append(out[x.AccountID], x.Account)
		}
	}
	for _, x := range n.EFT {
		out[x.AccountID] = append(out[x.AccountID], x.Account)
	}
	for _, x := range n.BACS {
		out[x.AccountID] = append(out[x.AccountID], x.Account)
	}
	for _, x := range n.International {
		out[x.AccountID] = append(out[x.AccountID], x.IBAN)
	}
	return out, nil
}

package identity

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/identity/match"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Known says who holds the accounts of an Item that was made without a login, by
// their account numbers ("Identity Match for those known",
// plaid-server-api.md section 3.3). Accounts that nobody knows are left out.
type Known interface {
	Holders(ctx context.Context, sn *item.Snapshot) (map[string]institution.Owner, error)
}

// WithKnown lets /identity/match work with Items that were made without a login.
func (s *Identity) WithKnown(k Known) *Identity {
	s.known = k
	return s
}

// heldByNetwork is Held for an Item without a login. What the network does not know
// is not supported, and nothing is kept: it may know tomorrow.
func (s *Identity) heldByNetwork(ctx context.Context, sn *item.Snapshot) (map[string]match.Person, *item.Snapshot, error) {
	if s.known == nil {
		return nil, nil, plaid.ProductsNotSupported(matchProduct)
	}
	holders, err := s.known.Holders(ctx, sn)
	if err != nil {
		return nil, nil, err
	}
	if len(holders) == 0 {
		return nil, nil, plaid.ProductsNotSupported(matchProduct)
	}
	held := make(map[string]match.Person, len(holders))
	for id, h := range holders {
		held[id] = PersonOf(merge([]institution.Owner{h}))
	}
	return held, sn, nil
}

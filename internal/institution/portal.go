package institution

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/store"
)

// Portal is a bank whose people see in online banking which apps may read their
// accounts, take that back, and which then says so without being asked.
type Portal interface {
	// GrantID is what the bank calls a grant. It gives nothing away.
	GrantID(g Grant) string
	// Report says whom the bank tells. It is called before the bank is used.
	Report(h Holder)
	// Withdraw does what the person can do in online banking: it takes back access to
	// the account named by ref, or to all of them for "".
	Withdraw(ctx context.Context, g Grant, ref string) error
}

// Holder is who holds the grants of a Portal.
type Holder interface {
	// App names the app that uses a grant; "" for a grant that none uses (yet).
	App(ctx context.Context, grantID string) (string, error)
	// Withdrawn is part of the transaction in which a person takes back access to the
	// account named by ref, or to all of them for "".
	Withdrawn(ctx context.Context, tx *store.Tx, grantID, ref string) error
}

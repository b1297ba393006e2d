package sandbank

import (
	"context"
	"errors"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/store"
)

var _ institution.Portal = (*Bank)(nil)

// GrantID is what the bank calls a grant: the id of its row.
func (b *Bank) GrantID(g institution.Grant) string { return b.grantKey(g) }

// Report says who hears that a person took access back.
func (b *Bank) Report(h institution.Holder) { b.holder = h }

// Withdraw takes back access to one account, or to all of them for "".
func (b *Bank) Withdraw(ctx context.Context, g institution.Grant, ref string) error {
	return b.withdraw(ctx, b.grantKey(g), ref)
}

// errChanged reports that a grant was changed while it was looked at.
var errChanged = errors.New("sandbank: the grant has changed")

// withdraw changes the grant and tells its holder in one transaction. A grant whose
// last account goes ends whole.
func (b *Bank) withdraw(ctx context.Context, key, ref string) error {
	for {
		rest, err := b.without(ctx, key, ref)
		if err != nil {
			return err
		}
		err = b.db.Write(ctx, func(tx *store.Tx) error {
			b.holdings.Drop(tx, key)
			told := ref
			change := func() error { return tx.ExecOne(ctx, narrowGrant, rest.after, key, rest.before) }
			if rest.after == "" {
				told, change = "", func() error { return tx.ExecOne(ctx, withdrawGrant, key, rest.before) }
			}
			if err := change(); errors.Is(err, store.ErrNoRows) {
				return errChanged
			} else if err != nil {
				return err
			}
			if b.holder == nil {
				return nil
			}
			return b.holder.Withdrawn(ctx, tx, key, told)
		})
		if !errors.Is(err, errChanged) {
			return err
		}
	}
}

// narrowed is a grant's sealed visit before an account is taken from it, and after;
// "" after if nothing is left.
type narrowed struct{ before, after string }

// without takes an account from what a grant covers.
func (b *Bank) without(ctx context.Context, key, ref string) (n narrowed, err error) {
	g, err := b.readGrant(ctx, key)
	if err != nil || ref == "" {
		return narrowed{before: g.sealed}, err
	}
	g.visit.Accounts = nil
	found := false
	for _, a := range g.accounts {
		if a.Ref == ref {
			found = true
			continue
		}
		g.visit.Accounts = append(g.visit.Accounts, a.Ref)
	}
	switch {
	case !found:
		return n, &institution.Failure{Reason: institution.UnknownAccount}
	case len(g.visit.Accounts) == 0:
		return narrowed{before: g.sealed}, nil
	}
	after, err := b.vault.SealJSON(g.visit, key)
	return narrowed{g.sealed, after}, err
}

// givenGrant is a grant as the person who gave it sees it.
type givenGrant struct {
	key, sealed string
	institution institution.Institution
	expired     bool
	visit       visit
	accounts    []account
}

// readGrant finds a grant, live or expired.
func (b *Bank) readGrant(ctx context.Context, key string) (givenGrant, error) {
	g := givenGrant{key: key}
	var institutionID, status string
	err := b.db.QueryRow(ctx, selectGrant, key).Scan(&institutionID, &status, &g.sealed)
	if errors.Is(err, store.ErrNoRows) {
		return g, &institution.Failure{Reason: institution.AccessRevoked}
	}
	if err != nil {
		return g, err
	}
	g.expired = status == expired
	if err := b.vault.OpenJSON(g.sealed, key, &g.visit); err != nil {
		return g, err
	}
	if err := g.visit.parse(); err != nil {
		return g, err
	}
	g.institution, _ = b.institutions.Get(institutionID)
	g.accounts = b.covered(g.institution, g.visit)
	return g, nil
}

// covered are the accounts that a visit gave access to.
func (b *Bank) covered(in institution.Institution, v visit) []account {
	list := b.data.accounts(in, v)
	if len(v.Accounts) == 0 {
		return list
	}
	return slices.DeleteFunc(list, func(a account) bool { return !slices.Contains(v.Accounts, a.Ref) })
}

// personIndex is whose a grant is. Custom users share a login name and are told apart
// by their configuration.
func (b *Bank) personIndex(v visit) string {
	return b.vault.Index("sandbank_person", v.Username+"\x00"+v.Config)
}

// given lists the latest grants of a person.
func (b *Bank) given(ctx context.Context, v visit) (keys []string, err error) {
	rows, err := b.db.Query(ctx, selectGiven, b.personIndex(v), maxGiven)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, rows.Err()
}

// maxGiven is how many grants online banking lists: test people share their names, so
// that there may be many.
const maxGiven = 50

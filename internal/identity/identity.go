package identity

import (
	"cmp"
	"context"
	"errors"
	"reflect"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// product is the name of this room among the products of an Item.
const product = "identity"

// about is the webhook_type of this room.
const about = "IDENTITY"

// Identity is this room. Its methods are safe for concurrent use.
type Identity struct {
	db    *store.DB
	vault *vault.Vault
	clock *clock.Clock
	items *item.Items
	known Known // nil where nobody knows accounts without a login

	documents *documents // nil where nobody uploads documents
}

// New returns the room, and makes the removal of an Item delete its owners.
func New(db *store.DB, v *vault.Vault, c *clock.Clock, items *item.Items) *Identity {
	s := &Identity{db: db, vault: v, clock: c, items: items}
	items.OnRemove(s.forget)
	items.OnReselect(s.forget)
	return s
}

// share is one owner and the accounts that are his. The accounts of an Item
// mostly share one owner, who is then stored once.
type share struct {
	Accounts []string    `json:"accounts"`
	Owner    plaid.Owner `json:"owner"`
}

// Owners returns the owner of each account of an Item by the account's id. They
// are asked for once and then stored. The Snapshot returned is the Item as it is
// with the product.
func (s *Identity) Owners(ctx context.Context, sn *item.Snapshot) (map[string]plaid.Owner, *item.Snapshot, error) {
	return s.owners(ctx, sn, product)
}

// owners is Owners for a product, which becomes one of the Item; "" for none.
func (s *Identity) owners(ctx context.Context, sn *item.Snapshot, product string) (map[string]plaid.Owner, *item.Snapshot, error) {
	shares, err := s.stored(ctx, sn.ID)
	switch {
	case errors.Is(err, store.ErrNoRows):
		shares, sn, err = s.ask(ctx, sn, product)
	case err == nil && product != "" && !slices.Contains(sn.Billed, product):
		shares, sn, err = s.keep(ctx, sn, shares, product)
	}
	if err != nil {
		return nil, nil, err
	}
	owners := map[string]plaid.Owner{}
	for _, sh := range shares {
		for _, id := range sh.Accounts {
			owners[id] = sh.Owner
		}
	}
	return owners, sn, nil
}

// ask gets the owners from the bank.
func (s *Identity) ask(ctx context.Context, sn *item.Snapshot, product string) ([]share, *item.Snapshot, error) {
	bank, err := s.items.Bank(ctx, sn)
	if err != nil {
		return nil, nil, err
	}
	teller, ok := bank.Connector.(institution.Owners)
	if !ok {
		return nil, nil, plaid.ProductsNotSupported(cmp.Or(product, matchProduct))
	}
	refs := make([]string, len(sn.Accounts))
	for i := range sn.Accounts {
		refs[i] = sn.Accounts[i].Ref
	}
	told, err := teller.Owners(ctx, bank.Grant, refs)
	if err != nil {
		return nil, nil, s.items.ProductError(ctx, sn, about, err)
	}
	return s.keep(ctx, sn, shared(sn.Accounts, told), product)
}

// keep stores the owners and adds the product, if any, to the Item. When two calls ask at
// the same time the first to store wins, and both answer what was stored.
// item.ErrRenewed if the owners are those of an older login.
func (s *Identity) keep(ctx context.Context, sn *item.Snapshot, shares []share, product string) ([]share, *item.Snapshot, error) {
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.store(ctx, tx, sn.ID, shares); err != nil {
			return err
		}
		return s.items.Update(ctx, tx, sn.ID, func(it *item.Item) error {
			if err := sn.Current(it); err != nil {
				return err
			}
			if product != "" {
				item.AddProduct(it, product)
			}
			return nil
		})
	})
	if err != nil {
		return nil, nil, err
	}
	now, err := s.items.ByID(ctx, sn.ID)
	if err != nil {
		return nil, nil, err
	}
	if err := sn.Current(&now.Item); err != nil {
		return nil, nil, err
	}
	shares, err = s.stored(ctx, sn.ID)
	return shares, now, err
}

// shared puts accounts of the same owner together.
func shared(accounts []item.Account, told map[string][]institution.Owner) []share {
	var shares []share
	for i := range accounts {
		holders := told[accounts[i].Ref]
		if len(holders) == 0 {
			continue
		}
		owner := merge(holders)
		at := slices.IndexFunc(shares, func(sh share) bool { return reflect.DeepEqual(sh.Owner, owner) })
		if at < 0 {
			at = len(shares)
			shares = append(shares, share{Owner: owner})
		}
		shares[at].Accounts = append(shares[at].Accounts, accounts[i].ID)
	}
	return shares
}

// merge makes one owner of all holders of an account: "multiple owners on a
// single account will be represented in the same owner object" (schema Owner).
func merge(holders []institution.Owner) plaid.Owner {
	o := plaid.Owner{
		Names: []string{}, PhoneNumbers: []plaid.OwnerPhone{},
		Emails: []plaid.OwnerEmail{}, Addresses: []plaid.OwnerAddress{},
	}
	for _, h := range holders {
		for _, n := range h.Names {
			o.Names = once(o.Names, n)
		}
		for _, p := range h.Phones {
			o.PhoneNumbers = once(o.PhoneNumbers, plaid.OwnerPhone(p))
		}
		for _, e := range h.Emails {
			o.Emails = once(o.Emails, plaid.OwnerEmail(e))
		}
		for _, a := range h.Addresses {
			o.Addresses = once(o.Addresses, address(a))
		}
	}
	return o
}

// address has every key, null where the bank does not know a part.
func address(a institution.Address) plaid.OwnerAddress {
	return plaid.OwnerAddress{
		Primary: a.Primary,
		Data: plaid.OwnerAddressData{
			Street: a.Street, City: plaid.OrNull(a.City), Region: plaid.OrNull(a.Region),
			PostalCode: plaid.OrNull(a.PostalCode), Country: plaid.OrNull(a.Country),
		},
	}
}

// once appends v unless the list has an equal one.
func once[T any](list []T, v T) []T {
	if slices.ContainsFunc(list, func(x T) bool { return reflect.DeepEqual(x, v) }) {
		return list
	}
	return append(list, v)
}

package auth

import (
	"context"
	"errors"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// product is the name of this room among the products of an Item.
const product = "auth"

// InstantAuth is the auth_method of numbers that the bank itself handed out.
const InstantAuth = "INSTANT_AUTH"

// Auth is this room. Its methods are safe for concurrent use.
type Auth struct {
	db    *store.DB
	vault *vault.Vault
	clock *clock.Clock
	items *item.Items
	rails Sender              // nil where nothing can be paid
	jobs  *schedule.Scheduler // with rails
	ids   *clock.IDs          // with rails
	env   string              // with rails
	page  func(context.Context, *store.Tx, CodePage) (string, error)

	do Do // asks other endpoints, in the sandbox

	reach   Reacher             // nil where nothing can be paid within seconds
	score   NameScore           // with network
	network institution.Network // nil where nobody knows accounts without a login
}

// New returns the room, and makes the removal of an Item delete its numbers.
func New(db *store.DB, v *vault.Vault, c *clock.Clock, items *item.Items) *Auth {
	a := &Auth{db: db, vault: v, clock: c, items: items}
	items.OnRemove(a.forget)
	items.OnReselect(a.forget)
	return a
}

// Numbers are the account numbers of an Item (schema AuthGetNumbers).
type Numbers struct {
	ACH           []plaid.NumbersACH           `json:"ach"`
	BACS          []plaid.NumbersBACS          `json:"bacs"`
	EFT           []plaid.NumbersEFT           `json:"eft"`
	International []plaid.NumbersInternational `json:"international"`
}

// eligible are the depository subtypes that can have numbers: no deposit
// certificates, money market or health savings accounts (plaid-server-api.md
// section 7.1).
var eligible = map[string]bool{"checking": true, "savings": true, "cash management": true}

// Eligible reports whether an account can have numbers.
func Eligible(a *item.Account) bool {
	return a.Type == "depository" && eligible[a.Subtype] && a.Debitable
}

// Numbers returns the account numbers of an Item. They are asked for once and
// then stored, so that a tokenized number stays the same for the life of the
// Item. The Snapshot returned is the Item as it is with the numbers.
func (a *Auth) Numbers(ctx context.Context, sn *item.Snapshot) (*Numbers, *item.Snapshot, error) {
	n, err := a.stored(ctx, sn.ID)
	if errors.Is(err, store.ErrNoRows) && (sn.Connector == "" || isTyped(sn.AuthMethod)) {
		return nil, nil, plaid.NoAuthAccounts // they went with the account that they were typed for
	}
	if errors.Is(err, store.ErrNoRows) {
		return a.ask(ctx, sn)
	}
	if err != nil || slices.Contains(sn.Billed, product) {
		return n, sn, err
	}
	return a.keep(ctx, sn, n) // known from Link, called for the first time
}

// ask gets the numbers from the bank.
func (a *Auth) ask(ctx context.Context, sn *item.Snapshot) (*Numbers, *item.Snapshot, error) {
	bank, err := a.items.Bank(ctx, sn)
	if err != nil {
		return nil, nil, err
	}
	numberer, ok := bank.Connector.(institution.Numberer)
	if !ok {
		return nil, nil, plaid.ProductsNotSupported(product)
	}
	ids := map[string]string{}
	var refs []string
	for i := range sn.Accounts {
		if acc := &sn.Accounts[i]; Eligible(acc) {
			ids[acc.Ref] = acc.ID
			refs = append(refs, acc.Ref)
		}
	}
	if refs == nil {
		return nil, nil, plaid.NoAuthAccounts
	}
	told, err := numberer.Numbers(ctx, bank.Grant, refs)
	if err != nil {
		return nil, nil, a.items.ProductError(ctx, sn, about, err)
	}
	n := collect(told, refs, ids)
	if n.empty() {
		return nil, nil, plaid.NoAuthAccounts
	}
	return a.keep(ctx, sn, n)
}

// keep stores numbers and adds the product to the Item. When two calls ask at
// the same time the first to store wins, and both answer what was stored.
// item.ErrRenewed if the numbers are those of an older login.
func (a *Auth) keep(ctx context.Context, sn *item.Snapshot, n *Numbers) (*Numbers, *item.Snapshot, error) {
	err := a.db.Write(ctx, func(tx *store.Tx) error {
		if err := a.store(ctx, tx, sn.ID, n); err != nil {
			return err
		}
		return a.items.Update(ctx, tx, sn.ID, func(it *item.Item) error {
			if err := sn.Current(it); err != nil {
				return err
			}
			item.AddProduct(it, product)
			if it.AuthMethod == "" {
				it.AuthMethod = InstantAuth
			}
			return nil
		})
	})
	if err != nil {
		return nil, nil, err
	}
	now, err := a.items.ByID(ctx, sn.ID)
	if err != nil {
		return nil, nil, err
	}
	if err := sn.Current(&now.Item); err != nil {
		return nil, nil, err
	}
	n, err = a.stored(ctx, sn.ID)
	return n, now, err
}

// collect sorts what the bank told into the order of the Item's accounts and
// gives each number the account's id.
func collect(told []institution.Numbers, refs []string, ids map[string]string) *Numbers {
	byRef := make(map[string]institution.Numbers, len(told))
	for _, t := range told {
		byRef[t.Ref] = t
	}
	n := &Numbers{}
	for _, ref := range refs {
		t, id := byRef[ref], ids[ref]
		if x := t.ACH; x != nil {
			n.ACH = append(n.ACH, plaid.NumbersACH{
				AccountID: id, Account: x.Account, Routing: x.Routing, WireRouting: plaid.OrNull(x.WireRouting), IsTokenized: x.Tokenized,
			})
		}
		if x := t.EFT; x != nil {
			n.EFT = append(n.EFT, plaid.NumbersEFT{AccountID: id, Account: x.Account, Institution: x.Institution, Branch: x.Branch})
		}
		if x := t.International; x != nil {
			n.International = append(n.International, plaid.NumbersInternational{AccountID: id, IBAN: x.IBAN, BIC: x.BIC})
		}
		if x := t.BACS; x != nil {
			n.BACS = append(n.BACS, plaid.NumbersBACS{AccountID: id, Account: x.Account, SortCode: x.SortCode})
		}
	}
	return n
}

func (n *Numbers) empty() bool {
	return len(n.ACH)+len(n.EFT)+len(n.International)+len(n.BACS) == 0
}

// has reports whether there is a number for an account.
func (n *Numbers) has(id string) bool {
	return slices.ContainsFunc(n.ACH, func(x plaid.NumbersACH) bool { return x.AccountID == id }) ||
		slices.ContainsFunc(n.EFT, func(x plaid.NumbersEFT) bool { return x.AccountID == id }) ||
		slices.ContainsFunc(n.International, func(x plaid.NumbersInternational) bool { return x.AccountID == id }) ||
		slices.ContainsFunc(n.BACS, func(x plaid.NumbersBACS) bool { return x.AccountID == id })
}

// of returns the numbers of some accounts.
func (n *Numbers) of(wanted map[string]bool) Numbers {
	var out Numbers
	for _, x := range n.ACH {
		if wanted[x.AccountID] {
			out.ACH = append(out.ACH, x)
		}
	}
	for _, x := range n.EFT {
		if wanted[x.AccountID] {
			out.EFT = append(out.EFT, x)
		}
	}
	for _, x := range n.International {
		if wanted[x.AccountID] {
			out.International = append(out.International, x)
		}
	}
	for _, x := range n.BACS {
		if wanted[x.AccountID] {
			out.BACS = append(out.BACS, x)
		}
	}
	return out
}

package item

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// renewal is what a person brings back to an Item in update mode.
type renewal struct {
	ItemID    string
	Grant     institution.Grant     // "" for consent alone: the login stays
	Accounts  []institution.Account // behind the grant
	Picked    []string              // refs of those to share, if the person chose anew
	Reselects bool
	Consented []string // products that the person agreed to share besides
	UseCases  []string // what they were told the data is for besides
}

// renew changes an Item inside tx: the new login in place of the old, which is
// returned for whoever gives it back at the bank; the accounts as the person wants
// them; no error; and its time begun anew. What the Item is known by stays: its
// id, its tokens, and the ids of accounts that it keeps. plaid.ItemNotFound if the
// Item was removed.
func (s *Items) renew(ctx context.Context, tx *store.Tx, r renewal) (sn *Snapshot, old institution.Grant, err error) {
	var it Item
	err = s.Update(ctx, tx, r.ItemID, func(now *Item) error {
		now.Consented = sorted(now.Consented, r.Consented)
		now.UseCases = append(slices.Clone(now.UseCases), r.UseCases...)
		if r.Grant != "" {
			now.ErrorCode, now.LoginUntil = "", time.Time{}
			now.Logins++
			if s.env == sandbox {
				now.LoginUntil = s.clock.Now().Add(sandboxLogin)
			}
		}
		it = *now
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	var sealed, listed string
	if err := tx.QueryRow(ctx, selectLogin, it.ID).Scan(&it.Connector, &sealed, &listed); err != nil {
		return nil, "", err
	}
	var all []Account
	if err := s.vault.OpenJSON(listed, sealedAccounts+it.ID, &all); err != nil {
		return nil, "", err
	}
	if r.Grant == "" {
		return s.snapshot(it, all), "", nil
	}
	if err := errors.Join(s.jobs.Cancel(ctx, tx, loginJob, it.ID), s.watchLogin(ctx, tx, &it)); err != nil {
		return nil, "", err
	}
	if old, err = s.openGrant(sealed, it.ID); err != nil {
		return nil, "", err
	}
	before := s.snapshot(it, all)
	if all, _ = s.merge(before, r.Accounts); r.Reselects {
		all = s.reselected(all, r)
		if err := s.reselectedHooks(ctx, tx, before, all); err != nil {
			return nil, "", err
		}
	}
	if sealed, err = s.seal(string(r.Grant), sealedGrant+it.ID); err != nil {
		return nil, "", err
	}
	if listed, err = s.vault.SealJSON(all, sealedAccounts+it.ID); err != nil {
		return nil, "", err
	}
	if _, err := tx.Exec(ctx, saveLogin, sealed, listed, it.ID); err != nil {
		return nil, "", err
	}
	_, err = tx.Exec(ctx, saveGrantID, s.grantID(it.Connector, r.Grant), it.ID)
	return s.snapshot(it, all), old, err
}

// reselected are the accounts that the person has picked, in the order of the
// bank. Those that the Item had keep their ids; the others get one. Of accounts
// that were let go nothing is kept, so one that comes back later is a new one.
func (s *Items) reselected(had []Account, r renewal) []Account {
	var list []Account
	for _, b := range r.Accounts {
		if !slices.Contains(r.Picked, b.Ref) {
			continue
		}
		i := slices.IndexFunc(had, func(a Account) bool { return a.Ref == b.Ref })
		if i >= 0 {
			list = append(list, had[i])
			continue
		}
		a := Account{ID: s.ids.ID()}
		a.take(b, s.clock.Now())
		list = append(list, a)
	}
	return list
}

// reselectedHooks tells the other rooms if the accounts are no longer the same.
func (s *Items) reselectedHooks(ctx context.Context, tx *store.Tx, before *Snapshot, all []Account) error {
	same := len(before.Accounts) == len(all)
	for i := range before.Accounts {
		same = same && slices.ContainsFunc(all, func(a Account) bool { return a.ID == before.Accounts[i].ID })
	}
	if same {
		return nil
	}
	return s.tellReselected(ctx, tx, before.ID)
}

func (s *Items) tellReselected(ctx context.Context, tx *store.Tx, itemID string) error {
	s.mu.Lock()
	hooks := s.reselect
	s.mu.Unlock()
	for _, f := range hooks {
		if err := f(ctx, tx, itemID); err != nil {
			return err
		}
	}
	return nil
}

// grantOf is the present grant of an Item; plaid.ItemNotFound if it was removed.
func (s *Items) grantOf(ctx context.Context, itemID string) (institution.Grant, error) {
	sn, err := s.ByID(ctx, itemID)
	if err != nil {
		return "", err
	}
	bank, err := s.Bank(ctx, sn)
	return bank.Grant, err
}

package item

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// refresh asks the bank for the Item's accounts and stores what has changed. An
// account that the bank no longer lists is closed; one that the person did not
// share stays unknown.
func (s *Items) refresh(ctx context.Context, sn *Snapshot) (*Snapshot, error) {
	bank, err := s.Bank(ctx, sn)
	if err != nil {
		return nil, err
	}
	listed, err := bank.Connector.Accounts(ctx, bank.Grant)
	if err != nil {
		return nil, s.BankError(ctx, sn, err)
	}
	all, changed := s.merge(sn, listed)
	if changed {
		if err := s.storeAccounts(ctx, sn, all); err != nil {
			return nil, err
		}
	}
	fresh := s.snapshot(sn.Item, all)
	if len(fresh.Accounts) == 0 {
		return nil, plaid.NoAccounts
	}
	return fresh, nil
}

// merge puts what the bank lists now into the accounts of the Item.
func (s *Items) merge(sn *Snapshot, listed []institution.Account) (all []Account, changed bool) {
	byRef := make(map[string]institution.Account, len(listed))
	for _, b := range listed {
		byRef[b.Ref] = b
	}
	now := s.clock.Now()
	all = make([]Account, 0, len(sn.Accounts)+len(sn.closed))
	all = append(append(all, sn.Accounts...), sn.closed...)
	for i := range all {
		was := all[i]
		if b, ok := byRef[was.Ref]; ok {
			all[i].take(b, now)
		} else {
			all[i].Closed = true
		}
		// Only Capital One shows when a balance was told, so elsewhere the time
		// alone is not worth a write.
		changed = changed || !all[i].same(&was) || sn.InstitutionID == capitalOne && all[i].UpdatedAt != was.UpdatedAt
	}
	return all, changed
}

// storeAccounts keeps the accounts unless the Item has changed since sn was
// read: then somebody else's news are as good as ours.
func (s *Items) storeAccounts(ctx context.Context, sn *Snapshot, all []Account) error {
	sealed, err := s.vault.SealJSON(all, sealedAccounts+sn.ID)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, saveAccounts, sealed, sn.ID, sn.revision); err != nil {
			return err
		}
		s.Changed(tx, sn.ID)
		return nil
	})
}

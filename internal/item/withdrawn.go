package item

import (
	"context"
	"errors"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// holder hears from the banks that a person took access back there.
type holder struct{ *Items }

var _ institution.Holder = holder{}

// grantID is what a bank calls a grant when it tells of it; "" where it tells nothing.
func (s *Items) grantID(connector string, g institution.Grant) string {
	if p, ok := s.connectors[connector].(institution.Portal); ok && g != "" {
		return p.GrantID(g)
	}
	return ""
}

// App is the name of the client whose Item has the grant.
func (h holder) App(ctx context.Context, grantID string) (string, error) {
	var itemID, clientID string
	err := h.db.QueryRow(ctx, selectHolder, grantID).Scan(&itemID, &clientID)
	if errors.Is(err, store.ErrNoRows) {
		return "", nil
	}
	if err != nil || h.teams == nil {
		return clientID, err
	}
	c, err := h.teams.Client(ctx, clientID)
	if err != nil {
		return "", err
	}
	return c.Name, nil
}

// Withdrawn is told to the Item's webhook: USER_ACCOUNT_REVOKED for an account that
// the Item has, which is closed then, and USER_PERMISSION_REVOKED for the whole, which
// is the Item's error from then on. A grant without an Item is nobody's news.
func (h holder) Withdrawn(ctx context.Context, tx *store.Tx, grantID, ref string) error {
	var itemID, clientID string
	err := tx.QueryRow(ctx, selectHolder, grantID).Scan(&itemID, &clientID)
	if errors.Is(err, store.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	if ref != "" {
		return h.accountWithdrawn(ctx, tx, itemID, ref)
	}
	return h.Update(ctx, tx, itemID, func(it *Item) error {
		it.ErrorCode = plaid.UserPermissionRevoked.Code
		return nil
	})
}

// accountWithdrawn closes an account and tells so. One that the Item does not share
// changes nothing.
func (s *Items) accountWithdrawn(ctx context.Context, tx *store.Tx, itemID, ref string) error {
	var connector, grant, listed string
	var all []Account
	closed := false
	err := s.Update(ctx, tx, itemID, func(it *Item) error {
		if err := tx.QueryRow(ctx, selectLogin, itemID).Scan(&connector, &grant, &listed); err != nil {
			return err
		}
		if err := s.vault.OpenJSON(listed, sealedAccounts+itemID, &all); err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(a Account) bool { return a.Ref == ref && !a.Closed })
		if i >= 0 {
			all[i].Closed, closed = true, true
			it.Tell(aboutItem, noticeAccountRevoked, Said{"account_id": all[i].ID})
		}
		return nil
	})
	if err != nil || !closed {
		return err
	}
	if listed, err = s.vault.SealJSON(all, sealedAccounts+itemID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, saveLogin, grant, listed, itemID); err != nil {
		return err
	}
	return s.tellReselected(ctx, tx, itemID)
}

// Shared lists the ids of the accounts that an Item shares, as tx sees them.
func (s *Items) Shared(ctx context.Context, tx *store.Tx, itemID string) ([]string, error) {
	var connector, grant, listed string
	if err := tx.QueryRow(ctx, selectLogin, itemID).Scan(&connector, &grant, &listed); err != nil {
		return nil, err
	}
	var all []Account
	if err := s.vault.OpenJSON(listed, sealedAccounts+itemID, &all); err != nil {
		return nil, err
	}
	var ids []string
	for i := range all {
		if !all[i].Closed {
			ids = append(ids, all[i].ID)
		}
	}
	return ids, nil
}

type revokeAccessRequest struct {
	AccessToken string `json:"access_token" required:"true"`
	// AccountID is the account to take back; all of them without it.
	AccountID string `json:"account_id"`
}

type revokeAccessResponse struct {
	Revoked bool `json:"revoked"`
}

// revokeAccess does what the person can do on the bank's page of apps with access.
func (s *Items) revokeAccess(ctx context.Context, call api.Call, in revokeAccessRequest) (out revokeAccessResponse, err error) {
	sn, err := s.ByAccessToken(ctx, call, in.AccessToken)
	if err != nil {
		return out, err
	}
	if sn.Connector == "" {
		return out, plaid.NotSupported("taking back access for an Item without a login at an institution")
	}
	ref := ""
	if in.AccountID != "" {
		if !plaid.AccountIDOK(in.AccountID) {
			return out, plaid.InvalidField("account_id must be a valid account ID")
		}
		picked, err := sn.Pick([]string{in.AccountID})
		if err != nil {
			return out, err
		}
		ref = picked[0].Ref
	}
	bank, err := s.Bank(ctx, sn)
	if err != nil {
		return out, err
	}
	p, ok := bank.Connector.(institution.Portal)
	if !ok {
		return out, plaid.NotSupported("taking back access at this institution")
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, fillGrantID, p.GrantID(bank.Grant), sn.ID)
		return err
	})
	if err != nil {
		return out, err
	}
	err = p.Withdraw(ctx, bank.Grant, ref)
	return revokeAccessResponse{err == nil}, institution.AsPlaid(err)
}

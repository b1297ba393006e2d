package item

import (
	"context"
	"errors"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Verification is the verification_status of an account (plaid-server-api.md
// section 7.4), "" where no deposit was needed.
type Verification string

// The values that an account can have so far.
const (
	PendingAutomatic      Verification = "pending_automatic_verification"
	AutomaticallyVerified Verification = "automatically_verified"
	VerificationExpired   Verification = "verification_expired"
	PendingManual         Verification = "pending_manual_verification"
	ManuallyVerified      Verification = "manually_verified"
	VerificationFailed    Verification = "verification_failed"

	// What Database Auth says. Its numbers are handed out with whatever it says, and
	// the client decides. InsightsPending is for Link's callbacks alone: the network
	// did not answer, and is asked again when the numbers are.
	InsightsPass    Verification = "database_insights_pass"
	InsightsCaution Verification = "database_insights_pass_with_caution"
	InsightsFail    Verification = "database_insights_fail"
	InsightsPending Verification = "database_insights_pending"
	DatabaseMatched Verification = "database_matched"
)

// Verified reports whether the numbers of the account may be handed out.
func (v Verification) Verified() bool {
	switch v {
	case "", AutomaticallyVerified, ManuallyVerified, InsightsPass, InsightsCaution, InsightsFail, InsightsPending, DatabaseMatched:
		return true
	}
	return false
}

// ByCode reports whether the account is, or was to be, verified by a code that a
// person reads in the description of a deposit.
func (v Verification) ByCode() bool {
	return v == PendingManual || v == ManuallyVerified || v == VerificationFailed
}

// told is the status as the API answers it.
func (v Verification) told() string {
	if v == InsightsPending {
		return ""
	}
	return string(v)
}

// SetVerification moves an account from one verification_status to another inside
// tx; false if the Item is gone, or the account is not there or not at from.
func (s *Items) SetVerification(ctx context.Context, tx *store.Tx, itemID, accountID string, from, to Verification) (bool, error) {
	return s.setVerification(ctx, tx, itemID, accountID, from, to, nil)
}

// SetInsights is SetVerification for an account about which a network has answered.
func (s *Items) SetInsights(ctx context.Context, tx *store.Tx, itemID, accountID string, to Verification, in plaid.VerificationInsights) (bool, error) {
	return s.setVerification(ctx, tx, itemID, accountID, InsightsPending, to, &in)
}

func (s *Items) setVerification(ctx context.Context, tx *store.Tx, itemID, accountID string, from, to Verification, in *plaid.VerificationInsights) (bool, error) {
	err := s.Update(ctx, tx, itemID, func(*Item) error { return nil }) // locks the row
	if errors.Is(err, plaid.ItemNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var connector, grant, listed string
	if err := tx.QueryRow(ctx, selectLogin, itemID).Scan(&connector, &grant, &listed); err != nil {
		return false, err
	}
	var all []Account
	if err := s.vault.OpenJSON(listed, sealedAccounts+itemID, &all); err != nil {
		return false, err
	}
	moved := false
	for i := range all {
		if a := &all[i]; a.ID == accountID && a.Verification == from {
			a.Verification, moved = to, true
			if in != nil {
				a.Insights = in
			}
		}
	}
	if !moved {
		return false, nil
	}
	if listed, err = s.vault.SealJSON(all, sealedAccounts+itemID); err != nil {
		return false, err
	}
	_, err = tx.Exec(ctx, saveLogin, grant, listed, itemID)
	return true, err
}

// opened gives the accounts of a new Item their ids.
func (s *Items) opened(n NewItem) []Account {
	accounts := make([]Account, len(n.Accounts))
	for i, b := range n.Accounts {
		accounts[i] = s.opensAs(b)
		if n.AccountID != "" {
			accounts[i].ID = n.AccountID
		}
		accounts[i].Verification, accounts[i].VerifiedName, accounts[i].Insights = n.Verification, n.VerifiedName, n.Insights
	}
	return accounts
}

func (s *Items) opensAs(b institution.Account) Account {
	a := Account{ID: s.ids.ID()}
	a.take(b, s.clock.Now())
	return a
}

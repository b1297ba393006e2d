package item

import (
	"slices"
	"time"

	"golang.org/x/text/currency"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Account is one account of an Item as the bank last told it. ID is ours and
// belongs to this Item alone; Ref is the bank's own key.
type Account struct {
	ID             string         `json:"id"`
	Ref            string         `json:"ref"`
	Name           string         `json:"name"`
	OfficialName   string         `json:"official,omitempty"`
	Mask           string         `json:"mask,omitempty"`
	Type           string         `json:"type"`
	Subtype        string         `json:"subtype,omitempty"`
	Currency       string         `json:"currency,omitempty"`
	HolderCategory string         `json:"holder,omitempty"`
	PersistentID   string         `json:"persistent,omitempty"`
	Available      *plaid.Decimal `json:"available,omitempty"`
	Current        *plaid.Decimal `json:"current,omitempty"`
	Limit          *plaid.Decimal `json:"limit,omitempty"`
	Debitable      bool           `json:"debitable,omitempty"`
	Closed         bool           `json:"closed,omitempty"` // the bank no longer lists it
	Verification   Verification   `json:"verification,omitempty"`
	VerifiedName   string         `json:"verified_name,omitempty"` // of the holder, for whom it was verified
	// Insights are what a network knows of the numbers, nil without Database Auth.
	Insights  *plaid.VerificationInsights `json:"insights,omitempty"`
	UpdatedAt int64                       `json:"updated"` // Unix ms, when the balances were known to be true

	// Object is the account as the API answers it.
	Object plaid.Account `json:"-"`
}

// capitalOne is the one institution whose balances carry the time they were
// last updated, and whose cards and loans have no balance of the moment
// (schema AccountBalance, AccountsBalanceGetRequestOptions).
const capitalOne = "ins_128026"

// take fills in what the bank says now.
func (a *Account) take(b institution.Account, now time.Time) {
	a.Ref, a.Name, a.OfficialName, a.Mask = b.Ref, b.Name, b.OfficialName, b.Mask
	a.Type, a.Subtype, a.Currency = b.Type, b.Subtype, b.Currency
	a.HolderCategory, a.PersistentID, a.Debitable = b.HolderCategory, b.PersistentID, b.Debitable
	a.Available, a.Current, a.Limit = b.Available, b.Current, b.Limit
	a.UpdatedAt, a.Closed = now.UnixMilli(), false
	if !b.BalancesAt.IsZero() {
		a.UpdatedAt = b.BalancesAt.UnixMilli()
	}
}

// same reports whether two accounts differ in nothing but the time they were
// told.
func (a *Account) same(b *Account) bool {
	x, y := *a, *b
	x.UpdatedAt, x.Object, x.Available, x.Current, x.Limit = 0, plaid.Account{}, nil, nil, nil
	y.UpdatedAt, y.Object, y.Available, y.Current, y.Limit = 0, plaid.Account{}, nil, nil, nil
	return x == y && equal(a.Available, b.Available) && equal(a.Current, b.Current) && equal(a.Limit, b.Limit)
}

func equal(a, b *plaid.Decimal) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// render builds Object.
func (a *Account) render(institutionID string) {
	o := plaid.Account{
		AccountID: a.ID,
		Balances:  plaid.Balances{Available: a.Available, Current: a.Current, Limit: a.Limit},
		Mask:      plaid.OrNull(a.Mask), Name: a.Name, OfficialName: plaid.OrNull(a.OfficialName),
		Type: a.Type, Subtype: plaid.OrNull(a.Subtype),
		HolderCategory: a.HolderCategory, PersistentAccountID: a.PersistentID,
		VerificationStatus: a.Verification.told(), VerificationName: a.VerifiedName, VerificationInsights: a.Insights,
	}
	if _, err := currency.ParseISO(a.Currency); err == nil {
		o.Balances.IsoCurrencyCode = plaid.OrNull(a.Currency)
	} else {
		o.Balances.UnofficialCurrencyCode = plaid.OrNull(a.Currency)
	}
	if institutionID == capitalOne {
		o.Balances.LastUpdatedDatetime = time.UnixMilli(a.UpdatedAt).UTC().Format(time.RFC3339)
	}
	a.Object = o
}

// badAccountIDs is the message of every list of account ids that cannot be one
// (plaid-server-api.md section 3.1).
var badAccountIDs = plaid.InvalidField("options.account_ids must be a non-empty array of valid account ids")

// maxAccountIDs bounds a list of ids, which may name an account more than once. No
// Item has so many accounts.
const maxAccountIDs = 500

var tooManyAccountIDs = plaid.InvalidField("options.account_ids must have at most 500 entries")

// Pick returns the accounts with these ids, each once and in the order of the
// Item; all of them when ids is nil.
func (sn *Snapshot) Pick(ids []string) ([]Account, error) {
	if ids == nil {
		return sn.Accounts, nil
	}
	if len(ids) == 0 {
		return nil, badAccountIDs
	}
	if len(ids) > maxAccountIDs {
		return nil, tooManyAccountIDs
	}
	for _, id := range ids {
		if !plaid.AccountIDOK(id) {
			return nil, badAccountIDs
		}
	}
	var picked []Account
	for i := range sn.Accounts {
		if slices.Contains(ids, sn.Accounts[i].ID) {
			picked = append(picked, sn.Accounts[i])
		}
	}
	if len(picked) < len(sorted(ids)) {
		return nil, plaid.InvalidAccountID
	}
	return picked, nil
}

// Objects are accounts as the API answers them.
func Objects(accounts []Account) []plaid.Account {
	out := make([]plaid.Account, len(accounts))
	for i := range accounts {
		out[i] = accounts[i].Object
	}
	return out
}

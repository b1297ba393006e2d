package auth

import (
	"context"
	"crypto/subtle"
	"errors"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/rail"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// maxCodes is how many codes may be tried, in all sessions together (link-web.md
// section 4.6).
const maxCodes = 3

// tryCode looks whether a code is that of the Item's deposit, and changes what
// follows from it: the account is verified, or after too many wrong ones locked for
// good. key names the request, so that one that comes twice counts once. The deposit
// that is answered says how it stands now; ok that the account is verified.
// plaid.ItemNotFound if the Item is gone.
func (a *Auth) tryCode(ctx context.Context, itemID, key, code string, byText bool) (d deposit, ok bool, err error) {
	err = a.db.Write(ctx, func(tx *store.Tx) error {
		d, ok, err = a.tryOnce(ctx, tx, itemID, key, code, byText)
		return err
	})
	return d, ok, err
}

func (a *Auth) tryOnce(ctx context.Context, tx *store.Tx, itemID, key, code string, byText bool) (d deposit, ok bool, err error) {
	if d, err = a.lockDeposit(ctx, tx, itemID); err != nil {
		return d, false, err
	}
	ok = same(code, d.sealed.Code)
	switch {
	case d.State == proven:
		return d, true, nil // another tab was faster: nothing is left to find out
	case d.State != waiting:
		return d, false, nil
	case d.LastTry == key:
		return d, false, nil // a right one would have verified the account
	case ok:
		return a.judged(ctx, tx, d, key, proven, item.ManuallyVerified, byText)
	case d.Attempts+1 < maxCodes:
		return a.judged(ctx, tx, d, key, waiting, "", byText)
	}
	return a.judged(ctx, tx, d, key, locked, item.VerificationFailed, byText)
}

// judged keeps what a try has come to.
func (a *Auth) judged(ctx context.Context, tx *store.Tx, d deposit, key string, state depositState, to item.Verification, byText bool) (deposit, bool, error) {
	d.State, d.LastTry = state, key
	d.Attempts++
	if err := tx.ExecOne(ctx, updateDeposit, d.State, d.Attempts, d.LastTry, d.ItemID); err != nil {
		return d, false, err
	}
	if to == "" {
		return d, false, nil
	}
	return d, state == proven, a.verdict(ctx, tx, d, to, byText)
}

// verdict gives the account the verification_status that a deposit has led to. Who
// asked for a message about it hears of the end by webhook, as documented.
func (a *Auth) verdict(ctx context.Context, tx *store.Tx, d deposit, to item.Verification, byText bool) error {
	if _, err := a.items.SetVerification(ctx, tx, d.ItemID, d.AccountID, item.PendingManual, to); err != nil || !byText {
		return err
	}
	return a.notifyText(ctx, tx, d.ItemID, d.AccountID, to)
}

// same compares codes, whatever the case of their letters.
func same(a, b string) bool {
	return subtle.ConstantTimeCompare([]byte(strings.ToUpper(a)), []byte(strings.ToUpper(b))) == 1
}

const (
	lockDeposit = `UPDATE auth_deposit SET attempts = attempts WHERE item_id = $1
 RETURNING item_id, account_id, payment_id, state, attempts, last_try, sealed`
	updateDeposit = `UPDATE auth_deposit SET state = $1, attempts = $2, last_try = $3 WHERE item_id = $4`
)

// lockDeposit reads the deposit of an Item for a change inside tx. The Item's row is
// locked first, as everywhere.
func (a *Auth) lockDeposit(ctx context.Context, tx *store.Tx, itemID string) (deposit, error) {
	if err := a.items.Update(ctx, tx, itemID, func(*item.Item) error { return nil }); err != nil {
		return deposit{}, err
	}
	d, err := a.depositBy(ctx, tx, lockDeposit, itemID)
	if errors.Is(err, store.ErrNoRows) {
		err = plaid.ItemNotFound
	}
	return d, err
}

// Paid is told of each change of a payment, in its transaction: a deposit that comes
// back ends the verification of its account, and one that has arrived is told to
// whoever asked for a message.
func (a *Auth) Paid(ctx context.Context, tx *store.Tx, p rail.Payment, e rail.Event) error {
	d, err := a.depositBy(ctx, tx, depositOfPayment, p.ID)
	if errors.Is(err, store.ErrNoRows) {
		return nil // of another way, or its Item was removed
	}
	if err != nil {
		return err
	}
	back := e.Type == rail.EventReversed || e.Type == rail.EventFailed
	if !back && (e.Type != rail.EventPosted || d.sealed.Phone == "") {
		return nil
	}
	if d, err = a.lockDeposit(ctx, tx, d.ItemID); errors.Is(err, plaid.ItemNotFound) {
		return nil
	}
	if err != nil || d.State != waiting {
		return err
	}
	if !back {
		return a.text(ctx, tx, d)
	}
	d.State = returned
	if err := tx.ExecOne(ctx, updateDeposit, d.State, d.Attempts, d.LastTry, d.ItemID); err != nil {
		return err
	}
	return a.verdict(ctx, tx, d, item.VerificationFailed, d.sealed.Phone != "")
}

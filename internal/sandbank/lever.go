package sandbank

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/glencheck-dev/glencheck/internal/rail/iso20022"
	"github.com/glencheck-dev/glencheck/internal/rail/nacha"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// AccountState is how an account meets a deposit. An account takes deposits
// unless a test says otherwise: the simulated bank keeps every account number.
type AccountState string

// The states of an account, with the ACH return code and the ISO 20022 reason
// that each gives.
const (
	AccountOpen    AccountState = "open"
	AccountClosed  AccountState = "closed"  // R02, AC07
	AccountUnknown AccountState = "unknown" // R03, AC03
	AccountInvalid AccountState = "invalid" // R04, AC03
	AccountFrozen  AccountState = "frozen"  // R16, AC06
	AccountMoved   AccountState = "moved"   // takes the deposit, and asks for another number next time (C01)
)

// Returning is the state of an account that returns deposits with an ACH return
// code of the rules; "" for a code that they do not have.
func Returning(code string) AccountState {
	if nacha.ReturnWords(code) == "" {
		return ""
	}
	return AccountState(code)
}

// railsDown is the state of the bank's rails while they take no files.
const railsDown = "down"

var codes = map[AccountState]struct{ ach, iso string }{
	AccountClosed: {"R02", "AC07"}, AccountUnknown: {"R03", "AC03"}, AccountInvalid: {"R04", "AC03"}, AccountFrozen: {"R16", "AC06"},
}

// lever is what a test has set for an account or, without one, for the rails.
type lever struct {
	State     string
	Delay     time.Duration // before a deposit is on the account and is answered
	Corrected string        // the number to use instead, with AccountMoved
}

func (l lever) refuses() bool { return l.returnCode() != "" }

// returnCode is the code that the statement shows, "" for a deposit that is taken.
func (l lever) returnCode() string {
	if c, ok := codes[AccountState(l.State)]; ok {
		return c.ach
	}
	return string(Returning(l.State))
}

// reason is what an instant transfer is rejected with.
func (l lever) reason() string {
	for _, c := range codes {
		if c.ach == l.returnCode() {
			return c.iso
		}
	}
	return iso20022.ReasonNotAllowed
}

// queryer is a database or a transaction of it.
type queryer interface {
	QueryRow(ctx context.Context, query string, args ...any) store.Row
}

// lever reads what is set for an account number; "" is the rails.
func (b *Bank) lever(ctx context.Context, q queryer, number string) (lever, error) {
	return b.leverAt(ctx, q, b.leverIndex(number))
}

// leverAt reads what is set under an index.
func (b *Bank) leverAt(ctx context.Context, q queryer, index string) (lever, error) {
	var l lever
	var delay int64
	var sealed string
	err := q.QueryRow(ctx, selectLever, index).Scan(&l.State, &delay, &sealed)
	if errors.Is(err, store.ErrNoRows) {
		return l, nil
	}
	if err != nil {
		return l, fmt.Errorf("sandbank: lever: %w", err)
	}
	l.Delay = time.Duration(delay) * time.Millisecond
	if sealed != "" {
		var text []byte
		text, err = b.vault.Open(sealed, "sandbank_lever:"+index)
		l.Corrected = string(text)
	}
	return l, err
}

func (b *Bank) leverIndex(number string) string {
	if number == "" {
		return ""
	}
	return b.accountIndex(number)
}

// SetAccount decides how an account number meets the deposits that come from now
// on. delay holds them and their answers back; corrected is for AccountMoved.
func (b *Bank) SetAccount(ctx context.Context, number string, state AccountState, delay time.Duration, corrected string) error {
	return b.setLever(ctx, b.leverIndex(number), lever{string(state), delay, corrected})
}

// SetRails takes the bank's rails down or up, and makes them slow.
func (b *Bank) SetRails(ctx context.Context, down bool, delay time.Duration) error {
	l := lever{Delay: delay}
	if down {
		l.State = railsDown
	}
	return b.setLever(ctx, "", l)
}

func (b *Bank) setLever(ctx context.Context, index string, l lever) error {
	sealed := ""
	if l.Corrected != "" {
		var err error
		if sealed, err = b.vault.Seal([]byte(l.Corrected), "sandbank_lever:"+index); err != nil {
			return err
		}
	}
	return b.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, saveLever, index, l.State, l.Delay.Milliseconds(), sealed)
		return err
	})
}

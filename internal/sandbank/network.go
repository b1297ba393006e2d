package sandbank

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/store"
)

var _ institution.Network = (*Bank)(nil)

// listed is an account number that the network knows from the data file. One
// without owners is only of the right format.
type listed struct {
	Account string   `json:"account"`
	Routing string   `json:"routing"`
	Owners  []string `json:"owners"`
}

// networkLever is where the lever of the network is kept: it is no blind index.
const networkLever = "network"

// The return codes that tell of the account and not of the payment. Administrative
// is what Nacha calls the first three.
var (
	administrative = []string{"R02", "R03", "R04"}
	endedCodes     = []string{"R02", "R16"}
)

// Lookup says what the network knows of an account number. The numbers of the data
// file are known as it says, under any routing number. Beside them the network knows
// the accounts of custom users whose numbers were asked for, what tests have made of
// accounts (SetAccount), and the returns of deposits.
func (b *Bank) Lookup(ctx context.Context, _, number string) (institution.Record, error) {
	network, err := b.leverAt(ctx, b.db, networkLever)
	if err != nil {
		return institution.Record{}, err
	}
	if network.State == railsDown {
		return institution.Record{}, institution.ErrNetworkSilent
	}
	r, err := b.record(ctx, number)
	if err != nil {
		return r, err
	}
	l, err := b.lever(ctx, b.db, number)
	if err != nil {
		return r, err
	}
	switch AccountState(l.State) {
	case AccountClosed, AccountFrozen:
		r.Ended = true
	case AccountUnknown, AccountInvalid:
		r = institution.Record{Format: institution.FormatInvalid}
	}
	return r, b.addReturns(ctx, number, &r)
}

// record is what the data file and the logins say of a number.
func (b *Bank) record(ctx context.Context, number string) (institution.Record, error) {
	for _, l := range b.data.Network {
		if l.Account == number {
			known := len(l.Owners) > 0
			return institution.Record{Recognized: known, Verified: known, Routing: l.Routing, Format: institution.FormatValid, Owners: l.Owners}, nil
		}
	}
	var sealed string
	index := b.accountIndex(number)
	err := b.db.QueryRow(ctx, selectKnown, index).Scan(&sealed)
	if errors.Is(err, store.ErrNoRows) {
		return institution.Record{Format: institution.FormatInvalid}, nil // none that the bank would give
	}
	if err != nil {
		return institution.Record{}, fmt.Errorf("sandbank: known account: %w", err)
	}
	var l listed
	if err := b.vault.OpenJSON(sealed, "sandbank_known:"+index, &l); err != nil {
		return institution.Record{}, fmt.Errorf("sandbank: known account: %w", err)
	}
	return institution.Record{Recognized: true, Verified: true, Routing: l.Routing, Format: institution.FormatValid, Owners: l.Owners}, nil
}

// addReturns adds what became of the deposits to a number.
func (b *Bank) addReturns(ctx context.Context, number string, r *institution.Record) error {
	deposits, err := b.Statement(ctx, number)
	if err != nil {
		return err
	}
	r.Returned = slices.ContainsFunc(deposits, func(d Deposit) bool { return slices.Contains(administrative, d.Return) })
	last := slices.IndexFunc(deposits, func(d Deposit) bool { return d.State != depositPending })
	if last >= 0 && slices.Contains(endedCodes, deposits[last].Return) {
		r.Ended = true
	}
	return nil
}

// learn lets the network know the accounts of a custom user whose numbers are told.
// Those that are numbered as the stock accounts are stay as the data file has them,
// since that is documented (plaid-server-api.md section 11.6).
func (b *Bank) learn(ctx context.Context, h *holding, told []institution.Numbers) error {
	if !h.custom {
		return nil
	}
	for _, n := range told {
		if n.ACH == nil || n.ACH.Tokenized || strings.HasPrefix(n.ACH.Account, b.data.Countries["US"].Numbers.Prefix) {
			continue
		}
		index := b.accountIndex(n.ACH.Account)
		var sealed string
		err := b.db.QueryRow(ctx, selectKnown, index).Scan(&sealed)
		if err == nil {
			continue
		}
		if !errors.Is(err, store.ErrNoRows) {
			return fmt.Errorf("sandbank: known account: %w", err)
		}
		i := slices.IndexFunc(h.accounts, func(a account) bool { return a.Ref == n.Ref })
		l := listed{Routing: n.ACH.Routing, Owners: h.accounts[i].owner.Names}
		if sealed, err = b.vault.SealJSON(l, "sandbank_known:"+index); err != nil {
			return err
		}
		err = b.db.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, insertKnown, index, clock.Millis(b.clock.Now()), sealed)
			return err
		})
		if err != nil {
			return fmt.Errorf("sandbank: known account: %w", err)
		}
	}
	return nil
}

// SetNetwork lets the network fall silent, or answer again.
func (b *Bank) SetNetwork(ctx context.Context, down bool) error {
	var l lever
	if down {
		l.State = railsDown
	}
	return b.setLever(ctx, networkLever, l)
}

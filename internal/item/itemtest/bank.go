package itemtest

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// What the bank knows: planted values that must be found in no database file and
// no log.
const (
	AccountNumber = "777100020003000"
	OwnerName     = "Planted Owner Of Everything"
	OwnerStreet   = "1 Planted Lane"
	Password      = "planted-password"
)

// Bank is a bank under the control of a test. Every login but the test passwords
// error_<CODE> succeeds; change the fields between calls, under Lock.
type Bank struct {
	sync.Mutex
	List    []institution.Account
	Numbs   []institution.Numbers
	Holders map[string][]institution.Owner
	// Fail is what the next calls of a method end with, by the method's name.
	Fail map[string]error

	Calls   map[string]int
	Revoked []institution.Grant
	Expired map[institution.Grant]bool
}

// NewBank returns a bank with one account of every kind that matters: checking,
// savings and cash management, which have numbers; a closed book, a card and a
// loan, which have none.
func NewBank() *Bank {
	b := &Bank{Holders: map[string][]institution.Owner{}, Fail: map[string]error{}, Calls: map[string]int{}, Expired: map[institution.Grant]bool{}}
	b.List = []institution.Account{
		account("checking", "depository", "checking", "100", "110", ""),
		account("savings", "depository", "savings", "200", "210", ""),
		account("deposit", "depository", "cd", "", "1000", ""),
		account("card", "credit", "credit card", "", "410", "2000"),
		account("cash", "depository", "cash management", "12060", "12060", ""),
		account("pension", "investment", "401k", "", "23631.9805", ""),
	}
	for i := range b.List {
		ref := b.List[i].Ref
		b.Holders[ref] = []institution.Owner{holder()}
		if b.List[i].Debitable {
			b.Numbs = append(b.Numbs, institution.Numbers{Ref: ref, ACH: &institution.ACH{
				Account: AccountNumber + string('0'+rune(i)), Routing: "011401533", WireRouting: "021000021",
			}})
		}
	}
	return b
}

func account(ref, kind, subtype, available, current, limit string) institution.Account {
	return institution.Account{
		Ref: ref, Name: "Planted " + ref, OfficialName: "Official " + ref, Mask: "0000", Type: kind, Subtype: subtype, Currency: "USD",
		HolderCategory: "personal", Available: amount(available), Current: amount(current), Limit: amount(limit),
		Debitable: kind == "depository" && subtype != "cd",
	}
}

func amount(s string) *plaid.Decimal {
	if s == "" {
		return nil
	}
	d := plaid.MustDecimal(s)
	return &d
}

func holder() institution.Owner {
	return institution.Owner{
		Names:  []string{OwnerName},
		Phones: []institution.Phone{{Data: "1112223333", Type: "home"}},
		Emails: []institution.Email{{Data: "accountholder0@example.com", Primary: true, Type: "primary"}},
		Addresses: []institution.Address{
			{Street: OwnerStreet, City: "Malakoff", Region: "NY", PostalCode: "14236", Country: "US", Primary: true},
			{Street: "2 Planted Lane"},
		},
	}
}

// called counts a call and answers what the test wants it to end with.
func (b *Bank) called(method string, g institution.Grant) error {
	b.Calls[method]++
	if err := b.Fail[method]; err != nil {
		return err
	}
	if b.Expired[g] {
		return &institution.Failure{Reason: institution.LoginRequired}
	}
	return nil
}

// Begin is not used by the rooms tested here: they do not walk through Link.
func (b *Bank) Begin(context.Context, institution.BeginRequest) (institution.Challenge, error) {
	return institution.Challenge{}, &institution.Failure{Reason: institution.NotSupported}
}

// Answer is not used either.
func (b *Bank) Answer(context.Context, string, map[string]string) (institution.Challenge, error) {
	return institution.Challenge{}, &institution.Failure{Reason: institution.NotSupported}
}

// Import logs in anyone, except with a test password error_<CODE>.
func (b *Bank) Import(_ context.Context, institutionID, user, password string) (institution.Grant, error) {
	b.Lock()
	defer b.Unlock()
	if err := b.called("Import", ""); err != nil {
		return "", err
	}
	if code, ok := strings.CutPrefix(password, "error_"); ok {
		reason, known := institution.ReasonForCode(code)
		if !known {
			reason = institution.InvalidCredentials
		}
		return "", &institution.Failure{Reason: reason}
	}
	return institution.Grant(fmt.Sprintf("planted-grant:%s:%s:%d", institutionID, user, b.Calls["Import"])), nil
}

// Accounts answers List.
func (b *Bank) Accounts(_ context.Context, g institution.Grant) ([]institution.Account, error) {
	b.Lock()
	defer b.Unlock()
	return append([]institution.Account{}, b.List...), b.called("Accounts", g)
}

// Numbers answers those of Numbs that were asked for.
func (b *Bank) Numbers(_ context.Context, g institution.Grant, refs []string) (out []institution.Numbers, err error) {
	b.Lock()
	defer b.Unlock()
	for _, n := range b.Numbs {
		for _, ref := range refs {
			if n.Ref == ref {
				out = append(out, n)
			}
		}
	}
	return out, b.called("Numbers", g)
}

// Owners answers those of Holders that were asked for.
func (b *Bank) Owners(_ context.Context, g institution.Grant, refs []string) (map[string][]institution.Owner, error) {
	b.Lock()
	defer b.Unlock()
	out := map[string][]institution.Owner{}
	for _, ref := range refs {
		out[ref] = b.Holders[ref]
	}
	return out, b.called("Owners", g)
}

// ExpireGrant makes every later call with the grant fail.
func (b *Bank) ExpireGrant(_ context.Context, g institution.Grant) error {
	b.Lock()
	defer b.Unlock()
	err := b.called("ExpireGrant", "")
	b.Expired[g] = err == nil
	return err
}

// Revoke remembers the grant in Revoked.
func (b *Bank) Revoke(_ context.Context, g institution.Grant) error {
	b.Lock()
	defer b.Unlock()
	if err := b.called("Revoke", ""); err != nil {
		return err
	}
	b.Revoked = append(b.Revoked, g)
	return nil
}

// Plain is a connector with the four methods that every bank has, and none of
// the abilities.
type Plain struct{ institution.Connector }

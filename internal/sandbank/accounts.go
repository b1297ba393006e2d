package sandbank

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/institution"
)

// account is everything the bank knows of one account.
type account struct {
	institution.Account
	numbers *institution.Numbers // nil for accounts without numbers
	owner   institution.Owner
}

// accounts are the accounts that a visitor has at an institution. They follow
// from the two alone, so the bank needs no table of them.
func (d *data) accounts(in institution.Institution, v visit) []account {
	var list []account
	if v.Custom == nil {
		list = d.standard(in, v)
	} else {
		list = d.custom(in, v)
	}
	for i := range list {
		a := &list[i]
		a.Ref = ref(in.ID, v.Username, i, a.Mask)
		if in.PersistentIDs {
			a.PersistentID = persistentID(in.ID, v, a.Ref)
		}
		a.Debitable = debitable(a.Type, a.Subtype) &&
			!(a.Subtype == "checking" && slices.Contains(d.Habits.LimitedPurposeChecking, in.ID))
		if a.numbers != nil {
			a.numbers.Ref = a.Ref
		}
	}
	return list
}

// standard are the accounts that everybody of the data file has.
func (d *data) standard(in institution.Institution, v visit) []account {
	c := d.country(in)
	owner := d.Holders[d.holder(v.Username)].owner()
	list := make([]account, len(c.Accounts))
	for i, t := range c.Accounts {
		list[i] = account{Account: t.account(c.Currency), owner: owner}
		if t.Type == "depository" {
			list[i].numbers = c.Numbers.of(in.Country(), t.Mask)
		}
	}
	return list
}

func (t template) account(currency string) institution.Account {
	return institution.Account{
		Name: t.Name, OfficialName: t.OfficialName, Mask: t.Mask, Type: t.Type, Subtype: t.Subtype,
		Currency: currency, HolderCategory: t.Category, Available: t.Available, Current: t.Current, Limit: t.Limit,
	}
}

// holder is which holder a person is; custom users fall back on the first.
func (d *data) holder(username string) string {
	if p, ok := d.person(username); ok {
		return p.Holder
	}
	return d.People[0].Holder
}

// debitable reports whether accounts of a kind can be debited by number
// (plaid-server-api.md section 7.1).
func debitable(kind, subtype string) bool {
	return kind == "depository" && slices.Contains([]string{"checking", "savings", "cash management"}, subtype)
}

// ref is the bank's key of an account: the same each time the same login name
// has an account at the same place, so that a new login finds it again even if
// a custom user's balances have changed.
func ref(institutionID, username string, position int, mask string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{"ref", institutionID, username, strconv.Itoa(position), mask}, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// persistentID names an account towards everybody: 56 hexadecimal characters.
// Two custom users share a login name and are two people nevertheless.
func persistentID(institutionID string, v visit, ref string) string {
	sum := sha256.Sum224([]byte(strings.Join([]string{"persistent", institutionID, v.Username, v.Config, ref}, "\x00")))
	return hex.EncodeToString(sum[:])
}

// draw is a number below n that follows from a seed and a purpose alone.
func draw(n uint64, seed string, purpose ...string) uint64 {
	sum := sha256.Sum256([]byte(seed + "\x00" + strings.Join(purpose, "\x00")))
	return binary.BigEndian.Uint64(sum[:8]) % n
}

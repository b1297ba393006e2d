package identity

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/identity/match"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/team"
)

// InLink is Identity Match in Link: the owners of the accounts that a person is
// about to connect are compared with the user of the link token, where the
// customization has lowest scores (link-web.md section 2.2).
func (s *Identity) InLink() item.OwnerCheck {
	return item.OwnerCheck{Wanted: wanted, Check: s.check}
}

// wanted reports whether a link token has lowest scores.
func wanted(t link.Token) bool { return t.Custom.IdentityMatch != nil && !t.UpdateMode() }

// check compares the owners of each account, and tells IDENTITY_MATCH_PASSED or
// IDENTITY_MATCH_FAILED. Where it cannot compare anything, it says why and tells
// neither.
func (s *Identity) check(ctx context.Context, v *link.Visit, h item.Holding) (bool, error) {
	lowest, said := asked(v.Token)
	why := whyNot(v.Token, h, lowest)
	if why != "" {
		v.Explain("Identity Match is without effect: %s", why)
		return true, nil
	}
	refs := make([]string, len(h.Accounts))
	for i, a := range h.Accounts {
		refs[i] = a.Ref
	}
	told, err := h.Connector.(institution.Owners).Owners(ctx, h.Grant, refs)
	if err != nil {
		return false, err
	}
	for i, ref := range refs {
		r := match.Best(said, PersonOf(merge(told[ref])))
		if failed := below(r, lowest); len(failed) > 0 {
			v.Explain("Identity Match has failed for account %d of %d: %s", i+1, len(refs), strings.Join(failed, ", "))
			v.Emit(link.EventIdentityMatchFailed)
			return false, nil
		}
	}
	v.Emit(link.EventIdentityMatchPassed)
	return true, nil
}

// whyNot says why the owners cannot be compared, "" if they can.
func whyNot(t link.Token, h item.Holding, lowest team.IdentityMatch) string {
	products := t.AllProducts()
	switch {
	case !slices.Contains(products, product) && !slices.Contains(products, matchProduct):
		return "the link token has neither identity nor identity_match among its products, so nobody has agreed to it"
	case lowest == (team.IdentityMatch{}):
		return "the link token's user has none of what the customization compares"
	case h.Connector == nil:
		return "the account was added without a login, so no bank tells its owners; ask /identity/match"
	}
	if _, ok := h.Connector.(institution.Owners); !ok {
		return "the bank does not tell the owners of accounts"
	}
	return ""
}

// asked are the lowest scores for what the link token's user has, and that.
func asked(t link.Token) (team.IdentityMatch, match.Person) {
	var said match.Person
	lowest := *t.Custom.IdentityMatch
	u := t.User
	if u.LegalName == "" {
		lowest.LegalName = 0
	}
	if u.PhoneNumber == "" {
		lowest.PhoneNumber = 0
	}
	if u.EmailAddress == "" {
		lowest.EmailAddress = 0
	}
	if a := u.Address; a == nil || a.Street == "" {
		lowest.Address = 0
	} else {
		street := strings.TrimSpace(a.Street + " " + a.Street2)
		said.Addresses = []match.Address{{Street: street, City: a.City, Region: a.Region, PostalCode: a.PostalCode, Country: a.Country}}
	}
	said.Names, said.Phones, said.Emails = []string{u.LegalName}, []string{u.PhoneNumber}, []string{u.EmailAddress}
	return lowest, said
}

// below names the parts whose score is too low. What the bank does not have fits
// nothing.
func below(r match.Result, lowest team.IdentityMatch) []string {
	var failed []string
	part := func(name string, has bool, score func() int, least int) {
		switch {
		case least == 0:
		case !has:
			failed = append(failed, fmt.Sprintf("%s is not known to the bank, and at least %d is asked for", name, least))
		case score() < least:
			failed = append(failed, fmt.Sprintf("%s has %d, and at least %d is asked for", name, score(), least))
		}
	}
	part("legal_name", r.Name != nil, func() int { return r.Name.Score }, lowest.LegalName)
	part("phone_number", r.Phone != nil, func() int { return r.Phone.Score }, lowest.PhoneNumber)
	part("email_address", r.Email != nil, func() int { return r.Email.Score }, lowest.EmailAddress)
	part("address", r.Address != nil, func() int { return r.Address.Score }, lowest.Address)
	return failed
}

package idv

import (
	"strings"

	"github.com/glencheck-dev/glencheck/internal/idv/person"
	"github.com/glencheck-dev/glencheck/internal/team"
)

// inputOf are the parts of what a user was created with, each by itself: what does
// not have the form that is asked for here does not keep the rest away.
func inputOf(id *team.Identity) []*person.Input {
	var list []*person.Input
	if id.GivenName != "" && id.FamilyName != "" {
		list = append(list, &person.Input{Name: &person.NameInput{GivenName: id.GivenName, FamilyName: id.FamilyName}})
	}
	if id.DateOfBirth != "" {
		list = append(list, &person.Input{DateOfBirth: &id.DateOfBirth})
	}
	if c := primary(id.Emails, func(c team.Contact) bool { return c.Primary }); c != nil {
		list = append(list, &person.Input{EmailAddress: &c.Data})
	}
	if c := primary(id.Phones, func(c team.Contact) bool { return c.Primary }); c != nil {
		list = append(list, &person.Input{PhoneNumber: &c.Data})
	}
	if a := primary(id.Addresses, func(a team.IdentityAddress) bool { return a.Primary }); a != nil {
		list = append(list, &person.Input{Address: &person.AddressInput{
			Street: orNull(a.Street), Street2: orNull(a.Street2), City: orNull(a.City), Region: orNull(a.Region), PostalCode: orNull(a.PostalCode), Country: a.Country,
		}})
	}
	if len(id.IDNumbers) > 0 {
		n := id.IDNumbers[0]
		list = append(list, &person.Input{IDNumber: &person.IDInput{Type: n.Type, Value: strings.NewReplacer("-", "", " ", "").Replace(n.Value)}})
	}
	return list
}

// primary is the entry that is marked so, or the first.
func primary[T any](list []T, marked func(T) bool) *T {
	for i := range list {
		if marked(list[i]) {
			return &list[i]
		}
	}
	if len(list) == 0 {
		return nil
	}
	return &list[0]
}

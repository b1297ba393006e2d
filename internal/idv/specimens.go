package idv

import (
	"github.com/glencheck-dev/glencheck/internal/idv/document"
	"github.com/glencheck-dev/glencheck/internal/idv/specimen"
)

// specimenOf is who a specimen is made out to: the person, as far as they are known.
// What is not known, and a name that a document could not be read by, is Leslie Knope's.
func specimenOf(u User) specimen.Person {
	p := specimen.Leslie
	if n := u.Name; n != nil && specimen.Writable(n.GivenName) && specimen.Writable(n.FamilyName) && (n.GivenName != p.GivenName || n.FamilyName != p.FamilyName) {
		p.GivenName, p.FamilyName, p.Sex = n.GivenName, n.FamilyName, ""
	}
	if u.DateOfBirth != nil {
		p.DateOfBirth = *u.DateOfBirth
	}
	if a := u.Address; a != nil {
		p.Country, p.Street, p.City, p.Region, p.PostalCode = a.Country, orEmpty(a.Street), orEmpty(a.City), orEmpty(a.Region), orEmpty(a.PostalCode)
	}
	return p
}

// specimen is a test document of a person, as the panes take it, with the fault that is
// named; "" for none.
func (s *Service) specimen(u User, country string, c document.Category, side docSide, fault string) ([]byte, error) {
	files, err := specimen.Print(specimen.Order{
		Person: specimenOf(u), Issuer: country, Category: c, Side: string(side), Fault: specimen.Fault(fault), Now: s.clock.Now(),
	})
	if err != nil {
		return nil, badSpecimen(err)
	}
	return files[0].JPEG, nil
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

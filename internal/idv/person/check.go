package person

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/team"
)

// The longest texts, in characters (seed 003).
const (
	maxName    = 100
	maxStreet  = 80
	maxStreet2 = 50
	maxCity    = 100
)

// Check is what the API enforces. It returns the user as it is stored: what the
// client sent, unchanged. Path is where the object stands in the request. The
// error is a plaid.Error that names a field and repeats no value.
func (in *Input) Check(path string, now time.Time, p Policy) (User, error) {
	if in == nil {
		return User{}, nil
	}
	c := checking{path: path, now: now, policy: p}
	c.email(in.EmailAddress)
	c.phone(in.PhoneNumber)
	c.birth(in.DateOfBirth)
	c.name(in.Name)
	country := c.address(in.Address)
	c.idNumber(in.IDNumber, country)
	switch {
	case len(c.missing) > 0:
		return User{}, plaid.MissingFields(c.missing...)
	case c.wrong != "":
		return User{}, plaid.InvalidField(c.wrong)
	}
	return in.user(), nil
}

// user is the stored form of an input that passed.
func (in *Input) user() User {
	u := User{PhoneNumber: in.PhoneNumber, DateOfBirth: in.DateOfBirth, EmailAddress: in.EmailAddress}
	if n := in.Name; n != nil {
		u.Name = &Name{GivenName: n.GivenName, FamilyName: n.FamilyName}
	}
	if a := in.Address; a != nil {
		u.Address = &Address{Street: a.Street, Street2: a.Street2, City: a.City, Region: a.Region, PostalCode: a.PostalCode, Country: a.Country}
	}
	if n := in.IDNumber; n != nil {
		u.IDNumber = &IDNumber{Type: n.Type, Value: n.Value}
	}
	return u
}

// checking collects what is wrong with one input: every missing field, and the
// first wrong one.
type checking struct {
	path    string
	now     time.Time
	policy  Policy
	missing []string
	wrong   string
}

func (c *checking) at(name string) string {
	if c.path == "" {
		return name
	}
	return c.path + "." + name
}

func (c *checking) must(ok bool, name, requirement string) {
	if !ok && c.wrong == "" {
		c.wrong = c.at(name) + " must " + requirement
	}
}

func (c *checking) email(s *string) {
	c.must(s == nil || team.CheckEmail(*s) == nil, "email_address", "be a valid email address without leading or trailing spaces")
}

var e164 = regexp.MustCompile(`^\+[1-9][0-9]{5,14}$`)

func (c *checking) phone(s *string) {
	if s == nil {
		return
	}
	ok := e164.MatchString(*s)
	if ok {
		_, err := team.CheckPhone(*s, "")
		ok = err == nil
	}
	c.must(ok, "phone_number", "be a valid phone number in E.164 format")
}

func (c *checking) birth(s *string) {
	if s == nil {
		return
	}
	_, err := time.Parse(time.DateOnly, *s)
	c.must(err == nil, "date_of_birth", "be a date in the format YYYY-MM-DD")
	c.must(team.CheckDateOfBirth(*s, c.now) == nil, "date_of_birth", "be a date in the past, not before 1880")
}

func (c *checking) name(n *NameInput) {
	if n != nil {
		c.text(&n.GivenName, "name.given_name", maxName, visible, "non-whitespace character")
		c.text(&n.FamilyName, "name.family_name", maxName, visible, "non-whitespace character")
	}
}

func (c *checking) text(s *string, name string, most int, has func(string) bool, what string) {
	if s != nil {
		c.must(has(*s), name, "have at least one "+what)
		c.must(utf8.RuneCountInString(*s) <= most, name, "be a string of at most "+itoa(most)+" characters")
	}
}

// address checks one of the three legal forms (absent, country alone, full) and
// returns the country, nil if there is none.
func (c *checking) address(a *AddressInput) *Country {
	if a == nil {
		return nil
	}
	country, ok := CountryOf(a.Country)
	if !ok {
		c.must(countryCode.MatchString(a.Country), "address.country", "be a valid, capitalized, two-letter ISO 3166-1 alpha-2 code")
		c.must(false, "address.country", "be a country that Identity Verification supports")
		return nil
	}
	c.accepted(a, "postal_code", a.PostalCode, country.PostalCode, country.Code)
	c.accepted(a, "region", a.Region, country.Region, country.Code)
	if a.Street == nil && a.Street2 == nil && a.City == nil && a.Region == nil && a.PostalCode == nil {
		return country
	}
	c.present(a.Street, "address.street", Required)
	c.present(a.City, "address.city", Required)
	c.present(a.Region, "address.region", country.Region)
	c.present(a.PostalCode, "address.postal_code", country.PostalCode)
	c.text(a.Street, "address.street", maxStreet, lettered, "alphabetical character")
	c.text(a.Street2, "address.street2", maxStreet2, visible, "non-whitespace character")
	c.text(a.City, "address.city", maxCity, lettered, "alphabetical character")
	if country.Region != NotAccepted {
		c.must(a.Region == nil || country.HasRegion(*a.Region), "address.region", "be an ISO 3166-2 subdivision code of "+country.Code+" without the country prefix")
	}
	if country.PostalCode != NotAccepted && a.PostalCode != nil {
		c.postal(*a.PostalCode, country)
	}
	return country
}

var countryCode = regexp.MustCompile(`^[A-Z]{2}$`)

func (c *checking) accepted(a *AddressInput, name string, value *string, n Need, country string) {
	if n == NotAccepted {
		c.must(value == nil && !slices.Contains(a.Nulls, name), "address."+name, "be absent, not null, for addresses in "+country)
	}
}

func (c *checking) present(s *string, name string, n Need) {
	if s == nil && n == Required {
		c.missing = append(c.missing, c.at(name))
	}
}

func (c *checking) postal(s string, country *Country) {
	if country.Code == "US" {
		c.must(len(s) == 5 && digitsOnly(s), "address.postal_code", "be 5 digits for addresses in US")
		return
	}
	c.must(postalCode(s), "address.postal_code", "have between 2 and 10 alphanumeric characters")
}

// postalCode reports whether s has 2 to 10 letters and digits, in groups that one
// space or hyphen keeps apart.
func postalCode(s string) bool {
	count, before := 0, byte(' ')
	for i := range len(s) {
		b := s[i]
		switch {
		case '0' <= b && b <= '9', 'A' <= b && b <= 'Z', 'a' <= b && b <= 'z':
			count++
		case b != ' ' && b != '-' || before == ' ' || before == '-':
			return false
		}
		before = b
	}
	return 2 <= count && count <= 10 && before != ' ' && before != '-'
}

func (c *checking) idNumber(n *IDInput, country *Country) {
	if n == nil {
		return
	}
	t, ok := IDTypeOf(n.Type)
	if !ok {
		c.must(false, "id_number.type", "be one of: "+load().typeNames)
		return
	}
	if country != nil {
		offered := country.OfferedIDTypes(c.policy)
		c.must(len(offered) > 0, "id_number", "be absent for users in "+country.Code)
		c.must(slices.Contains(offered, t), "id_number.type", "be a type of the user's country: "+namesOf(offered))
	}
	if t.pattern.MatchString(n.Value) {
		c.must(t.Fits(n.Value, c.policy), "id_number.value", "be a number that the Social Security Administration issues")
	}
	c.must(t.Fits(n.Value, c.policy), "id_number.value", "be "+t.Words+" without formatting characters for "+t.Name)
}

func namesOf(types []*IDType) string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = t.Name
	}
	return strings.Join(names, ", ")
}

// visible reports whether there is anything to see in s.
func visible(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !strings.ContainsRune(fillers, r) && r != utf8.RuneError
	})
}

// fillers are letters and symbols that show nothing.
const fillers = "\u115f\u1160\u2800\u3164\uffa0"

// lettered reports whether s has a letter of any script.
func lettered(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) && !strings.ContainsRune(fillers, r) })
}

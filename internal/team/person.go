package team

import (
	"net/mail"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/nyaruka/phonenumbers"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Checks of personal data that a client sends, for /user/create and the user
// object of a link token. The API refuses malformed data with a message that
// names the field and never the value (error page INVALID_USER_IDENTITY_DATA,
// changelog of 2026-01-16).
var (
	errEmail       = plaid.InvalidUserIdentityData.WithMessage("Invalid email format.")
	errPhone       = plaid.InvalidUserIdentityData.WithMessage("Invalid phone number format.")
	errDateOfBirth = plaid.InvalidUserIdentityData.WithMessage("Invalid date of birth format. Expected YYYY-MM-DD.")
	errName        = plaid.InvalidUserIdentityData.WithMessage("Invalid name. Names must not be empty.")
	errAddress     = plaid.InvalidUserIdentityData.WithMessage("Invalid address. All required address fields must be provided.")
	errCountry     = plaid.InvalidUserIdentityData.WithMessage("Invalid address. The country must be an ISO 3166-1 alpha-2 code.")
	errIDNumber    = plaid.InvalidUserIdentityData.WithMessage("Invalid ID number format.")
)

// CheckPhone reads a telephone number in E.164 or, on a best effort, in the
// national format of country, with or without spaces and dashes, and returns it
// in E.164. A number that no numbering plan knows is refused, in the sandbox too.
func CheckPhone(number, country string) (string, error) {
	if len(number) > 40 {
		return "", errPhone
	}
	n, err := phonenumbers.Parse(number, country)
	if err != nil || n.GetExtension() != "" || !phonenumbers.IsValidNumber(n) {
		return "", errPhone
	}
	return phonenumbers.Format(n, phonenumbers.E164), nil
}

// CheckEmail accepts a plain e-mail address.
func CheckEmail(address string) error {
	if !plainEmail(address) {
		return errEmail
	}
	return nil
}

// CheckName refuses a name that is empty or blank.
func CheckName(name string) error {
	if blank(name) {
		return errName
	}
	return nil
}

// CheckDateOfBirth accepts a day in the past as YYYY-MM-DD.
func CheckDateOfBirth(day string, now time.Time) error {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil || t.After(now) || t.Year() < 1880 {
		return errDateOfBirth
	}
	return nil
}

// Address is a postal address as clients send it.
type Address struct {
	Street     string `json:"street,omitempty"`
	Street2    string `json:"street2,omitempty"`
	City       string `json:"city,omitempty"`
	Region     string `json:"region,omitempty"`
	PostalCode string `json:"postal_code,omitempty"`
	Country    string `json:"country"`
}

// CheckAddress accepts a country alone or a full address; in the United States
// and Canada that includes the region (schema UserAddress).
func CheckAddress(a Address) error {
	if len(a.Country) != 2 || strings.ToUpper(a.Country) != a.Country || !letters(a.Country) {
		return errCountry
	}
	if a.Street == "" && a.Street2 == "" && a.City == "" && a.Region == "" && a.PostalCode == "" {
		return nil
	}
	if blank(a.Street) || blank(a.City) || (a.Country == "US" || a.Country == "CA") && (blank(a.Region) || blank(a.PostalCode)) {
		return errAddress
	}
	return nil
}

var (
	phoneE164     = regexp.MustCompile(`^\+[0-9][0-9 ().-]{6,24}$`)
	phoneNational = regexp.MustCompile(`^(1[ .-]?)?(\([0-9]{3}\) ?|[0-9]{3}[ .-])[0-9]{3}[ .-][0-9]{4}$`)
)

// CheckClientUserID refuses an e-mail address or a telephone number as a
// client_user_id (plaid-server-api.md section 5.1). A bare row of digits stays
// allowed: database keys and the time stamps of seed 001 are such.
func CheckClientUserID(path, id string) error {
	switch {
	case blank(id):
		return plaid.InvalidField(path + " must be a non-empty string")
	case plainEmail(id):
		return plaid.InvalidField(path + " must not be an email address")
	case phoneE164.MatchString(id), phoneNational.MatchString(id):
		return plaid.InvalidField(path + " must not be a phone number")
	}
	return nil
}

// plainEmail reports whether s is an address without display name or comment,
// whose domain has a dot.
func plainEmail(s string) bool {
	if len(s) > 254 || !strings.Contains(s, "@") || strings.ContainsAny(s, " \t\r\n<>()\"") {
		return false
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s {
		return false
	}
	_, domain, _ := strings.Cut(s, "@")
	return strings.Contains(strings.Trim(domain, "."), ".")
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

func letters(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) })
}

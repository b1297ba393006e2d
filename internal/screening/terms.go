package screening

import (
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/screening/list"
	"github.com/glencheck-dev/glencheck/internal/team"
)

// given are search terms as a request has them: nil for those that it does not name.
type given struct {
	name, birthDate, document, country, email, phone, url *string
}

var (
	dateForm  = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	phoneForm = regexp.MustCompile(`^\+[1-9]\d{4,14}$`)
	emailForm = regexp.MustCompile(`^[^\s@"<>(),;:\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+$`)
)

// check reports the first of the terms that is not as the official document wants it
// (identity-verification.md section 6.2).
func (g given) check(now time.Time) error {
	for _, c := range []struct {
		name  string
		value *string
		ok    func(string) bool
		must  string
	}{
		{"legal_name", g.name, nameOK, "be a string of at most 100 characters with at least one letter and without spaces around it"},
		{"date_of_birth", g.birthDate, func(s string) bool { return birthOK(s, now) }, "be a date in the past in the form YYYY-MM-DD"},
		{"document_number", g.document, documentOK, "be a string of 4 to 32 characters without spaces around it"},
		{"country", g.country, list.IsCountry, "be an ISO 3166-1 alpha-2 code"},
		{"email_address", g.email, func(s string) bool { return len(s) <= 254 && emailForm.MatchString(s) }, "be an email address"},
		{"phone_number", g.phone, phoneForm.MatchString, "be a phone number in the form E.164"},
		{"url", g.url, urlOK, "be a URL that begins with http:// or https://"},
	} {
		if c.value != nil && !c.ok(*c.value) {
			return plaid.InvalidField("search_terms." + c.name + " must " + c.must)
		}
	}
	return nil
}

// apply changes the terms that are given.
func (g given) apply(t *Terms) {
	set(&t.Name, g.name)
	set(&t.BirthDate, g.birthDate)
	set(&t.Document, g.document)
	set(&t.Country, g.country)
	set(&t.Email, g.email)
	set(&t.Phone, g.phone)
	set(&t.URL, g.url)
}

func trimmed(s string) bool { return strings.TrimSpace(s) == s }

func nameOK(s string) bool {
	return trimmed(s) && len([]rune(s)) <= 100 && strings.ContainsFunc(s, unicode.IsLetter) && !strings.ContainsFunc(s, unicode.IsControl)
}

// birthOK reports whether somebody can have been born on a day: also today, wherever
// it is today already.
func birthOK(s string, now time.Time) bool {
	if !dateForm.MatchString(s) {
		return false
	}
	day, err := time.Parse(time.DateOnly, s)
	return err == nil && day.Year() >= 1900 && !day.After(now.UTC().Add(14*time.Hour))
}

func documentOK(s string) bool {
	n := len([]rune(s))
	return trimmed(s) && n >= 4 && n <= 32 && !strings.ContainsFunc(s, unicode.IsControl)
}

func urlOK(s string) bool {
	u, err := url.Parse(s)
	return err == nil && len(s) <= 2000 && trimmed(s) && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}

// checkUser is the rule of client_user_id where a request names one.
func checkUser(id *string) error {
	if id == nil {
		return nil
	}
	return team.CheckClientUserID("client_user_id", *id)
}

package team

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// Profile is the application profile of a client: what banks and the people who
// connect an account learn about the application (seed 000, "Application
// Profile"; schema Application). What is empty is not given.
type Profile struct {
	DisplayName      string `json:"display_name,omitempty"`
	CompanyLegalName string `json:"company_legal_name,omitempty"`
	ApplicationURL   string `json:"application_url,omitempty"`
	LogoURL          string `json:"logo_url,omitempty"`
	ReasonForAccess  string `json:"reason_for_access,omitempty"`
	UseCase          string `json:"use_case,omitempty"`
	City             string `json:"city,omitempty"`
	Region           string `json:"region,omitempty"`
	PostalCode       string `json:"postal_code,omitempty"`
	CountryCode      string `json:"country_code,omitempty"`
}

// Missing names the fields without which the profile is not complete, those that
// tell a person who asks for their data and why. Where the company sits, its logo
// and its line of business may be left out.
func (p Profile) Missing() []string {
	var missing []string
	for _, f := range []struct{ name, value string }{
		{"display_name", p.DisplayName}, {"company_legal_name", p.CompanyLegalName},
		{"application_url", p.ApplicationURL}, {"reason_for_access", p.ReasonForAccess},
	} {
		if f.value == "" {
			missing = append(missing, f.name)
		}
	}
	return missing
}

// Complete reports whether nothing is missing.
func (p Profile) Complete() bool { return len(p.Missing()) == 0 }

// FieldError is what is wrong with a field of a form: "must have …".
type FieldError struct{ Field, Must string }

// The longest values of a profile, in characters. A name has to fit the consent
// page of a bank, a reason the lines below it.
const (
	maxName   = 100
	maxReason = 500
	maxURL    = 500
	maxPostal = 20
)

// Check lists what is wrong with the profile, in the order of its fields. An
// empty field is not wrong.
func (p Profile) Check() []FieldError {
	var wrong []FieldError
	for _, f := range []struct {
		name, value string
		check       func(string) string
	}{
		{"display_name", p.DisplayName, line(maxName)},
		{"company_legal_name", p.CompanyLegalName, line(maxName)},
		{"application_url", p.ApplicationURL, address},
		{"logo_url", p.LogoURL, address},
		{"reason_for_access", p.ReasonForAccess, line(maxReason)},
		{"use_case", p.UseCase, line(maxName)},
		{"city", p.City, line(maxName)},
		{"region", p.Region, line(maxName)},
		{"postal_code", p.PostalCode, line(maxPostal)},
		{"country_code", p.CountryCode, country},
	} {
		if f.value == "" {
			continue
		}
		if must := f.check(f.value); must != "" {
			wrong = append(wrong, FieldError{f.name, must})
		}
	}
	return wrong
}

// line checks plain text in one line.
func line(limit int) func(string) string {
	return func(s string) string {
		switch {
		case utf8.RuneCountInString(s) > limit || strings.TrimSpace(s) == "":
			return "must have 1 to " + strconv.Itoa(limit) + " characters"
		case !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp) }):
			return "must be one line without control characters"
		case strings.ContainsAny(s, "<>"):
			return "must be plain text without < and >"
		}
		return ""
	}
}

// address checks the address of a page or of an image.
func address(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || len(s) > maxURL || strings.ContainsAny(s, " <>\"'") {
		return "must be an absolute address such as https://example.com"
	}
	return ""
}

func country(s string) string {
	r, err := language.ParseRegion(s)
	if err != nil || len(s) != 2 || r.Canonicalize().String() != s || !r.IsCountry() {
		return "must be the two capital letters of a country, such as US"
	}
	return ""
}

// ApplicationID is the id of the client's application, the same for ever.
func (c *Client) ApplicationID() string {
	sum := sha256.Sum256([]byte("application\x00" + c.ID))
	return hex.EncodeToString(sum[:12])
}

// JoinDate is the day since which the client exists.
func (c *Client) JoinDate() string { return c.created.UTC().Format(time.DateOnly) }

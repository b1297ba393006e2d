package team

import (
	"crypto/subtle"
	"slices"
)

// The keys that exist on a fresh sandbox start, so that a first call needs no
// set-up. They are public knowledge: production refuses to start with them.
const (
	SandboxClientID = "676c656e636865636b736278"
	SandboxSecret   = "73616e64626f782d73656372657421"
)

// Client is one API client of a team. It is read-only: every reader shares it.
type Client struct {
	ID             string
	Name           string
	Products       []string // what Link may be opened with
	RedirectURIs   []string // exact, or with a wildcard for subdomains
	Customizations []Customization

	secrets []string // blind indexes of the valid secrets
}

// AccountSelect is how many accounts a person may share in Link.
type AccountSelect string

// The three modes of the Account Select pane.
const (
	SelectSingle   AccountSelect = "single"   // exactly one account
	SelectMultiple AccountSelect = "multiple" // one or more
	SelectAll      AccountSelect = "all"      // one or more, all of them chosen beforehand
)

// DefaultCustomization is the name of the customization that a link token uses
// when it names none, or one that does not fit.
const DefaultCustomization = "default"

// Customization is how Link looks and behaves for a client. It applies only to
// link tokens of exactly its language and countries
// (plaid-server-api.md section 5.1); without a language it fits all of them.
type Customization struct {
	Name          string
	Language      string
	CountryCodes  []string
	AccountSelect AccountSelect
}

// fits reports whether a link token of this language and these countries may
// use the customization. The order of the countries does not matter.
func (c Customization) fits(language string, countries []string) bool {
	if c.Language == "" && len(c.CountryCodes) == 0 {
		return true
	}
	return c.Language == language && sameSet(c.CountryCodes, countries)
}

// Customization finds the customization that a link token gets: the named one if
// it fits, otherwise the default. known is false if there is none of that name.
func (c *Client) Customization(name, language string, countries []string) (got Customization, known bool) {
	got = Customization{Name: DefaultCustomization, AccountSelect: SelectMultiple}
	for _, k := range c.Customizations {
		if k.Name == DefaultCustomization && k.fits(language, countries) {
			got = k
		}
	}
	for _, k := range c.Customizations {
		if k.Name != name {
			continue
		}
		if k.fits(language, countries) {
			return k, true
		}
		return got, true
	}
	return got, name == DefaultCustomization
}

// Unauthorized lists those of products that the client may not use, in their
// order.
func (c *Client) Unauthorized(products []string) []string {
	var out []string
	for _, p := range products {
		if !slices.Contains(c.Products, p) && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// knows reports whether index is the blind index of a valid secret. It takes as
// long for a wrong one as for a right one.
func (c *Client) knows(index string) bool {
	ok := 0
	for _, s := range c.secrets {
		ok |= subtle.ConstantTimeCompare([]byte(s), []byte(index))
	}
	return ok == 1
}

// linkProducts are the products that Link can be opened with: those whose flow
// is linking accounts. The others of the official list have flows of their own,
// which Glencheck does not have yet; a client is not enabled for them.
var linkProducts = []string{
	"assets", "auth", "balance_plus", "credit_details", "identity", "identity_match", "income",
	"investments", "investments_auth", "liabilities", "processor_identity", "processor_payments",
	"signal", "statements", "transactions", "transactions_refresh", "transfer",
}

func sameSet(a, b []string) bool {
	for _, x := range a {
		if !slices.Contains(b, x) {
			return false
		}
	}
	for _, x := range b {
		if !slices.Contains(a, x) {
			return false
		}
	}
	return true
}

package team

import (
	"crypto/subtle"
	"slices"
	"time"
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
	Profile        Profile
	// Enforced says that what production asks of a team is asked of this one: always
	// in production, in a sandbox where it was switched on.
	Enforced bool

	created    time.Time
	secrets    []string               // blind indexes of the valid secrets
	integrated bool                   // whether a partner that was never switched is on
	switched   map[string]Integration // the partners that were
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

// linkProducts are the products that a client is enabled for: those whose flow is
// linking accounts, and Identity Verification. The others of the official list have
// flows of their own, which Glencheck does not have yet.
var linkProducts = []string{
	"assets", "auth", "balance_plus", "credit_details", "identity", "identity_match", "identity_verification", "income",
	"investments", "investments_auth", "liabilities", "processor_identity", "processor_payments",
	"signal", "statements", "transactions", "transactions_refresh", "transfer",
}

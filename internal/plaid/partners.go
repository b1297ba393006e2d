package plaid

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// partnerText lists the partners that a team can hand an account to, one a line:
// the word of the API, the name as the partner writes it, a kind of Kinds, and the
// countries that the partner is documented for, none where no document says. The
// order is that of the official document (ProcessorTokenCreateRequest.processor),
// then what newer versions of it add, then Stripe, which has an endpoint of its own.
// A name that no document tells is the word with capitals, a kind that none tells is
// other.
//
//go:embed partners.txt
var partnerText string

// Stripe is the partner that is no value of processor: its tokens come from
// /processor/stripe/bank_account_token/create.
const Stripe = "stripe"

// Partner is a company that gets an account from a team by a processor token.
type Partner struct {
	Name      string   // the value of processor, or Stripe
	Title     string   // as the partner writes itself
	Kind      string   // one of Kinds
	Countries []string // of the accounts that it takes; nil where no document limits them
}

// Kinds are what partners are for, in the order in which a page groups them.
var Kinds = []string{
	"identity", "risk", "payments", "banking", "cards", "investing", "crypto", "payroll", "lending", "credit", "accounting", "other",
}

// Partners lists every partner in the order of the official document. The list is
// shared: do not change it.
func Partners() []Partner { return partners() }

var partners = sync.OnceValue(func() []Partner {
	var list []Partner
	for line := range strings.Lines(partnerText) {
		f := strings.Split(strings.TrimSpace(line), "|")
		list = append(list, Partner{Name: f[0], Title: f[1], Kind: f[2], Countries: strings.Fields(f[3])})
	}
	return list
})

// PartnerByName finds a partner by the word of the API.
func PartnerByName(name string) (Partner, bool) {
	list := partners()
	i := slices.IndexFunc(list, func(p Partner) bool { return p.Name == name })
	if i < 0 {
		return Partner{}, false
	}
	return list[i], true
}

// IsProcessor reports whether name is a value of processor.
func IsProcessor(name string) bool {
	_, ok := PartnerByName(name)
	return ok && name != Stripe
}

// Takes reports whether the partner takes accounts of a country.
func (p Partner) Takes(country string) bool {
	return len(p.Countries) == 0 || slices.Contains(p.Countries, country)
}

// IntegrationOff refuses a token for a partner that the team has not switched on
// (plaid-server-api.md section 9.3). title is the partner's own name.
func IntegrationOff(title string) *Error {
	return InvalidProduct("The provided API keys are not enabled for the " + title + " integration. " +
		"Please see https://dashboard.plaid.com/developers/integrations to enable your keys for this integration.")
}

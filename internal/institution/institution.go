package institution

import (
	"slices"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Health is how a bank is doing as a whole.
type Health string

// The states of a bank. A degraded bank answers slowly, a bank that is down
// refuses every login, and an unsupported one will not come back.
const (
	Healthy     Health = "healthy"
	Degraded    Health = "degraded"
	Down        Health = "down"
	Unsupported Health = "unsupported"
)

// Methods are the ways in which account numbers of a bank can be verified
// (schema AuthSupportedMethods).
type Methods struct {
	InstantAuth            bool `json:"instant_auth"`
	InstantMatch           bool `json:"instant_match"`
	AutomatedMicroDeposits bool `json:"automated_micro_deposits"`
	InstantMicroDeposits   bool `json:"instant_micro_deposits"`
}

// Any reports whether at least one method is offered.
func (m Methods) Any() bool { return m != Methods{} }

// Payments says which payments a bank takes (schema PaymentInitiationMetadata).
type Payments struct {
	International  bool              `json:"supports_international_payments"`
	SEPAInstant    bool              `json:"supports_sepa_instant"`
	RefundDetails  bool              `json:"supports_refund_details"`
	Consents       bool              `json:"supports_payment_consents"`
	MaximumAmounts map[string]string `json:"maximum_payment_amount"`
	StandingOrders StandingOrders    `json:"standing_order_metadata"`
}

// StandingOrders is schema PaymentInitiationStandingOrderMetadata.
type StandingOrders struct {
	EndDate               bool     `json:"supports_standing_order_end_date"`
	NegativeExecutionDays bool     `json:"supports_standing_order_negative_execution_days"`
	Intervals             []string `json:"valid_standing_order_intervals"`
}

// Institution is one bank of the catalogue. Its lists are shared with the
// catalogue and must not be changed.
type Institution struct {
	ID   string
	Name string
	// URL is the home page, Host the address as a person would say it.
	URL, Host string
	// PrimaryColor is #rrggbb.
	PrimaryColor   string
	CountryCodes   []string
	Products       []string // sorted names of the official document
	RoutingNumbers []string
	DTCNumbers     []string
	OAuth          bool
	Health         Health
	// HealthSince is when Health last changed, RFC 3339.
	HealthSince string
	Methods     Methods
	Payments    *Payments // nil where no payments are taken
	// Tokenized banks give each Item account numbers of its own; banks with
	// PersistentIDs name each account the same way on all Items.
	Tokenized, PersistentIDs bool
	// Connector is the name of the connector that reaches the bank.
	Connector string
	// Featured banks are offered before a search.
	Featured bool

	mark   Mark
	folded string // Name as the search compares it
}

// Country is the country whose accounts the bank keeps: the first of its list.
func (i Institution) Country() string { return i.CountryCodes[0] }

// In reports whether the bank serves one of the countries.
func (i Institution) In(countries []string) bool {
	return slices.ContainsFunc(countries, func(c string) bool { return slices.Contains(i.CountryCodes, c) })
}

// Lists reports whether every product is in the bank's product list, where
// auth stands for Instant Auth alone.
func (i Institution) Lists(products []string) bool {
	return len(i.Missing(products)) == 0
}

// Missing returns the products that the bank's product list lacks.
func (i Institution) Missing(products []string) []string {
	var out []string
	for _, p := range products {
		if !slices.Contains(i.Products, p) {
			out = append(out, p)
		}
	}
	return out
}

// Serves reports whether a person can reach every product at this bank: unlike
// Lists it counts a bank for auth when any verification method is offered
// (field products of /institutions/search).
func (i Institution) Serves(products []string) bool {
	return !slices.ContainsFunc(i.Missing(products), func(p string) bool {
		return p != "auth" || !i.Methods.Any()
	})
}

// Decimal is an exact amount of money.
type Decimal = plaid.Decimal

// ParseDecimal reads an exact amount of money.
func ParseDecimal(s string) (Decimal, error) { return plaid.ParseDecimal(s) }

// Cents is an amount given in hundredths.
func Cents(n int64) Decimal { return plaid.Cents(n) }

// IsAccountType reports whether an account may have this type and subtype.
func IsAccountType(kind, subtype string) bool {
	return slices.Contains(plaid.AccountTypes[kind], subtype)
}

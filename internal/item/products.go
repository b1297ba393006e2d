package item

import (
	"slices"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// payPerCall holds the products that are billed for each call and so never
// appear in billed_products (schema Item).
var payPerCall = map[string]bool{"balance": true, "balance_plus": true}

// Offered refuses products that the institution does not have, whether or not
// they are product names at all: PRODUCTS_NOT_SUPPORTED names every one
// (plaid-server-api.md section 11.7). Auth is offered where any way to verify an
// account is.
func Offered(in institution.Institution, products []string) error {
	var missing []string
	for _, p := range products {
		if !plaid.IsProduct(p) || !in.Serves([]string{p}) {
			missing = append(missing, p)
		}
	}
	if missing != nil {
		return plaid.ProductsNotSupported(missing...)
	}
	return nil
}

// sorted returns the members of all lists, each once, in order.
func sorted(lists ...[]string) []string {
	all := slices.Concat(lists...)
	slices.Sort(all)
	return slices.Compact(all)
}

// only returns the members of list for which keep is true, never nil.
func only(list []string, keep func(string) bool) []string {
	out := make([]string, 0, len(list))
	for _, p := range list {
		if keep(p) {
			out = append(out, p)
		}
	}
	return out
}

// scopes are the data scopes that consent to a product covers, in the order of
// schema ItemConsentedDataScope.
var scopes = []struct {
	scope    string
	products []string
}{
	{"account_balance_info", []string{
		"assets", "auth", "balance", "balance_plus", "identity", "investments", "liabilities", "signal", "transactions", "transfer",
	}},
	{"contact_info", []string{"identity", "identity_match"}},
	{"account_routing_number", []string{"auth", "investments_auth", "payment_initiation", "transfer"}},
	{"transactions", []string{"assets", "recurring_transactions", "transactions", "transactions_refresh"}},
	{"credit_loan_info", []string{"liabilities"}},
	{"investments", []string{"investments", "investments_auth"}},
	{"bank_statements", []string{"statements"}},
	{"risk_info", []string{"signal"}},
}

// dataScopes lists what the person agreed to share, never nil.
func dataScopes(products []string) []string {
	out := []string{}
	for _, s := range scopes {
		if slices.ContainsFunc(s.products, func(p string) bool { return slices.Contains(products, p) }) {
			out = append(out, s.scope)
		}
	}
	return out
}

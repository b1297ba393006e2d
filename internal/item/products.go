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

// accepts reports whether a product works with an account (account type and
// product support matrix of /docs/api/accounts/; descriptions of /transactions/get
// and /investments/holdings/get). Products that it does not limit work with every
// account.
func accepts(product string, a institution.Account) bool {
	switch product {
	case "auth", "signal", "transfer", "processor_payments":
		return a.Type == "depository" && slices.Contains(authSubtypes, a.Subtype) && a.Debitable
	case "liabilities", "credit_details":
		return a.Type == "credit" || a.Type == "loan" && (a.Subtype == "student" || a.Subtype == "mortgage")
	case "investments":
		return a.Type == "investment" || a.Type == "depository" && a.Subtype == "cash management"
	case "investments_auth":
		return a.Type == "investment"
	case "transactions", "transactions_refresh":
		// Canadian mortgages have transactions too.
		return a.Type == "depository" || a.Type == "credit" || a.Type == "loan" && (a.Subtype == "student" || a.Subtype == "mortgage" && a.Currency == "CAD")
	}
	return true
}

// noAccounts is the error of a person who has no account that a product works
// with.
var noAccounts = map[string]*plaid.Error{
	"auth": plaid.NoAuthAccounts, "signal": plaid.NoAuthAccounts, "transfer": plaid.NoAuthAccounts, "processor_payments": plaid.NoAuthAccounts,
	"liabilities": plaid.NoLiabilityAccounts, "credit_details": plaid.NoLiabilityAccounts,
	"investments": plaid.NoInvestmentAccounts, "investments_auth": plaid.NoInvestmentAccounts,
}

// connectable leaves out the products that cannot be had of an institution by a
// login, or with none of these accounts.
func connectable(in institution.Institution, products []string, accounts []institution.Account) []string {
	return only(products, func(p string) bool {
		return Offered(in, []string{p}) == nil && (p != "auth" || in.Methods.InstantAuth) &&
			slices.ContainsFunc(accounts, func(a institution.Account) bool { return accepts(p, a) })
	})
}

// having leaves out the products that an institution lacks.
func (s *Items) having(institutionID string, products []string) []string {
	in, ok := s.catalogue.Get(institutionID)
	if !ok {
		return nil
	}
	return only(products, func(p string) bool { return Offered(in, []string{p}) == nil })
}

// billedWhenCalled holds the products that are billed when they are first called,
// if they were optional in Link ("Choosing how to initialize products").
var billedWhenCalled = map[string]bool{"auth": true, "identity": true, "signal": true}

package item

import (
	"slices"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// initialize fills in what becomes of each list of products of the link token at
// this bank and with these accounts ("Choosing how to initialize products"):
// products are there, as nothing else was offered; those required if supported
// are there where the bank and one of the accounts support them; optional ones
// likewise, and Auth among them by Instant Auth alone; additional ones are only
// consented to.
func initialize(n *NewItem, in institution.Institution, t link.Token) {
	n.Products = slices.Concat(t.Products, connectable(in, t.RequiredIfSupported, n.Accounts))
	for _, p := range connectable(in, t.Optional, n.Accounts) {
		if billedWhenCalled[p] {
			n.OptionalProducts = append(n.OptionalProducts, p)
		} else {
			n.Products = append(n.Products, p)
		}
	}
	if d := t.Transparency; d != nil {
		n.UseCases, n.ConsentedProducts = d.UseCases, d.Products
		return
	}
	n.ConsentedProducts = only(slices.Concat(t.RequiredIfSupported, t.Optional, t.AdditionalConsented), func(p string) bool { return Offered(in, []string{p}) == nil })
}

// asks says what an update of an Item still needs the person's consent to: the
// products, and the use cases for an Item under Data Transparency ("Requesting
// additional use cases"). An Item that is not under it stays so: only new ones are.
func (s *Items) asks(v *link.Visit, sn *Snapshot) (products, useCases []string) {
	if len(sn.UseCases) == 0 {
		v.Token.Transparency = nil
	}
	products = only(s.having(sn.InstitutionID, v.Token.AdditionalConsented), func(p string) bool { return !slices.Contains(sn.Consented, p) })
	if d := v.Token.Transparency; d != nil {
		useCases = only(d.UseCases, func(u string) bool { return !slices.Contains(sn.UseCases, u) })
		if len(products)+len(useCases) > 0 {
			products = d.Products
		}
	}
	return products, useCases
}

// unmet is the first of the products for which none of the accounts will do, ""
// if there is none: "For each specified product, the Item must contain at least
// one compatible account" (LinkTokenCreateRequest.products).
func unmet(products []string, accounts []institution.Account) string {
	for _, p := range products {
		if !slices.ContainsFunc(accounts, func(a institution.Account) bool { return accepts(p, a) }) {
			return p
		}
	}
	return ""
}

// usableFor reports whether an account may be shared with a token: the filters
// let it through, and it is of use to one of its products. Auth is stricter: only
// accounts that it works with are offered at all. What is required if supported,
// optional or additional filters nothing. Where a person may share one account
// alone, it has to do for all products.
func usableFor(t link.Token, a institution.Account) bool {
	if !t.AccountFilters.Allows(a.Type, a.Subtype) {
		return false
	}
	for _, p := range t.Products {
		strict := noAccounts[p] == plaid.NoAuthAccounts || t.AccountSelect == link.SelectSingle
		if strict && !accepts(p, a) {
			return false
		}
	}
	return len(t.Products) == 0 || slices.ContainsFunc(t.Products, func(p string) bool { return accepts(p, a) })
}

package item

import (
	"slices"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// explainFiltered says why an institution cannot be connected with a token.
func (c *connect) explainFiltered(v *link.Visit, in institution.Institution) {
	t := v.Token
	switch {
	case !in.In(t.CountryCodes):
		v.Explain("%s (%s) is not in a country of the link token: country_codes is [%s]", in.Name, in.ID, strings.Join(t.CountryCodes, ", "))
	case Offered(in, t.Products) != nil:
		var lacks []string
		for _, p := range t.Products {
			if Offered(in, []string{p}) != nil {
				lacks = append(lacks, p)
			}
		}
		v.Explain("%s (%s) lacks what the link token's products ask for: %s; required_if_supported_products and optional_products do not rule a bank out", in.Name, in.ID, strings.Join(lacks, ", "))
	default:
		_, why := c.items.opensTyped(t, in)
		if m := c.manual(); m != nil && in.Methods.InstantMicroDeposits {
			_, form := m.AtBank(t, in)
			why += "; " + form
		}
		v.Explain("%s (%s) gives no account numbers to a login (auth_methods.instant_auth is false), and the link token's products ask for auth; %s", in.Name, in.ID, why)
	}
}

// explainNoAccounts says what left no account to choose from.
func explainNoAccounts(v *link.Visit, all []institution.Account, lacks string) {
	if len(all) == 0 {
		v.Explain("the person has no account at the bank")
		return
	}
	var kinds []string
	for _, a := range all {
		if kind := a.Type + "/" + a.Subtype; !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	had := strings.Join(kinds, ", ")
	if !slices.ContainsFunc(all, func(a institution.Account) bool { return v.Token.AccountFilters.Allows(a.Type, a.Subtype) }) {
		v.Explain("the account_filters of the link token leave none of the accounts: %s", had)
		return
	}
	if noAccounts[lacks] == plaid.NoAuthAccounts {
		v.Explain("%s takes depository accounts of the subtypes %s that can be debited, and what the account_filters leave has none: the person has %s", lacks, strings.Join(authSubtypes, ", "), had)
		return
	}
	if lacks == "" {
		v.Explain("none of the accounts can be chosen: the person has %s", had)
		return
	}
	v.Explain("%s works with none of the accounts that the account_filters and the other products leave: the person has %s", lacks, had)
}

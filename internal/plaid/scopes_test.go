package plaid

import (
	"slices"
	"testing"
)

func TestScopes(t *testing.T) {
	for _, c := range []struct{ products, want []string }{
		{nil, []string{}},
		{[]string{"auth"}, []string{"account_balance_info", "contact_info", "account_routing_number"}},
		{[]string{"transactions", "auth"}, []string{"account_balance_info", "contact_info", "account_routing_number", "transactions"}},
		{[]string{"identity_verification", "no product"}, []string{}},
	} {
		if got := ScopesOf(c.products...); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v", c.products, got)
		}
	}
	for p, scopes := range scopesOf {
		if !IsProduct(p) {
			t.Errorf("%s is no product", p)
		}
		for _, s := range scopes {
			if !slices.Contains(DataScopes, s) {
				t.Errorf("%s is no data scope", s)
			}
		}
		if !slices.Contains(CoveredBy(ScopesOf(p)), p) {
			t.Errorf("consent to %s does not cover it", p)
		}
	}
	// The guide's own example.
	if got := CoveredBy(ScopesOf("assets")); !slices.Contains(got, "transactions") || !slices.Contains(got, "identity") || slices.Contains(got, "auth") {
		t.Errorf("consent to assets covers %v", got)
	}
}

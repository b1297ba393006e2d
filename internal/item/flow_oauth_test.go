package item_test

import (
	"context"
	"net/url"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/link"
)

const platypusOAuth = "ins_127287"

// atBank does on the bank's pages what a person would do.
func (g *guest) atBank(decision string, masks ...string) *guest {
	g.Helper()
	return g.took(g.driver.OAuth(context.Background(), clientCall, link.DriverOAuth{Session: g.handle, Decision: decision, Accounts: masks}))
}

// atOAuth stands before the pages of a bank.
func (d *desk) atOAuth(t testing.TB, change ...func(*link.Token)) *guest {
	t.Helper()
	g := d.guest(t, change...).submit().pick(platypusOAuth)
	if g.View != link.OAuth {
		t.Fatalf("at %s", g.View)
	}
	return g
}

// query is what is in an address.
func query(t testing.TB, address string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

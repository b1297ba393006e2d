package item_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	. "github.com/glencheck-dev/glencheck/internal/item/itemtest"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// account is one of a custom user.
func account(accountType, subtype, name string) string {
	return fmt.Sprintf(`{"type":%q,"subtype":%q,"starting_balance":100,"meta":{"name":%q}}`, accountType, subtype, name)
}

var (
	checking  = account("depository", "checking", "Checking")
	deposit   = account("depository", "cd", "CD")
	card      = account("credit", "credit card", "Card")
	brokerage = account("investment", "brokerage", "Brokerage")
	student   = account("loan", "student", "Student")
	auto      = account("loan", "auto", "Auto")
)

// withAccounts logs a person with these accounts in.
func (g *guest) withAccounts(accounts ...string) *guest {
	g.Helper()
	return g.submit().pick(Platypus).submit("username=user_custom", `password={"override_accounts":[`+strings.Join(accounts, ",")+`]}`)
}

// names are the accounts that the pane offers.
func (g *guest) names() []string {
	var names []string
	for _, f := range g.Fields {
		for _, o := range f.Options {
			names = append(names, o.Label)
		}
	}
	return names
}

// TestProductsFilterAccounts shows which accounts each list of products leaves:
// products alone filter.
func TestProductsFilterAccounts(t *testing.T) {
	d := newDesk(t, simulated(t, storetest.SQLite(t)))
	all := []string{checking, deposit, card, brokerage, student, auto}
	every := "Checking CD Card Brokerage Student Auto"
	for _, c := range []struct {
		name string
		tok  func(*link.Token)
		want string
	}{
		{"auth", func(tok *link.Token) { tok.Products = []string{"auth"} }, "Checking"},
		{"auth among others", func(tok *link.Token) { tok.Products = []string{"transactions", "auth"} }, "Checking"},
		{"identity", func(tok *link.Token) { tok.Products = []string{"identity"} }, every},
		{"transactions", func(tok *link.Token) { tok.Products = []string{"transactions"} }, "Checking CD Card Student"},
		{"liabilities", func(tok *link.Token) { tok.Products = []string{"liabilities"} }, "Card Student"},
		{"investments", func(tok *link.Token) { tok.Products = []string{"investments"} }, "Brokerage"},
		{"several kinds", func(tok *link.Token) { tok.Products = []string{"investments", "liabilities"} }, "Card Brokerage Student"},
		{"one account for all", func(tok *link.Token) {
			tok.Products, tok.AccountSelect = []string{"transactions", "liabilities"}, link.SelectSingle
		}, "Card Student"},
		{"required if supported", func(tok *link.Token) {
			tok.Products, tok.RequiredIfSupported = []string{"identity"}, []string{"auth"}
		}, every},
		{"optional", func(tok *link.Token) { tok.Products, tok.Optional = []string{"identity"}, []string{"auth"} }, every},
		{"additional", func(tok *link.Token) { tok.Products, tok.AdditionalConsented = []string{"identity"}, []string{"auth"} }, every},
	} {
		g := d.guest(t, c.tok).withAccounts(all...)
		if got := strings.Join(g.names(), " "); g.View != link.SelectAccount || got != c.want {
			t.Errorf("%s: %s offers %s, want %s", c.name, g.View, got, c.want)
		}
	}
}

// TestProductsNeedAnAccount looks at people who lack an account for a product,
// and at those who leave it out.
func TestProductsNeedAnAccount(t *testing.T) {
	d := newDesk(t, simulated(t, storetest.SQLite(t)))
	for _, c := range []struct{ product, code string }{
		{"auth", "NO_AUTH_ACCOUNTS"}, {"signal", "NO_AUTH_ACCOUNTS"},
		{"liabilities", "NO_LIABILITY_ACCOUNTS"}, {"investments", "NO_INVESTMENT_ACCOUNTS"}, {"transactions", "NO_ACCOUNTS"},
	} {
		g := d.guest(t, func(tok *link.Token) { tok.Products = []string{c.product, "identity"} }).withAccounts(auto)
		last := g.events[len(g.events)-2]
		if g.View != link.Error || last.Name != "ERROR" || *last.Metadata.ErrorCode != c.code {
			t.Errorf("%s: %s after %s %v", c.product, g.View, last.Name, last.Metadata.ErrorCode)
		}
		if strings.Contains(g.Title, "error.") || g.Lead == "" {
			t.Errorf("%s has no words: %q %q", c.code, g.Title, g.Lead)
		}
	}
	g := d.guest(t, func(tok *link.Token) { tok.Products = []string{"transactions", "investments"} }).withAccounts(checking, brokerage)
	before := len(g.events)
	g.submit("account=a1")
	if g.View != link.SelectAccount || len(g.events) != before || g.Fields[0].Error != "Wonderwallet also needs this from one of your accounts: Holdings and trades." {
		t.Errorf("an account that is missing: %s %v", g.View, g.Fields)
	}
	if g.submit("account=a1", "account=a2"); g.View != link.Connected {
		t.Errorf("both accounts: %s", g.View)
	}
}

// TestProductsOfTheItem shows what becomes of each list in /item/get ("Choosing
// how to initialize products").
func TestProductsOfTheItem(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, simulated(t, db))
		for _, c := range []struct {
			name                                 string
			tok                                  func(*link.Token)
			account, products, billed, consented string
		}{
			{"required where bank and account support it", func(tok *link.Token) {
				tok.Products, tok.RequiredIfSupported = []string{"identity"}, []string{"auth", "investments"}
			}, checking, "[auth identity]", "[auth identity]", "[auth identity investments]"},
			{"required, and the account does not", func(tok *link.Token) {
				tok.Products, tok.RequiredIfSupported = []string{"identity"}, []string{"auth"}
			}, card, "[identity]", "[identity]", "[auth identity]"},
			{"required, and the bank does not", func(tok *link.Token) {
				tok.Products, tok.RequiredIfSupported = []string{"identity"}, []string{"payment_initiation"}
			}, checking, "[identity]", "[identity]", "[identity]"},
			{"optional", func(tok *link.Token) {
				tok.Products, tok.Optional = []string{"statements"}, []string{"auth", "identity", "transactions"}
			}, checking, "[auth identity statements transactions]", "[statements transactions]", "[auth identity statements transactions]"},
			{"optional, and the account does not", func(tok *link.Token) {
				tok.Products, tok.Optional = []string{"identity"}, []string{"auth", "liabilities"}
			}, card, "[identity liabilities]", "[identity liabilities]", "[auth identity liabilities]"},
			{"additional", func(tok *link.Token) {
				tok.Products, tok.AdditionalConsented = []string{"identity"}, []string{"auth", "transactions"}
			}, checking, "[identity]", "[identity]", "[auth identity transactions]"},
		} {
			g := d.guest(t, c.tok).withAccounts(c.account).submit("account=a1").submit()
			if g.Done == nil || g.Done.Kind != "success" {
				t.Fatalf("%s: %+v", c.name, g.DriverAnswer)
			}
			out := d.OK("/item/public_token/exchange", Body{"public_token": *g.Done.PublicToken})
			it := d.OK("/item/get", Body{"access_token": out["access_token"]})["item"].(map[string]any)
			got := fmt.Sprint(it["products"], it["billed_products"], it["consented_products"])
			if want := c.products + " " + c.billed + " " + c.consented; got != want {
				t.Errorf("%s: %s, want %s", c.name, got, want)
			}
			for _, p := range it["billed_products"].([]any) {
				if slices.Contains(it["available_products"].([]any), p) {
					t.Errorf("%s: %v is billed and available", c.name, p)
				}
			}
		}
	})
}

// TestOptionalAuthIsInstantAuth links at a bank that verifies numbers in other
// ways only.
func TestOptionalAuthIsInstantAuth(t *testing.T) {
	d := newDesk(t, simulated(t, storetest.SQLite(t)))
	for _, list := range []func(*link.Token){
		func(tok *link.Token) { tok.Optional = []string{"auth"} },
		func(tok *link.Token) { tok.RequiredIfSupported = []string{"auth"} },
	} {
		g := d.guest(t, func(tok *link.Token) { tok.Products = []string{"identity"}; list(tok) })
		g.submit().pick("ins_109512").submit("username=user_good", "password=pass_good").submit("account=a1").submit() // Houndstooth
		if g.Done == nil || g.Done.Kind != "success" {
			t.Fatalf("%+v", g.DriverAnswer)
		}
		out := d.OK("/item/public_token/exchange", Body{"public_token": *g.Done.PublicToken})
		it := d.OK("/item/get", Body{"access_token": out["access_token"]})["item"].(map[string]any)
		if got := fmt.Sprint(it["products"]); got != "[identity]" {
			t.Errorf("products %s", got)
		}
	}
}

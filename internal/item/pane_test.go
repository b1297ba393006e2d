package item

import (
	"testing"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

func TestMoney(t *testing.T) {
	for _, c := range []struct{ lang, currency, amount, want string }{
		{"en", "USD", "100", "$100.00"},
		{"en", "USD", "12060", "$12,060.00"},
		{"en", "USD", "1234567.8", "$1,234,567.80"},
		{"en", "USD", "23631.9805", "$23,631.98"},
		{"en", "USD", "-5.5", "−$5.50"},
		{"en", "GBP", "999", "£999.00"},
		{"en", "CHF", "1000", "CHF\u00a01,000.00"},
		{"de", "EUR", "12060", "12.060,00\u00a0€"},
		{"fr", "EUR", "12060", "12\u202f060,00\u00a0€"},
		{"nl", "EUR", "12060", "€\u00a012.060,00"},
		{"sv", "SEK", "12060", "12\u00a0060,00\u00a0SEK"},
		{"xx", "USD", "1", "$1.00"},
	} {
		if got := money(c.lang, c.currency, plaid.MustDecimal(c.amount)); got != c.want {
			t.Errorf("%s %s in %s: %q, want %q", c.amount, c.currency, c.lang, got, c.want)
		}
	}
}

func TestMatched(t *testing.T) {
	for _, c := range []struct{ name, query, want string }{
		{"First Platypus Bank", "platypus", "Platypus"},
		{"First Platypus Bank", "FIRST PLA", "First Pla"},
		{"First Platypus Bank", "atypus", "atypus"},
		{"First Platypus Bank", "bank first", "Bank"},
		{"First Platypus Bank", "ank xyz", ""},
		{"First Platypus Bank", "zzyx", ""},
		{"First Platypus Bank", "", ""},
		{"Crédit Agricole", "CRÉDIT", "Crédit"},
		{"Crédit Agricole", "édit a", "édit A"},
		{"Ünion", "ünion bank of nowhere", "Ünion"},
		{"A", "a very long query", "A"},
	} {
		from, to := matched(c.name, c.query)
		if got := c.name[from:to]; got != c.want {
			t.Errorf("%q in %q: %q, want %q", c.query, c.name, got, c.want)
		}
	}
}

func FuzzMatched(f *testing.F) {
	f.Add("First Platypus Bank", "platypus")
	f.Add("\xff\xfe", "\xff")
	f.Fuzz(func(t *testing.T, name, query string) {
		if from, to := matched(name, query); from < 0 || to < from || to > len(name) {
			t.Errorf("%d to %d of %d", from, to, len(name))
		}
	})
}

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
		// Hindi counts in lakhs: three digits, then pairs.
		{"hi", "USD", "100", "$100.00"},
		{"hi", "USD", "1234", "$1,234.00"},
		{"hi", "USD", "12345.6", "$12,345.60"},
		{"hi", "USD", "123456", "$1,23,456.00"},
		{"hi", "USD", "1234567.8", "$12,34,567.80"},
		{"hi", "USD", "-123456789", "−$12,34,56,789.00"},
		// Four digits stay together in some languages, five are parted.
		{"es", "USD", "1234.5", "1234,50\u00a0$"},
		{"es", "USD", "12345.5", "12.345,50\u00a0$"},
		{"es", "EUR", "1234567.8", "1.234.567,80\u00a0€"},
		{"it", "EUR", "1234.5", "1234,50\u00a0€"},
		{"pt", "EUR", "1234.5", "1234,50\u00a0€"},
		{"pt", "EUR", "12345.5", "12\u00a0345,50\u00a0€"},
		{"pl", "USD", "1234.5", "1234,50\u00a0$"},
		{"et", "EUR", "1234.5", "1234,50\u00a0€"},
		{"lv", "EUR", "1234.5", "1234,50\u00a0€"},
		{"lt", "EUR", "1234.5", "1\u00a0234,50\u00a0€"},
		{"vi", "USD", "1234.5", "1.234,50\u00a0$"},
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

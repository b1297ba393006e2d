package institution

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestSearch(t *testing.T) {
	c := New()
	for _, tt := range []struct {
		query     string
		countries []string
		products  []string
		want      []string // the first results
		total     int      // or -1
	}{
		{"Platypus Bank", []string{"US"}, []string{"transactions"}, []string{"First Platypus Bank", "Platypus OAuth Bank", "Platypus Bank RUX Auth", "Platypus Bank RUX Match"}, -1},
		{"FIRST PLATYPUS BANK", []string{"US"}, nil, []string{"First Platypus Bank", "First Platypus Bank - OAuth"}, -1},
		{"firstplatypus", []string{"US"}, nil, []string{"First Platypus Bank"}, -1},
		{"tartan dominion", []string{"CA"}, nil, []string{"Tartan-Dominion Bank of Canada"}, 1},
		{"Tartan", []string{"US", "CA"}, nil, []string{"Tartan Bank", "Tartan-Dominion Bank of Canada"}, 2},
		{"  gíngham   CREDIT ", []string{"US"}, nil, []string{"First Gingham Credit Union"}, 1},
		{"union gingham", []string{"US"}, nil, []string{"First Gingham Credit Union"}, 1},
		{"ingham", []string{"US"}, nil, []string{"First Gingham Credit Union"}, 1},
		{"hound", []string{"US"}, []string{"auth"}, []string{"Houndstooth Bank"}, 1},
		{"tattersall", []string{"US"}, []string{"auth"}, []string{}, 0},
		{"windowpane", []string{"US"}, []string{"auth"}, []string{"Windowpane Bank"}, 1},
		{"windowpane", []string{"US"}, []string{"auth", "identity"}, []string{}, 0},
		{"Royal Bank of Plaid", []string{"US"}, nil, []string{}, 0},
		{"Royal Bank of Plaid", []string{"GB"}, nil, []string{"Royal Bank of Plaid"}, 1},
		{"", []string{"US"}, nil, []string{}, 0},
		{" - ", []string{"US"}, nil, []string{}, 0},
		{"zzz", nil, nil, []string{}, 0},
		{"bank", []string{"US"}, nil, []string{"First Platypus Bank", "Platypus OAuth Bank", "Houndstooth Bank", "Windowpane Bank", "Tartan Bank", "Bank of America"}, 10},
	} {
		got := names(c.Search(tt.query, tt.countries, tt.products, 10))
		if len(got) < len(tt.want) || !slices.Equal(got[:len(tt.want)], tt.want) || tt.total >= 0 && len(got) != tt.total {
			t.Errorf("%q in %v for %v: %q", tt.query, tt.countries, tt.products, got)
		}
	}
}

// TestALongQueryFindsNothing: what no bank is called is not worth the time that
// it would take to look for.
func TestALongQueryFindsNothing(t *testing.T) {
	c := New()
	for query, found := range map[string]bool{strings.Repeat("a ", 250): true, strings.Repeat("a ", 251): false} {
		if got := c.Search(query, nil, nil, 0); (len(got) > 0) != found {
			t.Errorf("%d bytes: %d institutions", len(query), len(got))
		}
	}
}

// TestSearchProperties: the order and the letters of case do not matter, the
// limit and the filters hold, and a bank is found by any word of its name.
func TestSearchProperties(t *testing.T) {
	c := New()
	all := c.List(Filter{})
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.SampledFrom(all).Draw(t, "institution")
		words := strings.Fields(fold(in.Name))
		word := rapid.SampledFrom(words).Draw(t, "word")
		query := word[:rapid.IntRange(1, len(word)).Draw(t, "letters")]
		if rapid.Bool().Draw(t, "shout") {
			query = strings.ToUpper(query)
		}
		got := c.Search(query, in.CountryCodes, in.Products, 0)
		if !slices.ContainsFunc(got, func(i Institution) bool { return i.ID == in.ID }) {
			t.Fatalf("%q does not find %s", query, in.Name)
		}
		limit := rapid.IntRange(1, 5).Draw(t, "limit")
		few := c.Search(query, in.CountryCodes, in.Products, limit)
		if len(few) != min(limit, len(got)) {
			t.Fatalf("limit %d of %d gave %d", limit, len(got), len(few))
		}
		last := matchWhole
		for n, i := range got {
			if n < len(few) && few[n].ID != i.ID {
				t.Fatal("a limit changes the order")
			}
			q := i.match(fold(query))
			if q < last || q == matchNone || !i.In(in.CountryCodes) || !i.Serves(in.Products) {
				t.Fatalf("%q: %s (%d) after %d", query, i.Name, q, last)
			}
			last = q
		}
	})
}

func TestFoldIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		f := fold(s)
		if f != strings.TrimSpace(f) || strings.Contains(f, "  ") {
			t.Fatalf("%q folds to %q", s, f)
		}
		for _, r := range f {
			if r != ' ' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				t.Fatalf("%q folds to %q", s, f)
			}
		}
	})
}

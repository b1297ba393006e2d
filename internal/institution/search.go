package institution

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold brings a name into the form in which names are compared: lower case,
// without accents, words of letters and digits with one space between them.
func fold(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’':
			continue
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(unicode.ToLower(r))
		default:
			gap = true
		}
	}
	return b.String()
}

// The quality of a match, best first.
const (
	matchWhole    = iota // the name itself
	matchOften           // one of the next two, at a bank that is often chosen
	matchStart           // the name begins with the query
	matchWords           // every word of the query begins a word of the name
	matchAnywhere        // every word of the query is somewhere in the name
	matchNone
)

// match compares a folded query with the institution's name.
func (i *Institution) match(query string) int {
	q := match(i.folded, query)
	if i.Featured && (q == matchStart || q == matchWords) {
		return matchOften
	}
	return q
}

// match compares a folded query with a folded name.
func match(name, query string) int {
	switch {
	case query == "":
		return matchNone
	case name == query:
		return matchWhole
	case strings.HasPrefix(name, query):
		return matchStart
	}
	quality := matchWords
	for _, q := range strings.Fields(query) {
		quality = max(quality, matchWord(name, q))
	}
	if quality == matchNone && strings.Contains(squeeze(name), squeeze(query)) {
		return matchAnywhere // "firstplatypus", "tartandominion"
	}
	return quality
}

func matchWord(name, word string) int {
	switch {
	case strings.HasPrefix(name, word), strings.Contains(name, " "+word):
		return matchWords
	case strings.Contains(name, word):
		return matchAnywhere
	}
	return matchNone
}

func squeeze(s string) string { return strings.ReplaceAll(s, " ", "") }

// Search finds institutions by name: those that serve one of the countries (any
// for none) and all products, best match first and then in the catalogue's
// order; among good matches the banks that are often chosen come first. At most limit are returned; a limit of 0 or less means all.
func (c *Catalogue) Search(query string, countries, products []string, limit int) []Institution {
	return c.search(query, limit, func(i Institution) bool {
		return (len(countries) == 0 || i.In(countries)) && i.Serves(products)
	})
}

// maxQuery is the longest query that is looked at, in bytes; no name of a bank
// is nearly as long. The time a search takes grows with its query.
const maxQuery = 500

func (c *Catalogue) search(query string, limit int, keep func(Institution) bool) []Institution {
	if len(query) > maxQuery {
		return []Institution{}
	}
	type hit struct {
		Institution
		quality int
	}
	var hits []hit
	query = fold(query)
	for _, i := range c.list {
		q := i.match(query)
		if q == matchNone {
			continue
		}
		if i = c.now(i); keep(i) {
			hits = append(hits, hit{i, q})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(a.quality, b.quality) })
	out := []Institution{}
	for _, h := range hits {
		if limit > 0 && len(out) == limit {
			break
		}
		out = append(out, h.Institution)
	}
	return out
}

package list

import (
	_ "embed"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"
)

// countries.txt has a line for each country: its code, and its English names as the
// lists write them, the usual one first.
//
//go:embed countries.txt
var countriesText string

var countries = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for l := range strings.Lines(countriesText) {
		code, names, _ := strings.Cut(strings.TrimSpace(l), " ")
		m[code] = code
		for name := range strings.SplitSeq(names, "|") {
			m[countryKey(name)] = code
		}
	}
	return m
})

// countryKey is a name without what its writers differ in.
func countryKey(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case r >= 'a' && r <= 'z':
			b.WriteRune(r)
		case r == '&':
			b.WriteString("and")
		}
	}
	return strings.TrimPrefix(b.String(), "the")
}

// Country is the ISO 3166-1 alpha-2 code of a country by its English name or its
// code; "" if it is not known.
func Country(s string) string {
	if code := countries()[strings.ToUpper(s)]; len(s) == 2 && code != "" {
		return code
	}
	return countries()[countryKey(s)]
}

// IsCountry reports whether a text is a code of a country, in capitals.
func IsCountry(code string) bool {
	return len(code) == 2 && code == strings.ToUpper(code) && countries()[code] == code
}

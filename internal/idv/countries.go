package idv

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/glencheck-dev/glencheck/internal/idv/person"
	"github.com/glencheck-dev/glencheck/internal/link"
)

// place is a country by its name in a language.
type place struct {
	code, name string
	calling    string // +1
}

var places sync.Map // language -> []place

// placesIn lists the countries whose people can be verified, in the order of their
// names in a language.
func placesIn(lang string) []place {
	if list, ok := places.Load(lang); ok {
		return list.([]place)
	}
	names := display.Regions(language.Make(lang))
	var list []place
	for _, c := range person.Countries() {
		p := place{code: c.Code, name: c.Name}
		if region, err := language.ParseRegion(c.Code); err == nil && names != nil {
			if name := names.Name(region); name != "" {
				p.name = name
			}
		}
		if n := phonenumbers.GetCountryCodeForRegion(c.Code); n > 0 {
			p.calling = "+" + strconv.Itoa(n)
		}
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b place) int { return strings.Compare(fold(a.name), fold(b.name)) })
	places.Store(lang, list)
	return list
}

// countryOptions are the countries to choose from.
func countryOptions(v *link.Visit, chosen string) []link.Option {
	list := placesIn(v.Token.Language)
	options := make([]link.Option, len(list))
	for i, p := range list {
		options[i] = link.Option{Value: p.code, Label: p.name, Chosen: p.code == chosen}
	}
	return options
}

// callingCodes are the countries to choose from for a telephone number.
func callingCodes(v *link.Visit, chosen string) []link.Option {
	var options []link.Option
	for _, p := range placesIn(v.Token.Language) {
		if p.calling != "" {
			options = append(options, link.Option{Value: p.code, Label: p.name + " (" + p.calling + ")", Chosen: p.code == chosen})
		}
	}
	return options
}

// countryName is the name of a country in the language of the session.
func countryName(v *link.Visit, code string) string {
	for _, p := range placesIn(v.Token.Language) {
		if p.code == code {
			return p.name
		}
	}
	return code
}

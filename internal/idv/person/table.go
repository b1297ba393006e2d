package person

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Need says whether a country takes a part of a person's data.
type Need byte

// The needs, as the letters of the table.
const (
	Required    Need = 'R'
	Optional    Need = 'O'
	NotAccepted Need = 'N'
)

// Country is one of the countries whose residents can be verified.
type Country struct {
	Code string // ISO 3166-1 alpha-2
	Name string // English

	PostalCode Need
	Region     Need
	IDNumber   Need // Required only where a type exists

	// Regions in the order of their names, those that are no longer offered last.
	Regions []Region
	// IDTypes are the types of the country, also where Plaid takes none of them.
	IDTypes []*IDType
	// PostalShapes are the forms of its postal codes; empty where it has none.
	PostalShapes []string

	regions map[string]bool
}

// Region is a subdivision of a country.
type Region struct {
	Code string // ISO 3166-2 without the country
	Name string // English
	Old  bool   // accepted and no longer offered
}

// HasRegion reports whether code is a subdivision of the country.
func (c *Country) HasRegion(code string) bool { return c.regions[code] }

//go:embed data/countries.tsv
var countriesTSV string

//go:embed data/regions.tsv
var regionsTSV string

//go:embed data/idtypes.tsv
var idTypesTSV string

// tables are the three files, read.
type tables struct {
	countries []*Country // by code
	byCode    map[string]*Country
	types     []*IDType // by name
	byName    map[string]*IDType
	typeNames string
}

// load reads the tables at their first use; they are part of the program, so a
// row that cannot be read is a mistake of ours.
var load = sync.OnceValue(func() *tables {
	t := &tables{byCode: map[string]*Country{}, byName: map[string]*IDType{}}
	for f := range rows("countries.tsv", countriesTSV, 6) {
		c := &Country{Code: f[0], Name: f[1], PostalCode: need(f[2]), Region: need(f[3]), IDNumber: need(f[4]), regions: map[string]bool{}}
		if f[5] != "" {
			c.PostalShapes = strings.Split(f[5], "|")
		}
		t.countries, t.byCode[c.Code] = append(t.countries, c), c
	}
	for f := range rows("regions.tsv", regionsTSV, 4) {
		c := t.byCode[f[0]]
		c.Regions = append(c.Regions, Region{Code: f[1], Name: f[2], Old: f[3] == "old"})
		c.regions[f[1]] = true
	}
	var names []string
	for f := range rows("idtypes.tsv", idTypesTSV, 9) {
		it := &IDType{
			Name: f[0], Country: f[1], Category: f[2], Words: f[4], Example: f[5], Level: Level(f[6][0]), Mask: f[7], Title: f[8],
			pattern: regexp.MustCompile(`^(?:` + f[3] + `)$`), digits: !strings.ContainsAny(f[3], "AKX"), examine: examiners[f[0]],
		}
		c := t.byCode[it.Country]
		c.IDTypes = append(c.IDTypes, it)
		t.types, t.byName[it.Name], names = append(t.types, it), it, append(names, it.Name)
	}
	for _, c := range t.countries {
		if c.IDNumber == Required && len(c.IDTypes) == 0 {
			c.IDNumber = NotAccepted // Czechia and Finland
		}
	}
	t.typeNames = strings.Join(names, ", ")
	return t
})

func need(s string) Need {
	if s != "R" && s != "O" && s != "N" {
		panic(fmt.Sprintf("person: %q is no need", s))
	}
	return Need(s[0])
}

// rows yields the lines of a table, each with n fields; missing ones at the end
// are empty.
func rows(name, table string, n int) func(yield func([]string) bool) {
	return func(yield func([]string) bool) {
		for line := range strings.Lines(table) {
			f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
			if len(f) > n {
				panic(fmt.Sprintf("person: a row of %s has %d fields", name, len(f)))
			}
			if !yield(append(f, make([]string, n-len(f))...)) {
				return
			}
		}
	}
}

// Countries lists the supported countries by code.
func Countries() []*Country { return slices.Clone(load().countries) }

// CountryOf finds a supported country by its code.
func CountryOf(code string) (*Country, bool) {
	c, ok := load().byCode[code]
	return c, ok
}

// IDTypes lists the types of ID numbers by name.
func IDTypes() []*IDType { return slices.Clone(load().types) }

// IDTypeOf finds a type of ID number by its name.
func IDTypeOf(name string) (*IDType, bool) {
	t, ok := load().byName[name]
	return t, ok
}

// TakesIDType reports whether a person of the country may give a number of the
// type under the policy.
func (c *Country) TakesIDType(t *IDType, p Policy) bool {
	return t.Country == c.Code && (c.IDNumber != NotAccepted || p.EveryIDType)
}

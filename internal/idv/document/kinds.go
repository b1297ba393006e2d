package document

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// Category is a word of DocumentaryVerificationDocument.extracted_data.category.
type Category string

// The categories.
const (
	Passport        Category = "passport"
	IDCard          Category = "id_card"
	DriversLicense  Category = "drivers_license"
	ResidencePermit Category = "residence_permit_card"
	ResidentCard    Category = "resident_card"
	Visa            Category = "visa"
)

// Categories are all of them. Those that people choose from are in the table of kinds; the others
// are read from documents.
var Categories = []Category{Passport, IDCard, DriversLicense, ResidencePermit, ResidentCard, Visa}

// Kind is a kind of document that people of a country have.
type Kind struct {
	Country  string // ISO 3166-1 alpha-2
	Category Category
	Sides    int    // 1 or 2 pictures
	Machine  string // mrz, aamva, or "" where a person has to read it
	On       string // front or back: the side with the machine-readable part
}

//go:embed kinds.tsv
var kindsTSV string

var kinds = sync.OnceValue(func() map[string][]Kind {
	all := map[string][]Kind{}
	for line := range strings.Lines(kindsTSV) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		all[f[0]] = append(all[f[0]], Kind{Country: f[0], Category: Category(f[1]), Sides: int(f[2][0] - '0'), Machine: f[3], On: f[4]})
	}
	return all
})

// Countries lists the countries with documents of these categories, or of any where
// none are named, in no order.
func Countries(accepted []Category) []string {
	var list []string
	for country, all := range kinds() {
		if slices.ContainsFunc(all, func(k Kind) bool { return len(accepted) == 0 || slices.Contains(accepted, k.Category) }) {
			list = append(list, country)
		}
	}
	return list
}

// KindsOf lists the documents that people of a country choose from.
func KindsOf(country string) []Kind { return slices.Clone(kinds()[country]) }

// KindOf finds one of them.
func KindOf(country string, c Category) (Kind, bool) {
	for _, k := range kinds()[country] {
		if k.Category == c {
			return k, true
		}
	}
	return Kind{}, false
}

package document

import (
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/glencheck-dev/glencheck/internal/idv/reader"
)

// Extracted is what a document says (schema PhysicalDocumentExtractedData). Empty
// is not known.
type Extracted struct {
	Category       Category
	IssuingCountry string // ISO 3166-1 alpha-2
	IssuingRegion  string
	Number         string
	GivenName      string // all given names
	FamilyName     string
	NameCut        bool // more of the name may be missing
	Birth          string
	Issued         string
	Expiry         string
	Sex            string
	Address        *Address // nil unless street, city and country are known

	// Specimen says that the document calls itself a specimen where machines read it:
	// its issuer is the Utopia of the standard's examples, or it has SpecimenMark.
	Specimen bool
}

// Address is the address on a document.
type Address struct{ Street, City, Region, PostalCode, Country string }

// SpecimenMark is what specimens of our own have where issuers put what they like: in
// the optional data of a zone, and at the head of the document discriminator (DCF) of a
// licence.
const SpecimenMark = "SPECIMEN"

// Extract takes the data out of a reading; nil where nothing was read.
func Extract(r *reader.Reading) *Extracted {
	switch {
	case r.MRZ != nil:
		return fromZone(r.MRZ)
	case r.Licence != nil:
		return fromLicence(r.Licence)
	}
	return nil
}

func fromZone(m *reader.MRZ) *Extracted {
	return &Extracted{
		Category: categoryOf(m.Code), IssuingCountry: Alpha2(m.Issuer), Number: m.Number,
		GivenName: m.GivenNames, FamilyName: m.Surname, NameCut: m.NameCut,
		Birth: m.Birth.String(), Expiry: m.Expiry.String(), Sex: m.Sex,
		Specimen: m.Issuer == "UTO" || slices.Contains(m.Optional, SpecimenMark),
	}
}

// categoryOf reads the code of a zone: its first letter, and R as the second for
// residence permits.
func categoryOf(code string) Category {
	switch {
	case code[0] == 'P' || code == "IP":
		return Passport
	case code[0] == 'V':
		return Visa
	case strings.HasSuffix(code, "R") && len(code) == 2:
		return ResidencePermit
	}
	return IDCard
}

func fromLicence(l *reader.Licence) *Extracted {
	e := &Extracted{
		Category: DriversLicense, IssuingCountry: l.Country, IssuingRegion: l.Region, Number: l.Number,
		GivenName: strings.TrimSpace(l.GivenName + " " + l.MiddleName), FamilyName: l.FamilyName, NameCut: l.NameCut,
		Birth: l.Birth.String(), Issued: l.Issued.String(), Expiry: l.Expiry.String(), Sex: l.Sex,
		Specimen: strings.HasPrefix(l.Elements["DCF"], SpecimenMark),
	}
	if l.Kind == "ID" {
		e.Category = IDCard
	}
	if l.Street != "" && l.City != "" && l.Country != "" {
		e.Address = &Address{Street: l.Street, City: l.City, Region: l.State, PostalCode: l.PostalCode, Country: l.Country}
	}
	return e
}

// Alpha2 is the two-letter code of a state as zones write it: ISO 3166-1 alpha-3,
// and the codes that ICAO 9303 part 3 has of its own. "" for those that are no
// country.
func Alpha2(code string) string {
	switch code {
	case "D":
		return "DE"
	case "GBD", "GBN", "GBO", "GBP", "GBS":
		return "GB"
	case "RKS", "XKX", "KS":
		return "XK"
	}
	if len(code) != 3 || code[0] == 'X' || code == "UTO" || code == "ZZZ" {
		return ""
	}
	r, err := language.ParseRegion(code)
	if err != nil || !r.IsCountry() || r.ISO3() != code {
		return ""
	}
	return r.String()
}

// Age is how many years old somebody born on a day (YYYY-MM-DD) is at now; -1 where
// the day is not known or still to come.
func Age(birth string, now time.Time) int {
	b, err := time.Parse(time.DateOnly, birth)
	if err != nil || b.After(now) {
		return -1
	}
	age := now.Year() - b.Year()
	if now.Month() < b.Month() || now.Month() == b.Month() && now.Day() < b.Day() {
		age--
	}
	return age
}

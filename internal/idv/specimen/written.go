package specimen

import (
	"cmp"
	"strings"

	"golang.org/x/text/language"

	"github.com/glencheck-dev/glencheck/internal/idv/document"
	"github.com/glencheck-dev/glencheck/internal/idv/reader"
	"github.com/glencheck-dev/glencheck/internal/idv/reader/pdf417"
	"github.com/glencheck-dev/glencheck/internal/idv/specimen/machine"
)

func codewords() string { return pdf417.Codewords() }

// zone is what the zone of the person's document says.
func (p Person) zone(d paper) machine.Holder {
	state := alpha3(d.kind.Country)
	h := machine.Holder{
		Surname: zoneName(p.FamilyName), GivenNames: zoneName(p.GivenName), Number: zoneNumber(p.Number), Issuer: state, Nationality: state,
		Birth: short(p.DateOfBirth), Expiry: short(d.expiry), Sex: p.Sex, Optional: document.SpecimenMark,
	}
	if d.kind.Category == document.ResidencePermit {
		h.Code = "IR"
	}
	return h
}

// alpha3 is the code of a state in zones.
func alpha3(country string) string {
	if country == "DE" {
		return "D"
	}
	r, err := language.ParseRegion(country)
	if err != nil {
		return country
	}
	return r.ISO3()
}

// short is YYMMDD.
func short(day string) string { return strings.ReplaceAll(day, "-", "")[2:] }

// zoneNumber is a number in the characters of a zone, at most nine of them.
func zoneNumber(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, strings.ToUpper(s))
	return s[:min(len(s), 9)]
}

// licence is what the barcode of the person's licence says.
func (p Person) licence(d paper) string {
	given, middle, _ := strings.Cut(zoneName(p.GivenName), " ")
	day := func(s string) string { // MMDDCCYY, in Canada CCYYMMDD
		s = strings.ReplaceAll(s, "-", "")
		if d.kind.Country == "US" {
			return s[4:] + s[:4]
		}
		return s
	}
	kind := "DL"
	if d.kind.Category == document.IDCard {
		kind = "ID"
	}
	elements := []string{
		"DAQ" + p.Number, "DCS" + zoneName(p.FamilyName), "DDEN", "DAC" + given, "DDFN", "DAD" + cmp.Or(middle, "NONE"), "DDGN",
		"DCANONE", "DCBNONE", "DCDNONE", "DBD" + day(d.issued), "DBB" + day(p.DateOfBirth), "DBA" + day(d.expiry),
		"DBC" + map[string]string{"M": "1", "F": "2"}[p.Sex], "DAU062 in", "DAYUNK",
		"DAG" + printable(p.Street, "1 SPECIMEN ST"), "DAI" + printable(p.City, "SPECIMEN"), "DAJ" + printable(p.Region, "XX"), "DAK" + printable(p.PostalCode, "00000"),
		"DCF" + document.SpecimenMark + p.digits(8), "DCG" + alpha3(d.kind.Country),
	}
	if p.Sex == "" {
		elements = machine.With(elements, "DBC9")
	}
	return machine.AAMVA(reader.IssuerOf(d.kind.Country, p.Region), 10, kind, elements)
}

// printable is a text for a barcode, in capitals, or what stands there instead.
func printable(s, instead string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, strings.ToUpper(s))
	return cmp.Or(strings.TrimSpace(s), instead)
}

package document

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/glencheck-dev/glencheck/internal/idv/person"
	"github.com/glencheck-dev/glencheck/internal/idv/photo"
	"github.com/glencheck-dev/glencheck/internal/idv/reader"
	"github.com/glencheck-dev/glencheck/internal/idv/reader/specimentest"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func TestKinds(t *testing.T) {
	for _, c := range person.Countries() {
		all := KindsOf(c.Code)
		p, ok := KindOf(c.Code, Passport)
		if !ok || p != (Kind{c.Code, Passport, 1, "mrz", "front"}) || len(all) < 3 {
			t.Errorf("%s: %+v", c.Code, all)
		}
		seen := map[Category]bool{}
		for _, k := range all {
			if k.Sides < 1 || k.Sides > 2 || (k.Machine == "") != (k.On == "") || k.Sides == 1 && k.On == "back" || seen[k.Category] {
				t.Errorf("%+v", k)
			}
			seen[k.Category] = true
		}
	}
	if k, _ := KindOf("US", DriversLicense); k.Machine != "aamva" || k.On != "back" || k.Sides != 2 {
		t.Errorf("%+v", k)
	}
	if k, _ := KindOf("DE", IDCard); k.Machine != "mrz" {
		t.Errorf("%+v", k)
	}
	if _, ok := KindOf("GB", IDCard); ok || KindsOf("KP") != nil {
		t.Error("the United Kingdom has an identity card, or North Korea documents")
	}
}

func TestAlpha2(t *testing.T) {
	for code, want := range map[string]string{"USA": "US", "D": "DE", "GBR": "GB", "GBO": "GB", "RKS": "XK", "UTO": "", "XXA": "", "": "", "EUE": "", "ZZZ": "", "usa": "", "US": "", "KOR": "KR", "ROU": "RO", "ZAF": "ZA", "QQQ": ""} {
		if got := Alpha2(code); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}

func TestAge(t *testing.T) {
	for birth, want := range map[string]int{"2008-11-22": 18, "2008-11-23": 17, "2008-12-01": 17, "1975-01-18": 51, "2026-11-22": 0, "2030-01-01": -1, "": -1, "x": -1, "2004-02-29": 22} {
		if got := Age(birth, now); got != want {
			t.Errorf("%s: %d, want %d", birth, got, want)
		}
	}
}

// close scores two names that differ in one letter as nearly the same.
func close(a, b string) int {
	a, b = fold(a), fold(b)
	if len(a) != len(b) || len(a) < 4 {
		return 0
	}
	n := 0
	for i := range len(a) {
		if a[i] != b[i] {
			n++
		}
	}
	if n == 1 {
		return 90
	}
	return 0
}

func TestNames(t *testing.T) {
	for _, c := range []struct {
		given, family, typedGiven, typedFamily string
		cut                                    bool
		want                                   Match
	}{
		{"ANNA MARIA", "ERIKSSON", "Anna Maria", "Eriksson", false, Same},
		{"ANNA MARIA", "ERIKSSON", "Anna", "Eriksson", false, Same},
		{"ANNA MARIA", "ERIKSSON", "Maria", "Eriksson", false, Partial},
		{"ANNA MARIA", "ERIKSSON", "Ann", "Eriksson", false, Differs},
		{"ANNA", "ERIKSSON", "Anna Maria", "Eriksson", false, Partial},
		{"ANNA MARIA", "ERIKSSON", "Anna", "Erikson", false, Differs},
		{"ANNA MARIA", "ERIKSSON", "Anna", "Erikssen", false, Partial}, // one letter
		{"JUERGEN", "MUELLER", "Jürgen", "Müller", false, Same},
		{"JURGEN", "MULLER", "Jürgen", "Müller", false, Same},
		{"JUERGEN", "MUELLER", "Juergen", "Mueller", false, Same},
		{"SOEREN", "AAGAARD", "Søren", "Ågård", false, Same},
		{"LUKASZ", "WALESA", "Łukasz", "Wałęsa", false, Same},
		{"JOSE", "NUNXXEZ", "José", "Nuñez", false, Same},
		{"JOSE", "NUNEZ", "José", "Núñez", false, Same},
		{"SEAN", "O NEILL", "Seán", "O'Neill", false, Same},
		{"SEAN", "ONEILL", "Seán", "O’Neill", false, Same},
		{"MARY ANN", "SMITH JONES", "Mary-Ann", "Smith-Jones", false, Same},
		{"LESLIE", "KNOPE WYATT", "Leslie", "Knope", false, Partial},
		{"LESLIE", "KNOPE", "Leslie", "Knope-Wyatt", false, Partial},
		{"NILAVADHANANANDA CHAYAPA DEJTHAMRONG KRAS", "NILAVADHANANANDA", "Nilavadhanananda Chayapa Dejthamrong Krasuang", "Nilavadhanananda", true, Same},
		{"LESLIE", "KNOPE", "Ron", "Swanson", false, Differs},
		{"", "KNOPE", "Leslie", "Knope", false, Unknown},
		{"LESLIE", "KNOPE", "", "", false, Unknown},
	} {
		e := &Extracted{GivenName: c.given, FamilyName: c.family, NameCut: c.cut}
		if got := Compare(e, Person{GivenName: c.typedGiven, FamilyName: c.typedFamily}, close, now); got.Name != c.want {
			t.Errorf("%s %s and %s %s: %s (%s, %s), want %s", c.given, c.family, c.typedGiven, c.typedFamily, got.Name, got.GivenName, got.FamilyName, c.want)
		}
	}
}

func TestOtherFields(t *testing.T) {
	e := &Extracted{Birth: "1975-01-08", Expiry: "2026-11-21", IssuingCountry: "DE"}
	for _, c := range []struct{ birth, country, want string }{
		{"1975-01-08", "DE", "match expired match"}, {"1975-08-01", "FR", "partial_match expired no_match"}, {"1975-01-09", "", "no_match expired no_data"}, {"", "DE", "no_data expired match"},
	} {
		got := Compare(e, Person{DateOfBirth: c.birth, Country: c.country}, nil, now)
		if s := string(got.DateOfBirth) + " " + got.Expiration + " " + string(got.IssuingCountry); s != c.want {
			t.Errorf("%+v: %s", c, s)
		}
	}
	if got := Compare(&Extracted{Expiry: "2026-11-22"}, Person{}, nil, now); got.Expiration != "not_expired" {
		t.Error("a document expires after its last day")
	}
	if got := Compare(&Extracted{}, Person{}, nil, now); got.Expiration != "no_data" {
		t.Error("no expiry is no data")
	}
}

// TestANameIsItself: whatever a name, a document in the letters of a zone that
// was made out to it matches it.
func TestANameIsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[A-ZÄÖÜÉÑŁØÅ][a-zäöüéßñłøåæ]{1,9}([ '-][A-ZÄÖ][a-zé]{1,5})?`).Draw(t, "name")
		for _, s := range spellings(name) {
			e := &Extracted{GivenName: s, FamilyName: s}
			if c := Compare(e, Person{GivenName: name, FamilyName: name}, nil, now); c.Name != Same {
				t.Fatalf("%s in the zone as %s: %+v", name, s, c)
			}
		}
	})
}

func zone(t *testing.T, p specimentest.Person, from, to string) reader.Reading {
	t.Helper()
	m, err := reader.ParseMRZ(strings.Replace(strings.Join(p.TD3(), "\n"), from, to, 1), now)
	if err != nil {
		t.Fatal(err)
	}
	return reader.Reading{MRZ: m, Score: 0.95}
}

func licence(t *testing.T, change ...string) reader.Reading {
	t.Helper()
	l, err := reader.ParseAAMVA(specimentest.AAMVA("636037", 10, "DL", specimentest.With(specimentest.Hoosier, change...)))
	if err != nil {
		t.Fatal(err)
	}
	return reader.Reading{Licence: l}
}

func bad(name string) photo.Quality {
	return photo.Quality{Blur: photo.Finding{Name: name, Failed: true, Sentence: "The picture is blurred."}}
}

// TestVerdicts: what becomes of good, forged, expired, unread and edited documents.
func TestVerdicts(t *testing.T) {
	anna := specimentest.Utopian
	anna.Issuer, anna.Nationality, anna.Expiry = "USA", "USA", "340415"
	expired := anna
	expired.Expiry = "250415"
	person := Person{GivenName: "Anna", FamilyName: "Eriksson", DateOfBirth: "1974-08-12", Country: "US"}
	leslie := Person{GivenName: "Leslie", FamilyName: "Knope", DateOfBirth: "1975-01-18", Country: "US"}
	strict := Rules{OwnCountry: true, NameMatches: true, BirthMatches: true, LeastAge: 18}
	passport, _ := KindOf("US", Passport)
	license, _ := KindOf("US", DriversLicense)
	plain := Kind{Country: "JP", Category: IDCard, Sides: 2}
	one := func(r reader.Reading) []Side { return []Side{{Reading: r}} }
	two := func(r reader.Reading) []Side { return []Side{{}, {Reading: r}} }
	doubt := zone(t, anna, "740812", "840812")
	doubt.Score = 0.6
	general := zone(t, anna, "", "")
	general.By = "tesseract"
	edited := Side{Reading: zone(t, anna, "", ""), Forensics: photo.Forensics{Editor: photo.Finding{Name: "editor", Failed: true, Sentence: "GIMP."}}}
	for name, c := range map[string]struct {
		sides   []Side
		kind    Kind
		person  Person
		rules   Rules
		outcome Outcome
		codes   string
		auth    Match
	}{
		"good passport":       {one(zone(t, anna, "", "")), passport, person, strict, Success, "", Partial},
		"good licence":        {two(licence(t)), license, leslie, strict, Success, "side_unread", Partial},
		"expired":             {one(zone(t, expired, "", "")), passport, person, strict, Failed, "expired", Partial},
		"expired licence":     {two(licence(t, "DBA01182020")), license, leslie, strict, Failed, "side_unread expired", Partial},
		"forged birthday":     {one(zone(t, anna, "740812", "840812")), passport, person, strict, Failed, "check_digit date_of_birth", Differs},
		"badly read birthday": {one(doubt), passport, Person{GivenName: "Anna", FamilyName: "Eriksson", DateOfBirth: "1984-08-12", Country: "US"}, strict, Review, "zone_doubtful", Unknown},
		"guessed number":      {one(zone(t, anna, "L898902C3", "L8989O2C3")), passport, person, strict, Review, "zone_guessed", Partial},
		"another person":      {one(zone(t, anna, "", "")), passport, leslie, strict, Failed, "name date_of_birth", Partial},
		"misread, perhaps":    {one(general), passport, Person{GivenName: "Anna", FamilyName: "Knope", DateOfBirth: "1974-08-12", Country: "US"}, strict, Review, "name_unsure", Partial},
		"another, not ruled":  {one(zone(t, anna, "", "")), passport, leslie, Rules{}, Success, "", Partial},
		"a nickname":          {one(zone(t, anna, "", "")), passport, Person{GivenName: "Maria", FamilyName: "Eriksson", DateOfBirth: "1974-08-12", Country: "US"}, strict, Review, "name_partial", Partial},
		"nothing typed":       {one(zone(t, anna, "", "")), passport, Person{}, strict, Review, "issuing_country_unknown name_unknown date_of_birth_unknown", Partial},
		"another country":     {one(zone(t, anna, "", "")), passport, Person{GivenName: "Anna", FamilyName: "Eriksson", DateOfBirth: "1974-08-12", Country: "CA"}, strict, Failed, "issuing_country", Partial},
		"a specimen":          {one(zone(t, specimentest.Utopian, "", "")), passport, person, strict, Failed, "specimen expired", Differs},
		"a specimen, welcome": {one(zone(t, specimentest.Utopian, "", "")), passport, person, Rules{Specimens: true, OwnCountry: true}, Failed, "expired", Partial},
		"too young":           {one(zone(t, anna, "", "")), passport, person, Rules{LeastAge: 60}, Failed, "under_age", Partial},
		"not accepted":        {one(zone(t, anna, "", "")), passport, person, Rules{Categories: []Category{IDCard}}, Failed, "category_not_accepted", Partial},
		"not what was chosen": {two(zone(t, anna, "", "")), license, person, strict, Review, "side_unread other_category", Partial},
		"a side missing":      {one(licence(t)), license, leslie, strict, Failed, "side_missing", Partial},
		"sides of two people": {[]Side{{Reading: zone(t, anna, "", "")}, {Reading: licence(t)}}, license, leslie, Rules{}, Failed, "sides_disagree other_category", Differs},
		"an incomplete code":  {two(licence(t, "DAQ")), license, leslie, strict, Review, "barcode_incomplete side_unread", Partial},
		"edited":              {[]Side{edited}, passport, person, strict, Review, "editor", Partial},
		"blurred":             {[]Side{{Quality: bad("blur")}}, passport, person, strict, Failed, "blur", Unknown},
		"a zone that is cut":  {one(reader.Reading{Unread: []string{"mrz"}}), passport, person, strict, Review, "unreadable", Unknown},
		"no zone to be seen":  {one(reader.Reading{}), passport, person, strict, Review, "part_missing", Unknown},
		"a card without zone": {[]Side{{}, {}}, plain, person, strict, Review, "no_machine_part", Unknown},
		"no picture at all":   {nil, passport, person, strict, Failed, "side_missing", Unknown},
	} {
		v := Judge(c.sides, c.kind, c.person, c.rules, nil, now)
		var codes []string
		for _, r := range v.Reasons {
			codes = append(codes, r.Code)
			if r.Sentence == "" {
				t.Errorf("%s: %s says nothing", name, r.Code)
			}
		}
		if got := strings.Join(codes, " "); v.Outcome != c.outcome || got != c.codes || v.Authenticity != c.auth {
			t.Errorf("%s: %s [%s] %s, want %s [%s] %s", name, v.Outcome, got, v.Authenticity, c.outcome, c.codes, c.auth)
		}
	}
}

// TestNothingUnreadPasses: whatever the rules, a submission of which nothing was
// read soundly is not passed.
func TestNothingUnreadPasses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules := Rules{OwnCountry: rapid.Bool().Draw(t, "country"), NameMatches: rapid.Bool().Draw(t, "name"), BirthMatches: rapid.Bool().Draw(t, "birth"), LeastAge: rapid.IntRange(0, 21).Draw(t, "age"), Specimens: true}
		kind := rapid.SampledFrom(KindsOf(rapid.SampledFrom(person.Countries()).Draw(t, "country").Code)).Draw(t, "kind")
		sides := make([]Side, rapid.IntRange(0, 3).Draw(t, "sides"))
		if v := Judge(sides, kind, Person{}, rules, nil, now); v.Outcome == Success || v.Authenticity != Unknown {
			t.Fatalf("%+v", v)
		}
	})
}

func TestWhatIsExtracted(t *testing.T) {
	r := licence(t)
	e := Extract(&r)
	if e.Category != DriversLicense || e.IssuingCountry != "US" || e.IssuingRegion != "IN" || e.GivenName != "LESLIE BARBARA" || e.Issued != "2022-01-18" ||
		e.Address == nil || *e.Address != (Address{"123 MAIN ST", "PAWNEE", "IN", "46001", "US"}) {
		t.Errorf("%+v %+v", e, e.Address)
	}
	if r = licence(t, "DAI"); Extract(&r).Address != nil {
		t.Error("an address without a city is none")
	}
	for code, want := range map[string]Category{"P": Passport, "PD": Passport, "IP": Passport, "I": IDCard, "ID": IDCard, "IR": ResidencePermit, "AR": ResidencePermit, "AC": IDCard, "V": Visa, "VR": Visa, "PR": Passport} {
		if got := categoryOf(code); got != want {
			t.Errorf("%s: %s, want %s", code, got, want)
		}
	}
	if Extract(&reader.Reading{}) != nil {
		t.Error("something was extracted from nothing")
	}
}

func FuzzCompare(f *testing.F) {
	f.Add("ANNA MARIA", "ERIKSSON", "Anna", "Eriksson", true)
	f.Add("", "ß", "\u0301", "İ", false)
	f.Fuzz(func(t *testing.T, given, family, typedGiven, typedFamily string, cut bool) {
		e := &Extracted{GivenName: given, FamilyName: family, NameCut: cut}
		a := Compare(e, Person{GivenName: typedGiven, FamilyName: typedFamily}, close, now)
		if b := Compare(e, Person{GivenName: typedGiven, FamilyName: typedFamily}, close, now); a != b {
			t.Fatalf("%+v %+v", a, b)
		}
	})
}

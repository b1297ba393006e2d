package reader

import (
	_ "embed"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Licence is the content of the barcode on the back of a North American driving
// licence or identity card (AAMVA DL/ID Card Design Standard, versions 1 to 10).
type Licence struct {
	Kind    string // DL a licence, ID an identity card, EN an enhanced licence
	IIN     string // issuer identification number
	Version int
	Country string // US, CA, MX; "" where the issuer is not known
	Region  string // of the issuer, ISO 3166-2 without the country

	Number     string
	FamilyName string
	GivenName  string // the first given name
	MiddleName string // all others
	Suffix     string
	NameCut    bool // the card says that a name was cut
	Birth      Day
	Issued     Day
	Expiry     Day
	Sex        string // M, F or ""
	EyeColor   string
	Height     string
	Street     string
	Street2    string
	City       string
	State      string
	PostalCode string

	// Elements are all data elements by their three-letter identifiers.
	Elements map[string]string
	// Lacking are the mandatory elements that are not there or cannot be read.
	Lacking []string
}

// ErrNoLicence says that a text is not that of a licence.
var ErrNoLicence = errors.New("reader: not the barcode of a driving licence")

//go:embed data/issuers.tsv
var issuersTSV string

type issuer struct{ country, region string }

var issuers = sync.OnceValue(func() map[string]issuer {
	all := map[string]issuer{}
	for line := range strings.Lines(issuersTSV) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		all[f[0]] = issuer{f[1], f[2]}
	}
	return all
})

// IssuerOf is the issuer identification number of a region, of some region of the
// country where it has none, and "" where nobody there issues such licences.
func IssuerOf(country, region string) string {
	any := ""
	for iin, by := range issuers() {
		switch {
		case by.country != country:
		case by.region == region:
			return iin
		case any == "" || iin < any:
			any = iin
		}
	}
	return any
}

// maxLicence is more than any symbol can hold.
const maxLicence = 4096

// ParseAAMVA reads the text of the barcode.
func ParseAAMVA(text string) (*Licence, error) {
	head := strings.Index(text, "ANSI ")
	if head < 0 {
		head = strings.Index(text, "AAMVA")
	}
	if len(text) > maxLicence || head < 0 || head > 16 {
		return nil, ErrNoLicence
	}
	l := &Licence{Elements: map[string]string{}}
	rest := text[head+5:]
	if len(rest) < 10 || !allDigits(rest[:10]) {
		return nil, ErrNoLicence
	}
	l.IIN = rest[:6]
	l.Version, _ = strconv.Atoi(rest[6:8])
	by := issuers()[l.IIN]
	l.Country, l.Region = by.country, by.region
	entries, designators := rest[8:10], rest[10:]
	if l.Version >= 2 { // version 1 has no version of the jurisdiction
		if len(rest) < 12 || !allDigits(rest[8:12]) {
			return nil, ErrNoLicence
		}
		entries, designators = rest[10:12], rest[12:]
	}
	n, _ := strconv.Atoi(entries)
	if !l.subfiles(text, designators, n) {
		return nil, ErrNoLicence
	}
	l.fill()
	return l, nil
}

// subfiles collects the elements of the parts of the file. A designator is a type,
// an offset and a length; issuers get the numbers wrong, so that a type where the
// offset says it is decides, and else the first element that looks like one.
func (l *Licence) subfiles(text, designators string, n int) bool {
	read := false
	for i := range min(n, 8) {
		if len(designators) < 10*(i+1) {
			break
		}
		d := designators[10*i:]
		kind := d[:2]
		part := ""
		if at, err := strconv.Atoi(d[2:6]); err == nil && at >= 0 && at+2 <= len(text) && text[at:at+2] == kind {
			part = text[at+2:]
		} else if at := strings.Index(designators[min(10*n, len(designators)):], kind); at >= 0 {
			part = designators[min(10*n, len(designators))+at+2:]
		}
		if part == "" {
			continue
		}
		part, _, _ = strings.Cut(part, "\r")
		if kind == "DL" || kind == "ID" || kind == "EN" {
			l.Kind, read = kind, true
		} else if !strings.HasPrefix(kind, "Z") {
			continue
		}
		l.elements(part)
	}
	return read
}

func (l *Licence) elements(part string) {
	for _, line := range strings.Split(part, "\n") {
		if len(line) < 3 || len(l.Elements) >= 200 {
			continue
		}
		id, v := line[:3], strings.TrimSpace(line[3:])
		if _, twice := l.Elements[id]; !twice && v != "" {
			l.Elements[id] = v
		}
	}
}

// text is an element's value; NONE and unavl are how the standard writes nothing.
func (l *Licence) text(id string) string {
	switch v := l.Elements[id]; strings.ToUpper(v) {
	case "NONE", "UNAVL", "UNAVAIL":
		return ""
	default:
		return v
	}
}

// fill takes the fields out of the elements.
func (l *Licence) fill() {
	if l.Country == "" {
		l.Country = map[string]string{"USA": "US", "CAN": "CA", "MEX": "MX"}[l.text("DCG")]
	}
	l.Number = l.text("DAQ")
	l.names()
	l.Birth, l.Issued, l.Expiry = l.day("DBB"), l.day("DBD"), l.day("DBA")
	switch l.text("DBC") {
	case "1", "M":
		l.Sex = "M"
	case "2", "F":
		l.Sex = "F"
	}
	l.EyeColor, l.Height = l.text("DAY"), l.text("DAU")
	l.Street, l.Street2, l.City, l.State = l.text("DAG"), l.text("DAH"), l.text("DAI"), l.text("DAJ")
	l.PostalCode = strings.TrimSpace(l.text("DAK"))
	if l.Country == "US" && len(l.PostalCode) > 5 && allDigits(l.PostalCode[:5]) {
		l.PostalCode = l.PostalCode[:5] // nine digits, the last four often zeros
	}
	for _, id := range []string{"DDE", "DDF", "DDG"} {
		l.NameCut = l.NameCut || l.text(id) == "T"
	}
	for _, m := range []struct {
		id    string
		there bool
	}{{"DAQ", l.Number != ""}, {"DCS", l.FamilyName != ""}, {"DAC", l.GivenName != ""}, {"DBB", l.Birth.Known()}, {"DBA", l.Expiry.Known() || l.endless()}} {
		if !m.there {
			l.Lacking = append(l.Lacking, m.id)
		}
	}
}

// names: version 1 has one full name, family name first, versions 2 and 3 all
// given names in one element, later ones a first name and the others.
func (l *Licence) names() {
	split := func(r rune) bool { return r == ',' || r == '$' }
	if full := l.text("DAA"); full != "" && l.text("DCS") == "" {
		parts := strings.FieldsFunc(full, split)
		for i, to := range []*string{&l.FamilyName, &l.GivenName, &l.MiddleName, &l.Suffix} {
			if i < len(parts) {
				*to = strings.TrimSpace(parts[i])
			}
		}
		return
	}
	l.FamilyName = l.text("DCS")
	if l.FamilyName == "" {
		l.FamilyName = l.text("DAB")
	}
	l.Suffix = l.text("DCU")
	l.GivenName, l.MiddleName = l.text("DAC"), strings.Join(strings.FieldsFunc(l.text("DAD"), split), " ")
	if given := l.text("DCT"); l.GivenName == "" && given != "" {
		words := strings.FieldsFunc(given, func(r rune) bool { return r == ' ' || split(r) })
		if len(words) > 0 {
			l.GivenName, l.MiddleName = words[0], strings.Join(words[1:], " ")
		}
	}
}

// day reads MMDDCCYY (United States from version 2) or CCYYMMDD (Canada, Mexico,
// version 1). Issuers mix them up: the other order is taken where the right one is
// no day of the last or this century.
func (l *Licence) day(id string) Day {
	s := l.text(id)
	if len(s) == 10 { // some write MM/DD/CCYY
		s = strings.NewReplacer("/", "", "-", "").Replace(s)
	}
	if len(s) != 8 || !allDigits(s) {
		return Day{}
	}
	n := func(s string) int { v, _ := strconv.Atoi(s); return v }
	american := Day{Year: n(s[4:]), Month: n(s[:2]), Day: n(s[2:4])}
	large := Day{Year: n(s[:4]), Month: n(s[4:6]), Day: n(s[6:])}
	if l.Country != "US" || l.Version < 2 {
		american, large = large, american
	}
	for _, d := range []Day{american, large} {
		if d.Known() && 1880 <= d.Year && d.Year < 2200 && possible(d) {
			return d
		}
	}
	return Day{}
}

// endless reports whether the card says that it does not expire.
func (l *Licence) endless() bool {
	return strings.Trim(l.text("DBA"), "9") == "" && l.text("DBA") != ""
}

// Expired reports whether the licence has expired at now.
func (l *Licence) Expired(now time.Time) bool { return l.Expiry.Before(now) }

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

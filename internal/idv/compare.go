package idv

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/glencheck-dev/glencheck/internal/idv/person"
)

// What is alike enough: the scores of Config.Names from which a name is the same,
// or nearly so.
const (
	sameName   = 100
	almostName = 80
)

// compare says how what a person says of themselves compares with what a data
// source has on somebody.
func (s *Service) compare(u User, r Record, strict bool) KYC {
	return KYC{
		Name: s.compareNames(u.Name, r.Names), DateOfBirth: compareDates(u.DateOfBirth, r.DateOfBirth),
		Address: s.compareAddresses(u.Address, r.Addresses), PhoneNumber: comparePhones(u.PhoneNumber, r.Phones),
		IDNumber: summaryKYC{compareNumbers(u, r.IDNumbers, strict)},
	}
}

// worst is the code of a whole whose parts have these codes.
func worst(codes ...Code) Code {
	for _, c := range []Code{CodeNoMatch, CodeNoInput, CodeNoData, CodePartial} {
		for _, of := range codes {
			if of == c {
				return c
			}
		}
	}
	return CodeMatch
}

// order is how good a code is, to choose the best of several names or addresses.
var order = map[Code]int{CodeMatch: 4, CodePartial: 3, CodeNoMatch: 2, CodeNoData: 1}

func (s *Service) compareNames(said *Name, held []Name) nameKYC {
	switch {
	case said == nil:
		return nameKYC{CodeNoInput, CodeNoInput, CodeNoInput}
	case len(held) == 0:
		return nameKYC{CodeNoData, CodeNoData, CodeNoData}
	}
	var best nameKYC
	for _, h := range held {
		n := nameKYC{GivenName: s.alike(said.GivenName, h.GivenName), FamilyName: s.alike(said.FamilyName, h.FamilyName)}
		n.Summary = worst(n.GivenName, n.FamilyName)
		if order[n.Summary] > order[best.Summary] {
			best = n
		}
	}
	return best
}

// alike compares two words of a name. A double name of which one half is the other
// name is nearly the same: Knope and Knope-Wyatt.
func (s *Service) alike(said, held string) Code {
	a, b := fold(said), fold(held)
	if a == b {
		return CodeMatch
	}
	if within(a, b) || within(b, a) {
		return CodePartial
	}
	if s.cfg.Names != nil {
		switch score := s.cfg.Names(said, held); {
		case score >= sameName:
			return CodeMatch
		case score >= almostName:
			return CodePartial
		}
	}
	return CodeNoMatch
}

// within reports whether all words of a are words of b.
func within(a, b string) bool {
	words := strings.Fields(b)
	found := map[string]bool{}
	for _, w := range words {
		found[w] = true
	}
	mine := strings.Fields(a)
	for _, w := range mine {
		if !found[w] {
			return false
		}
	}
	return len(mine) > 0 && len(mine) < len(words)
}

// fold brings a text into the form in which it is compared: small letters and
// digits, without accents, single spaces for all else.
func fold(s string) string {
	var b strings.Builder
	space := false
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’' || r == '.':
		default:
			space = true
		}
	}
	return b.String()
}

func compareDates(said *string, held string) dateKYC {
	if said == nil {
		return dateKYC{CodeNoInput, CodeNoInput, CodeNoInput, CodeNoInput}
	}
	a, b := strings.Split(*said, "-"), strings.Split(held, "-")
	if len(a) != 3 || len(b) != 3 {
		return dateKYC{CodeNoData, CodeNoData, CodeNoData, CodeNoData}
	}
	d := dateKYC{Day: same(a[2], b[2]), Month: same(a[1], b[1]), Year: same(a[0], b[0])}
	d.Summary = worst(d.Day, d.Month, d.Year)
	if d.Year == CodeMatch && a[1] == b[2] && a[2] == b[1] && d.Summary != CodeMatch { // the day and the month have changed places
		d.Summary = CodePartial
	}
	return d
}

func same(a, b string) Code {
	if a == b {
		return CodeMatch
	}
	return CodeNoMatch
}

var (
	poBox = regexp.MustCompile(`(?i)\b(p\.? ?o\.? ?box|post office box|postfach|apartado|boîte postale|casella postale)\b`)
	// northAmerican numbers have an area code of three digits.
	northAmerican = regexp.MustCompile(`^\+1(\d{3})\d{7}$`)
)

func comparePhones(said *string, held []string) phoneKYC {
	switch {
	case said == nil:
		return phoneKYC{CodeNoInput, CodeNoInput}
	case len(held) == 0:
		return phoneKYC{CodeNoData, CodeNoData}
	}
	out := phoneKYC{CodeNoMatch, CodeNoMatch}
	for _, h := range held {
		if h == *said {
			return phoneKYC{CodeMatch, CodeMatch}
		}
		a, b := northAmerican.FindStringSubmatch(*said), northAmerican.FindStringSubmatch(h)
		if a != nil && b != nil && a[1] == b[1] {
			out.AreaCode = CodeMatch
		}
	}
	return out
}

// compareNumbers compares id numbers. Four digits of a social security number match
// nine that end with them; nine match four only in part.
//
// In strict mode a number that its issuer cannot have given the person matches
// nobody, whatever the source has.
func compareNumbers(u User, held []IDNumber, strict bool) Code {
	said := u.IDNumber
	if said == nil {
		return CodeNoInput
	}
	if t, ok := person.IDTypeOf(said.Type); strict && ok {
		born := ""
		if u.DateOfBirth != nil {
			born = *u.DateOfBirth
		}
		if t.Contradiction(said.Value, born) != person.Fine {
			return CodeNoMatch
		}
	}
	best := CodeNoData
	for _, h := range held {
		if c := compareNumber(*said, h); order[c] > order[best] {
			best = c
		}
	}
	return best
}

const (
	ssnNine = "us_ssn"
	ssnFour = "us_ssn_last_4"
)

func compareNumber(said, held IDNumber) Code {
	switch {
	case said.Type == held.Type:
		return same(strings.ToUpper(said.Value), strings.ToUpper(held.Value))
	case said.Type == ssnFour && held.Type == ssnNine && len(held.Value) > 4:
		return same(said.Value, held.Value[len(held.Value)-4:])
	case said.Type == ssnNine && held.Type == ssnFour && len(said.Value) > 4:
		if said.Value[len(said.Value)-4:] == held.Value {
			return CodePartial
		}
		return CodeNoMatch
	}
	return CodeNoData
}

func (s *Service) compareAddresses(said *Address, held []Address) addressKYC {
	out := addressKYC{CodeNoInput, noData, noData, CodeNoInput, CodeNoInput, CodeNoInput, CodeNoInput}
	if !said.Whole() {
		return out
	}
	out.POBox = yesNo(poBox.MatchString(*said.Street))
	if len(held) == 0 {
		out.Summary, out.Street, out.City, out.Region, out.PostalCode = CodeNoData, CodeNoData, CodeNoData, CodeNoData, CodeNoData
		return out
	}
	best := addressKYC{}
	for _, h := range held {
		a := s.compareAddress(*said, h)
		if order[a.Summary] > order[best.Summary] {
			best = a
		}
	}
	best.POBox, best.Type = out.POBox, noData
	return best
}

func (s *Service) compareAddress(said, held Address) addressKYC {
	a := addressKYC{
		Street: compareStreets(line(said), line(held)), City: part(said.City, held.City, s.alike),
		Region: part(said.Region, held.Region, sameFolded), PostalCode: part(said.PostalCode, held.PostalCode, samePostal),
	}
	place := order[a.City] >= order[CodePartial] || a.PostalCode == CodeMatch
	switch {
	case said.Country != held.Country || a.Street == CodeNoMatch || !place:
		a.Summary = CodeNoMatch
	case a.Street == CodeMatch && all(CodeMatch, a.City, a.Region, a.PostalCode):
		a.Summary = CodeMatch
	default:
		a.Summary = CodePartial
	}
	return a
}

// all reports whether the codes of all parts that an address has are c.
func all(c Code, codes ...Code) bool {
	for _, of := range codes {
		if of != c && of != CodeNoInput && of != CodeNoData {
			return false
		}
	}
	return true
}

func part(said, held *string, compare func(said, held string) Code) Code {
	switch {
	case said == nil:
		return CodeNoInput
	case held == nil:
		return CodeNoData
	}
	return compare(*said, *held)
}

func sameFolded(a, b string) Code { return same(fold(a), fold(b)) }

func samePostal(a, b string) Code {
	return same(strings.ReplaceAll(fold(a), " ", ""), strings.ReplaceAll(fold(b), " ", ""))
}

// line is the street of an address with what is in its second line.
func line(a Address) [2]string {
	var l [2]string
	if a.Street != nil {
		l[0] = streetWords(*a.Street)
	}
	if a.Street2 != nil {
		l[1] = streetWords(*a.Street2)
	}
	return l
}

// compareStreets compares two streets. An apartment that only one of them names
// makes them alike in part at least as well as the streets are: people leave it out.
func compareStreets(said, held [2]string) Code {
	whole := func(l [2]string) string { return strings.TrimSpace(l[0] + " " + l[1]) }
	switch {
	case whole(said) == whole(held), said[0] == held[0] && (said[1] == "" || held[1] == ""):
		return CodeMatch
	case said[0] == held[0], within(whole(said), whole(held)), within(whole(held), whole(said)):
		return CodePartial
	}
	return CodeNoMatch
}

// shortStreet are words that addresses have in two forms (USPS Publication 28).
var shortStreet = map[string]string{
	"street": "st", "avenue": "ave", "av": "ave", "road": "rd", "boulevard": "blvd", "drive": "dr", "lane": "ln", "court": "ct",
	"place": "pl", "square": "sq", "terrace": "ter", "parkway": "pkwy", "highway": "hwy", "circle": "cir", "apartment": "apt", "suite": "ste",
	"north": "n", "south": "s", "east": "e", "west": "w", "straße": "str", "strasse": "str",
}

func streetWords(s string) string {
	words := strings.Fields(fold(s))
	for i, w := range words {
		if short := shortStreet[w]; short != "" {
			words[i] = short
		}
	}
	return strings.Join(words, " ")
}

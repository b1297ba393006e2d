package document

import (
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Match is how a field of the document compares with what the person typed
// (schema DocumentAnalysis).
type Match string

// The values of Match.
const (
	Same    Match = "match"
	Partial Match = "partial_match"
	Differs Match = "no_match"
	Unknown Match = "no_data"
)

// Person is who should be on the document, as they typed it. Empty is not known.
type Person struct {
	GivenName, FamilyName string
	DateOfBirth           string // YYYY-MM-DD
	Country               string // that the document was said to be of
}

// Comparison is schema PhysicalDocumentExtractedDataAnalysis, and the halves of the
// name.
type Comparison struct {
	Name           Match
	GivenName      Match
	FamilyName     Match
	DateOfBirth    Match
	Expiration     string // not_expired, expired, no_data
	IssuingCountry Match  // Same, Differs, or Unknown where either is not known
}

// Likeness scores two names from 0 to 100; a nil one counts only what is equal.
type Likeness func(a, b string) int

// The scores of a Likeness from which names are the same, or nearly so.
const (
	sameName   = 98
	almostName = 80
)

// Compare compares a document with a person.
func Compare(e *Extracted, p Person, like Likeness, now time.Time) Comparison {
	c := Comparison{
		GivenName: givenNames(e, p, like), FamilyName: oneName(e.FamilyName, p.FamilyName, e.NameCut && e.GivenName == "", like),
		DateOfBirth: days(e.Birth, p.DateOfBirth), Expiration: "no_data", IssuingCountry: Unknown,
	}
	c.Name = worse(c.GivenName, c.FamilyName)
	if e.Expiry != "" {
		c.Expiration = "not_expired"
		if e.Expiry < now.Format(time.DateOnly) {
			c.Expiration = "expired"
		}
	}
	if p.Country != "" && (e.IssuingCountry != "" || e.Specimen) {
		c.IssuingCountry = Differs
		if e.IssuingCountry == p.Country || e.Specimen && e.IssuingCountry == "" {
			c.IssuingCountry = Same
		}
	}
	return c
}

func worse(a, b Match) Match {
	for _, m := range []Match{Differs, Unknown, Partial} {
		if a == m || b == m {
			return m
		}
	}
	return Same
}

// days compares birthdays; one with day and month exchanged is nearly the same,
// since that is how two customs write it.
func days(held, typed string) Match {
	switch {
	case held == "" || typed == "":
		return Unknown
	case held == typed:
		return Same
	case len(held) == 10 && len(typed) == 10 && held[:4] == typed[:4] && held[5:7] == typed[8:] && held[8:] == typed[5:7]:
		return Partial
	}
	return Differs
}

// givenNames: the document has all given names, people type the one they use. The
// first, or all in order, is the same; another one of them is nearly so.
func givenNames(e *Extracted, p Person, like Likeness) Match {
	if e.GivenName == "" || p.GivenName == "" {
		return Unknown
	}
	if m := oneName(e.GivenName, p.GivenName, e.NameCut, like); m == Same {
		return Same
	}
	held := strings.Fields(e.GivenName)
	for _, spelled := range spellings(p.GivenName) {
		typed := strings.Fields(spelled)
		if n := len(typed); n > 0 && n < len(held) && strings.Join(folded(held[:n]), " ") == spelled {
			return Same
		}
	}
	best := oneName(e.GivenName, p.GivenName, e.NameCut, like)
	for i, h := range held {
		switch oneName(h, p.GivenName, e.NameCut && i == len(held)-1, like) {
		case Same, Partial:
			best = Partial
		}
	}
	// more names typed than the document has, the first of them its own
	if typed := strings.Fields(fold(p.GivenName)); best == Differs && len(typed) > 1 && typed[0] == fold(held[0]) {
		best = Partial
	}
	return best
}

func folded(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = fold(w)
	}
	return out
}

// oneName compares a name in the document's letters with a typed one in any.
func oneName(held, typed string, cut bool, like Likeness) Match {
	if held == "" || typed == "" {
		return Unknown
	}
	h := fold(held)
	for _, s := range spellings(typed) {
		switch {
		case s == h, strings.ReplaceAll(s, " ", "") == strings.ReplaceAll(h, " ", ""):
			return Same
		case cut && len(h) >= 3 && strings.HasPrefix(s, h):
			return Same
		}
	}
	s := fold(typed)
	if part(s, h) || part(h, s) {
		return Partial
	}
	if like != nil {
		switch score := like(held, typed); {
		case score >= sameName:
			return Same
		case score >= almostName:
			return Partial
		}
	}
	return Differs
}

// part reports whether all words of a are words of b, which has more: Knope and
// Knope-Wyatt.
func part(a, b string) bool {
	words, have := strings.Fields(a), " "+b+" "
	for _, w := range words {
		if !strings.Contains(have, " "+w+" ") {
			return false
		}
	}
	return len(words) > 0 && len(a) < len(b)
}

// The letters that zones write with two, or with others (ICAO 9303 part 3 section 6).
var (
	zoneLetters = strings.NewReplacer("Ä", "AE", "Ö", "OE", "Ü", "UE", "ß", "SS", "ẞ", "SS", "Æ", "AE", "Ø", "OE", "Å", "AA", "Œ", "OE", "Þ", "TH", "Ð", "D", "Ł", "L", "Đ", "D", "Ħ", "H", "I\u0307", "I", "ı", "I", "Ñ", "NXX", "Ĳ", "IJ")
	noLetters   = strings.NewReplacer("ß", "SS", "ẞ", "SS", "Æ", "AE", "Ø", "O", "Œ", "OE", "Þ", "TH", "Ð", "D", "Ł", "L", "Đ", "D", "Ħ", "H", "ı", "I", "Ĳ", "IJ")
)

// ZoneName is a name as a machine-readable zone writes it: capitals without accents,
// words parted by a space. What is no Latin letter stays as it is.
func ZoneName(name string) string {
	return fold(zoneLetters.Replace(strings.ToUpper(norm.NFC.String(name))))
}

// spellings are the ways in which a document may write a typed name.
func spellings(typed string) []string {
	s := strings.ToUpper(norm.NFC.String(typed))
	plain, zone := fold(s), fold(zoneLetters.Replace(s))
	if plain == zone {
		return []string{plain}
	}
	return []string{plain, zone}
}

// fold brings a name into capitals without accents, apostrophes and full stops,
// with single spaces for all else.
func fold(s string) string {
	var b strings.Builder
	space := false
	for _, r := range norm.NFKD.String(noLetters.Replace(strings.ToUpper(s))) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’' || r == 'ʼ' || r == '`' || r == '.':
		default:
			space = true
		}
	}
	return b.String()
}

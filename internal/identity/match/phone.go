package match

import "strings"

// The points of telephone numbers.
const (
	pointsNoPlus      = 5
	pointsNoCountry   = 20
	pointsMobile      = 5
	pointsExtension   = 10
	pointsOtherExt    = 25
	pointsNoArea      = 40
	pointsOneDigit    = 40
	pointsTwoDigits   = 60
	pointsOtherLand   = 60
	shortestLocal     = 7
	longestExtension  = 8
	nationalInAmerica = 10
)

// phone is a telephone number taken apart.
type phone struct {
	country   string // "" if it has none
	plus      bool   // the country code is marked as one
	national  string
	extension string
}

// Phones compares two telephone numbers.
func Phones(a, b string) Score {
	x, y := parsePhone(a), parsePhone(b)
	var t Trace
	if x.less(y) {
		t = phones(x, y)
	} else {
		t = phones(y, x).swapped()
	}
	return Score{Score: t.score(), Trace: t}
}

func (p phone) less(q phone) bool {
	if p.country != q.country {
		return p.country < q.country
	}
	if p.national != q.national {
		return p.national < q.national
	}
	return !p.plus && q.plus
}

func phones(a, b phone) Trace {
	t := Trace{}
	if a.national == "" || b.national == "" {
		return append(t, Step{Rule: NumbersDiffer, Points: -100})
	}
	if a.country != "" && b.country != "" {
		if a.country != b.country {
			if trimZero(a.national) == trimZero(b.national) {
				return append(t, Step{Rule: CountryDiffers, A: a.country, B: b.country, Points: -pointsOtherLand})
			}
			return digits(t, a.country+a.national, b.country+b.national)
		}
		if a.plus != b.plus {
			t = append(t, Step{Rule: CountryAssumed, Points: -pointsNoPlus})
		}
		t = national(t, a.national, b.national, a.country)
	} else {
		if a.country != b.country {
			t = append(t, Step{Rule: CountryMissing, A: a.country, B: b.country, Points: -pointsNoCountry})
		}
		t = national(t, a.national, b.national, a.country+b.country)
	}
	if t.score() < 50 || a.extension == b.extension {
		return t
	}
	if a.extension == "" || b.extension == "" {
		return append(t, Step{Rule: ExtensionOnce, A: a.extension, B: b.extension, Points: -pointsExtension})
	}
	return append(t, Step{Rule: ExtensionOther, A: a.extension, B: b.extension, Points: -pointsOtherExt})
}

// national compares numbers within a country.
func national(t Trace, a, b, country string) Trace {
	x, y := trimZero(a), trimZero(b)
	if x == y {
		return t
	}
	if trimMobile(x, country) == trimMobile(y, country) {
		return append(t, Step{Rule: MobilePrefix, A: a, B: b, Points: -pointsMobile})
	}
	short, long := x, y
	if len(short) > len(long) {
		short, long = long, short
	}
	if len(short) == shortestLocal && len(long) == nationalInAmerica && strings.HasSuffix(long, short) {
		return append(t[:0], Step{Rule: AreaMissing, A: a, B: b, Points: -pointsNoArea})
	}
	return digits(t, x, y)
}

// digits compares numbers that are not the same. How the country was written
// matters no more.
func digits(t Trace, a, b string) Trace {
	s := Step{Rule: NumbersDiffer, A: a, B: b, Points: -100}
	if min(len(a), len(b)) >= shortestLocal && max(len(a), len(b)) <= maxWord {
		switch distance(a, b) {
		case 0:
			s.Rule, s.Points = CountryMissing, -pointsNoArea
		case 1:
			s.Rule, s.Points = OneDigit, -pointsOneDigit
		case 2:
			s.Rule, s.Points = TwoDigits, -pointsTwoDigits
		}
	}
	return append(t[:0], s)
}

// trimZero takes off the zero before which a country's own callers dial.
func trimZero(s string) string { return strings.TrimPrefix(s, "0") }

// mobilePrefixes are digits that international callers of mobile numbers dial or
// once dialled and others do not.
var mobilePrefixes = map[string]string{"52": "1", "54": "9"}

func trimMobile(s, country string) string {
	if p, ok := mobilePrefixes[country]; ok && len(s) > nationalInAmerica {
		return strings.TrimPrefix(s, p)
	}
	return s
}

// parsePhone takes a number apart. What it cannot read has no national number.
func parsePhone(s string) phone {
	var p phone
	text := fold(s).text
	text, p.extension = extension(text)
	var number strings.Builder
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c >= '0' && c <= '9':
			number.WriteByte(c)
		case c == '+' && number.Len() == 0:
			p.plus = true
		case c >= 'a' && c <= 'z' && number.Len() > 2:
			number.WriteByte("22233344455566677778889999"[c-'a'])
		}
	}
	all := number.String()
	if p.plus && strings.Contains(text, "(0)") { // +44 (0)20 …
		at := strings.Index(text, "(0)")
		n := countDigits(text[:at])
		all = all[:n] + all[n+1:]
	}
	p.split(all)
	return p
}

func countDigits(s string) (n int) {
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n
}

// split finds the country code of a number.
func (p *phone) split(all string) {
	if !p.plus {
		for _, dialled := range []string{"011", "00"} { // how North America and the rest dial abroad
			if rest, ok := strings.CutPrefix(all, dialled); ok && len(rest) > 9 {
				all, p.plus = rest, true
				break
			}
		}
	}
	switch {
	case p.plus:
		n := countryLength(all)
		p.country, p.national = all[:n], all[n:]
	case len(all) == nationalInAmerica+1 && all[0] == '1':
		p.country, p.national = "1", all[1:]
	default:
		p.national = all
	}
}

// twoDigits are the country codes of two digits; 1 and 7 have one, the others
// three.
var twoDigitCodes = set(`20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66
	81 82 84 86 90 91 92 93 94 95 98`)

func countryLength(all string) int {
	switch {
	case all == "":
		return 0
	case all[0] == '1' || all[0] == '7':
		return 1
	case len(all) >= 2 && twoDigitCodes[all[:2]]:
		return 2
	}
	return min(3, len(all))
}

// extension splits off an extension: "x12", "ext. 12", ";ext=12", "#12".
func extension(s string) (number, ext string) {
	for _, mark := range []string{"extension", "ext", "x", "#"} {
		at := strings.LastIndex(s, mark)
		if at < shortestLocal {
			continue
		}
		ext = strings.Trim(s[at+len(mark):], " .:=\t")
		if ext != "" && len(ext) <= longestExtension && countDigits(ext) == len(ext) {
			return strings.TrimRight(s[:at], " ,;"), ext
		}
	}
	return s, ""
}

// IsPhone reports whether a text may be a telephone number: seven to fifteen
// digits (E.164) with what people write between them.
func IsPhone(s string) bool {
	if len(s) > maxText {
		return false
	}
	p := parsePhone(s)
	n := len(p.country) + len(p.national)
	return n >= shortestLocal && n <= 15
}

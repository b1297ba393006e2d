package workflow

import (
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// civil is how dates are written: a day of the calendar, without a time or a zone.
const civil = "2006-01-02"

// NormalizeName is a name without what does not tell people apart: case, accents,
// punctuation, double spaces.
func NormalizeName(s string) string {
	var b strings.Builder
	space := false
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’' || r == '.':
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(unicode.ToLower(r))
		default:
			space = true
		}
	}
	return b.String()
}

// AgeOn is how many birthdays somebody has had by a day. Who was born on 29
// February has birthdays on 1 March in other years.
func AgeOn(birth, day string) (int64, bool) {
	b, err1 := time.Parse(civil, birth)
	d, err2 := time.Parse(civil, day)
	if err1 != nil || err2 != nil {
		return 0, false
	}
	years := d.Year() - b.Year()
	if d.Month() < b.Month() || d.Month() == b.Month() && d.Day() < b.Day() {
		years--
	}
	return int64(years), true
}

// DaysBetween is how many days lie from one day to another.
func DaysBetween(from, to string) (int64, bool) {
	a, err1 := time.Parse(civil, from)
	b, err2 := time.Parse(civil, to)
	if err1 != nil || err2 != nil {
		return 0, false
	}
	return b.Unix()/86400 - a.Unix()/86400, true
}

// EmailDomain is what stands behind the @, in lower case; empty without one.
func EmailDomain(s string) string {
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		return ""
	}
	return strings.ToLower(strings.TrimSpace(s[at+1:]))
}

// Digits are the digits of a text.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// JaroWinkler is the similarity of two texts from 0 to 100, rounded down: Jaro's
// measure with Winkler's bonus of a tenth for each of up to four equal first
// letters.
func JaroWinkler(a, b string) int64 {
	x, y := []rune(a), []rune(b)
	if len(x) == 0 && len(y) == 0 {
		return 100
	}
	m, t := jaroMatches(x, y)
	if m == 0 {
		return 0
	}
	// All in whole numbers, so that it comes out alike on every machine: jaro is
	// (m/|x| + m/|y| + (m-t)/m) / 3, over the common denominator below.
	lx, ly := int64(len(x)), int64(len(y))
	num := m*m*ly + m*m*lx + (m-t)*lx*ly
	den := 3 * m * lx * ly
	prefix := int64(0)
	for prefix < 4 && prefix < min(lx, ly) && x[prefix] == y[prefix] {
		prefix++
	}
	return (10*num + prefix*(den-num)) * 100 / (10 * den)
}

// jaroMatches counts the letters that agree within Jaro's window, and the pairs of
// them that stand the other way round.
func jaroMatches(x, y []rune) (matches, transpositions int64) {
	window := max(0, max(len(x), len(y))/2-1)
	inX, inY := make([]bool, len(x)), make([]bool, len(y))
	for i, r := range x {
		for j := max(0, i-window); j < min(len(y), i+window+1); j++ {
			if !inY[j] && y[j] == r {
				inX[i], inY[j] = true, true
				matches++
				break
			}
		}
	}
	j, moved := 0, int64(0)
	for i, r := range x {
		if !inX[i] {
			continue
		}
		for !inY[j] {
			j++
		}
		if y[j] != r {
			moved++
		}
		j++
	}
	return matches, moved / 2
}

package match

import "unicode/utf8"

// kind is how two words go together.
type kind struct {
	rule   Rule
	points int
}

var (
	same = kind{}
	none = kind{rule: "none"}
)

// The points of names. A partial match begins below 85, so that two of these are
// one and one is none: "Andy Simth" is Andrew Smith with 83.
const (
	pointsUmlaut     = 1
	pointsParticle   = 3
	pointsVariant    = 6
	pointsMisspelt   = 8 // for each letter
	pointsNickname   = 9
	pointsConsonants = 9
)

// compareWords says how two words go together, apart from where they stand.
func compareWords(x, y *word, a, b *name) kind {
	switch {
	case x.text == y.text:
		return same
	case x.key == y.key:
		return kind{Umlaut, pointsUmlaut}
	case x.core != "" && (x.core == y.core || x.core == y.key), y.core != "" && y.core == x.key:
		return kind{Particle, pointsParticle}
	case len(x.text) == 1 || len(y.text) == 1:
		if x.text[0] == y.text[0] {
			return kind{Initial, 0}
		}
		return none
	}
	relation := related(x.text, y.text)
	if relation == variantOf {
		return kind{Variant, pointsVariant}
	}
	if a.foreign != b.foreign {
		if k := foreign(x, y, a.abjad || b.abjad); k != none {
			return k
		}
	}
	switch relation {
	case nicknameOf:
		return kind{Nickname, pointsNickname}
	case another:
		return none
	}
	if n := misspelt(x.key, y.key); n > 0 {
		return kind{Misspelt, n * pointsMisspelt}
	}
	return none
}

// foreign compares a word read from another script with one in Latin letters.
func foreign(x, y *word, abjad bool) kind {
	if r := roman(x.key); r != "" && r == roman(y.key) {
		return kind{Transliterated, 1}
	}
	if !abjad {
		return none
	}
	if s := skeleton(x.key); utf8.RuneCountInString(s) > 2 && s == skeleton(y.key) {
		return kind{Consonants, pointsConsonants}
	} else if s != "" && s == skeleton(y.key) {
		return kind{Consonants, 2 * pointsConsonants}
	}
	return none
}

// misspelt is how many letters were mistaken, 0 if the words are too unlike or too
// short to be one word. A first letter is seldom mistaken, and a word of less than
// eight letters seldom twice.
func misspelt(x, y string) int {
	if max(len(x), len(y)) > maxWord || x == "" || y == "" {
		return 0
	}
	nx, ny := utf8.RuneCountInString(x), utf8.RuneCountInString(y)
	if min(nx, ny) < 3 || max(nx, ny) < 4 || abs(nx-ny) > 2 {
		return 0
	}
	d := distance(x, y)
	switch {
	case d > 2, d == 2 && min(nx, ny) < 8:
		return 0
	case x[0] != y[0] && min(nx, ny) < 6 && !(len(x) > 1 && len(y) > 1 && x[0] == y[1] && x[1] == y[0]):
		return 0
	case x[0] >= utf8.RuneSelf && min(nx, ny) < 6 && !alphabetic(x):
		return 0 // each sign of such a script is a word
	}
	return d
}

// alphabetic reports whether a word is in a script of letters: elsewhere one sign
// more or less is another name.
func alphabetic(s string) bool {
	for _, r := range s {
		if r >= 0x2e80 {
			return false
		}
	}
	return true
}

// maxWord bounds the length of words whose letters are compared, in bytes.
const maxWord = 40

// distance counts the letters that are too many, too few, wrong, or changed places
// with their neighbour (optimal string alignment).
func distance(x, y string) int {
	if x == y {
		return 0
	}
	for x != "" && y != "" && x[0] == y[0] && x[0] < utf8.RuneSelf {
		x, y = x[1:], y[1:]
	}
	var bufA, bufB [maxWord]rune
	return distanceOf(runes(bufA[:0], x), runes(bufB[:0], y))
}

func runes(to []rune, s string) []rune {
	for _, r := range s {
		if len(to) == cap(to) {
			break
		}
		to = append(to, r)
	}
	return to
}

func distanceOf(a, b []rune) int {
	var rows [3][maxWord + 1]int
	before, prev, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j] = d
		}
		before, prev, row = prev, row, before
	}
	return prev[len(b)]
}

// similarity is how alike two texts are, from 0 to the given maximum.
func similarity(x, y string, most int) int {
	var bufA, bufB [maxWord]rune
	a, b := runes(bufA[:0], x), runes(bufB[:0], y)
	n := max(len(a), len(b))
	if n == 0 {
		return 0
	}
	return most * (n - distanceOf(a, b)) / n
}

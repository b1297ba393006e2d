package match

import (
	"hash/fnv"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	idmatch "github.com/glencheck-dev/glencheck/internal/identity/match"
)

// The weights of words.
const (
	full    = 100
	initial = 50
	common  = 33
)

// spelling is one way in which a word may be compared: as it is, or without its
// particles.
type spelling struct {
	text   string
	sound  string
	bones  string
	letter uint32 // the letters of the word, one bit each
	n      int    // how many there are
	alpha  bool   // it is made of letters

	known         bool // as a first name
	formal, short []uint16
}

func spell(text string) spelling {
	s := spelling{text: text, n: utf8.RuneCountInString(text), alpha: idmatch.Alphabetic(text)}
	s.sound, s.bones = sound(text), idmatch.Skeleton(text)
	for _, r := range text {
		s.letter |= letter(r)
	}
	s.formal, s.short, s.known = idmatch.GivenName(text)
	return s
}

// letter is the bit of a letter: each of a to z its own, all others share six.
func letter(r rune) uint32 {
	if r >= 'a' && r <= 'z' {
		return 1 << (r - 'a')
	}
	return 1 << (26 + uint32(r)%6)
}

// vowels are long ones and what languages write for them, and a few consonants that
// are written in two ways: Chernov and Chernoff, Zhukov and Jukov.
var vowels = strings.NewReplacer("off", "ov", "eff", "ev", "zh", "j", "ee", "i", "ii", "i", "oo", "u", "ou", "u", "aa", "a", "ei", "e", "ey", "e", "ay", "e", "ai", "e", "eh", "e", "ah", "a")

// servants are ways of writing one word that begins names: Abdul Rahman.
var servants = []string{"abdul", "abdel", "abdal", "abdol"}

// sound is what words that sound the same have in common.
func sound(text string) string {
	for _, s := range servants {
		if rest, ok := strings.CutPrefix(text, s); ok && len(rest) > 2 {
			text = "abd" + rest
			break
		}
	}
	return idmatch.Roman(vowels.Replace(text))
}

// word is a word of a name.
type word struct {
	spelling
	core     *spelling // without particles, nil if there are none
	weight   int
	soundKey uint64 // of the sound
	id       int32  // in an index
}

// initial reports whether the word is one letter.
func (w *word) initial() bool { return w.n == 1 && w.alpha }

// name is a name taken apart.
type name struct {
	words   []*word
	joints  []uint64 // of each word and the next: the sound of both as one
	weight  int
	suffix  string
	forms   string
	abjad   bool
	degrees bool
}

// vocabulary makes words, each once.
type vocabulary struct {
	byText map[string]*word
	of     func(*word) // told of each new one, nil for nobody
}

func newVocabulary() *vocabulary { return &vocabulary{byText: map[string]*word{}} }

func (v *vocabulary) word(p idmatch.Part, company bool) *word {
	key := p.Key + "\x00" + p.Core
	if company {
		key += "\x00c"
	}
	if w := v.byText[key]; w != nil {
		return w
	}
	w := &word{spelling: spell(p.Key), weight: full}
	w.soundKey = soundKey(w.sound)
	if utf8.RuneCountInString(p.Core) > 1 && p.Core != p.Key {
		core := spell(p.Core)
		w.core = &core
	}
	switch {
	case company && (idmatch.Generic(p.Text) || idmatch.Generic(p.Key)):
		w.weight = common
	case w.initial():
		w.weight = initial
	}
	v.byText[key] = w
	if v.of != nil {
		v.of(w)
	}
	return w
}

// parse takes a name apart.
func (v *vocabulary) parse(s string, company bool) name {
	var p idmatch.Parts
	if company {
		p = idmatch.SplitCompany(s)
	} else {
		p = idmatch.Split(s)
		p.Forms = nil
	}
	n := name{suffix: p.Suffix, forms: strings.Join(p.Forms, " "), abjad: p.Abjad, degrees: p.Degrees}
	for _, part := range p.Words {
		w := v.word(part, company)
		n.words = append(n.words, w)
		n.weight += w.weight
	}
	for i := 0; i+1 < len(n.words); i++ {
		n.joints = append(n.joints, jointKey(n.words[i].text+n.words[i+1].text))
	}
	return n
}

// jointKey is the sound of two words as one, in a number.
func jointKey(text string) uint64 { return soundKey(sound(text)) }

func soundKey(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}

// The worth of pairs.
const (
	worthSame       = 100
	worthJoint      = 98
	worthVariant    = 96
	worthSound      = 94
	worthAbjad      = 92
	worthNickname   = 90
	worthConsonants = 80
	worthBeginning  = 80
	worthInitial    = 75
	worthOtherSound = 70
	worthOther      = 50
	minusParticle   = 3
	minusFirst      = 12
)

// like is what two words are worth as a pair, 0 if they are no pair. abjad says that
// one of the names was written in consonants.
func like(x, y *word, abjad bool) int {
	best := alike(&x.spelling, &y.spelling, abjad)
	if best < worthSame && (x.core != nil || y.core != nil) {
		a, b := &x.spelling, &y.spelling
		if x.core != nil {
			a = x.core
		}
		if y.core != nil {
			b = y.core
		}
		best = max(best, alike(a, b, abjad)-minusParticle)
	}
	return best
}

func alike(x, y *spelling, abjad bool) int {
	if x.text == y.text {
		return worthSame
	}
	if x.n == 1 || y.n == 1 {
		a, _ := utf8.DecodeRuneInString(x.text)
		b, _ := utf8.DecodeRuneInString(y.text)
		if a == b && x.alpha && y.alpha {
			return worthInitial
		}
		return 0
	}
	if meet(x.formal, y.formal) {
		return worthVariant
	}
	nickname := meet(x.formal, y.short) || meet(x.short, y.formal) || meet(x.short, y.short)
	switch {
	case x.known && y.known && !nickname:
		return others(x, y)
	case x.sound == y.sound && x.sound != "":
		return worthSound
	}
	best := misspelt(x, y)
	if nickname {
		best = max(best, worthNickname)
	}
	if abjad && x.bones == y.bones && utf8.RuneCountInString(x.bones) > 2 {
		best = max(best, worthAbjad)
	}
	if best < worthConsonants && (sameBones(x, y, abjad) || begins(x, y)) {
		best = worthConsonants
	}
	return best
}

// others compares first names of different people.
func others(x, y *spelling) int {
	switch {
	case x.sound == y.sound:
		return worthOtherSound
	case mistakes(min(x.n, y.n)) > 0 && near(x, y, 1) && within(x.text, y.text, 1) <= 1:
		return worthOther
	}
	return 0
}

func sameBones(x, y *spelling, abjad bool) bool {
	n := utf8.RuneCountInString(x.bones)
	return x.bones == y.bones && (n > 2 || abjad && n == 2)
}

func begins(x, y *spelling) bool {
	if x.n > y.n {
		x, y = y, x
	}
	return x.n >= shortest && x.alpha && strings.HasPrefix(y.text, x.text)
}

// shortest is how many letters the beginning of a word must have.
const shortest = 4

// mistakes is how many letters of a word may be wrong, the shorter word being of n
// letters.
func mistakes(n int) int {
	switch {
	case n < 3:
		return 0
	case n < 7:
		return 1
	case n < 12:
		return 2
	}
	return 3
}

// near reports whether two words can be d mistakes apart at most: each changes the
// length by one at most, and the set of letters by two.
func near(x, y *spelling, d int) bool {
	diff := x.n - y.n
	return diff <= d && diff >= -d && bits.OnesCount32(x.letter^y.letter) <= 2*d
}

// misspelt is what two words are worth of which one may be the other with letters
// wrong.
func misspelt(x, y *spelling) int {
	d := mistakes(min(x.n, y.n))
	if d == 0 || !x.alpha || !y.alpha || !near(x, y, d) {
		return 0
	}
	n := within(x.text, y.text, d)
	if n > d {
		return 0
	}
	worth := 100 - 90*n/max(x.n, y.n)
	a, _ := utf8.DecodeRuneInString(x.text)
	b, _ := utf8.DecodeRuneInString(y.text)
	if a != b {
		worth -= minusFirst
	}
	return worth
}

func meet(a, b []uint16) bool {
	for _, x := range a {
		if slices.Contains(b, x) {
			return true
		}
	}
	return false
}

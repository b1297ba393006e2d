package auth

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// nameScore says how well a name fits the best of others, 0 to 100: 100 for the same
// name, 85 and more for a slip of a letter or a usual short form, 70 and more for two
// of these, 50 and more where only the given or only the family name agrees
// (plaid-server-api.md section 8.3; link-web.md section 4.7).
func nameScore(name string, others []string) int {
	best := 0
	for _, other := range others {
		best = max(best, scoreNames(name, other))
	}
	return best
}

func scoreNames(a, b string) int {
	if strings.EqualFold(spaced(a), spaced(b)) {
		return 100
	}
	x, y := readName(a), readName(b)
	if len(x.words) == 0 || len(y.words) == 0 {
		return 0
	}
	score := 99 * (alike(x.first(), y.first()) + alike(x.last(), y.last())) / 2
	if turned := 99*(alike(x.first(), y.last())+alike(x.last(), y.first()))/2 - 5; turned > score {
		score = turned // family name first
	}
	if !slices.Equal(x.middle(), y.middle()) {
		score -= 3
	}
	if x.suffix != y.suffix {
		score -= 2
	}
	return max(0, int(math.Round(score)))
}

// spaced is a name with single spaces.
func spaced(s string) string { return strings.Join(strings.Fields(s), " ") }

// fullName is a name in small letters without accents, signs and titles.
type fullName struct {
	words  []string
	suffix string // jr, iii
}

func (n fullName) first() string { return n.words[0] }

func (n fullName) last() string { return n.words[len(n.words)-1] }

func (n fullName) middle() []string {
	if len(n.words) < 3 {
		return nil
	}
	return n.words[1 : len(n.words)-1]
}

var (
	nameTitles   = []string{"mr", "mrs", "ms", "miss", "dr", "prof"}
	nameSuffixes = []string{"jr", "sr", "ii", "iii", "iv", "esq", "phd", "md"}
)

func readName(s string) fullName {
	plain, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC), s)
	if err != nil {
		plain = s
	}
	// Marks within a word belong to it: O'Brien is one word, Smith-Jones are two.
	plain = strings.NewReplacer("'", "", "’", "", ".", "").Replace(strings.ToLower(plain))
	words := strings.FieldsFunc(plain, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	var n fullName
	for len(words) > 1 && slices.Contains(nameTitles, words[0]) {
		words = words[1:]
	}
	for len(words) > 1 && slices.Contains(nameSuffixes, words[len(words)-1]) {
		n.suffix, words = words[len(words)-1], words[:len(words)-1]
	}
	n.words = words
	return n
}

// alike says how alike two words of a name are, 0 to 1.
func alike(a, b string) float64 {
	long := max(len([]rune(a)), len([]rune(b)))
	wrong := distance([]rune(a), []rune(b))
	switch near := 1 - float64(wrong)/float64(long); {
	case a == b:
		return 1
	case shortForm(a, b) || wrong == 1 && long > 3:
		return 0.85
	case strings.HasPrefix(a, b) && len(b) == 1 || strings.HasPrefix(b, a) && len(a) == 1:
		return 0.8 // an initial
	case near >= 0.6:
		return 0.6
	}
	return 0.1
}

// shortForms are usual short forms of given names.
var shortForms = [][]string{
	{"alexander", "alex"}, {"andrew", "andy", "drew"}, {"anthony", "tony"}, {"barbara", "barb"}, {"benjamin", "ben"},
	{"charles", "charlie", "chuck"}, {"christopher", "chris"}, {"daniel", "dan", "danny"}, {"david", "dave"},
	{"edward", "ed", "eddie", "ted"}, {"elizabeth", "liz", "beth", "betty", "lizzie"}, {"james", "jim", "jimmy"},
	{"jennifer", "jen", "jenny"}, {"john", "jack", "johnny"}, {"joseph", "joe"}, {"katherine", "kate", "kathy", "katie"},
	{"margaret", "maggie", "meg", "peggy"}, {"matthew", "matt"}, {"michael", "mike"}, {"nicholas", "nick"},
	{"patricia", "pat", "patty", "trish"}, {"patrick", "pat"}, {"rebecca", "becky"}, {"richard", "rick", "dick"},
	{"robert", "bob", "bobby", "rob"}, {"samuel", "sam"}, {"samantha", "sam"}, {"stephen", "steve"}, {"steven", "steve"},
	{"susan", "sue"}, {"theodore", "ted", "theo"}, {"thomas", "tom"}, {"timothy", "tim"}, {"william", "bill", "billy", "will"},
}

func shortForm(a, b string) bool {
	return slices.ContainsFunc(shortForms, func(f []string) bool { return slices.Contains(f, a) && slices.Contains(f, b) })
}

// distance counts the letters to add, leave out, change or swap with their neighbour
// that lead from a to b.
func distance(a, b []rune) int {
	before, last := []int(nil), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now := make([]int, len(b)+1)
		now[0] = i
		for j := 1; j <= len(b); j++ {
			differ := 1
			if a[i-1] == b[j-1] {
				differ = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+differ)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
		before, last = last, now
	}
	return last[len(b)]
}

package match

import (
	"slices"
	"strings"
	"unicode"
)

// maxWords bounds the words of a name that take part; the last one always does.
const maxWords = 8

// word is one word of a name.
type word struct {
	text string // folded
	key  string // with umlauts written in one letter
	core string // the key without particles of a surname, "" if it has none
}

// bare is the word without particles.
func (w *word) bare() string {
	if w.core != "" {
		return w.core
	}
	return w.key
}

// name is a name taken apart.
type name struct {
	plain string // case, spacing and accents do not matter
	words []word // first names, middle names, surname
	// suffix is the generation ("jr"), degrees whether degrees and orders followed.
	suffix  string
	degrees bool
	// forms are the legal forms of a company, in their short form.
	forms    []string
	business bool
	foreign  bool
	abjad    bool
}

func (n *name) first() *word { return &n.words[0] }
func (n *name) last() *word  { return &n.words[len(n.words)-1] }

// parsed is all that is read from one value: a name, or those of several holders.
type parsed struct {
	plain   string
	foreign bool
	names   []name
	// alias is the index of the first name under which the holder trades, -1 for
	// none.
	alias int
}

// parse takes a value apart.
func parse(s string) parsed {
	f := fold(s)
	p := parsed{plain: plain(f.text), foreign: f.foreign, alias: -1}
	text := registration(p.plain)
	for i, part := range aliases(text) {
		if i == 1 {
			p.alias = len(p.names)
		}
		for _, holder := range holders(part) {
			n := one(holder)
			n.foreign, n.abjad = f.foreign, f.abjad
			if len(n.words) > 0 {
				p.names = append(p.names, n)
			}
		}
	}
	p.inherit()
	return p
}

// inherit gives the surname of the last holder to those who have a first name
// only: "Andrew & Betty Smith".
func (p *parsed) inherit() {
	if len(p.names) < 2 || p.alias >= 0 {
		return
	}
	last := &p.names[len(p.names)-1]
	if len(last.words) < 2 {
		return
	}
	for i := range p.names[:len(p.names)-1] {
		if n := &p.names[i]; len(n.words) == 1 {
			n.words = append(n.words, *last.last())
			n.plain += " " + last.last().text
		}
	}
}

// plain is a folded text with its spaces made one.
func plain(s string) string { return strings.Join(strings.Fields(s), " ") }

// one takes the name of one person or company apart.
func one(s string) name {
	n := name{plain: plain(s)}
	segments := strings.Split(s, ",")
	var read [][]string
	for _, seg := range segments {
		if words := n.segment(split(seg, len(read) == 0), len(read) == 0); len(words) > 0 {
			read = append(read, words)
		}
	}
	if len(read) > 1 && !n.business {
		read = append(read[1:], read[0]) // "Smith, Andrew"
	}
	var words []string
	for _, w := range read {
		words = append(words, w...)
	}
	if n.business {
		n.company(words)
		return n
	}
	if len(words) > maxWords {
		words = append(words[:maxWords-1], words[len(words)-1])
	}
	n.words = joinParticles(slices.DeleteFunc(words, func(w string) bool { return w == "&" }))
	return n
}

// segment strips what is no part of the name proper from the words between two
// commas: titles before, suffixes and degrees after, legal forms.
func (n *name) segment(words []string, first bool) []string {
	words = words[:n.legalForms(words, first)]
	for i, w := range words {
		words[i] = strings.TrimSuffix(w, ".")
	}
	for len(words) > 0 && titles[words[0]] && (len(words) > 2 || !first || len(words) == 2 && plainTitles[words[0]]) {
		words = words[1:]
	}
	for len(words) > 0 {
		end := words[len(words)-1]
		generation, ok := generations[end]
		if !ok && !degrees[end] || first && (len(words) == 1 || len(words) == 2 && !ok) {
			break
		}
		if ok {
			n.suffix = generation
		}
		n.degrees = n.degrees || !ok
		words = words[:len(words)-1]
	}
	return words
}

// split makes words of a text. Letters between full stops are initials, unless
// they are an abbreviation that is known; one that may be a surname keeps a full
// stop, which shows that it is none. What begins a name is initials.
func split(s string, first bool) []string {
	var words []string
	for _, raw := range strings.FieldsFunc(s, separates) {
		if strings.IndexByte(raw, '\'') >= 0 {
			raw = strings.ReplaceAll(raw, "'", "")
		}
		if strings.IndexByte(raw, '.') < 0 {
			if raw == "saint" {
				raw = "st"
			}
			if raw != "" {
				words = append(words, raw)
			}
			continue
		}
		letters := strings.ReplaceAll(raw, ".", "")
		switch {
		case letters == "":
		case surnameForms[letters] && (len(words) > 0 || !first):
			words = append(words, letters+".")
		case letters == strings.Trim(raw, "."), (len(words) > 0 || !first) && known(letters):
			words = append(words, letters)
		default:
			words = append(words, strings.FieldsFunc(raw, func(r rune) bool { return r == '.' })...)
		}
	}
	return words
}

// separates reports whether a character stands between words.
func separates(r rune) bool {
	if r < 0x80 {
		return !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '\'' || r == '.' || r == '&')
	}
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r)
}

// known reports whether letters between full stops are an abbreviation rather
// than initials: Ph.D., B.V., L.L.C.
func known(s string) bool {
	_, form := legalForms[s]
	_, generation := generations[s]
	return degrees[s] || generation || form
}

// joinParticles makes one word of a surname and its particles, unless the
// particle begins the name: "Ludwig van Beethoven", but "Van Morrison".
func joinParticles(words []string) []word {
	out := make([]word, 0, len(words))
	for i := 0; i < len(words); i++ {
		if next := servant(words[i:]); next > 0 {
			text := "abd" + words[i+next]
			out = append(out, word{text: text, key: text})
			i += next
			continue
		}
		start := i
		for i > 0 && i+1 < len(words) && particles[words[i]] {
			i++
		}
		if start == i {
			key := digraphs(words[i])
			out = append(out, word{text: words[i], key: key})
			continue
		}
		text := strings.Join(words[start:i+1], "")
		out = append(out, word{text: text, key: digraphs(text), core: digraphs(words[i])})
	}
	return out
}

// servant reports how far behind "Abd al-", "Abdul" or "Abdel" the word stands that
// belongs to it: the two are one name. 0 if there is none.
func servant(words []string) int {
	if !strings.HasPrefix(words[0], "abd") || len(words) < 2 {
		return 0
	}
	switch words[0] {
	case "abd", "abdul", "abdel", "abdal":
	default:
		return 0
	}
	if len(words) > 2 && (words[1] == "al" || words[1] == "el" || words[1] == "ul") {
		return 2
	}
	return 1
}

// holders splits a name in which a bank has written several.
func holders(s string) []string {
	if !strings.ContainsAny(s, "&;/+") && !slices.ContainsFunc(conjunctions, func(c string) bool { return strings.Contains(s, c) }) {
		return []string{s}
	}
	if probe := one(s); probe.business {
		return []string{s}
	}
	for _, c := range conjunctions {
		s = strings.ReplaceAll(s, c, ";")
	}
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(";/+", r) })
}

// conjunctions stand between holders. An ampersand without a space does not: AT&T.
var conjunctions = []string{" & ", " &", "& ", " and ", " or ", " und ", " et "}

// registration cuts off how an account is registered: "JTWROS", "POD Betty Smith".
func registration(s string) string {
	if !slices.ContainsFunc(registrations, func(r string) bool { return strings.Contains(s, r) }) {
		return s
	}
	words := strings.Fields(s)
	for i, w := range words {
		if i > 1 && registered[strings.Trim(w, ".,()/")] {
			return strings.Join(words[:i], " ")
		}
	}
	return s
}

// aliases splits off the name under which somebody trades.
func aliases(s string) []string {
	for _, sep := range []string{" dba ", " d/b/a ", " t/a ", " aka ", " a/k/a ", " f/k/a "} {
		if before, after, ok := strings.Cut(s, sep); ok {
			return []string{before, after}
		}
	}
	return []string{s}
}

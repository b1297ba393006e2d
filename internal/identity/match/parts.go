package match

// Part is one word of a name, as package screening/match finds names by it.
type Part struct {
	Text string // without case, accents and foreign letters, a surname with its particles
	Key  string // the same with umlauts written in one letter
	Core string // the surname without its particles, "" if it has none
}

// Parts is a name taken apart: what names are searched by rather than two compared.
type Parts struct {
	Words   []Part
	Suffix  string   // the generation, "jr"
	Degrees bool     // degrees or orders followed
	Forms   []string // the legal forms of a company
	// Foreign says that letters of another script were read in Latin ones, and Abjad
	// that those were consonants only.
	Foreign, Abjad bool
}

// Split takes the name of a person apart. "Smith, Andrew" is turned round, titles are
// left out.
func Split(s string) Parts {
	f := fold(s)
	return parts(one(plain(f.text)), f)
}

// SplitCompany takes the name of an organisation apart.
func SplitCompany(s string) Parts {
	f := fold(s)
	n := name{plain: plain(f.text), business: true}
	words := n.segment(split(n.plain, true), true)
	n.company(words)
	return parts(n, f)
}

func parts(n name, f folded) Parts {
	p := Parts{Suffix: n.suffix, Degrees: n.degrees, Forms: n.forms, Foreign: f.foreign, Abjad: f.abjad}
	for _, w := range n.words {
		p.Words = append(p.Words, Part{w.text, w.key, w.core})
	}
	return p
}

// Generic reports whether a word tells two companies apart only poorly.
func Generic(word string) bool { return generic[word] }

// GivenName says in which families of first names a word is, and in which it is a
// short form. Two words with a family in common are ways of writing one name; ok is
// false for words that are no first name that is known.
func GivenName(word string) (formal, short []uint16, ok bool) {
	e := names()[word]
	if e == nil {
		return nil, nil, false
	}
	return e.formal, e.short, true
}

// Roman is a key that the usual ways of writing a foreign word in Latin letters have
// in common.
func Roman(word string) string { return roman(word) }

// Skeleton is what Arabic and Hebrew write of a word.
func Skeleton(word string) string { return skeleton(word) }

// Distance counts the letters that are too many, too few, wrong, or changed places
// with their neighbour; words longer than 40 letters are compared by the first 40.
func Distance(x, y string) int { return distance(x, y) }

// Alphabetic reports whether a word is written in letters rather than in signs that
// are words of their own.
func Alphabetic(word string) bool { return alphabetic(word) }

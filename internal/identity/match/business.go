package match

import (
	"slices"
	"strings"
)

// legalForms notes the legal forms among the words of a segment and returns at
// which word those at its end begin. In "Acme Inc of Ohio" the form stays where it
// is: what follows belongs to the company's name.
func (n *name) legalForms(words []string, first bool) int {
	alone := first && len(words) == 1
	for i, w := range words {
		if !alone && (plainForms[w] || businessWords[w] || w == "&" && i+1 < len(words) && words[i+1] == "co") {
			n.business = true
		}
	}
	end := len(words)
	for end > 0 && !(first && end == 1) {
		w := words[end-1]
		form, ok := legalForms[strings.TrimSuffix(w, ".")]
		if !ok || !n.business && (surnameForms[w] || degrees[w] || particles[w]) {
			break
		}
		n.business = true
		n.forms = append(n.forms, form)
		end--
	}
	return end
}

// company makes the words of a company.
func (n *name) company(words []string) {
	if len(words) > maxWords {
		words = words[:maxWords]
	}
	for _, w := range words {
		key, ok := companyWords[w]
		if !ok {
			key = digraphs(w)
		}
		n.words = append(n.words, word{text: w, key: key})
	}
	slices.Sort(n.forms)
	n.forms = slices.Compact(n.forms)
}

// The points of companies.
const (
	pointsForm         = 8
	pointsOtherForm    = 20
	pointsCompanyWord  = 15
	pointsCommonWord   = 6
	pointsAbbreviation = 2
	highestOfOther     = 60 // words of their own on both sides: another company
	scoreAcronym       = 72
)

// companies compares two names of which at least one is a company's.
func companies(a, b *name) Trace {
	if acronym(a, b) || acronym(b, a) {
		return Trace{{Rule: Acronym, A: joined(a), B: joined(b), Points: scoreAcronym - 100}}
	}
	m := assign(a, b, companyCost)
	t := make(Trace, 0, len(a.words)+4)
	shared := 0
	for i, j := range m.of {
		if j < 0 {
			continue
		}
		kind := companyKind(a, b, i, j)
		if kind.rule != "" {
			t = append(t, Step{Rule: kind.rule, A: a.words[i].text, B: b.words[j].text, Points: -kind.points})
		}
		if !generic[a.words[i].text] {
			shared++
		}
	}
	if m.disordered() {
		t = append(t, Step{Rule: NameOrder, Points: -3})
	}
	ownA, ownB := lone(&t, a, m.freeA(), true), lone(&t, b, m.freeB(), false)
	t = forms(t, a, b)
	switch {
	case shared == 0 && !(len(a.words) == len(b.words) && ownA+ownB == 0):
		return differ(Trace{}, a, b)
	case ownA > 0 && ownB > 0:
		t = t.limit(highestOfOther, CompanyDiffers)
	}
	return t.raise(30, Several)
}

// lone takes points for words that the other side lacks and counts those that are
// not common to many companies.
func lone(t *Trace, n *name, free []int, left bool) (own int) {
	for _, i := range free {
		s := Step{Rule: WordMissing, A: n.words[i].text, Points: -pointsCompanyWord}
		if generic[n.words[i].text] || generic[n.words[i].key] {
			s.Rule, s.Points = GenericMissing, -pointsCommonWord
		} else {
			own++
		}
		if !left {
			s.A, s.B = "", s.A
		}
		*t = append(*t, s)
	}
	return own
}

// forms compares the legal forms.
func forms(t Trace, a, b *name) Trace {
	switch x, y := formsOf(a), formsOf(b); {
	case x == y:
		return t
	case x == "" || y == "":
		return append(t, Step{Rule: FormMissing, A: x, B: y, Points: -pointsForm})
	default:
		return append(t, Step{Rule: FormDiffers, A: x, B: y, Points: -pointsOtherForm})
	}
}

// formsOf are the forms as one word; "co" beside another form says no more.
func formsOf(n *name) string {
	out := ""
	for _, f := range n.forms {
		if f != "co" || len(n.forms) == 1 {
			out += f
		}
	}
	return out
}

// acronym reports whether a is made of the initials of b.
func acronym(a, b *name) bool {
	if len(a.words) != 1 || len(b.words) < 3 || len(a.words[0].text) != len(b.words) {
		return false
	}
	for i, w := range b.words {
		if w.text[0] != a.words[0].text[i] {
			return false
		}
	}
	return true
}

func companyKind(a, b *name, i, j int) kind {
	x, y := &a.words[i], &b.words[j]
	if x.key == y.key && x.text != y.text && companyWords[x.text] != "" {
		return kind{Abbreviated, pointsAbbreviation}
	}
	k := compareWords(x, y, a, b)
	if k.rule == Initial || k.rule == Nickname || k.rule == Variant {
		return none
	}
	return k
}

func companyCost(a, b *name, i, j int) (cost int, ok bool) {
	k := companyKind(a, b, i, j)
	return k.points*4 + min(abs(i-j), 3), k != none
}

func abs(x int) int { return max(x, -x) }

// joined is the words of a name in one.
func joined(n *name) string {
	s := ""
	for _, w := range n.words {
		s += w.text
	}
	return s
}

package match

import "strings"

// NameResult is the score of two names.
type NameResult struct {
	Score int
	// FirstOrLast: the first name or the last name is completely the same.
	FirstOrLast bool
	// Nickname: a nickname of one is the first name of the other.
	Nickname bool
	// Business: one of the two is named like a company.
	Business bool
	Trace    Trace
}

// The points of names that depend on where the words stand.
const (
	pointsNormalised     = 1
	pointsSwapped        = 4
	pointsInitialFirst   = 20
	pointsInitialLast    = 25
	pointsInitialMiddle  = 4
	pointsMiddle         = 6
	pointsMiddleInitial  = 3
	pointsMiddleConflict = 4
	pointsDouble         = 8
	pointsByMiddle       = 16
	pointsByMiddleShort  = 12
	pointsDisorder       = 6
	pointsSuffix         = 3
	pointsOtherSuffix    = 5
	pointsDegrees        = 2

	baseOneName   = 50 // the first or the last name is the same
	baseNearly    = 35
	lowestPartial = 40
	bestHolder    = 98
	bestAlias     = 95
)

// Names compares two names.
func Names(a, b string) NameResult {
	pa, pb := parse(a), parse(b)
	if pb.plain < pa.plain { // the same work both ways round, so the same score
		r := compareParsed(&pb, &pa)
		r.Trace = r.Trace.swapped()
		return r
	}
	return compareParsed(&pa, &pb)
}

func compareParsed(a, b *parsed) NameResult {
	if a.plain == b.plain && a.foreign == b.foreign {
		r := NameResult{Score: 100, FirstOrLast: true, Trace: Trace{}}
		for i := range a.names {
			r.Business = r.Business || a.names[i].business
		}
		return r
	}
	var best NameResult
	found := false
	for i := range a.names {
		for j := range b.names {
			r := compareNames(&a.names[i], &b.names[j])
			if len(a.names) > 1 || len(b.names) > 1 {
				r.Trace = r.Trace.limit(bestHolder, OneOfHolders)
			}
			if a.alias >= 0 && i >= a.alias || b.alias >= 0 && j >= b.alias {
				r.Trace = r.Trace.limit(bestAlias, Alias)
			}
			if len(r.Trace) == 0 {
				r.Trace = Trace{{Rule: Equivalent, Points: -pointsNormalised}}
			}
			r.Score = r.Trace.score()
			if !found || r.Score > best.Score {
				best, found = r, true
			}
		}
	}
	if !found { // nothing but titles and signs
		best.Trace = Trace{{Rule: NamesDiffer, Points: -100}}
	}
	return best
}

func compareNames(a, b *name) NameResult {
	r := NameResult{Business: a.business || b.business}
	if a.plain == b.plain && a.foreign == b.foreign {
		r.FirstOrLast = true
		return r
	}
	a, b = merged(a, b), merged(b, a)
	if r.Business {
		r.Trace = companies(a, b)
	} else {
		r.Trace = people(a, b, &r)
	}
	return r
}

// merged is a with two neighbouring words made one where b has them as one:
// "Mary Ann" and "Maryann".
func merged(a, b *name) *name {
	for i := 0; i+1 < len(a.words); i++ {
		x, y := a.words[i].text, a.words[i+1].text
		for j := range b.words {
			if w := &b.words[j]; len(w.text) == len(x)+len(y) && strings.HasPrefix(w.text, x) && strings.HasSuffix(w.text, y) {
				out := *a
				out.words = append(append(append([]word{}, a.words[:i]...), *w), a.words[i+2:]...)
				return merged(&out, b)
			}
		}
	}
	return a
}

// people compares the names of two people.
func people(a, b *name, r *NameResult) Trace {
	m := assign(a, b, personCost)
	r.FirstOrLast = sameName(a, b, m)
	for i, j := range m.of {
		if j >= 0 && compareWords(&a.words[i], &b.words[j], a, b).rule == Nickname {
			r.Nickname = true
		}
	}
	t := make(Trace, 0, 8)
	if !m.bothNames() {
		return apart(t, a, b, m, r)
	}
	t = pairSteps(t, a, b, m)
	t = middles(t, a, b, m)
	t = suffixes(t, a, b)
	return t.raise(lowestPartial, Several)
}

// place is where a word stands in a name.
type place uint8

const (
	middle place = 1 << iota
	given
	family
)

func placeOf(i, n int) place {
	switch {
	case n == 1:
		return given | family
	case i == 0:
		return given
	case i == n-1:
		return family
	}
	return middle
}

// personCost is what a pair costs an assignment. Words in their own places go
// together first.
func personCost(a, b *name, i, j int) (int, bool) {
	k := compareWords(&a.words[i], &b.words[j], a, b)
	if k == none {
		return 0, false
	}
	cost := 8 * k.points
	pa, pb := placeOf(i, len(a.words)), placeOf(j, len(b.words))
	if k.rule == Initial {
		cost = 8 * initialPoints(pa, pb)
	}
	if pa&pb == 0 {
		cost += 40
	}
	return cost + min(abs(i-j), 7), true
}

func initialPoints(a, b place) int {
	switch {
	case (a|b)&middle != 0:
		return pointsInitialMiddle
	case a&b&given != 0:
		return pointsInitialFirst
	}
	return pointsInitialLast
}

// bothNames reports whether first and last name have each their pair. Of somebody
// who has one name only, that is enough.
func (m assignment) bothNames() bool {
	if m.n == 1 && m.m == 1 {
		return m.of[0] == 0
	}
	var firsts, lasts, both int
	for i, j := range m.of {
		if j < 0 {
			continue
		}
		switch p := placeOf(i, m.n) | placeOf(j, m.m); {
		case p&given != 0 && p&family != 0:
			both++
		case p&given != 0:
			firsts++
		case p&family != 0:
			lasts++
		}
	}
	return firsts > 0 && (lasts > 0 || both > 0) || lasts > 0 && both > 0 || both > 1
}

// sameName reports whether the first or the last name is completely the same.
func sameName(a, b *name, m assignment) bool {
	equal := func(p, q *word) bool {
		return p.key == q.key || p.bare() == q.bare() || a.foreign != b.foreign && roman(p.key) == roman(q.key)
	}
	if equal(a.first(), b.first()) && len(a.words) > 1 == (len(b.words) > 1) || equal(a.last(), b.last()) {
		return true
	}
	if len(a.words) == 1 || len(b.words) == 1 {
		return equal(a.first(), b.first())
	}
	return m.bothNames() && (equal(a.first(), b.last()) || equal(a.last(), b.first()))
}

// pairSteps are the differences between words that go together.
func pairSteps(t Trace, a, b *name, m assignment) Trace {
	for i, j := range m.of {
		if j < 0 {
			continue
		}
		x, y := &a.words[i], &b.words[j]
		k := compareWords(x, y, a, b)
		if k.rule == Initial {
			k.points = initialPoints(placeOf(i, m.n), placeOf(j, m.m))
		}
		if k != same {
			t = append(t, Step{Rule: k.rule, A: x.text, B: y.text, Points: -k.points})
		}
	}
	if m.swapped() {
		return append(t, Step{Rule: NameOrder, Points: -pointsSwapped})
	}
	if m.disordered() {
		return append(t, Step{Rule: NameOrder, Points: -pointsDisorder})
	}
	return t
}

// swapped reports whether the surname stands first on one side.
func (m assignment) swapped() bool {
	return m.n > 1 && m.m > 1 && (m.of[0] == m.m-1 || m.of[m.n-1] == 0)
}

// middles are the words that the other side lacks: middle names, parts of double
// surnames, a first name that is not used.
func middles(t Trace, a, b *name, m assignment) Trace {
	var conflicts, shorts [2]int
	for side, n := range []*name{a, b} {
		free := m.freeA()
		if side == 1 {
			free = m.freeB()
		}
		for _, i := range free {
			s := Step{Rule: MiddleMissing, A: n.words[i].text, Points: -pointsMiddle}
			short := len(n.words[i].text) == 1
			switch p := placeOf(i, len(n.words)); {
			case p&given != 0:
				s.Rule, s.Points = ByMiddle, -pointsByMiddle
				if short {
					s.Points = -pointsByMiddleShort
				}
			case p&family != 0:
				s.Rule, s.Points = DoubleSurname, -pointsDouble
			default:
				conflicts[side]++
				if short {
					s.Points = -pointsMiddleInitial
					shorts[side]++
				}
			}
			if side == 1 {
				s.A, s.B = "", s.A
			}
			t = append(t, s)
		}
	}
	if n := min(conflicts[0], conflicts[1]); n > 0 {
		less := (shorts[0] + shorts[1]) * (pointsMiddle - pointsMiddleInitial) // two initials that differ are no better than two names
		return append(t, Step{Rule: MiddleDiffers, Points: -n*pointsMiddleConflict - less})
	}
	return t
}

// suffixes compares what follows the names.
func suffixes(t Trace, a, b *name) Trace {
	switch {
	case a.suffix != b.suffix && a.suffix != "" && b.suffix != "":
		return append(t, Step{Rule: SuffixDiffers, A: a.suffix, B: b.suffix, Points: -pointsOtherSuffix})
	case a.suffix != b.suffix:
		return append(t, Step{Rule: SuffixMissing, A: a.suffix, B: b.suffix, Points: -pointsSuffix})
	case a.degrees != b.degrees:
		return append(t, Step{Rule: SuffixMissing, Points: -pointsDegrees})
	}
	return t
}

// apart scores two people of whom at most one name agrees.
func apart(t Trace, a, b *name, m assignment, r *NameResult) Trace {
	if r.FirstOrLast {
		restA, restB := rest(a, b)
		t = t.limit(baseOneName, OneNameAgrees)
		return t.raise(baseOneName+similarity(restA, restB, 15), Similarity)
	}
	for i, j := range m.of {
		if j < 0 || placeOf(i, m.n)&placeOf(j, m.m)&(given|family) == 0 {
			continue
		}
		x, y := &a.words[i], &b.words[j]
		t = t.limit(baseNearly, OneNameNearly)
		t[len(t)-1].A, t[len(t)-1].B = x.text, y.text
		return t.raise(baseNearly+similarity(joined(a), joined(b), 14), Similarity)
	}
	return differ(t, a, b)
}

// differ scores two names that have nothing in common but letters.
func differ(t Trace, a, b *name) Trace {
	t = append(t, Step{Rule: NamesDiffer, Points: -t.score()})
	return t.raise(similarity(joined(a), joined(b), 35), Similarity)
}

// rest is the one of first and last name that does not agree.
func rest(a, b *name) (string, string) {
	if a.first().key == b.first().key {
		return a.last().key, b.last().key
	}
	return a.first().key, b.first().key
}

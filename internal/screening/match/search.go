package match

import (
	"cmp"
	"math/bits"
	"slices"
	"sort"
	"strings"
)

// Query is what is known of whom is looked for; "" for what is not.
type Query struct {
	Name      string
	BirthDate string // YYYY-MM-DD
	Document  string
	Country   string // ISO 3166-1 alpha-2
	Email     string
	Phone     string
	URL       string
}

// Hit is an entry that may be meant.
type Hit struct {
	Entry int // its place in the index
	Name  int // the score of its best name that is not weak
	Score int // the same less what a contradiction takes
}

// query is a Query taken apart.
type query struct {
	Query
	name
	document string
}

func (x *Index) query(q Query) *query {
	return &query{q, newVocabulary().parse(q.Name, x.company), documentKey(q.Document)}
}

// scratch is the memory of a search.
type scratch struct {
	most    []int32 // of each name what it can be worth at most
	touched []int32
	worth   [][]uint8 // of each word of the query and each of the index, plus one
	seen    []uint32  // the words that have been looked at, by a stamp
	stamp   uint32
	related []int32
}

func (s *scratch) ready(names, words, asked int) {
	if len(s.most) < names {
		s.most = make([]int32, names)
	}
	if len(s.seen) < words {
		s.seen, s.stamp = make([]uint32, words), 0
	}
	for len(s.worth) < asked {
		s.worth = append(s.worth, nil)
	}
	for i := range asked {
		if len(s.worth[i]) < words {
			s.worth[i] = make([]uint8, words)
		} else {
			clear(s.worth[i])
		}
	}
	s.touched = s.touched[:0]
}

// Search finds the entries on the lists that are wanted whose score reaches the
// threshold, the best first.
func (x *Index) Search(about Query, threshold int, wanted func(code string) bool) []Hit {
	q := x.query(about)
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	s.ready(len(x.names), len(x.words), len(q.words))
	defer func() {
		for _, n := range s.touched {
			s.most[n] = 0
		}
	}()
	x.reach(q, s)
	best := map[int32]int{}
	slack := 0
	for _, w := range q.words {
		if w.initial() {
			slack += slackOfInitial
		}
	}
	for _, at := range s.touched {
		n := &x.names[at]
		if int(s.most[at])+slack+n.initials*slackOfInitial < threshold*(q.weight+n.weight) || !wanted(x.entries[n.entry].Code) {
			continue
		}
		if got := x.scoreFast(q, n, s); got >= threshold {
			best[n.entry] = max(best[n.entry], got)
		}
	}
	for _, e := range x.documents[q.document] {
		if q.document != "" && wanted(x.entries[e].Code) {
			best[e] = x.best(q, e)
		}
	}
	var hits []Hit
	for e, name := range best {
		if h, ok := x.judge(q, e, name, threshold); ok {
			hits = append(hits, h)
		}
	}
	sortHits(hits)
	return hits
}

// Exhaustive is Search without the index: it compares the query with every entry. It
// is what Search is tested against.
func (x *Index) Exhaustive(about Query, threshold int, wanted func(code string) bool) []Hit {
	q := x.query(about)
	var hits []Hit
	for e := range x.entries {
		if !wanted(x.entries[e].Code) {
			continue
		}
		if h, ok := x.judge(q, int32(e), x.best(q, int32(e)), threshold); ok {
			hits = append(hits, h)
		}
	}
	sortHits(hits)
	return hits
}

func sortHits(hits []Hit) {
	slices.SortFunc(hits, func(a, b Hit) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Entry, b.Entry)) })
}

// judge decides whether an entry is a hit.
func (x *Index) judge(q *query, e int32, name, threshold int) (Hit, bool) {
	h := Hit{Entry: int(e), Name: name, Score: name}
	if births(q.BirthDate, x.entries[e].Births) == NoMatch {
		h.Score = max(h.Score-minusBirth, 0)
	}
	return h, h.Score >= threshold || q.document != "" && slices.Contains(x.documents[q.document], e)
}

// best is the score of the best name of an entry that is not weak.
func (x *Index) best(q *query, e int32) int {
	best := 0
	for at := x.first[e]; at < x.first[e+1]; at++ {
		if n := &x.names[at]; !n.weak {
			best = max(best, x.score(q, n))
		}
	}
	return best
}

// score compares the query with a name.
func (x *Index) score(q *query, n *indexed) int {
	abjad := q.abjad || n.abjad
	return score(&q.name, &n.name, func(i int, w *word) int { return like(q.words[i], w, abjad) })
}

// scoreFast is score that remembers what words are worth.
func (x *Index) scoreFast(q *query, n *indexed, s *scratch) int {
	if n.abjad != q.abjad {
		return x.score(q, n)
	}
	return score(&q.name, &n.name, func(i int, w *word) int {
		if known := s.worth[i][w.id]; known > 0 {
			return int(known) - 1
		}
		worth := like(q.words[i], w, q.abjad)
		s.worth[i][w.id] = uint8(worth) + 1
		return worth
	})
}

// reach notes of each name that shares anything with the query what it can be worth
// at most: the sum of all pairs that there can be.
func (x *Index) reach(q *query, s *scratch) {
	for i, w := range q.words {
		for _, id := range x.relatives(w, s) {
			to := x.words[id]
			worth := like(w, to, true) // at most: consonants count for more
			if worth == 0 {
				continue
			}
			for _, at := range x.postings[id] {
				x.touch(s, at, worth*(w.weight+to.weight))
			}
		}
		for _, at := range x.joints[w.soundKey] { // this word, and two of the name
			x.touch(s, at, worthJoint*(w.weight+2*full))
		}
		if i == 0 {
			continue
		}
		weight := q.words[i-1].weight + w.weight
		for _, id := range x.bySound[soundOf(q.words[i-1], w)] { // two words, and one of the name
			to := x.words[id]
			for _, at := range x.postings[id] {
				x.touch(s, at, worthJoint*(weight+to.weight))
			}
		}
	}
}

func soundOf(a, b *word) string { return sound(a.text + b.text) }

func (x *Index) touch(s *scratch, at int32, worth int) {
	if x.names[at].weak {
		return
	}
	if s.most[at] == 0 {
		s.touched = append(s.touched, at)
	}
	s.most[at] += int32(worth)
}

// relatives are the words of the index that may be worth something with a word,
// initials apart.
func (x *Index) relatives(w *word, s *scratch) []int32 {
	s.related = s.related[:0]
	s.stamp++
	x.kin(&w.spelling, s)
	if w.core != nil {
		x.kin(w.core, s)
	}
	return s.related
}

func (s *scratch) relate(ids ...int32) {
	for _, id := range ids {
		if s.seen[id] != s.stamp {
			s.seen[id] = s.stamp
			s.related = append(s.related, id)
		}
	}
}

// kin finds what is related to a spelling in any of the ways of alike.
func (x *Index) kin(w *spelling, s *scratch) {
	s.relate(x.bySound[w.sound]...)
	s.relate(x.byBones[w.bones]...)
	for _, f := range w.formal {
		s.relate(x.byFamily[f]...)
	}
	for _, f := range w.short {
		s.relate(x.byFamily[f]...)
	}
	x.beginnings(w, s)
	if !w.alpha {
		return
	}
	for n := max(w.n-3, 1); n <= w.n+3 && n < len(x.byLength); n++ {
		d := mistakes(min(n, w.n))
		if diff := n - w.n; d == 0 || diff > d || diff < -d {
			continue
		}
		for i := range x.byLength[n] {
			if y := &x.byLength[n][i]; bits.OnesCount32(w.letter^y.set) <= 2*d {
				s.relate(y.word)
			}
		}
	}
}

// beginnings finds the words that begin with the spelling, and those it begins with.
func (x *Index) beginnings(w *spelling, s *scratch) {
	if w.n < shortest {
		return
	}
	for i := sort.Search(len(x.sorted), func(i int) bool { return x.sorted[i].text >= w.text }); i < len(x.sorted) && strings.HasPrefix(x.sorted[i].text, w.text); i++ {
		s.relate(x.sorted[i].word)
	}
	letters := 0
	for end := range w.text {
		if letters++; letters <= shortest {
			continue
		}
		part := w.text[:end]
		for i := sort.Search(len(x.sorted), func(i int) bool { return x.sorted[i].text >= part }); i < len(x.sorted) && x.sorted[i].text == part; i++ {
			s.relate(x.sorted[i].word)
		}
	}
}

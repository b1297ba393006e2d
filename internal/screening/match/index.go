package match

import (
	"slices"
	"sort"
	"strings"
	"sync"
	"unicode"

	"github.com/glencheck-dev/glencheck/internal/screening/list"
)

// Entry is an entry of a list that can be found.
type Entry struct {
	// Code is the list that it is on, such as US_SDN.
	Code string
	list.Entry
}

// Index finds entries. It does not change; its methods are safe for concurrent use.
type Index struct {
	company bool
	entries []Entry
	names   []indexed
	first   []int32 // of each entry the first of its names, and one more

	words    []*word
	postings [][]int32 // of each word the names it is in
	joints   map[uint64][]int32

	bySound, byBones map[string][]int32 // words
	byFamily         map[uint16][]int32
	sorted           []spelled   // by text
	byLength         [][]spelled // of words of letters

	documents map[string][]int32 // entries

	scratch sync.Pool
}

// indexed is a name of an entry.
type indexed struct {
	name
	entry    int32
	weak     bool // by the source or by us: makes no hit
	initials int
}

// spelled is a spelling of a word. What a scan looks at is in the record itself: the
// words lie all over the memory.
type spelled struct {
	*spelling
	set  uint32
	word int32
}

// New makes an index of entries of one kind.
func New(kind list.Kind, entries []Entry) *Index {
	x := &Index{
		company: kind == list.Entity, entries: entries, first: make([]int32, 0, len(entries)+1),
		joints: map[uint64][]int32{}, bySound: map[string][]int32{}, byBones: map[string][]int32{}, byFamily: map[uint16][]int32{}, documents: map[string][]int32{},
	}
	v := newVocabulary()
	v.of = x.learn
	for i := range entries {
		x.first = append(x.first, int32(len(x.names)))
		for _, n := range entries[i].Names {
			x.add(v.parse(n.Full, x.company), int32(i), n)
		}
		for _, d := range entries[i].Documents {
			if key := documentKey(d.Number); key != "" && !slices.Contains(x.documents[key], int32(i)) {
				x.documents[key] = append(x.documents[key], int32(i))
			}
		}
	}
	x.first = append(x.first, int32(len(x.names)))
	sort.Slice(x.sorted, func(i, j int) bool { return x.sorted[i].text < x.sorted[j].text })
	for i := range x.words {
		x.postings[i] = slices.Clip(x.postings[i])
	}
	x.scratch.New = func() any { return &scratch{} }
	return x
}

// learn takes up a new word.
func (x *Index) learn(w *word) {
	w.id = int32(len(x.words))
	x.words = append(x.words, w)
	x.postings = append(x.postings, nil)
	x.spelling(&w.spelling, w.id)
	if w.core != nil {
		x.spelling(w.core, w.id)
	}
}

func (x *Index) spelling(s *spelling, id int32) {
	x.bySound[s.sound] = append(x.bySound[s.sound], id)
	x.byBones[s.bones] = append(x.byBones[s.bones], id)
	for _, f := range slices.Concat(s.formal, s.short) {
		x.byFamily[f] = append(x.byFamily[f], id)
	}
	x.sorted = append(x.sorted, spelled{s, s.letter, id})
	if s.alpha {
		for len(x.byLength) <= s.n {
			x.byLength = append(x.byLength, nil)
		}
		x.byLength[s.n] = append(x.byLength[s.n], spelled{s, s.letter, id})
	}
}

func (x *Index) add(n name, entry int32, source list.Name) {
	at := int32(len(x.names))
	in := indexed{name: n, entry: entry, weak: source.Weak || poor(&n)}
	for _, w := range n.words {
		if w.initial() {
			in.initials++
		}
		if p := x.postings[w.id]; len(p) == 0 || p[len(p)-1] != at {
			x.postings[w.id] = append(p, at)
		}
	}
	for _, key := range n.joints {
		if p := x.joints[key]; len(p) == 0 || p[len(p)-1] != at {
			x.joints[key] = append(p, at)
		}
	}
	x.names = append(x.names, in)
}

// poor reports whether a name is weak by our own determination.
func poor(n *name) bool {
	if len(n.words) == 0 || len(n.words) == 1 && n.words[0].alpha && n.words[0].n < shortest {
		return true
	}
	return !slices.ContainsFunc(n.words, func(w *word) bool { return !w.initial() })
}

// Poor reports whether a name of somebody is weak by our own determination.
func Poor(kind list.Kind, full string) bool {
	n := newVocabulary().parse(full, kind == list.Entity)
	return poor(&n)
}

// Entry is the entry at a place.
func (x *Index) Entry(i int) *Entry { return &x.entries[i] }

// documentKey is the number of a document without what its writers differ in; "" for
// one that is too short to mean somebody.
func documentKey(number string) string {
	key := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, number)
	if len(key) < 5 {
		return ""
	}
	return key
}

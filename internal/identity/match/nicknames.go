package match

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed nicknames.txt
var nicknamesText string

// relation is how two words are related as first names.
type relation uint8

const (
	unknown    relation = iota // one of them is no name that we know
	variantOf                  // two spellings of one name
	nicknameOf                 // a name and what its bearers are called, or two such short forms
	another                    // two names of different people
)

// entry is one first name: the lines that it stands on, before and after the
// colon.
type entry struct{ formal, short []uint16 }

var names = sync.OnceValue(func() map[string]*entry { return readNames(nicknamesText) })

func readNames(text string) map[string]*entry {
	all := map[string]*entry{}
	at := func(word string) *entry {
		word = fold(word).text
		if all[word] == nil {
			all[word] = &entry{}
		}
		return all[word]
	}
	line := uint16(0)
	for s := range strings.Lines(text) {
		s = strings.TrimSpace(s)
		if s == "" || s[0] == '#' {
			continue
		}
		line++
		formal, short, _ := strings.Cut(s, ":")
		for _, w := range strings.Fields(formal) {
			at(w).formal = append(at(w).formal, line)
		}
		for _, w := range strings.Fields(short) {
			at(w).short = append(at(w).short, line)
		}
	}
	return all
}

// related says how two different words are related.
func related(x, y string) relation {
	a, b := names()[x], names()[y]
	switch {
	case a == nil || b == nil:
		return unknown
	case meet(a.formal, b.formal):
		return variantOf
	case meet(a.formal, b.short), meet(a.short, b.formal), meet(a.short, b.short):
		return nicknameOf
	}
	return another
}

func meet(a, b []uint16) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

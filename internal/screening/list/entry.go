package list

import (
	"fmt"
	"strings"
)

// Kind is what an entry is about.
type Kind string

// The kinds of entries.
const (
	Individual Kind = "individual"
	Entity     Kind = "entity"
)

// Entry is a person or an organisation on a watchlist.
type Entry struct {
	// UID is what the source calls the entry, stable from version to version.
	UID       string     `json:"uid"`
	Kind      Kind       `json:"kind"`
	Names     []Name     `json:"names"`
	Births    []Range    `json:"births,omitempty"`
	Documents []Document `json:"documents,omitempty"`
	Locations []Location `json:"locations,omitempty"`
	Emails    []string   `json:"emails,omitempty"`
	Phones    []string   `json:"phones,omitempty"`
	URLs      []string   `json:"urls,omitempty"`
	// Programs are the parts of the list that name the entry, such as SDGT.
	Programs []string `json:"programs,omitempty"`
}

// Name is one name of an entry. Exactly one of an entry is primary.
type Name struct {
	Full    string `json:"full"`
	Primary bool   `json:"primary,omitempty"`
	// Weak says that the source itself calls the name a poor one.
	Weak bool `json:"weak,omitempty"`
}

// Range is a range of days, YYYY-MM-DD.
type Range struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Document is an official paper with its number. Type is of schema
// WatchlistScreeningDocumentType, for entities of EntityDocumentType.
type Document struct {
	Type   string `json:"type"`
	Number string `json:"number"`
}

// Location is a place that has to do with the entry. Country is ISO 3166-1 alpha-2,
// "" where it is not known.
type Location struct {
	Full    string `json:"full"`
	Country string `json:"country,omitempty"`
}

// The bounds of what is read.
const (
	MaxBytes   = 512 << 20 // of a file
	MaxEntries = 500_000   // of a file
	maxEntry   = 1 << 20   // bytes of one entry
	maxDepth   = 24        // of XML elements in one entry
	maxItems   = 1000      // names, and whatever else an entry has several of
	maxText    = 1000      // bytes of one name, place or number: more is cut
)

// Error is what is wrong with a file, and where.
type Error struct {
	Line  int
	Entry string // the entry's UID, "" where it is not known
	What  string
}

func (e *Error) Error() string {
	if e.Entry != "" {
		return fmt.Sprintf("line %d, entry %s: %s", e.Line, e.Entry, e.What)
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.What)
}

// text is a value as it is kept: without the space around it, of bounded length.
func text(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "")
	}
	return s
}

// joined joins what is not empty.
func joined(sep string, parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p = text(p); p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, sep)
}

// name adds a name that the entry does not have yet.
func (e *Entry) name(full string, primary, weak bool) {
	if full = text(full); full == "" || len(e.Names) >= maxItems {
		return
	}
	for i := range e.Names {
		if n := &e.Names[i]; n.Full == full {
			n.Primary = n.Primary || primary
			n.Weak = n.Weak && weak
			return
		}
	}
	e.Names = append(e.Names, Name{full, primary, weak})
}

func (e *Entry) born(r Range, ok bool) {
	if ok && len(e.Births) < maxItems && !has(e.Births, r) {
		e.Births = append(e.Births, r)
	}
}

func (e *Entry) document(kind, number string) {
	d := Document{documentType(kind), text(number)}
	if d.Number != "" && len(e.Documents) < maxItems && !has(e.Documents, d) {
		e.Documents = append(e.Documents, d)
	}
}

// place adds a location. Country is a name or a code.
func (e *Entry) place(country string, parts ...string) {
	country = text(country)
	l := Location{joined(", ", append(parts, country)...), Country(country)}
	if l.Full != "" && len(e.Locations) < maxItems && !has(e.Locations, l) {
		e.Locations = append(e.Locations, l)
	}
}

// add appends a text that the list does not have yet.
func add(list *[]string, s string) {
	if s = text(s); s != "" && len(*list) < maxItems && !has(*list, s) {
		*list = append(*list, s)
	}
}

func has[T comparable](list []T, v T) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}

// settle makes one name the primary one and reports whether there is any.
func (e *Entry) settle() bool {
	first := -1
	for i := range e.Names {
		if e.Names[i].Primary && first < 0 {
			first = i
			continue
		}
		e.Names[i].Primary = false
	}
	if first < 0 && len(e.Names) > 0 {
		e.Names[0].Primary = true
	}
	return len(e.Names) > 0
}

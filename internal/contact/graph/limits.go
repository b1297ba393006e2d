package graph

import (
	"fmt"
	"slices"
	"strings"
)

// The limits of a request (contacts-graphql.md sections 6 and 11).
const (
	MaxBody          = 256 << 10 // bytes of the body
	MaxQuery         = 20_000    // bytes of the document
	MaxDepth         = 12        // fields within fields
	MaxIntrospection = 20        // the same, of introspection
	MaxSelections    = 2_000     // fields, with fragments expanded
	MaxAliases       = 50
	MaxRoots         = 20 // fields at the root of a query
	MaxMutations     = 5  // fields at the root of a mutation
	MaxCost          = 10_000
)

// DefaultPage is how many elements a list answers that is not told how many.
const DefaultPage = 50

// weight is what a part of a document amounts to.
type weight struct {
	depth, selections, cost, aliases, roots int
}

// plenty is where weights stop to grow: beyond all limits.
const plenty = 1 << 30

// meter measures an operation.
type meter struct {
	doc       document
	variables map[string]any
	defaults  map[string]value
	lists     []string          // fields that answer a page
	known     map[string]weight // of fragments
	within    map[string]bool   // fragments that are being measured
	// introspects is whether __schema or __type is asked for anywhere.
	introspects bool
}

// measure finds out what a document's operation amounts to. A document with several
// operations has to say which.
func measure(doc document, name string, variables map[string]any, lists []string) (*operation, weight, *meter) {
	i := slices.IndexFunc(doc.operations, func(o operation) bool { return name == "" || o.name == name })
	m := &meter{doc: doc, variables: variables, lists: lists, known: map[string]weight{}, within: map[string]bool{}}
	if i < 0 {
		return nil, weight{}, m
	}
	o := &doc.operations[i]
	m.defaults = o.defaults
	return o, m.set(o.set), m
}

func (m *meter) set(set []selection) weight {
	var all weight
	for _, s := range set {
		w := m.selection(s)
		all.depth = max(all.depth, w.depth)
		all.selections = min(all.selections+w.selections, plenty)
		all.cost = min(all.cost+w.cost, plenty)
		all.aliases = min(all.aliases+w.aliases, plenty)
		all.roots = min(all.roots+w.roots, plenty)
	}
	return all
}

func (m *meter) selection(s selection) weight {
	switch {
	case s.spread != "":
		w := m.fragment(s.spread)
		w.selections = min(w.selections+1, plenty)
		return w
	case s.field == "":
		return m.set(s.set)
	}
	if s.field == "__schema" || s.field == "__type" {
		m.introspects = true
	}
	below := m.set(s.set)
	page := 1
	if slices.Contains(m.lists, s.field) {
		page = m.page(s.args)
	}
	w := weight{depth: below.depth + 1, selections: min(below.selections+1, plenty), cost: min(1+page*below.cost, plenty), aliases: below.aliases, roots: 1}
	if s.aliased {
		w.aliases++
	}
	return w
}

// fragment measures a fragment once. One within itself is refused later.
func (m *meter) fragment(name string) weight {
	if w, ok := m.known[name]; ok || m.within[name] {
		return w
	}
	m.within[name] = true
	w := m.set(m.doc.fragments[name])
	delete(m.within, name)
	m.known[name] = w
	return w
}

// page is how many elements a list is asked for, as far as that can be told of what
// may be no valid request.
func (m *meter) page(args map[string]value) int {
	for _, from := range []any{m.resolve(value{object: args}), m.resolve(args["input"])} {
		for _, name := range []string{"first", "last"} {
			members, _ := from.(map[string]any)
			switch n := members[name].(type) {
			case int:
				return min(max(n, 1), plenty/MaxCost)
			case float64:
				return int(min(max(n, 1), plenty/MaxCost))
			}
		}
	}
	return DefaultPage
}

// resolve is a value with its variables put in.
func (m *meter) resolve(v value) any {
	switch {
	case v.variable != "":
		if given, ok := m.variables[v.variable]; ok {
			return given
		}
		if d := m.defaults[v.variable]; d.variable == "" {
			return m.resolve(d)
		}
	case v.isNumber:
		return v.number
	case v.object != nil:
		all := map[string]any{}
		for name, member := range v.object {
			if name == "first" || name == "last" {
				all[name] = m.resolve(member)
			}
		}
		return all
	}
	return nil
}

// check refuses an operation that exceeds a limit.
func (m *meter) check(o *operation, w weight, introspection bool) *Error {
	depth := MaxDepth
	if m.introspects {
		if !introspection {
			return Refuse(CodeIntrospection, "introspection is switched off here")
		}
		depth = MaxIntrospection
	}
	for _, l := range []struct {
		name      string
		have, max int
		what      string
	}{
		{"depth", w.depth, depth, "fields within fields"},
		{"aliases", w.aliases, MaxAliases, "aliases"},
		{"selections", w.selections, MaxSelections, "fields, with fragments expanded"},
		{"roots", w.roots, roots(o), "fields at its root"},
		{"cost", w.cost, MaxCost, "cost, which is one for each field times the page sizes around it"},
	} {
		if l.have > l.max {
			return tooComplex(l.name, fmt.Sprintf("the operation has too much: at most %d %s", l.max, l.what), l.max)
		}
	}
	return nil
}

func roots(o *operation) int {
	if o.kind == "mutation" {
		return MaxMutations
	}
	return MaxRoots
}

// label names an operation for the log, if its name is one that cannot hold anything
// personal: it can.
func label(o *operation) string {
	if o == nil {
		return "(none)"
	}
	var names []string
	for _, s := range o.set {
		if s.field != "" && !slices.Contains(names, s.field) && len(names) < 4 {
			names = append(names, s.field)
		}
	}
	return o.kind + " " + strings.Join(names, ",")
}

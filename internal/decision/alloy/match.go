package alloy

import (
	"net/http"
	"slices"
	"strings"
)

// table finds routes by method and path. http.ServeMux has no rule for
// /entities/persons/{token} beside /entities/{token}/documents: here the path whose
// words begin earlier wins.
type table map[string][]entry // by method

type entry struct {
	words []string // of the path; "{name}" for a token
	route *Route
}

func newTable(routes []Route) table {
	t := table{}
	for i := range routes {
		r := &routes[i]
		e := entry{words(r.Path), r}
		if slices.ContainsFunc(t[r.Method], func(o entry) bool { return compare(o, e) == 0 }) {
			panic("alloy: two routes answer " + r.Method + " " + r.Path)
		}
		t[r.Method] = append(t[r.Method], e)
	}
	for _, list := range t {
		slices.SortFunc(list, compare)
	}
	return t
}

func words(path string) []string { return strings.Split(strings.Trim(path, "/"), "/") }

func named(word string) bool { return strings.HasPrefix(word, "{") }

// compare puts a word before a name in its place.
func compare(a, b entry) int {
	return slices.CompareFunc(a.words, b.words, func(v, w string) int {
		switch {
		case named(v) && named(w):
			return 0
		case named(v):
			return 1
		case named(w):
			return -1
		}
		return strings.Compare(v, w)
	})
}

// find is the route of a request and the values of its names; nil for none. A slash
// at the end does not matter, as POST /v1/events/ is documented with one.
func (t table) find(r *http.Request, path string) (*Route, map[string]string) {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	given := words(path)
	for _, e := range t[method] {
		if values, ok := e.match(given); ok {
			return e.route, values
		}
	}
	return nil, nil
}

func (e entry) match(given []string) (map[string]string, bool) {
	if len(given) != len(e.words) {
		return nil, false
	}
	var values map[string]string
	for i, w := range e.words {
		switch {
		case named(w) && given[i] != "":
			if values == nil {
				values = map[string]string{}
			}
			values[strings.Trim(w, "{}")] = given[i]
		case w != given[i]:
			return nil, false
		}
	}
	return values, true
}

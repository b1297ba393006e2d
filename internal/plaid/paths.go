package plaid

import (
	_ "embed"
	"strings"
	"sync"
)

// pathText lists every operation of the official OpenAPI document (version
// 2020-09-14_1.682.2, as shipped with plaid-go v41.4.0), one "METHOD /path" a
// line, sorted by path. It is a list of facts: names only.
//
//go:embed paths.txt
var pathText string

// Path is one documented operation of the Plaid API.
type Path struct {
	Method string // POST but for two
	Path   string // a part in braces stands for one segment
}

// Paths returns every documented operation, sorted by path. Glencheck serves
// some of them; docs/coverage.md says which.
func Paths() []Path { return paths() }

var paths = sync.OnceValue(func() []Path {
	var list []Path
	for line := range strings.Lines(pathText) {
		method, path, _ := strings.Cut(strings.TrimSpace(line), " ")
		list = append(list, Path{Method: method, Path: path})
	}
	return list
})

// exactPaths and openPaths serve IsPath: the first holds the plain paths, the
// second the prefixes of those that end in a part in braces.
var exactPaths, openPaths = sync.OnceValue(func() map[string]bool {
	set := make(map[string]bool)
	for _, p := range paths() {
		if !strings.Contains(p.Path, "{") {
			set[p.Path] = true
		}
	}
	return set
}), sync.OnceValue(func() []string {
	var list []string
	for _, p := range paths() {
		if prefix, _, open := strings.Cut(p.Path, "{"); open {
			list = append(list, prefix)
		}
	}
	return list
})

// IsPath reports whether path, as a request carries it, belongs to the
// documented Plaid API. A path that does not gets NOT_FOUND; one that does and
// is not served here gets the honest answer of NotSupported.
func IsPath(path string) bool {
	if exactPaths()[path] {
		return true
	}
	for _, prefix := range openPaths() {
		if rest, ok := strings.CutPrefix(path, prefix); ok && rest != "" && !strings.Contains(rest, "/") {
			return true
		}
	}
	return false
}

package plaid

import (
	"slices"
	"strings"
	"testing"
)

func TestPaths(t *testing.T) {
	list := Paths()
	if len(list) != 325 {
		t.Errorf("%d operations, the document has 325", len(list))
	}
	if !slices.IsSortedFunc(list, func(a, b Path) int { return strings.Compare(a.Path, b.Path) }) {
		t.Error("not sorted by path")
	}
	seen := make(map[string]bool)
	for _, p := range list {
		if p.Method != "POST" && p.Method != "GET" {
			t.Errorf("%s: method %q", p.Path, p.Method)
		}
		if !strings.HasPrefix(p.Path, "/") || strings.ContainsAny(p.Path, " \t\r?#") {
			t.Errorf("odd path %q", p.Path)
		}
		if seen[p.Method+p.Path] {
			t.Errorf("%s %s is listed twice", p.Method, p.Path)
		}
		seen[p.Method+p.Path] = true
	}
}

func TestIsPath(t *testing.T) {
	for path, want := range map[string]bool{
		"/auth/get":                    true,
		"/transactions/sync":           true,
		"/link/token/create":           true,
		"/sandbox/public_token/create": true,
		"/fdx/recipients":              true,
		"/fdx/recipient/r-1":           true,
		"/fdx/recipient/":              false,
		"/fdx/recipient/a/b":           false,
		"/auth/get/":                   false,
		"/Auth/Get":                    false,
		"auth/get":                     false,
		"/":                            false,
		"":                             false,
		"/link/session/open":           false,
	} {
		if got := IsPath(path); got != want {
			t.Errorf("IsPath(%q) = %t, want %t", path, got, want)
		}
	}
}

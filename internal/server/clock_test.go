package server

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// wallClock are the functions of package time that read the machine's clock.
var wallClock = []string{"Now", "Since", "Until", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick", "Sleep"}

// TestOnlyClockTellsTheTime finds calls of the machine's clock outside package
// clock: with one of them a test clock would move some of the program only.
func TestOnlyClockTellsTheTime(t *testing.T) {
	for _, p := range packages(t) {
		r := room(p.ImportPath)
		if r == "internal/clock" || r == "internal/bench" || testHelper(p.ImportPath) {
			continue // a benchmark measures the machine, not the house
		}
		for _, name := range p.GoFiles {
			for _, call := range wallClockCalls(t, filepath.Join(p.Dir, name), nil) {
				t.Errorf("%s: only package clock asks the machine for the time; take a *clock.Clock", call)
			}
		}
	}
}

// TestWallClockIsFound makes sure that the search above finds something.
func TestWallClockIsFound(t *testing.T) {
	src := "package p\nimport w \"time\"\nvar a, b = w.Now(), w.Unix(1, 0)\nfunc f() { <-w.After(1) }\n"
	if got := wallClockCalls(t, "p.go", src); len(got) != 2 {
		t.Errorf("found %v, want two calls", got)
	}
}

func wallClockCalls(t *testing.T, path string, src any) (found []string) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	name := ""
	for _, imp := range file.Imports {
		if imp.Path.Value == `"time"` {
			name = "time"
			if imp.Name != nil {
				name = imp.Name.Name
			}
		}
	}
	if name == "" {
		return nil
	}
	ast.Inspect(file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if id, ok := sel.X.(*ast.Ident); ok && id.Name == name && slices.Contains(wallClock, sel.Sel.Name) {
			at := fset.Position(sel.Pos())
			at.Filename = at.Filename[strings.LastIndex(at.Filename, "/internal/")+1:]
			found = append(found, at.String()+" time."+sel.Sel.Name)
		}
		return true
	})
	return found
}

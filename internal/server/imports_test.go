package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/glencheck-dev/glencheck"

// The floors of the house (CONTRIBUTING.md has the plan), lowest first. A room
// may import the rooms of the floors below it.
var floors = []struct {
	name  string
	rooms []string
}{
	{"words", []string{"internal/plaid", "web"}},
	{"ground", []string{"internal/clock", "internal/store", "internal/vault", "internal/api", "internal/schedule", "internal/egress", "internal/fault", "internal/snapshot"}},
	{"hall", []string{"internal/link", "internal/institution", "internal/institution/fdx", "internal/sandbank", "internal/rail", "internal/webhook", "internal/team"}},
	{"main", []string{"internal/item", "internal/auth", "internal/identity", "internal/idv", "internal/screening"}},
	{"upper", []string{"internal/processor", "internal/decision", "internal/contact", "internal/dashboard", "internal/demo", "internal/explorer"}},
	{"wiring", []string{"internal/server"}},
	{"doors", []string{"internal/journey", "internal/bench", "internal/proxy", "glenchecktest"}},
	{"command", []string{"cmd/glencheck", "e2e/film"}}, // and a program of the browser tests
}

// Rooms of one floor do not import each other, except where it is written here.
var sameFloor = map[string][]string{
	"internal/store":           {"internal/clock"},
	"internal/vault":           {"internal/clock", "internal/store"},
	"internal/schedule":        {"internal/clock", "internal/store", "internal/api"},
	"internal/api":             {"internal/clock"},
	"internal/snapshot":        {"internal/clock", "internal/store", "internal/vault", "internal/api", "internal/schedule"},
	"internal/fault":           {"internal/clock", "internal/store", "internal/vault", "internal/api"},
	"internal/link":            {"internal/team"},
	"internal/sandbank":        {"internal/institution", "internal/rail"}, // the messages of the rails
	"internal/institution/fdx": {"internal/institution"},
	"internal/auth":            {"internal/item"},
	"internal/identity":        {"internal/item"},
	"internal/screening":       {"internal/identity"}, // match, which takes names apart
	"internal/dashboard":       {"internal/processor", "internal/decision", "internal/contact"},
}

// Edges that the floors would allow and the house does not.
var forbidden = []struct{ from, to, reason string }{
	{"internal/plaid", module, "plaid is the vocabulary: everybody imports it, so it imports nobody"},
	{"internal/item", "internal/sandbank", "item knows institution.Connector; only server knows which banks stand behind it"},
	{"internal/item", "internal/institution/fdx", "item knows institution.Connector; only server knows which banks stand behind it"},
	{"internal/auth", "internal/sandbank", "products ask a bank through institution.Connector"},
	{"internal/identity", "internal/sandbank", "products ask a bank through institution.Connector"},
}

// Packages that few rooms may import: they are how a duty stays in one place.
var guarded = []struct {
	pkg    string
	rooms  []string
	reason string
}{
	{
		"net/http",
		[]string{
			"internal/plaid", // the names of the statuses
			"internal/api", "internal/server", "internal/link", "internal/demo", "internal/explorer", "internal/dashboard", "internal/sandbank",
			"internal/decision", // the partner's API has a form of its own, and it calls ours over HTTP
			"internal/institution/fdx", "internal/egress", "internal/webhook", "internal/contact", "internal/journey", "internal/bench", "internal/proxy", "glenchecktest", "cmd/glencheck",
		},
		"rooms answer typed requests; HTTP is the business of api and of the rooms with pages or calls of their own",
	},
	{
		"github.com/go-json-experiment/json",
		[]string{"internal/api"},
		"how a body is read and written is decided once, in api",
	},
	{
		"crypto/rand",
		[]string{"internal/clock", "internal/proxy"}, // keys of TLS, which no seed may foretell
		"a run with a seed repeats itself only if all randomness comes from clock.IDs",
	},
	{
		"math/rand",
		[]string{"internal/clock"},
		"a run with a seed repeats itself only if all randomness comes from clock.IDs",
	},
	{
		"math/rand/v2",
		[]string{"internal/clock"},
		"a run with a seed repeats itself only if all randomness comes from clock.IDs",
	},
	{
		"github.com/alecthomas/kong",
		[]string{"cmd/glencheck"},
		"flags become server.Config in cmd/glencheck and are unknown below it",
	},
	{"testing", nil, "what only tests need stays out of the program"},
}

type listed struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	Imports    []string
}

// packages asks the go command for every package of the module, without tests.
func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles,Imports", module+"/...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	var all []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// room cuts an import path down to the room it belongs to; "" for strangers.
// A package inside a room (storetest, a bank's data) obeys its room's rules.
func room(path string) string {
	path, ours := strings.CutPrefix(path, module+"/")
	if !ours {
		return ""
	}
	best := ""
	for _, f := range floors {
		for _, r := range f.rooms {
			if (path == r || strings.HasPrefix(path, r+"/")) && len(r) > len(best) {
				best = r
			}
		}
	}
	return best
}

func floorOf(room string) int {
	return slices.IndexFunc(floors, func(f struct {
		name  string
		rooms []string
	},
	) bool {
		return slices.Contains(f.rooms, room)
	})
}

// testHelper reports packages that ship only to tests (storetest and its kind).
func testHelper(path string) bool { return strings.HasSuffix(path, "test") }

// objection says why one import is not allowed, or nothing.
func objection(from, to string) string {
	a, b := room(from), room(to)
	for _, g := range guarded {
		if to == g.pkg && !slices.Contains(g.rooms, a) && !testHelper(from) {
			return g.reason
		}
	}
	if b == "" || a == b {
		return ""
	}
	if testHelper(to) && !testHelper(from) {
		return "what only tests need stays out of the program"
	}
	for _, f := range forbidden {
		if a == f.from && (b == f.to || f.to == module) {
			return f.reason
		}
	}
	fa, fb := floorOf(a), floorOf(b)
	switch {
	case fb > fa:
		return fmt.Sprintf("imports go down only: %s is on the %s floor, %s above it on the %s floor", a, floors[fa].name, b, floors[fb].name)
	case fa == fb && !slices.Contains(sameFloor[a], b):
		return fmt.Sprintf("rooms of the %s floor do not import each other; server hands one what it needs of the other", floors[fa].name)
	}
	return ""
}

// TestImportsGoDown keeps the house in order: who may import whom, and who may
// use the packages that carry a duty (HTTP, JSON, SQL, randomness, flags).
func TestImportsGoDown(t *testing.T) {
	for _, p := range packages(t) {
		if room(p.ImportPath) == "" {
			t.Errorf("%s is in no room: add it to the floors in internal/server/imports_test.go or move it into a room", p.ImportPath)
			continue
		}
		for _, imp := range p.Imports {
			if why := objection(p.ImportPath, imp); why != "" {
				t.Errorf("%s must not import %s: %s",
					strings.TrimPrefix(p.ImportPath, module+"/"), strings.TrimPrefix(imp, module+"/"), why)
			}
		}
	}
}

// TestImportTableObjects makes sure that the check above can fail.
func TestImportTableObjects(t *testing.T) {
	for _, edge := range []struct {
		from, to string
		bad      bool
	}{
		{"internal/plaid", "internal/clock", true},
		{"internal/clock", "internal/plaid", false},
		{"internal/store", "internal/item", true},
		{"internal/link", "internal/team", false},
		{"internal/link", "internal/institution", true},
		{"internal/link", "internal/item", true},
		{"internal/sandbank", "internal/institution", false},
		{"internal/institution/fdx", "internal/institution", false},
		{"internal/institution", "internal/sandbank", true},
		{"internal/item", "internal/link", false},
		{"internal/item", "internal/sandbank", true},
		{"internal/auth", "internal/item", false},
		{"internal/item", "internal/auth", true},
		{"internal/idv", "internal/item", true},
		{"internal/auth", "internal/server", true},
		{"internal/item", "internal/store/storetest", true},
		{"cmd/glencheck", "internal/server", false},
	} {
		if got := objection(module+"/"+edge.from, module+"/"+edge.to); (got != "") != edge.bad {
			t.Errorf("%s -> %s: objection %q, want one: %v", edge.from, edge.to, got, edge.bad)
		}
	}
	for _, edge := range []struct {
		from, to string
		bad      bool
	}{
		{"internal/item", "net/http", true},
		{"internal/api", "net/http", false},
		{"internal/link", "github.com/go-json-experiment/json", true},
		{"internal/vault", "crypto/rand", true},
		{"internal/store/storetest", "testing", false},
		{"internal/store", "testing", true},
	} {
		if got := objection(module+"/"+edge.from, edge.to); (got != "") != edge.bad {
			t.Errorf("%s -> %s: objection %q, want one: %v", edge.from, edge.to, got, edge.bad)
		}
	}
}

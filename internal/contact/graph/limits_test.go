package graph

import (
	"fmt"
	"strings"
	"testing"
)

// weigh is the check of a document with the lists of these tests.
func weigh(text, operation string, variables map[string]any, introspection bool) (weight, *Error) {
	doc, err := parse(text)
	if err != nil {
		return weight{}, err
	}
	op, w, m := measure(doc, operation, variables, []string{"contacts", "webhooks"})
	if op == nil {
		return w, nil
	}
	return w, m.check(op, w, introspection)
}

func limitOf(err *Error) string {
	if err == nil {
		return ""
	}
	name, _ := err.Extra["limit"].(string)
	return err.Code + " " + name
}

// bomb is a chain of fragments, each of which has the next one twice.
func bomb(n int) string {
	var b strings.Builder
	b.WriteString("{ ...F0 }")
	for i := range n {
		fmt.Fprintf(&b, " fragment F%d on Query { ...F%d ...F%d }", i, i+1, i+1)
	}
	fmt.Fprintf(&b, " fragment F%d on Query { __typename }", n)
	return b.String()
}

func many(n int, each string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, each, i)
	}
	return b.String()
}

// TestLimits tries to exceed each limit, and stays just within it.
func TestLimits(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("{a", n) + strings.Repeat("}", n) }
	for name, c := range map[string]struct{ text, want string }{
		"shallow":              {nested(MaxDepth), ""},
		"deep":                 {nested(MaxDepth + 1), "QUERY_TOO_COMPLEX depth"},
		"very deep":            {nested(1000), "QUERY_TOO_COMPLEX depth"},
		"deep in fragments":    {"{a{...F}} fragment F on A {" + strings.Repeat("a{", 11) + "a" + strings.Repeat("}", 11) + "}", "QUERY_TOO_COMPLEX depth"},
		"deep inline":          {"{" + strings.Repeat("... {", 1000) + "a" + strings.Repeat("}", 1001), "QUERY_TOO_COMPLEX depth"},
		"deep value":           {"{a(x: " + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + ")}", "QUERY_TOO_COMPLEX depth"},
		"deep object":          {"{a(x: " + strings.Repeat("{x:", 1000) + "1" + strings.Repeat("}", 1000) + ")}", "QUERY_TOO_COMPLEX depth"},
		"deep type":            {"query Q($a: " + strings.Repeat("[", 1000) + "A" + strings.Repeat("]", 1000) + ") {a}", "QUERY_TOO_COMPLEX depth"},
		"aliases":              {"{a{" + many(MaxAliases, "b%d:b ") + "}}", ""},
		"alias flood":          {"{a{" + many(MaxAliases+1, "b%d:b ") + "}}", "QUERY_TOO_COMPLEX aliases"},
		"roots":                {"{" + many(MaxRoots, "a%d ") + "}", ""},
		"many roots":           {"{" + many(MaxRoots+1, "a%d ") + "}", "QUERY_TOO_COMPLEX roots"},
		"mutations":            {"mutation {" + many(MaxMutations, "a%d ") + "}", ""},
		"many mutations":       {"mutation {" + many(MaxMutations+1, "m%d:a ") + "}", "QUERY_TOO_COMPLEX roots"},
		"mutations, fragments": {"mutation {...F ...F ...F} fragment F on Mutation {a b}", "QUERY_TOO_COMPLEX roots"},
		"selections":           {"{a{" + many(MaxSelections, "b%d ") + "}}", "QUERY_TOO_COMPLEX selections"},
		"bomb":                 {bomb(60), "QUERY_TOO_COMPLEX selections"},
		"cycle":                {"{...F} fragment F on Query {a ...G} fragment G on Query {b ...F}", ""},
		"a page":               {"{contacts(input: {first: 100}) {edges{node{id name}}}}", ""},
		"dear":                 {"{contacts(input: {first: 100}) {edges{node{" + many(99, "a%d ") + "}}}}", "QUERY_TOO_COMPLEX cost"},
		"dear by default":      {"{contacts {edges{node{" + many(199, "a%d ") + "}}}}", "QUERY_TOO_COMPLEX cost"},
		"lists in lists":       {"{contacts(first: 100) {webhooks(last: 100) {id}}}", "QUERY_TOO_COMPLEX cost"},
		"a page without end":   {"{contacts(input: {first: 2147483647}) {id}}", "QUERY_TOO_COMPLEX cost"},
		"introspection":        {"{__schema{types{name}}}", "INTROSPECTION_DISABLED "},
		"introspection within": {"{...F} fragment F on Query {__type(name: \"Contact\") {name}}", "INTROSPECTION_DISABLED "},
		"typename":             {"{__typename}", ""},
		"nothing closed":       {"{a{b", "GRAPHQL_PARSE_FAILED "},
		"an open text":         {`{a(x: "b)}`, "GRAPHQL_PARSE_FAILED "},
		"an open block":        {`{a(x: """b)}`, "GRAPHQL_PARSE_FAILED "},
		"no document":          {"%", "GRAPHQL_PARSE_FAILED "},
		"all of the language": {`# a comment
 "described" query Q($a: [Int!]! = [1, 2] @d, $b: In = {x: -1.5e3}) @d(x: $a) { a: b(x: "\"}", y: """ } \""" """, z: $b, e: TRUE, n: null) @skip(if: true) { ... on C @d { c } ... @include(if: $x) { d } ...F } }
 fragment F on C @d { e }`, ""},
	} {
		if _, err := weigh(c.text, "", nil, false); limitOf(err) != c.want {
			t.Errorf("%s: %q, want %q", name, limitOf(err), c.want)
		}
	}
}

// TestCost counts what a page costs, wherever its size is said.
func TestCost(t *testing.T) {
	const plain = "query A($n: Int = 7, $in: In = {last: 3}) {contacts(input: %s) {id}} query B {b}"
	for from, want := range map[string]int{
		"{first: 4}": 5, "{first: $n}": 8, "$in": 4, "{}": 1 + DefaultPage, "{first: 0}": 2, "{first: -1}": 2, `{first: "9"}`: 1 + DefaultPage,
	} {
		if w, err := weigh(fmt.Sprintf(plain, from), "A", nil, false); err != nil || w.cost != want {
			t.Errorf("%s costs %d, want %d (%v)", from, w.cost, want, err)
		}
	}
	given := map[string]any{"n": 20.0, "in": map[string]any{"first": 30.0}}
	for from, want := range map[string]int{"{first: $n}": 21, "$in": 31} {
		if w, _ := weigh(fmt.Sprintf(plain, from), "A", given, false); w.cost != want {
			t.Errorf("%s costs %d, want %d", from, w.cost, want)
		}
	}
	if w, _ := weigh(fmt.Sprintf(plain, "$in"), "A", map[string]any{"in": map[string]any{"first": 1e300}}, false); w.cost < MaxCost {
		t.Errorf("an endless page costs %d", w.cost)
	}
	if w, _ := weigh(fmt.Sprintf(plain, "$in"), "B", nil, false); w.cost != 1 {
		t.Errorf("the other operation costs %d", w.cost)
	}
}

// FuzzParse lets any text be measured: no panic, no endless loop, and what it finds
// stays countable.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"{a}", "mutation M($a: A!) {b(input: $a) {c}}", bomb(3), `{a(x: """b""")}`, "{a{...on B{c}}}", "\ufeff{a}", "{a(x:[{y:1}])}", "{"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > MaxQuery {
			return
		}
		if w, _ := weigh(s, "", nil, true); w.cost < 0 || w.selections < 0 || w.depth < 0 {
			t.Errorf("%+v", w)
		}
	})
}

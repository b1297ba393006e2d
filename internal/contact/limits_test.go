package contact_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// TestLimitsHold tries to exceed each limit through the API, and says which it was.
func TestLimitsHold(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t))
	list := func(n int, each string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, each, i)
		}
		return b.String()
	}
	bomb := "{...F0}"
	for i := range 40 {
		bomb += fmt.Sprintf("fragment F%d on Query{...F%d ...F%d}", i, i+1, i+1)
	}
	bomb += "fragment F40 on Query{__typename}"
	for name, c := range map[string]struct{ query, limit string }{
		"1,000 deep":           {strings.Repeat("{a", 1000) + strings.Repeat("}", 1000), "depth"},
		"13 deep":              {strings.Repeat("{a", 13) + strings.Repeat("}", 13), "depth"},
		"deep introspection":   {"{__schema{types{" + strings.Repeat("ofType{", 18) + "name" + strings.Repeat("}", 21), "depth"},
		"1,000 deep, a value":  {`{contacts(input: ` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + `){edges{cursor}}}`, "depth"},
		"1,000 deep, inline":   {"{" + strings.Repeat("...{", 1000) + "a" + strings.Repeat("}", 1001), "depth"},
		"an alias flood":       {`{org(id:"x"){` + list(1000, "a%d:id ") + "}}", "aliases"},
		"aliases of mutations": {"mutation{" + list(6, `m%d:orgCreate(input:{name:"x"}){id}`) + "}", "roots"},
		"many roots":           {"{" + list(21, `a%d:__typename `) + "}", "roots"},
		"a bomb of fragments":  {bomb, "selections"},
		"many fields":          {`{org(id:"x"){` + strings.Repeat("id ", 2001) + "}}", "selections"},
		"cost":                 {`{contacts(input:{orgId:"x",first:100}){edges{node{` + strings.Repeat("id ", 99) + `}}}}`, "cost"},
		"lists":                {`{` + list(3, `a%d:orgs(input:{first:100}){edges{node{`+strings.Repeat("id ", 40)+`}}}`) + `}`, "cost"},
		"a long document":      {"{__typename}#" + strings.Repeat("x", 20_000), "size"},
	} {
		a := o.ask(c.query, nil).refused("QUERY_TOO_COMPLEX")
		if len(a.Errors) != 1 || a.Errors[0].Extensions["limit"] != c.limit || a.Data != nil {
			t.Errorf("%s: %s", name, a.Raw)
		}
	}
	if a := o.post(`{"query":"{__typename}","variables":{"x":"` + strings.Repeat("x", 256<<10) + `"}}`).refused("QUERY_TOO_COMPLEX"); a.Status != 413 || a.Errors[0].Extensions["limit"] != "body" {
		t.Errorf("%d %s", a.Status, a.Raw)
	}
	o.post(`{"query":"{__typename}","variables":` + strings.Repeat(`{"x":`, 20_000) + "1" + strings.Repeat("}", 20_001)).refused("BAD_REQUEST")
	if a := o.ask(`{orgs{edges{node{name}}}}`, nil).ok(); len(a.at("orgs", "edges").([]any)) != 1 {
		t.Errorf("a mutation was run: %s", a.Raw)
	}
}

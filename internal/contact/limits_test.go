package contact_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/contact"
	"github.com/glencheck-dev/glencheck/internal/contact/graph"
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

// TestPersisted names documents by their hash: such as were sent before, and those of a
// list.
func TestPersisted(t *testing.T) {
	const query = `{ __typename }`
	hash := fmt.Sprintf("%x", sha256.Sum256([]byte(query)))
	ask := func(o *office, hash, query string) answer {
		t.Helper()
		raw, err := json.Marshal(m{"query": query, "extensions": m{"persistedQuery": m{"version": 1, "sha256Hash": hash}}})
		if err != nil {
			t.Fatal(err)
		}
		return o.post(string(raw))
	}
	plain := newOffice(t, storetest.SQLite(t))
	if a := ask(plain, hash, "").refused("PERSISTED_QUERY_NOT_SUPPORTED"); a.Errors[0].Message != "PersistedQueryNotSupported" {
		t.Errorf("%s", a.Raw)
	}
	ask(plain, hash, query).ok() // the hash is of no use, and does no harm

	auto := newOffice(t, storetest.SQLite(t), func(c *contact.Config) { c.Persisted = graph.Automatic() })
	if a := ask(auto, hash, "").refused("PERSISTED_QUERY_NOT_FOUND"); a.Errors[0].Message != "PersistedQueryNotFound" || a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Raw)
	}
	ask(auto, strings.Repeat("0", 64), query).refused("BAD_REQUEST")
	ask(auto, hash, query).ok()
	if a := ask(auto, strings.ToUpper(hash), "").ok(); a.text("__typename") != "Query" {
		t.Errorf("%s", a.Raw)
	}
	auto.with("").post(`{"extensions":{"persistedQuery":{"sha256Hash":"` + hash + `"}}}`).refused("UNAUTHENTICATED")
	// More is sent than is remembered: what came first has to be sent again.
	long := "{ __typename }#" + strings.Repeat("x", 19_000)
	for i := range 230 {
		query := fmt.Sprint(long, i)
		ask(auto, fmt.Sprintf("%x", sha256.Sum256([]byte(query))), query).ok()
	}
	ask(auto, hash, "").refused("PERSISTED_QUERY_NOT_FOUND")
	ask(auto, hash, query).ok()

	list, err := graph.Listed([]byte(`{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "mine", "name": "A", "type": "query", "body": "{ __typename }"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	listed := newOffice(t, storetest.SQLite(t), func(c *contact.Config) { c.Persisted = list })
	for _, id := range []string{"mine", hash} {
		ask(listed, id, "").ok()
	}
	ask(listed, "", query).ok()
	ask(listed, "other", "").refused("PERSISTED_QUERY_NOT_FOUND")
	listed.ask(`{ a: __typename }`, nil).refused("OPERATION_NOT_LISTED")
	for _, bad := range []string{"", "[]", "{}", `{"operations": [{"id": "a"}]}`, `{"operations": [{"id": "a", "body": "{"}]}`} {
		if _, err := graph.Listed([]byte(bad)); err == nil {
			t.Errorf("%q is a manifest", bad)
		}
	}
}

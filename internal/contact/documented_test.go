package contact_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	graphql "github.com/graph-gophers/graphql-go"
	"github.com/graph-gophers/graphql-go/ast"

	"github.com/glencheck-dev/glencheck/internal/contact"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

func readSchema(t *testing.T, text string) *ast.Schema {
	t.Helper()
	s, err := graphql.ParseSchema(text, nil, graphql.UseStringDescriptions())
	if err != nil {
		t.Fatal(err)
	}
	return s.AST()
}

// differences are what of a documented schema another one does not have as it is: an
// object has each field with its type and its arguments, an input each member, an enum
// each value. What comes on top must not be required of a client that does not know it.
func differences(documented, have *ast.Schema) (all []string) {
	say := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	inputs := func(of string, want, got ast.ArgumentsDefinition) {
		for _, w := range want {
			if g := got.Get(w.Name.Name); g == nil || g.Type.String() != w.Type.String() {
				say("%s: %s is not %s", of, w.Name.Name, w.Type)
			}
		}
		for _, g := range got {
			if _, required := g.Type.(*ast.NonNull); required && want.Get(g.Name.Name) == nil && g.Default == nil {
				say("%s: %s is required and not documented", of, g.Name.Name)
			}
		}
	}
	for name, w := range documented.Types {
		if strings.HasPrefix(name, "__") {
			continue
		}
		g := have.Types[name]
		if g == nil || g.Kind() != w.Kind() {
			say("%s is not there as %s", name, w.Kind())
			continue
		}
		switch w := w.(type) {
		case *ast.ObjectTypeDefinition:
			for _, f := range w.Fields {
				got := g.(*ast.ObjectTypeDefinition).Fields.Get(f.Name)
				if got == nil || got.Type.String() != f.Type.String() {
					say("%s.%s is not %s", name, f.Name, f.Type)
					continue
				}
				inputs(name+"."+f.Name, f.Arguments, got.Arguments)
			}
		case *ast.InputObject:
			inputs(name, w.Values, g.(*ast.InputObject).Values)
		case *ast.EnumTypeDefinition:
			values := map[string]bool{}
			for _, v := range g.(*ast.EnumTypeDefinition).EnumValuesDefinition {
				values[v.EnumValue] = true
			}
			for _, v := range w.EnumValuesDefinition {
				if !values[v.EnumValue] {
					say("%s has no %s", name, v.EnumValue)
				}
			}
		}
	}
	return all
}

// TestTheDocumentedSchema is a part of ours, type by type.
func TestTheDocumentedSchema(t *testing.T) {
	raw, err := os.ReadFile("testdata/documented.graphql")
	if err != nil {
		t.Fatal(err)
	}
	documented := readSchema(t, string(raw))
	for _, d := range differences(documented, readSchema(t, contact.Schema())) {
		t.Error(d)
	}
	// What the comparison is for: each of these differs in one thing.
	for from, to := range map[string]string{
		"url: String!\n":           "url: String\n",
		"token: String!":           "tokens: String!",
		"contactId: ID\n":          "contactId: ID\n  more: ID!\n",
		"  FAILED\n":               "",
		"webhookId: ID!\n  first":  "webhookId: ID\n  first",
		"): ContactIdvSession\n":   "): ContactIdvSession!\n",
		"(input: WebhooksInput!)":  "",
		"input WebhookDeleteInput": "input Gone { id: ID! }\n\ninput WebhookDeleteInput",
	} {
		changed := strings.Replace(string(raw), from, to, 1)
		if changed == string(raw) {
			t.Errorf("%q is not in the documented schema", from)
		}
		want := 1
		if strings.Contains(to, "Gone") {
			want = 0 // more than is documented is allowed
		}
		if got := differences(documented, readSchema(t, changed)); len(got) != want {
			t.Errorf("%q for %q is told as %q", to, from, got)
		}
	}
}

// TestTheDocumentedOperations are valid and answered, each as it is documented and one
// after the other.
func TestTheDocumentedOperations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := verifying(t, db, func(contact.Opening) error { return nil })
		schema, err := graphql.ParseSchema(contact.Schema(), nil, graphql.UseStringDescriptions())
		if err != nil {
			t.Fatal(err)
		}
		placeholders := strings.NewReplacer("abc123", o.create(m{"name": "Leslie"}))
		for _, name := range []string{
			"contactCreateIdvSession", "updateContact", "webhookCreate", "webhookUpdate", "webhooks", "webhookRequests", "webhookRotateSecret", "webhookDelete",
		} {
			query, variables := document(t, name), m{}
			if err := json.Unmarshal([]byte(placeholders.Replace(document(t, name+".json"))), &variables); err != nil {
				t.Fatal(err)
			}
			for _, err := range schema.ValidateWithVariables(query, variables) {
				t.Errorf("%s: %v", name, err)
			}
			a := o.ask(query, variables).ok()
			if a.at(name) == nil {
				t.Errorf("%s answers %s", name, a.Raw)
			}
			if name == "webhookCreate" {
				placeholders = strings.NewReplacer("WEBHOOK", a.text(name, "webhook", "id"))
			}
		}
	})
}

// document is a file of the documented operations: that of its name, or its variables.
func document(t *testing.T, name string) string {
	t.Helper()
	if filepath.Ext(name) == "" {
		name += ".graphql"
	}
	raw, err := os.ReadFile(filepath.Join("testdata", "documents", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

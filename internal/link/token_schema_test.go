package link

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// The files of testdata list the members of three schemas of the official
// OpenAPI document (version 2020-09-14_1.682.2): path, kind, required, nullable,
// the words of an enumeration, the bounds. clienttest checks answers against the
// document itself; these lists let a plain go test do it for link tokens.
type fact struct {
	kind               string
	required, nullable bool
	enum, min, max     string
}

func facts(t *testing.T, file string) map[string]fact {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]fact{}
	for line := range strings.Lines(string(raw)) {
		words := strings.Fields(line)
		f := fact{kind: words[1]}
		for _, w := range words[2:] {
			switch name, value, _ := strings.Cut(w, "="); name {
			case "required":
				f.required = true
			case "nullable":
				f.nullable = true
			case "enum":
				f.enum = value
			case "min":
				f.min = value
			case "max":
				f.max = value
			}
		}
		all[words[0]] = f
	}
	return all
}

// TestCreateTakesTheOfficialRequest compares the request type with the schema,
// member by member.
func TestCreateTakesTheOfficialRequest(t *testing.T) {
	want, got := facts(t, "link_token_create.txt"), map[string]fact{}
	flatten(reflect.TypeFor[createIn](), "", got)
	for path, w := range want {
		g, ok := got[path]
		if strings.HasSuffix(path, "products[]") && !strings.HasSuffix(path, "prism_products[]") {
			g.enum = w.enum // refused with INVALID_PRODUCT, not by the shape (token_rules.go)
		}
		if path == "language" {
			w.enum, w.min = g.enum, "" // the document has the words in prose
		}
		switch {
		case !ok:
			t.Errorf("%s is not accepted", path)
		case g.kind != w.kind || g.required != w.required || g.enum != w.enum:
			t.Errorf("%s: %+v, the document has %+v", path, g, w)
		case w.min != "" && g.min != w.min, w.max != "" && g.max != w.max:
			t.Errorf("%s: bounds %s..%s, the document has %s..%s", path, g.min, g.max, w.min, w.max)
		}
	}
	for path := range got {
		if _, ok := want[path]; !ok {
			t.Errorf("%s is accepted and not in the document", path)
		}
	}
}

// flatten lists the members of a request type.
func flatten(typ reflect.Type, at string, to map[string]fact) {
	for i := range typ.NumField() {
		f := typ.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous {
			flatten(f.Type, at, to)
			continue
		}
		path := strings.TrimPrefix(at+"."+name, ".")
		words := strings.Split(f.Tag.Get("enum"), ",")
		slices.Sort(words)
		got := fact{required: f.Tag.Get("required") == "true", enum: strings.Join(words, "|"), min: f.Tag.Get("min"), max: f.Tag.Get("max")}
		flattenType(f.Type, path, got, to)
	}
}

func flattenType(typ reflect.Type, path string, got fact, to map[string]fact) {
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	switch {
	case typ == reflect.TypeFor[api.Raw]():
		got.kind = "object"
	case typ.Kind() == reflect.Slice:
		got.kind = "list"
		flattenType(typ.Elem(), path+"[]", fact{enum: got.enum}, to)
		got.enum = ""
	case typ.Kind() == reflect.Struct:
		got.kind = "object"
		flatten(typ, path, to)
	case typ.Kind() == reflect.String:
		got.kind = "string"
	case typ.Kind() == reflect.Bool:
		got.kind = "boolean"
	case typ.Kind() == reflect.Int64:
		got.kind = "integer"
	case typ.Kind() == reflect.Float64:
		got.kind = "number"
	}
	to[path] = got
}

// TestAnswersHaveTheOfficialShape compares answers with the schemas: nothing
// unlisted, nothing required left out, null only where it may be.
func TestAnswersHaveTheOfficialShape(t *testing.T) {
	w := newTokenWorld(t, storetest.SQLite(t), "sandbox")
	_, created := w.post("/user/create", `{"client_user_id":"registered"}`)
	out := w.create(request("user_id", created["user_id"], "webhook", "https://example.com/", "institution_data", object{"routing_number": "1"},
		"account_filters", object{"depository": object{"account_subtypes": list{"all"}}}))
	conforms(t, out, facts(t, "link_token_create_answer.txt"))

	tok, err := w.tokens.ByToken(t.Context(), out["link_token"].(string))
	if err != nil {
		t.Fatal(err)
	}
	w.sessions[tok.ID] = []SessionRecord{linked(), left(), underWay(), closed()}
	conforms(t, w.get(out["link_token"].(string)), facts(t, "link_token_get_answer.txt"))
	conforms(t, w.get(w.create(request())["link_token"].(string)), facts(t, "link_token_get_answer.txt"))
}

func conforms(t *testing.T, answer map[string]any, schema map[string]fact) {
	t.Helper()
	checkMembers(t, answer, "", schema)
}

func checkMembers(t *testing.T, o map[string]any, at string, schema map[string]fact) {
	t.Helper()
	for path, f := range schema {
		parent, name := "", path
		if i := strings.LastIndexByte(path, '.'); i >= 0 {
			parent, name = path[:i], path[i+1:]
		}
		if _, has := o[name]; parent == at && f.required && !has {
			t.Errorf("%s is missing", path)
		}
	}
	for name, v := range o {
		checkAnswer(t, v, strings.TrimPrefix(at+"."+name, "."), schema)
	}
}

func checkAnswer(t *testing.T, v any, path string, schema map[string]fact) {
	t.Helper()
	f, ok := schema[path]
	if !ok {
		t.Errorf("%s is not in the document", path)
		return
	}
	if v == nil {
		if !f.nullable {
			t.Errorf("%s is null", path)
		}
		return
	}
	kind := map[string]string{"string": "string", "bool": "boolean", "float64": "number", "[]interface {}": "list", "map[string]interface {}": "object"}[fmt.Sprintf("%T", v)]
	if kind != f.kind {
		t.Errorf("%s is a %s, the document has %s", path, kind, f.kind)
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			checkAnswer(t, e, path+"[]", schema)
		}
	case map[string]any:
		checkMembers(t, v, path, schema)
	case string:
		if f.enum != "" && !slices.Contains(strings.Split(f.enum, "|"), v) {
			t.Errorf("%s: %q is not in the document", path, v)
		}
	}
}

func containsAll(s string, parts ...string) bool {
	return !slices.ContainsFunc(parts, func(p string) bool { return !strings.Contains(s, p) })
}

package api

import (
	"encoding/json"
	"reflect"
	"sort"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// OpenAPI describes endpoints as an OpenAPI 3.1 document, in JSON. It is made
// from the same types and tags that decode requests, so it cannot promise what
// the server does not do. baseURL is where the server is reached.
func OpenAPI(baseURL string, endpoints []Endpoint) ([]byte, error) {
	w := &schemaWriter{schemas: map[string]any{}, names: map[reflect.Type]string{}}
	failed := w.ref(reflect.TypeFor[errorBody](), nil)
	paths := map[string]any{}
	for i := range endpoints {
		e := &endpoints[i]
		paths[e.Path] = map[string]any{"post": w.operation(e, failed)}
	}
	return json.MarshalIndent(map[string]any{
		"openapi": "3.1.0",
		"info": map[string]any{
			"title": "Glencheck", "version": version,
			"description": "What this server answers. Compatible with the Plaid API; Glencheck is independent of Plaid.",
			"license":     map[string]any{"name": "Apache-2.0", "identifier": "Apache-2.0"},
		},
		"servers":  []any{map[string]any{"url": baseURL}},
		"security": []any{map[string]any{"clientId": []any{}, "secret": []any{}}},
		"paths":    paths,
		"components": map[string]any{"schemas": w.schemas, "securitySchemes": map[string]any{
			"clientId": map[string]any{"type": "apiKey", "in": "header", "name": "PLAID-CLIENT-ID"},
			"secret":   map[string]any{"type": "apiKey", "in": "header", "name": "PLAID-SECRET"},
		}},
	}, "", "  ")
}

// schemaWriter turns Go types into JSON schemas, each under a name of its own.
type schemaWriter struct {
	schemas map[string]any
	names   map[reflect.Type]string
}

func (w *schemaWriter) operation(e *Endpoint, failed any) map[string]any {
	op := map[string]any{
		"operationId": strings.ReplaceAll(strings.Trim(e.Path, "/"), "/", "_"),
		"tags":        []string{strings.Split(e.Path, "/")[1]},
		"requestBody": map[string]any{"required": true, "content": content(w.ref(e.In, e.schema))},
		"responses": map[string]any{
			"200":     map[string]any{"description": "OK", "content": content(w.answer(e.Out))},
			"default": map[string]any{"description": "Error", "content": content(failed)},
		},
	}
	if e.Summary != "" {
		op["summary"] = e.Summary
	}
	if e.Public {
		op["security"] = []any{}
	}
	return op
}

func content(schema any) map[string]any {
	return map[string]any{"application/json": map[string]any{"schema": schema}}
}

// answer is the schema of a success: the type's fields and request_id.
func (w *schemaWriter) answer(t reflect.Type) any {
	return map[string]any{"allOf": []any{w.ref(t, nil), map[string]any{
		"type": "object", "required": []string{"request_id"},
		"properties": map[string]any{"request_id": map[string]any{"type": "string"}},
	}}}
}

// ref writes the schema of a struct once and refers to it. A request's compiled
// schema tells which fields it requires; an answer's fields are all present
// unless their tag omits them.
func (w *schemaWriter) ref(t reflect.Type, in *object) any {
	if w.names[t] == "" {
		w.names[t] = w.name(t)
		w.schemas[w.names[t]] = nil // taken, so that a type may contain itself
		w.schemas[w.names[t]] = w.object(t, in)
	}
	return map[string]any{"$ref": "#/components/schemas/" + w.names[t]}
}

func (w *schemaWriter) name(t reflect.Type) string {
	room := t.PkgPath()[strings.LastIndex(t.PkgPath(), "/")+1:]
	base := t.Name()
	if base == "" {
		base = "Object"
	}
	if i := strings.IndexByte(base, '['); i > 0 {
		base = base[:i]
	}
	name := title(room) + title(base)
	for n := name; ; n += "_" {
		if _, taken := w.schemas[n]; !taken {
			return n
		}
	}
}

func title(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func (w *schemaWriter) object(t reflect.Type, in *object) any {
	props, required := map[string]any{}, []string{}
	if in != nil {
		for _, f := range in.fields {
			props[f.name] = w.request(&f.value)
			if f.required {
				required = append(required, f.name)
			}
		}
	} else {
		w.fields(t, props, &required)
	}
	s := map[string]any{"type": "object", "properties": props}
	if len(required) > 0 {
		sort.Strings(required)
		s["required"] = required
	}
	return s
}

// fields collects the members of an answer.
func (w *schemaWriter) fields(t reflect.Type, props map[string]any, required *[]string) {
	for i := range t.NumField() {
		sf := t.Field(i)
		name, opts, _ := strings.Cut(sf.Tag.Get("json"), ",")
		if sf.Anonymous && name == "" {
			ft := sf.Type
			if ft.Kind() == reflect.Pointer {
				ft = ft.Elem()
			}
			w.fields(ft, props, required)
			continue
		}
		if name == "" || name == "-" {
			continue
		}
		props[name] = w.response(sf.Type)
		if !strings.Contains(opts, "omit") {
			*required = append(*required, name)
		}
	}
}

var decimalType = reflect.TypeFor[plaid.Decimal]()

// request is the schema of a value that an endpoint accepts.
func (w *schemaWriter) request(n *node) any {
	s := map[string]any{}
	switch n.kind {
	case kindString:
		s["type"] = "string"
		limits(s, n, "minLength", "maxLength")
	case kindInteger:
		s["type"] = "integer"
		limits(s, n, "minimum", "maximum")
	case kindNumber, kindCustom:
		s["type"] = "number"
		limits(s, n, "minimum", "maximum")
	case kindBool:
		s["type"] = "boolean"
	case kindList:
		s["type"], s["items"] = "array", w.request(n.elem)
		limits(s, n, "minItems", "maxItems")
	case kindMap:
		s["type"], s["additionalProperties"] = "object", w.request(n.elem)
	case kindObject:
		return w.ref(n.typ, n.object)
	}
	if len(n.enum) > 0 {
		s["enum"] = n.enum
	}
	return s
}

func limits(s map[string]any, n *node, least, most string) {
	if n.min != nil {
		s[least] = *n.min
	}
	if n.max != nil {
		s[most] = *n.max
	}
}

// response is the schema of a value that an endpoint answers.
func (w *schemaWriter) response(t reflect.Type) any {
	if t.Kind() == reflect.Pointer {
		return nullable(w.response(t.Elem()))
	}
	switch {
	case t == rawType || t.Kind() == reflect.Interface:
		return map[string]any{}
	case t == decimalType || t.Kind() == reflect.Float64:
		return map[string]any{"type": "number"}
	}
	switch t.Kind() {
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": w.response(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": w.response(t.Elem())}
	case reflect.Struct:
		return w.ref(t, nil)
	}
	return map[string]any{}
}

func nullable(s any) any {
	m := s.(map[string]any)
	if typ, ok := m["type"].(string); ok {
		m["type"] = []string{typ, "null"}
		return m
	}
	return map[string]any{"anyOf": []any{m, map[string]any{"type": "null"}}}
}

package clienttest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// unlisted returns the paths of members in value that no schema lists. The
// document allows additional members nearly everywhere, as a promise that Plaid
// may add some; a server that adds its own would break that promise the day
// Plaid uses the name, so for us they are mistakes. In a request (asked) the
// document says so for a few objects only, and there it means what it says.
func unlisted(schema *openapi3.Schema, value any, path []string, asked bool) []string {
	var found []string
	switch v := value.(type) {
	case map[string]any:
		listed, open := properties(schema, v, asked)
		if open && len(listed) == 0 {
			return nil // a map with names of its own
		}
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			at := append(slices.Clone(path), name)
			inner := listed[name]
			if len(inner) == 0 {
				if !open {
					found = append(found, strings.Join(at, "."))
				}
				continue
			}
			found = append(found, unlistedIn(inner, v[name], at, asked)...)
		}
	case []any:
		items := elements(schema)
		for i, one := range v {
			if len(items) > 0 {
				found = append(found, unlistedIn(items, one, append(slices.Clone(path), fmt.Sprint(i)), asked)...)
			}
		}
	}
	return found
}

// unlistedIn takes the best of several schemas that describe the same member:
// alternatives of a oneOf may list different members.
func unlistedIn(schemas []*openapi3.Schema, value any, path []string, asked bool) []string {
	best := unlisted(schemas[0], value, path, asked)
	for _, s := range schemas[1:] {
		if got := unlisted(s, value, path, asked); len(got) < len(best) {
			best = got
		}
	}
	return best
}

// properties collects the members that schema lists for an object, through
// allOf, oneOf and anyOf. Of alternatives that value does not fit, none count.
// open reports that members may have any name because the schema describes
// what such members hold, or lists none at all; of a request also that it allows
// more.
func properties(schema *openapi3.Schema, value map[string]any, asked bool) (listed map[string][]*openapi3.Schema, open bool) {
	listed = map[string][]*openapi3.Schema{}
	collect(schema, value, asked, listed, &open)
	if len(listed) == 0 {
		open = true
	}
	return listed, open
}

func collect(schema *openapi3.Schema, value map[string]any, asked bool, listed map[string][]*openapi3.Schema, open *bool) {
	for name, p := range schema.Properties {
		listed[name] = append(listed[name], p.Value)
	}
	more := schema.AdditionalProperties
	if more.Schema != nil || asked && more.Has != nil && *more.Has {
		*open = true
	}
	for _, s := range schema.AllOf {
		collect(s.Value, value, asked, listed, open)
	}
	for _, group := range []openapi3.SchemaRefs{schema.OneOf, schema.AnyOf} {
		for _, s := range group {
			if s.Value.VisitJSON(value) == nil {
				collect(s.Value, value, asked, listed, open)
			}
		}
	}
}

// elements are the schemas that describe the elements of an array.
func elements(schema *openapi3.Schema) []*openapi3.Schema {
	var items []*openapi3.Schema
	if schema.Items != nil {
		items = append(items, schema.Items.Value)
	}
	for _, group := range []openapi3.SchemaRefs{schema.AllOf, schema.OneOf, schema.AnyOf} {
		for _, s := range group {
			items = append(items, elements(s.Value)...)
		}
	}
	return items
}

// exampled are the fields that the document's own examples of an answer have: what it
// shows there, such as the document_id of owners of /identity/documents/uploads/get,
// it need not list.
func exampled(media *openapi3.MediaType) map[string]bool {
	found := map[string]bool{}
	for _, ex := range media.Examples {
		if ex.Value != nil {
			gather(ex.Value.Value, nil, found)
		}
	}
	return found
}

func gather(value any, path []string, found map[string]bool) {
	switch v := value.(type) {
	case map[string]any:
		for name, inner := range v {
			at := append(slices.Clone(path), name)
			found[strings.Join(at, ".")] = true
			gather(inner, at, found)
		}
	case []any:
		for _, one := range v {
			gather(one, append(slices.Clone(path), "*"), found)
		}
	}
}

// anywhere is a path with a star for each place in a list.
func anywhere(path string) string {
	parts := strings.Split(path, ".")
	for i, p := range parts {
		if p != "" && strings.Trim(p, "0123456789") == "" {
			parts[i] = "*"
		}
	}
	return strings.Join(parts, ".")
}

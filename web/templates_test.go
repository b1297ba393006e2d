package web

import (
	"html/template"
	"testing"
)

// TestTemplates parses what a server parses when it is first asked for.
func TestTemplates(t *testing.T) {
	for name, parse := range map[string]func() *template.Template{
		"frame": frameTemplate, "hosted": hostedTemplate, "phone": phoneTemplate, "return": returnTemplate, "embedded": embeddedTemplate,
	} {
		if parse().Lookup(name) == nil {
			t.Errorf("%s is not there", name)
		}
	}
}

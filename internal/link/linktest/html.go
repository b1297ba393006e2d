package linktest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	tags       = regexp.MustCompile(`<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z-]+(?:="[^"]*")?)*)\s*(/?)>`)
	attributes = regexp.MustCompile(`([a-zA-Z-]+)(?:="([^"]*)")?`)
)

// void are the elements that have no end tag.
var void = []string{"input", "br", "img", "hr", "meta", "link"}

// CheckHTML fails the test unless html is one well-formed element without any
// script or style of its own, with unique ids and no reference to an id that is
// not there.
func CheckHTML(t testing.TB, html string) {
	t.Helper()
	for _, complaint := range Problems(html) {
		t.Errorf("%s in\n%s", complaint, html)
	}
}

// Problems lists what is wrong with the HTML of a pane.
func Problems(html string) []string {
	c := checker{ids: map[string]bool{}}
	rest := 0
	for _, m := range tags.FindAllStringSubmatchIndex(html, -1) {
		c.text(html[rest:m[0]])
		rest = m[1]
		part := func(i int) string { return html[m[2*i]:m[2*i+1]] }
		c.tag(part(1) == "/", part(2), part(3), part(4) == "/")
	}
	c.text(html[rest:])
	if len(c.open) > 0 {
		c.complain("%v never ends", c.open)
	}
	if c.roots != 1 {
		c.complain("%d elements at the top", c.roots)
	}
	for _, id := range c.wanted {
		if !c.ids[id] {
			c.complain("id %q is pointed at and is not there", id)
		}
	}
	return c.found
}

type checker struct {
	open   []string
	roots  int
	ids    map[string]bool
	wanted []string
	found  []string
}

func (c *checker) complain(format string, args ...any) {
	c.found = append(c.found, fmt.Sprintf(format, args...))
}

func (c *checker) text(s string) {
	if strings.ContainsAny(s, "<>") {
		c.complain("a stray bracket: %q", s)
	}
}

func (c *checker) tag(end bool, name, attrs string, closed bool) {
	switch {
	case name == "script" || name == "style" || name == "iframe" || name == "object":
		c.complain("<%s>", name)
	case end:
		if len(c.open) == 0 || c.open[len(c.open)-1] != name {
			c.complain("</%s> ends %v", name, c.open)
			return
		}
		c.open = c.open[:len(c.open)-1]
		return
	}
	if len(c.open) == 0 {
		c.roots++
	}
	for _, a := range attributes.FindAllStringSubmatch(attrs, -1) {
		c.attribute(name, a[1], a[2])
	}
	if !closed && !slices.Contains(void, name) {
		c.open = append(c.open, name)
	}
}

func (c *checker) attribute(element, name, value string) {
	switch {
	case name == "style" || strings.HasPrefix(name, "on"):
		c.complain("<%s %s>", element, name)
	case name == "id":
		if c.ids[value] {
			c.complain("two elements have id %q", value)
		}
		c.ids[value] = true
	case name == "for" || name == "aria-describedby" || name == "aria-labelledby" || name == "aria-controls" || name == "data-reveal" || name == "data-clear":
		c.wanted = append(c.wanted, strings.Fields(value)...)
	case strings.Contains(strings.ToLower(value), "javascript:") && (name == "href" || name == "src" || name == "action"):
		c.complain("<%s %s=%q>", element, name, value)
	}
}

package iso20022

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// This check of a message shares no code with the writer: it reads tokens and
// compares them with testdata/definitions.txt, which was written down from the
// published definitions.

type child struct {
	name, kind     string
	optional, many bool
}

func definitions(t testing.TB) map[string][]child {
	t.Helper()
	raw, err := os.ReadFile("testdata/definitions.txt")
	if err != nil {
		t.Fatal(err)
	}
	types := map[string][]child{}
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, list, _ := strings.Cut(line, ": ")
		for _, word := range strings.Fields(list) {
			bare := strings.TrimRight(word, "?+")
			element, kind, _ := strings.Cut(bare, "/")
			marks := word[len(bare):]
			types[name] = append(types[name], child{element, kind, strings.Contains(marks, "?"), strings.Contains(marks, "+")})
		}
	}
	return types
}

// node is an element as it was read.
type node struct {
	name     xml.Name
	attr     []xml.Attr
	children []*node
	text     string
}

func tree(t testing.TB, message []byte) *node {
	t.Helper()
	top := &node{}
	stack := []*node{top}
	for d := xml.NewDecoder(bytes.NewReader(message)); ; {
		tok, err := d.Token()
		if tok == nil {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		at := stack[len(stack)-1]
		switch tok := tok.(type) {
		case xml.StartElement:
			n := &node{name: tok.Name, attr: tok.Attr}
			at.children = append(at.children, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			at.text += string(tok)
		}
	}
	return top.children[0]
}

// conforms lists how a message departs from its definition.
func conforms(t testing.TB, message []byte) (wrong []string) {
	t.Helper()
	types, root := definitions(t), tree(t, message)
	kind, ok := strings.CutPrefix(root.name.Space, "urn:iso:std:iso:20022:tech:xsd:")
	if !ok || root.name.Local != "Document" {
		return []string{"root " + root.name.Space + " " + root.name.Local}
	}
	var walk func(path string, n *node, kind string)
	walk = func(path string, n *node, kind string) {
		list, structured := types[kind]
		if !structured {
			if len(n.children) > 0 || !simple(kind, n) {
				wrong = append(wrong, fmt.Sprintf("%s: %q is no %s", path, n.text, kind))
			}
			return
		}
		i := 0
		for _, c := range list {
			count := 0
			for i < len(n.children) && n.children[i].name.Local == c.name && n.children[i].name.Space == root.name.Space {
				walk(path+"/"+c.name, n.children[i], c.kind)
				i++
				count++
			}
			if count == 0 && !c.optional || count > 1 && !c.many {
				wrong = append(wrong, fmt.Sprintf("%s/%s occurs %d times", path, c.name, count))
			}
		}
		if i < len(n.children) {
			wrong = append(wrong, fmt.Sprintf("%s/%s is out of place", path, n.children[i].name.Local))
		}
	}
	walk("", root, kind)
	return wrong
}

var patterns = map[string]*regexp.Regexp{
	"date":     regexp.MustCompile(`^\d{4}-\d\d-\d\d$`),
	"dateTime": regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$`),
	"amount":   regexp.MustCompile(`^\d{1,13}(\.\d{1,5})?$`),
	"uuid4":    regexp.MustCompile(`^[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}$`),
	"count":    regexp.MustCompile(`^[0-9]{1,15}$`),
	"currency": regexp.MustCompile(`^[A-Z]{3}$`),
}

func simple(kind string, n *node) bool {
	if kind == "amount" && (len(n.attr) != 1 || n.attr[0].Name.Local != "Ccy" || !patterns["currency"].MatchString(n.attr[0].Value)) {
		return false
	}
	if p := patterns[kind]; p != nil {
		return p.MatchString(n.text)
	}
	if list, ok := strings.CutPrefix(kind, "="); ok {
		for _, v := range strings.Split(list, "|") {
			if v == n.text {
				return true
			}
		}
		return false
	}
	longest, err := strconv.Atoi(strings.TrimPrefix(kind, "max"))
	length := utf8.RuneCountInString(n.text)
	return err == nil && length >= 1 && length <= longest
}

// TestTheCheckFindsFaults makes sure that the check above can fail.
func TestTheCheckFindsFaults(t *testing.T) {
	good, err := transfer().Marshal()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][2]string{
		{"<MsgId>", "<Other>1</Other><MsgId>"},
		{"pacs.008.001.08", "pacs.008.001.02"},
		{`Ccy="USD"`, `Ccy="usd"`},
		{"<ChrgBr>SLEV</ChrgBr>", ""},
		{"<ChrgBr>SLEV</ChrgBr>", "<ChrgBr>NONE</ChrgBr>"},
		{"2026-11-22T", "22.11.2026 "},
	} {
		bad := strings.ReplaceAll(string(good), c[0], c[1])
		bad = strings.ReplaceAll(bad, "</MsgId>", "</MsgId>")
		if bad == string(good) || len(conforms(t, []byte(bad))) == 0 {
			t.Errorf("%s instead of %s passes", c[1], c[0])
		}
	}
}

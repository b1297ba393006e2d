package list

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// node is an element of one entry. Names are in lower case and without a namespace:
// publishers have changed both.
type node struct {
	name     string
	text     string
	attrs    map[string]string
	children []*node
}

// kids are the children of a name.
func (n *node) kids(name string) []*node {
	var list []*node
	if n == nil {
		return nil
	}
	for _, c := range n.children {
		if c.name == name {
			list = append(list, c)
		}
	}
	return list
}

// all are the children of the children and so on along a path.
func (n *node) all(path ...string) []*node {
	list := []*node{n}
	for _, name := range path {
		var next []*node
		for _, c := range list {
			next = append(next, c.kids(name)...)
		}
		list = next
	}
	return list
}

// get is the text of the first child along a path.
func (n *node) get(path ...string) string {
	for _, c := range n.all(path...) {
		if c.text != "" {
			return c.text
		}
	}
	return ""
}

// attr is an attribute, "" if it is not there.
func (n *node) attr(name string) string { return text(n.attrs[name]) }

// meter bounds what is read: of a file, and of an entry.
type meter struct {
	r     io.Reader
	total int64
	left  int64 // until the entry is too long
}

var (
	errLong  = errors.New("the file is longer than what is read of one")
	errEntry = errors.New("an entry is longer than what is read of one")
)

func (m *meter) Read(p []byte) (int, error) {
	if m.left <= 0 {
		return 0, errEntry
	}
	if int64(len(p)) > m.left {
		p = p[:m.left]
	}
	n, err := m.r.Read(p)
	m.total += int64(n)
	m.left -= int64(n)
	if m.total > MaxBytes {
		return 0, errLong
	}
	return n, err
}

// charsets are the encodings that an XML file may declare besides UTF-8.
func charsets(label string, in io.Reader) (io.Reader, error) {
	switch strings.ToLower(label) {
	case "utf-8", "utf8", "us-ascii":
		return in, nil
	case "iso-8859-1", "latin1":
		return charmap.ISO8859_1.NewDecoder().Reader(in), nil
	case "windows-1252":
		return charmap.Windows1252.NewDecoder().Reader(in), nil
	}
	return nil, errors.New("the encoding is none of UTF-8, ISO-8859-1 and Windows-1252")
}

// document reads an XML file and hands over each element of the given names, with
// all that is in it.
type document struct {
	dec   *xml.Decoder
	meter *meter
	root  string
}

func newDocument(r io.Reader) *document {
	m := &meter{r: r, left: maxEntry}
	d := &document{dec: xml.NewDecoder(m), meter: m}
	d.dec.CharsetReader = charsets
	d.dec.Strict = true
	return d
}

// fail tells where the file is wrong. A syntax error of the decoder is told in its
// words, which repeat no more of the file than the name of an element.
func (d *document) fail(err error) error {
	line, _ := d.dec.InputPos()
	var syntax *xml.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return &Error{Line: syntax.Line, What: "the XML is not well-formed: " + syntax.Msg}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &Error{Line: line, What: "the file ends early"}
	}
	return &Error{Line: line, What: strings.TrimPrefix(err.Error(), "xml: ")}
}

// token is the next token that matters. A document type is refused: only there could
// entities be declared.
func (d *document) token() (xml.Token, error) {
	for {
		t, err := d.dec.Token()
		if err == io.EOF {
			return nil, io.EOF
		}
		if err != nil {
			return nil, d.fail(err)
		}
		switch t := t.(type) {
		case xml.Directive:
			return nil, d.fail(errors.New("a document type declaration is refused"))
		case xml.StartElement, xml.EndElement, xml.CharData:
			return t, nil
		}
	}
}

// rootName reads up to the first element.
func (d *document) rootName() (string, error) {
	for {
		t, err := d.token()
		if err == io.EOF {
			return "", d.fail(errors.New("the file is empty"))
		}
		if err != nil {
			return "", err
		}
		if s, ok := t.(xml.StartElement); ok {
			d.root = strings.ToLower(s.Name.Local)
			return d.root, nil
		}
	}
}

// each calls f with every element of the given names and the line it begins at,
// wherever it stands outside another one.
func (d *document) each(names []string, f func(n *node, line int) error) error {
	for depth := 1; ; {
		d.meter.left = maxEntry
		t, err := d.token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.EndElement:
			depth--
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return d.fail(errors.New("elements are nested too deeply"))
			}
			name := strings.ToLower(t.Name.Local)
			if !has(names, name) {
				continue
			}
			line, _ := d.dec.InputPos()
			n, err := d.element(t, 1)
			if err != nil {
				return err
			}
			depth--
			if err := f(n, line); err != nil {
				return err
			}
		}
	}
}

// element reads an element of an entry to its end.
func (d *document) element(start xml.StartElement, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, d.fail(errors.New("elements are nested too deeply"))
	}
	n := &node{name: strings.ToLower(start.Name.Local), attrs: map[string]string{}}
	for _, a := range start.Attr {
		n.attrs[strings.ToLower(a.Name.Local)] = a.Value
	}
	var b strings.Builder
	for {
		t, err := d.token()
		if err == io.EOF {
			err = d.fail(io.ErrUnexpectedEOF)
		}
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.CharData:
			b.Write(t)
		case xml.EndElement:
			n.text = text(b.String())
			return n, nil
		case xml.StartElement:
			child, err := d.element(t, depth+1)
			if err != nil {
				return nil, err
			}
			n.children = append(n.children, child)
		}
	}
}

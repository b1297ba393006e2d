package server

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
)

// Layout writes a JSON value for people: members in the order they came, on one
// line what fits into width. Text that is not JSON stays as it is.
func Layout(text []byte, width int) string {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	v, err := ordered(dec)
	if _, more := dec.Token(); err != nil || more != io.EOF {
		return strings.TrimRight(string(text), "\n")
	}
	var out strings.Builder
	v.write(&out, "", 0, width)
	return out.String()
}

// value is a JSON value that remembers the order of its members.
type value struct {
	scalar      string // compact JSON of anything without elements
	open, close string
	names       []string // of an object's members
	elements    []value
}

func ordered(dec *json.Decoder) (value, error) {
	token, err := dec.Token()
	if err != nil {
		return value{}, err
	}
	delim, nested := token.(json.Delim)
	if !nested {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		err := enc.Encode(token)
		return value{scalar: strings.TrimSpace(b.String())}, err
	}
	v := value{open: delim.String(), close: map[json.Delim]string{'{': "}", '[': "]"}[delim]}
	for dec.More() {
		if delim == '{' {
			name, err := dec.Token()
			if err != nil {
				return v, err
			}
			v.names = append(v.names, name.(string))
		}
		inner, err := ordered(dec)
		if err != nil {
			return v, err
		}
		v.elements = append(v.elements, inner)
	}
	_, err = dec.Token()
	return v, err
}

func (v value) oneLine() string {
	if v.open == "" {
		return v.scalar
	}
	parts := make([]string, len(v.elements))
	for i, e := range v.elements {
		parts[i] = v.name(i) + e.oneLine()
	}
	return v.open + strings.Join(parts, ", ") + v.close
}

func (v value) name(i int) string {
	if v.names == nil {
		return ""
	}
	quoted, _ := json.Marshal(v.names[i])
	return string(quoted) + ": "
}

func (v value) write(out *strings.Builder, indent string, used, width int) {
	flat := v.oneLine()
	if v.open == "" || len(v.elements) == 0 || used+len(flat) <= width {
		out.WriteString(flat)
		return
	}
	if v.plain() {
		v.paragraph(out, indent, width)
		return
	}
	out.WriteString(v.open + "\n")
	for i, e := range v.elements {
		head := indent + "  " + v.name(i)
		out.WriteString(head)
		e.write(out, indent+"  ", len(head), width)
		if i < len(v.elements)-1 {
			out.WriteByte(',')
		}
		out.WriteByte('\n')
	}
	out.WriteString(indent + v.close)
}

// plain reports whether v is a list of words or numbers, which reads best as a
// paragraph.
func (v value) plain() bool {
	if v.open != "[" {
		return false
	}
	for _, e := range v.elements {
		if e.open != "" {
			return false
		}
	}
	return true
}

// paragraph writes a plain list with as many elements on a line as fit.
func (v value) paragraph(out *strings.Builder, indent string, width int) {
	out.WriteString("[")
	used := width
	for i, e := range v.elements {
		text := e.scalar
		if i < len(v.elements)-1 {
			text += ","
		}
		if used+1+len(text) > width {
			out.WriteString("\n" + indent + "  ")
			used = len(indent) + 2
		} else {
			out.WriteByte(' ')
			used++
		}
		out.WriteString(text)
		used += len(text)
	}
	out.WriteString("\n" + indent + "]")
}

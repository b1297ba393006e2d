package servertest

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
)

// width is how long a line of a story may get before a value is spread over
// several.
const width = 132

// layout writes a JSON value for people: in the order it came, on one line what
// fits on one. What is not JSON stays as it is.
func layout(answer []byte) string {
	dec := json.NewDecoder(bytes.NewReader(answer))
	dec.UseNumber()
	v, err := ordered(dec)
	if err != nil {
		return strings.TrimRight(string(answer), "\n")
	}
	var out strings.Builder
	v.write(&out, "", 0)
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
		if delim == '{' && v.names[len(v.names)-1] == "request_id" {
			inner.scalar = steadyRequestID(inner.scalar)
		}
		v.elements = append(v.elements, inner)
	}
	_, err = dec.Token()
	return v, err
}

var requestID = regexp.MustCompile(`^"[0-9A-Za-z]{15}"$`)

// steadyRequestID hides a well-formed request_id: it is the one value that every
// answer has anew, and a story would change on every line for each call added.
func steadyRequestID(scalar string) string {
	if requestID.MatchString(scalar) {
		return `"…"`
	}
	return scalar
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

func (v value) write(out *strings.Builder, indent string, used int) {
	flat := v.oneLine()
	if v.open == "" || len(v.elements) == 0 || indent != "" && used+len(flat) <= width || v.short() {
		out.WriteString(flat)
		return
	}
	out.WriteString(v.open + "\n")
	for i, e := range v.elements {
		head := indent + "  " + v.name(i)
		out.WriteString(head)
		e.write(out, indent+"  ", len(head))
		if i < len(v.elements)-1 {
			out.WriteByte(',')
		}
		out.WriteByte('\n')
	}
	out.WriteString(indent + v.close)
}

// short reports whether v is a list of words or numbers, which reads best as a
// paragraph however long it is.
func (v value) short() bool {
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

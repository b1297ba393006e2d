package pdf

import (
	"bytes"
	"math"
	"strconv"
)

// The objects of a file. A null is nil, a number int64 or float64, a bool bool.
type (
	// Name is a name, without its slash and with its escapes undone.
	Name string
	// String is what stands in parentheses or angle brackets, as bytes.
	String string
	// Ref points at an indirect object.
	Ref struct{ N, G int }
	// Array is a list of objects.
	Array []any
	// Dict holds objects by name.
	Dict map[Name]any
	// Stream is a dictionary and the bytes behind it, as they are in the file.
	Stream struct {
		Dict Dict
		raw  []byte
	}
	// keyword is whatever else stands between spaces: an operator.
	keyword string
)

// lexer takes bytes apart into objects.
type lexer struct {
	src   []byte
	pos   int
	depth int // that is left
}

func space(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func delimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

// skip goes past spaces and comments.
func (l *lexer) skip() {
	for l.pos < len(l.src) {
		switch c := l.src[l.pos]; {
		case space(c):
			l.pos++
		case c == '%':
			for l.pos < len(l.src) && l.src[l.pos] != '\n' && l.src[l.pos] != '\r' {
				l.pos++
			}
		default:
			return
		}
	}
}

// end is what object answers when there is nothing more.
var end = keyword("")

// The words that close a list or a dictionary.
const (
	closeArray = keyword("]")
	closeDict  = keyword(">>")
)

// object reads the next object or operator; end at the end. References are
// recognised where refs is set, as in contents there are none.
func (l *lexer) object(refs bool) (any, error) {
	l.skip()
	if l.pos >= len(l.src) {
		return end, nil
	}
	switch c := l.src[l.pos]; c {
	case '/':
		l.pos++
		return l.name(), nil
	case '(':
		l.pos++
		return l.literal(), nil
	case '[':
		l.pos++
		return l.array(refs)
	case ']':
		l.pos++
		return closeArray, nil
	case '<':
		if l.at("<<") {
			l.pos += 2
			return l.dict(refs)
		}
		l.pos++
		return l.hex(), nil
	case '>':
		if l.at(">>") {
			l.pos += 2
			return closeDict, nil
		}
		l.pos++
		return keyword(">"), nil
	case '{', '}', ')':
		l.pos++
		return keyword(string(c)), nil
	}
	return l.word(refs), nil
}

func (l *lexer) at(s string) bool {
	return l.pos < len(l.src) && bytes.HasPrefix(l.src[l.pos:], []byte(s))
}

func (l *lexer) array(refs bool) (any, error) {
	if l.depth--; l.depth < 0 {
		return nil, ErrTooMuch
	}
	defer func() { l.depth++ }()
	list := Array{}
	for {
		o, err := l.object(refs)
		if err != nil {
			return nil, err
		}
		switch o {
		case closeArray, end:
			return list, nil
		case closeDict: // of the dictionary around: the bracket is missing
			l.pos -= 2
			return list, nil
		}
		list = append(list, o)
	}
}

func (l *lexer) dict(refs bool) (any, error) {
	if l.depth--; l.depth < 0 {
		return nil, ErrTooMuch
	}
	defer func() { l.depth++ }()
	d := Dict{}
	for {
		k, err := l.object(refs)
		if err != nil {
			return nil, err
		}
		if k == closeDict || k == end {
			return d, nil
		}
		name, ok := k.(Name)
		if !ok {
			continue // what is no key is passed over, as readers do
		}
		v, err := l.object(refs)
		if err != nil {
			return nil, err
		}
		if v == closeDict || v == end {
			return d, nil
		}
		if _, double := d[name]; !double {
			d[name] = v
		}
	}
}

// token is the run of bytes up to a space or delimiter.
func (l *lexer) token() []byte {
	from := l.pos
	for l.pos < len(l.src) && !space(l.src[l.pos]) && !delimiter(l.src[l.pos]) {
		l.pos++
	}
	return l.src[from:l.pos]
}

func (l *lexer) name() Name {
	raw := l.token()
	if bytes.IndexByte(raw, '#') < 0 {
		return Name(raw)
	}
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] == '#' && i+2 < len(raw) {
			if hi, lo := unhex(raw[i+1]), unhex(raw[i+2]); hi >= 0 && lo >= 0 {
				out = append(out, byte(hi<<4|lo))
				i += 2
				continue
			}
		}
		out = append(out, raw[i])
	}
	return Name(out)
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func (l *lexer) hex() String {
	var out []byte
	half := -1
	for ; l.pos < len(l.src); l.pos++ {
		c := l.src[l.pos]
		if c == '>' {
			l.pos++
			break
		}
		d := unhex(c)
		switch {
		case d < 0:
		case half < 0:
			half = d
		default:
			out = append(out, byte(half<<4|d))
			half = -1
		}
	}
	if half >= 0 {
		out = append(out, byte(half<<4))
	}
	return String(out)
}

func (l *lexer) literal() String {
	var out []byte
	for open := 1; l.pos < len(l.src); l.pos++ {
		c := l.src[l.pos]
		switch c {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				l.pos++
				return String(out)
			}
		case '\\':
			l.pos++
			out = l.escape(out)
			continue
		}
		out = append(out, c)
	}
	l.pos = len(l.src) // the last byte may have been a backslash
	return String(out)
}

// escape reads what follows a backslash and leaves pos at its last byte.
func (l *lexer) escape(out []byte) []byte {
	if l.pos >= len(l.src) {
		return out
	}
	c := l.src[l.pos]
	if i := bytes.IndexByte([]byte("nrtbf"), c); i >= 0 {
		return append(out, "\n\r\t\b\f"[i])
	}
	switch {
	case c == '\r':
		if l.pos+1 < len(l.src) && l.src[l.pos+1] == '\n' {
			l.pos++
		}
		return out
	case c == '\n':
		return out
	case c < '0' || c > '7':
		return append(out, c)
	}
	v := 0
	for n := 0; n < 3 && l.pos < len(l.src) && l.src[l.pos] >= '0' && l.src[l.pos] <= '7'; n++ {
		v = v<<3 | int(l.src[l.pos]-'0')
		l.pos++
	}
	l.pos--
	return append(out, byte(v))
}

// word reads a number, a reference, true, false, null or an operator.
func (l *lexer) word(refs bool) any {
	raw := l.token()
	if len(raw) == 0 {
		l.pos++ // a byte that belongs nowhere
		return keyword("?")
	}
	if n, ok := number(raw); ok {
		if whole, ok := n.(int64); ok && refs {
			if r, ok := l.reference(whole); ok {
				return r
			}
		}
		return n
	}
	switch string(raw) {
	case "true":
		return true
	case "false":
		return false
	case "null":
		return nil
	}
	return keyword(raw)
}

// mostNumber bounds the number of an object: Annex C of the format says 8,388,607.
const mostNumber = 8_388_607

// reference looks whether "n" goes on as "n g R".
func (l *lexer) reference(n int64) (Ref, bool) {
	was := l.pos
	l.skip()
	g, ok := number(l.token())
	gen, whole := g.(int64)
	if ok && whole && gen >= 0 && gen <= 65535 && n >= 0 && n <= mostNumber {
		l.skip()
		if string(l.token()) == "R" {
			return Ref{int(n), int(gen)}, true
		}
	}
	l.pos = was
	return Ref{}, false
}

func number(raw []byte) (any, bool) {
	if len(raw) == 0 || len(raw) > 40 || raw[0] != '-' && raw[0] != '+' && raw[0] != '.' && (raw[0] < '0' || raw[0] > '9') {
		return nil, false
	}
	if n, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
		return n, true
	}
	for _, c := range raw {
		if c != '-' && c != '+' && c != '.' && (c < '0' || c > '9') {
			return nil, false // no exponents, infinities or underscores
		}
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || math.Abs(f) > 1e12 {
		return nil, false
	}
	return f, true
}

// float is a number of either kind; 0 for anything else.
func float(o any) float64 {
	switch n := o.(type) {
	case int64:
		if n > 1e12 || n < -1e12 {
			return 0
		}
		return float64(n)
	case float64:
		return n
	}
	return 0
}

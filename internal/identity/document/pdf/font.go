package pdf

import (
	"errors"
	"strings"
	"unicode/utf16"
)

// font turns the codes of a string into letters with their widths.
type font struct {
	name     string // without the tag of a subset
	wide     bool   // codes are two bytes
	unicode  *cmap  // the way back to letters, if the file has it
	utf16    bool   // codes are letters
	base     Name
	other    map[byte]string // what differs from the base
	widths   map[int]float64
	fallback float64 // a width, 0 for a guess
}

// newFont reads a font's dictionary.
func (f *File) newFont(d Dict) (*font, error) {
	out := &font{name: plainName(string(f.name(d["BaseFont"]))), other: map[byte]string{}, widths: map[int]float64{}}
	if m, err := f.Resolve(d["ToUnicode"]); err != nil {
		return nil, err
	} else if s, ok := m.(*Stream); ok {
		if out.unicode, err = f.readCMap(s); err != nil {
			return nil, err
		}
	}
	if f.name(d["Subtype"]) == "Type0" {
		return out, f.composite(out, d)
	}
	first, last := int(f.number(d["FirstChar"])), 255
	list, err := f.array(d["Widths"])
	if err != nil {
		return nil, err
	}
	for i, w := range list {
		if first+i < 0 || first+i > last {
			continue
		}
		out.widths[first+i] = f.number(w)
	}
	return out, f.encoding(out, d["Encoding"])
}

// plainName drops the tag of a subset: "ABCDEF+Helvetica".
func plainName(s string) string {
	if len(s) > 7 && s[6] == '+' && strings.ToUpper(s[:6]) == s[:6] {
		return s[7:]
	}
	return s
}

func (f *File) encoding(out *font, o any) error {
	o, err := f.Resolve(o)
	if err != nil {
		return err
	}
	if n, ok := o.(Name); ok {
		out.base = n
	}
	d, ok := o.(Dict)
	if !ok {
		return nil
	}
	out.base = f.name(d["BaseEncoding"])
	list, err := f.array(d["Differences"])
	at := 0
	for _, o := range list {
		switch v := o.(type) {
		case int64:
			at = clampInt(v)
		case Name:
			if at >= 0 && at <= 255 {
				out.other[byte(at)] = glyphText(string(v))
			}
			at++
		}
	}
	return err
}

// composite reads a font of two-byte codes.
func (f *File) composite(out *font, d Dict) error {
	out.wide = true
	if n := string(f.name(d["Encoding"])); strings.Contains(n, "UTF16") || strings.Contains(n, "UCS2") {
		out.utf16 = true
	}
	below, err := f.array(d["DescendantFonts"])
	if err != nil || len(below) == 0 {
		return err
	}
	c, err := f.dict(below[0])
	if err != nil {
		return err
	}
	if out.fallback = f.number(c["DW"]); out.fallback == 0 {
		out.fallback = 1000
	}
	w, err := f.array(c["W"])
	if err != nil {
		return err
	}
	for i := 0; i+1 < len(w); {
		from := int(float(w[i]))
		next, err := f.Resolve(w[i+1])
		if err != nil {
			return err
		}
		if list, ok := next.(Array); ok {
			for n, o := range list {
				out.widths[from+n] = f.number(o)
			}
			i += 2
			continue
		}
		if i+2 >= len(w) {
			break
		}
		to, width := int(float(next)), f.number(w[i+2])
		for n := from; n <= to && n <= 65535 && n-from < 65536; n++ {
			out.widths[n] = width
		}
		i += 3
		if err := f.budget.work(max(0, min(to, 65535)-from)); err != nil {
			return err
		}
	}
	return nil
}

// glyph is one code of a string.
type glyph struct {
	text  string  // "" where nobody can tell
	width float64 // in thousandths of the size
	space bool    // the single byte 32, which word spacing is for
}

// glyphs takes a string apart.
func (t *font) glyphs(s String) []glyph {
	var out []glyph
	step := 1
	if t.wide {
		step = 2
	}
	for i := 0; i+step <= len(s); i += step {
		code := int(s[i])
		if t.wide {
			code = code<<8 | int(s[i+1])
		}
		g := glyph{text: t.text(code, s[i:i+step]), space: !t.wide && code == ' '}
		var ok bool
		if g.width, ok = t.widths[code]; !ok {
			if g.width = t.fallback; g.width == 0 {
				r := ' '
				for _, r = range g.text {
					break
				}
				g.width = guess(t.name, r)
			}
		}
		out = append(out, g)
	}
	return out
}

func (t *font) text(code int, raw String) string {
	if t.unicode != nil {
		if s, ok := t.unicode.text(code, len(raw)); ok {
			return s
		}
	}
	switch {
	case t.utf16:
		return string(rune(code))
	case t.wide:
		return ""
	}
	if s, ok := t.other[byte(code)]; ok {
		return s
	}
	return byteText(t.base, byte(code))
}

// cmap is the way from codes back to letters (ToUnicode).
type cmap struct {
	codes  map[int]string
	ranges []cmapRange
}

type cmapRange struct {
	from, to int
	text     []uint16
}

func (m *cmap) text(code, _ int) (string, bool) {
	if s, ok := m.codes[code]; ok {
		return s, true
	}
	for _, r := range m.ranges {
		if code >= r.from && code <= r.to {
			u := append([]uint16{}, r.text...)
			if len(u) == 0 {
				return "", true
			}
			u[len(u)-1] += uint16(code - r.from)
			return string(utf16.Decode(u)), true
		}
	}
	return "", false
}

// mostRanges bounds what one look for a letter costs.
const mostRanges = 512

// readCMap reads the lines of a ToUnicode stream. One that cannot be read is as if
// there were none.
func (f *File) readCMap(s *Stream) (*cmap, error) {
	data, err := f.Decode(s)
	if errors.Is(err, ErrTooMuch) {
		return nil, err
	}
	if err != nil {
		return nil, nil
	}
	m := &cmap{codes: map[int]string{}}
	l := &lexer{src: data, depth: f.budget.Depth}
	var words []any
	for {
		o, err := l.object(false)
		if err != nil {
			return nil, err
		}
		if err := f.budget.operator(); err != nil {
			return nil, err
		}
		switch o {
		case end:
			return m, nil
		case keyword("beginbfchar"), keyword("beginbfrange"), keyword("begincodespacerange"):
			words = words[:0]
			continue
		case keyword("endbfchar"):
			for i := 0; i+1 < len(words); i += 2 {
				m.codes[codeOf(words[i])] = utf16Text(words[i+1])
			}
		case keyword("endbfrange"):
			m.addRanges(words)
		}
		words = append(words, o)
	}
}

func (m *cmap) addRanges(words []any) {
	for i := 0; i+2 < len(words); i += 3 {
		from, to := codeOf(words[i]), codeOf(words[i+1])
		if list, ok := words[i+2].(Array); ok {
			for n, o := range list {
				if from+n <= to {
					m.codes[from+n] = utf16Text(o)
				}
			}
			continue
		}
		if len(m.ranges) < mostRanges {
			m.ranges = append(m.ranges, cmapRange{from, to, units(words[i+2])})
		}
	}
}

func codeOf(o any) int {
	s, _ := o.(String)
	n := 0
	for i := 0; i < len(s) && i < 4; i++ {
		n = n<<8 | int(s[i])
	}
	return n
}

func units(o any) []uint16 {
	s, _ := o.(String)
	var u []uint16
	for i := 0; i+1 < len(s) && i < 32; i += 2 {
		u = append(u, uint16(s[i])<<8|uint16(s[i+1]))
	}
	return u
}

func utf16Text(o any) string { return string(utf16.Decode(units(o))) }

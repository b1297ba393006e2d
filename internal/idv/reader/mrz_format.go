package reader

// Format is a layout of a machine-readable zone (ICAO 9303 parts 4 to 7).
type Format string

// The formats.
const (
	TD1  Format = "TD1"   // cards, three lines of 30
	TD2  Format = "TD2"   // larger cards, two lines of 36
	TD3  Format = "TD3"   // passports, two lines of 44
	MRVA Format = "MRV-A" // visas, two lines of 44
	MRVB Format = "MRV-B" // visas, two lines of 36
)

// class is what characters a place of a zone can hold; "<" fills every place.
type class byte

const (
	letters class = iota
	digits
	mixed
)

// place is a run of characters in a zone: line and columns from 0, end excluded.
type place struct{ line, from, to int }

func (p place) of(lines []string) string { return lines[p.line][p.from:p.to] }

// element is a field of a zone. A check digit follows it where check is set.
type element struct {
	name  string
	at    place
	class class
	check bool
}

// layout is a format as data.
type layout struct {
	format    Format
	lines     int
	width     int
	elements  []element
	composite []place // what the last check digit is made of; none for visas
	last      place   // where it stands
}

var td3 = layout{
	format: TD3, lines: 2, width: 44,
	elements: []element{
		{"code", place{0, 0, 2}, letters, false}, {"issuer", place{0, 2, 5}, letters, false}, {"name", place{0, 5, 44}, letters, false},
		{"number", place{1, 0, 9}, mixed, true}, {"nationality", place{1, 10, 13}, letters, false}, {"birth", place{1, 13, 19}, digits, true},
		{"sex", place{1, 20, 21}, letters, false}, {"expiry", place{1, 21, 27}, digits, true}, {"optional", place{1, 28, 42}, mixed, true},
	},
	composite: []place{{1, 0, 10}, {1, 13, 20}, {1, 21, 43}},
	last:      place{1, 43, 44},
}

var td2 = layout{
	format: TD2, lines: 2, width: 36,
	elements: []element{
		{"code", place{0, 0, 2}, letters, false}, {"issuer", place{0, 2, 5}, letters, false}, {"name", place{0, 5, 36}, letters, false},
		{"number", place{1, 0, 9}, mixed, true}, {"nationality", place{1, 10, 13}, letters, false}, {"birth", place{1, 13, 19}, digits, true},
		{"sex", place{1, 20, 21}, letters, false}, {"expiry", place{1, 21, 27}, digits, true}, {"optional", place{1, 28, 35}, mixed, false},
	},
	composite: []place{{1, 0, 10}, {1, 13, 20}, {1, 21, 35}},
	last:      place{1, 35, 36},
}

var td1 = layout{
	format: TD1, lines: 3, width: 30,
	elements: []element{
		{"code", place{0, 0, 2}, letters, false}, {"issuer", place{0, 2, 5}, letters, false}, {"number", place{0, 5, 14}, mixed, true},
		{"optional", place{0, 15, 30}, mixed, false}, {"birth", place{1, 0, 6}, digits, true}, {"sex", place{1, 7, 8}, letters, false},
		{"expiry", place{1, 8, 14}, digits, true}, {"nationality", place{1, 15, 18}, letters, false}, {"optional2", place{1, 18, 29}, mixed, false},
		{"name", place{2, 0, 30}, letters, false},
	},
	composite: []place{{0, 5, 30}, {1, 0, 7}, {1, 8, 15}, {1, 18, 29}},
	last:      place{1, 29, 30},
}

// layoutOf recognises a zone by its lines, which have one width. Visas begin with V.
func layoutOf(lines []string) (layout, bool) {
	for _, l := range []layout{td3, td2, td1} {
		if len(lines) != l.lines || len(lines[0]) != l.width {
			continue
		}
		if lines[0][0] == 'V' && l.format != TD1 {
			return visa(l), true
		}
		return l, true
	}
	return layout{}, false
}

// visa is the layout of a visa of the same size: no composite, and optional data
// to the end of the line without a check digit.
func visa(l layout) layout {
	if l.format = MRVB; l.width == 44 {
		l.format = MRVA
	}
	l.elements = append([]element{}, l.elements...)
	l.elements[8] = element{"optional", place{1, 28, l.width}, mixed, false}
	l.composite = nil
	return l
}

// checkDigit is the check digit of ICAO 9303 part 3: weights 7, 3, 1 modulo 10.
func checkDigit(s string) byte {
	sum := 0
	for i := range len(s) {
		sum += value(s[i]) * [3]int{7, 3, 1}[i%3]
	}
	return byte('0' + sum%10)
}

func value(b byte) int {
	switch {
	case '0' <= b && b <= '9':
		return int(b - '0')
	case 'A' <= b && b <= 'Z':
		return int(b-'A') + 10
	}
	return 0
}

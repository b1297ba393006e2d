package reader

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// MRZ is a machine-readable zone, read.
type MRZ struct {
	Format      Format
	Code        string // P, ID, AC, V …
	Issuer      string // as printed: UTO, D
	Nationality string
	Number      string
	Birth       Day
	Sex         string // M, F, or "" where it says neither
	Expiry      Day
	Surname     string
	GivenNames  string
	// NameCut says that the name fills its field, so that more of it may be missing.
	NameCut  bool
	Optional []string // what issuers add, without fillers

	Lines   []string // as read, after repair
	Checks  []Check
	Repairs []Repair
}

// Check is one check digit of the zone.
type Check struct {
	Field string // number, birth, expiry, optional, composite
	OK    bool
}

// Repair is a character that was read as one of a class its place cannot hold, or
// that its check digit refutes.
type Repair struct {
	Field    string
	Line     int
	Column   int
	From, To byte
	// Guess says that the place can hold both and a check digit decided.
	Guess bool
}

// Guessed lists the fields of which a character was guessed: they are probably
// right and prove nothing.
func (m *MRZ) Guessed() []string {
	var fields []string
	for _, r := range m.Repairs {
		if r.Guess {
			fields = append(fields, r.Field)
		}
	}
	return fields
}

// Sound reports whether every check digit fits.
func (m *MRZ) Sound() bool {
	for _, c := range m.Checks {
		if !c.OK {
			return false
		}
	}
	return len(m.Checks) > 0
}

// Failed lists the fields whose check digit does not fit.
func (m *MRZ) Failed() []string {
	var fields []string
	for _, c := range m.Checks {
		if !c.OK {
			fields = append(fields, c.Field)
		}
	}
	return fields
}

// Day is a day as documents write it: any part may be unknown.
type Day struct {
	Year, Month, Day int // 0 where unknown
}

// Known reports whether year, month and day are there.
func (d Day) Known() bool { return d.Year > 0 && d.Month > 0 && d.Day > 0 }

// String is YYYY-MM-DD, "" unless the whole day is known.
func (d Day) String() string {
	if !d.Known() {
		return ""
	}
	return time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// Before reports whether the day lies wholly before that of now.
func (d Day) Before(now time.Time) bool {
	return d.Known() && d.String() < now.Format(time.DateOnly)
}

// ErrNoZone says that a text is not a machine-readable zone.
var ErrNoZone = errors.New("reader: no machine-readable zone")

// ParseMRZ reads the lines of a zone, as typed or as optical recognition gave
// them, repairing characters that their place cannot hold. Now places the
// two-digit years in a century. A zone with wrong check digits is read all the
// same: see MRZ.Checks.
func ParseMRZ(text string, now time.Time) (*MRZ, error) {
	for _, lines := range zones(text) {
		l, ok := layoutOf(lines)
		if !ok {
			continue
		}
		r := repairing{layout: l, lines: lines}
		r.run()
		if m := r.read(now); m != nil {
			return m, nil
		}
	}
	return nil, ErrNoZone
}

// zones are the ways in which the lines of a text can be those of a zone: the
// longest lines of fitting length, padded where fillers at the end were lost.
func zones(text string) [][]string {
	var lines []string
	for line := range strings.Lines(text) {
		if l := zoneLine(line); len(l) >= 24 && strings.Contains(l, "<") || len(l) >= 28 {
			lines = append(lines, l)
		}
	}
	var found [][]string
	for _, l := range []layout{td3, td2, td1} {
		if len(lines) < l.lines {
			continue
		}
		zone := make([]string, l.lines)
		ok := true
		for i, line := range lines[len(lines)-l.lines:] {
			zone[i], ok = fitted(line, l.width, ok)
		}
		if ok {
			found = append(found, zone)
		}
	}
	return found
}

// fitted pads or cuts fillers at the end of a line to its width.
func fitted(line string, width int, ok bool) (string, bool) {
	for len(line) > width && (line[len(line)-1] == '<' || line[len(line)-1] == 'K' && strings.HasSuffix(strings.TrimRight(line, "K"), "<")) {
		line = line[:len(line)-1] // fillers, some of them read as K
	}
	if short := width - len(line); 0 < short && short <= 5 && strings.HasSuffix(line, "<") {
		line += strings.Repeat("<", short)
	}
	return line, ok && len(line) == width
}

// zoneLine keeps the characters that a zone can have; recognition writes fillers
// in several ways, and spaces between characters.
func zoneLine(line string) string {
	var b strings.Builder
	for _, r := range strings.ToUpper(line) {
		switch {
		case r == '«':
			b.WriteString("<<")
		case r == '‹' || r == '〈' || r == '＜' || r == '<':
			b.WriteByte('<')
		case '0' <= r && r <= '9' || 'A' <= r && r <= 'Z':
			b.WriteByte(byte(r))
		case r == ' ' || r == '\t' || r == '\r' || r == '\n' || r == '\ufeff':
		default:
			return "" // some other line of the document
		}
	}
	return b.String()
}

// read takes the fields out of repaired lines, nil if they are no zone after all.
func (r *repairing) read(now time.Time) *MRZ {
	m := &MRZ{Format: r.layout.format, Lines: r.lines, Repairs: r.repairs}
	for _, e := range r.layout.elements {
		s := e.at.of(r.lines)
		switch e.name {
		case "code":
			m.Code = strings.TrimRight(s, "<")
		case "issuer":
			m.Issuer = strings.TrimRight(s, "<")
		case "nationality":
			m.Nationality = strings.TrimRight(s, "<")
		case "number":
			m.Number = strings.TrimRight(s, "<")
		case "birth":
			m.Birth = shortDay(s, now, false)
		case "expiry":
			m.Expiry = shortDay(s, now, true)
		case "sex":
			m.Sex = strings.Trim(s, "<X")
		case "name":
			m.Surname, m.GivenNames = names(s)
			m.NameCut = s[len(s)-1] != '<'
		default:
			if o := strings.Trim(s, "<"); o != "" {
				m.Optional = append(m.Optional, o)
			}
		}
	}
	r.check(m)
	one := slices.ContainsFunc(m.Checks, func(c Check) bool { return c.OK })
	if m.Code == "" || !strings.Contains(codes[m.Format], m.Code[:1]) || m.Surname == "" || !one {
		return nil // two long lines of something else, or a passport that is cut off
	}
	return m
}

// codes are the letters that the code of a document can begin with.
var codes = map[Format]string{TD1: "IAC", TD2: "IAC", TD3: "P", MRVA: "V", MRVB: "V"}

// check computes the check digits. A number of more than nine characters goes on
// in the optional data of cards, with "<" in the place of its check digit.
func (r *repairing) check(m *MRZ) {
	for _, e := range r.layout.elements {
		if !e.check {
			continue
		}
		s, digit := e.at.of(r.lines), r.lines[e.at.line][e.at.to]
		if e.name == "number" && digit == '<' && (m.Format == TD1 || m.Format == TD2) {
			if rest, _, _ := strings.Cut(r.optional(), "<"); len(rest) > 1 {
				s, digit = s+rest[:len(rest)-1], rest[len(rest)-1]
				m.Number = s
				m.Optional = trimmedOptional(m.Optional, rest)
			}
		}
		m.Checks = append(m.Checks, Check{e.name, checkDigit(s) == digit || e.name == "optional" && digit == '<' && strings.Trim(s, "<") == ""})
	}
	if r.layout.composite == nil {
		return
	}
	m.Checks = append(m.Checks, Check{"composite", checkDigit(r.joined()) == r.layout.last.of(r.lines)[0]})
}

func (r *repairing) joined() string {
	var all strings.Builder
	for _, p := range r.layout.composite {
		all.WriteString(p.of(r.lines))
	}
	return all.String()
}

func (r *repairing) optional() string {
	for _, e := range r.layout.elements {
		if e.name == "optional" {
			return e.at.of(r.lines)
		}
	}
	return ""
}

// trimmedOptional takes the rest of a long number out of the optional data.
func trimmedOptional(all []string, rest string) []string {
	if len(all) > 0 && strings.HasPrefix(all[0], rest) {
		if all[0] = strings.Trim(all[0][len(rest):], "<"); all[0] == "" {
			return all[1:]
		}
	}
	return all
}

// names parts the primary from the secondary identifier.
func names(s string) (surname, given string) {
	surname, given, _ = strings.Cut(strings.TrimRight(s, "<"), "<<")
	words := func(s string) string {
		return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '<' }), " ")
	}
	return words(surname), words(given)
}

// shortDay reads YYMMDD. A birthday is the last such day that is not to come; an
// expiry is the one that is less than fifty years away.
func shortDay(s string, now time.Time, expiry bool) Day {
	part := func(s string) int {
		if s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9' {
			return 0
		}
		return int(s[0]-'0')*10 + int(s[1]-'0')
	}
	if s[0] == '<' || s[1] == '<' {
		return Day{}
	}
	d := Day{Year: now.Year() - now.Year()%100 + part(s[:2]), Month: part(s[2:4]), Day: part(s[4:6])}
	if !possible(d) {
		return Day{}
	}
	switch {
	case expiry && d.Year > now.Year()+49, !expiry && (d.Year > now.Year() || d.Known() && d.String() > now.Format(time.DateOnly)):
		d.Year -= 100
	case expiry && d.Year < now.Year()-50:
		d.Year += 100
	}
	if !possible(d) { // 29 February of another century
		return Day{}
	}
	return d
}

// possible reports whether the calendar has such a day, unknown parts aside.
func possible(d Day) bool {
	if d.Month > 12 || d.Day > 31 {
		return false
	}
	return !d.Known() || d.Day <= time.Date(d.Year, time.Month(d.Month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

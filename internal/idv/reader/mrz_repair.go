package reader

import "strings"

// What recognition takes for one another.
var (
	toDigit  = map[byte]byte{'O': '0', 'Q': '0', 'D': '0', 'U': '0', 'I': '1', 'L': '1', 'Z': '2', 'S': '5', 'G': '6', 'T': '7', 'B': '8', 'A': '4'}
	toLetter = map[byte]byte{'0': 'O', '1': 'I', '2': 'Z', '4': 'A', '5': 'S', '6': 'G', '7': 'T', '8': 'B'}
	// alike are the pairs that a check digit may decide in fields that have both
	// letters and digits. More pairs would let a forged digit be mended into a sound
	// number: one swap in ten fits by chance.
	alike = map[byte]byte{'0': 'O', 'O': '0', '1': 'I', 'I': '1', 'Q': '0'}
)

// repairing mends the lines of one zone.
type repairing struct {
	layout  layout
	lines   []string
	repairs []Repair
}

// run puts characters of the right class into every place, then lets check digits
// decide where a field may have both classes.
func (r *repairing) run() {
	for _, e := range r.layout.elements {
		table := map[class]map[byte]byte{letters: toLetter, digits: toDigit}[e.class]
		for c := e.at.from; c < e.at.to; c++ {
			if to, ok := table[r.lines[e.at.line][c]]; ok {
				r.set(e.name, e.at.line, c, to)
			}
		}
		if e.check {
			r.mendDigit(e.name, e.at.line, e.at.to)
		}
	}
	if r.layout.composite != nil {
		r.mendDigit("composite", r.layout.last.line, r.layout.last.from)
	}
	r.mendTail()
	for _, e := range r.layout.elements {
		if e.check && e.class == mixed {
			r.mendByCheck(e)
		}
	}
}

func (r *repairing) set(field string, line, column int, to byte) {
	s := r.lines[line]
	r.repairs = append(r.repairs, Repair{Field: field, Line: line, Column: column, From: s[column], To: to})
	r.lines[line] = s[:column] + string(rune(to)) + s[column+1:]
}

func (r *repairing) mendDigit(field string, line, column int) {
	if to, ok := toDigit[r.lines[line][column]]; ok {
		r.set(field, line, column, to)
	}
}

// mendTail: fillers after a name are read as letters that look like them, alone or
// in rows; a name ends at its last filler pair if nothing but such letters follow.
func (r *repairing) mendTail() {
	for _, e := range r.layout.elements {
		if e.name != "name" {
			continue
		}
		s := e.at.of(r.lines)
		first := strings.Index(s, "<<")
		if first < 0 {
			return
		}
		end := strings.Index(s[first+2:], "<<")
		if end < 0 {
			return
		}
		for c := first + 2 + end; c < len(s); c++ {
			if strings.IndexByte("KCLEX", s[c]) >= 0 && strings.Trim(s[first+2+end:], "<KCLEX") == "" {
				r.set("name", e.at.line, e.at.from+c, '<')
			}
		}
	}
}

// mendByCheck swaps one look-alike in a field if that, and no other swap, makes
// its check digit and the composite fit. It is a guess, and marked as one.
func (r *repairing) mendByCheck(e element) {
	s, digit := e.at.of(r.lines), r.lines[e.at.line][e.at.to]
	if checkDigit(s) == digit || digit == '<' {
		return
	}
	swap, fits := -1, 0
	for i := range len(s) {
		if to := alike[s[i]]; to != 0 {
			mended := s[:i] + string(rune(to)) + s[i+1:]
			if checkDigit(mended) == digit && r.compositeFits(e.at, mended) {
				swap, fits = i, fits+1
			}
		}
	}
	if fits == 1 {
		r.set(e.name, e.at.line, e.at.from+swap, alike[s[swap]])
		r.repairs[len(r.repairs)-1].Guess = true
	}
}

// compositeFits reports whether the last check digit agrees with s in the place;
// a zone without one agrees with everything.
func (r *repairing) compositeFits(p place, s string) bool {
	if r.layout.composite == nil {
		return true
	}
	was := r.lines[p.line]
	r.lines[p.line] = was[:p.from] + s + was[p.to:]
	fits := checkDigit(r.joined()) == r.layout.last.of(r.lines)[0]
	r.lines[p.line] = was
	return fits
}

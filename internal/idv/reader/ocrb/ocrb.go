package ocrb

import (
	"math"
	"sort"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
)

// Line is a line of a zone, read.
type Line struct {
	Text    string    // the best character of each cell
	Letters string    // the best of A to Z and <
	Digits  string    // the best of 0 to 9 and <
	Scores  []float64 // how well the characters of Text fit: 1 is the glyph itself
	// Height of the capitals and where the line lies, in pixels of the picture.
	Height               float64
	Left, Top            float64
	Right, Bottom, Slope float64
}

// Score is the mean of the scores.
func (l Line) Score() float64 {
	sum := 0.0
	for _, s := range l.Scores {
		sum += s
	}
	return sum / float64(max(len(l.Scores), 1))
}

// widths are how many characters the lines of a zone can have.
var widths = []int{44, 36, 30}

// leastScore is the mean below which a line is something else or cannot be read.
const leastScore = 0.5

// Lines finds the lines of OCR-B in an upright picture, from top to bottom.
func Lines(g *raster.Gray) []Line {
	small := g.Shrunk(1800)
	scale := float64(g.W) / float64(small.W)
	var lines []Line
	for _, row := range joined(chains(marks(small))) {
		found, ok := gridOf(row)
		if !ok || found.n < 26 || found.n > 48 {
			continue
		}
		if l, ok := read(g, found, scale); ok {
			lines = append(lines, l)
		}
	}
	sort.SliceStable(lines, func(i, j int) bool { return lines[i].Top < lines[j].Top })
	return lines
}

// read compares the cells of a grid, tried at every width that its number of marks
// allows: characters at the ends may have been lost, or specks taken for some.
func read(g *raster.Gray, at grid, scale float64) (best Line, ok bool) {
	bestScore := leastScore
	for _, n := range widths {
		if n < at.n-2 || n > at.n+4 {
			continue
		}
		for first := min(0, at.n-n); first <= max(0, at.n-n); first++ {
			l, score := at.read(g, scale, first, n)
			if score > bestScore {
				best, bestScore, ok = l, score, true
			}
		}
	}
	return best, ok
}

// read compares n cells, beginning with the one of index first. The score counts
// empty cells as nothing, so that a line that begins too early loses.
func (at grid) read(g *raster.Gray, scale float64, first, n int) (Line, float64) {
	l := Line{Scores: make([]float64, n)}
	text, letters, digits := make([]byte, n), make([]byte, n), make([]byte, n)
	left, right := at.seat(g, scale, first, first+n/2), at.seat(g, scale, first+(n+1)/2, first+n)
	sum := 0.0
	for i := range n {
		part := (float64(i)+0.5)/float64(n)*2 - 0.5 // the seats are those of the middles of the halves
		c := compared(at.cell(g, scale, float64(first+i), left.towards(right, part)), 2)
		text[i], letters[i], digits[i], l.Scores[i] = Alphabet[c.best], Alphabet[c.letter], Alphabet[c.digit], c.score
		sum += c.score
	}
	l.Text, l.Letters, l.Digits = string(text), string(letters), string(digits)
	x0, x1 := at.x(float64(first)-0.5), at.x(float64(first+n)-0.5)
	pitch := at.pitch(float64(first)+float64(n)/2) * math.Sqrt(1+at.slope*at.slope)
	l.Height, l.Slope = pitch*scale*47/48, at.slope
	l.Left, l.Right = x0*scale, x1*scale
	ys := [2]float64{at.at + at.slope*x0, at.at + at.slope*x1}
	l.Top, l.Bottom = min(ys[0], ys[1])*scale-l.Height/2, max(ys[0], ys[1])*scale+l.Height/2
	return l, sum / float64(n)
}

// seat is how the cells of a stretch of the line lie over its marks: lower or
// higher, since fillers are smaller than letters and pull the line, and taller or
// shorter than the pitch says, since a page seen from the side is narrower.
type seat struct{ lift, stretch float64 }

func (s seat) towards(t seat, part float64) seat {
	return seat{s.lift + (t.lift-s.lift)*part, s.stretch + (t.stretch-s.stretch)*part}
}

// seat tries every third cell of a stretch.
func (at grid) seat(g *raster.Gray, scale float64, from, to int) (best seat) {
	bestSum := -1.0
	try := func(s seat) {
		sum := 0.0
		for i := from; i < to; i += 3 {
			sum += compared(at.cell(g, scale, float64(i), s), 1).score
		}
		if sum > bestSum {
			best, bestSum = s, sum
		}
	}
	for lift := -4.0; lift <= 4; lift += 2 {
		try(seat{lift, 1})
	}
	for _, stretch := range []float64{0.88, 0.94, 1.06, 1.12} {
		try(seat{best.lift, stretch})
	}
	return best
}

// border is how far beyond its cell a character is looked for.
const border = 3

// cell is a straightened cell with a border.
func (at grid) cell(g *raster.Gray, scale, i float64, s seat) *[(cellW + 2*border) * (cellH + 2*border)]float64 {
	var out [(cellW + 2*border) * (cellH + 2*border)]float64
	x := at.x(i)
	cx, cy := x*scale, (at.at+at.slope*x)*scale
	along := math.Sqrt(1 + at.slope*at.slope)
	step := at.pitch(i) * along * scale / cellW // pixels of the picture per pixel of the cell
	ux, uy := step/along, step*at.slope/along
	for r := range cellH + 2*border {
		v := (float64(r-border) + 0.5 - middle + s.lift) * s.stretch
		for c := range cellW + 2*border {
			u := float64(c-border) + 0.5 - cellW/2
			out[r*(cellW+2*border)+c] = sampled(g, cx+u*ux-v*uy, cy+u*uy+v*ux, step)
		}
	}
	return &out
}

// sampled is the mean of the picture around a point, as wide as a pixel of a cell.
func sampled(g *raster.Gray, x, y, step float64) float64 {
	if step < 1.5 {
		return g.Between(x, y)
	}
	q := step / 4
	return (g.Between(x-q, y-q) + g.Between(x+q, y-q) + g.Between(x-q, y+q) + g.Between(x+q, y+q)) / 4
}

// comparison is the best glyph of all, of the letters and of the digits.
type comparison struct {
	best, letter, digit int
	score               float64
}

// compared shifts the glyphs over a cell by up to reach pixels.
func compared(cell *[(cellW + 2*border) * (cellH + 2*border)]float64, reach int) comparison {
	all := templates()
	var top [len(Alphabet)]float64
	patch := make([]float64, cellW*cellH)
	for dy := -reach; dy <= reach; dy++ {
		for dx := -reach; dx <= reach; dx++ {
			for r := range cellH {
				from := (r+border+dy)*(cellW+2*border) + border + dx
				copy(patch[r*cellW:(r+1)*cellW], cell[from:from+cellW])
			}
			v, ok := normal(patch)
			if !ok {
				continue
			}
			for i := range all {
				if s := v.times(&all[i]); s > top[i] {
					top[i] = s
				}
			}
		}
	}
	filler := len(Alphabet) - 1
	c := comparison{letter: filler, digit: filler, best: filler}
	for i, s := range top {
		if s > top[c.best] {
			c.best = i
		}
		if i < 10 && s > top[c.digit] {
			c.digit = i
		}
		if i >= 10 && s > top[c.letter] {
			c.letter = i
		}
	}
	c.score = top[c.best]
	return c
}

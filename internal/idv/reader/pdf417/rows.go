package pdf417

import (
	"math"
	"sort"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
)

// scale is how many pixels a module has after straightening.
const scale = 5

// reading is what one line of pixels says of one codeword of a row.
type reading struct {
	y      int
	column int // 0 the left indicator, columns+1 the right one
	*pattern
	weight float64
}

// straightened lays the symbol flat, a little beyond its top and bottom, and says
// how many columns of data it has.
func (l located) straightened(g *raster.Gray) (flat *raster.Gray, columns int, ok bool) {
	length := distance(l.corners[0], l.corners[1])
	length = (length + distance(l.corners[3], l.corners[2])) / 2
	height := (distance(l.corners[0], l.corners[3]) + distance(l.corners[1], l.corners[2])) / 2
	columns = int(math.Round((length/l.module-1)/modules)) - 4
	if columns < 1 || columns > 30 {
		return nil, 0, false
	}
	width := modules*(columns+4) + 1
	module := length / float64(width)
	const beyond = 0.08
	c := l.corners
	out := func(a, b raster.Point) raster.Point { // a, further away from b
		return raster.Point{X: a.X + (a.X-b.X)*beyond, Y: a.Y + (a.Y-b.Y)*beyond}
	}
	quad := [4]raster.Point{out(c[0], c[3]), out(c[1], c[2]), out(c[2], c[1]), out(c[3], c[0])}
	h := int(height * (1 + 2*beyond) / module * scale)
	if h < 8*scale || h > 120*scale*3 {
		return nil, 0, false
	}
	return g.Straightened(quad, width*scale, h), columns, true
}

func distance(a, b raster.Point) float64 { return math.Hypot(a.X-b.X, a.Y-b.Y) }

// readings cuts every second line into codewords.
func readings(flat *raster.Gray, columns int) []reading {
	var all []reading
	line, smooth := make([]float64, flat.W), make([]float64, flat.W)
	for y := 2; y < flat.H-2; y += 2 {
		for x := range line {
			sum := 0
			for dy := -2; dy <= 2; dy++ { // a row is at least three modules high
				sum += int(flat.Pix[(y+dy)*flat.W+x])
			}
			line[x] = float64(sum) / 5
		}
		all = codewords(all, edges(line, smooth), y, columns)
	}
	return all
}

// edges are where a line crosses the middle of its surroundings, to parts of a
// pixel, dark first: even ones begin a bar, odd ones a space.
func edges(line, threshold []float64) []float64 {
	const half = 9 * scale
	lows, highs := extremes(line, half)
	for x := range line {
		threshold[x] = (lows[x] + highs[x]) / 2
		if highs[x]-lows[x] < 24 {
			threshold[x] = -1 // nothing printed here
		}
	}
	var out []float64
	dark := false
	for x := 1; x < len(line); x++ {
		a, b := line[x-1]-threshold[x-1], line[x]-threshold[x]
		if threshold[x] < 0 || threshold[x-1] < 0 || (b < 0) == dark {
			continue
		}
		at := float64(x)
		if a != b {
			at = float64(x-1) + min(max(a/(a-b), 0), 1)
		}
		out, dark = append(out, at), !dark
	}
	return out
}

// extremes are the lowest and highest values within half of every place.
func extremes(line []float64, half int) (lows, highs []float64) {
	const block = scale
	n := (len(line) + block - 1) / block
	lo, hi := make([]float64, n), make([]float64, n)
	for i := range n {
		lo[i], hi[i] = 255, 0
		for _, v := range line[i*block : min((i+1)*block, len(line))] {
			lo[i], hi[i] = min(lo[i], v), max(hi[i], v)
		}
	}
	lows, highs = make([]float64, len(line)), make([]float64, len(line))
	for i := range n {
		low, high := 255.0, 0.0
		for j := max(i-half/block, 0); j <= min(i+half/block, n-1); j++ {
			low, high = min(low, lo[j]), max(high, hi[j])
		}
		for x := i * block; x < min((i+1)*block, len(line)); x++ {
			lows[x], highs[x] = low, high
		}
	}
	return lows, highs
}

// codewords appends what a line says. Every codeword is looked for where it must
// be, so that a lost edge spoils one and not all that follow.
func codewords(all []reading, edges []float64, y, columns int) []reading {
	const width = modules * scale
	expected, at := float64(width), 0
	for column := range columns + 2 {
		for at < len(edges) && (at%2 == 1 || edges[at] < expected-1.7*scale) {
			at++
		}
		if at+8 >= len(edges) {
			return all
		}
		begin, end := edges[at], edges[at+8]
		if math.Abs(begin-expected) > 2.2*scale || math.Abs(end-begin-width) > 2.2*scale {
			expected += width
			continue
		}
		var runs [8]float64
		for i := range runs {
			runs[i] = edges[at+i+1] - edges[at+i]
		}
		if p, far := table().nearest(runs); p != nil {
			all = append(all, reading{y: y, column: column, pattern: p, weight: 1 / (0.2 + far)})
		}
		// the next begins where this one ends, half-way to where it ought to
		expected, at = (end+expected+width)/2, at+8
	}
	return all
}

// shape is what the row indicators say of the symbol.
type shape struct{ rows, columns, level int }

// indicated takes the shape from the votes of both indicators.
func indicated(all []reading, columns int) (shape, bool) {
	var groups, rest, level, cols [90]float64
	for _, r := range all {
		kind := r.cluster
		switch r.column {
		case 0:
		case columns + 1:
			kind = (kind + 2) % 3 // the same three numbers, one row later
		default:
			continue
		}
		v := r.value % 30
		switch kind {
		case 0:
			groups[v] += r.weight
		case 1:
			level[v/3] += r.weight
			rest[v%3] += r.weight
		case 2:
			cols[v] += r.weight
		}
	}
	s := shape{rows: 3*most(groups[:]) + most(rest[:]) + 1, columns: most(cols[:]) + 1, level: most(level[:])}
	return s, s.columns == columns && s.rows >= 3 && s.rows <= 90 && s.level <= 8
}

func most(votes []float64) int {
	best := 0
	for i, v := range votes {
		if v > votes[best] {
			best = i
		}
	}
	return best
}

// rule places rows: the row at height y is (y - at) / height.
type rule struct{ at, height float64 }

// rulers fit the heights of the rows along one indicator.
func ruler(all []reading, column int, s shape) (rule, bool) {
	var seen []reading
	for _, r := range all {
		if r.column == column && r.weight > 0.7 && 3*(r.value/30)+r.cluster < s.rows {
			seen = append(seen, r)
		}
	}
	row := func(r reading) float64 { return float64(3*(r.value/30)+r.cluster) + 0.5 }
	var slopes []float64
	stride := max(len(seen)/80, 1)
	for i := 0; i < len(seen); i += stride {
		for j := i + stride; j < len(seen); j += stride {
			if dr := row(seen[j]) - row(seen[i]); dr >= 2 {
				slopes = append(slopes, float64(seen[j].y-seen[i].y)/dr)
			}
		}
	}
	if len(slopes) < 3 {
		return rule{}, false
	}
	sort.Float64s(slopes)
	h := slopes[len(slopes)/2]
	offsets := make([]float64, len(seen))
	for i, r := range seen {
		offsets[i] = float64(r.y) - h*row(r)
	}
	sort.Float64s(offsets)
	return rule{offsets[len(offsets)/2], h}, h > scale
}

// voted is the matrix of codewords, with the places that nobody voted for or that
// two values share.
func voted(all []reading, s shape, left, right rule) (words, erased []int) {
	votes := make([]map[int]float64, s.rows*s.columns)
	for _, r := range all {
		if r.column < 1 || r.column > s.columns {
			continue
		}
		part := (float64(r.column) + 0.5) / float64(s.columns+2)
		exact := (float64(r.y) - left.at*(1-part) - right.at*part) / (left.height*(1-part) + right.height*part)
		row := int(math.Floor(exact))
		row += (r.cluster-row%3+4)%3 - 1 // the nearest row of that cluster
		if row < 0 || row >= s.rows || math.Abs(float64(row)+0.5-exact) > 1 {
			continue
		}
		i := row*s.columns + r.column - 1
		if votes[i] == nil {
			votes[i] = map[int]float64{}
		}
		votes[i][r.value] += r.weight
	}
	words = make([]int, len(votes))
	for i, v := range votes {
		best, second := 0.0, 0.0
		for value, weight := range v {
			switch {
			case weight > best || weight == best && value < words[i]:
				best, second, words[i] = weight, best, value
			case weight > second:
				second = weight
			}
		}
		if best == 0 || second > 0.8*best {
			erased = append(erased, i)
		}
	}
	return words, erased
}

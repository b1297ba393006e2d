package pdf417

import (
	"math"
	"sort"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
)

var (
	startPattern = []int{8, 1, 1, 1, 1, 1, 1, 3}
	stopPattern  = []int{7, 1, 1, 3, 1, 1, 1, 2, 1}
)

// sighting is one line of pixels that crosses a start or stop pattern.
type sighting struct {
	x, y   float64 // where the pattern begins, or for a stop pattern ends
	module float64
}

// side is the straight edge of a symbol, x = at + slope·y, from top to bottom.
type side struct {
	at, slope   float64
	top, bottom float64
	module      float64
	seen        int
}

func (s side) x(y float64) float64 { return s.at + s.slope*y }

// located is a symbol found in a picture: its corners and how wide a module is.
type located struct {
	corners [4]raster.Point // top left, top right, bottom right, bottom left
	module  float64
}

// locate finds the symbol whose rows run roughly from left to right.
func locate(g *raster.Gray) (located, bool) {
	window := max(g.W, g.H) / 16
	dark := g.Dark(min(max(window, 15), 101), 8)
	var starts, stops []sighting
	runs := make([]int, 0, g.W)
	step := max(g.H/600, 1)
	for y := 0; y < g.H; y += step {
		runs = lineRuns(runs[:0], dark[y*g.W:(y+1)*g.W])
		starts = sight(starts, runs, startPattern, y, false)
		stops = sight(stops, runs, stopPattern, y, true)
	}
	left, ok := straightest(starts)
	if !ok {
		return located{}, false
	}
	right, ok := straightest(matching(stops, left))
	if !ok || math.Abs(right.slope-left.slope) > 0.25 {
		return located{}, false
	}
	return corners(left, right), true
}

// mostSightings bounds the work on a picture that is made of patterns.
const mostSightings = 4000

// lineRuns appends the lengths of the runs of a line, light first.
func lineRuns(runs []int, line []bool) []int {
	colour, length := false, 0
	for _, d := range line {
		if d != colour {
			runs, colour, length = append(runs, length), d, 0
		}
		length++
	}
	return append(runs, length)
}

// sight appends every place in a line where the runs have a pattern's proportions.
func sight(found []sighting, runs []int, pattern []int, y int, end bool) []sighting {
	total := 0
	for _, p := range pattern {
		total += p
	}
	x := 0
	for i := 0; i+len(pattern) <= len(runs) && len(found) < mostSightings; i++ {
		if i%2 == 1 { // dark
			if module, ok := proportions(runs[i:i+len(pattern)], pattern, total); ok {
				at := float64(x)
				if end {
					at += module * float64(total)
				}
				found = append(found, sighting{at, float64(y), module})
			}
		}
		x += runs[i]
	}
	return found
}

// proportions compares edges with edges, which spreading ink does not move, and
// is strict about the one wide bar.
func proportions(runs, pattern []int, total int) (module float64, ok bool) {
	length := 0
	for _, r := range runs {
		length += r
	}
	if length < total {
		return 0, false
	}
	module = float64(length) / float64(total)
	if math.Abs(float64(runs[0])/module-float64(pattern[0])) > 1.6 {
		return 0, false
	}
	sum := 0.0
	for i := 0; i+1 < len(runs); i++ {
		d := math.Abs(float64(runs[i]+runs[i+1])/module - float64(pattern[i]+pattern[i+1]))
		if d > 1.1 {
			return 0, false
		}
		sum += d
	}
	return module, sum < 0.45*float64(len(runs))
}

// matching keeps the stop patterns that are to the right of a left side and have
// modules like its.
func matching(stops []sighting, left side) []sighting {
	var out []sighting
	for _, s := range stops {
		if ratio := s.module / left.module; s.x > left.x(s.y)+40*left.module && ratio > 0.6 && ratio < 1.7 &&
			s.y > left.top-0.6*(s.x-left.x(s.y)) && s.y < left.bottom+0.6*(s.x-left.x(s.y)) {
			out = append(out, s)
		}
	}
	return out
}

// straightest is the line through most sightings.
func straightest(all []sighting) (side, bool) {
	const least = 6
	if len(all) < least {
		return side{}, false
	}
	var best []sighting
	stride := max(len(all)/60, 1)
	for i := 0; i < len(all); i += stride {
		for j := i + stride; j < len(all); j += stride {
			dy := all[j].y - all[i].y
			slope := (all[j].x - all[i].x) / dy
			if dy < 4*all[i].module || math.Abs(slope) > 0.7 {
				continue
			}
			if in := along(all, all[i], slope); len(in) > len(best) {
				best = in
			}
		}
	}
	if len(best) < least {
		return side{}, false
	}
	return fitted(best), true
}

func along(all []sighting, from sighting, slope float64) []sighting {
	var in []sighting
	for _, s := range all {
		if math.Abs(s.x-from.x-slope*(s.y-from.y)) < 1.2*from.module && math.Abs(s.module/from.module-1) < 0.3 {
			in = append(in, s)
		}
	}
	return in
}

// fitted is the line of least squares, with the median module.
func fitted(in []sighting) side {
	var sy, sx, syy, sxy float64
	s := side{top: in[0].y, bottom: in[0].y, seen: len(in)}
	widths := make([]float64, 0, len(in))
	for _, p := range in {
		sy, sx, syy, sxy = sy+p.y, sx+p.x, syy+p.y*p.y, sxy+p.x*p.y
		s.top, s.bottom = min(s.top, p.y), max(s.bottom, p.y)
		widths = append(widths, p.module)
	}
	n := float64(len(in))
	if det := n*syy - sy*sy; det > 0 {
		s.slope = (n*sxy - sx*sy) / det
	}
	s.at = (sx - s.slope*sy) / n
	sort.Float64s(widths)
	s.module = widths[len(widths)/2]
	return s
}

// corners spans the quadrangle between the sides. Of a symbol that is turned, the
// lines that cross a whole pattern end before its corner does, on both sides alike.
func corners(left, right side) located {
	p := func(s side, y float64) raster.Point { return raster.Point{X: s.x(y), Y: y} }
	cos := 1 / math.Sqrt(1+left.slope*left.slope)
	return located{
		corners: [4]raster.Point{p(left, left.top), p(right, right.top), p(right, right.bottom), p(left, left.bottom)},
		module:  (left.module + right.module) / 2 * cos,
	}
}

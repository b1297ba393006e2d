package ocrb

import (
	"math"
	"slices"
	"sort"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
)

// mark is a connected piece of ink, by its box.
type mark struct{ x0, y0, x1, y1 int }

func (m mark) cx() float64 { return float64(m.x0+m.x1) / 2 }
func (m mark) cy() float64 { return float64(m.y0+m.y1) / 2 }
func (m mark) h() float64  { return float64(m.y1 - m.y0 + 1) }
func (m mark) w() float64  { return float64(m.x1 - m.x0 + 1) }

// mostMarks bounds the work on a picture full of specks.
const mostMarks = 6000

// marks finds the pieces of ink that can be characters.
func marks(g *raster.Gray) []mark {
	side := min(max(max(g.W, g.H)/36, 15), 61)
	dark := g.Dark(side|1, 14)
	labels := make([]int32, len(dark))
	parent := []int32{0}
	find := func(a int32) int32 {
		for parent[a] != a {
			parent[a] = parent[parent[a]]
			a = parent[a]
		}
		return a
	}
	for y := range g.H {
		for x := range g.W {
			i := y*g.W + x
			if !dark[i] {
				continue
			}
			var l int32
			for _, n := range [4][2]int{{-1, 0}, {-1, -1}, {0, -1}, {1, -1}} {
				nx, ny := x+n[0], y+n[1]
				if nx < 0 || ny < 0 || nx >= g.W || labels[ny*g.W+nx] == 0 {
					continue
				}
				r := find(labels[ny*g.W+nx])
				switch {
				case l == 0:
					l = r
				case r != l:
					parent[max(r, l)] = min(r, l)
					l = min(r, l)
				}
			}
			if l == 0 {
				l = int32(len(parent))
				parent = append(parent, l)
			}
			labels[i] = l
		}
	}
	return boxes(g, labels, find, len(parent))
}

func boxes(g *raster.Gray, labels []int32, find func(int32) int32, n int) []mark {
	all := make([]mark, n)
	for i := range all {
		all[i] = mark{x0: g.W, y0: g.H, x1: -1, y1: -1}
	}
	for i, l := range labels {
		if l == 0 {
			continue
		}
		m, x, y := &all[find(l)], i%g.W, i/g.W
		m.x0, m.x1, m.y0, m.y1 = min(m.x0, x), max(m.x1, x), min(m.y0, y), max(m.y1, y)
	}
	tallest := float64(max(g.W, g.H)) / 12
	all = slices.DeleteFunc(all, func(m mark) bool {
		return m.x1 < 0 || m.h() < 6 || m.w() < 2 || m.h() > tallest || m.w() > 1.6*m.h() || m.h() > 6*m.w()
	})
	if len(all) > mostMarks {
		return nil // a texture, not a document
	}
	slices.SortFunc(all, func(a, b mark) int { return (a.x0 + a.x1) - (b.x0 + b.x1) })
	return all
}

// chains strings marks to rows: each to the nearest mark of like size at its right.
func chains(all []mark) [][]mark {
	next, before := make([]int, len(all)), make([]int, len(all))
	cost := make([]float64, len(all)) // of the link to the one before
	for i := range all {
		next[i], before[i], cost[i] = -1, -1, math.Inf(1)
	}
	for i, m := range all {
		best, bestCost := -1, math.Inf(1)
		for j := i + 1; j < len(all); j++ {
			n := all[j]
			h := max(m.h(), n.h())
			dx, dy := n.cx()-m.cx(), math.Abs(n.cy()-m.cy())
			if dx > 2.6*h {
				if all[j].cx()-m.cx() > 6*m.h() {
					break
				}
				continue
			}
			if dx < 0.3*h || dy > 0.35*dx+0.1*h || min(m.h(), n.h()) < 0.45*h {
				continue
			}
			if c := dx + 2*dy; c < bestCost {
				best, bestCost = j, c
			}
		}
		if best >= 0 && bestCost < cost[best] {
			if p := before[best]; p >= 0 {
				next[p] = -1
			}
			next[i], before[best], cost[best] = best, i, bestCost
		}
	}
	var out [][]mark
	for i := range all {
		if before[i] >= 0 {
			continue
		}
		var row []mark
		for j := i; j >= 0; j = next[j] {
			row = append(row, all[j])
		}
		if len(row) >= 4 {
			out = append(out, row)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return len(out[i]) > len(out[j]) })
	return out
}

// joined puts together the rows that lie on one line: a smudge may part them.
func joined(rows [][]mark) [][]mark {
	var out [][]mark
	used := make([]bool, len(rows))
	for i, row := range rows {
		if used[i] || len(row) < 8 {
			continue
		}
		for changed := true; changed; {
			changed = false
			l := lineOf(row)
			for j, other := range rows {
				if j == i || used[j] || !l.holds(other) {
					continue
				}
				row, used[j], changed = append(row, other...), true, true
				slices.SortFunc(row, func(a, b mark) int { return (a.x0 + a.x1) - (b.x0 + b.x1) })
				l = lineOf(row)
			}
		}
		if len(row) >= 16 {
			out = append(out, row)
		}
	}
	return out
}

// line is the straight line through the middles of marks.
type line struct {
	at, slope   float64 // y = at + slope·x
	left, right float64
	height      float64 // of the marks, the median
}

func lineOf(row []mark) line {
	var n, sx, sy, sxx, sxy float64
	heights := make([]float64, 0, len(row))
	for _, m := range row {
		x, y := m.cx(), m.cy()
		n, sx, sy, sxx, sxy = n+1, sx+x, sy+y, sxx+x*x, sxy+x*y
		heights = append(heights, m.h())
	}
	l := line{left: row[0].cx(), right: row[len(row)-1].cx()}
	if det := n*sxx - sx*sx; det > 0 {
		l.slope = (n*sxy - sx*sy) / det
	}
	l.at = (sy - l.slope*sx) / n
	sort.Float64s(heights)
	l.height = heights[len(heights)/2]
	return l
}

// holds reports whether other lies on the line, not far from its ends and not
// over it.
func (l line) holds(other []mark) bool {
	o := lineOf(other)
	if o.height < 0.6*l.height || o.height > 1.6*l.height {
		return false
	}
	for _, m := range other {
		if math.Abs(m.cy()-l.at-l.slope*m.cx()) > 0.4*l.height {
			return false
		}
	}
	gap := max(o.left-l.right, l.left-o.right)
	return gap > 0.2*l.height && gap < 8*l.height
}

package ocrb

import (
	"math"
	"sort"
)

// grid is where the characters of a row stand: the middle of character i is at
// x(i) along the row.
type grid struct {
	line
	a, b, c float64 // x = a + b·i + c·i²; c is perspective
	n       int     // characters seen, from the first to the last
}

func (g grid) x(i float64) float64     { return g.a + g.b*i + g.c*i*i }
func (g grid) pitch(i float64) float64 { return g.b + 2*g.c*i }

// gridOf fits equal distances to a row of marks. A row of another typeface does
// not keep them.
func gridOf(row []mark) (grid, bool) {
	l := lineOf(row)
	along := math.Sqrt(1 + l.slope*l.slope) // length along the row for one pixel of x
	gaps := make([]float64, 0, len(row))
	for i := 1; i < len(row); i++ {
		gaps = append(gaps, row[i].cx()-row[i-1].cx())
	}
	sort.Float64s(gaps)
	pitch := gaps[len(gaps)/2]
	if pitch < 3 || l.height < 0.4*pitch*along || l.height > 2*pitch*along {
		return grid{}, false
	}
	index, at := make([]float64, len(row)), 0.0
	for i := 1; i < len(row); i++ {
		step := math.Round((row[i].cx() - row[i-1].cx()) / pitch)
		at += step
		index[i] = at
	}
	g := grid{line: l}
	keep := make([]bool, len(row))
	for i := range keep {
		keep[i] = true
	}
	for range 3 {
		g.fit(row, index, keep)
		for i, m := range row {
			keep[i] = math.Abs(m.cx()-g.x(index[i])) < 0.3*g.b
		}
	}
	kept := 0
	for _, k := range keep {
		if k {
			kept++
		}
	}
	g.n = int(at) + 1
	return g, 10*kept >= 7*len(row) && 10*kept >= 5*g.n && g.b > 3
}

// fit is the parabola of least squares through the marks that are kept.
func (g *grid) fit(row []mark, index []float64, keep []bool) {
	var m [3][4]float64
	for i, k := range row {
		if !keep[i] {
			continue
		}
		p := [3]float64{1, index[i], index[i] * index[i]}
		for r := range 3 {
			for c := range 3 {
				m[r][c] += p[r] * p[c]
			}
			m[r][3] += p[r] * k.cx()
		}
	}
	if s, ok := solved(m); ok {
		g.a, g.b, g.c = s[0], s[1], s[2]
	}
}

// solved is the solution of three equations.
func solved(m [3][4]float64) (s [3]float64, ok bool) {
	for i := range 3 {
		best := i
		for r := i + 1; r < 3; r++ {
			if math.Abs(m[r][i]) > math.Abs(m[best][i]) {
				best = r
			}
		}
		m[i], m[best] = m[best], m[i]
		if math.Abs(m[i][i]) < 1e-9 {
			return s, false
		}
		for r := range 3 {
			if r != i {
				f := m[r][i] / m[i][i]
				for c := i; c < 4; c++ {
					m[r][c] -= f * m[i][c]
				}
			}
		}
	}
	for i := range s {
		s[i] = m[i][3] / m[i][i]
	}
	return s, true
}

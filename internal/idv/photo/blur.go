package photo

import (
	"slices"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
)

// fewEdges is how many strong edges a document has at least.
const fewEdges = 40

// edgeWidth is how many pixels it takes from a tenth to nine tenths of the way
// between dark and light, at the edges of the print: the median over all strong
// ones. The variance of the Laplacian, the usual measure, takes the grain of a dark
// picture for sharpness; a strong edge is wider than any grain.
func edgeWidth(g *raster.Gray) float64 {
	rise := max(18, 0.35*contrast(g))
	var widths []float64
	line := make([]float64, max(g.W, g.H))
	for y := 2; y < g.H-2; y += 3 {
		for x := range g.W {
			line[x] = float64(int(g.Pix[(y-1)*g.W+x])+int(g.Pix[y*g.W+x])+int(g.Pix[(y+1)*g.W+x])) / 3
		}
		widths = ramps(widths, line[:g.W], rise)
	}
	for x := 2; x < g.W-2; x += 3 {
		for y := range g.H {
			i := y*g.W + x
			line[y] = float64(int(g.Pix[i-1])+int(g.Pix[i])+int(g.Pix[i+1])) / 3
		}
		widths = ramps(widths, line[:g.H], rise)
	}
	if len(widths) < fewEdges {
		return 99 // nothing in the picture is sharp
	}
	slices.Sort(widths)
	return widths[len(widths)/2]
}

// ramps appends the widths of the stretches in which a line rises or falls by at
// least rise without turning back by more than the grain.
func ramps(widths []float64, line []float64, rise float64) []float64 {
	grain := rise / 6
	from := 0
	for from < len(line)-1 {
		up := line[from+1] > line[from]
		sign := 1.0
		if !up {
			sign = -1
		}
		end := from
		for i := from + 1; i < len(line); i++ {
			step := sign * (line[i] - line[end])
			if step > 0 {
				end = i
			} else if step < -grain || i > end+3 {
				break
			}
		}
		if total := sign * (line[end] - line[from]); total >= rise {
			widths = append(widths, crossing(line, from, end, 0.9)-crossing(line, from, end, 0.1))
		}
		from = max(end, from+1)
	}
	return widths
}

// crossing is where a ramp has gone a part of its way, between two pixels.
func crossing(line []float64, from, end int, part float64) float64 {
	level := line[from] + part*(line[end]-line[from])
	for i := from + 1; i <= end; i++ {
		a, b := line[i-1]-level, line[i]-level
		if a == 0 || (a < 0) != (b < 0) || b == 0 {
			if a == b {
				return float64(i)
			}
			return float64(i-1) + a/(a-b)
		}
	}
	return float64(end)
}

package photo

import (
	"github.com/glencheck-dev/glencheck/internal/idv/raster"
)

// Quality is how good a picture is to read from: schema
// DocumentAnalysis.image_quality_details and what stands behind it.
type Quality struct {
	Dimensions Finding // enough pixels
	Blur       Finding // sharp
	Glare      Finding // no lamp mirrored in it
	Edges      Finding // the document lies within the frame
	Contrast   Finding // neither dark nor washed out
}

// Findings are all measures in a fixed order.
func (q *Quality) Findings() []Finding {
	return []Finding{q.Dimensions, q.Blur, q.Glare, q.Edges, q.Contrast}
}

// Level is high, medium or low, the words of DocumentAnalysis.image_quality: low
// where it cannot be read from, medium where something is missing.
func (q *Quality) Level() string {
	switch {
	case q.Dimensions.Failed || q.Blur.Failed || q.Contrast.Failed:
		return "low"
	case q.Glare.Failed || q.Edges.Failed:
		return "medium"
	}
	return "high"
}

// The thresholds, from rendered documents with faults of known strength.
const (
	leastSide     = 640  // pixels of the longer side; thirty characters need twelve each
	widestEdge    = 6    // pixels from dark to light, of a picture 1,600 long
	mostGlare     = 0.02 // share of the picture
	mostCut       = 0.3  // share of a side of the frame, see cut
	leastContrast = 40   // shades between dark and light
)

// Quality measures the picture.
func (p *Photo) Quality() Quality {
	g := p.Gray.Shrunk(1600)
	return Quality{
		Dimensions: below("dimensions", float64(max(p.Width, p.Height)), leastSide, "The picture has too few pixels to be read.", "The picture has enough pixels."),
		Blur:       above("blur", edgeWidth(g), widestEdge, "The picture is blurred.", "The picture is sharp."),
		Glare:      above("glare", glare(g.Shrunk(400)), mostGlare, "A reflection covers part of the document.", "There is no reflection."),
		Edges:      above("edges", cut(g.Shrunk(800)), mostCut, "The document runs out of the picture.", "The document lies within the picture."),
		Contrast:   below("contrast", contrast(g), leastContrast, "The picture is too dark or too pale.", "The picture is well lit."),
	}
}

// glare is the share of the picture in patches of burnt-out white that are not
// simply paper: white with a soft border, brighter than what lies around.
func glare(g *raster.Gray) float64 {
	const burnt = 252
	seen, covered := make([]bool, len(g.Pix)), 0
	for i, v := range g.Pix {
		if v < burnt || seen[i] {
			continue
		}
		area, soft, border := flood(g, i, burnt, seen)
		// the shade falls off slowly around a lamp and at once around paper
		if area > len(g.Pix)/2000 && border > 0 && float64(soft) > 0.08*float64(border) {
			covered += area
		}
	}
	return float64(covered) / float64(len(g.Pix))
}

// flood measures a patch of white: its area, the length of its border, and how
// much of the border is nearly white.
func flood(g *raster.Gray, start, burnt int, seen []bool) (area, soft, border int) {
	stack := []int{start}
	seen[start] = true
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		area++
		x, y := i%g.W, i/g.W
		for _, d := range [4][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
			nx, ny := x+d[0], y+d[1]
			if nx < 0 || ny < 0 || nx >= g.W || ny >= g.H {
				continue
			}
			j := ny*g.W + nx
			switch {
			case int(g.Pix[j]) < burnt:
				border++
				if near := g.Pix[j]; near > 235 && g.At(nx+2*d[0], ny+2*d[1]) < near {
					soft++ // and falls off further
				}
			case !seen[j]:
				seen[j] = true
				stack = append(stack, j)
			}
		}
	}
	return area, soft, border
}

// contrast is the distance between the darkest and the lightest twentieth.
func contrast(g *raster.Gray) float64 {
	var counts [256]int
	for _, v := range g.Pix {
		counts[v]++
	}
	at := func(share int) int {
		left := len(g.Pix) * share / 100
		for v, n := range counts {
			if left -= n; left < 0 {
				return v
			}
		}
		return 255
	}
	return float64(at(97) - at(3))
}

package photo

import (
	"math"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
)

// Box is an upright part of a picture: its edges as parts of the width and the height.
type Box struct {
	Left, Top, Right, Bottom float64
}

// What counts as a document on its ground: shares of the picture, and of the box that
// must be the document's own shade. One that lies aslant fills less of it.
const (
	leastOutline = 0.08
	mostOutline  = 0.97
	leastFilled  = 0.55
	margin       = 0.01
)

// Outline finds the document on the ground that it lies on: the smallest upright box
// around the patch of one shade in the middle of the picture. It reports false where
// the patch runs out of the picture or is none, which is no fault: the document may
// fill the picture.
func (p *Photo) Outline() (Box, bool) {
	g := p.Gray.Shrunk(400)
	level, apart := otsu(g)
	if apart < 40 {
		return Box{}, false
	}
	light := 0
	for y := g.H / 3; y < g.H*2/3; y++ {
		for x := g.W / 3; x < g.W*2/3; x++ {
			if int(g.Pix[y*g.W+x]) > level {
				light++
			}
		}
	}
	paper := 2*light > (g.H*2/3-g.H/3)*(g.W*2/3-g.W/3) // what the middle is
	best := patch{}
	seen := make([]bool, len(g.Pix))
	for y := g.H / 3; y < g.H*2/3; y++ {
		for x := g.W / 3; x < g.W*2/3; x++ {
			if i := y*g.W + x; !seen[i] && (int(g.Pix[i]) > level) == paper {
				if found := patchAt(g, i, level, paper, seen); found.area > best.area {
					best = found
				}
			}
		}
	}
	w, h := best.right-best.left+1, best.bottom-best.top+1
	all := float64(len(g.Pix))
	switch {
	case best.area == 0 || best.left == 0 || best.top == 0 || best.right == g.W-1 || best.bottom == g.H-1:
		return Box{}, false
	case float64(w*h) < leastOutline*all || float64(w*h) > mostOutline*all || float64(best.area) < leastFilled*float64(w*h):
		return Box{}, false
	}
	return Box{
		Left: math.Max(float64(best.left)/float64(g.W)-margin, 0), Top: math.Max(float64(best.top)/float64(g.H)-margin, 0),
		Right: math.Min(float64(best.right+1)/float64(g.W)+margin, 1), Bottom: math.Min(float64(best.bottom+1)/float64(g.H)+margin, 1),
	}, true
}

// patch is pixels of one shade that hang together, and the box around them.
type patch struct{ area, left, top, right, bottom int }

// patchAt measures the patch of a pixel.
func patchAt(g *raster.Gray, start, level int, light bool, seen []bool) patch {
	p := patch{left: g.W, top: g.H}
	stack := []int{start}
	seen[start] = true
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		x, y := i%g.W, i/g.W
		p.area++
		p.left, p.right, p.top, p.bottom = min(p.left, x), max(p.right, x), min(p.top, y), max(p.bottom, y)
		for _, d := range [4][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
			nx, ny := x+d[0], y+d[1]
			if nx < 0 || ny < 0 || nx >= g.W || ny >= g.H {
				continue
			}
			if j := ny*g.W + nx; !seen[j] && (int(g.Pix[j]) > level) == light {
				seen[j] = true
				stack = append(stack, j)
			}
		}
	}
	return p
}

package specimentest

import (
	"math"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
)

// Face draws nobody's face, as a detector sees faces: hair, brows and eyes darker
// than the skin, the bridge of the nose lighter, a mouth, a shadow under the chin.
// Size is its width from ear to ear, mouth how far the mouth is open, 0 to 1.
func Face(g *raster.Gray, cx, cy, size, mouth float64) {
	for y := max(int(cy-1.2*size), 0); y < min(int(cy+1.4*size), g.H); y++ {
		for x := max(int(cx-1.1*size), 0); x < min(int(cx+1.1*size), g.W); x++ {
			u, v := (float64(x)-cx)/size, (float64(y)-cy)/size
			if shade, ok := skin(u, v, mouth); ok {
				g.Pix[y*g.W+x] = uint8(min(max(shade, 0), 255))
			}
		}
	}
}

// skin is the shade at a place of the face, in widths from its middle.
func skin(u, v, mouth float64) (float64, bool) {
	in := func(x, y, rx, ry float64) float64 { // 1 in the middle of an ellipse, 0 at its edge
		return max(0, 1-((u-x)*(u-x)/(rx*rx)+(v-y)*(v-y)/(ry*ry)))
	}
	head, hair, neck := in(0, 0.05, 0.5, 0.68), in(0, -0.15, 0.58, 0.66), math.Abs(u) < 0.25 && v > 0.4 && v < 0.95
	switch {
	case head > 0 && v > -0.42:
		m := math.Abs(u)
		shade := 150 + 50*math.Sqrt(head)
		shade += 18*min(in(0, 0.05, 0.09, 0.28), 0.6) + 12*min(in(0.24, 0.22, 0.16, 0.14)+in(-0.24, 0.22, 0.16, 0.14), 0.6)
		shade -= 60 * math.Sqrt(in(0.21, -0.08, 0.15, 0.09)+in(-0.21, -0.08, 0.15, 0.09))  // sockets
		shade -= 70 * min(in(0.21, -0.07, 0.08, 0.045)+in(-0.21, -0.07, 0.08, 0.045), 0.8) // eyes
		if m > 0.09 && m < 0.34 && v > -0.24+0.05*m && v < -0.17+0.05*m {
			shade -= 70 // brows
		}
		shade -= 45 * min(in(0.06, 0.22, 0.05, 0.03)+in(-0.06, 0.22, 0.05, 0.03), 0.8) // nostrils
		shade -= 75 * math.Sqrt(in(0, 0.41, 0.18, 0.045+0.05*mouth))                   // mouth
		return shade, true
	case hair > 0 && v < 0.35:
		return 45 + 20*hair, true
	case neck:
		return 120 + 20*u, true
	}
	return 0, false
}

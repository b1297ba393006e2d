package machine

import (
	"strings"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/reader/ocrb"
)

// glyph is a drawn glyph of OCR-B: 48 by 72 pixels, baseline at 60.
const glyphW, glyphH = 48, 72

// Print sets a line of OCR-B, its first cell's top left corner at x, y and cells
// pitch pixels wide. Ink darkens what is there.
func Print(g *raster.Gray, text string, x, y, pitch float64) {
	all, scale := ocrb.Glyphs(), pitch/glyphW
	for i, c := range []byte(text) {
		at := strings.IndexByte(ocrb.Alphabet, c)
		if at < 0 {
			continue
		}
		left := x + float64(i)*pitch
		for py := int(y); py <= int(y+glyphH*scale); py++ {
			for px := int(left); px <= int(left+pitch); px++ {
				gx, gy := (float64(px)+0.5-left)/scale-0.5, (float64(py)+0.5-y)/scale-0.5
				if gx < 0 || gy < 0 || gx > glyphW-1 || gy > glyphH-1 || px < 0 || py < 0 || px >= g.W || py >= g.H {
					continue
				}
				ink := area(all, float64(at*glyphW)+gx, gy, 1/scale)
				p := &g.Pix[py*g.W+px]
				*p = min(*p, uint8(ink))
			}
		}
	}
}

// area is the mean shade of a square of a glyph.
func area(g *raster.Gray, x, y, side float64) float64 {
	n := max(int(side+0.5), 1)
	sum := 0.0
	for dy := range n {
		for dx := range n {
			sum += g.Between(x+(float64(dx)+0.5)/float64(n)*side-side/2, y+(float64(dy)+0.5)/float64(n)*side-side/2)
		}
	}
	return sum / float64(n*n)
}

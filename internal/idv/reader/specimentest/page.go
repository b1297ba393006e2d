package specimentest

import (
	"math"
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

// Page is the data page of a passport, or a card, with its zone at the foot: a
// background of fine waves, a grey portrait, lines where the print would be. Pitch
// is the width of a character in pixels.
func Page(zone []string, pitch float64) *raster.Gray {
	n := float64(len(zone[0]))
	w := int((n + 6) * pitch)
	h := w * 88 / 125
	if len(zone) == 3 {
		h = w * 54 / 86
	}
	g := raster.New(w, h, 235)
	for y := range h {
		for x := range w {
			wave := math.Sin(float64(x)/9+3*math.Sin(float64(y)/40)) + math.Sin(float64(y)/7+2*math.Sin(float64(x)/60))
			g.Pix[y*w+x] = uint8(230 + 7*wave)
		}
	}
	fill(g, 0.05, 0.15, 0.28, 0.62, 120)
	for i := range 6 {
		y := 0.16 + 0.08*float64(i)
		fill(g, 0.34, y, 0.44, y+0.012, 90)
		fill(g, 0.34, y+0.025, 0.62+0.05*float64(i%3), y+0.05, 40)
	}
	for i, line := range zone {
		Print(g, line, 3*pitch, float64(h)-2.5*pitch*float64(len(zone)-i)-pitch, pitch)
	}
	return g
}

func fill(g *raster.Gray, x0, y0, x1, y1 float64, shade uint8) {
	for y := int(y0 * float64(g.H)); y < int(y1*float64(g.H)); y++ {
		for x := int(x0 * float64(g.W)); x < int(x1*float64(g.W)); x++ {
			g.Pix[y*g.W+x] = shade
		}
	}
}

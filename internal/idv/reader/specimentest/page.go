package specimentest

import (
	"math"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/specimen/machine"
)

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
		machine.Print(g, line, 3*pitch, float64(h)-2.5*pitch*float64(len(zone)-i)-pitch, pitch)
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

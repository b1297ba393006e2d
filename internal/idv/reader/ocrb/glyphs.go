package ocrb

import (
	"bytes"
	_ "embed"
	"image/png"
	"math"
	"sync"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
)

// Alphabet are the characters of a zone, in the order of the glyphs.
const Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"

// The cells of glyphs.png and those that are compared.
const (
	drawnW, drawnH = 48, 72
	cellW, cellH   = 24, 36
	// middle is the height of the middle of capitals and digits in a cell, from its
	// top: what the marks of a line are centred on.
	middle = 18.2
)

//go:embed glyphs.png
var glyphsPNG []byte

// Glyphs are the drawn glyphs side by side, 48 by 72 pixels each.
var Glyphs = sync.OnceValue(func() *raster.Gray {
	m, err := png.Decode(bytes.NewReader(glyphsPNG))
	if err != nil {
		panic("ocrb: " + err.Error())
	}
	return raster.From(m)
})

// vector is a cell without its brightness and contrast.
type vector [cellW * cellH]float32

// templates are the glyphs as vectors, a little out of focus as pictures are.
var templates = sync.OnceValue(func() []vector {
	all := Glyphs()
	out := make([]vector, len(Alphabet))
	for i := range out {
		var cell [cellW * cellH]float64
		for y := range cellH {
			for x := range cellW {
				sum := 0
				for dy := -1; dy <= 2; dy++ {
					for dx := -1; dx <= 2; dx++ {
						sum += int(within(all, i, 2*x+dx, 2*y+dy))
					}
				}
				cell[y*cellW+x] = float64(sum) / 16
			}
		}
		out[i], _ = normal(cell[:])
	}
	return out
})

// within is a pixel of the i-th drawn glyph; outside of it is paper.
func within(all *raster.Gray, i, x, y int) uint8 {
	if x < 0 || y < 0 || x >= drawnW || y >= drawnH {
		return 255
	}
	return all.At(i*drawnW+x, y)
}

// normal takes the mean away and scales to length one. A cell without contrast has
// no direction, and is not compared.
func normal(cell []float64) (v vector, ok bool) {
	mean := 0.0
	for _, c := range cell {
		mean += c
	}
	mean /= float64(len(cell))
	length := 0.0
	for _, c := range cell {
		length += (c - mean) * (c - mean)
	}
	if length = math.Sqrt(length); length < 3*math.Sqrt(float64(len(cell))) {
		return v, false
	}
	for i, c := range cell {
		v[i] = float32((c - mean) / length)
	}
	return v, true
}

func (v *vector) times(w *vector) float64 {
	var a, b, c, d float32
	for i := 0; i < len(v); i += 4 {
		a += v[i] * w[i]
		b += v[i+1] * w[i+1]
		c += v[i+2] * w[i+2]
		d += v[i+3] * w[i+3]
	}
	return float64(a + b + c + d)
}

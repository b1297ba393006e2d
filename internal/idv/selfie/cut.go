package selfie

import (
	"image"
	"math"

	"golang.org/x/image/draw"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
)

// mostCut is the side of a face that was cut out, in pixels, at most.
const mostCut = 512

// Cut cuts a face out of the upright picture in which it was found, for a comparison:
// a square twice as wide as the face, which is in its middle. What lies beyond the
// picture's edge is black.
func Cut(m image.Image, f Face) image.Image {
	b := m.Bounds()
	size := f.Size * float64(min(b.Dx(), b.Dy()))
	x, y := float64(b.Min.X)+f.X*float64(b.Dx()), float64(b.Min.Y)+f.Y*float64(b.Dy())
	from := image.Rect(int(math.Round(x-size)), int(math.Round(y-size)), int(math.Round(x+size)), int(math.Round(y+size)))
	side := max(min(from.Dx(), mostCut), 1)
	out := image.NewRGBA(image.Rect(0, 0, side, side))
	for i := 3; i < len(out.Pix); i += 4 {
		out.Pix[i] = 0xff
	}
	inside := from.Intersect(b)
	if inside.Empty() {
		return out
	}
	scale := float64(side) / float64(from.Dx())
	at := func(v, origin int) int { return int(math.Round(float64(v-origin) * scale)) }
	to := image.Rect(at(inside.Min.X, from.Min.X), at(inside.Min.Y, from.Min.Y), at(inside.Max.X, from.Min.X), at(inside.Max.Y, from.Min.Y))
	draw.BiLinear.Scale(out, to, m, inside, draw.Src, nil)
	return out
}

// Portrait finds the face on a document: of several, of which one may be the small
// copy that many documents have, the largest.
func Portrait(m image.Image) (Face, bool) {
	var best Face
	for _, f := range Faces(raster.From(m)) {
		if f.Size > best.Size {
			best = f
		}
	}
	return best, best.Size > 0
}

package specimentest

import (
	"math"
	"math/rand/v2"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
)

// Blurred is a picture out of focus: a Gaussian of this many pixels.
func Blurred(g *raster.Gray, sigma float64) *raster.Gray {
	n := int(3*sigma + 1)
	kernel, sum := make([]float64, 2*n+1), 0.0
	for i := range kernel {
		kernel[i] = math.Exp(-float64((i-n)*(i-n)) / (2 * sigma * sigma))
		sum += kernel[i]
	}
	pass := func(g *raster.Gray, dx, dy int) *raster.Gray {
		out := raster.New(g.W, g.H, 0)
		for y := range g.H {
			for x := range g.W {
				v := 0.0
				for i, k := range kernel {
					v += k * float64(g.At(x+dx*(i-n), y+dy*(i-n)))
				}
				out.Pix[y*g.W+x] = uint8(v/sum + 0.5)
			}
		}
		return out
	}
	return pass(pass(g, 1, 0), 0, 1)
}

// Noisy adds the grain of a sensor: the same one for the same seed.
func Noisy(g *raster.Gray, amount float64, seed uint64) *raster.Gray {
	random := rand.New(rand.NewPCG(seed, 1))
	return shaded(g, func(_, _ int, v float64) float64 { return v + random.NormFloat64()*amount })
}

// Lit is brighter at one side than at the other.
func Lit(g *raster.Gray, from, to float64) *raster.Gray {
	return shaded(g, func(x, _ int, v float64) float64 { return v * (from + (to-from)*float64(x)/float64(g.W)) })
}

// Faded has less between black and white.
func Faded(g *raster.Gray, black, white float64) *raster.Gray {
	return shaded(g, func(_, _ int, v float64) float64 { return black + v*(white-black)/255 })
}

// Glaring has a lamp mirrored in it, a disc that is white.
func Glaring(g *raster.Gray, cx, cy, radius int) *raster.Gray {
	return shaded(g, func(x, y int, v float64) float64 {
		return v + 400*max(0, 1-math.Hypot(float64(x-cx), float64(y-cy))/float64(radius))
	})
}

// Stained has a grey rectangle where nothing can be read.
func Stained(g *raster.Gray, x0, y0, x1, y1 int) *raster.Gray {
	return shaded(g, func(x, y int, v float64) float64 {
		if x0 <= x && x < x1 && y0 <= y && y < y1 {
			return 128
		}
		return v
	})
}

// Cropped is what lies within the rectangle.
func Cropped(g *raster.Gray, x0, y0, x1, y1 int) *raster.Gray {
	out := raster.New(x1-x0, y1-y0, 255)
	for y := range out.H {
		copy(out.Pix[y*out.W:(y+1)*out.W], g.Pix[(y0+y)*g.W+x0:(y0+y)*g.W+x1])
	}
	return out
}

// On lies in the middle of a larger picture of one shade.
func On(g *raster.Gray, w, h int, shade uint8) *raster.Gray {
	out := raster.New(w, h, shade)
	for y := range g.H {
		copy(out.Pix[(y+(h-g.H)/2)*w+(w-g.W)/2:], g.Pix[y*g.W:(y+1)*g.W])
	}
	return out
}

// Turned is the picture turned by degrees, clockwise, on ground of one shade.
func Turned(g *raster.Gray, degrees float64, shade uint8) *raster.Gray {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	w := int(math.Abs(float64(g.W)*cos) + math.Abs(float64(g.H)*sin) + 1)
	h := int(math.Abs(float64(g.W)*sin) + math.Abs(float64(g.H)*cos) + 1)
	out := raster.New(w, h, shade)
	for y := range h {
		for x := range w {
			dx, dy := float64(x)-float64(w)/2, float64(y)-float64(h)/2
			sx, sy := dx*cos+dy*sin+float64(g.W)/2, -dx*sin+dy*cos+float64(g.H)/2
			if sx >= 0 && sy >= 0 && sx < float64(g.W) && sy < float64(g.H) {
				out.Pix[y*w+x] = uint8(g.Between(sx, sy) + 0.5)
			}
		}
	}
	return out
}

// Leaning is the picture seen from one side: its right edge is shorter than its
// left by the part given.
func Leaning(g *raster.Gray, part float64) *raster.Gray {
	w, h := float64(g.W), float64(g.H)
	d := part * h / 2
	// the inverse quadrangle spreads the right edge, so that it comes out short
	q := [4]raster.Point{{X: 0, Y: 0}, {X: w, Y: -d}, {X: w, Y: h + d}, {X: 0, Y: h}}
	return g.Straightened(q, g.W, g.H)
}

func shaded(g *raster.Gray, f func(x, y int, v float64) float64) *raster.Gray {
	out := raster.New(g.W, g.H, 0)
	for y := range g.H {
		for x := range g.W {
			out.Pix[y*g.W+x] = uint8(min(max(f(x, y, float64(g.Pix[y*g.W+x]))+0.5, 0), 255))
		}
	}
	return out
}

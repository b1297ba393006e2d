package raster

import (
	"image"
	"math"
)

// Gray is a picture of W times H pixels, rows from the top, 0 black to 255 white.
type Gray struct {
	W, H int
	Pix  []uint8
}

// New is a picture filled with one shade.
func New(w, h int, shade uint8) *Gray {
	g := &Gray{W: w, H: h, Pix: make([]uint8, w*h)}
	for i := range g.Pix {
		g.Pix[i] = shade
	}
	return g
}

// From takes the luminance of a picture.
func From(m image.Image) *Gray {
	b := m.Bounds()
	g := &Gray{W: b.Dx(), H: b.Dy(), Pix: make([]uint8, b.Dx()*b.Dy())}
	switch m := m.(type) {
	case *image.Gray:
		for y := range g.H {
			at := m.PixOffset(b.Min.X, b.Min.Y+y)
			copy(g.Pix[y*g.W:(y+1)*g.W], m.Pix[at:at+g.W])
		}
	case *image.YCbCr:
		for y := range g.H {
			at := m.YOffset(b.Min.X, b.Min.Y+y)
			copy(g.Pix[y*g.W:(y+1)*g.W], m.Y[at:at+g.W])
		}
	case *image.NRGBA:
		g.fromBytes(m.Pix, m.PixOffset(b.Min.X, b.Min.Y), m.Stride)
	case *image.RGBA:
		g.fromBytes(m.Pix, m.PixOffset(b.Min.X, b.Min.Y), m.Stride)
	case *image.Paletted:
		shades := make([]uint8, 256)
		for i, c := range m.Palette {
			r, gr, bl, a := c.RGBA()
			shades[i] = luminance(r, gr, bl, a)
		}
		for y := range g.H {
			for x := range g.W {
				g.Pix[y*g.W+x] = shades[m.ColorIndexAt(b.Min.X+x, b.Min.Y+y)]
			}
		}
	case image.RGBA64Image: // sixteen bits, four inks
		for y := range g.H {
			for x := range g.W {
				c := m.RGBA64At(b.Min.X+x, b.Min.Y+y)
				g.Pix[y*g.W+x] = luminance(uint32(c.R), uint32(c.G), uint32(c.B), uint32(c.A))
			}
		}
	default:
		for y := range g.H {
			for x := range g.W {
				g.Pix[y*g.W+x] = luminance(m.At(b.Min.X+x, b.Min.Y+y).RGBA())
			}
		}
	}
	return g
}

// luminance is the shade of a colour of sixteen bits a channel, multiplied by its
// alpha, on white paper.
func luminance(r, g, b, a uint32) uint8 {
	return uint8(((299*r+587*g+114*b)/1000 + 0xffff - a) >> 8)
}

// fromBytes reads four bytes a pixel. What is transparent counts as white paper.
func (g *Gray) fromBytes(pix []byte, from, stride int) {
	for y := range g.H {
		row := pix[from+y*stride:]
		for x := range g.W {
			p := row[4*x : 4*x+4 : 4*x+4]
			l := (299*int(p[0]) + 587*int(p[1]) + 114*int(p[2])) / 1000
			if a := int(p[3]); a < 255 {
				l = (l*a + 255*(255-a)) / 255
			}
			g.Pix[y*g.W+x] = uint8(l)
		}
	}
}

// Image is the picture for the standard library; it shares the pixels.
func (g *Gray) Image() *image.Gray {
	return &image.Gray{Pix: g.Pix, Stride: g.W, Rect: image.Rect(0, 0, g.W, g.H)}
}

// At is the shade of a pixel; outside of the picture that of its nearest edge.
func (g *Gray) At(x, y int) uint8 {
	return g.Pix[min(max(y, 0), g.H-1)*g.W+min(max(x, 0), g.W-1)]
}

// Between is the shade at a point between the centres of pixels.
func (g *Gray) Between(x, y float64) float64 {
	x0, y0 := math.Floor(x), math.Floor(y)
	fx, fy, ix, iy := x-x0, y-y0, int(x0), int(y0)
	if ix < 0 || iy < 0 || ix+1 >= g.W || iy+1 >= g.H {
		top := float64(g.At(ix, iy))*(1-fx) + float64(g.At(ix+1, iy))*fx
		bottom := float64(g.At(ix, iy+1))*(1-fx) + float64(g.At(ix+1, iy+1))*fx
		return top*(1-fy) + bottom*fy
	}
	i := iy*g.W + ix
	top := float64(g.Pix[i])*(1-fx) + float64(g.Pix[i+1])*fx
	bottom := float64(g.Pix[i+g.W])*(1-fx) + float64(g.Pix[i+g.W+1])*fx
	return top*(1-fy) + bottom*fy
}

// Quarter turns the picture by a right angle, clockwise.
func (g *Gray) Quarter() *Gray {
	out := &Gray{W: g.H, H: g.W, Pix: make([]uint8, len(g.Pix))}
	for y := range g.H {
		for x := range g.W {
			out.Pix[x*out.W+out.W-1-y] = g.Pix[y*g.W+x]
		}
	}
	return out
}

// Half turns the picture upside down.
func (g *Gray) Half() *Gray {
	out := &Gray{W: g.W, H: g.H, Pix: make([]uint8, len(g.Pix))}
	for i, p := range g.Pix {
		out.Pix[len(g.Pix)-1-i] = p
	}
	return out
}

// Shrunk is the picture at most most pixels long, each the mean of a square.
func (g *Gray) Shrunk(most int) *Gray {
	n := (max(g.W, g.H) + most - 1) / most
	if n <= 1 {
		return g
	}
	out := &Gray{W: max(g.W/n, 1), H: max(g.H/n, 1)}
	out.Pix = make([]uint8, out.W*out.H)
	for y := range out.H {
		for x := range out.W {
			sum, count := 0, 0
			for dy := 0; dy < n && y*n+dy < g.H; dy++ {
				for dx := 0; dx < n && x*n+dx < g.W; dx++ {
					sum, count = sum+int(g.Pix[(y*n+dy)*g.W+x*n+dx]), count+1
				}
			}
			out.Pix[y*out.W+x] = uint8(sum / count)
		}
	}
	return out
}

// Point is a place in a picture.
type Point struct{ X, Y float64 }

// Straightened is the quadrangle with these corners (top left, top right, bottom
// right, bottom left) as a rectangle of w times h pixels.
func (g *Gray) Straightened(q [4]Point, w, h int) *Gray {
	m := projection(q)
	out := &Gray{W: w, H: h, Pix: make([]uint8, w*h)}
	for y := range h {
		v := (float64(y) + 0.5) / float64(h)
		for x := range w {
			p := m.at((float64(x)+0.5)/float64(w), v)
			out.Pix[y*w+x] = uint8(min(max(g.Between(p.X-0.5, p.Y-0.5)+0.5, 0), 255))
		}
	}
	return out
}

// projective maps the unit square onto a quadrangle.
type projective [8]float64

func projection(q [4]Point) projective {
	dx1, dx2, sx := q[1].X-q[2].X, q[3].X-q[2].X, q[0].X-q[1].X+q[2].X-q[3].X
	dy1, dy2, sy := q[1].Y-q[2].Y, q[3].Y-q[2].Y, q[0].Y-q[1].Y+q[2].Y-q[3].Y
	det := dx1*dy2 - dx2*dy1
	var g, h float64
	if det != 0 {
		g, h = (sx*dy2-dx2*sy)/det, (dx1*sy-sx*dy1)/det
	}
	return projective{
		q[1].X - q[0].X + g*q[1].X, q[3].X - q[0].X + h*q[3].X, q[0].X,
		q[1].Y - q[0].Y + g*q[1].Y, q[3].Y - q[0].Y + h*q[3].Y, q[0].Y, g, h,
	}
}

func (m projective) at(u, v float64) Point {
	z := m[6]*u + m[7]*v + 1
	if z == 0 {
		z = 1e-9
	}
	return Point{(m[0]*u + m[1]*v + m[2]) / z, (m[3]*u + m[4]*v + m[5]) / z}
}

// Dark marks the pixels that are darker than their surroundings, a square of side
// pixels, by at least percent of its mean: ink, whatever the light.
func (g *Gray) Dark(side, percent int) []bool {
	sums := g.sums()
	out, half := make([]bool, len(g.Pix)), side/2
	for y := range g.H {
		y0, y1 := max(y-half, 0), min(y+half+1, g.H)
		for x := range g.W {
			x0, x1 := max(x-half, 0), min(x+half+1, g.W)
			area := uint64((x1 - x0) * (y1 - y0))
			sum := uint64(sums[y1*(g.W+1)+x1] - sums[y0*(g.W+1)+x1] - sums[y1*(g.W+1)+x0] + sums[y0*(g.W+1)+x0])
			out[y*g.W+x] = uint64(g.Pix[y*g.W+x])*area*100 < sum*uint64(100-percent)
		}
	}
	return out
}

// sums are the sums of all pixels above and to the left. They wrap around beyond
// sixteen million white pixels, and differences of them are right all the same.
func (g *Gray) sums() []uint32 {
	out := make([]uint32, (g.W+1)*(g.H+1))
	for y := range g.H {
		var row uint32
		for x := range g.W {
			row += uint32(g.Pix[y*g.W+x])
			out[(y+1)*(g.W+1)+x+1] = out[y*(g.W+1)+x+1] + row
		}
	}
	return out
}

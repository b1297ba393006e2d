package face

import (
	"image"
	"image/color"
	"image/draw"
	"math"
)

// picture is the red, green and blue of an image, 0 to 255.
type picture struct {
	w, h int
	pix  []float32
}

// open takes the colours of an image, each the mean of a square where the image has
// more than most pixels at a side. What is transparent is on white paper.
func open(m image.Image, most int) *picture {
	b := m.Bounds()
	n := max((max(b.Dx(), b.Dy())+most-1)/most, 1)
	p := &picture{w: b.Dx() / n, h: b.Dy() / n}
	p.pix = make([]float32, 3*p.w*p.h)
	line := image.Rect(0, 0, b.Dx(), 1)
	paper := image.NewRGBA(line)
	for y := range p.h * n {
		draw.Draw(paper, line, image.NewUniform(color.White), image.Point{}, draw.Src)
		draw.Draw(paper, line, m, image.Pt(b.Min.X, b.Min.Y+y), draw.Over)
		dst := p.pix[y/n*p.w*3:]
		for x := range p.w * n {
			for c := range 3 {
				dst[x/n*3+c] += float32(paper.Pix[4*x+c])
			}
		}
	}
	for i := range p.pix {
		p.pix[i] /= float32(n * n)
	}
	return p
}

// square is a part of a picture: its middle, its side, and how far it is turned,
// clockwise as one looks at it.
type square struct {
	middle Point
	side   float64
	turned float64 // radians
}

// place is where a point of the square is in the picture; x and y are parts of the
// side, from the upper left.
func (s square) place(x, y float64) Point {
	sin, cos := math.Sincos(s.turned)
	x, y = (x-0.5)*s.side, (y-0.5)*s.side
	return Point{s.middle.X + x*cos - y*sin, s.middle.Y + x*sin + y*cos}
}

// cut is a square of the picture with side pixels, as a network wants it: the colours
// less their means, over 255. Where there is no picture is black.
func (p *picture) cut(s square, side int, means [3]float32) *volume {
	out := newVolume(side, side, 3)
	fine := max(int(math.Ceil(s.side/float64(side)-0.25)), 1) // samples for a pixel, each way
	step, share := 1/float64(side*fine), 1/float32(fine*fine)
	for i := range side * side {
		var sum [3]float32
		for j := range fine * fine {
			x := (float64(i%side*fine+j%fine) + 0.5) * step
			y := (float64(i/side*fine+j/fine) + 0.5) * step
			p.sample(&sum, s.place(x, y))
		}
		for c, v := range sum {
			out.data[3*i+c] = (v*share - means[c]) / 255
		}
	}
	return out
}

// sample adds the colour at a place between the middles of pixels.
func (p *picture) sample(sum *[3]float32, at Point) {
	x, y := at.X-0.5, at.Y-0.5
	if at.X < 0 || at.Y < 0 || at.X >= float64(p.w) || at.Y >= float64(p.h) {
		return
	}
	x, y = min(max(x, 0), float64(p.w-1)), min(max(y, 0), float64(p.h-1))
	ix, iy := int(x), int(y)
	fx, fy := float32(x-float64(ix)), float32(y-float64(iy))
	right, below := 3, 3*p.w
	if ix+1 >= p.w {
		right = 0
	}
	if iy+1 >= p.h {
		below = 0
	}
	o := 3 * (iy*p.w + ix)
	for c := range 3 {
		top := p.pix[o+c]*(1-fx) + p.pix[o+right+c]*fx
		bottom := p.pix[o+below+c]*(1-fx) + p.pix[o+below+right+c]*fx
		sum[c] += top*(1-fy) + bottom*fy
	}
}

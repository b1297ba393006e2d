package specimen

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
)

// sheet is a picture that is drawn on. Lengths are in units of some pixels; a card is
// 280 of them wide.
type sheet struct {
	*image.RGBA
	unit float64
}

// usual is the unit of a photograph.
const usual = 3

func newSheet(unit, w, h float64, c color.Color) sheet {
	s := sheet{image.NewRGBA(image.Rect(0, 0, int(w*unit), int(h*unit))), unit}
	draw.Draw(s.RGBA, s.Bounds(), image.NewUniform(c), image.Point{}, draw.Src)
	return s
}

// ink is an opaque colour, 0xrrggbb.
func ink(hex uint32) color.NRGBA {
	return color.NRGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 255}
}

// faint is a colour that lets most of what is below it through.
func faint(hex uint32, alpha uint8) color.NRGBA {
	c := ink(hex)
	c.A = alpha
	return c
}

// shape fills what a function outlines, in units from x, y within a box of w by h: as
// much of the picture as has to be looked at.
func (s sheet) shape(x, y, w, h float64, c color.Color, outline func(p pen)) {
	unit := s.unit
	box := image.Rect(int(x*unit), int(y*unit), int((x+w)*unit)+1, int((y+h)*unit)+1).Intersect(s.Bounds())
	v := vector.NewRasterizer(box.Dx(), box.Dy())
	outline(pen{v, unit, x*unit - float64(box.Min.X), y*unit - float64(box.Min.Y)})
	v.Draw(s.RGBA, box, image.NewUniform(c), image.Point{})
}

// pen outlines a shape, in units.
type pen struct {
	v      *vector.Rasterizer
	unit   float64
	dx, dy float64
}

func (p pen) at(x, y float64) (float32, float32) {
	return float32(x*p.unit + p.dx), float32(y*p.unit + p.dy)
}

func (p pen) move(x, y float64) { p.v.MoveTo(p.at(x, y)) }
func (p pen) line(x, y float64) { p.v.LineTo(p.at(x, y)) }

// arc goes on around a middle, from one angle to another.
func (p pen) arc(cx, cy, rx, ry, from, to float64) {
	const steps = 12
	for i := 1; i <= steps; i++ {
		sin, cos := math.Sincos(from + (to-from)*float64(i)/steps)
		p.line(cx+rx*cos, cy+ry*sin)
	}
}

// block fills a rectangle with round corners.
func (s sheet) block(x, y, w, h, r float64, c color.Color) {
	s.shape(x, y, w, h, c, func(p pen) {
		p.move(r, 0)
		for i, corner := range [4][2]float64{{w - r, r}, {w - r, h - r}, {r, h - r}, {r, r}} {
			from := float64(i-1) * math.Pi / 2
			p.line(corner[0]+r*math.Cos(from), corner[1]+r*math.Sin(from))
			p.arc(corner[0], corner[1], r, r, from, from+math.Pi/2)
		}
		p.v.ClosePath()
	})
}

// stroke draws a curve of a width through the points that a function gives, for steps
// from 0 to 1.
func (s sheet) stroke(x, y, w, h, width float64, c color.Color, steps int, at func(t float64) (x, y float64)) {
	s.shape(x, y-width, w, h+2*width, c, func(p pen) {
		for i := range steps + 1 {
			px, py := at(float64(i) / float64(steps))
			if i == 0 {
				p.move(px, py+width/2)
			} else {
				p.line(px, py+width/2)
			}
		}
		for i := steps; i >= 0; i-- {
			px, py := at(float64(i) / float64(steps))
			p.line(px, py+width*1.5)
		}
		p.v.ClosePath()
	})
}

// typeface is one of the Go fonts.
type typeface int

const (
	regular typeface = iota
	bold
)

var typefaces = sync.OnceValue(func() [2]*opentype.Font {
	var all [2]*opentype.Font
	for i, ttf := range [][]byte{goregular.TTF, gobold.TTF} {
		f, err := opentype.Parse(ttf)
		if err != nil {
			panic("specimen: " + err.Error())
		}
		all[i] = f
	}
	return all
})

// text sets a line, its baseline beginning at x, y, and smaller if it would be wider
// than most; where most is negative it ends at x.
func (s sheet) text(f typeface, size, x, y, most float64, c color.Color, text string) {
	unit := s.unit
	for {
		face, err := opentype.NewFace(typefaces()[f], &opentype.FaceOptions{Size: size * unit, DPI: 72})
		if err != nil {
			return // of a font that is part of the program
		}
		d := font.Drawer{Dst: s.RGBA, Src: image.NewUniform(c), Face: face}
		w := float64(d.MeasureString(text)) / 64 / unit
		if most > 0 && w > most && size > 4 {
			size *= max(most/w, 0.5) * 0.99
			continue
		}
		if most < 0 {
			x -= w
		}
		d.Dot = fixed.Point26_6{X: fixed.Int26_6(x * unit * 64), Y: fixed.Int26_6(y * unit * 64)}
		d.DrawString(text)
		return
	}
}

// stamp prints a grey picture, of which what is dark becomes ink, with its corner at x,
// y in units.
func (s sheet) stamp(g *raster.Gray, x, y float64, c color.Color) {
	mask := &image.Alpha{Pix: make([]uint8, len(g.Pix)), Stride: g.W, Rect: image.Rect(0, 0, g.W, g.H)}
	for i, v := range g.Pix {
		mask.Pix[i] = 255 - v
	}
	at := image.Pt(int(x*s.unit), int(y*s.unit))
	draw.DrawMask(s.RGBA, mask.Rect.Add(at), image.NewUniform(c), image.Point{}, mask, image.Point{}, draw.Over)
}

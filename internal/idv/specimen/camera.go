package specimen

import (
	"image"
	"image/draw"
	"math"
)

// The picture that a camera takes, in units: the document in the middle of a table.
const frameW, frameH = 320, 240

// tableTop is what documents lie on.
func tableTop(unit, w, h float64) sheet {
	s := newSheet(unit, w, h, ink(0x39342f))
	for y := 6.0; y < h; y += 52 {
		s.shape(0, y, w, 12, ink(0x443d37), func(p pen) {
			p.move(0, 9)
			p.line(w, 0)
			p.line(w, 0.6)
			p.line(0, 9.6)
			p.v.ClosePath()
		})
	}
	return s
}

// photographed is a side of a document as a file.
func (p paper) photographed(side string, f Fault) ([]byte, error) {
	s, doc := tableTop(p.unit, frameW, frameH), p.side(side)
	w, h := doc.size()
	x, y := (frameW-w)/2, (frameH-h)/2
	s.lay(doc, x, y)
	switch f {
	case Blurred:
		s.blur(int(3.3*p.unit) | 1)
	case Glare:
		cx, cy, radius := x+w/2, y+h/2, 70.0
		if p.kind.On == side {
			cy = y + p.part(h)
			radius = 90
		}
		s.lamp(cx*p.unit, cy*p.unit, radius*p.unit)
	case Dark:
		s.each(func(_, _ int, v float64) float64 { return 4 + v*0.035 })
	case Screen:
		s.screened(3, 0.1)
	}
	s.grain(3, p.holder.seed()+uint64(len(side)))
	if f == Cropped {
		s = s.cut(image.Rect(0, 0, int((x+0.6*w)*p.unit), s.Bounds().Dy()))
	}
	data, err := s.encoded(88)
	if f == Edited && err == nil {
		data = signed(data, "Adobe Photoshop 26.0")
	}
	return data, err
}

func (p paper) side(name string) sheet {
	if name == Back {
		return p.back()
	}
	return p.front()
}

// size is the width and height, in units.
func (s sheet) size() (w, h float64) {
	return float64(s.Bounds().Dx()) / s.unit, float64(s.Bounds().Dy()) / s.unit
}

// lay puts a document on a table, with its shadow.
func (s sheet) lay(doc sheet, x, y float64) {
	w, h := doc.size()
	s.block(x-1, y+1, w+2, h+1.5, 12, faint(0x000000, 70))
	at := image.Pt(int(x*s.unit), int(y*s.unit))
	draw.DrawMask(s.RGBA, doc.Bounds().Add(at), doc.RGBA, image.Point{}, corners(doc), image.Point{}, draw.Over)
}

// part is how far down, on a side of this height, the middle is of what machines read.
func (p paper) part(h float64) float64 {
	if p.kind.Machine == "aamva" {
		return h/2 + 10
	}
	return h - 25
}

// corners are the round corners of a card.
func corners(doc sheet) *image.RGBA {
	w, h := doc.size()
	m := newSheet(doc.unit, w, h, faint(0, 0))
	m.block(0, 0, w, h, 11, ink(0xffffff))
	return m.RGBA
}

// each changes every value of every colour.
func (s sheet) each(f func(x, y int, v float64) float64) {
	w := s.Bounds().Dx()
	for i := 0; i < len(s.Pix); i += 4 {
		x, y := i/4%w, i/4/w
		for k := range 3 {
			s.Pix[i+k] = uint8(min(max(f(x, y, float64(s.Pix[i+k]))+0.5, 0), 255))
		}
	}
}

// grain is the noise of a sensor, the same one for the same seed.
func (s sheet) grain(amount float64, seed uint64) {
	state := seed | 1
	for i := 0; i < len(s.Pix); i += 4 {
		sum := 0.0
		for range 3 { // three of one kind are nearly normal
			state ^= state << 13
			state ^= state >> 7
			state ^= state << 17
			sum += float64(state>>40)/float64(1<<24) - 0.5
		}
		for k := range 3 {
			s.Pix[i+k] = uint8(min(max(float64(s.Pix[i+k])+2*amount*sum+0.5, 0), 255))
		}
	}
}

// blur is out of focus: three means over a window come near to a Gaussian.
func (s sheet) blur(window int) {
	w, h := s.Bounds().Dx(), s.Bounds().Dy()
	line := make([]int, max(w, h))
	pass := func(from, step, n int) {
		half, sum := window/2, 0
		for i := range n {
			line[i] = int(s.Pix[from+i*step])
		}
		at := func(i int) int { return line[min(max(i, 0), n-1)] }
		for i := -half; i <= half; i++ {
			sum += at(i)
		}
		for i := range n {
			s.Pix[from+i*step] = uint8((sum + window/2) / (2*half + 1))
			sum += at(i+half+1) - at(i-half)
		}
	}
	for range 3 {
		for k := range 3 {
			for y := range h {
				pass(y*s.Stride+k, 4, w)
			}
			for x := range w {
				pass(x*4+k, s.Stride, h)
			}
		}
	}
}

// lamp is mirrored at a place.
func (s sheet) lamp(cx, cy, radius float64) {
	s.each(func(x, y int, v float64) float64 {
		return v + 420*max(0, 1-math.Hypot(float64(x)-cx, (float64(y)-cy)*1.5)/radius)
	})
}

// screened lays the beat of a screen's pixels with a camera's over the picture.
func (s sheet) screened(period, angle float64) {
	sin, cos := math.Sincos(angle)
	s.each(func(x, y int, v float64) float64 {
		a, b := float64(x)*cos+float64(y)*sin, float64(y)*cos-float64(x)*sin
		return v * (0.8 + 0.12*math.Sin(2*math.Pi*a/period) + 0.08*math.Sin(2*math.Pi*b/period))
	})
}

// cut is a part of the picture.
func (s sheet) cut(box image.Rectangle) sheet {
	out := sheet{image.NewRGBA(image.Rect(0, 0, box.Dx(), box.Dy())), s.unit}
	draw.Draw(out.RGBA, out.Bounds(), s.RGBA, box.Min, draw.Src)
	return out
}

// signed names in the file the program that has written it (Exif, tag Software).
func signed(jpeg []byte, program string) []byte {
	body := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x31\x00\x02\x00\x00\x00"
	body += string(rune(len(program)+1)) + "\x00\x00\x00\x1a\x00\x00\x00\x00" + program + "\x00"
	out := append([]byte{}, jpeg[:2]...)
	out = append(out, 0xff, 0xe1, byte((len(body)+2)>>8), byte(len(body)+2))
	return append(append(out, body...), jpeg[2:]...)
}

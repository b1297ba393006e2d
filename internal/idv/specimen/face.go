package specimen

import (
	"image"
	"math"
)

// Face is a drawn face: a choice of each feature. There are 58,320 of them, and
// whoever has the same name and birthday has the same one.
type Face [features]uint8

// The features of a face.
const (
	skin = iota
	hair
	style
	brows
	width
	nose
	lips
	glasses
	features
)

// choices is how many there are of each feature.
var choices = Face{5, 6, 6, 4, 3, 3, 3, 3}

// FaceOf is the face of a person.
func FaceOf(p Person) Face {
	var f Face
	v := p.seed()
	for i, n := range choices {
		f[i], v = uint8(v%uint64(n)), v/uint64(n)
	}
	return f
}

// tint is red, green and blue from 0 to 255.
type tint [3]float64

func (t tint) times(k float64) tint { return tint{t[0] * k, t[1] * k, t[2] * k} }

func (t tint) to(o tint, part float64) tint {
	for i := range t {
		t[i] += (o[i] - t[i]) * part
	}
	return t
}

var (
	skins   = []tint{{243, 213, 188}, {230, 190, 158}, {212, 168, 132}, {188, 142, 106}, {166, 122, 90}}
	hairs   = []tint{{34, 28, 26}, {70, 48, 36}, {108, 76, 50}, {158, 120, 74}, {126, 124, 122}, {122, 60, 36}}
	collars = []tint{{47, 77, 99}, {96, 56, 66}, {58, 84, 66}}
	wall    = tint{98, 108, 118}
)

// other is a face that differs in every feature.
func (f Face) other() Face {
	for i, n := range choices {
		f[i] = (f[i] + 1) % n
	}
	return f
}

// paint draws the face into a box of a picture: head and shoulders. Size is the width
// from ear to ear and cx, cy its middle, in pixels; mouth is how far that is open, 0
// to 1; fine how many points are looked at for the width of a pixel. Where nothing of
// the person is, ground says what is there. Without a face there is nobody.
func (f *Face) paint(m *image.RGBA, box image.Rectangle, cx, cy, size, mouth float64, fine int, ground func(x, y int) tint) {
	box = box.Intersect(m.Bounds())
	step := 1 / float64(fine)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			var sum tint
			for k := range fine * fine {
				dx, dy := (float64(k%fine)+0.5)*step, (float64(k/fine)+0.5)*step
				c, ok := tint{}, false
				if f != nil {
					c, ok = f.at((float64(x)+dx-cx)/size, (float64(y)+dy-cy)/size, mouth)
				}
				if !ok {
					c = ground(x, y)
				}
				for i := range sum {
					sum[i] += c[i] * step * step
				}
			}
			i := m.PixOffset(x, y)
			for k, v := range sum {
				m.Pix[i+k] = uint8(min(max(v+0.5, 0), 255))
			}
			m.Pix[i+3] = 255
		}
	}
}

// oval is 1 in the middle of an ellipse and 0 at its edge and beyond.
func oval(u, v, x, y, rx, ry float64) float64 {
	u, v = (u-x)/rx, (v-y)/ry
	return max(0, 1-u*u-v*v)
}

// at is the colour at a place, in widths of the face from its middle; false where
// there is nothing of the person.
func (f *Face) at(u, v, mouth float64) (tint, bool) {
	m := math.Abs(u)
	if v < -0.95 || m > 1.1 {
		return tint{}, false
	}
	rx := 0.45 + 0.04*float64(f[width])
	head := oval(u, v, 0, 0.05, rx, 0.68)
	top := -0.44 + f.hairline(u)
	if head > 0 && v > top {
		return f.skinAt(u, v, m, head, mouth), true
	}
	if f.hairAt(u, v, m) {
		return hairs[f[hair]].times(0.85 + 0.35*oval(u, v, -0.15, -0.5, 0.5, 0.4)), true
	}
	if m < 0.23+0.05*max(0, v-0.7) && v > 0.3 && v < 0.98 { // neck
		return skins[f[skin]].times(0.72), true
	}
	if shoulders := oval(u, min(v, 1.75), 0, 1.75, 1.05, 0.95); v > 0.6 && shoulders > 0 {
		c := collars[int(f[nose]+f[width])%len(collars)]
		if v < 0.95 && m < 0.16+0.3*(v-0.75) {
			return skins[f[skin]].times(0.75), true
		}
		return c.times(0.8 + 0.4*shoulders), true
	}
	return tint{}, false
}

// hairline is how much lower than usual the hair begins.
func (f *Face) hairline(u float64) float64 {
	switch f[style] {
	case 1: // parted at one side
		return 0.10 * max(0, 0.25-math.Abs(u+0.2)) / 0.25
	case 3: // a fringe
		return 0.09 - 0.05*math.Abs(u)
	case 4: // receding
		return -0.16 + 0.25*math.Abs(u)
	}
	return 0.25 * u * u
}

// hairAt reports whether there is hair at a place that is not the face.
func (f *Face) hairAt(u, v, m float64) bool {
	switch f[style] {
	case 0: // short
		return oval(u, v, 0, -0.12, 0.55, 0.66) > 0 && v < 0.02
	case 1: // to the shoulders
		return oval(u, v, 0, -0.12, 0.60, 0.68) > 0 && v < 0.3 || m < 0.62-0.04*v && m > 0.30 && v >= 0.1 && v < 0.98
	case 2: // to the chin
		return oval(u, v, 0, -0.1, 0.62, 0.68) > 0 && v < 0.3 || m < 0.62 && v >= 0.1 && v < 0.52+0.05*m
	case 3: // to the ears, with a fringe
		return oval(u, v, 0, -0.14, 0.57, 0.66) > 0 && v < 0.2
	case 4: // at the sides
		return oval(u, v, 0, 0, 0.54, 0.68) > 0 && v < 0.1 && v > -0.5
	}
	r := 0.05 * math.Sin(11*math.Atan2(u, v+0.15)) // curls
	return oval(u, v, 0, -0.15, 0.64+r, 0.68+r) > 0 && v < 0.24
}

// skinAt is the colour of a place of the face.
func (f *Face) skinAt(u, v, m, head, mouth float64) tint {
	both := func(x, y, rx, ry float64) float64 { return oval(m, v, x, y, rx, ry) }
	c := skins[f[skin]]
	c = c.times(0.80 + 0.22*math.Sqrt(head) + 0.10*min(oval(u, v, 0, 0.05, 0.09, 0.28), 0.6) + 0.05*min(both(0.24, 0.22, 0.16, 0.14), 0.6))
	c = c.to(tint{226, 120, 110}, 0.12*both(0.26, 0.2, 0.14, 0.12)) // cheeks
	c = c.times(1 - 0.30*math.Sqrt(both(0.21, -0.08, 0.15, 0.09)))  // sockets
	c = f.eyesAt(c, v, m)
	c = f.browsAt(c, v, m)
	c = c.times(1 - 0.34*min(both(0.045+0.025*float64(f[nose]), 0.22, 0.05, 0.03), 0.8)) // nostrils
	if side := m - (0.035 + 0.03*float64(f[nose])); v > 0.05 && v < 0.2 && side > 0 && side < 0.025 {
		c = c.times(0.90)
	}
	wide := 0.13 + 0.045*float64(f[lips])
	c = c.to(tint{150, 70, 66}, 0.9*math.Sqrt(oval(u, v, 0, 0.41, wide, 0.05+0.05*mouth)))
	c = c.to(tint{70, 26, 28}, 0.9*math.Sqrt(oval(u, v, 0, 0.41, wide*0.85, 0.012+0.055*mouth)))
	return c
}

func (f *Face) eyesAt(c tint, v, m float64) tint {
	ball := oval(m, v, 0.21, -0.07, 0.085, 0.042)
	if ball > 0 {
		c = c.to(tint{225, 220, 214}, 0.45*min(1, 3*ball))
	}
	c = c.to(tint{40, 32, 28}, min(1, 2.5*oval(m, v, 0.21, -0.07, 0.05, 0.044)))
	if lid := v + 0.105 - 0.5*(m-0.21)*(m-0.21); m > 0.12 && m < 0.30 && lid > -0.012 && lid < 0.012 {
		c = c.times(0.5)
	}
	switch f[glasses] {
	case 1: // round
		if r := math.Hypot(m-0.21, (v+0.07)*1.05); r > 0.135 && r < 0.155 || m < 0.075 && v > -0.10 && v < -0.08 || m > 0.355 && v > -0.10 && v < -0.08 {
			c = tint{38, 36, 40}
		}
	case 2: // square, light
		dx, dy := math.Abs(m-0.21), math.Abs(v+0.06)
		if d := max(dx-0.02, dy+0.015); d > 0.115 && d < 0.13 || m < 0.075 && v > -0.10 && v < -0.085 {
			c = tint{120, 84, 60}
		}
	}
	return c
}

func (f *Face) browsAt(c tint, v, m float64) tint {
	if m < 0.09 || m > 0.34 {
		return c
	}
	at, thick := -0.205, 0.03
	switch f[brows] {
	case 0: // straight
		at += 0.05 * m
	case 1: // arched
		at += 1.6 * (m - 0.24) * (m - 0.24)
		at -= 0.03
	case 2: // thick
		at, thick = at+0.05*m, 0.048
	case 3: // falling to the sides
		at += 0.25 * (m - 0.15)
	}
	if d := math.Abs(v-at) / thick; d < 1 {
		c = c.to(hairs[f[hair]].times(0.7), 0.9*math.Sqrt(1-d))
	}
	return c
}

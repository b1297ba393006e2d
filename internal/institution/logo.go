package institution

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/png"
	"math"
	"strconv"
	"sync"
)

// The logo is the mark of the style sheet (.mark, .mk-*, .wv-*), drawn 3.8
// times its size: 152 pixels, the size that field logo of schema Institution
// promises.
const (
	logoSize  = 152
	markSize  = 40.0 // CSS pixels of .mark
	weaveTint = 0.2  // opacity of .mark::before
	capHeight = 12.0
	penWidth  = 2.0
)

// drawLogo draws a mark and returns it as base64 PNG.
func drawLogo(m Mark) string {
	img := image.NewRGBA(image.Rect(0, 0, logoSize, logoSize))
	ground := parseColor(grounds[m.Ground-1])
	letters, weave := layout(m.Letters), woven[m.Weave]()
	for y := range logoSize {
		for x := range logoSize {
			tint := weaveTint * weave[y][x]
			ink := letterCoverage(letters, x, y)
			img.SetRGBA(x, y, mixWhite(ground, tint+(1-tint)*ink))
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return "" // a Buffer does not fail
	}
	return base64.StdEncoding.EncodeToString(out.Bytes())
}

// cloth is how much of each pixel the threads of a weave cover.
type cloth [logoSize][logoSize]float64

// woven are the weaves, each worked out once for all logos.
var woven = map[string]func() *cloth{
	"a": sync.OnceValue(func() *cloth { return weave(weaves["a"]) }),
	"b": sync.OnceValue(func() *cloth { return weave(weaves["b"]) }),
	"c": sync.OnceValue(func() *cloth { return weave(weaves["c"]) }),
	"d": sync.OnceValue(func() *cloth { return weave(weaves["d"]) }),
}

func weave(covered func(x, y float64) bool) *cloth {
	var c cloth
	for y := range logoSize {
		for x := range logoSize {
			c[y][x] = coverage(x, y, covered)
		}
	}
	return &c
}

// weaves say whether a thread covers a point; x from the left, y from the
// bottom, both in CSS pixels, as the gradients of .wv-* count them.
var weaves = map[string]func(x, y float64) bool{
	"a": func(x, y float64) bool { return math.Mod(x, 7) < 2 || math.Mod(y, 7) < 2 },
	"b": func(x, y float64) bool {
		u, v := x/markSize, y/markSize
		return 0.22 <= u && u < 0.38 || 0.76 <= u && u < 0.82 || 0.18 <= v && v < 0.34 || 0.72 <= v && v < 0.78
	},
	"c": func(x, y float64) bool {
		return math.Mod((x+y)/math.Sqrt2, 6) < 1.5 || math.Mod((markSize-x+y)/math.Sqrt2, 6) < 1.5
	},
	"d": func(x, y float64) bool {
		top := markSize - y // tiles start at the top left
		return (math.Mod(x, 10) >= 5) == (math.Mod(top, 10) < 5)
	},
}

// coverage is the part of a pixel that a weave covers, from 16 samples.
func coverage(px, py int, covered func(x, y float64) bool) float64 {
	const n = 4
	hits := 0
	for i := range n {
		for j := range n {
			x := (float64(px) + (float64(i)+0.5)/n) * markSize / logoSize
			y := markSize - (float64(py)+(float64(j)+0.5)/n)*markSize/logoSize
			if covered(x, y) {
				hits++
			}
		}
	}
	return float64(hits) / (n * n)
}

// layout places the letters side by side in the middle, in pixels.
func layout(letters string) []segment {
	const (
		scale = logoSize / markSize
		unit  = capHeight * scale
		gap   = 0.32
	)
	var out []segment
	x := 0.0
	for i := range len(letters) {
		strokes, width := strokes(letters[i])
		for _, s := range strokes {
			s.a.x += x
			s.b.x += x
			out = append(out, s)
		}
		x += width + gap
	}
	total := x - gap
	place := func(p point) point {
		return point{logoSize/2 + (p.x-total/2)*unit, logoSize/2 + (p.y-0.5)*unit}
	}
	for i, s := range out {
		out[i] = segment{place(s.a), place(s.b)}
	}
	return out
}

// letterCoverage is the part of a pixel that the strokes cover.
func letterCoverage(strokes []segment, px, py int) float64 {
	const (
		half  = penWidth * logoSize / markSize / 2
		reach = capHeight*logoSize/markSize*0.6 + half // letters dip a little below their box
	)
	p := point{float64(px) + 0.5, float64(py) + 0.5}
	if math.Abs(p.y-logoSize/2) > reach || math.Abs(p.x-logoSize/2) > 1.75*reach {
		return 0
	}
	nearest := math.Inf(1)
	for _, s := range strokes {
		nearest = min(nearest, s.distance(p))
	}
	return min(1, max(0, half-nearest+0.5))
}

// distance from a point to the segment.
func (s segment) distance(p point) float64 {
	dx, dy := s.b.x-s.a.x, s.b.y-s.a.y
	t := 0.0
	if l := dx*dx + dy*dy; l > 0 {
		t = min(1, max(0, ((p.x-s.a.x)*dx+(p.y-s.a.y)*dy)/l))
	}
	ex, ey := p.x-s.a.x-t*dx, p.y-s.a.y-t*dy
	return math.Sqrt(ex*ex + ey*ey)
}

// parseColor reads #rrggbb; the catalogue holds no other form.
func parseColor(s string) color.RGBA {
	n, _ := strconv.ParseUint(s[1:], 16, 32)
	return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 0xff}
}

func mixWhite(c color.RGBA, white float64) color.RGBA {
	mix := func(v uint8) uint8 { return uint8(math.Round(float64(v) + (255-float64(v))*white)) }
	return color.RGBA{mix(c.R), mix(c.G), mix(c.B), 0xff}
}

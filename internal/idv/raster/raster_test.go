package raster

import (
	"image"
	"image/color"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// corner is a picture with one dark pixel at the upper left.
func corner() *Gray {
	g := New(4, 3, 200)
	g.Pix[0] = 10
	return g
}

func TestTurns(t *testing.T) {
	g := corner()
	q := g.Quarter()
	if q.W != 3 || q.H != 4 || q.At(2, 0) != 10 {
		t.Errorf("a quarter: %+v", q)
	}
	if h := g.Half(); h.At(3, 2) != 10 || h.W != 4 {
		t.Errorf("a half: %+v", h)
	}
	four := g.Quarter().Quarter().Quarter().Quarter()
	if string(four.Pix) != string(g.Pix) || string(g.Quarter().Quarter().Pix) != string(g.Half().Pix) {
		t.Error("four quarters are not a whole")
	}
}

func TestLuminanceOfEveryKind(t *testing.T) {
	shape := image.Rect(2, 3, 6, 6) // not at the origin
	for name, m := range map[string]interface {
		image.Image
		Set(x, y int, c color.Color)
	}{
		"gray": image.NewGray(shape), "nrgba": image.NewNRGBA(shape), "rgba": image.NewRGBA(shape), "nrgba64": image.NewNRGBA64(shape), "gray16": image.NewGray16(shape),
		"cmyk": image.NewCMYK(shape), "paletted": image.NewPaletted(shape, color.Palette{color.White, color.Gray{200}, color.Gray{10}}),
	} {
		for y := 3; y < 6; y++ {
			for x := 2; x < 6; x++ {
				m.Set(x, y, color.Gray{200})
			}
		}
		m.Set(2, 3, color.Gray{10})
		g := From(m)
		if g.W != 4 || g.H != 3 || math.Abs(float64(g.At(0, 0))-10) > 1 || math.Abs(float64(g.At(3, 2))-200) > 1 {
			t.Errorf("%s: %v", name, g)
		}
	}
	if g := From(image.NewNRGBA(shape)); g.At(0, 0) != 255 {
		t.Error("what is transparent is not paper")
	}
	if g := From(image.NewYCbCr(shape, image.YCbCrSubsampleRatio420)); g.W != 4 || g.At(1, 1) != 0 {
		t.Errorf("%v", g)
	}
	if back := From(corner().Image()); string(back.Pix) != string(corner().Pix) {
		t.Error("a picture is not its own")
	}
}

func TestSampling(t *testing.T) {
	g := &Gray{W: 2, H: 2, Pix: []uint8{0, 100, 200, 100}}
	for _, c := range []struct{ x, y, want float64 }{{0, 0, 0}, {1, 0, 100}, {0.5, 0, 50}, {0.5, 0.5, 100}, {-5, -5, 0}, {9, 9, 100}, {0, 0.25, 50}} {
		if got := g.Between(c.x, c.y); math.Abs(got-c.want) > 0.01 {
			t.Errorf("%v: %v", c, got)
		}
	}
	if s := (&Gray{W: 4, H: 2, Pix: []uint8{0, 100, 10, 10, 100, 200, 10, 10}}).Shrunk(2); s.W != 2 || s.H != 1 || s.Pix[0] != 100 || s.Pix[1] != 10 {
		t.Errorf("%+v", s)
	}
	if g.Shrunk(5) != g {
		t.Error("a small picture was shrunk")
	}
}

// TestStraightened: a rectangle is cut out as it is, and any convex quadrangle has
// its corners in the corners.
func TestStraightened(t *testing.T) {
	g := New(60, 60, 0)
	for i := range g.Pix {
		g.Pix[i] = uint8(i%60*3 + i/60)
	}
	cut := g.Straightened([4]Point{{10, 20}, {30, 20}, {30, 50}, {10, 50}}, 20, 30)
	for y := range 30 {
		for x := range 20 {
			if cut.At(x, y) != g.At(10+x, 20+y) {
				t.Fatalf("%d, %d: %d", x, y, cut.At(x, y))
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		off := func(label string) float64 { return rapid.Float64Range(-4, 4).Draw(t, label) }
		q := [4]Point{{10 + off("a"), 10 + off("b")}, {50 + off("c"), 10 + off("d")}, {50 + off("e"), 50 + off("f")}, {10 + off("g"), 50 + off("h")}}
		m := projection(q)
		for i, c := range [4]Point{{0, 0}, {1, 0}, {1, 1}, {0, 1}} {
			if p := m.at(c.X, c.Y); math.Hypot(p.X-q[i].X, p.Y-q[i].Y) > 1e-6 {
				t.Fatalf("corner %d of %v: %v", i, q, p)
			}
		}
	})
}

// TestDark: ink is found at both ends of a page that lies half in the shadow.
func TestDark(t *testing.T) {
	g := New(200, 60, 0)
	for i := range g.Pix {
		g.Pix[i] = uint8(50 + i%200)
	}
	for _, x := range []int{20, 100, 180} {
		g.Pix[30*200+x] /= 2
	}
	dark := g.Dark(21, 20)
	n := 0
	for i, d := range dark {
		if d {
			n++
			if i != 30*200+20 && i != 30*200+100 && i != 30*200+180 {
				t.Errorf("%d, %d is dark", i%200, i/200)
			}
		}
	}
	if n != 3 {
		t.Errorf("%d dark pixels of 3", n)
	}
}

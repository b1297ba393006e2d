package face

import (
	"context"
	"image"
	"image/color"
	"image/draw"
	"math"
	"strings"
	"testing"
)

// TestCompare: a picture with itself is one person; what has no face in its middle,
// too few pixels or no detail tells nothing.
func TestCompare(t *testing.T) {
	if testing.Short() {
		t.Skip("two seconds, half a minute under the race detector")
	}
	ctx, l, m := context.Background(), NewLocal(), drawn(224, 100)
	if r, err := l.Compare(ctx, m, m); err != nil || r.Outcome != Same || r.Likeness != 100 || r.Distance > 1e-6 {
		t.Errorf("a face with itself: %+v, %v", r, err)
	}
	corner := image.NewRGBA(image.Rect(0, 0, 448, 448))
	draw.Draw(corner, m.Rect, m, image.Point{}, draw.Src)
	blurred := image.NewRGBA(m.Rect)
	draw.Draw(blurred, m.Rect, image.NewUniform(color.RGBA{200, 180, 160, 255}), image.Point{}, draw.Src)
	faint := image.NewUniform(color.Alpha{12})
	draw.DrawMask(blurred, m.Rect, m, image.Point{}, faint, image.Point{}, draw.Over)
	for name, other := range map[string]image.Image{
		"nobody": image.NewRGBA(m.Rect), "a face in the corner": corner, "a small face": drawn(112, 40), "next to nothing": blurred,
		"no picture": image.NewRGBA(image.Rectangle{}), "a line": image.NewRGBA(image.Rect(0, 0, 3000, 1)),
	} {
		if r, err := l.Compare(ctx, other, m); err != nil || r != (Result{}) {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

// TestTurned: the same face comes out of a picture that is brighter, larger, of
// another kind and not at the origin.
func TestTurned(t *testing.T) {
	if testing.Short() {
		t.Skip("a second, ten under the race detector")
	}
	m := drawn(224, 100)
	other := image.NewNRGBA(image.Rect(50, 60, 50+448, 60+448))
	for y := range 448 {
		for x := range 448 {
			// half a pixel to the left and turned by some ten degrees
			u, v := float64(x-224)/2, float64(y-224)/2
			c := m.RGBAAt(int(112+u*math.Cos(0.17)+v*math.Sin(0.17)), int(112-u*math.Sin(0.17)+v*math.Cos(0.17)))
			other.Set(50+x, 60+y, color.RGBA{min(c.R, 240) + 15, min(c.G, 240) + 15, min(c.B, 240) + 15, 255})
		}
	}
	if r, err := NewLocal().Compare(context.Background(), m, other); err != nil || r.Outcome != Same {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestOneAtATime: who cannot be served waits, and stops waiting.
func TestOneAtATime(t *testing.T) {
	l := NewLocal()
	l.place <- struct{}{}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r, err := l.Compare(ctx, nil, nil); err != context.Canceled || r.Outcome != Untold {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		distance, length float64
		outcome          Outcome
		likeness         int
	}{
		{0, 1.4, Same, 100}, {0.3, 1.4, Same, 75}, {0.499, 1.36, Same, 58}, {0.499, 1.35, Untold, 58}, {0.5, 1.4, Untold, 58},
		{0.6, 1.4, Untold, 50}, {0.699, 1.3, Untold, 42}, {0.7, 1.3, Different, 42}, {1.2, 1.4, Different, 0}, {1.9, 1.4, Different, 0},
	} {
		if r := judge(c.distance, c.length); r.Outcome != c.outcome || r.Likeness != c.likeness || r.Distance != c.distance {
			t.Errorf("%v: %+v", c.distance, r)
		}
	}
}

// TestConvolution holds the quick sums to the plain ones, at the edges and for
// numbers that are no multiples of what is done at a time.
func TestConvolution(t *testing.T) {
	seed := uint32(1)
	number := func() float32 {
		seed = seed*1664525 + 1013904223
		return float32(seed>>16)/65536 - 0.5
	}
	for _, c := range []struct {
		h, w, ins, outs, side, stride int
		pad                           padding
	}{{5, 7, 3, 3, 3, 1, same}, {6, 6, 2, 5, 3, 2, same}, {9, 8, 1, 4, 7, 2, valid}, {4, 5, 2, 2, 3, 1, one}, {13, 5, 3, 1, 1, 1, valid}} {
		in := newVolume(c.h, c.w, c.ins)
		for i := range in.data {
			in.data[i] = number()
		}
		f := &tensor{Shape: []int{c.side, c.side, c.ins, c.outs}, Quantization: &quantization{Scale: 0.01, Min: -1}}
		bytes := make([]byte, f.size())
		for i := range bytes {
			bytes[i] = byte(100 * (number() + 0.5))
		}
		f.data = string(bytes)
		then := after{make([]float32, c.outs), make([]float32, c.outs), 0.1}
		for i := range c.outs {
			then.scale[i], then.shift[i] = number()+1, number()
		}
		out, weights := convolve(in, f, c.stride, c.pad, then), f.all()
		oh, top := c.pad.windows(c.h, c.side, c.stride)
		ow, left := c.pad.windows(c.w, c.side, c.stride)
		if out.h != oh || out.w != ow || out.c != c.outs {
			t.Fatalf("%+v: %d, %d, %d", c, out.h, out.w, out.c)
		}
		for i, got := range out.data {
			o, x, y, sum := i%c.outs, i/c.outs%ow, i/c.outs/ow, 0.0
			for k := range c.side * c.side * c.ins {
				sy, sx := y*c.stride-top+k/c.ins/c.side, x*c.stride-left+k/c.ins%c.side
				if sy >= 0 && sy < c.h && sx >= 0 && sx < c.w {
					sum += float64(in.data[(sy*c.w+sx)*c.ins+k%c.ins]) * float64(weights[k*c.outs+o])
				}
			}
			if sum = sum*float64(then.scale[o]) + float64(then.shift[o]); sum < 0 {
				sum *= 0.1
			}
			if math.Abs(sum-float64(got)) > 1e-4 {
				t.Fatalf("%+v at %d: %v, not %v", c, i, got, sum)
			}
		}
	}
}

// TestWindows are the windows that TensorFlow fits in, its documentation's examples.
func TestWindows(t *testing.T) {
	for _, c := range []struct {
		pad                                    padding
		size, side, stride, windows, zeroFirst int
	}{{same, 112, 3, 2, 56, 0}, {same, 35, 3, 1, 35, 1}, {same, 207, 2, 2, 104, 0}, {same, 13, 6, 5, 3, 1}, {valid, 13, 6, 5, 2, 0}, {valid, 150, 7, 2, 72, 0}, {one, 26, 3, 1, 26, 1}} {
		if n, front := c.pad.windows(c.size, c.side, c.stride); n != c.windows || front != c.zeroFirst {
			t.Errorf("%+v: %d, %d", c, n, front)
		}
	}
}

// TestManifest: a manifest that does not belong to its weights is refused.
func TestManifest(t *testing.T) {
	const entry = `{"name":"a","shape":[2,2],"dtype":"float32","quantization":{"dtype":"uint8","scale":0.5,"min":-1}}`
	n, err := read([]byte(`[{"weights":[`+entry+`,{"name":"b","shape":[1],"dtype":"float32"}]}]`), "\x00\x01\x02\xff\x00\x00\x80\x3f")
	if err != nil {
		t.Fatal(err)
	}
	if a := n.get("a", 2, 2).all(); a[0] != -1 || a[1] != -0.5 || a[3] != 126.5 || n["b"].all()[0] != 1 {
		t.Errorf("%v, %v", a, n["b"].all())
	}
	for weights, manifest := range map[string]string{
		"abc":   `[{"weights":[` + entry + `]}]`,
		"abcde": `[{"weights":[` + entry + `]}]`,
		"abcd":  `[{"weights":[` + strings.Replace(entry, "uint8", "uint16", 1) + `]}]`,
		"":      `[{"weights":[` + strings.Replace(entry, "2,2", "0", 1) + `]}]`,
		"ab":    `{"weights":`,
	} {
		if _, err := read([]byte(manifest), weights); err == nil {
			t.Errorf("%s of %q was read", manifest, weights)
		}
	}
}

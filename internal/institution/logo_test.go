package institution

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/png"
	"testing"
)

func decodeLogo(t *testing.T, text string) image.Image {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func TestLogosAreDrawn(t *testing.T) {
	c := New()
	for _, in := range c.List(Filter{}) {
		text := c.Logo(in.ID)
		img := decodeLogo(t, text)
		if got := img.Bounds(); got != image.Rect(0, 0, 152, 152) {
			t.Errorf("%s: logo is %v", in.ID, got)
		}
		if white(img) < 150 {
			t.Errorf("%s: no letters %q on the logo", in.ID, in.mark.Letters)
		}
		if c.Logo(in.ID) != text {
			t.Errorf("%s: drawn differently the second time", in.ID)
		}
	}
	if c.Logo("ins_-1") != "" {
		t.Error("an unknown institution has a logo")
	}
}

// white counts the pixels that only letters can make.
func white(img image.Image) int {
	n := 0
	for y := range 152 {
		for x := range 152 {
			if r, g, b, _ := img.At(x, y).RGBA(); r&g&b == 0xffff {
				n++
			}
		}
	}
	return n
}

func TestEveryLetterHasStrokes(t *testing.T) {
	for c := range 128 {
		letter := byte(c)
		if !markShape.MatchString(string([]byte{letter, letter})) {
			continue
		}
		segments, width := strokes(letter)
		if len(segments) == 0 || width > 1.2 {
			t.Errorf("%c: %d segments, width %v", letter, len(segments), width)
		}
		for _, s := range segments {
			for _, p := range []point{s.a, s.b} {
				if p.x < -0.05 || p.y < -0.05 || p.y > 1.1 {
					t.Errorf("%c leaves its box at %v", letter, p)
				}
			}
		}
	}
}

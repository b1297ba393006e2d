package institution

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/png"
	"os"
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

// TestWriteLogoSheet writes the letters and weaves to a file for a look at them.
func TestWriteLogoSheet(t *testing.T) {
	path := os.Getenv("GLENCHECK_LOGO_SHEET")
	if path == "" {
		t.Skip("set GLENCHECK_LOGO_SHEET to a file name to draw it")
	}
	const columns = 6
	words := []string{"AB", "CD", "EF", "GH", "IJ", "KL", "MN", "OP", "QR", "ST", "UV", "WX", "YZ", "01", "23", "45", "67", "89", "FP", "PO", "HB", "WB", "FG", "TF"}
	sheet := image.NewRGBA(image.Rect(0, 0, columns*160, (len(words)+columns-1)/columns*160))
	for n, w := range words {
		img := decodeLogo(t, drawLogo(Mark{w, n%8 + 1, string("abcd"[n%4])}))
		for y := range 152 {
			for x := range 152 {
				sheet.Set(n%columns*160+x, n/columns*160+y, img.At(x, y))
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, sheet); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

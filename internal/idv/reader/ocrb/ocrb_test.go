package ocrb_test

import (
	"image/jpeg"
	"os"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/reader/ocrb"
	"github.com/glencheck-dev/glencheck/internal/idv/reader/specimentest"
)

func errorsIn(lines []ocrb.Line, zone []string) int {
	n := 0
	for i, want := range zone {
		if i >= len(lines) || len(lines[i].Text) != len(want) {
			n += len(want)
			continue
		}
		for j := range want {
			if lines[i].Text[j] != want[j] {
				n++
			}
		}
	}
	return n
}

func texts(lines []ocrb.Line) string {
	var all []string
	for _, l := range lines {
		all = append(all, l.Text)
	}
	return strings.Join(all, "\n")
}

// TestWhatACameraAdds: every character is read, under each fault that pictures
// have, within its limits.
func TestWhatACameraAdds(t *testing.T) {
	if testing.Short() {
		t.Skip("many pictures of pure functions")
	}
	zone := specimentest.Utopian.TD3()
	page := specimentest.Page(zone, 15)
	framed := specimentest.On(page, page.W+150, page.H+150, 60)
	for name, g := range map[string]*raster.Gray{
		"clean":      page,
		"small":      specimentest.Page(zone, 12),
		"noise":      specimentest.Noisy(page, 25, 1),
		"blur":       specimentest.Blurred(page, 1.3),
		"turned 4":   specimentest.Turned(framed, 4, 60),
		"turned -9":  specimentest.Turned(framed, -9, 60),
		"leaning":    specimentest.Leaning(page, 0.15),
		"shadow":     specimentest.Lit(page, 0.25, 1),
		"faded":      specimentest.Faded(page, 110, 180),
		"everything": specimentest.Noisy(specimentest.Lit(specimentest.Blurred(specimentest.Turned(specimentest.Leaning(page, 0.06), 3, 120), 0.7), 0.6, 1), 10, 3),
	} {
		lines := ocrb.Lines(g)
		if n := errorsIn(lines, zone); n > 0 || len(lines) != len(zone) {
			t.Errorf("%s: %d wrong characters\n%s", name, n, texts(lines))
		}
	}
}

func TestOtherZones(t *testing.T) {
	u := specimentest.Utopian
	for _, zone := range [][]string{u.TD1(), u.TD2(), u.Visa(36)} {
		lines := ocrb.Lines(specimentest.Noisy(specimentest.Page(zone, 16), 6, 1))
		if n := errorsIn(lines, zone); n > 0 || len(lines) != len(zone) {
			t.Errorf("%d wrong characters\n%s", n, texts(lines))
		}
	}
}

// TestAnotherRenderersPage: testdata was drawn by Chromium with the font in two
// weights, in perspective, with other print, and saved as JPEG of quality 40.
func TestAnotherRenderersPage(t *testing.T) {
	for _, name := range []string{"utopia", "light"} {
		f, err := os.Open("testdata/" + name + ".jpg")
		if err != nil {
			t.Fatal(err)
		}
		m, err := jpeg.Decode(f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		all := texts(ocrb.Lines(raster.From(m)))
		for _, want := range specimentest.Utopian.TD3() {
			if !strings.Contains(all, want) {
				t.Errorf("%s: no %s in\n%s", name, want, all)
			}
		}
	}
}

func TestWhatHasNoLines(t *testing.T) {
	noise := specimentest.Noisy(raster.New(300, 200, 128), 60, 1)
	for name, g := range map[string]*raster.Gray{"a point": raster.New(1, 1, 0), "paper": raster.New(400, 300, 250), "noise": noise, "a line": raster.New(900, 1, 9)} {
		if lines := ocrb.Lines(g); len(lines) > 0 {
			t.Errorf("%s: %s", name, texts(lines))
		}
	}
}

func FuzzLines(f *testing.F) {
	f.Add([]byte{0, 255, 0, 255, 9, 9}, uint8(3))
	page := specimentest.Page([]string{"P<UTO", "L8989"}, 8)
	f.Add(page.Pix, uint8(page.W))
	f.Fuzz(func(_ *testing.T, pix []byte, width uint8) {
		if w := int(width); w > 0 && len(pix) >= w && len(pix) < 1<<15 {
			ocrb.Lines(&raster.Gray{W: w, H: len(pix) / w, Pix: pix[:len(pix)/w*w]})
		}
	})
}

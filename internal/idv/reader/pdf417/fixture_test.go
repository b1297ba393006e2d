package pdf417

import (
	"image/png"
	"os"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/reader/specimentest"
)

// TestAnotherEncodersSymbols: testdata was drawn by bwip-js 4, from the same text,
// with its own choice of compaction.
func TestAnotherEncodersSymbols(t *testing.T) {
	want := specimentest.AAMVA("636037", 10, "DL", specimentest.Hoosier)
	for _, name := range []string{"licence", "narrow"} {
		f, err := os.Open("testdata/" + name + ".png")
		if err != nil {
			t.Fatal(err)
		}
		m, err := png.Decode(f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		if s, err := Decode(raster.From(m)); err != nil || s.Text != want || s.Corrected != 0 {
			t.Errorf("%s: %v %+v", name, err, s)
		}
	}
}

package ocrb_test

import (
	"testing"

	"github.com/glencheck-dev/glencheck/internal/idv/reader/ocrb"
	"github.com/glencheck-dev/glencheck/internal/idv/reader/specimentest"
)

// BenchmarkAPassport: the data page in a picture of five megapixels.
func BenchmarkAPassport(b *testing.B) {
	g := specimentest.Noisy(specimentest.Page(specimentest.Utopian.TD3(), 54), 5, 1)
	b.Logf("%d x %d", g.W, g.H)
	for b.Loop() {
		if len(ocrb.Lines(g)) != 2 {
			b.Fatal("not two lines")
		}
	}
}

package pdf417

import (
	"testing"

	"github.com/glencheck-dev/glencheck/internal/idv/reader/specimentest"
)

// BenchmarkDecodeALicence: the back of a licence in a picture of six megapixels.
func BenchmarkDecodeALicence(b *testing.B) {
	text := specimentest.AAMVA("636037", 10, "DL", specimentest.Hoosier)
	s := specimentest.LicenceSymbol.Draw(text, codewordsTXT)
	g := specimentest.Noisy(specimentest.Turned(specimentest.On(s, 2800, 1900, 210), 3, 60), 6, 1)
	for b.Loop() {
		if s, err := Decode(g); err != nil || s.Text != text {
			b.Fatal(err)
		}
	}
}

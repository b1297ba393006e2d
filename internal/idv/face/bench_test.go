package face

import "testing"

// BenchmarkDescribe is one face of one picture; a comparison is two.
func BenchmarkDescribe(b *testing.B) {
	m := drawn(512, 230)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := describe(m); !ok {
			b.Fatal("no face")
		}
	}
}

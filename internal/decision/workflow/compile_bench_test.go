package workflow

import "testing"

// BenchmarkCompile is what the first evaluation after a start waits for.
func BenchmarkCompile(b *testing.B) {
	d, err := Parse([]byte(ownership))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Compile(d); err != nil {
			b.Fatal(err)
		}
	}
}

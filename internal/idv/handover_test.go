package idv

import (
	"fmt"
	"testing"

	"rsc.io/qr"
)

// The path has each dark square of the code once, and no light one.
func TestSquares(t *testing.T) {
	code, err := qr.Encode("https://verify.example/verify/idv_4sCMm3Zq8bTnXv?key=23ff256043e27f2bc6dd7cf6fa3d23b4", qr.M)
	if err != nil {
		t.Fatal(err)
	}
	drawn := map[[2]int]int{}
	rest := squares(code)
	for rest != "" {
		var x, y, w, back int
		if n, err := fmt.Sscanf(rest, "M%d %dh%dv1h-%dz", &x, &y, &w, &back); n != 4 || err != nil || w != back || w < 1 {
			t.Fatalf("the path goes on with %.30q: %v", rest, err)
		}
		rest = rest[len(fmt.Sprintf("M%d %dh%dv1h-%dz", x, y, w, back)):]
		for i := range w {
			drawn[[2]int{x + i, y}]++
		}
	}
	for y := range code.Size {
		for x := range code.Size {
			if n := drawn[[2]int{x, y}]; (n == 1) != code.Black(x, y) {
				t.Fatalf("the square at %d, %d is drawn %d times", x, y, n)
			}
		}
	}
}

// Addresses that lead nowhere from a phone are told from those that do.
func TestLocal(t *testing.T) {
	for address, want := range map[string]bool{
		"http://localhost:8484/verify/x": true, "http://127.0.0.1/verify/x": true, "http://[::1]:8484/": true, "http://app.localhost/": true,
		"https://verify.example/": false, "http://192.168.1.5:8484/": false, "https://localhost.example/": false,
	} {
		if local(address) != want {
			t.Errorf("%s: %v", address, !want)
		}
	}
}

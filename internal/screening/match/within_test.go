package match

import (
	"testing"

	"pgregory.net/rapid"

	idmatch "github.com/glencheck-dev/glencheck/internal/identity/match"
)

// TestWithinIsTheDistance: up to the bound it is the distance, and beyond it more than
// the bound.
func TestWithinIsTheDistance(t *testing.T) {
	word := rapid.OneOf(rapid.StringMatching(`[ab]{0,9}`), rapid.StringMatching(`[a-d]{3,14}`), rapid.StringMatching(`[aéж]{0,6}`))
	rapid.Check(t, func(t *rapid.T) {
		x, y, d := word.Draw(t, "x"), word.Draw(t, "y"), rapid.IntRange(1, 3).Draw(t, "d")
		got, want := within(x, y, d), idmatch.Distance(x, y)
		if want <= d && got != want || want > d && got <= d {
			t.Fatalf("%q and %q within %d: %d, the distance is %d", x, y, d, got, want)
		}
	})
}

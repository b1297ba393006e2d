package auth

import "testing"

func TestNameScore(t *testing.T) {
	for _, c := range []struct {
		a, b string
		from int
		to   int
	}{
		{"John Smith", "John Smith", 100, 100},
		{"john  SMITH", "John Smith", 100, 100},
		{"José Núñez", "Jose Nunez", 99, 99},
		{"John O'Brien", "John OBrien", 99, 99},
		{"John Smith Jr.", "John Smith", 95, 98},
		{"John Michael Smith", "John Smith", 95, 98},
		{"Andrew Smith", "Andrew Simth", 85, 99},
		{"Bob Smith", "Robert Smith", 85, 99},
		{"Andrew Smith", "Andy Simth", 70, 84},
		{"Andrew Smith", "Betty Smith", 50, 69},
		{"Smith John", "John Smith", 85, 99},
		{"Andrew Smith", "Ray Charles", 0, 49},
		{"", "John Smith", 0, 0},
		{"—", "John Smith", 0, 0},
		{"J Smith", "John Smith", 85, 94},
	} {
		if got, back := nameScore(c.a, []string{c.b}), nameScore(c.b, []string{c.a}); got < c.from || got > c.to || got != back {
			t.Errorf("%q and %q score %d and %d, want %d to %d", c.a, c.b, got, back, c.from, c.to)
		}
	}
	if got := nameScore("Jane Smith", []string{"Peter Miller", "Jane Smith"}); got != 100 {
		t.Errorf("the best of several names scores %d", got)
	}
	if got := nameScore("Jane Smith", nil); got != 0 {
		t.Errorf("no name scores %d", got)
	}
}

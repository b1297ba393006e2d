package match

import (
	"unicode/utf8"

	idmatch "github.com/glencheck-dev/glencheck/internal/identity/match"
)

// within is how many letters of two words are wrong, or any number above d where they
// are more than d: it looks no further than d places to the side.
func within(x, y string, d int) int {
	const longest, wide = 40, 3
	if len(x) > longest || len(y) > longest || d > wide || !ascii(x) || !ascii(y) {
		return idmatch.Distance(x, y)
	}
	if len(x)-len(y) > d || len(y)-len(x) > d {
		return d + 1
	}
	// A row holds the distances of x[:i] and y[:j] for j from i-d to i+d, and what is
	// beyond on both sides.
	const far = 100
	var rows [3][2*wide + 3]int
	before, prev, row := &rows[0], &rows[1], &rows[2]
	for k := range prev {
		prev[k], before[k] = far, far
		if j := k - 1 - d; j >= 0 && j <= len(y) && k <= 2*d+1 {
			prev[k] = j
		}
	}
	for i := 1; i <= len(x); i++ {
		least := far
		for k := range row {
			row[k] = far
		}
		for k := 1; k <= 2*d+1; k++ {
			j := i + k - 1 - d
			switch {
			case j < 0 || j > len(y):
				continue
			case j == 0:
				row[k] = i
			default:
				cost := 1
				if x[i-1] == y[j-1] {
					cost = 0
				}
				row[k] = min(prev[k]+cost, prev[k+1]+1, row[k-1]+1)
				if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
					row[k] = min(row[k], before[k]+1)
				}
			}
			least = min(least, row[k])
		}
		if least > d && i > 1 && !reaches(prev, d) {
			return d + 1
		}
		before, prev, row = prev, row, before
	}
	return prev[len(y)-len(x)+1+d]
}

// reaches reports whether a row has a distance of d or less: a transposition may still
// go on from it.
func reaches(row *[9]int, d int) bool {
	for _, n := range row {
		if n <= d {
			return true
		}
	}
	return false
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

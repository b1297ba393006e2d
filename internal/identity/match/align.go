package match

import "math/bits"

// assignment says which word of a goes with which of b: of[i] is the index in b,
// -1 for none.
type assignment struct {
	of   []int
	used uint16 // words of b that go with one of a
	n, m int
}

// lonely is what a word that goes with none costs, in the unit of cost functions:
// more than any pair, so that words go together if they can.
const lonely = 1000

// assign finds the cheapest way to pair the words of two names. Of equally cheap
// ways it takes the first in the order of a's words.
func assign(a, b *name, cost func(a, b *name, i, j int) (int, bool)) assignment {
	n, m := len(a.words), len(b.words)
	var costs [maxWords][maxWords]int
	for i := range n {
		for j := range m {
			c, ok := cost(a, b, i, j)
			if !ok {
				c = 3 * lonely // leaving both alone is cheaper
			}
			costs[i][j] = c
		}
	}
	// best[i][mask] is the least cost of the words from i on, when those of b in
	// mask are taken.
	var best [maxWords + 1][1 << maxWords]int32
	full := 1 << m
	for mask := range full {
		best[n][mask] = int32((m - bits.OnesCount(uint(mask))) * lonely)
	}
	for i := n - 1; i >= 0; i-- {
		for mask := range full {
			if bits.OnesCount(uint(mask)) > i {
				continue
			}
			least := best[i+1][mask] + lonely
			for j := range m {
				if mask&(1<<j) == 0 {
					least = min(least, best[i+1][mask|1<<j]+int32(costs[i][j]))
				}
			}
			best[i][mask] = least
		}
	}
	out := assignment{of: make([]int, n), n: n, m: m}
	mask := 0
	for i := range n {
		out.of[i] = -1
		if best[i][mask] == best[i+1][mask]+lonely {
			continue
		}
		for j := range m {
			if mask&(1<<j) == 0 && best[i][mask] == best[i+1][mask|1<<j]+int32(costs[i][j]) {
				out.of[i] = j
				mask |= 1 << j
				break
			}
		}
	}
	out.used = uint16(mask)
	return out
}

// freeA and freeB are the words that go with none.
func (m assignment) freeA() []int {
	var free []int
	for i, j := range m.of {
		if j < 0 {
			free = append(free, i)
		}
	}
	return free
}

func (m assignment) freeB() []int {
	var free []int
	for j := range m.m {
		if m.used&(1<<j) == 0 {
			free = append(free, j)
		}
	}
	return free
}

// disordered reports whether the pairs stand in another order.
func (m assignment) disordered() bool {
	last := -1
	for _, j := range m.of {
		if j < 0 {
			continue
		}
		if j < last {
			return true
		}
		last = j
	}
	return false
}

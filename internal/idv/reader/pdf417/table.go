package pdf417

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed codewords.txt
var codewordsTXT string

// Codewords is the table of the standard: a line for each value from 0 to 928, with
// its seventeen modules in each of the three clusters, in hexadecimal digits.
func Codewords() string { return codewordsTXT }

// modules is the width of a codeword.
const modules = 17

// pattern is a codeword as bars and spaces.
type pattern struct {
	cluster int // 0, 1, 2 for the standard's 0, 3, 6
	value   int
	widths  [8]int
}

// edges are the sums of neighbours, which do not change when ink spreads.
func (p *pattern) edges() [6]int {
	var e [6]int
	for i := range e {
		e[i] = p.widths[i] + p.widths[i+1]
	}
	return e
}

type tables struct {
	patterns []pattern
	byEdges  map[[6]int][]int
}

var table = sync.OnceValue(func() *tables {
	t := &tables{byEdges: map[[6]int][]int{}}
	value := 0
	for line := range strings.Lines(codewordsTXT) {
		var bits [3]int
		if _, err := fmt.Sscanf(line, "%x %x %x", &bits[0], &bits[1], &bits[2]); err != nil {
			panic(fmt.Sprintf("pdf417: line %d: %v", value+1, err))
		}
		for cluster, b := range bits {
			p := pattern{cluster: cluster, value: value, widths: widths(b)}
			t.byEdges[p.edges()] = append(t.byEdges[p.edges()], len(t.patterns))
			t.patterns = append(t.patterns, p)
		}
		value++
	}
	return t
})

// widths cuts seventeen bits into bars and spaces.
func widths(bits int) (w [8]int) {
	at, dark := 0, true
	for i := modules - 1; i >= 0; i-- {
		if (bits>>i&1 == 1) != dark {
			dark, at = !dark, at+1
		}
		w[at]++
	}
	return w
}

// nearest is the codeword whose shape is closest to eight measured runs, with how
// far it is: the sum of the squares of the differences, in modules. Where no
// codeword has the measured edges, one edge may be off by a module; nil if that
// does not help either.
func (t *tables) nearest(runs [8]float64) (p *pattern, distance float64) {
	total := 0.0
	for _, r := range runs {
		total += r
	}
	module := total / modules
	var e [6]int
	for i := range e {
		e[i] = int((runs[i]+runs[i+1])/module + 0.5)
	}
	if p, distance = t.among(e, runs, module); p != nil {
		return p, distance
	}
	distance = 1e9
	for i := range e {
		for _, off := range [2]int{-1, 1} {
			e[i] += off
			if q, d := t.among(e, runs, module); d < distance {
				p, distance = q, d
			}
			e[i] -= off
		}
	}
	return p, distance + 1 // a guess, worth less than a fit
}

// among is the closest of the codewords with the same edges.
func (t *tables) among(e [6]int, runs [8]float64, module float64) (p *pattern, distance float64) {
	distance = 1e9
	for _, i := range t.byEdges[e] {
		if d := t.patterns[i].distance(runs, module); d < distance {
			p, distance = &t.patterns[i], d
		}
	}
	return p, distance
}

func (p *pattern) distance(runs [8]float64, module float64) float64 {
	sum := 0.0
	for i, w := range p.widths {
		d := runs[i]/module - float64(w)
		sum += d * d
	}
	return sum
}

package machine

import (
	"strings"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
)

// Symbol is how a PDF417 symbol is to be drawn.
type Symbol struct {
	Columns int  // of data, 1 to 30
	Level   int  // of error correction, 0 to 8
	Module  int  // pixels
	Height  int  // of a row, in modules
	Text    bool // text compaction rather than bytes
}

// LicenceSymbol is as on the back of a licence.
var LicenceSymbol = Symbol{Columns: 13, Level: 5, Module: 4, Height: 3}

// Matrix is the symbol's modules, one line a row. Table holds the patterns of the
// three clusters, the text of the standard's table.
func (s Symbol) Matrix(data, table string) [][]bool {
	patterns := clusters(table)
	words := s.codewords(data)
	rows := len(words) / s.Columns
	indicators := [3]int{(rows - 1) / 3, 3*s.Level + (rows-1)%3, s.Columns - 1}
	var matrix [][]bool
	for r := range rows {
		k := r % 3
		line := bits(nil, 0x1fea8, 17)
		line = bits(line, patterns[k][30*(r/3)+indicators[k]], 17)
		for _, w := range words[r*s.Columns : (r+1)*s.Columns] {
			line = bits(line, patterns[k][w], 17)
		}
		line = bits(line, patterns[k][30*(r/3)+indicators[(k+2)%3]], 17)
		matrix = append(matrix, bits(line, 0x3fa29, 18))
	}
	return matrix
}

// Draw is the symbol in black on white, with a quiet zone.
func (s Symbol) Draw(data, table string) *raster.Gray {
	matrix := s.Matrix(data, table)
	quiet := 4 * s.Module
	g := raster.New(len(matrix[0])*s.Module+2*quiet, len(matrix)*s.Height*s.Module+2*quiet, 255)
	for r, line := range matrix {
		for c, dark := range line {
			if !dark {
				continue
			}
			for y := range s.Height * s.Module {
				for x := range s.Module {
					g.Pix[(quiet+r*s.Height*s.Module+y)*g.W+quiet+c*s.Module+x] = 0
				}
			}
		}
	}
	return g
}

func clusters(table string) (out [3][]int) {
	for line := range strings.Lines(table) {
		for k, word := range strings.Fields(line) {
			v := 0
			for _, c := range word {
				v = v*16 + strings.IndexRune("0123456789abcdef", c)
			}
			out[k] = append(out[k], v)
		}
	}
	return out
}

func bits(line []bool, v, n int) []bool {
	for i := n - 1; i >= 0; i-- {
		line = append(line, v>>i&1 == 1)
	}
	return line
}

// codewords are the data, padding and correction, in whole rows.
func (s Symbol) codewords(data string) []int {
	words := byteWords(data)
	if s.Text {
		words = textWords(data)
	}
	k := 2 << s.Level
	n := 1 + len(words) + k
	for n%s.Columns != 0 || n/s.Columns < 3 {
		words, n = append(words, 900), n+1
	}
	return corrected(append([]int{1 + len(words)}, words...), k)
}

func byteWords(data string) []int {
	words := []int{901}
	if len(data)%6 == 0 {
		words[0] = 924
	}
	for len(data) >= 6 {
		v := 0
		for i := range 6 {
			v = v<<8 | int(data[i])
		}
		group := make([]int, 5)
		for i := range group {
			group[4-i], v = v%900, v/900
		}
		words, data = append(words, group...), data[6:]
	}
	for i := range len(data) {
		words = append(words, int(data[i]))
	}
	return words
}

// textWords writes capitals, small letters and what the mixed alphabet has, each
// of another alphabet after a switch; all else goes as single bytes.
func textWords(data string) []int {
	const mixed = "0123456789&\r\t,:#-.$/+%*=^"
	var words, half []int
	flush := func() {
		if len(half)%2 == 1 {
			half = append(half, 29) // a shift that nothing follows
		}
		for i := 0; i+1 < len(half); i += 2 {
			words = append(words, half[i]*30+half[i+1])
		}
		half = nil
	}
	mode := 'A'
	to := func(want rune, from map[rune][]int) {
		if mode != want {
			half, mode = append(half, from[mode]...), want
		}
	}
	for _, c := range []byte(data) {
		switch at := strings.IndexByte(mixed, c); {
		case 'A' <= c && c <= 'Z':
			to('A', map[rune][]int{'a': {28, 28}, '0': {28}})
			half = append(half, int(c-'A'))
		case 'a' <= c && c <= 'z':
			to('a', map[rune][]int{'A': {27}, '0': {27}})
			half = append(half, int(c-'a'))
		case c == ' ':
			half = append(half, 26)
		case at >= 0:
			to('0', map[rune][]int{'A': {28}, 'a': {28}})
			half = append(half, at)
		case c == '\n':
			half = append(half, 29, 15) // one of punctuation
		default:
			if len(half)%2 == 1 { // a shift would swallow the next character: latch to where we are
				half = append(half, map[rune]int{'A': 28, 'a': 28, '0': 28}[mode])
				if mode == '0' {
					mode = 'A'
				} else {
					mode = '0'
				}
			}
			flush()
			words = append(words, 913, int(c))
		}
	}
	flush()
	return words
}

// corrected appends the k codewords of correction: the rest of the data divided by
// the product of (x - 3^j), in the field of 929.
func corrected(words []int, k int) []int {
	divisor := []int{1} // from the highest power
	root := 1
	for range k {
		root = root * 3 % 929
		next := make([]int, len(divisor)+1)
		for i, d := range divisor {
			next[i] = (next[i] + d) % 929
			next[i+1] = (next[i+1] + (929-root)*d) % 929
		}
		divisor = next
	}
	rest := append(append([]int{}, words...), make([]int, k)...)
	for i := range words {
		lead := rest[i]
		for j, d := range divisor {
			rest[i+j] = (rest[i+j] + (929-lead)*d) % 929
		}
	}
	for _, r := range rest[len(words):] {
		words = append(words, (929-r)%929)
	}
	return words
}

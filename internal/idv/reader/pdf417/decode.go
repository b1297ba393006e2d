package pdf417

import (
	"errors"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
)

// Symbol is a decoded symbol.
type Symbol struct {
	Text  string // UTF-8, or Latin-1 made UTF-8
	Bytes []byte

	Rows, Columns, Level int
	Corrected            int // codewords that correction changed
	Erased               int // of them, those that could not be read at all
}

// What keeps a symbol from being decoded.
var (
	ErrNotFound   = errors.New("pdf417: no symbol found")
	ErrUnreadable = errors.New("pdf417: a symbol is there and cannot be read")
)

// Decode finds the symbol in a picture and reads it, whichever way up it is.
// ErrUnreadable means that a symbol was seen, damaged, blurred or cut.
func Decode(g *raster.Gray) (*Symbol, error) {
	err := ErrNotFound
	for turn := range 4 {
		switch turn {
		case 1:
			g = g.Half()
		case 2:
			g = g.Quarter()
		case 3:
			g = g.Half()
		}
		found, ok := locate(g)
		if !ok {
			continue
		}
		if s, ok := found.decode(g); ok {
			return s, nil
		}
		err = ErrUnreadable
	}
	return nil, err
}

// decode reads a symbol that has been found.
func (l located) decode(g *raster.Gray) (*Symbol, bool) {
	flat, columns, ok := l.straightened(g)
	if !ok {
		return nil, false
	}
	all := readings(flat, columns)
	s, ok := indicated(all, columns)
	if !ok {
		return nil, false
	}
	left, okLeft := ruler(all, 0, s)
	right, okRight := ruler(all, columns+1, s)
	switch {
	case !okLeft && !okRight:
		return nil, false
	case !okLeft:
		left = right
	case !okRight:
		right = left
	}
	words, erased := voted(all, s, left, right)
	return solved(words, erased, s)
}

// solved corrects and unpacks the codewords.
func solved(words, erased []int, s shape) (*Symbol, bool) {
	k := 2 << s.level
	if k >= len(words) {
		return nil, false
	}
	corrected, ok := correct(words, k, erased)
	if !ok {
		return nil, false
	}
	data, ok := unpacked(words[:len(words)-k])
	if !ok {
		return nil, false
	}
	return &Symbol{Text: asText(data), Bytes: data, Rows: s.rows, Columns: s.columns, Level: s.level, Corrected: corrected, Erased: len(erased)}, true
}

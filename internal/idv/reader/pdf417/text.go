package pdf417

import (
	"math/big"
	"unicode/utf8"
)

// The codewords that change how the next ones are read.
const (
	latchText    = 900
	latchBytes   = 901
	latchNumbers = 902
	shiftByte    = 913
	latchSixes   = 924
	firstLatch   = 900
	eciUser      = 925 // 925, 926, 927: one or two arguments
	macroField   = 923
	macroEnd     = 922
	macroBlock   = 928
)

// unpacked reads the data codewords, the first of which is their number.
func unpacked(words []int) ([]byte, bool) {
	if len(words) == 0 || words[0] < 1 || words[0] > len(words) {
		return nil, false
	}
	words = words[1:words[0]]
	var out []byte
	mode := latchText
	for len(words) > 0 {
		switch w := words[0]; {
		case w == latchText, w == latchBytes, w == latchNumbers, w == latchSixes:
			mode, words = w, words[1:]
			if mode == latchText && len(words) == 0 {
				return out, true
			}
		case w == shiftByte && mode != latchText:
			return nil, false
		case w > eciUser && w <= eciUser+2 || w == eciUser:
			skip := 2
			if w == eciUser+1 {
				skip = 3
			}
			words = words[min(skip, len(words)):]
			continue
		case w == macroBlock, w == macroEnd, w == macroField:
			return out, true // what follows describes the file
		case w > firstLatch && w != shiftByte:
			return nil, false
		}
		run := 0
		for run < len(words) && (words[run] < firstLatch || mode == latchText && words[run] == shiftByte) {
			if words[run] == shiftByte {
				run++ // the byte after it is below 256
			}
			run++
		}
		run = min(run, len(words))
		part, ok := section(mode, words[:run])
		if !ok {
			return nil, false
		}
		out, words = append(out, part...), words[run:]
	}
	return out, true
}

func section(mode int, words []int) ([]byte, bool) {
	switch mode {
	case latchBytes, latchSixes:
		return bytesOf(words, mode == latchSixes), true
	case latchNumbers:
		return digitsOf(words)
	}
	return textOf(words)
}

// bytesOf reads five codewords as six bytes; what is over is a byte each, in 901
// always the last one to five.
func bytesOf(words []int, sixes bool) []byte {
	var out []byte
	groups := len(words) / 5
	if !sixes && len(words) > 0 {
		groups = (len(words) - 1) / 5
	}
	for range groups {
		v := 0
		for _, w := range words[:5] {
			v = v*900 + w
		}
		for shift := 40; shift >= 0; shift -= 8 {
			out = append(out, byte(v>>shift))
		}
		words = words[5:]
	}
	for _, w := range words {
		out = append(out, byte(w))
	}
	return out
}

// digitsOf reads up to fifteen codewords as up to forty-four digits after a one.
func digitsOf(words []int) ([]byte, bool) {
	var out []byte
	for len(words) > 0 {
		group := words[:min(15, len(words))]
		words = words[len(group):]
		v := new(big.Int)
		for _, w := range group {
			v.Add(v.Mul(v, big.NewInt(900)), big.NewInt(int64(w)))
		}
		s := v.String()
		if s[0] != '1' {
			return nil, false
		}
		out = append(out, s[1:]...)
	}
	return out, true
}

const (
	mixedChars = "0123456789&\r\t,:#-.$/+%*=^"
	punctChars = ";<>@[\\]_`~!\r\t,:\n-.$/\"|*()?{}'"
)

// submode is the alphabet of text compaction.
type submode byte

const (
	alpha submode = iota
	lower
	mixed
	punct
)

// textOf reads two characters a codeword.
func textOf(words []int) ([]byte, bool) {
	var out []byte
	now, once := alpha, submode(255)
	for i := 0; i < len(words); i++ {
		if words[i] == shiftByte {
			if i++; i >= len(words) || words[i] > 255 {
				return nil, false
			}
			out = append(out, byte(words[i]))
			continue
		}
		for _, c := range [2]int{words[i] / 30, words[i] % 30} {
			in := now
			if once != 255 {
				in, once = once, 255
			}
			b, next, shift := character(in, c)
			switch {
			case b != 0:
				out = append(out, b)
			case shift:
				once = next
			default:
				now = next
			}
		}
	}
	return out, true
}

// character is a character of an alphabet, or the alphabet that it switches to,
// for good or for the next character. No character is zero.
func character(in submode, c int) (b byte, next submode, shift bool) {
	switch in {
	case alpha, lower:
		switch {
		case c < 26 && in == alpha:
			return byte('A' + c), in, false
		case c < 26:
			return byte('a' + c), in, false
		case c == 26:
			return ' ', in, false
		case c == 27 && in == alpha:
			return 0, lower, false
		case c == 27:
			return 0, alpha, true
		case c == 28:
			return 0, mixed, false
		}
		return 0, punct, true
	case mixed:
		switch {
		case c < len(mixedChars):
			return mixedChars[c], in, false
		case c == 25:
			return 0, punct, false
		case c == 26:
			return ' ', in, false
		case c == 27:
			return 0, lower, false
		case c == 28:
			return 0, alpha, false
		}
		return 0, punct, true
	}
	if c < len(punctChars) {
		return punctChars[c], in, false
	}
	return 0, alpha, false
}

// asText is bytes as text: UTF-8 where they are, else Latin-1.
func asText(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	return string(runes)
}

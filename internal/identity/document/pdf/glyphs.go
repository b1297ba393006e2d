package pdf

import (
	"strconv"
	"strings"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// glyphNames are the names of glyphs that are no letters, as fonts write them.
var glyphNames = pairs(`space 0020 exclam 0021 quotedbl 0022 numbersign 0023 dollar 0024 percent 0025 ampersand 0026 quotesingle 0027
	parenleft 0028 parenright 0029 asterisk 002A plus 002B comma 002C hyphen 002D period 002E slash 002F zero 0030 one 0031 two 0032 three 0033
	four 0034 five 0035 six 0036 seven 0037 eight 0038 nine 0039 colon 003A semicolon 003B less 003C equal 003D greater 003E question 003F at 0040
	bracketleft 005B backslash 005C bracketright 005D asciicircum 005E underscore 005F grave 0060 braceleft 007B bar 007C braceright 007D asciitilde 007E
	nbspace 00A0 cent 00A2 sterling 00A3 yen 00A5 section 00A7 copyright 00A9 registered 00AE degree 00B0 plusminus 00B1 periodcentered 00B7 middot 00B7
	germandbls 00DF AE 00C6 ae 00E6 OE 0152 oe 0153 Oslash 00D8 oslash 00F8 Eth 00D0 eth 00F0 Thorn 00DE thorn 00FE Lslash 0141 lslash 0142
	Dcroat 0110 dcroat 0111 dotlessi 0131 endash 2013 emdash 2014 quoteleft 2018 quoteright 2019 quotedblleft 201C quotedblright 201D quotesinglbase 201A
	quotedblbase 201E dagger 2020 bullet 2022 ellipsis 2026 Euro 20AC trademark 2122 minus 2212 guillemotleft 00AB guillemotright 00BB multiply 00D7
	ordfeminine 00AA ordmasculine 00BA questiondown 00BF exclamdown 00A1 onehalf 00BD onequarter 00BC threequarters 00BE`)

// marks are the accents that follow a letter in a glyph's name.
var marks = pairs(`grave 0300 acute 0301 circumflex 0302 tilde 0303 macron 0304 breve 0306 dotaccent 0307 dieresis 0308 ring 030A hungarumlaut 030B caron 030C
	commaaccent 0326 cedilla 0327 ogonek 0328`)

var ligatures = map[string]string{"fi": "fi", "fl": "fl", "ff": "ff", "ffi": "ffi", "ffl": "ffl"}

func pairs(list string) map[string]rune {
	out := map[string]rune{}
	words := strings.Fields(list)
	for i := 0; i+1 < len(words); i += 2 {
		n, err := strconv.ParseUint(words[i+1], 16, 32)
		if err != nil {
			panic("pdf: " + words[i]) // the list is ours
		}
		out[words[i]] = rune(n)
	}
	return out
}

// glyphText is what a glyph of a name stands for; "" where nobody can tell.
func glyphText(name string) string {
	name, _, _ = strings.Cut(name, ".") // .alt and the like
	if r, ok := glyphNames[name]; ok {
		return string(r)
	}
	if s, ok := ligatures[name]; ok {
		return s
	}
	if len(name) == 1 && letter(name[0]) {
		return name
	}
	if len(name) > 1 && letter(name[0]) {
		if mark, ok := marks[name[1:]]; ok {
			return norm.NFC.String(name[:1] + string(mark))
		}
	}
	for _, prefix := range []string{"uni", "u"} {
		if code, ok := strings.CutPrefix(name, prefix); ok && len(code) >= 4 && len(code) <= 6 {
			if n, err := strconv.ParseUint(code, 16, 32); err == nil && n >= ' ' && n <= 0x10ffff {
				return string(rune(n))
			}
		}
	}
	return ""
}

func letter(c byte) bool { return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' }

// The encodings that a font may begin with, by their names.
var encodings = map[Name]*charmap.Charmap{"WinAnsiEncoding": charmap.Windows1252, "MacRomanEncoding": charmap.Macintosh}

// byteText is the text of one byte in an encoding. The standard one is that of
// Windows but for the quotation marks, as far as letters go.
func byteText(base Name, c byte) string {
	if base == "" {
		switch c {
		case '\'':
			return "’"
		case '`':
			return "‘"
		case 0xae:
			return "fi"
		case 0xaf:
			return "fl"
		case 0xfb:
			return "ß"
		}
		if c >= 0x80 {
			return ""
		}
	}
	m := encodings[base]
	if m == nil {
		m = charmap.Windows1252
	}
	if r := m.DecodeByte(c); r >= ' ' && r != 0xfffd {
		return string(r)
	}
	return ""
}

// helvetica are the widths of the letters from space to tilde, in thousandths of
// the size: fonts that every reader has need not say theirs.
var helvetica = [95]int{
	278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
	1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
	333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
}

// guess is the width of a letter in a font that does not say it.
func guess(font string, r rune) float64 {
	switch {
	case strings.Contains(font, "Courier") || strings.Contains(font, "Mono"):
		return 600
	case r >= ' ' && r <= '~':
		return float64(helvetica[r-' '])
	}
	return 556
}

package match

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxText bounds what is compared of one value, in bytes: no name of a person is
// longer, and the work grows with the square.
const maxText = 256

// folded is a text without what must not matter: case, accents, kinds of spaces,
// quotation marks and dashes.
type folded struct {
	text string
	// foreign reports that letters of another script were read in Latin ones, and
	// abjad that those were consonants only.
	foreign, abjad bool
}

// fold makes a text comparable.
func fold(s string) folded {
	if len(s) > maxText {
		s = cut(s)
	}
	if plainASCII(s) {
		return folded{text: strings.ToLower(s)}
	}
	var b strings.Builder
	b.Grow(len(s) + 8)
	var f folded
	var syllables []rune // of a Korean word
	for _, r := range norm.NFKC.String(spacingMarks.Replace(s)) {
		if unicode.Is(unicode.Hangul, r) {
			syllables = append(syllables, r)
			continue
		}
		syllables = f.korean(&b, syllables)
		f.write(&b, r)
	}
	f.korean(&b, syllables)
	f.text = b.String()
	return f
}

// spacingMarks are characters that NFKC would take apart into a space and a mark.
var spacingMarks = strings.NewReplacer("´", "'", "`", "'", "¨", "", "¯", "", "¸", "")

func cut(s string) string {
	n := maxText
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// write appends one character as it is compared.
func (f *folded) write(b *strings.Builder, r rune) {
	switch {
	case r < utf8.RuneSelf:
		b.WriteRune(unicode.ToLower(r))
	case unicode.IsSpace(r):
		b.WriteByte(' ')
	case ignored(r):
	case unicode.Is(unicode.Pd, r) || r == '−':
		b.WriteByte('-')
	case quote(r):
		b.WriteByte('\'')
	default:
		f.writeLetter(b, unicode.ToLower(r))
	}
}

func (f *folded) korean(b *strings.Builder, syllables []rune) []rune {
	if len(syllables) > 0 {
		f.foreign = true
		writeKorean(b, syllables)
	}
	return syllables[:0]
}

func (f *folded) writeLetter(b *strings.Builder, r rune) {
	if latin, ok := letters[r]; ok {
		f.foreign = f.foreign || !unicode.Is(unicode.Latin, r)
		f.abjad = f.abjad || unicode.In(r, unicode.Arabic, unicode.Hebrew)
		b.WriteString(latin)
		return
	}
	var buf [utf8.UTFMax]byte
	parts := norm.NFKD.Bytes(buf[:utf8.EncodeRune(buf[:], r)])
	first, n := utf8.DecodeRune(parts)
	if n == len(parts) && first == r {
		b.WriteRune(r)
		return
	}
	for len(parts) > 0 {
		part, size := utf8.DecodeRune(parts)
		parts = parts[size:]
		if !ignored(part) {
			f.write(b, part)
		}
	}
}

// ignored reports whether a character is an accent, a vowel point, or nothing that
// is seen. The vowel signs of Indic scripts are not: they are letters.
func ignored(r rune) bool {
	switch {
	case r >= 0x0300 && r <= 0x036f, r >= 0x1ab0 && r <= 0x1aff, r >= 0x1dc0 && r <= 0x1dff, r >= 0x20d0 && r <= 0x20ff, r >= 0xfe20 && r <= 0xfe2f:
		return true
	case r >= 0x0591 && r <= 0x05c7 && r != 0x05be, r >= 0x0610 && r <= 0x061a, r >= 0x064b && r <= 0x065f, r == 0x0670, r == 0x0640:
		return true
	}
	return unicode.Is(unicode.Cf, r) || r == 0x3099 || r == 0x309a
}

func quote(r rune) bool {
	switch r {
	case '’', '‘', 'ʼ', 'ʻ', 'ʹ', 'ʿ', 'ʾ', '′', '‛', '＇':
		return true
	}
	return false
}

// digraphs takes the letters of those who have no umlaut for one: ae, oe and ue
// are a, o and u. Two words that differ in nothing else are one word.
func digraphs(s string) string {
	at := -1
	for i := 1; i < len(s); i++ {
		if s[i] == 'e' && (s[i-1] == 'a' || s[i-1] == 'o' || s[i-1] == 'u') {
			at = i
			break
		}
	}
	if at < 0 {
		return s
	}
	out := append(make([]byte, 0, len(s)), s[:at]...)
	for i := at + 1; i < len(s); i++ {
		if s[i] == 'e' && (s[i-1] == 'a' || s[i-1] == 'o' || s[i-1] == 'u') {
			continue
		}
		out = append(out, s[i])
	}
	return string(out)
}

package nacha

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// latin are the letters that are more than another letter with a mark.
var latin = strings.NewReplacer(
	"ß", "ss", "ẞ", "SS", "æ", "ae", "Æ", "AE", "œ", "oe", "Œ", "OE", "ø", "o", "Ø", "O",
	"đ", "d", "Đ", "D", "ð", "d", "Ð", "D", "þ", "th", "Þ", "TH", "ł", "l", "Ł", "L", "ı", "i",
	"’", "'", "‘", "'", "–", "-", "—", "-",
)

// decompose takes letters and their marks apart.
func decompose(s string) string { return norm.NFD.String(latin.Replace(s)) }

func isMark(r rune) bool { return unicode.Is(unicode.Mn, r) }

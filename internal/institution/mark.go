package institution

import (
	"hash/fnv"
	"strings"
	"unicode"
)

// Mark is the woven badge of a bank: two letters on one of eight grounds
// (classes mk-1 to mk-8 of the style sheet) under one of four weaves (wv-a to
// wv-d). Nothing of a real bank's looks is ever used.
type Mark struct {
	Letters string `json:"letters"`
	Ground  int    `json:"ground"`
	Weave   string `json:"weave"`
}

// grounds are the colours of mk-1 to mk-8.
var grounds = [8]string{"#7a3b2e", "#24566b", "#4a4f86", "#2a5942", "#74355a", "#6a4d18", "#3d4a57", "#47521a"}

// Mark returns the letters, the ground (1 to 8) and the weave (a to d).
func (i Institution) Mark() (letters string, ground int, weave string) {
	return i.mark.Letters, i.mark.Ground, i.mark.Weave
}

// defaultMark fills what the data file leaves open: the initials of the first
// two words, and ground and weave by a hash of the id.
func defaultMark(m Mark, id, name string) Mark {
	h := fnv.New32a()
	h.Write([]byte(id))
	sum := h.Sum32()
	if m.Letters == "" {
		m.Letters = initials(name)
	}
	if m.Ground == 0 {
		m.Ground = int(sum>>8%8) + 1
	}
	if m.Weave == "" {
		m.Weave = string("abcd"[sum>>16%4])
	}
	return m
}

// initials are the first letters of the first two words, or the first two
// letters of a single word.
func initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	switch {
	case len(words) == 0:
		return ""
	case len(words) == 1:
		return strings.ToUpper(string([]rune(words[0] + " ")[:2]))
	}
	return strings.ToUpper(string([]rune(words[0])[:1]) + string([]rune(words[1])[:1]))
}

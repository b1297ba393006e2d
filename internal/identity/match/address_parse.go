package match

import (
	"strings"
	"unicode"
)

// street is the first line of an address taken apart.
type street struct {
	number, name, kind, direction, unit, box string
}

func (s street) empty() bool { return s.number == "" && s.name == "" }

// parseStreet takes the first line of an address apart.
func parseStreet(s string) street {
	var out street
	words := streetSplit(fold(s).text)
	words, out.box = postBox(words)
	words = out.takeUnit(words)
	words = out.takeNumber(words)
	words = out.takeTail(words)
	words = out.takeDirections(words)
	words = out.takeKind(words)
	for i, w := range words {
		if short, ok := streetWords[w]; ok {
			words[i] = short
		}
	}
	out.name = strings.Join(words, " ")
	return out
}

// streetSplit makes words. A number sign is one of its own.
func streetSplit(s string) []string {
	s = strings.NewReplacer("#", " # ", "'", "", "n°", " # ", "nº", " # ").Replace(s)
	return strings.FieldsFunc(s, func(r rune) bool {
		return r != '#' && r != '/' && r != '-' && !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r)
	})
}

// postBox takes out a post office box.
func postBox(words []string) (rest []string, box string) {
	for i, w := range words {
		before := 0
		switch {
		case w == "pobox" || w == "postfach" || w == "apartado" || w == "casilla":
		case w == "box" && i == 0:
		case w == "box" && i >= 1 && words[i-1] == "po":
			before = 1
		case w == "box" && i >= 2 && (words[i-2] == "p" && words[i-1] == "o" || words[i-2] == "post" && words[i-1] == "office"):
			before = 2
		default:
			continue
		}
		end := i + 1
		if end < len(words) && words[end] == "#" {
			end++
		}
		if end < len(words) {
			box = words[end]
			return append(append([]string{}, words[:i-before]...), words[end+1:]...), box
		}
	}
	return words, ""
}

// takeUnit takes out the part of the building: "Apt 4B", "#4B", "2nd floor", and
// "4B/123" as Australia writes it.
func (s *street) takeUnit(words []string) []string {
	var rest, found []string
	for i := 0; i < len(words); i++ {
		w := words[i]
		unit, number, slash := strings.Cut(w, "/")
		switch {
		case i == 0 && slash && startsWithDigit(number) && unit != "":
			found = append(found, unit)
			rest = append(rest, number)
		case wholeUnits[w] && i > 0:
			found = append(found, streetTypeOf(w))
		case w == "no" && i == 0, !units[w]:
			rest = append(rest, w)
		case (w == "floor" || w == "fl") && len(rest) > 1 && ordinal(rest[len(rest)-1]):
			found = append(found, digitsOf(rest[len(rest)-1]))
			rest = rest[:len(rest)-1]
		case i+1 < len(words) && identifies(next(words, i)):
			i++
			for words[i] == "#" || units[words[i]] && i+1 < len(words) && identifies(words[i+1]) {
				i++
			}
			found = append(found, strings.ReplaceAll(words[i], "-", ""))
		default:
			if w != "#" {
				rest = append(rest, w)
			}
		}
	}
	s.unit = strings.Join(found, " ")
	return rest
}

func next(words []string, i int) string {
	if words[i+1] == "#" && i+2 < len(words) {
		return words[i+2]
	}
	return words[i+1]
}

// identifies reports whether a word is the number of a unit: it has a digit, or is
// one letter or two.
func identifies(w string) bool {
	return strings.ContainsAny(w, "0123456789") && len(w) <= 8 || len(w) <= 2 && w != "#" && directions[w] == ""
}

// takeNumber takes out the house number: the first word where it begins with a
// digit, or the last, as on the continent of Europe.
func (s *street) takeNumber(words []string) []string {
	if len(words) > 0 && words[0] == "no" {
		words = words[1:]
	}
	switch n := len(words); {
	case n == 0:
		return words
	case startsWithDigit(words[0]) && !ordinal(words[0]):
		s.number, words = words[0], words[1:]
		if len(words) > 0 && strings.Contains(words[0], "/") && startsWithDigit(words[0]) { // 123 1/2
			s.number, words = s.number+" "+words[0], words[1:]
		}
	case n > 2 && startsWithDigit(words[n-2]) && !ordinal(words[n-2]) && numberTail[words[n-1]]: // 12 bis, 12 a
		s.number, words = words[n-2]+words[n-1], words[:n-2]
	case n > 1 && startsWithDigit(words[n-1]) && !ordinal(words[n-1]):
		s.number, words = words[n-1], words[:n-1]
	}
	if len(words) > 1 && (words[0] == "bis" || words[0] == "ter") {
		s.number, words = s.number+words[0], words[1:]
	}
	return words
}

var numberTail = set(`a b c d e f g h bis ter quater`)

// takeTail takes what follows the type of street for a unit without designator:
// "123 Main St 4B".
func (s *street) takeTail(words []string) []string {
	n := len(words)
	if s.unit != "" || n < 3 || !startsWithDigit(words[n-1]) && len(words[n-1]) != 1 || ordinal(words[n-1]) {
		return words
	}
	before := words[n-2]
	if directions[before] != "" && n > 3 {
		before = words[n-3]
	}
	if streetTypes[before] == "" || directions[words[n-1]] != "" || streetTypes[before] == "hwy" || streetTypes[before] == "rte" {
		return words
	}
	s.unit = words[n-1]
	return words[:n-1]
}

// takeDirections takes out a direction before and one after the name, as long as
// a name remains: North Street has none.
func (s *street) takeDirections(words []string) []string {
	var found []string
	if n := len(words); n > 1 && directions[words[0]] != "" && named(words[1:]) {
		found, words = append(found, directions[words[0]]), words[1:]
	}
	if n := len(words); n > 1 && directions[words[n-1]] != "" && named(words[:n-1]) {
		found, words = append(found, directions[words[n-1]]), words[:n-1]
	}
	s.direction = strings.Join(found, " ")
	return words
}

// named reports whether there is a name among words: one that is neither a type
// of street nor a direction, or two.
func named(words []string) bool {
	for _, w := range words {
		if streetTypes[w] == "" && directions[w] == "" {
			return true
		}
	}
	return len(words) > 1 && streetTypes[words[len(words)-1]] != ""
}

// takeKind takes out the type of street, which stands last, or first in Romance
// languages. German puts it into the name.
func (s *street) takeKind(words []string) []string {
	for i, w := range words {
		if strings.HasSuffix(w, "str") && len(w) > 4 {
			words[i] = w + "asse"
		}
	}
	n := len(words)
	switch {
	case n < 2:
		return words
	case streetTypes[words[n-1]] != "":
		s.kind = streetTypes[words[n-1]]
		return words[:n-1]
	case streetTypes[words[0]] != "" && streetWords[words[0]] == "":
		s.kind = streetTypes[words[0]]
		return words[1:]
	case words[0] == "c/":
		s.kind = "calle"
		return words[1:]
	}
	return words
}

func streetTypeOf(w string) string {
	if short, ok := wholeShort[w]; ok {
		return short
	}
	return w
}

var wholeShort = pairs(`bsmt basement
	frnt front
	lbby lobby
	lowr lower
	uppr upper
	ph penthouse`)

func startsWithDigit(w string) bool { return w != "" && w[0] >= '0' && w[0] <= '9' }

// ordinal reports whether a word is a counted name: 5th, 42nd.
func ordinal(w string) bool {
	if !startsWithDigit(w) || len(w) < 3 {
		return false
	}
	switch w[len(w)-2:] {
	case "st", "nd", "rd", "th":
		return true
	}
	return false
}

func digitsOf(w string) string {
	return strings.TrimRightFunc(w, func(r rune) bool { return r < '0' || r > '9' })
}

// compact is a part of an address without anything but letters and digits.
func compact(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, fold(s).text)
}

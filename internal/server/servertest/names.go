package servertest

import (
	"fmt"
	"regexp"
	"strings"
)

// names replaces identifiers by what they are and which of their kind, so that a
// story says whether two are the same and does not depend on how many were drawn
// before.
type names map[string]map[string]int // kind, identifier, number

// identifiers are the kinds, those that contain others first.
var identifiers = []struct {
	kind string
	find *regexp.Regexp // its first group is replaced
}{
	{"", regexp.MustCompile(`"request_id": "([0-9A-Za-z]{15})"`)}, // new in every answer: not worth a number
	{"", regexp.MustCompile(`"plaid_verification": "(ey[^"]+)"`)},
	{"link-sandbox-", regexp.MustCompile(`"link-sandbox-(` + uuid + `)"`)},
	{"public-sandbox-", regexp.MustCompile(`"public-sandbox-(` + uuid + `)"`)},
	{"access-sandbox-", regexp.MustCompile(`"access-sandbox-(` + uuid + `)"`)},
	{"processor-sandbox-", regexp.MustCompile(`"processor-sandbox-(` + uuid + `)"`)},
	{"btok_", regexp.MustCompile(`"btok_([0-9a-zA-Z]{24})"`)},
	{"JA-", regexp.MustCompile(`JA-([0-9A-Za-z]{20})`)}, // of the partner: applications and what belongs to them
	{"EA-", regexp.MustCompile(`EA-([0-9A-Za-z]{20})`)},
	{"EV-", regexp.MustCompile(`EV-([0-9A-Za-z]{20})`)},
	{"D-", regexp.MustCompile(`"D-([0-9A-Za-z]{20})`)},
	{"A-", regexp.MustCompile(`"A-([0-9A-Za-z]{20})`)},
	{"S-", regexp.MustCompile(`S-([0-9A-Za-z]{20})`)}, // of the partner: evaluations, people, reviews
	{"P-", regexp.MustCompile(`P-([0-9A-Za-z]{20})`)},
	{"R-", regexp.MustCompile(`R-([0-9A-Za-z]{20})`)},
	{"user-sandbox-", regexp.MustCompile(`"user-sandbox-(` + uuid + `)"`)},
	{"uuid", regexp.MustCompile(`"(` + uuid + `)"`)},
	{"shareable page", regexp.MustCompile(`"(http://[^"/]+/verify/idv_[0-9A-Za-z]{14}\?key=[0-9a-f]{64})"`)},
	{"idv_", regexp.MustCompile(`"idv_([0-9A-Za-z]{14})"`)},
	{"scr_", regexp.MustCompile(`"scr_([0-9A-Za-z]{14})"`)},
	{"scrhit_", regexp.MustCompile(`"scrhit_([0-9A-Za-z]{14})"`)},
	{"rev_", regexp.MustCompile(`"rev_([0-9A-Za-z]{14})"`)},
	{"entscr_", regexp.MustCompile(`"entscr_([0-9A-Za-z]{14})"`)},
	{"enthit_", regexp.MustCompile(`"enthit_([0-9A-Za-z]{14})"`)},
	{"entrev_", regexp.MustCompile(`"entrev_([0-9A-Za-z]{14})"`)},
	{"usr_", regexp.MustCompile(`"usr_([0-9A-Za-z]{14})"`)},
	{"id", regexp.MustCompile(`"([1-9A-Za-z]{37})"`)},
	{"id", regexp.MustCompile(`\\"([1-9A-Za-z]{37})\\"`)}, // inside a text
	{"uuid", regexp.MustCompile(`\\"(` + uuid + `)\\"`)},
	{"hosted page", regexp.MustCompile(`"(http://[^"/]+/link/hosted/[0-9a-f]{48})"`)},
	{"session", regexp.MustCompile(`"([0-9a-f]{48})"`)},
}

const uuid = `[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`

func (n names) replace(text string) string {
	for _, i := range identifiers {
		text = i.find.ReplaceAllStringFunc(text, func(found string) string {
			id := i.find.FindStringSubmatch(found)[1]
			return strings.Replace(found, id, n.name(i.kind, id), 1)
		})
	}
	return text
}

func (n names) name(kind, id string) string {
	if kind == "" {
		return "…"
	}
	if n[kind] == nil {
		n[kind] = map[string]int{}
	}
	if n[kind][id] == 0 {
		n[kind][id] = len(n[kind]) + 1
	}
	if strings.HasSuffix(kind, "-") || strings.HasSuffix(kind, "_") {
		return fmt.Sprintf("#%d", n[kind][id]) // what stands before it tells the kind
	}
	return fmt.Sprintf("%s#%d", kind, n[kind][id])
}

// difference shows where two stories first part.
func difference(told, answered string) string {
	a, b := strings.Split(told, "\n"), strings.Split(answered, "\n")
	at := 0
	for at < len(a) && at < len(b) && a[at] == b[at] {
		at++
	}
	piece := func(lines []string) string {
		return strings.Join(lines[min(max(0, at-6), len(lines)):min(len(lines), at+8)], "\n")
	}
	return fmt.Sprintf("line %d: the story says\n%s\n--- and the server answers\n%s", at+1, piece(a), piece(b))
}

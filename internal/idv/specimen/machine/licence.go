package machine

import (
	"fmt"
	"strings"
)

// AAMVA is the text of a barcode. Version 1 files have no version of the
// jurisdiction.
func AAMVA(iin string, version int, kind string, elements []string) string {
	var part strings.Builder
	part.WriteString(kind)
	for i, e := range elements {
		if i > 0 {
			part.WriteByte('\n')
		}
		part.WriteString(e)
	}
	part.WriteByte('\r')
	head := fmt.Sprintf("@\n\x1e\rANSI %s%02d", iin, version)
	if version > 1 {
		head += "00"
	}
	head += "01"
	return head + fmt.Sprintf("%s%04d%04d", kind, len(head)+10, part.Len()) + part.String()
}

// With replaces or adds elements.
func With(elements []string, change ...string) []string {
	out := append([]string{}, elements...)
next:
	for _, c := range change {
		for i := range out {
			if out[i][:3] == c[:3] {
				out[i] = c
				continue next
			}
		}
		out = append(out, c)
	}
	return out
}

package machine

import (
	"cmp"
	"fmt"
	"strings"
)

// Holder is whoever a document is made out to.
type Holder struct {
	Surname, GivenNames string // in the letters of the zone
	Number              string
	Issuer, Nationality string // three letters
	Birth, Expiry       string // YYMMDD
	Sex                 string
	Optional, Optional2 string
	Code                string // of a card; "I" where it is empty
}

// TD3 is a passport's zone.
func (p Holder) TD3() []string {
	second := p.number() + pad(p.Nationality, 3) + digit(p.Birth) + sex(p.Sex) + digit(p.Expiry) + digit(pad(p.Optional, 14))
	return []string{pad("P<"+pad(p.Issuer, 3)+p.names(39), 44), second + check(second[:10]+second[13:20]+second[21:43])}
}

// TD2 is the zone of a larger card.
func (p Holder) TD2() []string {
	second := p.number() + pad(p.Nationality, 3) + digit(p.Birth) + sex(p.Sex) + digit(p.Expiry) + pad(p.Optional, 7)
	return []string{pad("I<"+pad(p.Issuer, 3)+p.names(31), 36), second + check(second[:10]+second[13:20]+second[21:35])}
}

// TD1 is the zone of a card. A number of more than nine characters goes on in the
// optional data.
func (p Holder) TD1() []string {
	number := p.number() + pad(p.Optional, 15)
	if len(p.Number) > 9 {
		number = p.Number[:9] + "<" + pad(p.Number[9:]+check(p.Number)+"<"+p.Optional, 15)
	}
	first := pad(cmp.Or(p.Code, "I"), 2) + pad(p.Issuer, 3) + number
	second := digit(p.Birth) + sex(p.Sex) + digit(p.Expiry) + pad(p.Nationality, 3) + pad(p.Optional2, 11)
	return []string{first, second + check(first[5:]+second[:7]+second[8:15]+second[18:29]), p.names(30)}
}

// Visa is the zone of a visa, format A or B by its width.
func (p Holder) Visa(width int) []string {
	second := p.number() + pad(p.Nationality, 3) + digit(p.Birth) + sex(p.Sex) + digit(p.Expiry) + p.Optional
	return []string{pad("V<"+pad(p.Issuer, 3)+p.names(width-5), width), pad(second, width)}
}

func (p Holder) number() string { return digit(pad(p.Number, 9)) }

func (p Holder) names(width int) string {
	s := strings.ReplaceAll(p.Surname, " ", "<") + "<<" + strings.ReplaceAll(p.GivenNames, " ", "<")
	return pad(s, width)
}

func sex(s string) string { return pad(s, 1) }

func digit(s string) string { return s + check(s) }

// check is the check digit as the standard's worked example computes it.
func check(s string) string {
	sum := 0
	for i, r := range s {
		weight := []int{7, 3, 1}[i%3]
		switch {
		case r >= '0' && r <= '9':
			sum += weight * int(r-'0')
		case r >= 'A' && r <= 'Z':
			sum += weight * (int(r-'A') + 10)
		}
	}
	return fmt.Sprint(sum % 10)
}

func pad(s string, width int) string {
	if len(s) > width {
		return s[:width]
	}
	return s + strings.Repeat("<", width-len(s))
}

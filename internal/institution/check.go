package institution

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

var (
	idShape    = regexp.MustCompile(`^ins_[0-9]+$`)
	colorShape = regexp.MustCompile(`^#[0-9a-f]{6}$`)
	markShape  = regexp.MustCompile(`^[A-Z0-9]{2}$`)
)

// check refuses an institution that would make an answer the official document
// does not allow, so that a slip in the data file is found at start.
func (i Institution) check() error {
	switch {
	case !idShape.MatchString(i.ID):
		return errors.New("the id must be ins_ and digits")
	case i.Name == "" || i.Host == "":
		return errors.New("name and host are needed")
	case !strings.HasPrefix(i.URL, "https://"):
		return errors.New("the url must be https")
	case !colorShape.MatchString(i.PrimaryColor):
		return errors.New("the color must be #rrggbb")
	case len(i.CountryCodes) == 0:
		return errors.New("a country is needed")
	case !slices.IsSorted(i.Products) || len(i.Products) == 0:
		return errors.New("products must be sorted and not empty")
	case !markShape.MatchString(i.mark.Letters) || !strings.Contains("abcd", i.mark.Weave):
		return fmt.Errorf("mark %q %q", i.mark.Letters, i.mark.Weave)
	case !slices.Contains([]Health{Healthy, Degraded, Down, Unsupported}, i.Health):
		return fmt.Errorf("health %q", i.Health)
	}
	for _, c := range i.CountryCodes {
		if !plaid.IsCountryCode(c) {
			return fmt.Errorf("country %q", c)
		}
	}
	for _, p := range i.Products {
		if !plaid.IsProduct(p) {
			return fmt.Errorf("product %q", p)
		}
	}
	for _, r := range i.RoutingNumbers {
		if !IsRoutingNumber(r) {
			return fmt.Errorf("routing number %q", r)
		}
	}
	return nil
}

// IsAssignedRouting reports whether the first two digits of a routing number are
// ones that numbers of banks in the United States begin with: the twelve Federal
// Reserve districts, the same for thrift institutions and for electronic payments,
// the government, and traveler's checks (ABA routing number policy).
func IsAssignedRouting(s string) bool {
	if !IsRoutingNumber(s) {
		return false
	}
	first := int(s[0]-'0')*10 + int(s[1]-'0')
	return first <= 12 || first >= 21 && first <= 32 || first >= 61 && first <= 72 || first == 80
}

// IsRoutingNumber reports whether s is nine digits whose ABA checksum holds.
func IsRoutingNumber(s string) bool {
	if len(s) != 9 {
		return false
	}
	sum := 0
	for i, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
		sum += int(c-'0') * [3]int{3, 7, 1}[i%3]
	}
	return sum%10 == 0 && s != "000000000"
}

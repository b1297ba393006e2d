package sandbank

import (
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/institution"
)

// of numbers the account with a mask of four digits in every scheme of a
// country.
func (n numbering) of(country, mask string) *institution.Numbers {
	return n.with(country, n.Prefix+mask)
}

// with is the account of a given number in every scheme of a country.
func (n numbering) with(country, number string) *institution.Numbers {
	out := &institution.Numbers{}
	if n.ACHRouting != "" {
		out.ACH = &institution.ACH{Account: number, Routing: n.ACHRouting, WireRouting: n.ACHWireRouting}
	}
	if n.EFTInstitution != "" {
		out.EFT = &institution.EFT{Account: number, Institution: n.EFTInstitution, Branch: n.EFTBranch}
	}
	if n.BACSSortCode != "" {
		out.BACS = &institution.BACS{Account: number, SortCode: n.BACSSortCode}
	}
	if n.IBANBank != "" {
		out.International = &institution.International{IBAN: iban(country, n.IBANBank+n.IBANBranch+number), BIC: n.BIC}
	}
	return out
}

// iban puts the check digits of ISO 13616 before a national account number.
func iban(country, bban string) string {
	check := 98 - mod97(bban+country+"00")
	digits := strconv.Itoa(check)
	if check < 10 {
		digits = "0" + digits
	}
	return country + digits + bban
}

// mod97 is the remainder of ISO 7064: letters count as 10 to 35.
func mod97(s string) int {
	rest := 0
	for _, c := range strings.ToUpper(s) {
		switch {
		case '0' <= c && c <= '9':
			rest = (rest*10 + int(c-'0')) % 97
		case 'A' <= c && c <= 'Z':
			rest = (rest*100 + int(c-'A') + 10) % 97
		}
	}
	return rest
}

// tokenized is the account number that a bank makes for one grant alone. Wires
// do not reach it (plaid-server-api.md section 7.3).
func tokenized(ach institution.ACH, seed, ref string) institution.ACH {
	const digits = 100_000_000
	ach.Account = strconv.FormatUint(digits+draw(9*digits, seed, "token", ref, "1"), 10)[:8] +
		strconv.FormatUint(digits+draw(9*digits, seed, "token", ref, "2"), 10)[:8]
	ach.WireRouting, ach.Tokenized = "", true
	return ach
}

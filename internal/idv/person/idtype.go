package person

import (
	"regexp"
	"strings"
)

// Level says how far a type of ID number can be checked without its register
// (identity-verification.md section 5.4).
type Level byte

// The levels, as the letters of the table.
const (
	FormatOnly Level = 'F' // nothing is safe beyond the pattern
	Structure  Level = 'S' // dates and prefixes
	CheckDigit Level = 'C' // a check digit that every real number passes
	Warning    Level = 'W' // a check digit that some real numbers fail
)

// IDType is a kind of ID number.
type IDType struct {
	Name     string // us_ssn
	Country  string
	Category string // tax_id, personal_identification, drivers_license, passport, voter_id
	Words    string // the pattern in words
	Example  string // Plaid's own
	Level    Level
	Mask     string // how the issuer groups it, "#" a digit and "*" any; "" as one word
	Title    string // its name in its country

	pattern *regexp.Regexp
	digits  bool
	examine func(string) Examination
}

// Numeric reports whether the numbers have digits alone.
func (t *IDType) Numeric() bool { return t.digits }

// Fits reports whether value has the published pattern of the type and, for US
// numbers, obeys the rules of the Social Security Administration: all that Plaid
// documents that it enforces.
func (t *IDType) Fits(value string, p Policy) bool {
	if !t.pattern.MatchString(value) {
		return false
	}
	switch t.Name {
	case "us_ssn":
		return ssnPossible(value, p.TakeITIN)
	case "us_ssn_last_4":
		return value != "0000"
	}
	return true
}

// ssnPossible refuses numbers that are never issued. An ITIN begins with 9 and
// has one of four ranges in the middle.
func ssnPossible(v string, itin bool) bool {
	area, group, serial := v[:3], v[3:5], v[5:]
	if area == "000" || area == "666" || group == "00" || serial == "0000" {
		return false
	}
	if area[0] != '9' {
		return true
	}
	return itin && ("50" <= group && group <= "65" || "70" <= group && group <= "88" || "90" <= group && group != "93")
}

// Strip takes the separators out of a typed number and makes its letters
// capital: the form in which it is stored.
func (t *IDType) Strip(typed string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case '0' <= r && r <= '9', 'A' <= r && r <= 'Z':
			return r
		case 'a' <= r && r <= 'z':
			return r - 'a' + 'A'
		case '０' <= r && r <= '９': // full width, as Japanese keyboards write
			return r - '０' + '0'
		case 'Ａ' <= r && r <= 'Ｚ':
			return r - 'Ａ' + 'A'
		case strings.ContainsRune(separators, r):
			return -1
		}
		return r
	}, strings.TrimSpace(typed))
}

const separators = " -./–‐()\u00a0\u2009\u200e\u200f"

// Problem is why a value is not taken, as a key that a pane has words for.
type Problem string

// The problems of a field.
const (
	Fine        Problem = ""
	Missing     Problem = "missing"     // nothing that can be seen
	TooLong     Problem = "too_long"    // more characters than the field takes
	NoLetter    Problem = "no_letter"   // a street or city without any letter
	Malformed   Problem = "format"      // not of the field's form
	Unsupported Problem = "unsupported" // a country or region that is not in the table
	Unwanted    Problem = "unwanted"    // the country does not have this part
	Future      Problem = "future"      // a birthday to come
	Impossible  Problem = "impossible"  // carries a date, place or prefix that does not exist
	Mistyped    Problem = "check_digit" // the check digit is another
	OtherBirth  Problem = "birthday"    // carries another birthday than the person's
)

// Examination is what the issuing country's public rules say of a number.
type Examination struct {
	Problem Problem
	// Hint is set where real numbers are known to fail the rule that failed: the
	// problem is worth a question and proves nothing.
	Hint bool
	Born Birthday // what the number says, if it says any
}

// Examine applies the public rules to a stored number.
func (t *IDType) Examine(value string) Examination {
	if !t.Fits(value, Policy{TakeITIN: true}) {
		return Examination{Problem: Malformed}
	}
	if t.examine == nil {
		return Examination{}
	}
	return t.examine(value)
}

// Contradiction is why a number cannot be the person's, for kyc_check in strict
// mode: it breaks a rule that every real number keeps, or carries another
// birthday than dateOfBirth (YYYY-MM-DD, "" if not known). Fine says that nothing
// speaks against it, not that it exists.
func (t *IDType) Contradiction(value, dateOfBirth string) Problem {
	e := t.Examine(value)
	switch {
	case e.Problem != Fine && !e.Hint:
		return e.Problem
	case !e.Born.Admits(dateOfBirth):
		return OtherBirth
	}
	return Fine
}

package person

import "time"

// Birthday is a day of birth as an ID number carries it: many leave the century
// out. The zero Birthday carries nothing.
type Birthday struct {
	Year       int // of the century where CenturyOpen
	Month, Day int
	// CenturyOpen says that Year has two digits.
	CenturyOpen bool
}

// Admits reports whether dateOfBirth (YYYY-MM-DD) can be the day. A day that is
// not known, on either side, contradicts nothing.
func (b Birthday) Admits(dateOfBirth string) bool {
	t, err := time.Parse(time.DateOnly, dateOfBirth)
	if b.Month == 0 || err != nil {
		return true
	}
	year := t.Year()
	if b.CenturyOpen {
		year %= 100
	}
	return year == b.Year && int(t.Month()) == b.Month && t.Day() == b.Day
}

// exists reports whether the calendar has the day; with an open century it is
// enough that one century has it.
func (b Birthday) exists() bool {
	if b.Month < 1 || b.Month > 12 || b.Day < 1 {
		return false
	}
	year := b.Year
	if b.CenturyOpen {
		year += 2000 // 2000 was a leap year, so it has every day that 1900 had
	}
	return b.Day <= time.Date(year, time.Month(b.Month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// yymmdd reads six digits as a day of an unknown century.
func yymmdd(s string) Birthday {
	return Birthday{Year: number(s[:2]), Month: number(s[2:4]), Day: number(s[4:6]), CenturyOpen: true}
}

// in puts the day into a century.
func (b Birthday) in(century int) Birthday {
	b.Year, b.CenturyOpen = century+b.Year%100, false
	return b
}

// number reads digits that a pattern has let through.
func number(digits string) int {
	n := 0
	for i := range len(digits) {
		n = n*10 + int(digits[i]-'0')
	}
	return n
}

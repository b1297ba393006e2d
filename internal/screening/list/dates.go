package list

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

const day = "2006-01-02"

// months are the ways in which the lists write the months.
var months = map[string]time.Month{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}

// span is the range of a date of which the month and the day may be missing (0).
func span(y, m, d int) (Range, bool) {
	switch {
	case y < 1800 || y > 2200 || m < 0 || m > 12 || d < 0 || d > 31:
		return Range{}, false
	case m == 0:
		return Range{from(y, 1, 1), from(y, 12, 31)}, true
	case d == 0:
		return Range{from(y, time.Month(m), 1), from(y, time.Month(m)+1, 0)}, true
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if t.Day() != d {
		return Range{}, false
	}
	s := t.Format(day)
	return Range{s, s}, true
}

func from(y int, m time.Month, d int) string {
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Format(day)
}

// around widens a range by a year on both sides.
func around(r Range) Range {
	shift := func(s string, by int) string {
		t, err := time.Parse(day, s)
		if err != nil {
			return s
		}
		return t.AddDate(by, 0, 0).Format(day)
	}
	return Range{shift(r.From, -1), shift(r.To, 1)}
}

var (
	wordDate   = regexp.MustCompile(`^(?:(\d{1,2}) )?(?:([A-Za-z]{3})[A-Za-z]*\.? )?(\d{4})$`)
	isoDate    = regexp.MustCompile(`^(\d{4})-(\d{2})-(\d{2})`)
	slashDate  = regexp.MustCompile(`^([0-9Dd]{1,2})/([0-9Mm]{1,2})/(\d{4})`)
	circaWords = strings.NewReplacer("circa", "", "approximately", "", "approx.", "", "c.", "", "between", "")
)

// Dates reads a date of birth as the lists write it: "18 Sep 1964", "Sep 1964",
// "1964", "circa 1964", "1961 to 1964", "18/09/1964", "00/00/1964", "dd/mm/1964",
// "1964-09-18".
func Dates(s string) (Range, bool) {
	s = strings.ToLower(text(s))
	plain := text(circaWords.Replace(s))
	circa := plain != s && !strings.HasPrefix(s, "between")
	for _, sep := range []string{" to ", " and ", " - "} {
		if a, b, ok := strings.Cut(plain, sep); ok {
			x, okA := one(text(a))
			y, okB := one(text(b))
			if !okA || !okB || y.To < x.From {
				return Range{}, false
			}
			r := Range{x.From, y.To}
			if circa {
				r = around(r)
			}
			return r, true
		}
	}
	r, ok := one(plain)
	if ok && circa {
		r = around(r)
	}
	return r, ok
}

func one(s string) (Range, bool) {
	if m := wordDate.FindStringSubmatch(s); m != nil {
		month := 0
		if m[2] != "" {
			if month = int(months[m[2][:3]]); month == 0 {
				return Range{}, false
			}
		}
		if m[1] != "" && month == 0 {
			return Range{}, false
		}
		return span(number(m[3]), month, number(m[1]))
	}
	if m := isoDate.FindStringSubmatch(s); m != nil {
		return span(number(m[1]), number(m[2]), number(m[3]))
	}
	if m := slashDate.FindStringSubmatch(s); m != nil {
		return span(number(m[3]), number(m[2]), number(m[1]))
	}
	return Range{}, false
}

// number is the value of digits, 0 for anything else.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

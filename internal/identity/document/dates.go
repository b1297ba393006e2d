package document

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The ways in which statements write days. A year has four digits: what has two
// may be anything.
var (
	monthNames = `(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?`
	dateForms  = []struct {
		format           string
		re               *regexp.Regexp
		year, month, day int
	}{
		{"Month D, YYYY", regexp.MustCompile(`(?i)\b` + monthNames + `\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b`), 3, 1, 2},
		{"D Month YYYY", regexp.MustCompile(`(?i)\b(\d{1,2})\.?\s+` + monthNames + `,?\s+(\d{4})\b`), 3, 2, 1},
		{"YYYY-MM-DD", regexp.MustCompile(`\b(\d{4})-(\d{2})-(\d{2})\b`), 1, 2, 3},
		{"MM/DD/YYYY", regexp.MustCompile(`\b(\d{1,2})/(\d{1,2})/(\d{4})\b`), 3, 1, 2},
		{"DD.MM.YYYY", regexp.MustCompile(`\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b`), 3, 2, 1},
	}
)

// mostDates bounds the days that are looked at.
const mostDates = 2000

// datesIn are the days that a text names, with where they stand in it.
func datesIn(s string, page int) (dates []Date, at []int) {
	for _, form := range dateForms {
		for _, m := range form.re.FindAllStringSubmatchIndex(s, 50) {
			part := func(i int) string { return s[m[2*i]:m[2*i+1]] }
			d := Date{Format: form.format, Page: page}
			d.Year, _ = strconv.Atoi(part(form.year))
			d.Day, _ = strconv.Atoi(part(form.day))
			if d.Month = monthOf(part(form.month)); d.Month == 0 {
				d.Month, _ = strconv.Atoi(part(form.month))
			}
			if d.Format == "MM/DD/YYYY" && d.Month > 12 && d.Day <= 12 {
				d.Month, d.Day, d.Format = d.Day, d.Month, "DD/MM/YYYY"
			}
			t := d.Time()
			d.Valid = t.Day() == d.Day && int(t.Month()) == d.Month && d.Year >= 1970
			dates, at = append(dates, d), append(at, m[0])
		}
	}
	return dates, at
}

func monthOf(s string) int {
	for m := time.January; m <= time.December; m++ {
		if len(s) >= 3 && strings.EqualFold(s[:3], m.String()[:3]) {
			return int(m)
		}
	}
	return 0
}

var (
	periodLabel = regexp.MustCompile(`(?i)\b(period|from|zeitraum|p[ée]riode|per[ií]odo|through|statement (dates?|for))\b`)
	issuedLabel = regexp.MustCompile(`(?i)\b(statement date|date issued|issued|as of|printed|auszugsdatum|date d['’]édition|fecha de emisi[oó]n)\b`)
)

// dates finds the days of a document, its period and when it was issued.
func (f *Findings) dates(lines []Line) {
	for i, l := range lines {
		text := l.Text()
		found, at := datesIn(text, l.Page)
		for _, d := range found {
			if len(f.Dates) < mostDates {
				f.Dates = append(f.Dates, d)
			}
		}
		context := text
		if i > 0 && len(l.Cells) == 1 && lines[i-1].Page == l.Page {
			context = lines[i-1].Text() + " " + text
		}
		switch {
		case len(found) == 2 && f.From == (Date{}) && periodLabel.MatchString(context):
			f.From, f.Until = found[0], found[1]
			if at[0] > at[1] {
				f.From, f.Until = found[1], found[0]
			}
		case len(found) == 1 && f.Issued == (Date{}) && issuedLabel.MatchString(context):
			f.Issued = found[0]
		}
	}
}

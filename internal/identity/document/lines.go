package document

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/identity/document/pdf"
)

// Line is a row of text. Its cells are what stands apart in it.
type Line struct {
	Page  int    `json:"page"`
	Cells []Cell `json:"cells"`
}

// Cell is text that belongs together: a paragraph's line, or a field of a table.
type Cell struct {
	Text string  `json:"text"`
	X    float64 `json:"x"` // where it begins
}

// Text is the whole line.
func (l Line) Text() string {
	parts := make([]string, len(l.Cells))
	for i, c := range l.Cells {
		parts[i] = c.Text
	}
	return strings.Join(parts, "  ")
}

// row is a line with the runs that it is made of.
type row struct {
	page *pdf.Page
	runs []pdf.Run
}

// rowsOf sorts runs into rows, from the top to the bottom and from left to right.
func rowsOf(p *pdf.Page, keep func(pdf.Run) bool) []row {
	var runs []pdf.Run
	for _, r := range p.Runs {
		if !r.Vertical && strings.TrimSpace(r.Text) != "" && keep(r) {
			runs = append(runs, r)
		}
	}
	slices.SortStableFunc(runs, func(a, b pdf.Run) int { return cmp.Or(cmp.Compare(b.Y, a.Y), cmp.Compare(a.X, b.X)) })
	var rows []row
	for _, r := range runs {
		if n := len(rows); n > 0 && math.Abs(rows[n-1].runs[0].Y-r.Y) <= 0.4*math.Max(rows[n-1].runs[0].Size, r.Size) {
			rows[n-1].runs = append(rows[n-1].runs, r)
			continue
		}
		rows = append(rows, row{p, []pdf.Run{r}})
	}
	for _, w := range rows {
		slices.SortStableFunc(w.runs, func(a, b pdf.Run) int { return cmp.Compare(a.X, b.X) })
	}
	return rows
}

// linesOf are the lines of the runs that are kept.
func linesOf(pages []*pdf.Page, keep func(*pdf.Page, pdf.Run) bool) []Line {
	var lines []Line
	for _, p := range pages {
		for _, w := range rowsOf(p, func(r pdf.Run) bool { return keep(p, r) }) {
			if l := w.line(); len(l.Cells) > 0 {
				lines = append(lines, l)
			}
		}
	}
	return lines
}

// apart is the gap, in sizes of the letters, that divides cells; between is that
// which divides words.
const (
	apart   = 1.6
	between = 0.18
)

func (w row) line() Line {
	l := Line{Page: w.page.Number}
	var text strings.Builder
	var at, until float64
	flush := func() {
		if s := strings.Join(strings.Fields(text.String()), " "); s != "" {
			l.Cells = append(l.Cells, Cell{s, at})
		}
		text.Reset()
	}
	for i, r := range w.runs {
		gap := r.X - until
		switch {
		case i == 0:
			at = r.X
		case gap > apart*r.Size, gap < -0.5*r.Width:
			flush() // something else, or something over it
			at = r.X
		case gap > between*r.Size:
			text.WriteByte(' ')
		}
		text.WriteString(r.Text)
		until = math.Max(r.X+r.Width, until)
	}
	flush()
	return l
}

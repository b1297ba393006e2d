package list

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// table reads the lines of a CSV file.
type table struct {
	csv   *csv.Reader
	meter *meter
	line  int // of what was read last
}

func newTable(r io.Reader) *table {
	m := &meter{r: r, left: maxEntry}
	t := &table{csv: csv.NewReader(m), meter: m}
	t.csv.FieldsPerRecord = -1
	t.csv.LazyQuotes = true // the lists have quotation marks in remarks
	t.csv.ReuseRecord = true
	return t
}

// next is the next line with its number; io.EOF at the end. Fields that are no UTF-8
// are read as Windows-1252, in which the United Kingdom used to publish.
func (t *table) next() ([]string, int, error) {
	t.meter.left = maxEntry
	f, err := t.csv.Read()
	switch {
	case err == io.EOF:
		return nil, 0, io.EOF
	case err != nil:
		var parse *csv.ParseError
		if errors.As(err, &parse) {
			return nil, 0, &Error{Line: parse.Line, What: "the line is no CSV: " + parse.Err.Error()}
		}
		return nil, 0, &Error{Line: t.line + 1, What: err.Error()}
	}
	t.line, _ = t.csv.FieldPos(0)
	line := t.line
	for i, s := range f {
		if !utf8.ValidString(s) {
			if f[i], err = charmap.Windows1252.NewDecoder().String(s); err != nil {
				return nil, 0, &Error{Line: line, What: "a field is no text in UTF-8 or Windows-1252"}
			}
		}
	}
	return f, line, nil
}

// ukHead begins the second line of ConList.csv, after the date.
const ukHead = "name 6"

func detectCSV(head []byte) Format {
	lines := bytes.SplitN(head, []byte("\n"), 3)
	for i, l := range lines[:min(len(lines), 2)] {
		if field, _, _ := strings.Cut(string(l), ","); strings.EqualFold(strings.Trim(text(field), `"`), ukHead) {
			return UKCSV
		}
		if i == 0 {
			if f, _, err := newTable(bytes.NewReader(l)).next(); err == nil && len(f) == sdnFields && number(strings.TrimSpace(f[0])) > 0 {
				return OFACCSV
			}
		}
	}
	return ""
}

func (c *collector) csv(r io.Reader, head []byte) error {
	c.report.Format = detectCSV(head)
	switch c.report.Format {
	case UKCSV:
		return c.ukTable(newTable(r))
	case OFACCSV:
		return c.ofacTable(newTable(r))
	}
	return &Error{Line: 1, What: "the file is of no layout that is known"}
}

// ukTable reads ConList.csv: perhaps a line with its date, the head, and the rows.
func (c *collector) ukTable(t *table) error {
	columns := map[string]int{}
	var all groups[ukRow]
	for {
		f, line, err := t.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if len(columns) == 0 {
			if strings.EqualFold(text(f[0]), ukHead) {
				for i, name := range f {
					columns[strings.ToLower(text(name))] = i
				}
			}
			continue
		}
		if len(f) == 1 && text(f[0]) == "" {
			continue
		}
		if len(f) != len(columns) {
			return &Error{Line: line, What: "the row has another number of fields than the head"}
		}
		err = c.ukAdd(&all, line, func(names ...string) string {
			for _, name := range names {
				if i, ok := columns[name]; ok && text(f[i]) != "" {
					return text(f[i])
				}
			}
			return ""
		})
		if err != nil {
			return err
		}
	}
	return c.ukTake(&all)
}

// ofacEnd is the last line of the files of OFAC, a character of old.
const ofacEnd = "\x1a"

func (c *collector) ofacTable(t *table) error {
	return t.ofac(sdnFields, func(f []string, line int) error {
		e, ok := ofacLine(f)
		if !ok {
			c.report.Skipped++
			return nil
		}
		return c.take(e, line)
	})
}

// ofac reads lines of a number of fields up to the end.
func (t *table) ofac(fields int, f func([]string, int) error) error {
	for {
		row, line, err := t.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if len(row) == 1 && (strings.TrimSpace(row[0]) == "" || strings.TrimSpace(row[0]) == ofacEnd) {
			continue
		}
		if len(row) != fields {
			return &Error{Line: line, What: "the line has another number of fields than the layout"}
		}
		if err := f(row, line); err != nil {
			return err
		}
	}
}

// Supplement adds to the entries of sdn.csv the names of alt.csv or the addresses of
// add.csv, which file it is being seen from the number of its fields. Lines of entries
// that are not there (ships) are passed over.
func Supplement(entries map[string]*Entry, r io.Reader) error {
	t := newTable(r)
	first, line, err := t.next()
	if err == io.EOF {
		return &Error{Line: 1, What: "the file is empty"}
	}
	if err != nil {
		return err
	}
	fields := len(first)
	if fields != altFields && fields != addFields {
		return &Error{Line: line, What: "the line is neither of alt.csv nor of add.csv"}
	}
	supply(entries, first)
	return t.ofac(fields, func(f []string, _ int) error {
		supply(entries, f)
		return nil
	})
}

func supply(entries map[string]*Entry, f []string) {
	e := entries[ofacValue(f[0])]
	switch {
	case e == nil:
	case len(f) == altFields:
		e.name(ofacName(ofacValue(f[3]), e.Kind), false, false)
	default:
		e.place(ofacValue(f[4]), ofacValue(f[2]), ofacValue(f[3]))
	}
}

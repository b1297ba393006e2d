package list

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// Format is a published layout.
type Format string

// The layouts.
const (
	OFACXML Format = "ofac_xml"
	OFACCSV Format = "ofac_csv"
	UNXML   Format = "un_xml"
	EUXML   Format = "eu_xml"
	UKCSV   Format = "uk_csv"
	UKXML   Format = "uk_xml"
)

// Code is the list that is published in the layout (schema IndividualWatchlistCode).
func (f Format) Code() string {
	switch f {
	case OFACXML, OFACCSV:
		return "US_SDN"
	case UNXML:
		return "IZ_UNC"
	case EUXML:
		return "EU_CON"
	}
	return "UK_HMC"
}

// Report is what was read.
type Report struct {
	Format  Format
	Entries int
	// Skipped counts entries that are neither people nor organisations: ships and
	// aircraft.
	Skipped int
}

// collector takes entries as they are read.
type collector struct {
	report Report
	each   func(Entry) error
	seen   map[string]bool
}

// take hands an entry over.
func (c *collector) take(e Entry, line int) error {
	switch {
	case e.UID == "":
		return &Error{Line: line, What: "an entry has no identifier"}
	case c.seen[e.UID]:
		return &Error{Line: line, Entry: e.UID, What: "the entry is in the file twice"}
	case !e.settle():
		return &Error{Line: line, Entry: e.UID, What: "the entry has no name"}
	case c.report.Entries >= MaxEntries:
		return &Error{Line: line, Entry: e.UID, What: "the file has more entries than what is read of one"}
	}
	c.seen[e.UID] = true
	c.report.Entries++
	return c.each(e)
}

// roots are the names of the first elements of the XML layouts, and of the elements
// that are entries.
var roots = map[string]struct {
	format  Format
	entries []string
	convert func(*node) (Entry, bool)
}{
	"sdnlist":           {OFACXML, []string{"sdnentry"}, ofacEntry},
	"consolidated_list": {UNXML, []string{"individual", "entity"}, unEntry},
	"export":            {EUXML, []string{"sanctionentity"}, euEntry},
	"designations":      {UKXML, []string{"designation"}, ukDesignation},
}

// ukRows is the first element of the layout of which several elements are an entry.
const ukRows = "arrayoffinancialsanctionstarget"

// Read reads a file of any layout and hands over its entries. Where it returns an
// error nothing of the file is to be used.
func Read(r io.Reader, each func(Entry) error) (Report, error) {
	in := bufio.NewReaderSize(r, 4096)
	head, _ := in.Peek(512)
	if head = bytes.TrimPrefix(head, bom); len(bytes.TrimSpace(head)) == 0 {
		return Report{}, &Error{Line: 1, What: "the file is empty"}
	}
	if bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff}) || bytes.IndexByte(head, 0) >= 0 {
		return Report{}, &Error{Line: 1, What: "the file is no text in UTF-8"}
	}
	if start, _ := in.Peek(len(bom)); bytes.Equal(start, bom) {
		if _, err := in.Discard(len(bom)); err != nil {
			return Report{}, err
		}
	}
	c := &collector{each: each, seen: map[string]bool{}}
	var err error
	if bytes.TrimSpace(head)[0] == '<' {
		err = c.xml(in)
	} else {
		err = c.csv(in, head)
	}
	if err == nil && c.report.Entries == 0 {
		err = &Error{Line: 1, What: "the file has no entry"}
	}
	if err != nil {
		return Report{}, err
	}
	return c.report, nil
}

var bom = []byte("\ufeff")

func (c *collector) xml(r io.Reader) error {
	d := newDocument(r)
	root, err := d.rootName()
	if err != nil {
		return err
	}
	if root == ukRows {
		c.report.Format = UKXML
		return c.ukTargets(d)
	}
	layout, ok := roots[root]
	if !ok {
		return d.fail(errors.New("the first element is that of no layout that is known: " + printable(root)))
	}
	c.report.Format = layout.format
	return d.each(layout.entries, func(n *node, line int) error {
		e, ok := layout.convert(n)
		if !ok {
			c.report.Skipped++
			return nil
		}
		return c.take(e, line)
	})
}

// printable is a short name of the file's that may be in a message.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_' || r == '-' {
			return r
		}
		return '?'
	}, s)
	if utf8.RuneCountInString(s) > 40 {
		s = s[:40]
	}
	return s
}

// groups are values by their ids, in the order in which they came.
type groups[T any] struct {
	byID  map[string]*T
	order []string
}

func (g *groups[T]) get(id string) *T {
	if g.byID == nil {
		g.byID = map[string]*T{}
	}
	if g.byID[id] == nil {
		g.byID[id] = new(T)
		g.order = append(g.order, id)
	}
	return g.byID[id]
}

// Detect is the layout of a file by its beginning; "" if it is of none.
func Detect(head []byte) Format {
	head = bytes.TrimPrefix(head, bom)
	if t := bytes.TrimSpace(head); len(t) == 0 {
		return ""
	} else if t[0] != '<' {
		return detectCSV(head)
	}
	root, err := newDocument(bytes.NewReader(head)).rootName()
	if err != nil {
		return ""
	}
	if root == ukRows {
		return UKXML
	}
	return roots[root].format
}

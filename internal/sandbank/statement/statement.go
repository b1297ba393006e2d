package statement

import (
	"strings"
	"time"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// Statement is what is printed.
type Statement struct {
	Bank    string
	Owners  []string
	Address []string // the lines below the owners
	Product string   // the account's name
	Number  string   // the whole account number
	Routing string
	Opening string // amounts as they are printed
	Closing string
	Entries []Entry
	From    time.Time
	Until   time.Time
	Printed time.Time
}

// Entry is a line of the activity.
type Entry struct {
	Date        time.Time
	Description string
	Amount      string
}

// The fonts of a statement.
const (
	sans = "Helvetica"
	bold = "Helvetica-Bold"
)

// piece is text at a place on the page, in points from its lower left corner.
type piece struct {
	role  string // what it is, for who changes it
	font  string
	size  float64
	x, y  float64
	text  string
	right bool // x is where it ends
}

// The roles of pieces that forgers are after.
const (
	roleOwner  = "owner"  // above the address
	roleHolder = "holder" // beside its label
	roleNumber = "number"
	roleCity   = "city"
	rolePeriod = "period"
)

// mostEntries fit on the page.
const mostEntries = 24

// pieces lay the statement out.
func (s Statement) pieces() []piece {
	out := []piece{
		{font: bold, size: 16, x: 56, y: 730, text: s.Bank},
		{font: sans, size: 10, x: 556, y: 730, text: "Account statement", right: true},
		{font: sans, size: 8, x: 56, y: 716, text: "Test bank. Nobody’s money. Part of the Glencheck sandbox."},
	}
	y := 672.0
	for _, o := range s.Owners {
		out = append(out, piece{role: roleOwner, font: sans, size: 11, x: 72, y: y, text: o})
		y -= 14
	}
	for i, a := range s.Address {
		p := piece{font: sans, size: 11, x: 72, y: y, text: a}
		if i == len(s.Address)-1 {
			p.role = roleCity
		}
		out = append(out, p)
		y -= 14
	}
	y = 570
	row := func(role, label, value string) {
		out = append(out,
			piece{font: bold, size: 10, x: 56, y: y, text: label},
			piece{role: role, font: sans, size: 10, x: 200, y: y, text: value})
		y -= 16
	}
	row(roleHolder, "Account holder", strings.Join(s.Owners, " and "))
	row("", "Account", s.Product)
	row(roleNumber, "Account number", s.Number)
	row("", "Routing number", s.Routing)
	row(rolePeriod, "Statement period", day(s.From)+" to "+day(s.Until))
	row("", "Statement date", day(s.Printed))
	row("", "Opening balance", s.Opening)
	row("", "Closing balance", s.Closing)
	return append(out, s.activity(y-20)...)
}

func (s Statement) activity(y float64) []piece {
	out := []piece{
		{font: bold, size: 10, x: 56, y: y, text: "Date"},
		{font: bold, size: 10, x: 150, y: y, text: "Transactions"},
		{font: bold, size: 10, x: 556, y: y, text: "Amount", right: true},
	}
	if len(s.Entries) == 0 {
		return append(out, piece{font: sans, size: 10, x: 150, y: y - 16, text: "No transactions in this period."})
	}
	for _, e := range s.Entries[:min(len(s.Entries), mostEntries)] {
		y -= 15
		out = append(out,
			piece{font: sans, size: 10, x: 56, y: y, text: day(e.Date)},
			piece{font: sans, size: 10, x: 150, y: y, text: e.Description},
			piece{font: sans, size: 10, x: 556, y: y, text: e.Amount, right: true})
	}
	return out
}

func day(t time.Time) string { return t.Format("January 2, 2006") }

// winAnsi is text in the encoding of the fonts. What it lacks loses its accents, or
// becomes a question mark.
func winAnsi(s string) string {
	var b strings.Builder
	for _, r := range s {
		if c, ok := charmap.Windows1252.EncodeRune(r); ok {
			b.WriteByte(c)
			continue
		}
		plain := []rune(norm.NFD.String(string(r)))
		if c, ok := charmap.Windows1252.EncodeRune(plain[0]); ok {
			b.WriteByte(c)
		} else {
			b.WriteByte('?')
		}
	}
	return b.String()
}

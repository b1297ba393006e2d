package nacha

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// broken lists the rules of the format that a file of credits breaks. It reads by
// position and shares nothing with what writes the file, the library included.
func broken(file []byte) (wrong []string) {
	c := &checker{}
	lines := strings.Split(strings.TrimSuffix(string(file), "\n"), "\n")
	for i, line := range lines {
		if len(line) != 94 {
			c.fault(i, "has %d characters", len(line))
			return c.wrong
		}
		if strings.IndexFunc(line, func(r rune) bool { return r < ' ' || r > '~' }) >= 0 {
			c.fault(i, "has characters that are not printable ASCII")
		}
		c.record(i, line)
	}
	if len(lines)%10 != 0 {
		c.fault(len(lines), "%d records are no whole blocks of ten", len(lines))
	}
	if c.last != '9' {
		c.fault(len(lines), "the file does not end with its control record")
	}
	return c.wrong
}

// follows are the record types that may come after each.
var follows = map[byte]string{0: "1", '1': "5", '5': "6", '6': "678", '7': "678", '8': "59", '9': "9"}

// checker goes through a file record by record.
type checker struct {
	wrong []string
	last  byte

	odfi                       string // of the batch, and the trace number of its last entry
	trace                      int
	addenda                    bool // the entry announced one
	batches, records           int
	entries, hash, cents       int // of the batch
	allEntries, allHash, total int // of the file
	class, company, batch      string
}

func (c *checker) fault(line int, format string, args ...any) {
	c.wrong = append(c.wrong, fmt.Sprintf("record %d: ", line+1)+fmt.Sprintf(format, args...))
}

// number reads digits; -1 for anything else.
func number(s string) int {
	n, err := strconv.ParseUint(s, 10, 62)
	if err != nil {
		return -1
	}
	return int(n)
}

// field wants a part of a record, from and to counted from 1 as the rules do, to
// look like a pattern.
func (c *checker) field(i int, line string, from, to int, what, pattern string) string {
	got := line[from-1 : to]
	if !regexp.MustCompile("^(?:" + pattern + ")$").MatchString(got) {
		c.fault(i, "%s is %q", what, got)
	}
	return got
}

func (c *checker) equal(i int, what string, got, want int) {
	if got != want {
		c.fault(i, "%s is %d, counted %d", what, got, want)
	}
}

func (c *checker) record(i int, line string) {
	c.records++
	kind := line[0]
	if !strings.ContainsRune(follows[c.last], rune(kind)) {
		c.fault(i, "a %c comes after a %c", kind, c.last)
	}
	if c.addenda && kind != '7' {
		c.fault(i, "the entry has announced an addendum")
	}
	switch {
	case kind == '1':
		c.fileHeader(i, line)
	case kind == '5':
		c.batchHeader(i, line)
	case kind == '6':
		c.entry(i, line)
	case kind == '7':
		c.addendum(i, line)
	case kind == '8':
		c.batchControl(i, line)
	case kind == '9' && c.last == '9':
		c.field(i, line, 1, 94, "the filler", "9{94}")
	case kind == '9':
		c.fileControl(i, line)
	}
	c.last = kind
}

const date = `\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])`

func (c *checker) fileHeader(i int, line string) {
	c.field(i, line, 2, 3, "the priority", "01")
	for what, at := range map[string]int{"destination": 4, "origin": 14} {
		if got := c.field(i, line, at, at+9, what, ` \d{9}`); !tenth(strings.TrimSpace(got)) {
			c.fault(i, "the %s has a wrong check digit", what)
		}
	}
	c.field(i, line, 24, 29, "the creation date", date)
	c.field(i, line, 30, 33, "the creation time", `([01]\d|2[0-3])[0-5]\d`)
	c.field(i, line, 34, 34, "the modifier", `[A-Z0-9]`)
	c.field(i, line, 35, 40, "size, blocking and format", "094101")
}

func (c *checker) batchHeader(i int, line string) {
	c.class = c.field(i, line, 2, 4, "the service class", "220")
	c.field(i, line, 5, 20, "the company name", `\S.{15}`)
	c.company = c.field(i, line, 41, 50, "the company identification", `\S.{9}`)
	c.field(i, line, 51, 53, "the entry class", "PPD")
	c.field(i, line, 54, 63, "the description", "ACCTVERIFY")
	c.field(i, line, 64, 69, "the descriptive date", `SD(1300|1700|1800)`)
	c.field(i, line, 70, 75, "the effective date", date)
	c.field(i, line, 76, 78, "the settlement date", "   ")
	c.field(i, line, 79, 79, "the originator status", "1")
	c.odfi = c.field(i, line, 80, 87, "the originating bank", `\d{8}`)
	c.batch = c.field(i, line, 88, 94, "the batch number", `\d{7}`)
	c.batches++
	c.equal(i, "the batch number", number(c.batch), c.batches)
	c.entries, c.hash, c.cents, c.trace = 0, 0, 0, 0
}

func (c *checker) entry(i int, line string) {
	c.field(i, line, 2, 3, "the transaction code", "22|32")
	routing := c.field(i, line, 4, 12, "the receiving bank", `\d{9}`)
	if !tenth(routing) {
		c.fault(i, "the receiving bank has a wrong check digit")
	}
	c.field(i, line, 13, 29, "the account", `.*\S.*`)
	cents := number(c.field(i, line, 30, 39, "the amount", `\d{10}`))
	if cents < 1 || cents > 100_000_000 {
		c.fault(i, "%d cents do not go by Same Day ACH", cents)
	}
	c.field(i, line, 55, 76, "the name", `\S.{21}`)
	c.addenda = c.field(i, line, 79, 79, "the addenda indicator", "[01]") == "1"
	trace := c.field(i, line, 80, 94, "the trace number", c.odfi+`\d{7}`)
	if n := number(trace[8:]); n <= c.trace {
		c.fault(i, "trace numbers do not rise")
	} else {
		c.trace = n
	}
	c.entries, c.hash, c.cents = c.entries+1, c.hash+number(routing[:8]), c.cents+cents
}

func (c *checker) addendum(i int, line string) {
	c.field(i, line, 2, 3, "the addendum", "05")
	c.field(i, line, 84, 87, "the addendum's number", "0001")
	c.equal(i, "the entry of the addendum", number(line[87:94]), c.trace%10_000_000)
	c.entries, c.addenda = c.entries+1, false
}

func (c *checker) batchControl(i int, line string) {
	c.field(i, line, 2, 4, "the service class", c.class)
	c.equal(i, "the count", number(line[4:10]), c.entries)
	c.equal(i, "the hash", number(line[10:20]), c.hash%10_000_000_000)
	c.equal(i, "the debits", number(line[20:32]), 0)
	c.equal(i, "the credits", number(line[32:44]), c.cents)
	c.field(i, line, 45, 54, "the company identification", regexp.QuoteMeta(c.company))
	c.field(i, line, 80, 87, "the originating bank", c.odfi)
	c.field(i, line, 88, 94, "the batch number", c.batch)
	c.allEntries, c.allHash, c.total = c.allEntries+c.entries, c.allHash+c.hash, c.total+c.cents
}

func (c *checker) fileControl(i int, line string) {
	c.equal(i, "the number of batches", number(line[1:7]), c.batches)
	c.equal(i, "the number of blocks", number(line[7:13]), (c.records+9)/10)
	c.equal(i, "the count", number(line[13:21]), c.allEntries)
	c.equal(i, "the hash", number(line[21:31]), c.allHash%10_000_000_000)
	c.equal(i, "the debits", number(line[31:43]), 0)
	c.equal(i, "the credits", number(line[43:55]), c.total)
}

// tenth reports whether a routing number has the right check digit.
func tenth(routing string) bool {
	sum := 0
	for i, r := range routing {
		sum += int(r-'0') * [...]int{3, 7, 1}[i%3]
	}
	return len(routing) == 9 && sum%10 == 0
}

// TestFilesKeepToTheRules: any file that Marshal writes.
func TestFilesKeepToTheRules(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f := sample()
		f.Modifier = rapid.SampledFrom([]byte("AZ09")).Draw(rt, "modifier")
		model := f.Deposits
		f.Deposits = nil
		first := rapid.IntRange(1, 9_999_900).Draw(rt, "trace")
		for i := range rapid.IntRange(1, 30).Draw(rt, "deposits") {
			d := model[rapid.IntRange(0, 1).Draw(rt, "model")]
			d.Trace, d.Cents = first+i, rapid.IntRange(1, mostCents).Draw(rt, "cents")
			d.Routing = rapid.SampledFrom([]string{"110000000", "333333334", "021000021", "011401533"}).Draw(rt, "routing")
			f.Deposits = append(f.Deposits, d)
		}
		out, err := f.Marshal()
		if err != nil {
			rt.Fatal(err)
		}
		if wrong := broken(out); wrong != nil {
			rt.Fatalf("%s\n%s", strings.Join(wrong, "\n"), out)
		}
	})
}

// TestTheRulesAreChecked: a file that departs from a rule is found out.
func TestTheRulesAreChecked(t *testing.T) {
	out, err := sample().Marshal()
	if err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string][2]string{
		"an amount":        {"0000000001", "0000000002"},
		"a check digit":    {"22110000000", "22110000001"},
		"the company":      {"1460820571PPD", "1460820572PPD"},
		"a description":    {"ACCTVERIFY", "ACCTVERIFI"},
		"a window":         {"SD1300", "SD1301"},
		"a trace":          {"110000000000002", "110000000000001"},
		"an addendum":      {"\n705", "\n799"},
		"a service class":  {"\n8220", "\n8200"},
		"a missing record": {"\n5220", "\n6220"},
	} {
		if wrong := broken([]byte(strings.Replace(string(out), change[0], change[1], 1))); wrong == nil {
			t.Errorf("%s may be anything", what)
		}
	}
}

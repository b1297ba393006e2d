package list_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/glencheck-dev/glencheck/internal/screening/list"
)

func specimen(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func read(t *testing.T, raw []byte) ([]list.Entry, list.Report) {
	t.Helper()
	var all []list.Entry
	report, err := list.Read(bytes.NewReader(raw), func(e list.Entry) error {
		all = append(all, e)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all, report
}

// brief is an entry in a few lines.
func brief(e list.Entry) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %v\n", e.UID, e.Kind, e.Programs)
	for _, n := range e.Names {
		fmt.Fprintf(&b, "name %s%s%s\n", n.Full, map[bool]string{true: " primary"}[n.Primary], map[bool]string{true: " weak"}[n.Weak])
	}
	for _, r := range e.Births {
		fmt.Fprintf(&b, "born %s %s\n", r.From, r.To)
	}
	for _, d := range e.Documents {
		fmt.Fprintf(&b, "document %s %s\n", d.Type, d.Number)
	}
	for _, l := range e.Locations {
		fmt.Fprintf(&b, "place %s: %s\n", l.Country, l.Full)
	}
	for _, s := range append(append(e.Emails, e.Phones...), e.URLs...) {
		fmt.Fprintf(&b, "contact %s\n", s)
	}
	return b.String()
}

const (
	ofacPerson = `9000001 individual [SPECIMEN-A SPECIMEN-B]
name Specimen TESTPERSON primary
name Muster PROBEMANN
name THE SPECIMEN weak
born 1964-09-18 1964-09-18
born 1960-01-01 1962-12-31
born 1960-02-01 1960-02-29
document passport SP0000001
place CD: 1 Example Street, Exampletown, Congo, Democratic Republic of the
place KP: Korea, North
place UG: Exampletown, Uganda
contact specimen@example.com
`
	ukPerson = `9201 individual [Specimen]
name Specimen TESTPERSON primary
name Образец Тестовый
name Muster
name The Specimen weak
born 1966-01-01 1966-12-31
born 1966-07-06 1966-07-06
document passport SP0000004
document passport SP0000014
place BY: Belarus
place US: United States
place BY: Exampletown, Belarus
place BY: 1 Example Street, Exampletown, Belarus
`
)

// TestLayouts reads a specimen of each published layout, field by field.
func TestLayouts(t *testing.T) {
	for _, c := range []struct {
		file    string
		format  list.Format
		skipped int
		want    []string
	}{
		{"sdn.xml", list.OFACXML, 1, []string{ofacPerson, `9000002 entity [SPECIMEN-A]
name SPECIMEN TRADING LLC primary
document tax_id 000111222
contact www.specimen.example
`}},
		{"sdn.csv", list.OFACCSV, 1, []string{`9000001 individual [SPECIMEN-A SPECIMEN-B]
name Specimen TESTPERSON primary
name THE SPECIMEN weak
born 1964-09-18 1964-09-18
born 1961-01-01 1963-12-31
document passport SP0000001
place UG: Exampletown, Uganda
place KP: North Korea
contact specimen@example.com
`, `9000002 entity [SPECIMEN-A]
name SPECIMEN TRADING, LLC primary
contact www.specimen.example
`}},
		{"un.xml", list.UNXML, 0, []string{`9100001 individual [Specimen]
name Specimen Middle Testperson primary
name Образец Тестовый
name Muster Probemann
name The Specimen weak
name Specimen One weak
born 1979-01-01 1981-12-31
born 1975-01-01 1977-12-31
born 1979-03-04 1979-03-04
document passport SP0000002
place LY: Libya
place LY: Exampletown, Libya
`, `9100002 entity [Specimen]
name SPECIMEN GROUP primary
name Specimen Front
place SD: Sudan
`}},
		{"eu.xml", list.EUXML, 0, []string{`EU.9001.1 individual [SPEC]
name Specimen Testperson primary
name Образец Тестовый
name The Specimen weak
born 1970-05-06 1970-05-06
born 1971-01-01 1971-12-31
born 1965-01-01 1967-12-31
document passport SP0000003
place : Exampletown
place BY: BY
place BY: 1 Example Street, Exampletown, 1000, BY
`, `EU.9002.2 entity []
name Specimen Works primary
place BY: BY
contact works@example.com
`}},
		{"uk.csv", list.UKCSV, 1, []string{ukPerson, `9202 entity [Specimen]
name SPECIMEN WORKS primary
place BY: Belarus
`}},
		{"uk_targets.xml", list.UKXML, 0, []string{`9201 individual [Specimen]
name Specimen TESTPERSON primary
name The Specimen weak
born 1966-01-01 1966-12-31
place BY: Belarus
`, `9202 entity [Specimen]
name SPECIMEN WORKS primary
`}},
		{"uk_designations.xml", list.UKXML, 1, []string{`SPC0001 individual [Specimen]
name Specimen TESTPERSON primary
name Muster PROBEMANN weak
name Образец Тестовый
born 1966-01-01 1966-12-31
born 1966-07-06 1966-07-06
document passport SP0000005
place BY: 1 Example Street, Belarus
place BY: Belarus
`}},
	} {
		t.Run(c.file, func(t *testing.T) {
			raw := specimen(t, c.file)
			all, report := read(t, raw)
			if report.Format != c.format || report.Skipped != c.skipped || report.Entries != len(c.want) || list.Detect(raw[:min(len(raw), 512)]) != c.format {
				t.Errorf("report %+v, detected %q; want %s, %d entries, %d skipped", report, list.Detect(raw), c.format, len(c.want), c.skipped)
			}
			var got []string
			for _, e := range all {
				got = append(got, brief(e))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestSupplement adds the names and the addresses that OFAC publishes apart.
func TestSupplement(t *testing.T) {
	all, _ := read(t, specimen(t, "sdn.csv"))
	byID := map[string]*list.Entry{}
	for i := range all {
		byID[all[i].UID] = &all[i]
	}
	for _, f := range []string{"alt.csv", "add.csv"} {
		if err := list.Supplement(byID, bytes.NewReader(specimen(t, f))); err != nil {
			t.Fatal(f, err)
		}
	}
	got := brief(*byID["9000001"])
	for _, want := range []string{"name Muster PROBEMANN\n", "place CD: 1 Example Street, Exampletown, Congo, Democratic Republic of the\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if err := list.Supplement(byID, strings.NewReader("1,2,3\n")); err == nil {
		t.Error("a line of three fields is taken")
	}
}

// TestBadFiles says what is wrong and where, and uses nothing of the file.
func TestBadFiles(t *testing.T) {
	sdn := string(specimen(t, "sdn.xml"))
	deep := `<sdnList><sdnEntry>` + strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100) + `</sdnEntry></sdnList>`
	for name, c := range map[string]struct {
		file, want string
		line       int
	}{
		"empty":           {"", "the file is empty", 1},
		"spaces":          {" \n\n ", "the file is empty", 1},
		"other text":      {"hello\nworld\n", "no layout that is known", 1},
		"other XML":       {"<html><body/></html>", "first element is that of no layout", 1},
		"UTF-16":          {"\xff\xfe<\x00s\x00", "no text in UTF-8", 1},
		"binary":          {"PK\x03\x04\x00\x00", "no text in UTF-8", 1},
		"no entry":        {`<sdnList></sdnList>`, "the file has no entry", 1},
		"cut off":         {sdn[:len(sdn)/2], "", 0},
		"no name":         {"<sdnList>\n<sdnEntry><uid>7</uid></sdnEntry></sdnList>", "entry 7: the entry has no name", 2},
		"no uid":          {"<sdnList>\n\n<sdnEntry><lastName>X</lastName></sdnEntry></sdnList>", "no identifier", 3},
		"twice":           {strings.ReplaceAll(sdn, "9000002", "9000001"), "entry 9000001: the entry is in the file twice", 0},
		"deep":            {deep, "nested too deeply", 1},
		"unclosed":        {"<sdnList>\n<sdnEntry><uid>7</id></sdnEntry></sdnList>", "not well-formed", 2},
		"DTD":             {"<!DOCTYPE sdnList>\n" + `<sdnList/>`, "document type declaration is refused", 1},
		"external entity": {`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><sdnList><sdnEntry><uid>&e;</uid></sdnEntry></sdnList>`, "document type declaration is refused", 1},
		"billion laughs":  {`<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><sdnList><sdnEntry><uid>&b;</uid></sdnEntry></sdnList>`, "document type declaration is refused", 1},
		"entity":          {"<sdnList>\n<sdnEntry><uid>&b;</uid></sdnEntry></sdnList>", "not well-formed", 2},
		"charset":         {`<?xml version="1.0" encoding="utf-7"?><sdnList/>`, "the encoding is none of", 1},
		"huge entry":      {`<sdnList><sdnEntry><uid>7</uid><lastName>` + strings.Repeat("x", 2<<20) + `</lastName></sdnEntry></sdnList>`, "an entry is longer", 1},
		"huge attribute":  {`<export><sanctionEntity logicalId="` + strings.Repeat("x", 2<<20) + `"/></export>`, "an entry is longer", 1},
		"huge field":      {`7,"` + strings.Repeat("x", 2<<20) + `"`, "", 1},
		"short row":       {"Name 6,Name 1,Group ID\nX,Y,7\nX,Y\n", "another number of fields than the head", 3},
		"no group":        {"Name 6,Name 1,Group ID\nX,Y,\n", "a row has no group ID", 2},
		"short line":      {string(specimen(t, "sdn.csv"))[:len(specimen(t, "sdn.csv"))-1] + "9,\"X\"\n", "another number of fields than the layout", 4},
	} {
		t.Run(name, func(t *testing.T) {
			report, err := list.Read(strings.NewReader(c.file), func(list.Entry) error { return nil })
			var bad *list.Error
			if !errors.As(err, &bad) || !strings.Contains(err.Error(), c.want) || c.line > 0 && bad.Line != c.line {
				t.Fatalf("%v; want line %d: %q", err, c.line, c.want)
			}
			if report != (list.Report{}) {
				t.Errorf("a report all the same: %+v", report)
			}
		})
	}
}

// TestEncodings reads a byte order mark, and the encodings of old.
func TestEncodings(t *testing.T) {
	latin := "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><sdnList><sdnEntry><uid>7</uid><lastName>M\xfcster</lastName></sdnEntry></sdnList>"
	for name, c := range map[string]struct{ file, want string }{
		"mark":   {"\ufeffName 6,Name 1,Group ID\nMüster,,7\n", "Müster"},
		"csv":    {"Name 6,Name 1,Group ID\nM\xfcster,,7\n", "Müster"},
		"xml":    {latin, "Müster"},
		"escape": {`<sdnList><sdnEntry><uid>7</uid><lastName>M&#252;ster &amp; Co</lastName></sdnEntry></sdnList>`, "Müster & Co"},
	} {
		t.Run(name, func(t *testing.T) {
			if all, _ := read(t, []byte(c.file)); all[0].Names[0].Full != c.want {
				t.Errorf("%q, want %q", all[0].Names[0].Full, c.want)
			}
		})
	}
}

// TestDates reads every way in which the lists write a date of birth.
func TestDates(t *testing.T) {
	for s, want := range map[string]string{
		"18 Sep 1964": "1964-09-18 1964-09-18", "Sep 1964": "1964-09-01 1964-09-30", "September 1964": "1964-09-01 1964-09-30", "1964": "1964-01-01 1964-12-31",
		"circa 1964": "1963-01-01 1965-12-31", "1961 to 1964": "1961-01-01 1964-12-31", "circa 1961-1964": "", "between 1961 and 1964": "1961-01-01 1964-12-31",
		"circa 1961 to 1964": "1960-01-01 1965-12-31", "18/09/1964": "1964-09-18 1964-09-18", "00/00/1964": "1964-01-01 1964-12-31", "dd/mm/1964": "1964-01-01 1964-12-31",
		"00/09/1964": "1964-09-01 1964-09-30", "1964-09-18": "1964-09-18 1964-09-18", "1964-09-18T00:00:00": "1964-09-18 1964-09-18",
		"01 Jan 1970 to 31 Dec 1975": "1970-01-01 1975-12-31", "29 Feb 1964": "1964-02-29 1964-02-29",
		"31 Feb 1964": "", "": "", "unknown": "", "18 1964": "", "1975 to 1961": "", "18 Foo 1964": "", "1390": "", "9999": "",
	} {
		got := ""
		if r, ok := list.Dates(s); ok {
			got = r.From + " " + r.To
		}
		if got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

// TestCountries knows the ways in which the lists write countries.
func TestCountries(t *testing.T) {
	for s, want := range map[string]string{
		"Korea, North": "KP", "DPRK": "KP", "Russia": "RU", "Russian Federation": "RU", "IRAN": "IR", "Iran (Islamic Republic of)": "IR", "The Gambia": "GM", "Côte d’Ivoire": "CI",
		"Cote d'Ivoire": "CI", "Turkiye": "TR", "United States": "US", "US": "US", "by": "BY", "UK": "GB", "uk": "GB", "Gaza Strip": "PS", "": "", "Atlantis": "", "ZZ": "", "00": "",
	} {
		if got := list.Country(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
	if !list.IsCountry("US") || list.IsCountry("us") || list.IsCountry("XX") || list.IsCountry("") {
		t.Error("codes are not told from what is none")
	}
}

// FuzzRead never fails in another way than by an Error, and an entry that it hands
// over has a name and an identifier.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"sdn.xml", "sdn.csv", "un.xml", "eu.xml", "uk.csv", "uk_targets.xml", "uk_designations.xml"} {
		f.Add(specimen(f, name))
	}
	f.Add([]byte("<!DOCTYPE x><sdnList>"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		_, err := list.Read(bytes.NewReader(raw), func(e list.Entry) error {
			primary := 0
			for _, n := range e.Names {
				if n.Primary {
					primary++
				}
			}
			if e.UID == "" || primary != 1 {
				t.Errorf("entry %q has %d primary names", e.UID, primary)
			}
			for _, r := range e.Births {
				if r.From > r.To {
					t.Errorf("born between %s and %s", r.From, r.To)
				}
			}
			return nil
		})
		var bad *list.Error
		if err != nil && (!errors.As(err, &bad) || bad.Line < 1) {
			t.Errorf("%v", err)
		}
	})
}

// FuzzSupplement never panics.
func FuzzSupplement(f *testing.F) {
	f.Add(specimen(f, "alt.csv"))
	f.Add(specimen(f, "add.csv"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		e := &list.Entry{UID: "9000001", Kind: list.Individual}
		if err := list.Supplement(map[string]*list.Entry{e.UID: e}, bytes.NewReader(raw)); err != nil && err.Error() == "" {
			t.Error("an error without words")
		}
	})
}

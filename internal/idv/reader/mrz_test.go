package reader

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/glencheck-dev/glencheck/internal/idv/reader/specimentest"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// The specimens of ICAO 9303 parts 4, 5, 6 and 7.
const (
	passport = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
	card     = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
	large    = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
	visaA    = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<"
	visaB    = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<"
)

func TestTheStandardsSpecimens(t *testing.T) {
	for _, c := range []struct {
		text   string
		format Format
		number string
		birth  string
		expiry string
		checks int
	}{
		{passport, TD3, "L898902C3", "1974-08-12", "2012-04-15", 5},
		{card, TD1, "D23145890", "1974-08-12", "2012-04-15", 4},
		{large, TD2, "D23145890", "1974-08-12", "2012-04-15", 4},
		{visaA, MRVA, "L8988901C", "1940-09-07", "1996-12-10", 3},
		{visaB, MRVB, "L8988901C", "1940-09-07", "1996-12-10", 3},
	} {
		m, err := ParseMRZ(c.text, now)
		if err != nil {
			t.Errorf("%s: %v", c.format, err)
			continue
		}
		if m.Format != c.format || m.Number != c.number || m.Birth.String() != c.birth || m.Expiry.String() != c.expiry || m.Sex != "F" ||
			m.Surname != "ERIKSSON" || m.GivenNames != "ANNA MARIA" || m.Issuer != "UTO" || m.NameCut || !m.Sound() || len(m.Checks) != c.checks || len(m.Repairs) != 0 {
			t.Errorf("%s: %+v", c.format, m)
		}
		if !m.Expiry.Before(now) {
			t.Errorf("%s has not expired", c.format)
		}
	}
}

// TestTheGeneratorMakesThem: the specimens that other tests use are the standard's.
func TestTheGeneratorMakesThem(t *testing.T) {
	u := specimentest.Utopian
	if got := strings.Join(u.TD3(), "\n"); got != passport {
		t.Errorf("TD3\n%s\n%s", got, passport)
	}
	u.Number, u.Optional = "D23145890", ""
	if got := strings.Join(u.TD1(), "\n"); got != card {
		t.Errorf("TD1\n%s\n%s", got, card)
	}
	if got := strings.Join(u.TD2(), "\n"); got != large {
		t.Errorf("TD2\n%s\n%s", got, large)
	}
	u = specimentest.Person{Surname: "ERIKSSON", GivenNames: "ANNA MARIA", Number: "L8988901C", Issuer: "UTO", Nationality: "XXX", Birth: "400907", Expiry: "961210", Sex: "F"}
	if got := strings.Join(u.Visa(36), "\n"); got != visaB {
		t.Errorf("MRV-B\n%s\n%s", got, visaB)
	}
}

// TestOneWrongCharacterFailsItsCheck: in every field that has a check digit, a
// digit read as another digit is told by that field and by the composite.
func TestOneWrongCharacterFailsItsCheck(t *testing.T) {
	for _, c := range []struct {
		text, from, to string
		failed         []string
	}{
		{passport, "L898902C36", "L898962C36", []string{"number", "composite"}},
		{passport, "7408122F", "7408132F", []string{"birth", "composite"}},
		{passport, "1204159Z", "1205159Z", []string{"expiry", "composite"}},
		{passport, "ZE184226B", "ZE184926B", []string{"optional", "composite"}},
		{passport, "<<<<<10", "<<<<<11", []string{"composite"}},
		{card, "D231458907", "D231459907", []string{"number", "composite"}},
		{card, "7408122F", "7408127F", []string{"birth", "composite"}},
		{card, "<<<<<<6", "<<<<<<7", []string{"composite"}},
		{large, "1204159<", "1204179<", []string{"expiry", "composite"}},
		{visaA, "4009078", "4009079", []string{"birth"}},
	} {
		m, err := ParseMRZ(strings.Replace(c.text, c.from, c.to, 1), now)
		if err != nil {
			t.Errorf("%s: %v", c.to, err)
		} else if m.Sound() || !slices.Equal(m.Failed(), c.failed) {
			t.Errorf("%s: failed %v, want %v", c.to, m.Failed(), c.failed)
		}
	}
}

func TestRepairByField(t *testing.T) {
	for _, c := range []struct{ text, from, to string }{
		{passport, "UTO", "UT0"},                                           // a letter's place
		{passport, "7408122F", "74O8I22F"},                                 // digits' places
		{passport, "L898902C36", "L8989O2C36"},                             // either: the check digit decides
		{passport, "L898902C36", "L8989O2C3G"},                             // the check digit itself
		{passport, "MARIA<<<<<<<<<<<<<<<<<<<", "MARIA<<<<KK<<<<<<C<<<<<<"}, // fillers read as letters
		{passport, "MARIA<<<<<<<<<<<<<<<<<<<", "MARIA<<<<<<<<<<<<<<<"},     // fillers lost at the end
		{passport, "MARIA<<<<<<<<<<<<<<<<<<<", "MARIA«««««««««<"},
		{passport, "P<UTOERIKSSON", "P < U T O E R I K S S O N"},
		{passport, "P<UTO", "p<uto"},
		{passport, "P<UTOERIKSSON", "SPECIMEN REPUBLIC\nPassport No. 12\nP<UTOERIKSSON"}, // other print above
		{card, "ERIKSSON<<ANNA", "ER1KS5ON<<ANNA"},
		{large, "7408122F", "7408IZ2F"},
	} {
		m, err := ParseMRZ(strings.ReplaceAll(c.text, c.from, c.to), now)
		if err != nil {
			t.Errorf("%q: %v", c.to, err)
			continue
		}
		if got := strings.Join(m.Lines, "\n"); got != c.text || !m.Sound() {
			t.Errorf("%q: failed %v\n%s\n%s", c.to, m.Failed(), got, c.text)
		}
	}
	m, _ := ParseMRZ(strings.Replace(passport, "7408122F", "74O8122F", 1), now)
	if want := (Repair{Field: "birth", Line: 1, Column: 15, From: 'O', To: '0'}); len(m.Repairs) != 1 || m.Repairs[0] != want {
		t.Errorf("%+v", m.Repairs)
	}
}

// TestAGuessIsToldFromAFact: where a place can hold both, the check digit decides,
// and says so; a forged digit is not mended away.
func TestAGuessIsToldFromAFact(t *testing.T) {
	m, _ := ParseMRZ(strings.Replace(passport, "L898902C36", "L8989O2C36", 1), now)
	if !m.Sound() || !slices.Equal(m.Guessed(), []string{"number"}) {
		t.Errorf("%+v", m)
	}
	for _, forged := range []string{"L898903C36", "L898912C36", "L899902C36", "L898962C36"} {
		if m, _ := ParseMRZ(strings.Replace(passport, "L898902C36", forged, 1), now); m.Sound() {
			t.Errorf("%s was mended into %s", forged, m.Number)
		}
	}
}

func TestWhatIsNoZone(t *testing.T) {
	for _, s := range []string{
		"", "\n\n", "P<UTO", "hello world this is a long line of text\nand this is another one of them, too",
		strings.Repeat("<", 44) + "\n" + strings.Repeat("<", 44), strings.Repeat("A", 44) + "\n" + strings.Repeat("1", 44),
		strings.Split(passport, "\n")[0], passport[:70], strings.Repeat("9", 30) + "\n" + strings.Repeat("9", 30) + "\n" + strings.Repeat("9", 30),
	} {
		if m, err := ParseMRZ(s, now); err == nil {
			t.Errorf("%q: %+v", s, m)
		}
	}
}

func TestDatesOfZones(t *testing.T) {
	for _, c := range []struct {
		s, want string
		expiry  bool
	}{
		{"740812", "1974-08-12", false}, {"261122", "2026-11-22", false}, {"261123", "1926-11-23", false}, {"000229", "2000-02-29", false},
		{"010229", "", false}, {"741332", "", false}, {"7408<<", "", false}, {"<<<<<<", "", false}, {"74O812", "", false},
		{"120415", "2012-04-15", true}, {"750101", "2075-01-01", true}, {"770101", "1977-01-01", true}, {"351231", "2035-12-31", true},
	} {
		if got := shortDay(c.s, now, c.expiry).String(); got != c.want {
			t.Errorf("%s expiry %v: %q, want %q", c.s, c.expiry, got, c.want)
		}
	}
	if d := shortDay("7408<<", now, false); d.Year != 1974 || d.Month != 8 || d.Known() {
		t.Errorf("%+v", d)
	}
}

func TestALongNumberGoesOnInTheOptionalData(t *testing.T) {
	p := specimentest.Utopian
	p.Number, p.Optional = "D23145890734", "AB"
	m, err := ParseMRZ(strings.Join(p.TD1(), "\n"), now)
	if err != nil || m.Number != "D23145890734" || !m.Sound() || !slices.Equal(m.Optional, []string{"AB"}) {
		t.Errorf("%v %+v", err, m)
	}
	if m, _ = ParseMRZ(strings.Replace(strings.Join(p.TD1(), "\n"), "734", "735", 1), now); m.Sound() {
		t.Error("another digit passes")
	}
}

var somebody = rapid.Custom(func(t *rapid.T) specimentest.Person {
	day := func(label string) string {
		return rapid.StringMatching(`[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])`).Draw(t, label)
	}
	return specimentest.Person{
		Surname: rapid.StringMatching(`[A-Z]{2,12}( [A-Z]{2,6})?`).Draw(t, "surname"), GivenNames: rapid.StringMatching(`[A-Z]{2,8}( [A-Z]{2,6}){0,2}`).Draw(t, "given"),
		Number: rapid.StringMatching(`[A-Z]{0,2}[0-9]{6,7}`).Draw(t, "number"), Issuer: "UTO", Nationality: rapid.SampledFrom([]string{"UTO", "D", "USA"}).Draw(t, "nationality"),
		Birth: day("birth"), Expiry: day("expiry"), Sex: rapid.SampledFrom([]string{"M", "F", "<"}).Draw(t, "sex"), Optional: rapid.StringMatching(`[A-Z0-9]{0,7}`).Draw(t, "optional"),
	}
})

// TestEveryZoneIsReadBack: whatever is written is read, nothing is repaired, and
// of a wrong digit in a birthday something always tells.
func TestEveryZoneIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := somebody.Draw(t, "person")
		zone := rapid.SampledFrom([][]string{p.TD1(), p.TD2(), p.TD3()}).Draw(t, "zone")
		m, err := ParseMRZ(strings.Join(zone, "\n"), now)
		if err != nil || !m.Sound() || len(m.Repairs) != 0 {
			t.Fatalf("%v %+v", err, m)
		}
		if m.Surname != p.Surname && !m.NameCut || m.Number != p.Number || m.Nationality != p.Nationality || m.Birth.String()[2:] != p.Birth[:2]+"-"+p.Birth[2:4]+"-"+p.Birth[4:] {
			t.Fatalf("%+v", m)
		}
	})
}

func FuzzParseMRZ(f *testing.F) {
	for _, s := range []string{passport, card, large, visaA, visaB, strings.ToLower(passport), strings.ReplaceAll(card, "<", "«")} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := ParseMRZ(s, now)
		if err != nil {
			return
		}
		again, err := ParseMRZ(strings.Join(m.Lines, "\n"), now)
		if err != nil || again.Number != m.Number || again.Sound() != m.Sound() {
			t.Fatalf("%q: %v\n%+v\n%+v", s, err, m, again)
		}
	})
}

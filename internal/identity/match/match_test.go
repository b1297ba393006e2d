package match

import (
	"slices"
	"strings"
	"testing"
)

// TestCalibration holds the documented pairs (plaid-server-api.md section 8.3) and
// what the newer page on the scores of names says of the upper band.
func TestCalibration(t *testing.T) {
	type band struct{ low, high int }
	for _, c := range []struct {
		a, b string
		band
	}{
		{"Andrew Smith", "Andrew Smith", band{100, 100}},
		{"John Smith", "John Smith", band{100, 100}},
		{"Andrew Smith", "Andrew Simth", band{85, 99}},
		{"Andrew Smith", "Andy Simth", band{70, 84}},
		{"Andrew Smith", "Betty Smith", band{50, 69}},
		{"Andrew Smith", "Ray Charles", band{0, 49}},
		{"Andrew Smith", "Mr. Andrew Smith", band{99, 99}},
		{"Andrew Smith", "Smith, Andrew", band{99, 99}},
		{"Andrew Smith Jr.", "Andrew Smith", band{95, 98}},
		{"Andrew Smith Jr.", "Andrew Smith III", band{95, 98}},
		{"Andrew Smith", "Andrew Smth", band{90, 94}},
		{"Andrew Smith", "Drew Smith", band{90, 94}},
		{"José García López", "José García", band{90, 94}},
	} {
		if got := Names(c.a, c.b); got.Score < c.low || got.Score > c.high {
			t.Errorf("%q and %q: %d, want %d to %d\n%s", c.a, c.b, got.Score, c.low, c.high, got.Trace)
		}
	}
	for _, c := range []struct {
		b string
		band
	}{
		{"+1-555-867-5309", band{100, 100}},
		{"+1 (555) 867.5309", band{100, 100}},
		{"1 (555)-867-5309", band{90, 99}},
		{"5558675309", band{70, 89}},
		{"555-867-5302", band{0, 69}},
		{"+1-555-867-5309 ext. 12", band{70, 99}},
	} {
		if got := Phones("+1-555-867-5309", c.b); got.Score < c.low || got.Score > c.high {
			t.Errorf("%q: %d, want %d to %d\n%s", c.b, got.Score, c.low, c.high, got.Trace)
		}
	}
}

// TestFlags are the members of NameMatchScore that the schema describes.
func TestFlags(t *testing.T) {
	for _, c := range []struct {
		a, b                       string
		firstOrLast, nick, company bool
	}{
		{"Jennifer Lee", "Jenn Lee", true, true, false},
		{"Andrew Smith", "Andrew Smith", true, false, false},
		{"Andrew Smith", "Andrew Simth", true, false, false},
		{"Andrew Smith", "Andy Simth", false, true, false},
		{"Andrew Smith", "Betty Smith", true, false, false},
		{"Andrew Smith", "Smith Jones", false, false, false},
		{"Smith Andrew", "Andrew Smith", true, false, false},
		{"Andrew Smith", "Ray Charles", false, false, false},
		{"Andrew Smith", "Smith", true, false, false},
		{"Smith Plumbing LLC", "Smith Plumbing", false, false, true},
		{"ACME CORP", "Andrew Smith", false, false, true},
		{"Acme Ltd", "Acme Ltd", true, false, true},
		{"Acme, Inc. of Ohio", "Acme", false, false, true},
		{"Maria Sá", "Maria Co", true, false, false}, // surnames, not legal forms
		{"Banco Norte S.A.", "Banco Norte", false, false, true},
		{"Kim Minsu", "김민수", true, false, false},
	} {
		got := Names(c.a, c.b)
		if got.FirstOrLast != c.firstOrLast || got.Nickname != c.nick || got.Business != c.company {
			t.Errorf("%q and %q: %+v", c.a, c.b, got)
		}
	}
}

// TestNames pins scores, so that a change of the matcher is seen for what it does.
func TestNames(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"JOHN  SMITH", "John Smith", 100},
		{"JOSÉ NUÑEZ", "Jose Nunez", 100},
		{"Smith John", "John Smith", 96},
		{"Alberta Charleson", "Alberta Bobbeth Charleson", 94},
		{"Alberta B. Charleson", "Alberta Bobbeth Charleson", 96},
		{"Andrew J Smith", "Andrew P Smith", 84},
		{"Andrew James Smith", "Andrew Paul Smith", 84},
		{"James Smith", "Andrew James Smith", 84},
		{"J. James Smith", "James Smith", 88},
		{"A. Smith", "Andrew Smith", 80},
		{"B. Smith", "Andrew Smith", 50},
		{"Andrew S.", "Andrew Smith", 75},
		{"Daniel Smith", "Daniela Smith", 62},
		{"Andrew Smith, M.D.", "Dr. Andrew Smith", 98},
		{"Jürgen Müller", "Jurgen Muller", 100},
		{"Jürgen Müller", "Juergen Mueller", 98},
		{"Ludwig van Beethoven", "Ludwig Beethoven", 97},
		{"Mary Ann O'Brien", "Maryann OBrien", 99},
		{"Pat O Brien", "Patrick O'Brien", 91},
		{"Anne-Marie Smith-Jones", "Anne Marie Smith Jones", 99},
		{"Anne Smith-Jones", "Anne Smith", 92},
		{"Catherine Jones", "Kathryn Jones", 94},
		{"Bob Jones", "Robert Jones", 91},
		{"Abd al-Rashid", "Abdul Rashid", 99},
		{"Дмитрий Иванов", "Dmitry Ivanov", 99},
		{"Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos", 99},
		{"محمد علي", "Mohammed Ali", 88},
		{"Kim Min-su", "김민수", 99},
		{"Sakura Tanaka", "さくら たなか", 99},
		{"王小明", "王 小明", 99},
		{"王小明", "王小红", 23},
		{"ANDREW & BETTY SMITH", "Betty Smith", 98},
		{"ANDREW SMITH OR BETTY JONES", "Betty Jones", 98},
		{"Michael Jones JTWROS", "Michael Jones", 99},
		{"Michael Jones POD Betty Jones", "Michael Jones", 99},
		{"Acme Inc", "Acme Incorporated", 99},
		{"Acme LLC", "Acme", 92},
		{"Acme LLC", "Acme Inc", 80},
		{"Acme Intl Svcs LLC", "Acme International Services LLC", 96},
		{"Smith Plumbing LLC", "Jones Plumbing LLC", 60},
		{"IBM Corp", "International Business Machines Corp", 72},
		{"John Smith LLC", "John Smith", 92},
		{"Tom Brown dba Brown Roofing LLC", "Tom Brown", 98},
		{"Tom Brown dba Brown Roofing LLC", "Brown Roofing LLC", 95},
		{"Mr.", "—", 0},
	} {
		got := Names(c.a, c.b)
		if got.Score != c.want {
			t.Errorf("%q and %q: %d, want %d\n%s", c.a, c.b, got.Score, c.want, got.Trace)
		}
	}
}

func TestEmails(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"Andrew@Example.com ", "andrew@example.com", 100},
		{"andrew+bank@example.com", "andrew@example.com", 85},
		{"andrew+bank@example.com", "andrew+shop@example.com", 85},
		{"an.drew@gmail.com", "andrew@googlemail.com", 90},
		{"an.drew@example.com", "andrew@example.com", 60},
		{"andrew-x1@yahoo.com", "andrew@yahoo.com", 85},
		{"andrew@example.com", "andrew@other.example", 40},
		{"andrew@firm.example", "betty@firm.example", 20},
		{"andrew@gmail.com", "betty@gmail.com", 0},
		{"not an address", "andrew@gmail.com", 0},
	} {
		if got := Emails(c.a, c.b); got.Score != c.want {
			t.Errorf("%q and %q: %d, want %d\n%s", c.a, c.b, got.Score, c.want, got.Trace)
		}
	}
}

func TestPhones(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"1112223333", "1112223333", 100},
		{"+11112223333", "1112223333", 80},
		{"0044 20 7946 0018", "+442079460018", 100},
		{"+44 (0)20 7946 0018", "+442079460018", 100},
		{"+44 20 7946 0018", "020 7946 0018", 80},
		{"+49 30 901820", "+43 30 901820", 40},
		{"+52 1 55 1234 5678", "+52 55 1234 5678", 95},
		{"867-5309", "555-867-5309", 60},
		{"+1 555 867 5309 x12", "+1 555 867 5309;ext=13", 75},
		{"+1 555 867 5309 x12", "+1 555 867 5309;ext=12", 100},
		{"1-555-FLOWERS", "+1 555 356 9377", 95},
		{"+1 555 867 5309", "+1 415 222 1111", 0},
		{"unknown", "5558675309", 0},
	} {
		if got := Phones(c.a, c.b); got.Score != c.want {
			t.Errorf("%q and %q: %d, want %d\n%s", c.a, c.b, got.Score, c.want, got.Trace)
		}
	}
}

func TestAddresses(t *testing.T) {
	at := func(street string) Address { return Address{street, "Malakoff", "NY", "14236", "US"} }
	for _, c := range []struct {
		a, b   Address
		want   int
		postal bool
	}{
		{at("2992 Cameron Road"), at("2992  CAMERON road"), 100, true},
		{at("2992 Cameron Road"), at("2992 Cameron Rd."), 99, true},
		{at("2992 Cameron Rd Apt 4B"), at("2992 Cameron Road #4b"), 99, true},
		{at("2992 Cameron Rd, Unit 4-B"), at("2992 Cameron Road 4B"), 99, true},
		{at("4B/123 Main St"), at("123 Main St Apt 4B"), 99, true},
		{at("2992 Cameron Rd Apt 4B"), at("2992 Cameron Road"), 94, true},
		{at("2992 Cameron Rd Apt 4B"), at("2992 Cameron Road Apt 5"), 85, true},
		{at("123 N Main St"), at("123 Main Street North"), 99, true},
		{at("123 N Main St"), at("123 S Main St"), 85, true},
		{at("100 E St NW"), at("100 E Street Northwest"), 99, true},
		{at("123 First Ave 2nd Floor"), at("123 1st Avenue Fl 2"), 99, true},
		{at("12 St Charles Ave"), at("12 Saint Charles Avenue"), 99, true},
		{at("123 Main St"), at("123 Main Ave"), 88, true},
		{at("PO Box 12"), at("P.O. Box 12"), 99, true},
		{at("PO Box 12"), at("PO Box 13"), 40, true},
		{at("PO Box 12"), at("12 Main St"), 40, true},
		{at("2992 Camron Rd"), at("2992 Cameron Rd"), 94, true},
		{at("2993 Cameron Rd"), at("2992 Cameron Rd"), 60, true},
		{at("1 Other Way"), at("2992 Cameron Rd"), 0, true},
		{Address{PostalCode: "14236"}, at("2992 Cameron Road"), 62, true},
		{Address{"2493 Leisure Lane", "San Matias", "California", "93405", "USA"}, Address{"2493 Leisure Lane", "San Matias", "CA", "93405-2255", "US"}, 99, true},
		{Address{"1 A St", "Moscow", "ID", "83843-1111", "US"}, Address{"1 A St", "Moscow", "ID", "838432222", "US"}, 98, true},
		{Address{"1 A St", "Boston", "MA", "2116", "US"}, Address{"1 A St", "Boston", "MA", "02116", "US"}, 99, true},
		{Address{"1 A St", "Boston", "MA", "02116", "US"}, Address{"1 A St", "Boston", "MA", "90210", "US"}, 85, false},
		{Address{"1 A St", "Boston", "MA", "", "US"}, Address{"1 A St", "Boston", "MA", "90210", "US"}, 97, false},
		{Address{"Hauptstr. 12", "München", "", "80331", "DE"}, Address{"Hauptstraße 12", "MÜNCHEN", "", "80331", "Deutschland"}, 99, true},
		{Address{"12 bis, rue de la Paix", "Paris", "", "75002", "FR"}, Address{"12bis Rue de la Paix", "Paris", "", "75002", "FR"}, 99, true},
		{Address{"10 Downing St", "London", "", "SW1A 2AA", "GB"}, Address{"10 Downing Street", "London", "", "sw1a2aa", "UK"}, 99, true},
		{Address{"10 Downing St", "London", "", "SW1A 2AA", "GB"}, Address{"10 Downing Street", "London", "", "SW1A 2AA", "US"}, 50, true},
	} {
		got := Addresses(c.a, c.b)
		if got.Score != c.want || got.PostalCode != c.postal {
			t.Errorf("%v and %v: %d %t, want %d %t\n%s", c.a, c.b, got.Score, got.PostalCode, c.want, c.postal, got.Trace)
		}
	}
}

// TestBest: the best of several owners counts, and what a side lacks has no score.
func TestBest(t *testing.T) {
	held := Person{
		Names: []string{"Leslie Barbara Knope", "Ben Wyatt", "  "}, Phones: []string{"+1-234-567-8909"},
		Addresses: []Address{{}, {Street: "123 Main St", City: "Pawnee", Region: "IN", PostalCode: "46001", Country: "US"}},
	}
	got := Best(Person{Names: []string{"Ben Wyatt"}, Phones: []string{"+12345678909"}, Emails: []string{"ben@example.com"}, Addresses: []Address{{Street: "123 Main Street", City: "Pawnee", Region: "IN", PostalCode: "46001", Country: "US"}}}, held)
	if got.Name == nil || got.Name.Score != 100 || got.Phone == nil || got.Phone.Score != 100 || got.Email != nil || got.Address == nil || got.Address.Score != 99 {
		t.Errorf("%+v", got)
	}
	if got := Best(Person{Names: []string{" "}}, held); got != (Result{}) {
		t.Errorf("nothing said: %+v", got)
	}
}

// TestTrace: a trace tells in words why a score is what it is.
func TestTrace(t *testing.T) {
	want := "  -9  a nickname: andy / andrew\n  -8  letters differ: simth / smith\n  83"
	if got := Names("Andy Simth", "Andrew Smith").Trace.String(); got != want {
		t.Errorf("%s", got)
	}
	for rule, words := range says {
		if rule == "" || words == "" || strings.ToLower(words[:1]) != words[:1] && !strings.HasPrefix(words, "ZIP") {
			t.Errorf("rule %q says %q", rule, words)
		}
	}
}

// TestNicknames reads the table as data: each line holds together.
func TestNicknames(t *testing.T) {
	seen := map[string]string{}
	for line := range strings.Lines(nicknamesText) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		formal, short, _ := strings.Cut(line, ":")
		for _, w := range strings.Fields(formal) {
			if other, ok := seen[fold(w).text]; ok && other != line {
				t.Errorf("%s stands for two names:\n%s\n%s", w, other, line)
			}
			seen[fold(w).text] = line
			if slices.Contains(strings.Fields(short), w) {
				t.Errorf("%s is its own nickname: %s", w, line)
			}
		}
	}
}

func BenchmarkNames(b *testing.B) {
	for b.Loop() {
		Names("Andrew James Smith", "Andy J Simth")
	}
}

// BenchmarkBest is a whole comparison of a person with what a bank has: two names,
// three telephone numbers, three e-mail addresses and two postal addresses.
func BenchmarkBest(b *testing.B) {
	said := Person{[]string{"Alberta Charleson"}, []string{"+11112223333"}, []string{"accountholder0@example.com"}, []Address{{"2992 Cameron Rd", "Malakoff", "NY", "14236", "US"}}}
	held := Person{
		[]string{"Alberta Bobbeth Charleson", "Charles Charleson"}, []string{"1112223333", "1112224444", "1112225555"},
		[]string{"accountholder0@example.com", "accountholder1@example.com", "extraordinarily.long.email.username.123456@reallylonghostname.com"},
		[]Address{{"2992 Cameron Road", "Malakoff", "NY", "14236", "US"}, {"2493 Leisure Lane", "San Matias", "CA", "93405-2255", "US"}},
	}
	for b.Loop() {
		Best(said, held)
	}
}

func BenchmarkAddresses(b *testing.B) {
	x, y := Address{"2992 Cameron Rd Apt 4B", "Malakoff", "NY", "14236", "US"}, Address{"2992 CAMERON ROAD", "Malakoff", "New York", "14236-1111", "US"}
	for b.Loop() {
		Addresses(x, y)
	}
}

package specimen

import (
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/idv/document"
)

// Person is whoever a document is made out to. Names, birthday and country have to be
// there.
type Person struct {
	GivenName, FamilyName string
	DateOfBirth           string // YYYY-MM-DD
	Sex                   string // F, M, or "" for neither
	Country               string // ISO 3166-1 alpha-2
	Number                string // of the document; "" for one that follows from the person
	Street, City          string // on licences, where they are known
	Region, PostalCode    string
	Expiry                string // YYYY-MM-DD; "" for a birthday to come
}

// Leslie is whom the sandbox knows.
var Leslie = Person{
	GivenName: "Leslie", FamilyName: "Knope", DateOfBirth: "1975-01-18", Sex: "F", Country: "US",
	Street: "123 Main St.", City: "Pawnee", Region: "IN", PostalCode: "46001",
}

// another is printed where a fault wants somebody else: nobody's name.
var another = [2]string{"Another", "Person"}

// Writable reports whether a name has letters that a zone can have.
func Writable(name string) bool { return zoneName(name) != "" }

// check says what keeps a person from having a document.
func (p Person) check() error {
	for _, f := range []struct{ name, value string }{{"given name", p.GivenName}, {"family name", p.FamilyName}} {
		if !Writable(f.value) {
			return fmt.Errorf("the %s has no letter that a document could be read by", f.name)
		}
	}
	if _, err := time.Parse(time.DateOnly, p.DateOfBirth); err != nil {
		return fmt.Errorf("the date of birth is not a day, YYYY-MM-DD")
	}
	return nil
}

// zoneName is a name in the letters of a zone: A to Z and single spaces.
func zoneName(name string) string {
	return strings.Join(strings.FieldsFunc(document.ZoneName(name), func(r rune) bool { return r < 'A' || r > 'Z' }), " ")
}

// seed is a number that follows from who somebody is.
func (p Person) seed() uint64 {
	h := fnv.New64a()
	h.Write([]byte(zoneName(p.GivenName) + "\x00" + zoneName(p.FamilyName) + "\x00" + p.DateOfBirth))
	v := h.Sum64() // whose low bits follow each other; mixed as in SplitMix64
	v = (v ^ v>>30) * 0xbf58476d1ce4e5b9
	v = (v ^ v>>27) * 0x94d049bb133111eb
	return v ^ v>>31
}

// digits are n digits that follow from the person.
func (p Person) digits(n int) string {
	return fmt.Sprintf("%018d", p.seed()%1e18)[18-n:]
}

// birthday is the person's birthday in a year.
func (p Person) birthday(year int) string {
	b, _ := time.Parse(time.DateOnly, p.DateOfBirth)
	day := b.Day()
	if b.Month() == time.February {
		day = min(day, 28)
	}
	return time.Date(year, b.Month(), day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

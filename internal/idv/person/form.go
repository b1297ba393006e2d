package person

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/glencheck-dev/glencheck/internal/team"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Field is one input of Link's form.
type Field struct {
	Path     string // within the user object: "address.postal_code"
	Required bool
	// Word says what the field is called here: "state", "zip"; the last part of the
	// path where it has no word of its own.
	Word         string
	MaxLength    int    // in characters, 0 for none
	Keyboard     string // HTML inputmode: text, numeric, tel
	Capitals     bool   // HTML autocapitalize="characters"
	Autocomplete string // HTML autocomplete
	Mask         string // "#" a digit, "@" a letter, "*" any; of the most usual shape
	Options      []Region
}

// NameFields are the inputs of the name pane.
func NameFields() []Field {
	return []Field{
		{Path: "name.given_name", Word: "given_name", Required: true, MaxLength: maxName, Keyboard: "text", Autocomplete: "given-name"},
		{Path: "name.family_name", Word: "family_name", Required: true, MaxLength: maxName, Keyboard: "text", Autocomplete: "family-name"},
	}
}

// BirthField is the input of the birthday pane; the browser's own date picker or
// three boxes write YYYY-MM-DD into it.
func BirthField() Field {
	return Field{Path: "date_of_birth", Word: "date_of_birth", Required: true, MaxLength: 10, Keyboard: "numeric", Autocomplete: "bday", Mask: "####-##-##"}
}

// PhoneField is the input of the telephone pane.
func PhoneField() Field {
	return Field{Path: "phone_number", Word: "phone_number", Required: true, MaxLength: 40, Keyboard: "tel", Autocomplete: "tel"}
}

// AddressFields are the inputs of the address pane for the country, in the order
// in which its people write an address.
func (c *Country) AddressFields() []Field {
	street := Field{Path: "address.street", Word: "street", Required: true, MaxLength: maxStreet, Keyboard: "text", Autocomplete: "address-line1"}
	street2 := Field{Path: "address.street2", Word: "street2", MaxLength: maxStreet2, Keyboard: "text", Autocomplete: "address-line2"}
	city := Field{Path: "address.city", Word: "city", Required: true, MaxLength: maxCity, Keyboard: "text", Autocomplete: "address-level2"}
	var postal, region []Field
	if c.PostalCode == Required {
		postal = []Field{c.postalField()}
	}
	if c.Region == Required {
		region = []Field{{
			Path: "address.region", Word: regionWord(c.Code), Required: true, Keyboard: "text", Autocomplete: "address-level1",
			Options: slices.DeleteFunc(slices.Clone(c.Regions), func(r Region) bool { return r.Old }),
		}}
	}
	switch c.Code {
	case "JP", "CN", "KR", "TW": // from the large to the small
		return slices.Concat(postal, region, []Field{city, street, street2})
	case "US", "CA", "AU", "IN", "GB", "IE", "NZ", "TH", "ID", "PH", "HK", "AE", "CO", "SG":
		return slices.Concat([]Field{street, street2, city}, region, postal)
	}
	return slices.Concat([]Field{street, street2}, postal, []Field{city}, region)
}

func (c *Country) postalField() Field {
	f := Field{Path: "address.postal_code", Word: "postal_code", Required: true, MaxLength: 12, Keyboard: "text", Capitals: true, Autocomplete: "postal-code"}
	switch c.Code {
	case "US":
		f.Word = "zip"
	case "IE":
		f.Word = "eircode"
	}
	if len(c.PostalShapes) > 0 {
		f.Mask = c.PostalShapes[0]
		if !strings.ContainsFunc(strings.Join(c.PostalShapes, ""), func(r rune) bool { return unicode.IsLetter(r) || r == '@' || r == '*' }) {
			f.Keyboard, f.Capitals = "numeric", false
		}
	}
	if c.Code == "US" {
		f.MaxLength = 5
	}
	return f
}

// regionWord is what the subdivisions of a country are called.
func regionWord(country string) string {
	switch country {
	case "US", "AU", "BR", "IN", "MX", "MY", "NG":
		return "state"
	case "AR", "CA", "CN", "ES", "ID", "IT", "KR", "PA", "PH", "TH", "ZA":
		return "province"
	case "JP":
		return "prefecture"
	case "IE", "RO":
		return "county"
	}
	return "region"
}

// Field is the input of the ID number pane for the type.
func (t *IDType) Field(required bool) Field {
	f := Field{Path: "id_number.value", Word: t.Name, Required: required, MaxLength: 24, Keyboard: "text", Capitals: true, Autocomplete: "off", Mask: t.Mask}
	if t.digits {
		f.Keyboard, f.Capitals = "numeric", false
	}
	return f
}

// Typed cleans what was typed into one field of the form and says whether it is
// taken. Country is where the person lives ("" before that is known) and idType the
// type that was chosen; both matter to some fields alone. The cleaned value is what
// the user object stores. Hint is a doubt that does not stop anybody: a postal code
// of a shape that the country does not use, a check digit that does not fit.
func Typed(path, typed, country, idType string, now time.Time, p Policy) (value string, problem, hint Problem) {
	value = tidy(typed)
	if !visible(value) {
		if path == "address.street2" {
			return "", Fine, Fine
		}
		return "", Missing, Fine
	}
	switch path {
	case "name.given_name", "name.family_name":
		return value, long(value, maxName), Fine
	case "address.street":
		return value, worded(value, maxStreet), Fine
	case "address.street2":
		return value, long(value, maxStreet2), Fine
	case "address.city":
		return value, worded(value, maxCity), Fine
	case "date_of_birth":
		return value, birthProblem(value, now), Fine
	case "phone_number":
		phone, err := team.CheckPhone(value, country)
		if err != nil {
			return value, Malformed, Fine
		}
		return phone, Fine, Fine
	case "address.country":
		value = strings.ToUpper(value)
		if _, ok := CountryOf(value); !ok {
			return value, Unsupported, Fine
		}
		return value, Fine, Fine
	}
	return typedInCountry(path, value, country, idType, p)
}

// typedInCountry handles the fields whose rules are the country's.
func typedInCountry(path, value, country, idType string, p Policy) (string, Problem, Problem) {
	c, ok := CountryOf(country)
	if !ok {
		return value, Unsupported, Fine
	}
	switch path {
	case "address.region":
		if c.Region == NotAccepted {
			return "", Unwanted, Fine
		}
		if !c.HasRegion(value) {
			return value, Unsupported, Fine
		}
		return value, Fine, Fine
	case "address.postal_code":
		return c.typedPostal(value)
	case "id_number.value":
		t, ok := IDTypeOf(idType)
		if !ok || !c.TakesIDType(t, p) {
			return "", Unwanted, Fine
		}
		value = t.Strip(value)
		if !t.Fits(value, p) {
			return value, Malformed, Fine
		}
		return value, Fine, t.Examine(value).Problem
	}
	return value, Unsupported, Fine
}

func (c *Country) typedPostal(value string) (string, Problem, Problem) {
	value = strings.ToUpper(norm.NFKC.String(value))
	switch {
	case c.PostalCode == NotAccepted:
		return "", Unwanted, Fine
	case c.Code == "US" && (len(value) != 5 || !digitsOnly(value)), !postalCode(value):
		return value, Malformed, Fine
	}
	if shaped, ok := c.PostalShape(value); ok {
		return shaped, Fine, Fine
	}
	return value, Fine, Malformed
}

// PostalShape writes a postal code as the country does, with its spaces and
// hyphens, and reports whether it has one of the country's shapes. Countries
// without a shape in the table take every code as it is.
func (c *Country) PostalShape(code string) (string, bool) {
	if len(c.PostalShapes) == 0 {
		return code, true
	}
	bare := strings.NewReplacer(" ", "", "-", "").Replace(code)
	for _, shape := range c.PostalShapes {
		if s, ok := poured(bare, shape); ok {
			return s, true
		}
	}
	return code, false
}

// poured puts the characters of bare into the places of shape.
func poured(bare, shape string) (string, bool) {
	var out strings.Builder
	for i := range len(shape) {
		s := shape[i]
		if s == ' ' || s == '-' {
			out.WriteByte(s)
			continue
		}
		if bare == "" || !fits(s, bare[0]) {
			return "", false
		}
		out.WriteByte(bare[0])
		bare = bare[1:]
	}
	return out.String(), bare == ""
}

func fits(place, b byte) bool {
	digit, letter := '0' <= b && b <= '9', 'A' <= b && b <= 'Z'
	switch place {
	case '#':
		return digit
	case '@':
		return letter
	case '*':
		return digit || letter
	}
	return place == b
}

// tidy trims, makes one space of many and composes accents.
func tidy(s string) string { return norm.NFC.String(strings.Join(strings.Fields(s), " ")) }

func long(s string, most int) Problem {
	if utf8.RuneCountInString(s) > most {
		return TooLong
	}
	return Fine
}

func worded(s string, most int) Problem {
	if !lettered(s) {
		return NoLetter
	}
	return long(s, most)
}

func birthProblem(day string, now time.Time) Problem {
	t, err := time.Parse(time.DateOnly, day)
	switch {
	case err != nil:
		return Malformed
	case t.After(now):
		return Future
	case team.CheckDateOfBirth(day, now) != nil:
		return Impossible
	}
	return Fine
}

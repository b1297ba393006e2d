package decision

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
)

// Address is a postal address, in either form that the API knows. It is given back
// in the form in which it came.
type Address struct {
	Line1       string `json:"line_1,omitempty" max:"255"`
	Line2       string `json:"line_2,omitempty" max:"255"`
	City        string `json:"city,omitempty" max:"255"`
	State       string `json:"state,omitempty" max:"255"`
	PostalCode  string `json:"postal_code,omitempty" max:"32"`
	CountryCode string `json:"country_code,omitempty" max:"3"`

	LongLine1       string `json:"address_line_1,omitempty" max:"255"`
	LongLine2       string `json:"address_line_2,omitempty" max:"255"`
	LongCity        string `json:"address_city,omitempty" max:"255"`
	LongState       string `json:"address_state,omitempty" max:"255"`
	LongPostalCode  string `json:"address_postal_code,omitempty" max:"32"`
	LongCountryCode string `json:"address_country_code,omitempty" max:"3"`

	Type string `json:"type,omitempty" max:"64"`
}

// Email is an e-mail address.
type Email struct {
	Address string `json:"email_address" required:"true" min:"3" max:"255"`
	Type    string `json:"type,omitempty" max:"64"`
}

// Phone is a telephone number.
type Phone struct {
	Number string `json:"phone_number" required:"true" min:"3" max:"64"`
	Type   string `json:"type,omitempty" max:"64"`
}

// Details are what is known of a person or a business. The names of the members are
// those of the API.
type Details struct {
	Gender    string `json:"gender,omitempty" max:"32"`
	BirthDate string `json:"birth_date,omitempty" max:"10"`
	NameFirst string `json:"name_first,omitempty" max:"255"`
	NameMid   string `json:"name_middle,omitempty" max:"255"`
	NameLast  string `json:"name_last,omitempty" max:"255"`
	SSN       string `json:"document_ssn,omitempty" max:"11"`
	IDCard    string `json:"document_id_card,omitempty" max:"64"`
	License   string `json:"document_license,omitempty" max:"64"`
	Passport  string `json:"document_passport,omitempty" max:"64"`

	BusinessName  string `json:"business_name,omitempty" max:"255"`
	AlternateName string `json:"business_alternate_name,omitempty" max:"255"`
	RegistryID    string `json:"business_registry_id,omitempty" max:"64"`
	EIN           string `json:"business_federal_ein,omitempty" max:"10"`

	Addresses []Address `json:"addresses,omitempty" max:"20"`
	Emails    []Email   `json:"emails,omitempty" max:"20"`
	Phones    []Phone   `json:"phones,omitempty" max:"20"`
	PIIStatus string    `json:"pii_status,omitempty" enum:"successful,failed,pending"`
}

// The kinds of entities.
const (
	Person   = "person"
	Business = "business"
)

// kindFields are the members that only one kind has.
var kindFields = map[string][]string{
	Person:   {"gender", "birth_date", "name_first", "name_middle", "name_last", "document_ssn", "document_id_card", "document_license", "document_passport"},
	Business: {"business_name", "business_alternate_name", "business_registry_id", "business_federal_ein"},
}

// check refuses values that cannot be, and writes numbers in one form.
func (d *Details) check(kind string) error {
	given := d.texts()
	for other, fields := range kindFields {
		for _, f := range fields {
			if other != kind && given[f] != "" {
				return alloy.Unknown(f)
			}
		}
	}
	if d.BirthDate != "" {
		if _, err := time.Parse(time.DateOnly, d.BirthDate); err != nil {
			return alloy.Invalid("birth_date", "be a date such as 1990-01-25")
		}
	}
	for _, n := range []struct {
		value *string
		field string
	}{{&d.SSN, "document_ssn"}, {&d.EIN, "business_federal_ein"}} {
		if *n.value == "" {
			continue
		}
		if *n.value = strings.ReplaceAll(*n.value, "-", ""); len(*n.value) != 9 || strings.Trim(*n.value, "0123456789") != "" {
			return alloy.Invalid(n.field, "be nine digits")
		}
	}
	for _, e := range d.Emails {
		if !strings.Contains(e.Address, "@") {
			return alloy.Invalid("emails", "be a list of e-mail addresses")
		}
	}
	return nil
}

// texts are the members that are texts, by their names.
func (d *Details) texts() map[string]string {
	texts := map[string]string{}
	v := reflect.ValueOf(d).Elem()
	for i := range v.NumField() {
		if name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ","); v.Field(i).Kind() == reflect.String {
			texts[name] = v.Field(i).String()
		}
	}
	return texts
}

// merge takes over what more knows; a member without a value is left as it is, and
// lists get what they lack. It reports the names of what has changed.
func (d *Details) merge(more Details) (changed []string) {
	to, from := reflect.ValueOf(d).Elem(), reflect.ValueOf(more)
	for i := range to.NumField() {
		name, _, _ := strings.Cut(to.Type().Field(i).Tag.Get("json"), ",")
		switch f := to.Field(i); {
		case f.Kind() == reflect.String:
			if s := from.Field(i).String(); s != "" && s != f.String() {
				f.SetString(s)
				changed = append(changed, name)
			}
		case f.Kind() == reflect.Slice:
			for j := range from.Field(i).Len() {
				if one := from.Field(i).Index(j); !holds(f, one) && f.Len() < maxList {
					f.Set(reflect.Append(f, one))
					changed = append(changed, name)
				}
			}
		}
	}
	return slices.Compact(changed)
}

// maxList is how many addresses, e-mail addresses or telephone numbers an entity
// has at most; what comes later is left out.
const maxList = 20

func holds(list, one reflect.Value) bool {
	for i := range list.Len() {
		if list.Index(i).Interface() == one.Interface() {
			return true
		}
	}
	return false
}

// name is what people call the entity.
func (d *Details) name() string {
	if d.BusinessName != "" {
		return d.BusinessName
	}
	return strings.Join(strings.Fields(d.NameFirst+" "+d.NameMid+" "+d.NameLast), " ")
}

// DetailsOf reads the details out of the input of an evaluation or the data of a
// journey, in the flat form (address_line_1, email_address) as well as with lists.
// What is not of the form of a member is left alone: what a workflow takes is its
// own to check.
func DetailsOf(input map[string]any) Details {
	var d Details
	v := reflect.ValueOf(&d).Elem()
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		raw, err := json.Marshal(input[name])
		if err != nil || input[name] == nil {
			continue
		}
		into := reflect.New(v.Field(i).Type())
		if json.Unmarshal(raw, into.Interface()) == nil {
			v.Field(i).Set(into.Elem())
		}
	}
	text := func(name string) string {
		s, _ := input[name].(string)
		return s
	}
	if a := (Address{
		Line1: text("address_line_1"), Line2: text("address_line_2"), City: text("address_city"), State: text("address_state"),
		PostalCode: text("address_postal_code"), CountryCode: text("address_country_code"),
	}); a != (Address{}) {
		d.Addresses = append([]Address{a}, d.Addresses...)
	}
	if s := text("email_address"); s != "" {
		d.Emails = append([]Email{{Address: s}}, d.Emails...)
	}
	for _, name := range []string{"business_phone_number", "phone_number"} {
		if s := text(name); s != "" {
			d.Phones = append([]Phone{{Number: s}}, d.Phones...)
		}
	}
	d.SSN, d.EIN = digits(d.SSN), digits(d.EIN)
	return d
}

// digits keeps a number of nine digits, whatever dashes it has, and nothing else.
func digits(s string) string {
	if s = strings.ReplaceAll(s, "-", ""); len(s) != 9 || strings.Trim(s, "0123456789") != "" {
		return ""
	}
	return s
}

// normal is an address in its short form.
func (a Address) normal() Address {
	or := func(s, t string) string {
		if s != "" {
			return s
		}
		return t
	}
	return Address{
		Line1: or(a.Line1, a.LongLine1), Line2: or(a.Line2, a.LongLine2), City: or(a.City, a.LongCity), State: or(a.State, a.LongState),
		PostalCode: or(a.PostalCode, a.LongPostalCode), CountryCode: or(a.CountryCode, a.LongCountryCode), Type: a.Type,
	}
}

// Input is what is known as the input of an evaluation, in the flat form. The first
// address, e-mail address and telephone number count.
func (d *Details) Input() map[string]any {
	input := map[string]any{}
	for name, text := range d.texts() {
		if text != "" && name != "pii_status" {
			input[name] = text
		}
	}
	set := func(name, value string) {
		if value != "" {
			input[name] = value
		}
	}
	if len(d.Addresses) > 0 {
		a := d.Addresses[0].normal()
		set("address_line_1", a.Line1)
		set("address_line_2", a.Line2)
		set("address_city", a.City)
		set("address_state", a.State)
		set("address_postal_code", a.PostalCode)
		set("address_country_code", a.CountryCode)
	}
	if len(d.Emails) > 0 {
		set("email_address", d.Emails[0].Address)
	}
	if len(d.Phones) > 0 {
		set("phone_number", d.Phones[0].Number)
	}
	return input
}

// searchable are the values by which an entity can be found again, by their fields.
// Spelling does not matter.
func (d *Details) searchable() map[string][]string {
	values := map[string][]string{}
	add := func(field, value string) {
		if value = strings.ToLower(strings.Join(strings.Fields(value), "")); value != "" {
			values[field] = append(values[field], value)
		}
	}
	add("document_ssn", d.SSN)
	add("document_license", d.License)
	add("document_passport", d.Passport)
	add("document_id_card", d.IDCard)
	add("business_federal_ein", d.EIN)
	for _, e := range d.Emails {
		add("email_address", e.Address)
	}
	for _, p := range d.Phones {
		add("phone_number", strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, p.Number))
	}
	return values
}

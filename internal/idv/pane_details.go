package idv

import (
	"slices"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/idv/person"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// The panes that collect what kyc_check compares. Each asks for one thing.
var (
	countryPane = link.NewPane(formBody, showCountry)
	namePane    = link.NewPane(formBody, showName)
	addressPane = link.NewPane(formBody, showAddress)
	birthPane   = link.NewPane(formBody, showBirth)
	numberPane  = link.NewPane(formBody, showNumber)
)

// typed notes that the person has filled in a pane, and may come back to it.
func typed(v *link.Visit, view link.View) {
	if st := stateOf(v); !slices.Contains(st.Typed, view) {
		st.Typed = append(st.Typed, view)
	}
}

// before leads from a pane to the last one before it that the person has filled in:
// what the client has given is not theirs to change.
func (f flow) before(view link.View) func(*link.Visit) link.View {
	return func(v *link.Visit) link.View {
		st := stateOf(v)
		for i := slices.Index(kycOrder, view) - 1; i >= 0; i-- {
			if slices.Contains(st.Typed, kycOrder[i]) {
				return kycOrder[i]
			}
		}
		return ""
	}
}

// field is the input of something that is typed, with the id under which it is
// documented (docs/testids.md).
func field(v *link.Visit, f person.Field) link.Field {
	name := f.Path[strings.LastIndexByte(f.Path, '.')+1:]
	out := link.Field{
		Name: name, ID: "idv-" + strings.ReplaceAll(name, "_", "-"), Label: v.T("idv.field." + f.Word), Kind: link.FieldText,
		Autocomplete: f.Autocomplete, Value: v.Input.Field(name),
	}
	if f.Required {
		out.Missing = v.T("idv.problem.missing")
	}
	if f.Keyboard == "numeric" {
		out.Kind = link.FieldDigits
	}
	if len(f.Options) > 0 {
		out.Kind = link.FieldSelect
		out.Options = []link.Option{{Label: v.T("idv.choose")}}
		for _, r := range f.Options {
			out.Options = append(out.Options, link.Option{Value: r.Code, Label: r.Name, Chosen: r.Code == out.Value})
		}
	}
	return out
}

// read takes what was typed into a field of the form, and refuses what is not.
func (f flow) read(v *link.Visit, path, country, idType string) (value string, ok bool) {
	name := path[strings.LastIndexByte(path, '.')+1:]
	value, problem, _ := person.Typed(path, v.Input.Field(name), country, idType, f.clock.Now(), policy)
	if problem != person.Fine {
		v.Problem(name, v.T("idv.problem."+string(problem)))
	}
	return value, problem == person.Fine
}

// refused reports whether a pane has refused something, as an error.
func refused(v *link.Visit) error {
	if v.Refused() {
		return errRefused
	}
	return nil
}

func showCountry(v *link.Visit) link.Screen {
	s := screen(v, "idv.country", nil)
	chosen := v.Input.Field("country")
	if chosen == "" {
		chosen = home(v)
	}
	s.Fields = []link.Field{{
		Name: "country", ID: "idv-country", Label: v.T("idv.field.country"), Kind: link.FieldSelect, Autocomplete: "country", Options: countryOptions(v, chosen),
	}}
	s.Hint = hint(v, map[string]string{"country": "US"})
	return s
}

// country is where the person lives. Another country than before has another kind
// of address, and other numbers.
func (f flow) country(v *link.Visit, a *Attempt) error {
	country, ok := f.read(v, "address.country", "", "")
	if ok && !a.Plan.serves(country) {
		v.Problem("country", v.T("idv.country.unserved", "app", v.App()))
	}
	if err := refused(v); err != nil {
		return err
	}
	if a.User.Address == nil || a.User.Address.Country != country {
		a.User.Address, a.User.IDNumber = &Address{Country: country}, nil
	}
	typed(v, viewCountry)
	return nil
}

func showName(v *link.Visit) link.Screen {
	s := screen(v, "idv.name", nil)
	for _, f := range person.NameFields() {
		s.Fields = append(s.Fields, field(v, f))
	}
	s.Hint = hint(v, map[string]string{"given_name": "Leslie", "family_name": "Knope"})
	return s
}

func (f flow) name(v *link.Visit, a *Attempt) error {
	given, _ := f.read(v, "name.given_name", "", "")
	family, _ := f.read(v, "name.family_name", "", "")
	if err := refused(v); err != nil {
		return err
	}
	a.User.Name = &Name{GivenName: given, FamilyName: family}
	typed(v, viewName)
	return nil
}

func showAddress(v *link.Visit) link.Screen {
	s := screen(v, "idv.address", nil)
	c, _ := person.CountryOf(stateOf(v).Country)
	for _, f := range c.AddressFields() {
		s.Fields = append(s.Fields, field(v, f))
	}
	if c.Code == "US" {
		s.Hint = hint(v, map[string]string{"street": "123 Main St.", "city": "Pawnee", "region": "IN", "postal_code": "46001"})
	}
	return s
}

func (f flow) address(v *link.Visit, a *Attempt) error {
	c, ok := person.CountryOf(a.User.Address.Country)
	if !ok {
		return plaid.InvalidField("the country of the address is not supported")
	}
	address := &Address{Country: c.Code}
	into := map[string]**string{
		"address.street": &address.Street, "address.street2": &address.Street2, "address.city": &address.City,
		"address.region": &address.Region, "address.postal_code": &address.PostalCode,
	}
	for _, part := range c.AddressFields() {
		value, _ := f.read(v, part.Path, c.Code, "")
		*into[part.Path] = orNull(value)
	}
	if err := refused(v); err != nil {
		return err
	}
	a.User.Address = address
	typed(v, viewAddress)
	return nil
}

func showBirth(v *link.Visit) link.Screen {
	s := screen(v, "idv.birth", nil)
	in := field(v, person.BirthField())
	in.Kind = link.FieldDate
	s.Fields = []link.Field{in}
	s.Hint = hint(v, map[string]string{"date_of_birth": "1975-01-18"})
	return s
}

func (f flow) birth(v *link.Visit, a *Attempt) error {
	day, _ := f.read(v, "date_of_birth", "", "")
	if err := refused(v); err != nil {
		return err
	}
	a.User.DateOfBirth = &day
	typed(v, viewBirth)
	return nil
}

func showNumber(v *link.Visit) link.Screen {
	s := screen(v, "idv.number", nil)
	types := stateOf(v).IDTypes
	label := v.T("idv.field.id_number")
	if len(types) == 1 {
		if t, ok := person.IDTypeOf(types[0]); ok {
			label = t.Title
		}
	} else {
		kinds := link.Field{Name: "id_type", ID: "idv-id-type", Label: v.T("idv.field.id_type"), Kind: link.FieldSelect, Autocomplete: "off"}
		for _, name := range types {
			if t, ok := person.IDTypeOf(name); ok {
				kinds.Options = append(kinds.Options, link.Option{Value: name, Label: t.Title, Chosen: name == v.Input.Field("id_type")})
			}
		}
		s.Fields = append(s.Fields, kinds)
	}
	s.Fields = append(s.Fields, link.Field{
		Name: "value", ID: "idv-id-number", Label: label, Kind: link.FieldText, Autocomplete: "off", Value: v.Input.Field("value"), Missing: v.T("idv.problem.missing"),
	})
	if slices.Contains(types, ssnNine) {
		s.Hint = hint(v, map[string]string{"value": "123456789"})
	} else if slices.Contains(types, ssnFour) {
		s.Hint = hint(v, map[string]string{"value": "6789"})
	}
	return s
}

func (f flow) number(v *link.Visit, a *Attempt) error {
	kind := v.Input.Field("id_type")
	types := a.Plan.idTypes(a.User.Address.Country)
	if len(types) == 1 {
		kind = types[0]
	}
	if !slices.Contains(types, kind) {
		return plaid.InvalidField("id_type must be one of: " + strings.Join(types, ", "))
	}
	value, _ := f.read(v, "id_number.value", a.User.Address.Country, kind)
	if err := refused(v); err != nil {
		return err
	}
	a.User.IDNumber = &IDNumber{Type: kind, Value: value}
	typed(v, viewNumber)
	return nil
}

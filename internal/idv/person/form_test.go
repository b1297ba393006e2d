package person

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWhatIsTyped(t *testing.T) {
	for _, c := range []struct {
		path, typed, country, idType string
		value                        string
		problem, hint                Problem
	}{
		{"name.given_name", "  Leslie \t Barbara ", "US", "", "Leslie Barbara", Fine, Fine},
		{"name.given_name", "Jose\u0301", "ES", "", "José", Fine, Fine},
		{"name.given_name", " \u200b ", "US", "", "", Missing, Fine},
		{"name.family_name", strings.Repeat("k", 101), "US", "", strings.Repeat("k", 101), TooLong, Fine},
		{"address.street", "123", "US", "", "123", NoLetter, Fine},
		{"address.street", strings.Repeat("s", 81), "US", "", strings.Repeat("s", 81), TooLong, Fine},
		{"address.street2", "", "US", "", "", Fine, Fine},
		{"address.street2", " 4 ", "US", "", "4", Fine, Fine},
		{"address.city", "", "US", "", "", Missing, Fine},
		{"address.country", "us", "", "", "US", Fine, Fine},
		{"address.country", "KP", "", "", "KP", Unsupported, Fine},
		{"address.region", "IN", "US", "", "IN", Fine, Fine},
		{"address.region", "RM", "US", "", "RM", Unsupported, Fine},
		{"address.region", "RM", "GB", "", "", Unwanted, Fine},
		{"address.postal_code", "sw1a2aa", "GB", "", "SW1A 2AA", Fine, Fine},
		{"address.postal_code", "SW1 A2AA", "GB", "", "SW1A 2AA", Fine, Fine},
		{"address.postal_code", "12345", "GB", "", "12345", Fine, Malformed},
		{"address.postal_code", "１００ー０００１", "JP", "", "100ー0001", Malformed, Fine},
		{"address.postal_code", "１０００００１", "JP", "", "100-0001", Fine, Fine},
		{"address.postal_code", "46001-1234", "US", "", "46001-1234", Malformed, Fine},
		{"address.postal_code", "01310100", "BR", "", "01310-100", Fine, Fine},
		{"address.postal_code", "d02af30", "IE", "", "D02 AF30", Fine, Fine},
		{"address.postal_code", "7", "KI", "", "7", Malformed, Fine},
		{"address.postal_code", "K1", "KI", "", "K1", Fine, Fine},
		{"address.postal_code", "999077", "HK", "", "", Unwanted, Fine},
		{"date_of_birth", "1975-01-18", "US", "", "1975-01-18", Fine, Fine},
		{"date_of_birth", "1975-02-30", "US", "", "1975-02-30", Malformed, Fine},
		{"date_of_birth", "2030-01-01", "US", "", "2030-01-01", Future, Fine},
		{"date_of_birth", "1802-01-01", "US", "", "1802-01-01", Impossible, Fine},
		{"phone_number", "(234) 567-8909", "US", "", "+12345678909", Fine, Fine},
		{"phone_number", "0171 8387500", "GB", "", "0171 8387500", Malformed, Fine},
		{"phone_number", "020 7183 8750", "GB", "", "+442071838750", Fine, Fine},
		{"id_number.value", "123-45-6789", "US", "us_ssn", "123456789", Fine, Fine},
		{"id_number.value", "529.982.247-25", "BR", "br_cpf", "52998224725", Fine, Fine},
		{"id_number.value", "529.982.247-26", "BR", "br_cpf", "52998224726", Fine, Mistyped},
		{"id_number.value", "12.937.893-k", "CL", "cl_run", "12937893K", Fine, Fine},
		{"id_number.value", "11010519491231002x", "CN", "cn_resident_card", "11010519491231002X", Fine, Fine},
		{"id_number.value", "A123456(3)", "HK", "hk_hkid", "A1234563", Fine, Fine},
		{"id_number.value", "ABC", "US", "us_ssn", "ABC", Malformed, Fine},
		{"id_number.value", "52998224725", "US", "br_cpf", "", Unwanted, Fine},
		{"id_number.value", "1", "US", "klingon", "", Unwanted, Fine},
		{"shoe_size", "42", "US", "", "42", Unsupported, Fine},
	} {
		value, problem, hint := Typed(c.path, c.typed, c.country, c.idType, now, Policy{})
		if value != c.value || problem != c.problem || hint != c.hint {
			t.Errorf("%s %q in %s: %q %q %q, want %q %q %q", c.path, c.typed, c.country, value, problem, hint, c.value, c.problem, c.hint)
		}
	}
}

// TestTheFormOfEveryCountry: the form asks for every part that the API requires
// there and for none that it refuses.
func TestTheFormOfEveryCountry(t *testing.T) {
	for _, c := range Countries() {
		asked := map[string]Field{}
		for _, f := range c.AddressFields() {
			asked[f.Path] = f
			if f.Word == "" || f.Keyboard == "" || f.Autocomplete == "" {
				t.Errorf("%s: %+v", c.Code, f)
			}
		}
		if asked["address.region"].Required != (c.Region == Required) || asked["address.postal_code"].Required != (c.PostalCode == Required) ||
			!asked["address.street"].Required || !asked["address.city"].Required || asked["address.street2"].Required {
			t.Errorf("%s: %v", c.Code, asked)
		}
		if slices.ContainsFunc(asked["address.region"].Options, func(r Region) bool { return r.Old }) {
			t.Errorf("%s offers an old region", c.Code)
		}
		if zip := asked["address.postal_code"]; zip.Keyboard == "numeric" && zip.Capitals {
			t.Errorf("%s: %+v", c.Code, zip)
		}
		for _, it := range c.IDTypes {
			if f := it.Field(true); f.Keyboard == "numeric" && !digitsOnly(it.Example) {
				t.Errorf("%s is typed with digits alone", it.Name)
			}
		}
	}
	for country, keyboard := range map[string]string{"US": "numeric", "GB": "text", "CA": "text", "DE": "numeric", "AR": "text", "IE": "text", "JP": "numeric"} {
		c, _ := CountryOf(country)
		if f := c.postalField(); f.Keyboard != keyboard {
			t.Errorf("%s: %+v", country, f)
		}
	}
}

var paths = []string{"name.given_name", "name.family_name", "address.street", "address.street2", "address.city", "address.region", "address.postal_code", "address.country", "date_of_birth", "phone_number", "id_number.value"}

// TestTheFormAndTheAPIAgree: what the form takes, the API takes, and cleaning a
// clean value changes nothing.
func TestTheFormAndTheAPIAgree(t *testing.T) {
	countries, all := Countries(), IDTypes()
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(countries).Draw(t, "country")
		it := rapid.SampledFrom(all).Draw(t, "type")
		if len(c.IDTypes) > 0 {
			it = rapid.SampledFrom(c.IDTypes).Draw(t, "own type")
		}
		path := rapid.SampledFrom(paths).Draw(t, "path")
		samples := []string{it.Example, "46001", "SW1A 2AA", "Pawnee", "1975-01-18", "+12345678909", "020 7183 8750", c.Code}
		for _, r := range c.Regions {
			samples = append(samples, r.Code)
		}
		typed := rapid.OneOf(rapid.SampledFrom(samples), rapid.String(), rapid.StringMatching(`[ 0-9A-Za-z.-]{0,14}`)).Draw(t, "typed")
		agree(t, path, typed, c.Code, it.Name)
	})
}

type failer interface{ Fatalf(string, ...any) }

func agree(t failer, path, typed, country, idType string) {
	value, problem, _ := Typed(path, typed, country, idType, now, Policy{})
	if problem != Fine {
		return
	}
	again, problem, _ := Typed(path, value, country, idType, now, Policy{})
	if again != value || problem != Fine {
		t.Fatalf("%s %q in %s: %q became %q %q", path, typed, country, value, again, problem)
	}
	if _, err := inputOf(path, value, country, idType).Check("user", now, Policy{}); err != nil {
		t.Fatalf("%s %q in %s: the form takes %q and the API does not: %v", path, typed, country, value, err)
	}
}

// inputOf is a whole input with one value in it.
func inputOf(path, value, country, idType string) *Input {
	name, _, _ := strings.Cut(path, ".")
	street, city, zip := "Main St.", "Pawnee", "46001"
	in := &Input{}
	switch name {
	case "name":
		in.Name = &NameInput{GivenName: value, FamilyName: value}
	case "date_of_birth":
		in.DateOfBirth = &value
	case "phone_number":
		in.PhoneNumber = &value
	case "id_number":
		in.IDNumber = &IDInput{Type: idType, Value: value}
		in.Address = &AddressInput{Country: country}
	case "address":
		if path == "address.country" {
			return &Input{Address: &AddressInput{Country: value}}
		}
		c, _ := CountryOf(country)
		in.Address = &AddressInput{Street: &street, City: &city, Country: country}
		if c.Region == Required {
			in.Address.Region = &c.Regions[0].Code
		}
		if c.PostalCode == Required {
			in.Address.PostalCode = &zip
		}
		part := map[string]**string{"address.street": &in.Address.Street, "address.street2": &in.Address.Street2, "address.city": &in.Address.City, "address.region": &in.Address.Region, "address.postal_code": &in.Address.PostalCode}[path]
		if *part = &value; value == "" {
			*part = nil
		}
	}
	return in
}

func FuzzTyped(f *testing.F) {
	f.Add("id_number.value", "123-45-6789", "US", "us_ssn")
	f.Add("address.postal_code", "sw1a 2aa", "GB", "")
	f.Add("name.given_name", "Jose\u0301 \u200b", "ES", "es_dni")
	f.Add("date_of_birth", "1975-02-30", "", "")
	for _, v := range vectors {
		it, _ := IDTypeOf(v.kind)
		f.Add("id_number.value", it.Example, it.Country, v.kind)
	}
	f.Fuzz(func(t *testing.T, path, typed, country, idType string) {
		Typed(path, typed, country, idType, now, Policy{EveryIDType: true, TakeITIN: true})
		if _, ok := CountryOf(country); ok && slices.Contains(paths, path) {
			agree(t, path, typed, country, idType)
		}
		if it, ok := IDTypeOf(idType); ok {
			it.Contradiction(typed, "1975-01-18")
			_ = it.Strip(typed)
		}
		in := &Input{EmailAddress: &typed, PhoneNumber: &typed, DateOfBirth: &typed, Name: &NameInput{typed, typed},
			Address: &AddressInput{Street: &typed, Street2: &typed, City: &typed, Region: &typed, PostalCode: &typed, Country: country}, IDNumber: &IDInput{idType, typed}}
		if _, err := in.Check("user", now, Policy{}); err != nil && len(typed) > 12 && strings.ContainsAny(typed, "0123456789") && strings.Contains(err.Error(), typed) {
			t.Fatalf("the error repeats the value: %v", err)
		}
	})
}

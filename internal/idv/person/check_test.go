package person

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

type request struct {
	User *Input `json:"user"`
}

// endpoint answers the user that a request holds, so that a test sees what the
// API's decoder and Check make of a body together.
func endpoint(t testing.TB) func(user string) (answer, code, message string) {
	keys := func(context.Context, string, string) (api.Caller, error) { return api.Caller{ClientID: "id"}, nil }
	s := api.New(api.Config{Env: "sandbox", Authenticate: keys, IDs: clock.NewIDs(1, 1), Log: slog.New(slog.NewTextHandler(io.Discard, nil))}, []api.Endpoint{
		api.Post("/user", func(_ context.Context, _ api.Call, in request) (User, error) {
			return in.User.Check("user", now, Policy{})
		}),
	})
	return func(user string) (string, string, string) {
		r := httptest.NewRequest("POST", "/user", strings.NewReader(`{"client_id":"id","secret":"key","user":`+user+`}`))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		var e struct {
			Code    string `json:"error_code"`
			Message string `json:"error_message"`
		}
		if err := json.Unmarshal(w.Body.Bytes(), &e); err != nil {
			t.Fatalf("%v: %s", err, w.Body)
		}
		return w.Body.String(), e.Code, e.Message
	}
}

const leslie = `{"email_address":"leslie@example.com","phone_number":"+12345678909","date_of_birth":"1975-01-18",
	"name":{"given_name":"Leslie","family_name":"Knope"},
	"address":{"street":"123 Main St.","street2":"Unit 42","city":"Pawnee","region":"IN","postal_code":"46001","country":"US"},
	"id_number":{"type":"us_ssn","value":"123456789"}}`

func TestEveryFieldOfSeed003(t *testing.T) {
	ask := endpoint(t)
	const missing = "the following required fields are missing: "
	address := func(replace ...string) string {
		a := `{"address":{"street":"123 Main St.","city":"Pawnee","region":"IN","postal_code":"46001","country":"US"}}`
		return strings.NewReplacer(replace...).Replace(a)
	}
	long := strings.Repeat
	for _, c := range []struct{ user, message string }{
		{leslie, ""}, {`null`, ""}, {`{}`, ""},
		{`{"email_address":null,"phone_number":null,"date_of_birth":null,"name":null,"address":null,"id_number":null}`, ""},
		{`"x"`, "user must be an object"}, {`{"nickname":"L"}`, "the following fields are not recognized by this endpoint: user.nickname"},

		{`{"email_address":"a@b.co"}`, ""}, {`{"email_address":"o'hara+x@sub.example.com"}`, ""}, {`{"email_address":"jos\u00e9@example.com"}`, ""},
		{`{"email_address":" a@b.co"}`, "user.email_address must be a valid email address without leading or trailing spaces"},
		{`{"email_address":"a@b.co "}`, "user.email_address must be a valid email address without leading or trailing spaces"},
		{`{"email_address":""}`, "user.email_address must be a valid email address without leading or trailing spaces"},
		{`{"email_address":"a"}`, "user.email_address must be a valid email address without leading or trailing spaces"},
		{`{"email_address":"a@b"}`, "user.email_address must be a valid email address without leading or trailing spaces"},
		{`{"email_address":"A <a@b.co>"}`, "user.email_address must be a valid email address without leading or trailing spaces"},
		{`{"email_address":"a@b.co, c@d.co"}`, "user.email_address must be a valid email address without leading or trailing spaces"},
		{`{"email_address":"` + long("a", 250) + `@b.co"}`, "user.email_address must be a valid email address without leading or trailing spaces"},
		{`{"email_address":7}`, "user.email_address must be a string"},

		{`{"phone_number":"+442071838750"}`, ""}, {`{"phone_number":"+393331234567"}`, ""},
		{`{"phone_number":"2345678909"}`, "user.phone_number must be a valid phone number in E.164 format"},
		{`{"phone_number":"+1 234 567 8909"}`, "user.phone_number must be a valid phone number in E.164 format"},
		{`{"phone_number":"+19876543212"}`, "user.phone_number must be a valid phone number in E.164 format"},
		{`{"phone_number":"+1"}`, "user.phone_number must be a valid phone number in E.164 format"},
		{`{"phone_number":""}`, "user.phone_number must be a valid phone number in E.164 format"},
		{`{"phone_number":"+１２３４５６７８９０９"}`, "user.phone_number must be a valid phone number in E.164 format"},
		{`{"phone_number":12345678909}`, "user.phone_number must be a string"},

		{`{"date_of_birth":"2000-02-29"}`, ""}, {`{"date_of_birth":"2026-11-22"}`, ""}, {`{"date_of_birth":"1880-01-01"}`, ""},
		{`{"date_of_birth":"01/18/1975"}`, "user.date_of_birth must be a date in the format YYYY-MM-DD"},
		{`{"date_of_birth":"1975-1-18"}`, "user.date_of_birth must be a date in the format YYYY-MM-DD"},
		{`{"date_of_birth":"1975-02-30"}`, "user.date_of_birth must be a date in the format YYYY-MM-DD"},
		{`{"date_of_birth":"1900-02-29"}`, "user.date_of_birth must be a date in the format YYYY-MM-DD"},
		{`{"date_of_birth":"1975-01-18T00:00:00Z"}`, "user.date_of_birth must be a date in the format YYYY-MM-DD"},
		{`{"date_of_birth":""}`, "user.date_of_birth must be a date in the format YYYY-MM-DD"},
		{`{"date_of_birth":"2026-11-23"}`, "user.date_of_birth must be a date in the past, not before 1880"},
		{`{"date_of_birth":"1879-12-31"}`, "user.date_of_birth must be a date in the past, not before 1880"},
		{`{"date_of_birth":19750118}`, "user.date_of_birth must be a string"},

		{`{"name":{"given_name":"美咲","family_name":"🦊"}}`, ""}, {`{"name":{"given_name":"` + long("é", 100) + `","family_name":"O'Neill-Ng'ang'a"}}`, ""},
		{`{"name":{}}`, missing + "user.name.given_name, user.name.family_name"},
		{`{"name":{"given_name":"Leslie"}}`, missing + "user.name.family_name"},
		{`{"name":{"given_name":null,"family_name":"Knope"}}`, missing + "user.name.given_name"},
		{`{"name":{"given_name":"","family_name":"Knope"}}`, "user.name.given_name must have at least one non-whitespace character"},
		{`{"name":{"given_name":"\u00a0\t ","family_name":"Knope"}}`, "user.name.given_name must have at least one non-whitespace character"},
		{`{"name":{"given_name":"Leslie","family_name":"\u200b\u2060"}}`, "user.name.family_name must have at least one non-whitespace character"},
		{`{"name":{"given_name":"Leslie","family_name":"\u3164"}}`, "user.name.family_name must have at least one non-whitespace character"},
		{`{"name":{"given_name":"` + long("é", 101) + `","family_name":"Knope"}}`, "user.name.given_name must be a string of at most 100 characters"},
		{`{"name":{"given_name":"Leslie","family_name":"` + long("k", 101) + `"}}`, "user.name.family_name must be a string of at most 100 characters"},
		{`{"name":{"given_name":"Leslie","family_name":["Knope"]}}`, "user.name.family_name must be a string"},
		{`{"name":"Leslie Knope"}`, "user.name must be an object"},
		{`{"name":{"given_name":"Leslie","family_name":"Knope","middle":"B"}}`, "the following fields are not recognized by this endpoint: user.name.middle"},

		{address(), ""}, {`{"address":{"country":"US"}}`, ""}, {`{"address":{"country":"FR"}}`, ""},
		{`{"address":{}}`, missing + "user.address.country"},
		{`{"address":{"city":"Pawnee"}}`, missing + "user.address.country"},
		{`{"address":{"country":"us"}}`, "user.address.country must be a valid, capitalized, two-letter ISO 3166-1 alpha-2 code"},
		{`{"address":{"country":"USA"}}`, "user.address.country must be a valid, capitalized, two-letter ISO 3166-1 alpha-2 code"},
		{`{"address":{"country":""}}`, "user.address.country must be a valid, capitalized, two-letter ISO 3166-1 alpha-2 code"},
		{`{"address":{"country":"ＵＳ"}}`, "user.address.country must be a valid, capitalized, two-letter ISO 3166-1 alpha-2 code"},
		{`{"address":{"country":"KP"}}`, "user.address.country must be a country that Identity Verification supports"},
		{`{"address":{"country":"PR"}}`, "user.address.country must be a country that Identity Verification supports"},
		{`{"address":{"country":"US","street":"123 Main St."}}`, missing + "user.address.city, user.address.region, user.address.postal_code"},
		{`{"address":{"country":"US","region":"IN"}}`, missing + "user.address.street, user.address.city, user.address.postal_code"},
		{`{"address":{"country":"US","street2":"Unit 42"}}`, missing + "user.address.street, user.address.city, user.address.region, user.address.postal_code"},
		{address(`"Pawnee"`, `null`), missing + "user.address.city"},
		{address(`"123 Main St."`, `"123"`), "user.address.street must have at least one alphabetical character"},
		{address(`"123 Main St."`, `"🏠 12"`), "user.address.street must have at least one alphabetical character"},
		{address(`"123 Main St."`, `""`), "user.address.street must have at least one alphabetical character"},
		{address(`"123 Main St."`, `"`+long("a", 80)+`"`), ""},
		{address(`"123 Main St."`, `"`+long("a", 81)+`"`), "user.address.street must be a string of at most 80 characters"},
		{address(`"123 Main St."`, `"千代田 1-1"`), ""},
		{address(`"city"`, `"street2":"5","city"`), ""}, {address(`"city"`, `"street2":null,"city"`), ""},
		{address(`"city"`, `"street2":"  ","city"`), "user.address.street2 must have at least one non-whitespace character"},
		{address(`"city"`, `"street2":"`+long("x", 51)+`","city"`), "user.address.street2 must be a string of at most 50 characters"},
		{address(`"Pawnee"`, `" 12 "`), "user.address.city must have at least one alphabetical character"},
		{address(`"Pawnee"`, `"`+long("p", 101)+`"`), "user.address.city must be a string of at most 100 characters"},
		{address(`"IN"`, `"in"`), "user.address.region must be an ISO 3166-2 subdivision code of US without the country prefix"},
		{address(`"IN"`, `"US-IN"`), "user.address.region must be an ISO 3166-2 subdivision code of US without the country prefix"},
		{address(`"IN"`, `"Indiana"`), "user.address.region must be an ISO 3166-2 subdivision code of US without the country prefix"},
		{address(`"IN"`, `""`), "user.address.region must be an ISO 3166-2 subdivision code of US without the country prefix"},
		{address(`"IN"`, `18`), "user.address.region must be a string"},
		{address(`"46001"`, `"46001-1234"`), "user.address.postal_code must be 5 digits for addresses in US"},
		{address(`"46001"`, `"4600"`), "user.address.postal_code must be 5 digits for addresses in US"},
		{address(`"46001"`, `"４６００１"`), "user.address.postal_code must be 5 digits for addresses in US"},
		{address(`"46001"`, `46001`), "user.address.postal_code must be a string"},
		{address(`"46001"`, `""`), "user.address.postal_code must be 5 digits for addresses in US"},
		{address(`"country"`, `"planet":"Earth","country"`), ""}, // schema UserAddress: additionalProperties

		{`{"address":{"street":"10 Downing St","city":"London","postal_code":"SW1A 2AA","country":"GB"}}`, ""},
		{`{"address":{"street":"10 Downing St","city":"London","postal_code":"SW1A2AA","region":null,"country":"GB"}}`, "user.address.region must be absent, not null, for addresses in GB"},
		{`{"address":{"street":"10 Downing St","city":"London","postal_code":"SW1A2AA","region":"LND","country":"GB"}}`, "user.address.region must be absent, not null, for addresses in GB"},
		{`{"address":{"street":"10 Downing St","city":"London","postal_code":" SW1A2AA","country":"GB"}}`, "user.address.postal_code must have between 2 and 10 alphanumeric characters"},
		{`{"address":{"street":"10 Downing St","city":"London","postal_code":"S","country":"GB"}}`, "user.address.postal_code must have between 2 and 10 alphanumeric characters"},
		{`{"address":{"street":"10 Downing St","city":"London","postal_code":"ABCDE123456","country":"GB"}}`, "user.address.postal_code must have between 2 and 10 alphanumeric characters"},
		{`{"address":{"street":"10 Downing St","city":"London","postal_code":"SW1A🏠","country":"GB"}}`, "user.address.postal_code must have between 2 and 10 alphanumeric characters"},
		{`{"address":{"street":"1 Queen's Road","city":"Central","region":"HK","country":"HK"}}`, ""},
		{`{"address":{"street":"1 Queen's Road","city":"Central","region":"HK","postal_code":null,"country":"HK"}}`, "user.address.postal_code must be absent, not null, for addresses in HK"},
		{`{"address":{"street":"Via Roma 1","city":"Roma","region":"RM","postal_code":"00184","country":"IT"}}`, ""},
		{`{"address":{"street":"Via Roma 1","city":"Roma","region":"62","postal_code":"00184","country":"IT"}}`, "user.address.region must be an ISO 3166-2 subdivision code of IT without the country prefix"},
		{`{"address":{"country":"GB","region":null}}`, "user.address.region must be absent, not null, for addresses in GB"},

		{`{"id_number":{"type":"us_ssn_last_4","value":"6789"}}`, ""},
		{`{"id_number":{}}`, missing + "user.id_number.type, user.id_number.value"},
		{`{"id_number":{"type":"us_ssn"}}`, missing + "user.id_number.value"},
		{`{"id_number":{"type":"us_passport","value":"1"}}`, "user.id_number.type must be one of: " + load().typeNames},
		{`{"id_number":{"type":"US_SSN","value":"123456789"}}`, "user.id_number.type must be one of: " + load().typeNames},
		{`{"id_number":{"type":"us_ssn","value":"123-45-6789"}}`, "user.id_number.value must be 9 digits without formatting characters for us_ssn"},
		{`{"id_number":{"type":"us_ssn","value":"12345678"}}`, "user.id_number.value must be 9 digits without formatting characters for us_ssn"},
		{`{"id_number":{"type":"us_ssn","value":"123456789\n"}}`, "user.id_number.value must be 9 digits without formatting characters for us_ssn"},
		{`{"id_number":{"type":"us_ssn","value":"１２３４５６７８９"}}`, "user.id_number.value must be 9 digits without formatting characters for us_ssn"},
		{`{"id_number":{"type":"us_ssn","value":"666123456"}}`, "user.id_number.value must be a number that the Social Security Administration issues"},
		{`{"id_number":{"type":"us_ssn","value":"900701234"}}`, "user.id_number.value must be a number that the Social Security Administration issues"},
		{`{"id_number":{"type":"us_ssn_last_4","value":"0000"}}`, "user.id_number.value must be a number that the Social Security Administration issues"},
		{`{"id_number":{"type":"us_ssn","value":123456789}}`, "user.id_number.value must be a string"},
		{`{"id_number":{"type":"cn_resident_card","value":"110105194912310021234"}}`, "user.id_number.value must be 15 digits, or 17 digits and a digit or X without formatting characters for cn_resident_card"},
		{`{"id_number":{"type":"in_epic","value":"ABC0000000"}}`, ""},
		{`{"address":{"country":"US"},"id_number":{"type":"br_cpf","value":"52998224725"}}`, "user.id_number.type must be a type of the user's country: us_ssn, us_ssn_last_4"},
		{`{"address":{"country":"FR"},"id_number":{"type":"us_ssn","value":"123456789"}}`, "user.id_number must be absent for users in FR"},
		{`{"address":{"country":"CZ"},"id_number":{"type":"us_ssn","value":"123456789"}}`, "user.id_number must be absent for users in CZ"},
		{`{"address":{"country":"EG"},"id_number":{"type":"eg_national_id","value":"24801060100831"}}`, "user.id_number must be absent for users in EG"},
	} {
		_, code, message := ask(c.user)
		want := ""
		switch {
		case strings.HasPrefix(c.message, missing):
			want = "MISSING_FIELDS"
		case strings.HasPrefix(c.message, "the following"):
			want = "UNKNOWN_FIELDS"
		case c.message != "":
			want = "INVALID_FIELD"
		}
		if message != c.message || code != want {
			t.Errorf("%.150s\n got %s %s\nwant %s %s", c.user, code, message, want, c.message)
		}
	}
}

// TestTheStoredUser: what a client sent comes back as it sent it, every key there.
func TestTheStoredUser(t *testing.T) {
	body, _, _ := endpoint(t)(leslie)
	var got, want map[string]any
	_ = json.Unmarshal([]byte(body), &got)
	_ = json.Unmarshal([]byte(leslie), &want)
	delete(got, "request_id")
	want["ip_address"] = nil
	if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
		t.Errorf("got  %s\nwant %s", g, w)
	}
	body, _, _ = endpoint(t)(`{"address":{"country":"GB"}}`)
	if !strings.Contains(body, `"address":{"street":null,"street2":null,"city":null,"region":null,"postal_code":null,"country":"GB"}`) || !strings.Contains(body, `"name":null`) {
		t.Errorf("%s", body)
	}
}

// TestEveryCountry: each of the 209 takes its full address, misses what it
// requires, refuses what it does not accept, and takes its own ID types alone.
func TestEveryCountry(t *testing.T) {
	check := func(in Input) string {
		_, err := in.Check("user", now, Policy{})
		var e *plaid.Error
		if errors.As(err, &e) {
			return e.Message
		}
		return ""
	}
	text := func(s string) *string { return &s }
	for _, c := range Countries() {
		full := func() *AddressInput {
			a := &AddressInput{Street: text("Main St. 1"), City: text("Pawnee"), Country: c.Code}
			if c.Region == Required {
				a.Region = text(c.Regions[0].Code)
			}
			if c.PostalCode == Required {
				a.PostalCode = text("46001")
			}
			return a
		}
		a := full()
		if m := check(Input{Address: a}); m != "" {
			t.Errorf("%s: %s", c.Code, m)
		}
		for _, part := range []struct {
			name  string
			value **string
			need  Need
		}{{"region", &a.Region, c.Region}, {"postal_code", &a.PostalCode, c.PostalCode}} {
			was, want := *part.value, "user.address."+part.name+" must be absent, not null, for addresses in "+c.Code
			if *part.value = text("XX"); part.need == Required {
				*part.value, want = nil, "the following required fields are missing: user.address."+part.name
			}
			if m := check(Input{Address: a}); m != want {
				t.Errorf("%s: %q, want %q", c.Code, m, want)
			}
			if *part.value = was; part.need == NotAccepted {
				a.Nulls = []string{part.name}
				if m := check(Input{Address: a}); m != want {
					t.Errorf("%s: %q, want %q", c.Code, m, want)
				}
				a.Nulls = nil
			}
		}
		for _, it := range IDTypes() {
			m := check(Input{Address: full(), IDNumber: &IDInput{Type: it.Name, Value: it.Example}})
			if own := it.Country == c.Code && c.IDNumber != NotAccepted; own != (m == "") {
				t.Errorf("%s in %s: %q", it.Name, c.Code, m)
			}
		}
	}
}

// TestWhatPlaidDoesNotTake: an installation may take the types of countries where
// Plaid takes none.
func TestWhatPlaidDoesNotTake(t *testing.T) {
	open := Policy{EveryIDType: true, TakeITIN: true}
	for country, id := range map[string]IDInput{
		"EG": {"eg_national_id", "24801060100831"}, "RO": {"ro_cnp", "2730512054698"}, "US": {"us_ssn", "900701234"},
	} {
		in := Input{Address: &AddressInput{Country: country}, IDNumber: &id}
		if _, err := in.Check("", now, open); err != nil {
			t.Errorf("%s: %v", country, err)
		}
		if _, err := in.Check("", now, Policy{}); err == nil || !strings.HasPrefix(err.(*plaid.Error).Message, "id_number") {
			t.Errorf("%s: %v", country, err)
		}
	}
}

// TestEveryVectorAtTheAPI: the API enforces patterns and never check digits.
func TestEveryVectorAtTheAPI(t *testing.T) {
	for _, v := range vectors {
		for _, n := range strings.Fields(v.sound) {
			if _, err := (&Input{IDNumber: &IDInput{v.kind, n}}).Check("user", now, Policy{}); err != nil {
				t.Errorf("%s %s: %v", v.kind, n, err)
			}
		}
		for n, p := range v.problem {
			_, err := (&Input{IDNumber: &IDInput{v.kind, n}}).Check("user", now, Policy{})
			if (err != nil) != (p == Malformed) {
				t.Errorf("%s %s (%s): %v", v.kind, n, p, err)
			}
			if err != nil && strings.Contains(err.Error(), n) {
				t.Errorf("%s: the error repeats the number: %v", v.kind, err)
			}
		}
	}
}

func TestWhatIsStillToBeAsked(t *testing.T) {
	in := func(s string) *User {
		var r Input
		_ = json.Unmarshal([]byte(s), &r)
		u, err := r.Check("user", now, Policy{})
		if err != nil {
			t.Fatal(err)
		}
		return &u
	}
	for _, c := range []struct {
		user, lacks string
		want        bool
		policy      Policy
	}{
		{leslie, "", true, Policy{}},
		{`{}`, "address.country name address date_of_birth", true, Policy{}},
		{`{"address":{"country":"US"}}`, "name address date_of_birth", false, Policy{}},
		{`{"address":{"country":"US"}}`, "name address date_of_birth id_number", true, Policy{}},
		{`{"address":{"country":"BR"}}`, "name address date_of_birth id_number", false, Policy{}},
		{`{"address":{"country":"CZ"}}`, "name address date_of_birth", true, Policy{}},
		{`{"address":{"country":"EG"}}`, "name address date_of_birth", true, Policy{}},
		{`{"address":{"country":"EG"}}`, "name address date_of_birth id_number", true, Policy{EveryIDType: true}},
	} {
		if got := strings.Join(in(c.user).Lacks(c.want, c.policy), " "); got != c.lacks {
			t.Errorf("%s: %q, want %q", c.user, got, c.lacks)
		}
	}
}

func BenchmarkCheckAFullUser(b *testing.B) {
	var in Input
	if err := json.Unmarshal([]byte(leslie), &in); err != nil {
		b.Fatal(err)
	}
	ssn, _ := IDTypeOf("us_ssn")
	for b.Loop() {
		if _, err := in.Check("user", now, Policy{}); err != nil {
			b.Fatal(err)
		}
		if ssn.Contradiction(in.IDNumber.Value, *in.DateOfBirth) != Fine {
			b.Fatal("contradiction")
		}
	}
}

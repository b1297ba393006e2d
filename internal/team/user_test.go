package team

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

const fullIdentity = `{
	"name": {"given_name": "Alberta", "family_name": "Charleson"},
	"date_of_birth": "1980-02-29",
	"emails": [{"data": "accountholder0@example.com", "primary": true}],
	"phone_numbers": [{"data": "+1 415 555 0123", "primary": true}, {"data": "2025550165", "primary": false}],
	"addresses": [{"street_1": "2992 Cameron Road", "city": "Malakoff", "region": "NY", "postal_code": "14236", "country": "US", "primary": true}],
	"id_numbers": [{"value": "123456789", "type": "us_ssn"}]}`

const legacyIdentity = `{
	"first_name": "Alberta", "last_name": "Charleson", "date_of_birth": "1980-02-29", "ssn_last_4": "6789",
	"emails": ["accountholder0@example.com"], "phone_numbers": ["+14155550123"],
	"primary_address": {"street": "2992 Cameron Road", "city": "Malakoff", "region": "NY", "postal_code": "14236", "country": "US"}}`

func TestUserCreate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := sandbox(t, db)
		status, out := w.post(t, "/user/create", `{"client_user_id":"u-1","identity":`+fullIdentity+`}`)
		id, _ := out["user_id"].(string)
		if status != 200 || len(id) != 18 || !strings.HasPrefix(id, "usr_") {
			t.Fatalf("%d %v", status, out)
		}
		if _, has := out["user_token"]; has {
			t.Error("a user of the new kind has no token")
		}
		if rid, _ := out["request_id"].(string); rid == "" {
			t.Error("no request_id")
		}
		user, err := w.users.ByUserID(t.Context(), SandboxClientID, id)
		if err != nil || user.ClientUserID != "u-1" || user.Legacy || !user.CreatedAt.Equal(start) {
			t.Fatalf("%+v, %v", user, err)
		}
		got, err := w.users.Identity(user)
		if err != nil || got.GivenName != "Alberta" || got.Phones[0].Data != "+14155550123" || got.Phones[1].Data != "+12025550165" || got.Addresses[0].City != "Malakoff" {
			t.Errorf("identity %+v, %v", got, err)
		}
		for _, foreign := range []string{"another client"} {
			if _, err := w.users.ByUserID(t.Context(), foreign, id); !errors.Is(err, plaid.InvalidUserID) {
				t.Errorf("another client found the user: %v", err)
			}
		}
		_, again := w.post(t, "/user/create", `{"client_user_id":"u-1"}`)
		if again["user_id"] != id {
			t.Errorf("the same client_user_id gave %v, want %s again", again["user_id"], id)
		}
		if user, err = w.users.ByUserID(t.Context(), SandboxClientID, id); err != nil || user.sealed == "" {
			t.Error("the second call took the identity away")
		}
	})
}

func TestLegacyUserCreate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := sandbox(t, db)
		status, out := w.post(t, "/user/create", `{"client_user_id":"u-1","consumer_report_user_identity":`+legacyIdentity+`}`)
		id, _ := out["user_id"].(string)
		token, _ := out["user_token"].(string)
		if status != 200 || len(id) != 29 || !plaid.TokenOK(plaid.KindUser, "sandbox", token) {
			t.Fatalf("%d %v", status, out)
		}
		user, err := w.users.ByUserToken(t.Context(), SandboxClientID, token)
		if err != nil || user.ID != id || !user.Legacy {
			t.Fatalf("by token: %+v, %v", user, err)
		}
		if user, err = w.users.ByUserID(t.Context(), SandboxClientID, id); err != nil || user.ClientUserID != "u-1" {
			t.Errorf("by id: %+v, %v", user, err)
		}
		identity, err := w.users.Identity(user)
		if err != nil || identity.FamilyName != "Charleson" || identity.IDNumbers[0] != (IDNumber{"6789", "us_ssn_last_4"}) || !identity.Emails[0].Primary {
			t.Errorf("identity %+v, %v", identity, err)
		}
		status, out = w.post(t, "/user/create", `{"client_user_id":"u-1","consumer_report_user_identity":`+legacyIdentity+`}`)
		if status != 400 || out["error_code"] != "INVALID_FIELD" || out["error_message"] != "client_user_id must not belong to a user that has already been created" {
			t.Errorf("a second legacy user: %d %v", status, out)
		}
		status, out = w.post(t, "/user/create", `{"client_user_id":"u-2","with_upgraded_user":false}`)
		if token, _ := out["user_token"].(string); status != 200 || token == "" {
			t.Errorf("legacy without identity: %d %v", status, out)
		}
	})
}

// with replaces one member of the identity in a request.
func with(old, new string) string { return strings.Replace(fullIdentity, old, new, 1) }

func TestUserCreateRefuses(t *testing.T) {
	w := sandbox(t, storetest.SQLite(t))
	const identityData = "INVALID_USER_IDENTITY_DATA"
	body := func(identity string) string { return `{"client_user_id":"u","identity":` + identity + `}` }
	for _, test := range []struct {
		name, body    string
		status        int
		code, message string
	}{
		{"nothing", `{}`, 400, "MISSING_FIELDS", "the following required fields are missing: client_user_id"},
		{"empty id", `{"client_user_id":""}`, 400, "INVALID_FIELD", "client_user_id must be a string of 1 to 128 characters"},
		{"blank id", `{"client_user_id":" "}`, 400, "INVALID_FIELD", "client_user_id must be a non-empty string"},
		{"long id", `{"client_user_id":"` + strings.Repeat("x", 129) + `"}`, 400, "INVALID_FIELD", "client_user_id must be a string of 1 to 128 characters"},
		{"email as id", `{"client_user_id":"a@example.com"}`, 400, "INVALID_FIELD", "client_user_id must not be an email address"},
		{"phone as id", `{"client_user_id":"+14155550123"}`, 400, "INVALID_FIELD", "client_user_id must not be a phone number"},
		{"unknown field", `{"client_user_id":"u","nickname":"x"}`, 400, "UNKNOWN_FIELDS", "the following fields are not recognized by this endpoint: nickname"},
		{"both identities", `{"client_user_id":"u","identity":{},"consumer_report_user_identity":` + legacyIdentity + `}`, 400, "INVALID_FIELD", "consumer_report_user_identity must be null when identity is provided"},
		{"legacy and upgraded", `{"client_user_id":"u","with_upgraded_user":true,"consumer_report_user_identity":` + legacyIdentity + `}`, 400, "INVALID_FIELD", "consumer_report_user_identity must be null when with_upgraded_user is true"},
		{"new and not upgraded", `{"client_user_id":"u","with_upgraded_user":false,"identity":{}}`, 400, "INVALID_FIELD", "identity must be null when with_upgraded_user is false"},
		{"half a name", body(`{"name":{"given_name":"A"}}`), 400, "MISSING_FIELDS", "the following required fields are missing: identity.name.family_name"},
		{"blank name", body(with(`"Charleson"`, `"  "`)), 403, identityData, "Invalid name. Names must not be empty."},
		{"email", body(with("accountholder0@example.com", "accountholder0")), 403, identityData, "Invalid email format."},
		{"email with name", body(with("accountholder0@example.com", "A <a@example.com>")), 403, identityData, "Invalid email format."},
		{"phone", body(with("+1 415 555 0123", "1112223333")), 403, identityData, "Invalid phone number format."},
		{"no phone at all", body(with("+1 415 555 0123", "call me")), 403, identityData, "Invalid phone number format."},
		{"date of birth", body(with("1980-02-29", "1981-02-29")), 403, identityData, "Invalid date of birth format. Expected YYYY-MM-DD."},
		{"born tomorrow", body(with("1980-02-29", "2026-03-08")), 403, identityData, "Invalid date of birth format. Expected YYYY-MM-DD."},
		{"half an address", body(with(`"city": "Malakoff", `, ``)), 403, identityData, "Invalid address. All required address fields must be provided."},
		{"country", body(with(`"country": "US"`, `"country": "usa"`)), 403, identityData, "Invalid address. The country must be an ISO 3166-1 alpha-2 code."},
		{"id number", body(with(`"123456789"`, `""`)), 403, identityData, "Invalid ID number format."},
		{"id number type", body(with(`"us_ssn"`, `"us_ssm"`)), 400, "INVALID_FIELD", ""},
		{"legacy ssn", `{"client_user_id":"u","consumer_report_user_identity":` + strings.Replace(legacyIdentity, "6789", "678", 1) + `}`, 403, identityData, "Invalid ID number format."},
		{"legacy address", `{"client_user_id":"u","consumer_report_user_identity":` + strings.Replace(legacyIdentity, "2992 Cameron Road", "", 1) + `}`, 403, identityData, "Invalid address. All required address fields must be provided."},
	} {
		status, out := w.post(t, "/user/create", test.body)
		if status != test.status || out["error_code"] != test.code || test.message != "" && out["error_message"] != test.message {
			t.Errorf("%s: %d %v %q; want %d %s %q", test.name, status, out["error_code"], out["error_message"], test.status, test.code, test.message)
		}
	}
	var n int
	if err := w.users.db.QueryRow(t.Context(), `SELECT count(*) FROM team_user`).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d users stored by refused requests, %v", n, err)
	}
}

func TestUserLookups(t *testing.T) {
	w := sandbox(t, storetest.SQLite(t))
	ctx := t.Context()
	for _, id := range []string{"", "u-1", "usr_", "usr_short", "usr_" + strings.Repeat("x", 33), "usr_9nSp2KuZ2x4JD\x00", "user-sandbox-b0e2c4ee-a763-4df5-bfe9-46a46bce993d"} {
		_, err := w.users.ByUserID(ctx, SandboxClientID, id)
		if want := "INVALID_INPUT/INVALID_USER_ID: user.user_id must be a non-empty string"; err == nil || err.Error() != want {
			t.Errorf("%q: %v", id, err)
		}
	}
	for _, id := range []string{"usr_9nSp2KuZ2x4JDw", "wz666MBjYWTp2PDzzggYhM6oWWmBb"} {
		if _, err := w.users.ByUserID(ctx, SandboxClientID, id); err == nil || err.Error() != "INVALID_INPUT/INVALID_USER_ID: could not find matching user id" {
			t.Errorf("%q: %v", id, err)
		}
	}
	for _, token := range []string{"", "x", "user-sandbox-b0e2c4ee-a763-4df5-bfe9-46a46bce993d", "user-production-b0e2c4ee-a763-4df5-bfe9-46a46bce993d"} {
		if _, err := w.users.ByUserToken(ctx, SandboxClientID, token); err == nil || err.Error() != "INVALID_INPUT/INVALID_USER_TOKEN: could not find matching user token" {
			t.Errorf("%q: %v", token, err)
		}
	}
}

// TestPersonalDataIsNotReadable looks for what a client sent in every byte of
// the database.
func TestPersonalDataIsNotReadable(t *testing.T) {
	path := storetest.SQLiteFile(t)
	db, err := store.Open(t.Context(), path, store.Options{NoSync: true, NoMigrate: true})
	if err != nil {
		t.Fatal(err)
	}
	w := sandbox(t, db)
	_, out := w.post(t, "/user/create", `{"client_user_id":"u-1","consumer_report_user_identity":`+legacyIdentity+`}`)
	if _, has := out["user_token"]; !has {
		t.Fatal(out)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, planted := range []string{"Alberta", "Charleson", "accountholder0", "4155550123", "1980-02-29", "Cameron", out["user_token"].(string), SandboxSecret} {
			if strings.Contains(string(raw), planted) {
				t.Errorf("%s can be read in %s", planted, filepath.Base(f))
			}
		}
	}
}

func TestCheckClientUserID(t *testing.T) {
	for id, want := range map[string]string{
		"user-id":       "",
		"1700000000000": "", // seed 001: new Date().getTime().toString()
		"4155550123":    "",
		"42":            "",
		time.Date(2026, 3, 7, 12, 0, 0, 1234567, time.FixedZone("CET", 3600)).String(): "",
		"2026-03-07 12:00:00.123456789 +0100 CET m=+0.012345678":                       "",
		"2026-03-07 12:00:00.12 +0000 UTC m=+0.01":                                     "",
		"b0e2c4ee-a763-4df5-bfe9-46a46bce993d":                                         "",
		"2024-10-10":                                                                   "",
		"a@b":                                                                          "",
		"user@tenant/7":                                                                "",
		"x+1@example.com":                                                              "id must not be an email address",
		"A.B@Example.COM":                                                              "id must not be an email address",
		"+14155550123":                                                                 "id must not be a phone number",
		"+1 415 555 0123":                                                              "id must not be a phone number",
		"+44 20 7946 0958":                                                             "id must not be a phone number",
		"415-555-0123":                                                                 "id must not be a phone number",
		"(415) 555-0123":                                                               "id must not be a phone number",
		"1-415-555-0123":                                                               "id must not be a phone number",
		"415.555.0123":                                                                 "id must not be a phone number",
		"":                                                                             "id must be a non-empty string",
		"\t ":                                                                          "id must be a non-empty string",
	} {
		if got := message(CheckClientUserID("id", id)); got != want {
			t.Errorf("%q: %q, want %q", id, got, want)
		}
	}
}

func TestCheckPhone(t *testing.T) {
	for _, test := range []struct{ number, country, want string }{
		{"+1 415 555 0123", "US", "+14155550123"},
		{"2025550165", "US", "+12025550165"},
		{"(415) 555-0123", "CA", "+14155550123"},
		{"020 7946 0958", "GB", "+442079460958"},
		{"+353861234567", "US", "+353861234567"},
		{"1112223333", "US", ""},
		{"+19999999999", "US", ""},
		{"2025550165 ext. 12", "US", ""},
		{"12", "US", ""},
		{"", "US", ""},
		{strings.Repeat("2", 41), "US", ""},
	} {
		got, err := CheckPhone(test.number, test.country)
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%q in %s: %q, %v; want %q", test.number, test.country, got, err, test.want)
		}
	}
}

func FuzzCheckPerson(f *testing.F) {
	f.Add("+1 415 555 0123", "a@example.com")
	f.Add("tel:+1;ext=1", "\"x y\"@example.com")
	f.Add("٠١٢٣٤٥٦٧٨٩", "a@[127.0.0.1]")
	f.Fuzz(func(t *testing.T, phone, text string) {
		if n, err := CheckPhone(phone, "US"); err == nil && (len(n) < 8 || len(n) > 16 || n[0] != '+') {
			t.Errorf("CheckPhone(%q) = %q", phone, n)
		}
		if CheckEmail(text) == nil && strings.ContainsAny(text, " <>\"") {
			t.Errorf("CheckEmail(%q) passed", text)
		}
		if err := CheckClientUserID("id", text); err != nil && len(text) > 8 && strings.Contains(err.Error(), text) {
			t.Errorf("the error repeats %q", text)
		}
	})
}

// TestCreatesAtOnce has many calls register one person: all get the same user.
func TestCreatesAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := sandbox(t, db)
		ids := make(chan string, 20)
		for range cap(ids) {
			go func() {
				user, _, err := w.users.create(t.Context(), newUser{clientID: "c", clientUserID: "u"})
				if err != nil {
					ids <- err.Error()
					return
				}
				ids <- user.ID
			}()
		}
		first := <-ids
		for range cap(ids) - 1 {
			if id := <-ids; id != first {
				t.Errorf("%s beside %s", id, first)
			}
		}
	})
}

// TestSealedForItsRow moves the identity of one user to another.
func TestSealedForItsRow(t *testing.T) {
	db := storetest.SQLite(t)
	v, err := vault.Open(t.Context(), db, vault.SandboxKEK(), clock.Real())
	if err != nil {
		t.Fatal(err)
	}
	u := NewUsers(db, v, clock.Real(), clock.NewIDs(1, 1), "sandbox")
	a, _, err := u.create(t.Context(), newUser{clientID: "c", clientUserID: "a", identity: &Identity{GivenName: "A"}})
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := u.create(t.Context(), newUser{clientID: "c", clientUserID: "b"})
	if err != nil {
		t.Fatal(err)
	}
	b.sealed = a.sealed
	if got, err := u.Identity(b); err == nil {
		raw, _ := json.Marshal(got)
		t.Errorf("the identity of another user opened: %s", raw)
	}
}

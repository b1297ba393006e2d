package idv_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// TestBadCreations sends what no client should, and looks at each answer: a precise
// error that repeats nothing of what was sent. What is wrong with the data of a
// person is in package person's own tests.
func TestBadCreations(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t))
	with := func(more ...any) object { return creation("user-1", kycOnly, more...) }
	without := func(name string) object {
		in := with()
		delete(in, name)
		return in
	}
	user := func(more ...any) object { return with("user", leslie(more...)) }
	registered := h.ok("/user/create", object{"client_user_id": "registered", "identity": object{"name": object{"given_name": "Leslie", "family_name": "Knope"}}})["user_id"]
	const secret = "Zz9Planted"
	for _, c := range []struct {
		in            any
		status        int
		code, message string
	}{
		{`{`, 400, "INVALID_BODY", ""},
		{`[]`, 400, "INVALID_BODY", ""},
		{object{}, 400, "MISSING_FIELDS", "the following required fields are missing: is_shareable, template_id"},
		{without("client_user_id"), 400, "MISSING_FIELDS", "the following required fields are missing: client_user_id"},
		{with("client_user_id", nil), 400, "MISSING_FIELDS", ""},
		{with("client_user_id", 7), 400, "INVALID_FIELD", ""},
		{with("client_user_id", " "), 400, "INVALID_FIELD", "client_user_id must be a non-empty string"},
		{with("client_user_id", "\u2003\n"), 400, "INVALID_FIELD", ""},
		{with("client_user_id", secret+"@example.com"), 400, "INVALID_FIELD", "client_user_id must not be an email address"},
		{with("client_user_id", "+1 234-567-8909"), 400, "INVALID_FIELD", "client_user_id must not be a phone number"},
		{with("client_user_id", strings.Repeat("a", 1001)), 400, "INVALID_FIELD", ""},
		{with("client_user_id", "a\x00b"), 400, "INVALID_FIELD", ""},
		{with("template_id", ""), 400, "INVALID_FIELD", "template_id must be filled."},
		{with("template_id", "idvtmp_"+secret), 404, "NOT_FOUND", "could not find matching template"},
		{with("template_id", strings.ToLower(kycOnly)), 404, "NOT_FOUND", ""},
		{with("is_shareable", "yes"), 400, "INVALID_FIELD", "is_shareable must be a boolean"},
		{with("gave_consent", 1), 400, "INVALID_FIELD", "gave_consent must be a boolean"},
		{with("is_idempotent", "true"), 400, "INVALID_FIELD", "is_idempotent must be a boolean"},
		{with(secret, 1), 400, "UNKNOWN_FIELDS", ""},
		{with("user", secret), 400, "INVALID_FIELD", "user must be an object"},
		{with("user", list{}), 400, "INVALID_FIELD", "user must be an object"},
		{user("name", object{"given_name": secret}), 400, "MISSING_FIELDS", "the following required fields are missing: user.name.family_name"},
		{user("name", object{"given_name": secret, "family_name": " "}), 400, "INVALID_FIELD", ""},
		{user("date_of_birth", secret), 400, "INVALID_FIELD", ""},
		{user("date_of_birth", "2027-01-01"), 400, "INVALID_FIELD", ""},
		{user("phone_number", "12345678909"), 400, "INVALID_FIELD", ""},
		{user("email_address", " "+secret+"@example.com"), 400, "INVALID_FIELD", ""},
		{user("address", object{"country": "US", "city": secret}), 400, "MISSING_FIELDS", "the following required fields are missing: user.address.street, user.address.region, user.address.postal_code"},
		{user("address", object{"street": secret}), 400, "MISSING_FIELDS", "the following required fields are missing: user.address.country"},
		{user("address", object{"country": "KP"}), 400, "INVALID_FIELD", ""},
		{`{"client_user_id":"u","template_id":"` + kycOnly + `","is_shareable":true,"user":{"address":{"country":"GB","region":null}}}`, 400, "INVALID_FIELD", ""},
		{user("id_number", object{"type": "us_ssn"}), 400, "MISSING_FIELDS", ""},
		{user("id_number", object{"type": "us_ssn", "value": "666123456"}), 400, "INVALID_FIELD", ""},
		{user("id_number", object{"type": "es_dni", "value": "12345678Z"}), 400, "INVALID_FIELD", ""},
		{with("user_id", "usr_0000000000zzzz"), 400, "INVALID_USER_ID", ""},
		{with("user_id", registered), 400, "INVALID_FIELD", "user_id must have been created from the client_user_id"},
		{object{"user_id": registered, "template_id": kycOnly, "is_shareable": false, "user": leslie()}, 400, "INVALID_FIELD", "user must be null when user_id is provided: use /user/update instead"},
	} {
		status, out := h.post("/identity_verification/create", c.in)
		if status != c.status || out["error_code"] != c.code || c.message != "" && out["error_message"] != c.message {
			t.Errorf("%v: %d %v %q; want %d %s %q", c.in, status, out["error_code"], out["error_message"], c.status, c.code, c.message)
		}
		if c.code != "UNKNOWN_FIELDS" && strings.Contains(fmt.Sprint(out), secret) {
			t.Errorf("%v is repeated in %v", c.in, out)
		}
	}
	if out := h.ok("/identity_verification/list", object{"client_user_id": "user-1", "template_id": kycOnly}); len(out["identity_verifications"].(list)) != 0 {
		t.Errorf("a refused request has made %v", out)
	}
	for _, id := range []string{"idv_00000000000000", "idv_" + strings.Repeat("x", 5000), "\u202e", "a\x00b"} {
		status, out := h.post("/identity_verification/get", object{"identity_verification_id": id})
		if status != 404 && out["error_code"] != "INVALID_FIELD" {
			t.Errorf("%.20q: %d %v", id, status, out)
		}
	}
	h.refused("/identity_verification/get", object{"identity_verification_id": ""}, 400, "INVALID_FIELD", "identity_verification_id must be filled.")
	h.refused("/identity_verification/get", object{}, 400, "MISSING_FIELDS", "")
}

// TestWhatIsLetThrough is what the official quickstart sends, and what is known of
// users.
func TestWhatIsLetThrough(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t))
	a := h.ok("/identity_verification/create", object{"template_id": classic, "is_shareable": true, "user": object{"client_user_id": "user-1", "email_address": "leslie@example.com"}})
	if a["client_user_id"] != "user-1" || at(a, "steps", "accept_tos") != "active" || !strings.HasPrefix(a["shareable_url"].(string), "http://localhost:8484/verify/"+a["id"].(string)+"?key=") {
		t.Errorf("%v", a)
	}
	if again := h.ok("/identity_verification/create", object{"client_user_id": "user-2", "template_id": kycOnly, "is_shareable": false, "user": nil, "gave_consent": nil, "is_idempotent": nil}); again["shareable_url"] != nil {
		t.Errorf("%v", again)
	}
	registered := h.ok("/user/create", object{"client_user_id": "registered", "identity": object{
		"name": object{"given_name": "Leslie", "family_name": "Knope"}, "date_of_birth": "1975-01-18",
		"phone_numbers": list{object{"data": "+12345678909", "primary": true}},
		"addresses":     list{object{"street_1": "123 Main St.", "city": "Pawnee", "region": "IN", "postal_code": "46001", "country": "US", "primary": true}},
		"id_numbers":    list{object{"type": "us_ssn", "value": "123-45-6789"}},
	}})["user_id"]
	b := h.ok("/identity_verification/create", object{"user_id": registered, "template_id": kycOnly, "is_shareable": false, "gave_consent": true})
	if b["client_user_id"] != "registered" || b["user_id"] != registered || at(b, "user", "id_number", "value") != "123456789" {
		t.Errorf("%v", b)
	}
	h.after(time.Second)
	if got := h.get(b["id"]); got["status"] != "success" {
		t.Errorf("%v", got["status"])
	}
	if out := h.ok("/identity_verification/list", object{"user_id": registered, "template_id": kycOnly}); len(out["identity_verifications"].(list)) != 1 {
		t.Errorf("%v", out)
	}
}

// TestAutofill finds out the rest of Leslie, once her number is confirmed.
func TestAutofill(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t))
	known := object{"phone_number": "+12345678909", "date_of_birth": "1975-01-18", "address": object{"country": "US"}}
	fill := func(who, template string, user object) (int, object) {
		a := h.ok("/identity_verification/create", creation(who, template, "user", user))
		h.after(time.Second)
		return h.post("/identity_verification/autofill/create", object{"identity_verification_id": a["id"]})
	}
	_, out := fill("user-1~verify_sms=success", classic, known)
	if out["status"] != "success" || at(out, "user", "name", "family_name") != "Knope" || at(out, "user", "address", "po_box") != "no" || at(out, "user", "id_number", "value") != "123456789" {
		t.Errorf("%v", out)
	}
	for who, user := range map[string]object{
		"unconfirmed":                  known,
		"nobody~verify_sms=success":    {"phone_number": "+12345678910", "date_of_birth": "1975-01-18", "address": object{"country": "US"}},
		"another~verify_sms=success":   {"phone_number": "+12345678909", "date_of_birth": "1975-01-19", "address": object{"country": "US"}},
		"elsewhere~verify_sms=success": {"phone_number": "+12345678909", "date_of_birth": "1975-01-18", "address": object{"country": "CA"}},
	} {
		if _, out := fill(who, classic, user); out["status"] != "failed" || out["user"] != nil {
			t.Errorf("%s: %v", who, out)
		}
	}
	if status, out := fill("user-2", kycOnly, known); status != 400 || out["error_code"] != "INVALID_FIELD" {
		t.Errorf("without verify_sms: %d %v", status, out)
	}
}

// TestBadTemplates refuses templates that make no sense.
func TestBadTemplates(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t))
	for _, c := range []struct{ more, message string }{
		{`"template_id":"tmpl_x"`, "template_id must be idvtmp_ or flwtmp_ with 8 to 40 letters and digits; a template must have a step besides accept_tos"},
		{`"template_id":"idvtmp_aaaaaaaa"`, "a template must have a step besides accept_tos"},
		{`"template_id":"idvtmp_aaaaaaaa","kyc_check":{}`, "kyc_check must demand something of a field"},
		{`"template_id":"idvtmp_aaaaaaaa","kyc_check":{"name":"no_match"}`, "kyc_check.name must be one of: match, partial_match"},
		{`"template_id":"idvtmp_aaaaaaaa","risk_check":{"email":"none"}`, "risk_check.email must be one of: low, medium, high"},
		{`"template_id":"idvtmp_aaaaaaaa","verify_sms":true,"countries":["us"]`, "countries must be a list of ISO 3166-1 alpha-2 codes"},
	} {
		h.refused("/sandbox/identity_verification/template/set", `{"name":"x",`+c.more+`}`, 400, "INVALID_FIELD", c.message)
	}
	h.ok("/sandbox/identity_verification/template/set", `{"name":"x","template_id":"idvtmp_aaaaaaaa","verify_sms":true,"countries":["US"]}`)
	h.refused("/identity_verification/create", creation("user-1", "idvtmp_aaaaaaaa", "user", object{"address": object{"country": "CA"}}), 400, "INVALID_FIELD", "user.address.country must be a country of the template")
}

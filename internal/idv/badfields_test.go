package idv_test

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/idv"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// planted is in what is sent and must be in no answer.
const planted = "Zz9"

// userFields are the members of the user object of seed 003, and whether each takes any
// text with a visible character in it.
var userFields = map[string]bool{
	"email_address": false, "phone_number": false, "date_of_birth": false, "name.given_name": true, "name.family_name": true,
	"address.street": true, "address.street2": true, "address.city": true, "address.region": false, "address.postal_code": false,
	"address.country": false, "id_number.type": false, "id_number.value": false,
}

// put changes a member of an object, by its dotted path.
func put(in object, path string, v any) object {
	parts := strings.Split(path, ".")
	m := in
	for _, p := range parts[:len(parts)-1] {
		m = m[p].(object)
	}
	m[parts[len(parts)-1]] = v
	return in
}

// TestJunkInEveryField puts what no person is called and lives in into each member of
// the user object of create and of retry. The error says which member and why, in the
// form of Plaid's, and repeats nothing.
func TestJunkInEveryField(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t))
	h.ok("/identity_verification/create", creation("again", kycOnly))
	calls := map[string]func(user any) object{
		"/identity_verification/create": func(user any) object { return creation("new", kycOnly, "user", user) },
		"/identity_verification/retry": func(user any) object {
			return object{"client_user_id": "again", "template_id": kycOnly, "strategy": "reset", "user": user}
		},
	}
	for call, with := range calls {
		check := func(field string, v any, reasons ...string) {
			t.Helper()
			user := put(leslie("email_address", "leslie@example.com"), field, v)
			status, out := h.post(call, with(user))
			message, _ := out["error_message"].(string)
			said := slices.ContainsFunc(reasons, func(r string) bool { return strings.HasPrefix(message, "user."+field+" must "+r) })
			if status != http.StatusBadRequest || out["error_code"] != "INVALID_FIELD" || !said {
				t.Errorf("%s, %s = %.20q: %d %v %q, want that it must %q", call, field, v, status, out["error_code"], message, reasons)
			}
			if strings.Contains(fmt.Sprint(out), planted) {
				t.Errorf("%s, %s: %v repeats what was sent", call, field, out)
			}
		}
		for field, anyText := range userFields {
			for _, v := range []any{7, 1e300, true, list{planted}, object{planted: planted}} {
				check(field, v, "be a string")
			}
			check(field, planted+"\x00", "not contain the character U+0000")
			check(field, strings.Repeat(planted, 400), "be ", "have ")
			for _, v := range []any{"", " ", "\t\n", "\u2003", "\u200b\u200d\ufeff"} {
				check(field, v, "be ", "have ")
			}
			if !anyText {
				for _, v := range []any{"\u202e" + planted, "🙂🙂", "<b>" + planted + "</b>", "' OR 1=1 --" + planted} {
					check(field, v, "be ", "have ")
				}
			}
		}
		for _, group := range []string{"name", "address", "id_number"} {
			for _, v := range []any{7, true, planted, list{}} {
				check(group, v, "be an object")
			}
		}
	}
	if out := h.ok("/identity_verification/list", object{"client_user_id": "new", "template_id": kycOnly}); len(out["identity_verifications"].(list)) != 0 {
		t.Errorf("a refused request has made %v", out)
	}
	if out := h.ok("/identity_verification/list", object{"client_user_id": "again", "template_id": kycOnly}); len(out["identity_verifications"].(list)) != 1 {
		t.Errorf("a refused retry has made %v", out)
	}
}

// TestStrangePeople have data of the right form, which is let through as it is or fails
// the check.
func TestStrangePeople(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t))
	for i, c := range []struct {
		user   object
		status string
	}{
		{leslie("name", object{"given_name": "🙂", "family_name": "<b>Knope</b>"}), "failed"},
		{leslie("name", object{"given_name": "Leslie\u0301", "family_name": "Knope"}), "success"},
		{leslie("name", object{"given_name": "\u202eeilseL", "family_name": "Knope"}), "failed"},
		{leslie("date_of_birth", "2026-01-05"), "failed"}, // today
		{leslie("date_of_birth", "1900-02-28"), "failed"},
	} {
		a := h.ok("/identity_verification/create", creation(fmt.Sprintf("user-%d", i), kycOnly, "user", c.user))
		if name := at(a, "user", "name", "given_name"); name != c.user["name"].(object)["given_name"] {
			t.Errorf("%q became %q", c.user["name"], name)
		}
		h.after(time.Second)
		if got := h.get(a["id"]); got["status"] != c.status {
			t.Errorf("%v: %v, want %s", c.user, got["status"], c.status)
		}
	}
	for _, day := range []string{
		"2026-01-06", "2026-13-01", "1975-02-29", "1975-00-10", "1975-04-31", "0000-00-00", "1879-12-31", "75-01-18", "18-01-1975", "1975/01/18", "1975-1-18", "1975-01-18T00:00:00Z", "１９７５-01-18",
	} {
		h.refused("/identity_verification/create", creation("nobody", kycOnly, "user", leslie("date_of_birth", day)), 400, "INVALID_FIELD", "")
	}
	for _, n := range []struct{ country, kind, value string }{
		{"US", "es_dni", "12345678Z"}, {"ES", "us_ssn", "123456789"}, {"DE", "us_ssn", "123456789"}, {"GB", "es_dni", "12345678Z"}, {"US", "us_ssn", "123-45-6789"}, {"US", "us_ssn", "000123456"},
		{"US", "us_ssn_last_4", "0000"}, {"US", "us_ssn_last_4", "67890"}, {"US", "us_ssn", "１２３４５６７８９"},
	} {
		a := object{"street": "1 Street", "city": "City", "country": n.country}
		switch n.country {
		case "US":
			a["region"], a["postal_code"] = "IN", "46001"
		case "ES":
			a["region"], a["postal_code"] = "M", "28013"
		case "DE":
			a["postal_code"] = "10115"
		case "GB":
			a["postal_code"] = "SW1A 1AA"
		}
		h.refused("/identity_verification/create", creation("nobody", kycOnly, "user", leslie("address", a, "id_number", object{"type": n.kind, "value": n.value})), 400, "INVALID_FIELD", "")
	}
}

// TestBadRetries are refused, and leave what there is as it was.
func TestBadRetries(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t))
	a := h.ok("/identity_verification/create", creation("user-1", kycOnly, "user", leslie()))
	steps := object{"verify_sms": false, "kyc_check": true, "documentary_verification": false, "selfie_check": false}
	for _, c := range []struct {
		change  object
		status  int
		code    string
		message string
	}{
		{object{"strategy": nil}, 400, "MISSING_FIELDS", "the following required fields are missing: strategy"},
		{object{"strategy": planted}, 400, "INVALID_FIELD", "strategy must be one of: reset, incomplete, infer, custom"},
		{object{"strategy": "RESET"}, 400, "INVALID_FIELD", ""},
		{object{"strategy": 1}, 400, "INVALID_FIELD", ""},
		{object{"strategy": "custom"}, 400, "INVALID_FIELD", "steps must be provided when strategy is custom, and only then"},
		{object{"strategy": "reset", "steps": steps}, 400, "INVALID_FIELD", "steps must be provided when strategy is custom, and only then"},
		{object{"strategy": "custom", "steps": object{"kyc_check": true}}, 400, "MISSING_FIELDS", "the following required fields are missing: steps.verify_sms, steps.documentary_verification, steps.selfie_check"},
		{object{"strategy": "custom", "steps": list{}}, 400, "INVALID_FIELD", "steps must be an object"},
		{object{"strategy": "custom", "steps": object{"verify_sms": "no", "kyc_check": 1, "documentary_verification": nil, "selfie_check": list{}}}, 400, "MISSING_FIELDS", ""},
		{object{"client_user_id": ""}, 400, "INVALID_FIELD", "client_user_id must be filled."},
		{object{"client_user_id": "nobody-" + planted}, 404, "NOT_FOUND", ""},
		{object{"template_id": "idvtmp_" + planted + "00000"}, 404, "NOT_FOUND", "could not find matching template"},
		{object{"template_id": 7}, 400, "INVALID_FIELD", "template_id must be filled."},
		{object{"is_shareable": "yes"}, 400, "INVALID_FIELD", "is_shareable must be a boolean"},
		{object{"user": planted}, 400, "INVALID_FIELD", "user must be an object"},
	} {
		in := object{"client_user_id": "user-1", "template_id": kycOnly, "strategy": "reset"}
		maps.Copy(in, c.change)
		status, out := h.post("/identity_verification/retry", in)
		if status != c.status || out["error_code"] != c.code || c.message != "" && out["error_message"] != c.message {
			t.Errorf("%v: %d %v %q; want %d %s %q", c.change, status, out["error_code"], out["error_message"], c.status, c.code, c.message)
		}
		if strings.Contains(fmt.Sprint(out), planted) {
			t.Errorf("%v is repeated in %v", c.change, out)
		}
	}
	if out := h.ok("/identity_verification/list", object{"client_user_id": "user-1", "template_id": kycOnly}); len(out["identity_verifications"].(list)) != 1 {
		t.Errorf("a refused retry has made %v", out)
	}
	if got := h.get(a["id"]); got["status"] != "active" {
		t.Errorf("a refused retry has brought the attempt to %v", got["status"])
	}
}

// TestTamperedCursors lead to nothing, or to a place in the person's own list.
func TestTamperedCursors(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t))
	h.ok("/identity_verification/create", creation("somebody-else", kycOnly))
	h.ok("/identity_verification/create", creation("user-1", kycOnly))
	for range 4 {
		h.ok("/identity_verification/retry", object{"client_user_id": "user-1", "template_id": kycOnly, "strategy": "reset"})
	}
	page := func(raw string) (int, object) {
		return h.post("/identity_verification/list", object{"client_user_id": "user-1", "template_id": kycOnly, "cursor": base64.StdEncoding.EncodeToString([]byte(raw))})
	}
	for _, raw := range []string{
		`{"direction":"prev","offset":2}`, `{"direction":"next"}`, `{"direction":"next","offset":0}`, `{"direction":"next","offset":-3}`, `{"direction":"next","offset":"2"}`,
		`{"direction":"next","offset":2.5}`, `{"direction":"next","offset":1e30}`, `{"direction":"next","offset":9223372036854775808}`, `{"direction":"next","offset":2} ` + planted, `[2]`, `2`, "\x00",
	} {
		if status, out := page(raw); status != 400 || out["error_code"] != "INVALID_FIELD" || out["error_message"] != "cursor must be the next_cursor of an earlier answer" {
			t.Errorf("%q: %d %v %q", raw, status, out["error_code"], out["error_message"])
		}
	}
	for _, cursor := range []any{7, true, list{}, object{}} {
		h.refused("/identity_verification/list", object{"client_user_id": "user-1", "template_id": kycOnly, "cursor": cursor}, 400, "INVALID_FIELD", "cursor must be a string of at most 200 characters")
	}
	for raw, want := range map[string]int{`{"direction":"next","offset":1}`: 0, `{"direction":"next","offset":3}`: 2, `{"direction":"next","offset":9223372036854775807}`: 5} {
		status, out := page(raw)
		got, _ := out["identity_verifications"].(list)
		if status != 200 || len(got) != want {
			t.Errorf("%s: %d with %d, want %d", raw, status, len(got), want)
		}
		for _, a := range got {
			if a.(object)["client_user_id"] != "user-1" {
				t.Errorf("%s answers an attempt of %v", raw, a.(object)["client_user_id"])
			}
		}
	}
}

// TestADeepList reads the last page of a list of ten thousand attempts by its cursor: the
// page begins there, and what lies before it is not read.
func TestADeepList(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t))
	first := h.ok("/identity_verification/create", creation("user-1", kycOnly))
	ctx := t.Context()
	err := h.db.Write(ctx, func(tx *store.Tx) error {
		// The sealed part of an attempt is bound to its id: none of these could be read.
		_, err := tx.Exec(ctx, `WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
			INSERT INTO idv_attempt (id, client_id, client_user_id, template_id, number, status, seq, created_at, sealed)
			SELECT 'idv_deep' || i, client_id, client_user_id, template_id, i, 'canceled', 1, created_at, sealed FROM idv_attempt, n WHERE number = 1`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	out := h.ok("/identity_verification/list", object{
		"client_user_id": "user-1", "template_id": kycOnly, "cursor": base64.StdEncoding.EncodeToString([]byte(`{"direction":"next","offset":2}`)),
	})
	if got := out["identity_verifications"].(list); len(got) != 1 || got[0].(object)["id"] != first["id"] || out["next_cursor"] != nil {
		t.Errorf("the end of the list is %v", out)
	}
}

// TestWhatIsAnotherClients cannot be seen, used or changed: it is as if it did not exist.
func TestWhatIsAnotherClients(t *testing.T) {
	const theirs = "idvtmp_TheirOwn0001"
	h := newHouse(t, storetest.SQLite(t))
	h.ok("/sandbox/identity_verification/template/set", `{"name":"x","template_id":"`+theirs+`","kyc_check":{"name":"match"}}`)
	a := h.ok("/identity_verification/create", creation("user-1", theirs, "user", leslie()))
	if got := h.get(a["id"]); got["id"] != a["id"] { // kept in memory now
		t.Fatal(got)
	}
	const other, secret = "0123456789abcdef01234567", "0123456789abcdef0123456789abcdef"
	if err := h.teams.EnsureSandbox(t.Context(), other, secret); err != nil {
		t.Fatal(err)
	}
	h.as(other, secret)
	id, user := object{"identity_verification_id": a["id"]}, object{"client_user_id": "user-1", "template_id": theirs}
	for path, in := range map[string]object{
		"/identity_verification/get": id, "/identity_verification/autofill/create": id, "/identity_verification/list": user,
		"/identity_verification/create": creation("user-1", theirs), "/identity_verification/retry": {"client_user_id": "user-1", "template_id": theirs, "strategy": "reset"},
		"/sandbox/identity_verification/pass": id, "/sandbox/identity_verification/cancel": id, "/sandbox/identity_verification/redact": id,
		"/sandbox/identity_verification/approve": id, "/sandbox/identity_verification/explain": id, "/sandbox/identity_verification/expire": id,
	} {
		status, out := h.post(path, in)
		if status != http.StatusNotFound || out["error_code"] != "NOT_FOUND" {
			t.Errorf("%s: %d %v", path, status, out)
		}
	}
	if out := h.ok("/identity_verification/list", object{"client_user_id": "user-1", "template_id": kycOnly}); len(out["identity_verifications"].(list)) != 0 {
		t.Errorf("another client sees %v", out)
	}
	if b := h.ok("/identity_verification/create", creation("user-1", kycOnly)); b["id"] == a["id"] {
		t.Error("two clients share an attempt")
	}
}

// TestEveryAnswerIsOfNow: what get keeps in memory is never older than the attempt.
func TestEveryAnswerIsOfNow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		a := h.ok("/identity_verification/create", creation("user-1", kycOnly, "user", leslie()))
		for _, want := range []idv.Status{idv.Active, idv.Active} {
			if got := h.get(a["id"]); got["status"] != string(want) {
				t.Fatalf("%v, want %s", got["status"], want)
			}
		}
		h.after(time.Second)
		if got := h.get(a["id"]); got["status"] != "success" || at(got, "user", "name", "family_name") != "Knope" {
			t.Fatalf("%v", got)
		}
		h.get(a["id"])
		h.ok("/sandbox/identity_verification/redact", object{"identity_verification_id": a["id"]})
		if got := h.get(a["id"]); got["redacted_at"] == nil || at(got, "user", "name") != nil {
			t.Errorf("%v", got)
		}
		h.ok("/sandbox/identity_verification/template/set", `{"name":"x","template_id":"idvtmp_Changing0001","kyc_check":{"name":"match"}}`)
		h.ok("/identity_verification/create", creation("user-2", "idvtmp_Changing0001"))
		h.ok("/sandbox/identity_verification/template/set", `{"name":"y","template_id":"idvtmp_Changing0001","kyc_check":{"name":"match"}}`)
		if b := h.ok("/identity_verification/create", creation("user-3", "idvtmp_Changing0001")); at(b, "template", "version") != 2.0 {
			t.Errorf("the template is of version %v", at(b, "template", "version"))
		}
	})
}

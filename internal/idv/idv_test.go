package idv_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/idv"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// TestKYCCheck compares people with whom the sandbox knows.
func TestKYCCheck(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t))
	address := func(changes ...any) object {
		a := leslie()["address"].(object)
		for i := 0; i < len(changes); i += 2 {
			if changes[i+1] == nil {
				delete(a, changes[i].(string))
			} else {
				a[changes[i].(string)] = changes[i+1]
			}
		}
		return a
	}
	number := func(kind, value string) object { return object{"type": kind, "value": value} }
	for i, c := range []struct {
		what     string
		template string
		user     object
		status   string
		codes    string // name, date_of_birth, address, phone_number, id_number
	}{
		{"Leslie", kycOnly, leslie(), "success", "match match match match match"},
		{"her other number", kycOnly, leslie("id_number", number("us_ssn", "123456788")), "success", "match match match match match"},
		{"four digits", kycOnly, leslie("id_number", number("us_ssn_last_4", "6788")), "success", "match match match match match"},
		{"without a telephone", kycOnly, leslie("phone_number", nil), "success", "match match match no_input match"},
		{"another telephone", kycOnly, leslie("phone_number", "+12345678910"), "success", "match match match no_match match"},
		{"in capitals", kycOnly, leslie("name", object{"given_name": "LESLIE", "family_name": " knope "}), "success", "match match match match match"},
		{"a double name", kycOnly, leslie("name", object{"given_name": "Leslie", "family_name": "Knope-Wyatt"}), "success", "partial_match match match match match"},
		{"another name", kycOnly, leslie("name", object{"given_name": "April", "family_name": "Ludgate"}), "failed", "no_match match match match match"},
		{"another birthday", kycOnly, leslie("date_of_birth", "1975-01-19"), "failed", "match no_match match match match"},
		{"written out", kycOnly, leslie("address", address("street", "123 Main Street")), "success", "match match match match match"},
		{"an apartment more", kycOnly, leslie("address", address("street2", "Apt 4")), "success", "match match match match match"},
		{"another house", kycOnly, leslie("address", address("street", "125 Main St.")), "failed", "match match no_match match match"},
		{"another zip", kycOnly, leslie("address", address("postal_code", "46002")), "success", "match match partial_match match match"},
		{"another place", kycOnly, leslie("address", address("postal_code", "46002", "city", "Eagleton")), "failed", "match match no_match match match"},
		{"another number", kycOnly, leslie("id_number", number("us_ssn", "123456780")), "failed", "match match match match no_match"},
		{"a Spaniard", kycOnly, leslie("id_number", number("es_dni", "12345678Z"), "address", object{"street": "Calle Mayor 1", "city": "Madrid", "region": "M", "postal_code": "28013", "country": "ES"}), "failed", "match match no_match match no_data"},
		{"a Briton", kycOnly, leslie("id_number", nil, "address", object{"street": "1 High Street", "city": "London", "postal_code": "SW1A 1AA", "country": "GB"}), "failed", "match match no_match match no_input"},
		{"Leslie, strictly", strict, leslie(), "success", "match match match match match"},
		{"a check digit", strict, leslie("id_number", number("es_dni", "12345678A"), "address", object{"street": "Calle Mayor 1", "city": "Madrid", "region": "M", "postal_code": "28013", "country": "ES"}), "failed", "match match no_match match no_match"},
	} {
		a := h.ok("/identity_verification/create", creation(fmt.Sprintf("user-%d", i), c.template, "user", c.user))
		if a["status"] != "active" || a["kyc_check"] != nil {
			t.Errorf("%s: created as %v with %v", c.what, a["status"], a["kyc_check"])
		}
		h.after(time.Second)
		a = h.get(a["id"])
		var codes []string
		for _, field := range []string{"name", "date_of_birth", "address", "phone_number", "id_number"} {
			codes = append(codes, fmt.Sprint(at(a, "kyc_check", field, "summary")))
		}
		if got := strings.Join(codes, " "); a["status"] != c.status || at(a, "steps", "kyc_check") != c.status || at(a, "kyc_check", "status") != c.status || got != c.codes {
			t.Errorf("%s: %v with %s; want %s with %s", c.what, a["status"], got, c.status, c.codes)
		}
		if a["completed_at"] == nil {
			t.Errorf("%s: completed_at is null", c.what)
		}
	}
}

// TestNobodyKnowsAnything has no data source: nothing is made up.
func TestNobodyKnowsAnything(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t), func(c *idv.Config) { c.Source = nil })
	a := h.ok("/identity_verification/create", creation("user-1", kycOnly, "user", leslie()))
	h.after(time.Second)
	a = h.get(a["id"])
	if a["status"] != "failed" || at(a, "kyc_check", "name", "summary") != "no_data" || at(a, "kyc_check", "id_number", "summary") != "no_data" {
		t.Errorf("%v: %v", a["status"], a["kyc_check"])
	}
}

// silent is a data source that does not answer at first.
type silent struct{ tries int }

func (s *silent) People(context.Context, idv.User) ([]idv.Record, error) {
	if s.tries++; s.tries == 1 {
		return nil, errors.New("no answer")
	}
	return []idv.Record{{DateOfBirth: "1975-01-18"}}, nil
}

// TestASourceThatIsSilentIsAskedAgain: trouble of a source is nobody's failure.
func TestASourceThatIsSilentIsAskedAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		source := &silent{}
		h := newHouse(t, db, func(c *idv.Config) { c.Source = source })
		a := h.ok("/identity_verification/create", creation("user-1", kycOnly, "user", leslie()))
		h.after(time.Second)
		if got := h.get(a["id"]); got["status"] != "active" {
			t.Fatalf("after no answer: %v", got["status"])
		}
		h.after(2 * time.Minute)
		got := h.get(a["id"])
		if got["status"] != "failed" || at(got, "kyc_check", "date_of_birth", "summary") != "match" || at(got, "kyc_check", "name", "summary") != "no_data" {
			t.Errorf("%v %v", got["status"], got["kyc_check"])
		}
		if told := h.told(); told != "STEP_UPDATED STATUS_UPDATED" {
			t.Errorf("told %s", told)
		}
	})
}

// TestOneAttempt: of many that are created at once there is one.
func TestOneAttempt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		var wait sync.WaitGroup
		var mu sync.Mutex
		ids, refused := map[any]int{}, 0
		for i := range 12 {
			wait.Add(1)
			go func() {
				defer wait.Done()
				status, out := h.post("/identity_verification/create", creation("user-1", kycOnly, "is_idempotent", i%2 == 0))
				mu.Lock()
				defer mu.Unlock()
				if status == http.StatusOK {
					ids[out["id"]]++
				} else if out["error_code"] == "INVALID_FIELD" {
					refused++
				}
			}()
		}
		wait.Wait()
		if len(ids) != 1 || refused < 5 {
			t.Errorf("%d attempts, %d refused", len(ids), refused)
		}
	})
}

// TestRetries tries each strategy in each state that an attempt can be in.
func TestRetries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		const infer, incomplete = "strategy must not be infer while the latest identity verification is active", "strategy must not be incomplete when the failing step is screening or risk_check"
		for i, c := range []struct {
			calls    string // control calls that bring the first attempt where it is
			strategy string
			message  string // "" for an attempt
			steps    string // accept_tos, verify_sms, kyc_check, documentary_verification, selfie_check
		}{
			{"", "reset", "", "active waiting_for_prerequisite waiting_for_prerequisite waiting_for_prerequisite waiting_for_prerequisite"},
			{"", "infer", infer, ""},
			{"", "incomplete", "", "active waiting_for_prerequisite waiting_for_prerequisite waiting_for_prerequisite waiting_for_prerequisite"},
			{"pass fail", "infer", "", "skipped active waiting_for_prerequisite waiting_for_prerequisite waiting_for_prerequisite"},
			{"pass pass fail", "incomplete", "", "skipped skipped active waiting_for_prerequisite waiting_for_prerequisite"},
			{"pass pass expire", "infer", "", "skipped skipped active waiting_for_prerequisite waiting_for_prerequisite"},
			{"pass pass cancel", "infer", "", "active waiting_for_prerequisite waiting_for_prerequisite waiting_for_prerequisite waiting_for_prerequisite"},
			{"pass pass pass pass fail", "incomplete", "", "skipped skipped skipped skipped active"},
			{"pass pass pass pass pass fail", "incomplete", incomplete, ""},
			{"pass pass pass pass pass pass fail", "infer", incomplete, ""},
			{"pass pass pass pass pass pass fail", "reset", "", "active waiting_for_prerequisite waiting_for_prerequisite waiting_for_prerequisite waiting_for_prerequisite"},
			{"pass pass pass pass pass pass pass", "infer", "", "active waiting_for_prerequisite waiting_for_prerequisite waiting_for_prerequisite waiting_for_prerequisite"},
			{"pass pass fail", "custom", "", "skipped skipped active skipped skipped"},
		} {
			who := fmt.Sprintf("user-%d~accept_tos=active~verify_sms=active~kyc_check=active~documentary_verification=active~selfie_check=active~watchlist_screening=active~risk_check=active", i)
			first := h.ok("/identity_verification/create", object{"client_user_id": who, "template_id": "idvtmp_EveryStepAAAA1", "is_shareable": true})
			for _, call := range strings.Fields(c.calls) {
				h.ok("/sandbox/identity_verification/"+call, object{"identity_verification_id": first["id"]})
			}
			h.told()
			in := object{"client_user_id": who, "template_id": "idvtmp_EveryStepAAAA1", "strategy": c.strategy}
			if c.strategy == "custom" {
				in["steps"] = object{"verify_sms": false, "kyc_check": true, "documentary_verification": false, "selfie_check": false, "liveness": true}
			}
			if c.message != "" {
				h.refused("/identity_verification/retry", in, 400, "INVALID_FIELD", c.message)
				continue
			}
			next := h.ok("/identity_verification/retry", in)
			var steps []string
			for _, step := range idv.Steps[:5] {
				steps = append(steps, fmt.Sprint(at(next, "steps", string(step))))
			}
			if got := strings.Join(steps, " "); got != c.steps {
				t.Errorf("%s after %q: %s; want %s", c.strategy, c.calls, got, c.steps)
			}
			if next["previous_attempt_id"] != first["id"] || next["id"] == first["id"] || next["status"] != "active" || next["shareable_url"] == nil || next["shareable_url"] == first["shareable_url"] {
				t.Errorf("%s: %v", c.strategy, next)
			}
			if told := h.told(); told != "RETRIED" {
				t.Errorf("%s: told %s", c.strategy, told)
			}
		}
		steps := object{"verify_sms": true, "kyc_check": true, "documentary_verification": true}
		h.refused("/identity_verification/retry", object{"client_user_id": "user-0", "template_id": kycOnly, "strategy": "reset"}, 404, "NOT_FOUND", "")
		h.refused("/identity_verification/retry", object{"client_user_id": "user-0", "template_id": kycOnly, "strategy": "custom"}, 400, "INVALID_FIELD", "steps must be provided when strategy is custom, and only then")
		h.refused("/identity_verification/retry", object{"client_user_id": "user-0", "template_id": kycOnly, "strategy": "custom", "steps": steps}, 400, "MISSING_FIELDS", "")
		steps["selfie_check"] = false
		h.refused("/identity_verification/retry", object{"client_user_id": "user-0", "template_id": kycOnly, "strategy": "reset", "steps": steps}, 400, "INVALID_FIELD", "")
	})
}

// TestARetryClearsWhatItAsksForAgain: data of steps that are gone through again must
// be sent again, and that of the others is kept.
func TestARetryClearsWhatItAsksForAgain(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t))
	who := "user-1~verify_sms=success"
	a := h.ok("/identity_verification/create", creation(who, classic, "user", leslie("date_of_birth", "1975-01-19")))
	h.after(time.Second)
	h.ok("/sandbox/identity_verification/fail", object{"identity_verification_id": a["id"]})
	if got := h.get(a["id"]); at(got, "steps", "kyc_check") != "failed" || at(got, "steps", "documentary_verification") != "failed" || got["status"] != "failed" {
		t.Fatalf("%v", got)
	}
	next := h.ok("/identity_verification/retry", object{"client_user_id": who, "template_id": classic, "strategy": "custom",
		"steps": object{"verify_sms": false, "kyc_check": true, "documentary_verification": false, "selfie_check": false}})
	if at(next, "user", "phone_number") != "+12345678909" || at(next, "user", "name") != nil || at(next, "user", "date_of_birth") != nil || at(next, "user", "id_number") != nil {
		t.Errorf("kept %v", next["user"])
	}
}

// TestRedaction: what is personal is gone for good, and the outcomes stay.
func TestRedaction(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		h.ok("/sandbox/identity_verification/template/set", object{
			"template_id": "idvtmp_RedactSoon1", "name": "Redacted after an hour", "redact_after_seconds": 3600,
			"kyc_check": object{"name": "match"}, "risk_check": object{},
		})
		a := h.ok("/identity_verification/create", creation("user-1", "idvtmp_RedactSoon1", "is_shareable", true, "user", leslie("email_address", "leslie@mailinator.com")))
		h.after(time.Second)
		before := h.get(a["id"])
		if before["status"] != "success" || at(before, "risk_check", "email", "domain_is_disposable") != "yes" || before["redacted_at"] != nil {
			t.Fatalf("before: %v", before)
		}
		h.after(time.Hour)
		after := h.get(a["id"])
		for member, value := range after["user"].(object) {
			if value != nil {
				t.Errorf("user.%s is %v", member, value)
			}
		}
		if after["redacted_at"] == nil || after["shareable_url"] != nil || after["status"] != "success" || at(after, "kyc_check", "name", "summary") != "match" || at(after, "risk_check", "email") != nil {
			t.Errorf("after: %v", after)
		}
		if _, err := h.Shared(t.Context(), a["id"].(string), strings.SplitN(a["shareable_url"].(string), "key=", 2)[1]); err == nil {
			t.Error("the shareable URL of a redacted attempt still leads somewhere")
		}
	})
}

// TestExpiry ends what nobody completes, and nothing else.
func TestExpiry(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		h.ok("/sandbox/identity_verification/template/set", object{"template_id": "idvtmp_ExpireSoon1", "name": "An hour", "expire_after_seconds": 3600, "kyc_check": object{"name": "match"}})
		idle := h.ok("/identity_verification/create", creation("user-1", "idvtmp_ExpireSoon1"))
		done := h.ok("/identity_verification/create", creation("user-2", "idvtmp_ExpireSoon1", "user", leslie()))
		never := h.ok("/identity_verification/create", creation("user-3", kycOnly))
		h.after(time.Hour - time.Second)
		if got := h.get(idle["id"]); got["status"] != "active" {
			t.Errorf("too early: %v", got["status"])
		}
		var jobs int
		if err := db.QueryRow(t.Context(), "SELECT COUNT(*) FROM job WHERE kind = 'idv.expire'").Scan(&jobs); err != nil || jobs != 2 {
			t.Errorf("%d jobs for two attempts, one of which has changed since: %v", jobs, err)
		}
		h.after(time.Second)
		for id, want := range map[any]string{idle["id"]: "expired", done["id"]: "success", never["id"]: "active"} {
			if got := h.get(id); got["status"] != want {
				t.Errorf("%v, want %s", got["status"], want)
			}
		}
		if got := h.get(idle["id"]); at(got, "steps", "kyc_check") != "expired" || at(got, "steps", "accept_tos") != "skipped" || got["completed_at"] == nil {
			t.Errorf("%v", got)
		}
	})
}

// TestList pages through many attempts, the newest first.
func TestList(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		last := h.ok("/identity_verification/create", creation("user-1", kycOnly))["id"]
		for range 30 {
			last = h.ok("/identity_verification/retry", object{"client_user_id": "user-1", "template_id": kycOnly, "strategy": "reset"})["id"]
		}
		in := object{"client_user_id": "user-1", "template_id": kycOnly}
		seen := map[any]bool{}
		for page, want := range []int{25, 6} {
			out := h.ok("/identity_verification/list", in)
			got := out["identity_verifications"].(list)
			if len(got) != want {
				t.Fatalf("page %d has %d, want %d", page, len(got), want)
			}
			for _, a := range got {
				id := a.(object)["id"]
				if id != last || seen[id] {
					t.Fatalf("%v follows, want %v", id, last)
				}
				seen[id], last = true, a.(object)["previous_attempt_id"]
			}
			in["cursor"] = out["next_cursor"]
		}
		if in["cursor"] != nil {
			t.Errorf("next_cursor is %v at the end", in["cursor"])
		}
		for _, cursor := range []string{"x", "e30=", "bnVsbA==", strings.Repeat("A", 201)} {
			h.refused("/identity_verification/list", object{"client_user_id": "user-1", "template_id": kycOnly, "cursor": cursor}, 400, "INVALID_FIELD", "")
		}
		if out := h.ok("/identity_verification/list", object{"client_user_id": "nobody", "template_id": kycOnly}); len(out["identity_verifications"].(list)) != 0 {
			t.Errorf("nobody has %v", out)
		}
	})
}

package server_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/server/servertest"
)

// verdict is a row of the table in docs/identity-verification.md: what becomes of a
// test document.
type verdict struct {
	document, fault string
	rest            []string // step, attempts, quality, authenticity, reasons
}

// verdictTable reads the rows between the marks of the page.
func verdictTable(t *testing.T) []verdict {
	t.Helper()
	page, err := os.ReadFile("../../docs/identity-verification.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(page), "<!-- verdicts -->")
	table, _, end := strings.Cut(table, "<!-- /verdicts -->")
	if !ok || !end {
		t.Fatal("docs/identity-verification.md has no table of verdicts")
	}
	var rows []verdict
	for i, line := range strings.Split(strings.TrimSpace(table), "\n") {
		cells := strings.Split(strings.Trim(strings.NewReplacer("`", "", ",", "").Replace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if i > 1 { // below the head
			rows = append(rows, verdict{cells[0], cells[1], cells[2:]})
		}
	}
	return rows
}

// strictPapers are the rules that the table goes by.
var strictPapers = map[string]any{"name_match": true, "date_of_birth_match": true, "issuing_country_match": true, "least_age": 18}

// handsIn is a person who goes through Link with a test document. It answers what has
// become of it, as the table has it.
func handsIn(t *testing.T, s *servertest.Server, document, fault string) []string {
	t.Helper()
	kind, country, _ := strings.Cut(document, " of ")
	a := s.Call(t, "/sandbox/link/session/complete", map[string]any{
		"link_token": verifying(t, s, document+" "+fault, papersAlone, map[string]string{"": "US", "Germany": "DE"}[country]),
		"inputs":     map[string]any{"document_fault": fault, "fields": map[string]any{"document_kind": kind}},
	})
	id := map[string]any{"identity_verification_id": a.Text("link_session_id")}
	got, why := s.Call(t, "/identity_verification/get", id), s.Call(t, "/sandbox/identity_verification/explain", id)
	tries, codes := 1, map[float64][]string{}
	reasons, _ := why.Body["steps"].([]any)[3].(map[string]any)["reasons"].([]any)
	for _, r := range reasons {
		r := r.(map[string]any)
		at := r["attempt"].(float64)
		tries, codes[at] = max(tries, int(at)), append(codes[at], r["code"].(string))
	}
	of := func(member string) string { // of the last; none of a step that is in review
		return got.Text("documentary_verification", "documents", fmt.Sprint(tries-1), "analysis", member)
	}
	return []string{got.Text("steps", "documentary_verification"), fmt.Sprint(tries), of("image_quality"), of("authenticity"), strings.Join(codes[float64(tries)], " ")}
}

// TestVerdicts walks the table: people with test documents go through Link, and what
// the API says then is what the table says.
func TestVerdicts(t *testing.T) {
	s := papers(t, strictPapers)
	rows := verdictTable(t)
	if len(rows) < 15 {
		t.Fatalf("the table has %d rows", len(rows))
	}
	if testing.Short() { // reading takes its time under the race detector
		rows = rows[:1]
	}
	for _, row := range rows {
		t.Run(row.document+" "+row.fault, func(t *testing.T) {
			t.Parallel()
			if got := handsIn(t, s, row.document, row.fault); strings.Join(got, " | ") != strings.Join(row.rest, " | ") {
				t.Errorf("%s, and the table has\n%s", strings.Join(got, " | "), strings.Join(row.rest, " | "))
			}
		})
	}
}

// TestEveryStepInOneCall: a person with the right document goes through all that a
// template can ask for, and one whose face is another does not.
func TestEveryStepInOneCall(t *testing.T) {
	if testing.Short() {
		t.Skip("pictures that are looked at")
	}
	s := servertest.Start(t)
	for fault, want := range map[string]string{"": "success", "other_person": "failed", "still": "failed"} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			token := s.Call(t, "/link/token/create", map[string]any{
				"client_name": "App", "language": "en", "country_codes": []string{"US"}, "products": []string{"identity_verification"},
				"user": map[string]any{
					"client_user_id": "user-" + fault, "name": map[string]any{"given_name": "Leslie", "family_name": "Knope"}, "date_of_birth": "1975-01-18",
					"phone_number": "+12345678909", "email_address": "leslie@example.com", "id_number": map[string]any{"type": "us_ssn", "value": "123456789"},
					"address": map[string]any{"street": "123 Main St.", "city": "Pawnee", "region": "IN", "postal_code": "46001", "country": "US"},
				},
				"identity_verification": map[string]any{"template_id": "idvtmp_EveryStepAAAA1", "gave_consent": true},
			}).Text("link_token")
			a := s.Call(t, "/sandbox/link/session/complete", map[string]any{"link_token": token, "inputs": map[string]any{"otp": "11111", "selfie_fault": fault}})
			got := s.Call(t, "/identity_verification/get", map[string]any{"identity_verification_id": a.Text("link_session_id")})
			if got.Text("steps", "documentary_verification") != "success" || got.Text("steps", "selfie_check") != want {
				t.Errorf("%v", got.Body["steps"])
			}
			told, end := "OPEN OPEN_UI CREATE_SESSION", " PASS_SESSION CLOSE_UI"
			for _, step := range []string{"VERIFY_SMS", "KYC_CHECK", "DOCUMENTARY_VERIFICATION", "SELFIE_CHECK", "SCREENING", "RISK_CHECK"} {
				if step == "SELFIE_CHECK" && want == "failed" {
					told, end = told+" START_STEP:"+step+" FAIL_STEP:"+step, " FAIL_SESSION CLOSE_UI"
					break
				}
				told += " START_STEP:" + step + " PASS_STEP:" + step
			}
			if told += end; toldOf(a) != told {
				t.Errorf("told\n%s, want\n%s", toldOf(a), told)
			}
		})
	}
}

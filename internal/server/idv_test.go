package server_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/idv"
	"github.com/glencheck-dev/glencheck/internal/server/servertest"
)

// statusRow is a row of the table of docs/identity-verification.md.
type statusRow struct {
	status, magic, session string
	calls                  []string
}

var quotedWord = regexp.MustCompile("`([^`]+)`")

func statusTable(t *testing.T) (rows []statusRow) {
	t.Helper()
	page, err := os.ReadFile("../../docs/identity-verification.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(page), "<!-- statuses -->")
	table, _, _ = strings.Cut(table, "<!-- /statuses -->")
	word := func(cell string) string {
		if m := quotedWord.FindStringSubmatch(cell); m != nil {
			return m[1]
		}
		return ""
	}
	for _, line := range strings.Split(strings.TrimSpace(table), "\n")[2:] {
		cells := strings.Split(line, "|")
		row := statusRow{status: word(cells[1]), magic: word(cells[2]), session: word(cells[4])}
		for _, m := range quotedWord.FindAllStringSubmatch(cells[3], -1) {
			row.calls = append(row.calls, m[1])
		}
		rows = append(rows, row)
	}
	return rows
}

// everyStep is an attempt at a template that has all steps.
func everyStep(t *testing.T, s *servertest.Server, clientUserID string) servertest.Answer {
	t.Helper()
	return s.Call(t, "/identity_verification/create", map[string]any{
		"client_user_id": clientUserID, "template_id": "idvtmp_EveryStepAAAA1", "gave_consent": false, "is_shareable": false,
	})
}

// stands compares how an attempt stands with a row.
func (r statusRow) stands(t *testing.T, how string, step idv.Step, got servertest.Answer) {
	t.Helper()
	if status := got.Text("steps", string(step)); status != r.status {
		t.Errorf("%s by %s: the step is %s, want %s", step, how, status, r.status)
	}
	if r.session != "" && got.Text("status") != r.session {
		if last := step == idv.Steps[len(idv.Steps)-1]; r.session != "pending_review" || last {
			t.Errorf("%s is %s by %s: the session is %s, want %s", step, r.status, how, got.Text("status"), r.session)
		}
	}
}

// TestEveryStatusOfEveryStep walks the table: each status that a step can have is
// reached by a magic input and by control calls.
func TestEveryStatusOfEveryStep(t *testing.T) {
	s := servertest.Start(t)
	rows := statusTable(t)
	var covered []string
	for _, row := range rows {
		covered = append(covered, row.status)
		for i, step := range idv.Steps {
			var before string
			for _, earlier := range idv.Steps[:i] {
				before += "~" + string(earlier) + "=success"
			}
			a := everyStep(t, s, fmt.Sprintf("magic-%s%s%s", row.status, before, strings.ReplaceAll(row.magic, "<step>", string(step))))
			s.Call(t, "/sandbox/clock/advance", map[string]any{"seconds": 1})
			row.stands(t, "magic", step, s.Call(t, "/identity_verification/get", map[string]any{"identity_verification_id": a.Text("id")}))

			// Held by a magic input, so that no check runs before the control call comes.
			a = everyStep(t, s, fmt.Sprintf("control-%s~%s=active", row.status, step))
			id := map[string]any{"identity_verification_id": a.Text("id")}
			for range i {
				a = s.Call(t, "/sandbox/identity_verification/pass", id)
			}
			if got := a.Text("steps", string(step)); got != "active" {
				t.Fatalf("%s is %s after %d calls of pass", step, got, i)
			}
			for _, call := range row.calls {
				a = s.Call(t, "/sandbox/identity_verification/"+call, id)
			}
			row.stands(t, "control", step, a)
		}
	}
	for _, step := range idv.Steps[1:] { // the two that no row has
		a := everyStep(t, s, "rest~"+string(step)+"=waiting_for_prerequisite")
		for a.Text("status") == "active" && strings.Contains(fmt.Sprint(a.Body["steps"]), ":active") {
			a = s.Call(t, "/sandbox/identity_verification/pass", map[string]any{"identity_verification_id": a.Text("id")})
		}
		if got := a.Text("steps", string(step)); got != "waiting_for_prerequisite" || a.Text("status") != "active" {
			t.Errorf("%s is %s in a session that is %s", step, got, a.Text("status"))
		}
		a = everyStep(t, s, "rest~"+string(step)+"=not_applicable")
		if got := a.Text("steps", string(step)); got != "not_applicable" {
			t.Errorf("%s is %s", step, got)
		}
	}
	for _, status := range idv.StepStatuses {
		if !slices.Contains(covered, string(status)) && status != idv.StepWaiting && status != idv.StepNotApplicable {
			t.Errorf("the table has no row for %s", status)
		}
	}
}

// TestMagicOfAnAttempt has a step fail in the first attempt and pass in the next.
func TestMagicOfAnAttempt(t *testing.T) {
	s := servertest.Start(t)
	const who = "again~accept_tos=success~kyc_check=failed/success"
	s.Call(t, "/identity_verification/create", map[string]any{"client_user_id": who, "template_id": "idvtmp_KycSourceAAAA1", "is_shareable": true})
	for _, want := range []string{"failed", "success"} {
		s.Call(t, "/sandbox/clock/advance", map[string]any{"seconds": 1})
		list := s.Call(t, "/identity_verification/list", map[string]any{"client_user_id": who, "template_id": "idvtmp_KycSourceAAAA1"})
		newest := list.Body["identity_verifications"].([]any)[0].(map[string]any)
		if newest["status"] != want || newest["kyc_check"].(map[string]any)["status"] != want {
			t.Errorf("the newest is %v, want %s", newest["status"], want)
		}
		if want == "failed" {
			s.Call(t, "/identity_verification/retry", map[string]any{"client_user_id": who, "template_id": "idvtmp_KycSourceAAAA1", "strategy": "incomplete"})
		}
	}
	s.Refused(t, "/identity_verification/create", map[string]any{"client_user_id": "u~kyc_check=gone", "template_id": "idvtmp_KycSourceAAAA1", "is_shareable": true}, "INVALID_FIELD")
	s.Refused(t, "/identity_verification/create", map[string]any{"client_user_id": "u~kyc=failed", "template_id": "idvtmp_KycSourceAAAA1", "is_shareable": true}, "INVALID_FIELD")
}

package server_test

import (
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/server/servertest"
)

// TestSelfiesAndTheDocument: a face that is another than that on the document is a failed
// try, the person's own passes. A retry compares with both that the person has shown, and
// has nothing to compare with once they are redacted.
func TestSelfiesAndTheDocument(t *testing.T) {
	if testing.Short() {
		t.Skip("pictures are read, which other tests here do beside each other")
	}
	s := servertest.Start(t)
	const both = "idvtmp_PapersSelfie2"
	s.Call(t, "/sandbox/identity_verification/template/set", map[string]any{
		"template_id": both, "name": "Both", "documentary_verification": map[string]any{}, "selfie_check": map[string]any{"document_comparison": "match"},
	})
	half := s.Call(t, "/sandbox/link/session/complete", map[string]any{
		"link_token": verifying(t, s, "selfie", both, "US"), "inputs": map[string]any{"fields": map[string]any{"document_kind": "passport"}}, "stop_at": "SELFIE_CHECK",
	})
	first, session := half.Text("link_session_id"), half.Text("session")
	if got := handIn(t, s, first, session, "other_person"); got.Text("title") != "Take another selfie" || !strings.Contains(got.Text("remarks", "0", "text"), "comparison with the document: no_match") {
		t.Errorf("somebody else: %v", got.Body)
	}
	if got := handIn(t, s, first, session, "still"); got.Text("lead") != "You have 1 try left." {
		t.Errorf("a picture that is held before the camera: %v", got.Body)
	}
	handIn(t, s, first, session, "")
	a := s.Call(t, "/identity_verification/get", map[string]any{"identity_verification_id": first})
	if a.Text("status") != "success" || a.Text("selfie_check", "status") != "success" {
		t.Fatalf("%v", a.Body)
	}
	for i, want := range [][3]string{{"failed", "no_match", "success"}, {"failed", "no_input", "failed"}, {"success", "match", "success"}} {
		n := string(rune('0' + i))
		got := [3]string{
			a.Text("selfie_check", "selfies", n, "status"), a.Text("selfie_check", "selfies", n, "analysis", "document_comparison"),
			a.Text("selfie_check", "selfies", n, "analysis", "liveness_check"),
		}
		if got != want || a.Text("selfie_check", "selfies", n, "capture", "image_url") == "" {
			t.Errorf("selfie %d: %v, want %v", i+1, got, want)
		}
	}

	again := reauthenticated(t, s, both)
	if got := whySelfie(t, s, again); s.Call(t, "/identity_verification/get", map[string]any{"identity_verification_id": again}).Text("status") != "success" ||
		!strings.Contains(got, "with the document: match") || !strings.Contains(got, "with the earlier selfie: match") {
		t.Errorf("again: %s", got)
	}
	for _, id := range []string{first, again} {
		s.Call(t, "/sandbox/identity_verification/redact", map[string]any{"identity_verification_id": id})
	}
	last := reauthenticated(t, s, both)
	if got := whySelfie(t, s, last); got != "liveness passed; there is no document to compare with; so a person has to decide" {
		t.Errorf("after the redaction: %s", got)
	}
}

// handIn takes a test selfie, with a fault, on the pane that asks for one.
func handIn(t *testing.T, s *servertest.Server, id, session, fault string) servertest.Answer {
	t.Helper()
	pane := s.Call(t, "/sandbox/link/session/step", map[string]any{"session": session})
	var moves []string
	for _, n := range []string{"0", "1", "2", "3"} {
		moves = append(moves, pane.Text("fields", "0", "options", n, "value"))
	}
	film := s.Call(t, "/sandbox/identity_verification/specimen/create", map[string]any{"identity_verification_id": id, "category": "selfie", "moves": moves, "fault": fault})
	return s.Call(t, "/sandbox/link/session/upload", map[string]any{"session": session, "file_name": "selfie.film", "content": film.Text("files", "0", "content")})
}

// reauthenticated asks for another selfie and nothing else, and takes it.
func reauthenticated(t *testing.T, s *servertest.Server, template string) (id string) {
	t.Helper()
	again := s.Call(t, "/identity_verification/retry", map[string]any{
		"client_user_id": "selfie", "template_id": template, "strategy": "custom", "is_shareable": true,
		"steps": map[string]any{"verify_sms": false, "kyc_check": false, "documentary_verification": false, "selfie_check": true},
		"user":  map[string]any{"name": map[string]any{"given_name": "Leslie", "family_name": "Knope"}, "date_of_birth": "1975-01-18", "address": map[string]any{"country": "US"}},
	})
	opened := s.Call(t, "/sandbox/link/session/open", map[string]any{"shareable_url": again.Text("shareable_url")})
	handIn(t, s, again.Text("id"), opened.Text("session"), "")
	return again.Text("id")
}

// whySelfie is what explain says of the step.
func whySelfie(t *testing.T, s *servertest.Server, id string) string {
	t.Helper()
	out := s.Call(t, "/sandbox/identity_verification/explain", map[string]any{"identity_verification_id": id})
	for _, n := range []string{"0", "1", "2", "3", "4", "5", "6"} {
		if out.Text("steps", n, "step") == "selfie_check" {
			return out.Text("steps", n, "why")
		}
	}
	return ""
}

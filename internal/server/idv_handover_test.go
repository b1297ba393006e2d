package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/server"
	"github.com/glencheck-dev/glencheck/internal/server/servertest"
)

// step takes a step of a session of the headless driver.
func step(t *testing.T, s *servertest.Server, session, action string, more ...any) servertest.Answer {
	t.Helper()
	in := map[string]any{"session": session, "action": action}
	for i := 0; i < len(more); i += 2 {
		in[more[i].(string)] = more[i+1]
	}
	return s.Call(t, "/sandbox/link/session/step", in)
}

// atCapture is a session that asks for the picture of a passport, on a server that
// phones can reach.
func atCapture(t *testing.T, who string) (s *servertest.Server, session string) {
	t.Helper()
	s = servertest.Start(t, servertest.Config(func(c *server.Config) { c.PublicURL = "https://verify.example" }))
	s.Call(t, "/sandbox/identity_verification/template/set", map[string]any{"template_id": papersAlone, "name": "Documents", "documentary_verification": map[string]any{"name_match": true}})
	a := s.Call(t, "/sandbox/link/session/open", map[string]any{"link_token": verifying(t, s, who, papersAlone, "US")})
	session = a.Text("session")
	step(t, s, session, "submit", "fields", map[string]any{"document_kind": "passport"})
	return s, session
}

// addressOn is the address that the pane of the computer shows.
func addressOn(t *testing.T, a servertest.Answer) string {
	t.Helper()
	address := a.Text("fields", "0", "options", "0", "value")
	if !strings.HasPrefix(address, "https://verify.example/verify/idv_") {
		t.Fatalf("the pane has the address %q: %v", address, a.Body)
	}
	return address
}

// TestThePhoneDoesItsPart: a computer hands over to a phone, which takes the picture;
// the computer follows by itself, and both tell the same events.
func TestThePhoneDoesItsPart(t *testing.T) {
	s, computer := atCapture(t, "handover")
	address := addressOn(t, step(t, s, computer, "phone"))
	if a := step(t, s, computer, "look"); a.Text("fields", "0", "options", "0", "value") != address {
		t.Errorf("the code changes while it is looked at: %v", a.Body)
	}
	opened := s.Call(t, "/sandbox/link/session/open", map[string]any{"shareable_url": address})
	phone := opened.Text("session")
	if opened.Text("link_session_id") == "" || opened.Text("fields", "0", "name") != "document" {
		t.Fatalf("the phone is at %v", opened.Body)
	}
	refusedAt(t, s, address, "a second time")
	if a := step(t, s, computer, "look"); a.Text("fields", "0", "name") != "" || !strings.Contains(a.Text("lead"), "connected") {
		t.Errorf("the computer does not say that the phone is there: %v", a.Body)
	}
	seen := step(t, s, computer, "look")
	picture := inJSON(jpegOf(t, passportOf(lesliesPassport)))
	picture["session"] = phone
	done := s.Call(t, "/sandbox/link/session/upload", picture)
	if done.Text("view") != "CONNECTED" {
		t.Fatalf("the phone is at %v", done.Body)
	}
	a := s.Call(t, "/sandbox/link/session/step", map[string]any{"session": computer, "action": "look", "seen": 0})
	if got, want := toldOf(a), "OPEN OPEN_UI CREATE_SESSION START_STEP:DOCUMENTARY_VERIFICATION PASS_STEP:DOCUMENTARY_VERIFICATION PASS_SESSION"; a.Text("view") != "CONNECTED" || got != want {
		t.Errorf("the computer is at %s after %s, having told\n%s, want\n%s", a.Text("view"), seen.Text("view"), got, want)
	}
}

// TestThePhoneDoesDocumentAndSelfie: the computer waits while the phone goes from one
// to the other, and tells of each as it happens.
func TestThePhoneDoesDocumentAndSelfie(t *testing.T) {
	if testing.Short() {
		t.Skip("a document and a film are read")
	}
	s := servertest.Start(t)
	s.Call(t, "/sandbox/identity_verification/template/set", map[string]any{"template_id": papersAlone, "name": "Both", "documentary_verification": map[string]any{}, "selfie_check": map[string]any{}})
	computer := s.Call(t, "/sandbox/link/session/open", map[string]any{"link_token": verifying(t, s, "handover", papersAlone, "US")}).Text("session")
	step(t, s, computer, "submit", "fields", map[string]any{"document_kind": "passport"})
	address := step(t, s, computer, "phone").Text("fields", "0", "options", "0", "value")
	phone := s.Call(t, "/sandbox/link/session/open", map[string]any{"shareable_url": address}).Text("session")
	if a := step(t, s, phone, "specimen"); a.Text("view") != "SELFIE_CHECK" {
		t.Fatalf("the phone is at %v", a.Body)
	}
	const begun = "OPEN OPEN_UI CREATE_SESSION START_STEP:DOCUMENTARY_VERIFICATION PASS_STEP:DOCUMENTARY_VERIFICATION START_STEP:SELFIE_CHECK"
	waits := step(t, s, computer, "look", "seen", 0)
	if got := toldOf(waits); got != begun || !strings.Contains(waits.Text("lead"), "connected") {
		t.Errorf("the computer has told\n%s, want\n%s: %v", got, begun, waits.Body)
	}
	step(t, s, phone, "submit")
	if a := step(t, s, phone, "specimen"); a.Text("view") != "CONNECTED" {
		t.Fatalf("the phone is at %v", a.Body)
	}
	over := step(t, s, computer, "look", "seen", 0)
	if got := toldOf(over); over.Text("view") != "CONNECTED" || !strings.HasPrefix(got, begun+" ") || !strings.Contains(got, "_SESSION") {
		t.Errorf("the computer is at %s, having told\n%s", over.Text("view"), got)
	}
}

// TestAnAddressForThePhoneEnds: with its time, with another one, and when the person
// goes on at the computer after all.
func TestAnAddressForThePhoneEnds(t *testing.T) {
	s, computer := atCapture(t, "handover")
	first := addressOn(t, step(t, s, computer, "phone"))
	s.Clock().Advance(11 * time.Minute)
	refusedAt(t, s, first, "after its time")
	second := addressOn(t, step(t, s, computer, "look"))
	refusedAt(t, s, first, "after another one")
	if a := step(t, s, computer, "submit"); a.Text("fields", "0", "name") != "document" {
		t.Errorf("the computer is at %v", a.Body)
	}
	refusedAt(t, s, second, "after the person went on at the computer")
	third := addressOn(t, step(t, s, computer, "phone"))
	if w := page(t, s, third); w != http.StatusOK {
		t.Errorf("the page of the address: %d", w)
	}
	s.Call(t, "/sandbox/link/session/open", map[string]any{"shareable_url": third})
	if w := page(t, s, third); w != http.StatusOK { // loaded anew by who has opened it
		t.Errorf("the page once more: %d", w)
	}
	s.Clock().Advance(3 * time.Hour)
	if w := page(t, s, third); w != http.StatusNotFound {
		t.Errorf("the page after its time: %d", w)
	}
}

// refusedAt opens an address that leads nowhere any more.
func refusedAt(t *testing.T, s *servertest.Server, address, why string) {
	t.Helper()
	a := s.Call(t, "/sandbox/link/session/open", map[string]any{"shareable_url": address})
	if code := a.Text("done", "error", "error_code"); code != "INVALID_LINK_TOKEN" {
		t.Errorf("opened %s: %v", why, a.Body)
	}
}

// page asks for the page of an address of s as a browser does.
func page(t *testing.T, s *servertest.Server, address string) int {
	t.Helper()
	resp, err := http.Get(s.URL + strings.TrimPrefix(address, "https://verify.example"))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

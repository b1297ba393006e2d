package server_test

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/idv/reader/specimentest"
	"github.com/glencheck-dev/glencheck/internal/server/servertest"
)

// atFront is a session at the front of a document of a kind, with the id of its attempt.
func atFront(t *testing.T, s *servertest.Server, who, kind string) (session, id string) {
	t.Helper()
	a := s.Call(t, "/sandbox/link/session/open", map[string]any{"link_token": verifying(t, s, who, papersAlone, "US")})
	session = a.Text("session")
	s.Call(t, "/sandbox/link/session/step", map[string]any{"session": session, "fields": map[string]any{"document_kind": kind}})
	return session, a.Text("link_session_id")
}

func uploaded(session string, file []byte) map[string]any {
	in := inJSON(file)
	in["session"] = session
	return in
}

// press does an action on the pane that a session is at.
func press(t *testing.T, s *servertest.Server, session, action string) servertest.Answer {
	t.Helper()
	return s.Call(t, "/sandbox/link/session/step", map[string]any{"session": session, "action": action})
}

func verification(t *testing.T, s *servertest.Server, id string) servertest.Answer {
	t.Helper()
	return s.Call(t, "/identity_verification/get", map[string]any{"identity_verification_id": id})
}

// TestDocumentsAreTheFallback: who is not found by the data source shows a document.
func TestDocumentsAreTheFallback(t *testing.T) {
	if testing.Short() {
		t.Skip("pictures are read, which other tests here do beside each other")
	}
	s := servertest.Start(t)
	token := s.Call(t, "/link/token/create", map[string]any{
		"client_name": "App", "language": "en", "country_codes": []string{"US"}, "products": []string{"identity_verification"},
		"user": map[string]any{
			"client_user_id": "fallback", "name": map[string]any{"given_name": "April", "family_name": "Ludgate"}, "date_of_birth": "1985-06-26", "phone_number": "+12345678909",
			"address":   map[string]any{"street": "1 Elm St.", "city": "Pawnee", "region": "IN", "postal_code": "46001", "country": "US"},
			"id_number": map[string]any{"type": "us_ssn", "value": "123456780"},
		},
		"identity_verification": map[string]any{"template_id": "flwtmp_aWogUuKsL6NEHU", "gave_consent": true},
	}).Text("link_token")
	open := s.Call(t, "/sandbox/link/session/open", map[string]any{"link_token": token})
	told := toldOf(open)
	step := func(a servertest.Answer) servertest.Answer {
		t.Helper()
		told += " " + toldOf(a)
		return a
	}
	session := open.Text("session")
	a := step(s.Call(t, "/sandbox/link/session/step", map[string]any{"session": session, "fields": map[string]any{"otp": "11111"}}))
	if a.Text("view") != "DOCUMENTARY_VERIFICATION" {
		t.Fatalf("after the data source: %v", a.Body)
	}
	step(s.Call(t, "/sandbox/link/session/step", map[string]any{"session": session, "fields": map[string]any{"document_kind": "drivers_license"}}))
	step(press(t, s, session, "specimen"))
	step(press(t, s, session, "specimen"))
	step(press(t, s, session, "submit"))
	const want = "OPEN OPEN_UI CREATE_SESSION START_STEP:VERIFY_SMS PASS_STEP:VERIFY_SMS START_STEP:KYC_CHECK FAIL_STEP:KYC_CHECK " +
		"START_STEP:DOCUMENTARY_VERIFICATION PASS_STEP:DOCUMENTARY_VERIFICATION START_STEP:SCREENING PASS_STEP:SCREENING PASS_SESSION CLOSE_UI"
	if got := strings.Join(strings.Fields(told), " "); got != want {
		t.Errorf("told\n%s, want\n%s", got, want)
	}
	got := verification(t, s, open.Text("link_session_id"))
	if got.Text("status") != "success" || got.Text("documentary_verification", "documents", "0", "extracted_data", "name", "family_name") != "LUDGATE" {
		t.Errorf("%v", got.Body)
	}
}

// TestThePicturesOfADocument: they are served as what they are, and to nobody else.
func TestThePicturesOfADocument(t *testing.T) {
	if testing.Short() {
		t.Skip("reading takes its time under the race detector")
	}
	s := papers(t, map[string]any{})
	session, id := atFront(t, s, "pictures", "passport")
	file := jpegOf(t, passportOf(lesliesPassport))
	s.Call(t, "/sandbox/link/session/upload", uploaded(session, file))
	images := func() map[string]any {
		return verification(t, s, id).Body["documentary_verification"].(map[string]any)["documents"].([]any)[0].(map[string]any)["images"].(map[string]any)
	}
	fetch := func(address any) (*http.Response, []byte) {
		t.Helper()
		r, err := s.Client.Get(strings.Replace(address.(string), "http://localhost:8484", s.URL, 1))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r, body
	}
	first := images()
	r, body := fetch(first["original_front"])
	if r.StatusCode != http.StatusOK || !bytes.Equal(body, file) {
		t.Fatalf("%d, %d bytes", r.StatusCode, len(body))
	}
	for name, want := range map[string]string{
		"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "cross-origin",
		"X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
		"Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
	} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for name, at := range map[string]image.Point{"cropped_front": {900, 600}, "face": {400, 400}} {
		r, body := fetch(first[name])
		m, err := jpeg.Decode(bytes.NewReader(body))
		if err != nil || r.Header.Get("Content-Type") != "image/jpeg" {
			t.Fatalf("%s: %v %v", name, err, r.Header)
		}
		if size := m.Bounds().Size(); size.X < at.X/2 || size.X > at.X || size.Y < at.Y/2 || size.Y > at.Y*2 {
			t.Errorf("%s is %v", name, size)
		}
	}
	refused := func(what string, address any, status int, words string) {
		t.Helper()
		if r, body := fetch(address); r.StatusCode != status || !strings.Contains(string(body), words) || r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %s", what, r.StatusCode, body)
		}
	}
	refused("a changed address", strings.Replace(first["original_front"].(string), "original_front", "original_back", 1), http.StatusBadRequest, "is not one that this server has made")
	s.Call(t, "/sandbox/clock/advance", map[string]any{"seconds": 60})
	refused("a late one", first["original_front"], http.StatusBadRequest, "good for 60 seconds")
	second := images()
	if r, _ := fetch(second["original_front"]); r.StatusCode != http.StatusOK || second["original_front"] == first["original_front"] {
		t.Errorf("a new one: %d", r.StatusCode)
	}
	s.Call(t, "/sandbox/identity_verification/redact", map[string]any{"identity_verification_id": id})
	refused("after the redaction", second["original_front"], http.StatusNotFound, "no longer kept")
	redacted := verification(t, s, id)
	if images()["original_front"] != nil || images()["face"] != nil || redacted.Text("documentary_verification", "documents", "0", "redacted_at") == "" {
		t.Errorf("after the redaction: %v", redacted.Body["documentary_verification"])
	}
	if text := fmt.Sprint(redacted.Body); strings.Contains(text, "KNOPE") || strings.Contains(text, "L898902C3") {
		t.Errorf("after the redaction: %s", text)
	}
}

// TestTwoTabsOfOneDocument: what one tab has handed in the other one sees, and does not
// hand in again. A person who goes back takes a side anew, or another document.
func TestTwoTabsOfOneDocument(t *testing.T) {
	if testing.Short() {
		t.Skip("reading takes its time under the race detector")
	}
	s := papers(t, map[string]any{})
	token := verifying(t, s, "tabs", papersAlone, "US")
	one := s.Call(t, "/sandbox/link/session/open", map[string]any{"link_token": token})
	s.Call(t, "/sandbox/link/session/step", map[string]any{"session": one.Text("session"), "fields": map[string]any{"document_kind": "drivers_license"}})
	two := s.Call(t, "/sandbox/link/session/open", map[string]any{"link_token": token}).Text("session")
	first, id := one.Text("session"), one.Text("link_session_id")
	title := func(a servertest.Answer) string { return a.Text("title") }
	if got := title(press(t, s, first, "specimen")); got != "Back of your ID" {
		t.Fatalf("the first tab is at %q", got)
	}
	if got := title(press(t, s, two, "specimen")); got != "Back of your ID" {
		t.Errorf("the second tab is at %q", got)
	}
	if got := title(press(t, s, two, "back")); got != "Front of your ID" {
		t.Errorf("the way back leads to %q", got)
	}
	if got := title(press(t, s, two, "specimen")); got != "Back of your ID" {
		t.Errorf("the front once more leads to %q", got)
	}
	press(t, s, first, "specimen") // the back of a front that it has not seen: nothing is done
	if got := verification(t, s, id).Text("steps", "documentary_verification"); got != "active" {
		t.Fatalf("the step is %s", got)
	}
	press(t, s, two, "back")
	press(t, s, two, "back")
	if got := title(s.Call(t, "/sandbox/link/session/step", map[string]any{"session": two, "fields": map[string]any{"document_kind": "passport"}})); got != "Photo page of your passport" {
		t.Errorf("another kind leads to %q", got)
	}
	press(t, s, two, "specimen")
	got := verification(t, s, id)
	if n := len(got.Body["documentary_verification"].(map[string]any)["documents"].([]any)); n != 1 || got.Text("steps", "documentary_verification") != "success" {
		t.Errorf("%d documents, %s", n, got.Text("steps", "documentary_verification"))
	}
	if a := press(t, s, first, "specimen"); a.Text("view") != "CONNECTED" {
		t.Errorf("the first tab is at %v", a.Body)
	}
}

// TestControlsOfADocument: who is let pass, or not, has what was handed in and no more.
func TestControlsOfADocument(t *testing.T) {
	if testing.Short() {
		t.Skip("reading takes its time under the race detector")
	}
	s := papers(t, map[string]any{"categories": []string{"id_card", "drivers_license"}})
	for call, want := range map[string]string{"pass": "success success", "fail": "failed failed", "review": "pending_review ", "review approve": "manually_approved manually_approved success", "fail reject": "manually_rejected failed failed"} {
		session, id := atFront(t, s, "control-"+call, "drivers_license")
		press(t, s, session, "specimen")
		for _, verb := range strings.Fields(call) {
			s.Call(t, "/sandbox/identity_verification/"+verb, map[string]any{"identity_verification_id": id, "step": "documentary_verification"})
		}
		got := verification(t, s, id)
		d := func(path ...string) string {
			return got.Text(append([]string{"documentary_verification", "documents", "0"}, path...)...)
		}
		if text := strings.TrimRight(got.Text("steps", "documentary_verification")+" "+d("status")+" "+d("analysis", "human_review", "status"), " "); text != strings.TrimRight(want, " ") {
			t.Errorf("%s: %s, want %s", call, text, want)
		}
		if d("status") != "" && (d("images", "original_front") == "" || d("images", "original_back") != "" || d("analysis", "authenticity") != "no_data") {
			t.Errorf("%s: %v", call, got.Body["documentary_verification"])
		}
	}
	bare := s.Call(t, "/identity_verification/create", map[string]any{"client_user_id": "magic~documentary_verification=success", "template_id": papersAlone, "is_shareable": false, "gave_consent": true})
	s.Call(t, "/sandbox/clock/advance", map[string]any{"seconds": 1})
	if got := verification(t, s, bare.Text("id")); fmt.Sprint(got.Body["documentary_verification"]) != "map[documents:[] status:success]" {
		t.Errorf("nothing was handed in: %v", got.Body["documentary_verification"])
	}
}

// TestFilesThatAreNoPictures are refused in the person's words; nothing of them is kept
// or logged.
func TestFilesThatAreNoPictures(t *testing.T) {
	if testing.Short() {
		t.Skip("pictures are read, which other tests here do beside each other")
	}
	var log bytes.Buffer
	s, err := servertest.Open(servertest.Log(&log))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Stop() })
	s.Call(t, "/sandbox/identity_verification/template/set", map[string]any{"template_id": papersAlone, "name": "Documents", "documentary_verification": map[string]any{}})
	session, id := atFront(t, s, "refused", "drivers_license")
	const planted = "planted-4711"
	small := jpegOf(t, specimentest.Page([]string{strings.Repeat("<", 30), "", ""}, 2))
	good := jpegOf(t, onTable(specimentest.Page([]string{strings.Repeat(" ", 40)}, 15)))
	bomb := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xff\xff\x00\x00\xff\xff\x08\x02\x00\x00\x00" + planted)
	gif := []byte("GIF89a" + planted)
	for what, c := range map[string]struct {
		file  []byte
		words string
	}{
		"nothing":            {nil, "This file is empty."},
		"too large":          {append(bytes.Clone(good), make([]byte, 10<<20+1-len(good))...), "This file is larger than 10 MB."},
		"a zip bomb":         {[]byte("PK\x03\x04" + planted), "This is not a JPEG or PNG picture."},
		"a drawing":          {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>` + planted + `</script></svg>`), "This is not a JPEG or PNG picture."},
		"a PDF with scripts": {[]byte("%PDF-1.7\n1 0 obj << /OpenAction << /S /JavaScript /JS (" + planted + ") >> >>"), "This is not a JPEG or PNG picture."},
		"a GIF":              {gif, "This is not a JPEG or PNG picture."},
		"a polyglot":         {append(bytes.Clone(good), "PK\x03\x04"+planted...), "There is another file inside this picture. Take a new one."},
		"too few pixels":     {small, "This picture is too small to be read. Take it again from closer up."},
		"cut short":          {good[:len(good)/2], "This picture is damaged. Take a new one."},
		"a huge picture":     {bomb, ""},
	} {
		a := s.Call(t, "/sandbox/link/session/upload", uploaded(session, c.file))
		got := a.Text("fields", "0", "error")
		if a.Text("title") != "Front of your ID" || got == "" || c.words != "" && got != c.words {
			t.Errorf("%s: %q on %q", what, got, a.Text("title"))
		}
	}
	if a := s.Call(t, "/sandbox/link/session/upload", uploaded(session, good)); a.Text("title") != "Back of your ID" {
		t.Fatalf("a good one: %v", a.Body)
	}
	if a := s.Call(t, "/sandbox/link/session/upload", uploaded(session, good)); a.Text("fields", "0", "error") != "This is the same picture as the front. Turn your ID over." {
		t.Errorf("the same for both sides: %v", a.Body["fields"])
	}
	s.Call(t, "/sandbox/identity_verification/fail", map[string]any{"identity_verification_id": id})
	got := verification(t, s, id)
	if n := strings.Count(fmt.Sprint(got.Body["documentary_verification"]), "original_front:http"); n != 1 || got.Text("documentary_verification", "documents", "1", "status") != "" {
		t.Errorf("kept: %v", got.Body["documentary_verification"])
	}
	s.Refused(t, "/sandbox/link/session/step", map[string]any{"session": atTheFront(t, s, "no-file"), "action": "upload"}, "INVALID_FIELD")
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(log.String(), planted) || strings.Contains(log.String(), "polyglot") {
		t.Errorf("logged: %s", log.String())
	}
}

func atTheFront(t *testing.T, s *servertest.Server, who string) string {
	t.Helper()
	session, _ := atFront(t, s, who, "drivers_license")
	return session
}

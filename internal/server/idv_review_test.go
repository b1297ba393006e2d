package server_test

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/server/servertest"
)

// seen is what a browser gets of an address.
func seen(t *testing.T, s *servertest.Server, path string) (*http.Response, string) {
	t.Helper()
	resp, err := s.Client.Get(s.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

// TestDocumentsBeforeTheEyes: a person who decides sees the pictures, what was read of
// them beside what was said, and why the machine could not decide. Nobody else sees them,
// and nobody after a redaction.
func TestDocumentsBeforeTheEyes(t *testing.T) {
	if testing.Short() {
		t.Skip("pictures are read, which other tests here do beside each other")
	}
	s := papers(t, strictPapers)
	id := s.Call(t, "/sandbox/link/session/complete", map[string]any{
		"link_token": verifying(t, s, "to-review", papersAlone, "US"), "inputs": map[string]any{"document_fault": "screen", "fields": map[string]any{"document_kind": "passport"}},
	}).Text("link_session_id")
	path := "/dashboard/identity/" + id
	_, page := seen(t, s, path)
	for _, want := range []string{"Document 1", "US passport", "A person decides", "What was measured", "threshold", "Decide: Document"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, "&lt;no value&gt;") || strings.Contains(page, " style=") {
		t.Error("the page has what it must not have")
	}
	if _, queue := seen(t, s, "/dashboard/identity"); !strings.Contains(queue, "Document: ") {
		t.Error("the queue does not say why")
	}
	pictures := regexp.MustCompile(`/dashboard/identity/idv_\w+/picture/[\w/-]+`).FindAllString(page, -1)
	if len(pictures) < 2 { // the side, and the whole of it
		t.Fatalf("pictures %v", pictures)
	}
	pictures = append(pictures, path+"/picture/documents/1/face")
	for _, at := range pictures {
		resp, data := seen(t, s, at)
		h := resp.Header
		if resp.StatusCode != http.StatusOK || h.Get("Content-Type") != "image/jpeg" || http.DetectContentType([]byte(data)) != "image/jpeg" {
			t.Errorf("%s: %d %v", at, resp.StatusCode, h)
		}
		if h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s may be kept, or run: %v", at, h)
		}
	}
	for _, name := range []string{"documents/0/front", "documents/9/front", "documents/1/side", "documents/1/front/x", "selfie/1/front", "x", "documents/1/front-cropped-cropped", "../../keys"} {
		if resp, _ := seen(t, s, path+"/picture/"+name); resp.StatusCode != http.StatusNotFound && !strings.HasSuffix(name, "keys") {
			t.Errorf("%s: %d", name, resp.StatusCode)
		}
	}
	other := s.Call(t, "/identity_verification/create", map[string]any{"client_user_id": "other", "template_id": "idvtmp_KycSourceAAAA1", "gave_consent": true, "is_shareable": false}).Text("id")
	if resp, _ := seen(t, s, "/dashboard/identity/"+other+"/picture/documents/1/front"); resp.StatusCode != http.StatusNotFound {
		t.Error("the picture of an attempt without any:", resp.StatusCode)
	}
	s.Call(t, "/sandbox/identity_verification/redact", map[string]any{"identity_verification_id": id})
	for _, at := range pictures {
		if resp, _ := seen(t, s, at); resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s after the redaction: %d", at, resp.StatusCode)
		}
	}
	if _, page := seen(t, s, path); strings.Contains(page, "<img") || !strings.Contains(page, "were removed on") {
		t.Error("the page of a redacted attempt has pictures")
	}
}

// TestSelfiesBeforeTheEyes: the selfie stands beside the face on the document, with a few
// pictures of its film.
func TestSelfiesBeforeTheEyes(t *testing.T) {
	if testing.Short() {
		t.Skip("pictures are read, which other tests here do beside each other")
	}
	s := servertest.Start(t)
	const both = "idvtmp_PapersSelfie1"
	s.Call(t, "/sandbox/identity_verification/template/set", map[string]any{"template_id": both, "name": "Both", "documentary_verification": map[string]any{}, "selfie_check": map[string]any{}})
	id := s.Call(t, "/sandbox/link/session/complete", map[string]any{
		"link_token": verifying(t, s, "selfie", both, "US"), "inputs": map[string]any{"fields": map[string]any{"document_kind": "passport"}},
	}).Text("link_session_id")
	path := "/dashboard/identity/" + id
	_, page := seen(t, s, path)
	for _, want := range []string{"Selfie 1", "Liveness: a face followed all", "Compared with the document: likeness", path + "/picture/documents/1/face", path + "/picture/selfie/1/best", path + "/picture/selfie/1/6"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for name, want := range map[string]int{"best": 200, "1": 200, "6": 200, "0": 404, "7": 404, "-1": 404, "film": 404} {
		resp, data := seen(t, s, path+"/picture/selfie/1/"+name)
		if resp.StatusCode != want || want == 200 && (resp.Header.Get("Cache-Control") != "no-store" || http.DetectContentType([]byte(data)) != "image/jpeg") {
			t.Errorf("%s: %d %v", name, resp.StatusCode, resp.Header)
		}
	}
	s.Call(t, "/sandbox/identity_verification/redact", map[string]any{"identity_verification_id": id})
	if resp, _ := seen(t, s, path+"/picture/selfie/1/best"); resp.StatusCode != http.StatusNotFound {
		t.Error("the film of a redacted attempt:", resp.StatusCode)
	}
	if _, page := seen(t, s, path); strings.Contains(page, "<img") || !strings.Contains(page, "Its pictures were removed.") {
		t.Error("the page of a redacted attempt has pictures")
	}
}

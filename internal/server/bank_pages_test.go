package server_test

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/server/servertest"
)

// TestBankPages: the simulated bank's own pages are served, and the log knows
// their paths and nothing that came with a request.
func TestBankPages(t *testing.T) {
	var log bytes.Buffer
	s, err := servertest.Open(servertest.Log(&log))
	if err != nil {
		t.Fatal(err)
	}
	q := url.Values{
		"response_type": {"code"}, "client_id": {"glencheck"}, "redirect_uri": {"http://localhost:8484/link/oauth"}, "state": {"planted-4711"},
		"code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"},
	}
	for address, want := range map[string]int{
		"/bank/ins_127287/authorize?" + q.Encode(): http.StatusOK,
		"/bank/planted-4711/authorize":             http.StatusNotFound,
		"/bank/planted-4711":                       http.StatusNotFound,
		"/bank/assets/bank.css?v=planted-4711":     http.StatusOK,
	} {
		if status, body := get(t, s.URL+address); status != want {
			t.Errorf("%s: %d %s", address, status, body)
		}
	}
	resp, err := s.Client.PostForm(s.URL+"/bank/oauth/token", url.Values{"code": {"planted-4711"}})
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusBadRequest {
		t.Errorf("token endpoint: %d", resp.StatusCode)
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if text := log.String(); strings.Contains(text, "planted-4711") || !strings.Contains(text, "/bank/{institution}/authorize") {
		t.Errorf("the log: %s", text)
	}
}

// TestLinkAtAnOAuthInstitution: as long as Link does not open the bank's pages it
// says so, wherever the app wants people to come back.
func TestLinkAtAnOAuthInstitution(t *testing.T) {
	s := servertest.Start(t)
	for _, redirect := range []string{"", "https://domainname.com/oauth-page.html", "http://localhost:8484/oauth"} {
		token := map[string]any{
			"user": map[string]any{"client_user_id": "user-id"}, "client_name": "Wonderwallet", "products": []string{"auth"},
			"language": "en", "country_codes": []string{"US"},
		}
		if redirect != "" {
			token["redirect_uri"] = redirect
		}
		a := s.Call(t, "/sandbox/link/session/open", map[string]any{"link_token": s.Call(t, "/link/token/create", token).Text("link_token")})
		session := a.Text("session")
		for _, step := range []map[string]any{{"action": "submit"}, {"action": "pick", "value": "ins_127287"}} {
			step["session"] = session
			a = s.Call(t, "/sandbox/link/session/step", step)
		}
		if a.Text("view") != "ERROR" || a.Text("exit_status") != "requires_oauth" {
			t.Errorf("redirect_uri %q: %v", redirect, a.Body)
		}
		a = s.Call(t, "/sandbox/link/session/exit", map[string]any{"session": session, "force": true})
		if got := a.Text("done", "error", "error_code"); got != "INSTITUTION_NOT_AVAILABLE" {
			t.Errorf("redirect_uri %q: %v", redirect, a.Body)
		}
	}
}

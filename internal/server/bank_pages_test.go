package server_test

import (
	"bytes"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
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

// TestLinkAtAnOAuthInstitution goes to the bank's pages as a browser without
// scripts would, and comes back from them to Link.
func TestLinkAtAnOAuthInstitution(t *testing.T) {
	s := servertest.Start(t)
	a := s.Call(t, "/sandbox/link/session/open", map[string]any{"link_token": s.Call(t, "/link/token/create", map[string]any{
		"user": map[string]any{"client_user_id": "user-id"}, "client_name": "Wonderwallet", "products": []string{"auth"},
		"language": "en", "country_codes": []string{"US"},
	}).Text("link_token")})
	session := a.Text("session")
	for _, step := range []map[string]any{{"action": "submit"}, {"action": "pick", "value": "ins_127287"}, {"action": "submit"}} {
		step["session"] = session
		a = s.Call(t, "/sandbox/link/session/step", step)
	}
	if a.Text("view") != "OAUTH" || a.Text("exit_status") != "requires_oauth" {
		t.Fatalf("%v", a.Body)
	}
	back := consented(t, s, a.Text("oauth", "url"))
	if status, body := get(t, back); status != http.StatusOK || !strings.Contains(body, "Go back to Wonderwallet") {
		t.Fatalf("the return page: %d %s", status, body)
	}
	a = s.Call(t, "/sandbox/link/session/step", map[string]any{"session": session, "action": "look"})
	if a.Text("view") != "CONNECTED" {
		t.Fatalf("%v", a.Body)
	}
	a = s.Call(t, "/sandbox/link/session/step", map[string]any{"session": session})
	exchanged := s.Call(t, "/item/public_token/exchange", map[string]any{"public_token": a.Text("done", "public_token")})
	numbers := s.Call(t, "/auth/get", map[string]any{"access_token": exchanged.Text("access_token")})
	if got := numbers.Text("item", "institution_id"); got != "ins_127287" {
		t.Errorf("%v", numbers.Body)
	}
}

var hidden = regexp.MustCompile(`name="(request|handle)" value="([^"]+)"`)

// consented walks the bank's pages and answers where the bank sends the person
// back to.
func consented(t *testing.T, s *servertest.Server, address string) string {
	t.Helper()
	here := func(address string) string { return strings.Replace(address, "http://localhost:8484", s.URL, 1) }
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	_, page := get(t, here(address))
	at := strings.TrimSuffix(strings.Split(here(address), "?")[0], "authorize")
	form := func(action string, values url.Values) *http.Response {
		found := hidden.FindStringSubmatch(page)
		if found == nil {
			t.Fatalf("no form on %s", page)
		}
		values.Set(found[1], html.UnescapeString(found[2]))
		resp, err := client.PostForm(at+action, values)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		page = string(body)
		return resp
	}
	form("sign-in", url.Values{"username": {"user_good"}, "password": {"pass_good"}})
	account := regexp.MustCompile(`name="account" value="([^"]+)"`).FindStringSubmatch(page)
	if account == nil {
		t.Fatalf("no accounts on %s", page)
	}
	resp := form("accounts", url.Values{"account": {account[1]}, "decision": {"allow"}})
	return here(resp.Header.Get("Location"))
}

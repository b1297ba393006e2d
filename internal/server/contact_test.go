package server_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/contact"
	"github.com/glencheck-dev/glencheck/internal/server"
	"github.com/glencheck-dev/glencheck/internal/server/servertest"
)

// graphAnswer is what the contacts' API says.
type graphAnswer struct {
	Status int
	Data   map[string]json.RawMessage
	Errors []struct {
		Message    string
		Extensions m
	}
}

func postGraph(t *testing.T, s *servertest.Server, address, key, body string) (a graphAnswer) {
	t.Helper()
	req, err := http.NewRequest("POST", address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+key)
	resp, err := s.Client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	a.Status = resp.StatusCode
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
		t.Fatal(err)
	}
	return a
}

// TestContactsAreServed at both addresses, and come back as they were after a reset.
func TestContactsAreServed(t *testing.T) {
	onEach(t, func(t *testing.T, s *servertest.Server) {
		const orgs = `{"query": "{ orgs { edges { node { id createdAt } } } apiKeys { edges { node { id } } } }"}`
		first := postGraph(t, s, s.URL+"/graphql", contact.SandboxKey, orgs)
		if first.Status != 200 || !strings.Contains(string(first.Data["orgs"]), contact.SandboxOrg) {
			t.Fatalf("%+v", first)
		}
		create := `{"query": "mutation { createContact(input: {orgId: \"` + contact.SandboxOrg + `\", name: \"Leslie\"}) { id } }"}`
		postGraph(t, s, s.URL+"/graphql", contact.SandboxKey, create)
		s.Call(t, "/sandbox/state/reset", m{})
		again := postGraph(t, s, s.URL+"/graphql", contact.SandboxKey, orgs)
		if string(again.Data["orgs"]) != string(first.Data["orgs"]) || string(again.Data["apiKeys"]) != string(first.Data["apiKeys"]) {
			t.Errorf("after a reset: %s %s, before: %s %s", again.Data["orgs"], again.Data["apiKeys"], first.Data["orgs"], first.Data["apiKeys"])
		}
		if a := postGraph(t, s, s.URL+"/graphql", contact.SandboxKey, `{"query": "{ contacts(input: {orgId: \"`+contact.SandboxOrg+`\"}) { edges { cursor } } }"}`); string(a.Data["contacts"]) != `{"edges":[]}` {
			t.Errorf("%+v", a)
		}
	})
}

// TestTheGraphListener has the API at its root, and nothing else.
func TestTheGraphListener(t *testing.T) {
	const own = "0123456789abcdefghijklmnopqrstuv"
	s := servertest.Start(t, servertest.Config(func(c *server.Config) { c.GraphAddr, c.GraphKey, c.Secret = "127.0.0.1:0", own, "mine" }))
	address := "http://" + s.GraphAddr()
	const ask = `{"query": "{ orgs { edges { node { id } } } }"}`
	for _, path := range []string{"/", "/graphql"} {
		if a := postGraph(t, s, address+path, own, ask); a.Status != 200 || len(a.Errors) > 0 {
			t.Errorf("%s: %+v", path, a)
		}
	}
	if a := postGraph(t, s, address, contact.SandboxKey, ask); a.Status != 401 || a.Errors[0].Extensions["code"] != "UNAUTHENTICATED" {
		t.Errorf("the published key beside a secret of one's own: %+v", a)
	}
	resp, err := s.Client.Get(address + "/link/v2/stable/link-initialize.js")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 404 {
		t.Errorf("the listener serves more: %d", resp.StatusCode)
	}
}

// seedCurl is the command of seed 002, word by word; the address and the key are the
// only things that differ from machine to machine.
const seedCurl = `curl -X POST https://GRAPH_URL \
-H "Content-Type: application/json" \
-H "Authorization: Bearer YOUR_API_KEY" \
-d '{
"query": "mutation ContactCreateIdvSession($input: ContactCreateIdvSession!) { contactCreateIdvSession(input: $input) { token expiresAt } }",
"variables": {
"input": {
"orgId": "35dHMM4pFzIykUsys1CDyZ9Xtkz"
}
}
}'`

// graphToken is the token that an answer to the seed's mutation has.
func graphToken(t *testing.T, raw []byte) string {
	t.Helper()
	var a struct {
		Data struct {
			Session struct{ Token, ExpiresAt string } `json:"contactCreateIdvSession"`
		}
	}
	if err := json.Unmarshal(raw, &a); err != nil || !strings.HasPrefix(a.Data.Session.Token, "link-sandbox-") {
		t.Fatalf("%v: %s", err, raw)
	}
	if a.Data.Session.ExpiresAt != "2026-01-05T09:30:00.000Z" {
		t.Errorf("it expires at %s", a.Data.Session.ExpiresAt)
	}
	return a.Data.Session.Token
}

// TestTheSeedsCommand opens a session as the seed does, in which a person is verified
// without anybody's page: the contact is there when they are done.
func TestTheSeedsCommand(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed")
	}
	s := servertest.Start(t, servertest.Config(func(c *server.Config) { c.GraphAddr = "127.0.0.1:0" }))
	command := strings.NewReplacer("https://GRAPH_URL", "http://"+s.GraphAddr(), "YOUR_API_KEY", contact.SandboxKey).Replace(seedCurl)
	session := func(command string) string {
		t.Helper()
		cmd := exec.Command("bash", "-c", command)
		cmd.Env = append(os.Environ(), "no_proxy=127.0.0.1", "NO_PROXY=127.0.0.1")
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		return graphToken(t, out)
	}
	people := func() string {
		t.Helper()
		a := postGraph(t, s, "http://"+s.GraphAddr(), contact.SandboxKey, `{"query": "{ contacts(input: {orgId: \"`+contact.SandboxOrg+`\"}) { edges { node { id name phone identity { status attempts } } } } }"}`)
		return string(a.Data["contacts"])
	}
	verify := func(token, last string) m {
		t.Helper()
		return m{"link_token": token, "steps": []m{
			{"view": "ACCEPT_TOS"}, {"view": "VERIFY_SMS", "fields": m{"phone_country": "US", "phone": "(234) 567-8909"}}, {"view": "VERIFY_SMS", "fields": m{"otp": "11111"}},
			{"view": "KYC_CHECK", "fields": m{"country": "US"}}, {"view": "KYC_CHECK", "fields": m{"given_name": "Leslie", "family_name": last}},
			{"view": "KYC_CHECK", "fields": m{"street": "123 Main St.", "city": "Pawnee", "region": "IN", "postal_code": "46001"}},
			{"view": "KYC_CHECK", "fields": m{"date_of_birth": "1975-01-18"}}, {"view": "KYC_CHECK", "fields": m{"value": "123-45-6789"}},
		}}
	}
	token := session(command)
	// The person closes the page when the last step is done: nobody has seen the end.
	s.Call(t, "/sandbox/link/session/complete", verify(token, "Knope"))
	if got := people(); !strings.Contains(got, `"name":"Leslie Knope","phone":"+12345678909","identity":{"status":"`) || strings.Contains(got, "UNVERIFIED") || strings.Count(got, `"id"`) != 1 {
		t.Errorf("%s", got)
	}
	opened := s.Call(t, "/sandbox/link/session/open", m{"link_token": token})
	if raw, _ := json.Marshal(opened.Body); !strings.Contains(string(raw), "INVALID_LINK_TOKEN") {
		t.Errorf("a second use opens Link: %s", raw)
	}
	late := session(command)
	s.Call(t, "/sandbox/clock/advance", m{"minutes": 31})
	if raw, _ := json.Marshal(s.Call(t, "/sandbox/link/session/open", m{"link_token": late}).Body); !strings.Contains(string(raw), "INVALID_LINK_TOKEN") {
		t.Errorf("a token opens Link after its time: %s", raw)
	}
}

// TestTheElementIsServed to pages of any origin, with the addresses of its
// environments; the live demo is of a sandbox on this machine alone.
func TestTheElementIsServed(t *testing.T) {
	s := servertest.Start(t, servertest.Config(func(c *server.Config) { c.ContactStage = "https://stage.example.org/" }))
	get := func(path string) (string, *http.Response) {
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
		return string(body), resp
	}
	script, resp := get("/contact.iife.js")
	if !strings.Contains(script, `"http://localhost:8484"`) || !strings.Contains(script, `"https://stage.example.org"`) || strings.Contains(script, "__GLENCHECK_CONTACT") {
		t.Errorf("the addresses are not in it: %s", script)
	}
	if resp.Header.Get("Access-Control-Allow-Origin") != "*" || resp.Header.Get("Content-Type") != "text/javascript; charset=utf-8" || resp.Header.Get("ETag") == "" {
		t.Errorf("%v", resp.Header)
	}
	for path, says := range map[string]string{"/contact.d.ts": `"contact-identity-complete"`, "/contact.react.d.ts": "IntrinsicElements", "/contact.vue.d.ts": "GlobalComponents"} {
		if types, _ := get(path); !strings.Contains(types, says) {
			t.Errorf("%s: %s", path, types)
		}
	}
	if page, resp := get("/demo/contact"); !strings.Contains(page, "<contact-idv-session") || strings.Contains(resp.Header.Get("Content-Security-Policy"), "unsafe") {
		t.Errorf("%d %s", resp.StatusCode, page)
	}
	open := servertest.Start(t, servertest.Config(func(c *server.Config) { c.Addr, c.Secret = ":0", "mine" }))
	if resp, err := open.Client.Get(open.URL + "/demo/contact"); err != nil || resp.StatusCode != 404 {
		t.Errorf("a server that others reach shows the demo: %v", err)
	}
}

// TestMagicContacts come to every end that a verification can have, without a lever and
// without knowing what the sandbox's data source knows.
func TestMagicContacts(t *testing.T) {
	s := servertest.Start(t)
	ask := func(body m) graphAnswer {
		t.Helper()
		raw, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		return postGraph(t, s, s.URL+"/graphql", contact.SandboxKey, string(raw))
	}
	open := func(template string) graphAnswer {
		t.Helper()
		return ask(m{"query": "mutation ($in: ContactCreateIdvSession!) { contactCreateIdvSession(input: $in) { id token } }", "variables": m{"in": m{"orgId": contact.SandboxOrg, "templateId": template}}})
	}
	for asked, want := range map[string]string{
		"~kyc_check=success~watchlist_screening=success": "VERIFIED", "~watchlist_screening=pending_review~kyc_check=success": "PENDING_REVIEW",
		"~kyc_check=failed~documentary_verification=failed": "FAILED", "~kyc_check=expired": "EXPIRED", "~kyc_check=canceled": "CANCELED",
	} {
		a := open("flwtmp_aWogUuKsL6NEHU" + asked)
		var made struct{ ID, Token string }
		if err := json.Unmarshal(a.Data["contactCreateIdvSession"], &made); err != nil || made.ID == "" {
			t.Fatalf("%s: %+v", asked, a)
		}
		s.Call(t, "/sandbox/link/session/complete", m{"link_token": made.Token, "steps": []m{
			{"view": "ACCEPT_TOS"}, {"view": "VERIFY_SMS", "fields": m{"phone_country": "US", "phone": "(234) 567-8909"}}, {"view": "VERIFY_SMS", "fields": m{"otp": "11111"}},
		}})
		a = ask(m{"query": "query ($org: ID!, $id: ID!) { contactIdvSession(orgId: $org, id: $id) { status contactId templateId } }", "variables": m{"org": contact.SandboxOrg, "id": made.ID}})
		var got struct{ Status, ContactID, TemplateID string }
		if err := json.Unmarshal(a.Data["contactIdvSession"], &got); err != nil || got.Status != want || got.TemplateID != "flwtmp_aWogUuKsL6NEHU" || (got.ContactID != "") != (want == "VERIFIED" || want == "PENDING_REVIEW") {
			t.Errorf("%s: %s, want %s", asked, a.Data["contactIdvSession"], want)
		}
	}
	for _, bad := range []string{"flwtmp_aWogUuKsL6NEHU~", "flwtmp_aWogUuKsL6NEHU~kyc_check", "flwtmp_aWogUuKsL6NEHU~kyc_check=gone", "flwtmp_aWogUuKsL6NEHU~kyc_check=failed~", "nobody~kyc_check=failed", "~kyc_check=failed"} {
		if a := open(bad); len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "BAD_USER_INPUT" {
			t.Errorf("%s: %+v", bad, a)
		}
	}
}

// TestGraphOperations lets the operations of a manifest be run, and no others; a manifest
// that is none is said at the start.
func TestGraphOperations(t *testing.T) {
	file := filepath.Join(t.TempDir(), "operations.json")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`{"operations": [{"id": "orgs", "body": "{ orgs { edges { node { id } } } }"}]}`)
	s := servertest.Start(t, servertest.Config(func(c *server.Config) { c.GraphOperations = file }))
	if a := postGraph(t, s, s.URL+"/graphql", contact.SandboxKey, `{"extensions": {"persistedQuery": {"sha256Hash": "orgs"}}}`); !strings.Contains(string(a.Data["orgs"]), contact.SandboxOrg) {
		t.Errorf("%+v", a)
	}
	if a := postGraph(t, s, s.URL+"/graphql", contact.SandboxKey, `{"query": "{ orgs { edges { cursor } } }"}`); len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "OPERATION_NOT_LISTED" {
		t.Errorf("%+v", a)
	}
	write("{}")
	if _, err := server.New(t.Context(), server.Config{Addr: "127.0.0.1:0", DB: ":memory:", GraphOperations: file}); err == nil || !strings.Contains(err.Error(), "--graph-operations") {
		t.Errorf("%v", err)
	}
}

package server_test

import (
	"encoding/json"
	"net/http"
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

package server_test

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/contact"
	"github.com/glencheck-dev/glencheck/internal/server"
	"github.com/glencheck-dev/glencheck/internal/server/servertest"
)

var (
	readyOperation = regexp.MustCompile(`data-query="([^"]*)" data-variables="([^"]*)">([^<]*)<`)
	anyID          = regexp.MustCompile(`"([A-Z]+_ID)"`)
)

// TestTheExplorersOperations are all answered by a fresh sandbox, each with what those
// before it have shown.
func TestTheExplorersOperations(t *testing.T) {
	s := servertest.Start(t)
	resp, err := s.Client.Get(s.URL + "/docs/graphql")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	ready := readyOperation.FindAllStringSubmatch(string(page), -1)
	if len(ready) < 10 {
		t.Fatalf("%d operations on %s", len(ready), page)
	}
	seen := map[string]string{}
	for _, o := range ready {
		query, variables, title := html.UnescapeString(o[1]), html.UnescapeString(o[2]), html.UnescapeString(o[3])
		variables = anyID.ReplaceAllStringFunc(variables, func(name string) string {
			id := seen[strings.Trim(name, `"`)]
			if id == "" {
				t.Errorf("%s: nothing before it shows %s", title, name)
			}
			return `"` + id + `"`
		})
		if variables == "" {
			variables = "{}"
		}
		body, err := json.Marshal(m{"query": query, "variables": json.RawMessage(variables)})
		if err != nil {
			t.Fatalf("%s: %v", title, err)
		}
		a := postGraph(t, s, s.URL+"/graphql", contact.SandboxKey, string(body))
		if a.Status != 200 || len(a.Errors) > 0 {
			t.Errorf("%s: %+v", title, a)
		}
		for field, raw := range a.Data {
			if string(raw) == "null" {
				t.Errorf("%s answers null for %s", title, field)
			}
			var made struct {
				ID      string
				Webhook struct{ ID string }
			}
			_ = json.Unmarshal(raw, &made) // lists have no id
			switch field {
			case "contactCreateIdvSession":
				seen["SESSION_ID"] = made.ID
			case "createContact":
				seen["CONTACT_ID"] = made.ID
			case "webhookCreate":
				seen["WEBHOOK_ID"] = made.Webhook.ID
			}
		}
	}
}

// TestWhoLooksAround with a browser is led from the API to its explorer in a sandbox;
// a program is answered as always.
func TestWhoLooksAround(t *testing.T) {
	s := servertest.Start(t, servertest.Config(func(c *server.Config) { c.GraphAddr = "127.0.0.1:0" }))
	client := &http.Client{Transport: s.Client.Transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for address, accept := range map[string]string{
		s.URL + "/graphql": "text/html,application/xhtml+xml,*/*;q=0.8", "http://" + s.GraphAddr() + "/": "text/html", "http://" + s.GraphAddr() + "/graphql": "text/html",
		"http://" + s.GraphAddr(): "application/json", s.URL + "/graphql?query={__typename}": "text/html",
	} {
		req, err := http.NewRequest("GET", address, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept", accept)
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		want, place := 302, "http://localhost:8484/docs/graphql"
		if !strings.HasPrefix(accept, "text/html") || strings.Contains(address, "?") {
			want, place = 405, ""
		}
		if resp.StatusCode != want || resp.Header.Get("Location") != place {
			t.Errorf("%s as %s: %d %s", address, accept, resp.StatusCode, resp.Header.Get("Location"))
		}
	}
}

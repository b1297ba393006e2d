package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/decision"
	"github.com/glencheck-dev/glencheck/internal/server"
	"github.com/glencheck-dev/glencheck/internal/server/servertest"
)

// ask asks the partner's API with an Authorization header, or with Basic credentials
// given as "token:secret".
func ask(t *testing.T, method, url, authorization, body string) (int, map[string]any) {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if token, secret, basic := strings.Cut(authorization, ":"); basic {
		req.SetBasicAuth(token, secret)
	} else {
		req.Header.Set("Authorization", authorization)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		t.Fatalf("%s %s: %d %v", method, url, resp.StatusCode, err)
	}
	return resp.StatusCode, answer
}

const published = decision.SandboxToken + ":" + decision.SandboxSecret

// TestPartnerListener serves the partner's API at its own root, so that a client
// changes its host and nothing else.
func TestPartnerListener(t *testing.T) {
	s := servertest.Start(t, servertest.Config(func(c *server.Config) { c.PartnerAddr = "127.0.0.1:0" }))
	own := "http://" + s.PartnerAddr()
	status, bearer := ask(t, "POST", own+"/v1/oauth/bearer", published, `{"grant_type": "client_credentials"}`)
	if status != 200 {
		t.Fatalf("%d %v", status, bearer)
	}
	for _, base := range []string{own, s.URL + "/partners/alloy"} {
		for _, credentials := range []string{"Bearer " + bearer["access_token"].(string), published, decision.OwnershipWorkflow + ":" + decision.SandboxSecret} {
			status, a := ask(t, "GET", base+"/v1/journeys/"+decision.OwnershipJourney, credentials, "")
			if status != 200 || a["journey_name"] != "Bank account ownership" {
				t.Errorf("%s: %d %v", base, status, a)
			}
		}
		if status, a := ask(t, "GET", base+"/v1/nothing", published, ""); status != 404 || a["error"] == nil {
			t.Errorf("%s: a path that is not there: %d %v", base, status, a)
		}
	}
	if status, a := ask(t, "POST", own+"/item/get", published, "{}"); status != 404 || a["error_code"] != nil {
		t.Errorf("the Plaid API at the partner's listener: %d %v", status, a)
	}
}

// TestPartnerInProduction has the API with credentials of its own alone.
func TestPartnerInProduction(t *testing.T) {
	without := servertest.Start(t, production(kekFile(t, 7)))
	if status, a := ask(t, "GET", without.URL+"/partners/alloy/v1/journeys", published, ""); status != 404 || a["error_code"] != "NOT_FOUND" {
		t.Errorf("production without the API: %d %v", status, a)
	}
	token, secret := strings.Repeat("a", 32), strings.Repeat("b", 32)
	with := servertest.Start(t, production(kekFile(t, 8)), servertest.Config(func(c *server.Config) { c.PartnerToken, c.PartnerSecret = token, secret }))
	base := with.URL + "/partners/alloy"
	if status, _ := ask(t, "GET", base+"/v1/journeys", published, ""); status != 401 {
		t.Errorf("the published credentials in production: %d", status)
	}
	status, a := ask(t, "GET", base+"/v1/journeys", token+":"+secret, "")
	if list, ok := a["journeys"].([]any); status != 200 || !ok || len(list) != 0 {
		t.Errorf("production begins with journeys: %d %v", status, a)
	}
	status, a = ask(t, "GET", base+"/v1/settings/reviews", token+":"+secret, "")
	if agents, ok := a["agents"].([]any); status != 200 || !ok || len(agents) != 0 {
		t.Errorf("production begins with agents: %d %v", status, a)
	}
	if status, _ := ask(t, "POST", base+"/v1/entities/persons", token+":"+secret, `{"name_last": "One", "external_entity_id": "x"}`); status != 201 {
		t.Errorf("a person in production: %d", status)
	}
	if status, _ := ask(t, "POST", base+"/v1/settings/webhook/enable", token+":"+secret, ""); status != 404 {
		t.Errorf("a webhook that nobody has set: %d", status)
	}
}

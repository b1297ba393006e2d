package server_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/server"
	"github.com/glencheck-dev/glencheck/internal/server/servertest"
)

// profile starts a server with a file of faults.
func profile(t *testing.T, text string) servertest.Option {
	t.Helper()
	path := filepath.Join(t.TempDir(), "faults.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return servertest.Config(func(c *server.Config) { c.Faults = path })
}

// TestFaultsOfAProfile: what the file of --faults breaks is broken from the first
// call on, over HTTP: a connection that is closed, and an error that is none of ours.
func TestFaultsOfAProfile(t *testing.T) {
	var log bytes.Buffer
	s := servertest.Start(t, servertest.Log(&log), profile(t, `{"faults": [
		{"path": "/item/public_token/exchange", "disconnect": true, "when": "after", "count": 1},
		{"path": "/institutions/get_by_id", "only": {"institution_id": "ins_1"}, "error_code": "INSTITUTION_RATE_LIMIT"}
	]}`))
	public := s.Call(t, "/sandbox/public_token/create", map[string]any{"institution_id": "ins_109508", "initial_products": []string{"auth"}}).Text("public_token")
	if a, err := s.Post(t.Context(), "/item/public_token/exchange", map[string]any{"public_token": public}); err == nil {
		t.Errorf("an answer came: %v", a)
	}
	s.Refused(t, "/item/public_token/exchange", map[string]any{"public_token": public}, plaid.InvalidPublicToken.Code)
	in := map[string]any{"institution_id": "ins_1", "country_codes": []string{"US"}}
	if a := s.Refused(t, "/institutions/get_by_id", in, plaid.InstitutionRateLimit.Code); a.Status != http.StatusTooManyRequests {
		t.Errorf("status %d", a.Status)
	}
	in["institution_id"] = "ins_109508"
	s.Call(t, "/institutions/get_by_id", in)
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), `"(cut off)"`) || strings.Contains(log.String(), "panic") {
		t.Error("the log does not tell calmly of the connection that was closed")
	}
}

// TestAProfileThatIsWrong is refused at the start, with the place of the mistake.
func TestAProfileThatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		`{"faults": [{"path": "/auth/get", "error_code": "AUTH_LIMT"}]}`:          "faults[0].error_code must be",
		`{"faults": [{"outage": {"institution_id": "ins_0", "health": "down"}}]}`: "faults[0].outage.institution_id must be",
		`faults:`: "could not be parsed",
	} {
		if _, err := servertest.Open(profile(t, text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v does not speak of %q", text, err, want)
		}
	}
	if _, err := servertest.Open(servertest.Config(func(c *server.Config) { c.Faults = "/nowhere/faults.json" })); err == nil || !strings.Contains(err.Error(), "--faults") {
		t.Errorf("a file that is not there: %v", err)
	}
}

// TestMildChaos: a client that tries again and that reads answers as the contract
// says gets everything done.
func TestMildChaos(t *testing.T) {
	s := servertest.Start(t, servertest.Config(func(c *server.Config) { c.Chaos = "mild" }))
	s.Client = &http.Client{} // its answers are not the contract's, on purpose
	tries := 0
	call := func(path string, in any) map[string]any {
		t.Helper()
		for range 2 {
			tries++
			if a, err := s.Post(t.Context(), path, in); err == nil && a.Status == http.StatusOK {
				return a.Body
			}
		}
		t.Fatalf("%s failed twice", path)
		return nil
	}
	orders, calls := map[string]bool{}, 0
	for range 20 {
		public := call("/sandbox/public_token/create", map[string]any{"institution_id": "ins_109508", "initial_products": []string{"auth"}})["public_token"]
		access := call("/item/public_token/exchange", map[string]any{"public_token": public})["access_token"]
		answer := call("/auth/get", map[string]any{"access_token": access})
		calls += 3
		if answer["glencheck_chaos"] == nil {
			t.Error("an answer has no member that nobody knows")
		}
		masks := ""
		for _, a := range answer["accounts"].([]any) {
			masks += a.(map[string]any)["mask"].(string) + " "
		}
		orders[masks] = true
	}
	if tries == calls {
		t.Error("no call was refused")
	}
	if len(orders) < 4 {
		t.Errorf("accounts came in %d orders only", len(orders))
	}
}

// TestAnOutageInLink: a bank that is made unwell is so in Link too, from one session
// to the next.
func TestAnOutageInLink(t *testing.T) {
	s := servertest.Start(t)
	events := func() (names string) {
		t.Helper()
		token := s.Call(t, "/link/token/create", m{
			"client_name": "a", "language": "en", "country_codes": []string{"US"}, "products": []string{"auth"}, "user": m{"client_user_id": "u"},
		}).Text("link_token")
		session := s.Call(t, "/sandbox/link/session/open", m{"link_token": token}).Text("session")
		s.Call(t, "/sandbox/link/session/step", m{"session": session, "action": "submit"})
		a := s.Call(t, "/sandbox/link/session/step", m{"session": session, "action": "pick", "value": "ins_109508"})
		for _, e := range a.Body["events"].([]any) {
			names += e.(m)["event_name"].(string) + " "
		}
		return names
	}
	for _, c := range []struct{ health, event string }{
		{"degraded", "SELECT_DEGRADED_INSTITUTION"},
		{"down", "SELECT_DOWN_INSTITUTION"},
		{"healthy", "SELECT_INSTITUTION"},
	} {
		s.Call(t, "/sandbox/fault/set", m{"outage": m{"institution_id": "ins_109508", "health": c.health}})
		if names := events(); !strings.Contains(names, c.event) {
			t.Errorf("%s: %s", c.health, names)
		}
	}
}

// TestFaultsPage runs the examples of docs/faults.md and compares its tables with
// the code.
func TestFaultsPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/faults.md")
	if err != nil {
		t.Fatal(err)
	}
	s := servertest.Start(t)
	for _, found := range regexp.MustCompile("(?m)^    POST (/sandbox/\\S+)\n    (\\{.*)$").FindAllStringSubmatch(string(page), -1) {
		var in map[string]any
		if err := json.Unmarshal([]byte(found[2]), &in); err != nil {
			t.Errorf("%s: %v", found[2], err)
			continue
		}
		s.Call(t, found[1], in)
	}
	for _, code := range plaid.Codes() {
		if !strings.Contains(string(page), "`"+code+"`") {
			t.Errorf("docs/faults.md does not name the code %s", code)
		}
	}
}

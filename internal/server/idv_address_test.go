package server_test

import (
	"testing"

	"github.com/glencheck-dev/glencheck/internal/server/servertest"
)

// TestAddressOfThePerson is the first that their session of Link comes from, whatever a
// header claims; the headless driver is no browser. Redaction removes it.
func TestAddressOfThePerson(t *testing.T) {
	s := servertest.Start(t)
	token := func(who string) servertest.Answer {
		return s.Call(t, "/link/token/create", map[string]any{
			"client_name": "Wonderwallet", "language": "en", "country_codes": []string{"US"}, "user": map[string]any{"client_user_id": who}, "products": []string{"identity_verification"},
			"identity_verification": map[string]any{"template_id": "idvtmp_KycSourceAAAA1"},
		})
	}
	get := func(id string) servertest.Answer {
		return s.Call(t, "/identity_verification/get", map[string]any{"identity_verification_id": id})
	}
	opened := s.Call(t, "/link/session/open", map[string]any{"link_token": token("browser").Text("link_token")})
	id := opened.Text("link_session_id")
	if got := get(id).Text("user", "ip_address"); got != "127.0.0.1" {
		t.Errorf("ip_address is %q", got)
	}
	headless := s.Call(t, "/sandbox/link/session/open", map[string]any{"link_token": token("headless").Text("link_token")})
	user, _ := get(headless.Text("link_session_id")).Body["user"].(map[string]any)
	if at, there := user["ip_address"]; !there || at != nil {
		t.Errorf("ip_address of the headless driver is %v", at)
	}
	s.Call(t, "/sandbox/identity_verification/redact", map[string]any{"identity_verification_id": id})
	if user, _ := get(id).Body["user"].(map[string]any); user["ip_address"] != nil {
		t.Errorf("ip_address is still there: %v", user)
	}
}

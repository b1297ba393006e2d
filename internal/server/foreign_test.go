package server_test

import (
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/server"
	"github.com/glencheck-dev/glencheck/internal/server/servertest"
)

// TestForeignTokens gives a client every kind of token that another client was
// given: to it they do not exist.
func TestForeignTokens(t *testing.T) {
	db := filepath.Join(t.TempDir(), "state.db")
	s, err := servertest.Open(servertest.DB(db))
	if err != nil {
		t.Fatal(err)
	}
	create := map[string]any{"institution_id": "ins_109508", "initial_products": []string{"auth"}}
	public := s.Call(t, "/sandbox/public_token/create", create).Text("public_token")
	access := s.Call(t, "/item/public_token/exchange", map[string]any{"public_token": s.Call(t, "/sandbox/public_token/create", create).Text("public_token")}).Text("access_token")
	link := s.Call(t, "/link/token/create", map[string]any{
		"client_name": "App", "language": "en", "country_codes": []string{"US"}, "products": []string{"auth"}, "user": map[string]any{"client_user_id": "u"},
	}).Text("link_token")
	session := s.Call(t, "/sandbox/link/session/open", map[string]any{"link_token": link}).Text("session")
	user := s.Call(t, "/user/create", map[string]any{"client_user_id": "u"}).Text("user_id")
	processor := s.Call(t, "/sandbox/processor_token/create", map[string]any{"institution_id": "ins_109508"}).Text("processor_token")
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}

	const id, secret = "0123456789abcdef01234567", "the secret of another client"
	s = servertest.Start(t, servertest.DB(db), servertest.Config(func(c *server.Config) { c.ClientID, c.Secret = id, secret }))
	for _, path := range []string{
		"/item/get", "/item/remove", "/item/webhook/update", "/item/access_token/invalidate", "/item/public_token/create",
		"/accounts/get", "/accounts/balance/get", "/auth/get", "/identity/get", "/sandbox/item/reset_login",
	} {
		a := s.Refused(t, path, map[string]any{"client_id": id, "secret": secret, "access_token": access}, "INVALID_ACCESS_TOKEN")
		if a.Text("error_message") != "could not find matching access token" {
			t.Errorf("%s tells that the token is somebody's: %s", path, a.Text("error_message"))
		}
	}
	for _, path := range []string{
		"/processor/account/get", "/processor/auth/get", "/processor/balance/get", "/processor/identity/get", "/processor/identity/match",
		"/processor/token/permissions/get",
	} {
		s.Refused(t, path, map[string]any{"client_id": id, "secret": secret, "processor_token": processor}, "INVALID_PROCESSOR_TOKEN")
		// Nor are the published keys of the partner good for anything beside keys of one's own.
		s.Refused(t, path, map[string]any{"client_id": alloyID, "secret": alloySecret, "processor_token": processor}, "INVALID_API_KEYS")
	}
	s.Refused(t, "/processor/token/webhook/update", map[string]any{"client_id": id, "secret": secret, "processor_token": processor, "webhook": "https://app.example"}, "INVALID_PROCESSOR_TOKEN")
	s.Refused(t, "/processor/token/permissions/set", map[string]any{"client_id": id, "secret": secret, "processor_token": processor, "products": []string{}}, "INVALID_PROCESSOR_TOKEN")
	s.Refused(t, "/item/public_token/exchange", map[string]any{"client_id": id, "secret": secret, "public_token": public}, "INVALID_PUBLIC_TOKEN")
	s.Refused(t, "/link/token/get", map[string]any{"client_id": id, "secret": secret, "link_token": link}, "INVALID_LINK_TOKEN")
	opened := s.Call(t, "/sandbox/link/session/open", map[string]any{"client_id": id, "secret": secret, "link_token": link})
	if opened.Text("done", "error", "error_code") != "INVALID_LINK_TOKEN" {
		t.Errorf("a foreign Link token opens Link: %v", opened.Body)
	}
	s.Refused(t, "/sandbox/link/session/step", map[string]any{"client_id": id, "secret": secret, "session": session}, "INVALID_FIELD")
	s.Refused(t, "/link/token/create", map[string]any{
		"client_id": id, "secret": secret, "client_name": "App", "language": "en", "country_codes": []string{"US"}, "products": []string{"auth"}, "user_id": user,
	}, "INVALID_USER_ID")

	// Link Demo uses the client's keys and shows them to nobody.
	resp, err := s.Client.Post(s.URL+"/demo/api/token", "application/json", strings.NewReader(`{"flow":"auth"}`))
	if err != nil {
		t.Fatal(err)
	}
	shown, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil || resp.StatusCode != http.StatusOK || strings.Contains(string(shown), secret) {
		t.Errorf("Link Demo answers %d %s %v", resp.StatusCode, shown, err)
	}

	// The published keys, which the first server had, are nobody's any more.
	s.Refused(t, "/item/get", map[string]any{"access_token": access}, "INVALID_API_KEYS")
	guess := clock.NewIDs(1, 2).Hex(64) // the seed of the test's servers, their second start
	s.Refused(t, "/item/get", map[string]any{"secret": guess, "access_token": access}, "INVALID_API_KEYS")
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}

	// And nothing of it has touched what is the first client's.
	s = servertest.Start(t, servertest.DB(db))
	s.Call(t, "/item/get", map[string]any{"access_token": access})
	s.Call(t, "/processor/account/get", map[string]any{"client_id": alloyID, "secret": alloySecret, "processor_token": processor})
	s.Call(t, "/item/public_token/exchange", map[string]any{"public_token": public})
	s.Call(t, "/sandbox/link/session/step", map[string]any{"session": session})
}

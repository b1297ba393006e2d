package server_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/server"
	"github.com/glencheck-dev/glencheck/internal/server/servertest"
)

// teamFile starts a server with this file of --team.
func teamFile(t *testing.T, text string) servertest.Option {
	t.Helper()
	name := filepath.Join(t.TempDir(), "team.json")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return servertest.Config(func(c *server.Config) { c.Team = name })
}

// TestProductionAsksForAUseCase: without one no link token is made, with the one of
// the operator's file it is.
func TestProductionAsksForAUseCase(t *testing.T) {
	ask := map[string]any{
		"client_id": productionID, "secret": productionSecret, "client_name": "Wonderwallet", "language": "en", "country_codes": []string{"US"},
		"products": []string{"identity"}, "user": map[string]any{"client_user_id": "user-id"}, "redirect_uri": "https://wonderwallet.example/oauth.html",
	}
	s := servertest.Start(t, production(kekFile(t, 7)), teamFile(t, `{"redirect_uris": ["https://wonderwallet.example/oauth.html"]}`))
	s.Refused(t, "/link/token/create", ask, "INVALID_LINK_CUSTOMIZATION")
	s = servertest.Start(t, production(kekFile(t, 7)), teamFile(t, `{"redirect_uris": ["https://wonderwallet.example/oauth.html"],
		"customizations": [{"name": "default", "data_transparency": {"use_cases": ["Verify your account"]}}]}`))
	if out := s.Call(t, "/link/token/create", ask); !strings.HasPrefix(out.Text("link_token"), "link-production-") {
		t.Errorf("%v", out.Body)
	}
}

// TestTeamFileOfASandbox comes back with a reset, and a file that is wrong stops
// the start.
func TestTeamFileOfASandbox(t *testing.T) {
	s := servertest.Start(t, teamFile(t, `{"integrations": ["alloy"]}`))
	on := func() string {
		t.Helper()
		var names []string
		for _, i := range s.Call(t, "/sandbox/team/integration/list", map[string]any{"enabled": true}).Body["integrations"].([]any) {
			names = append(names, i.(map[string]any)["processor"].(string))
		}
		return strings.Join(names, " ")
	}
	if got := on(); got != "alloy" {
		t.Errorf("on: %s", got)
	}
	s.Call(t, "/sandbox/team/integration/set", map[string]any{"processor": "dwolla", "enabled": true})
	s.Call(t, "/sandbox/state/reset", map[string]any{})
	if got := on(); got != "alloy" {
		t.Errorf("on after a reset: %s", got)
	}
	for _, opt := range []servertest.Option{
		teamFile(t, `{"integrations": ["alloi"]}`),
		servertest.Config(func(c *server.Config) { c.Team = filepath.Join(t.TempDir(), "none") }),
	} {
		broken, err := servertest.Open(opt)
		if err == nil {
			broken.Stop()
		}
		if !errors.As(err, new(*server.UsageError)) || !strings.Contains(err.Error(), "--team") {
			t.Errorf("a file that is wrong: %v", err)
		}
	}
}

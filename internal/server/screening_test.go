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

// TestProductionScreens with the lists and programs of a directory, and with nothing of
// the sandbox; a file that cannot be read stops the start.
func TestProductionScreens(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("sdn.xml", `<sdnList><sdnEntry><uid>1</uid><firstName>Specimen</firstName><lastName>TESTPERSON</lastName><sdnType>Individual</sdnType></sdnEntry></sdnList>`)
	write("programs.json", `[{"watchlist_program_id": "prg_Applicants1", "kind": "individual", "name": "Applicants", "name_sensitivity": "balanced", "lists_enabled": ["US_SDN"], "is_rescanning_enabled": true, "is_archived": false}]`)
	lists := servertest.Config(func(c *server.Config) { c.Watchlists = dir })
	file := filepath.Join(t.TempDir(), "state.db")
	s := servertest.Start(t, production(kekFile(t, 7)), lists, servertest.DB(file))
	screen := func(program, name string) map[string]any {
		return map[string]any{"client_id": productionID, "secret": productionSecret, "search_terms": map[string]any{"watchlist_program_id": program, "legal_name": name}}
	}
	const create = "/watchlist_screening/individual/create"
	for name, want := range map[string]string{"Testperson, Specimen": "pending_review", "Joseph Kony": "cleared"} {
		if got := s.Call(t, create, screen("prg_Applicants1", name)).Text("status"); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	s.Refused(t, create, screen("prg_egdF5fGjY8fWqk", "Joseph Kony"), "NOT_FOUND")
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	write("sdn.xml", "<sdnList>\n<sdnEntry>")
	_, err := servertest.Open(production(kekFile(t, 7)), lists, servertest.DB(file))
	var wrong *server.UsageError
	if !errors.As(err, &wrong) || !strings.Contains(err.Error(), "sdn.xml: line 2") {
		t.Errorf("a list that ends early: %v", err)
	}
}

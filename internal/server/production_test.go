package server_test

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/server"
	"github.com/glencheck-dev/glencheck/internal/server/servertest"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

const (
	productionID     = "5f1c0e7a9b3d2c4e6f8a0b1d"
	productionSecret = "a secret that only this test has"
)

func kekFile(t *testing.T, fill byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kek")
	if err := os.WriteFile(path, bytes.Repeat([]byte{fill}, 32), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func production(kek string) servertest.Option {
	return servertest.Config(func(c *server.Config) {
		c.Env, c.ClientID, c.Secret, c.KEK = server.Production, productionID, productionSecret, kek
		c.Seed, c.Manual = 0, false
	})
}

// TestProductionHasNothingOfTheSandbox looks for what is published: its keys,
// its levers, its bank, its demo.
func TestProductionHasNothingOfTheSandbox(t *testing.T) {
	s := servertest.Start(t, production(kekFile(t, 7)))
	s.Refused(t, "/institutions/search", map[string]any{"query": "platypus", "country_codes": []string{"US"}}, "INVALID_API_KEYS") // Start's keys are the sandbox's
	with := func(in map[string]any) map[string]any {
		in["client_id"], in["secret"] = productionID, productionSecret
		return in
	}
	found := s.Call(t, "/institutions/search", with(map[string]any{"query": "platypus", "country_codes": []string{"US"}}))
	if list, ok := found.Body["institutions"].([]any); !ok || len(list) != 0 {
		t.Errorf("production finds a simulated bank: %v", found.Body)
	}
	s.Refused(t, "/institutions/get_by_id", with(map[string]any{"institution_id": "ins_109508", "country_codes": []string{"US"}}), "INVALID_INSTITUTION")
	for _, e := range s.Endpoints() {
		if e.SandboxOnly {
			s.Refused(t, e.Path, struct{}{}, "SANDBOX_ONLY")
			s.Refused(t, e.Path, with(map[string]any{}), "SANDBOX_ONLY")
		}
	}
	for _, path := range []string{"/demo", "/bank/ins_127287/authorize", "/bank/assets/bank.css"} {
		if status, _ := get(t, s.URL+path); status != http.StatusNotFound {
			t.Errorf("%s in production: %d", path, status)
		}
	}
}

// TestProductionRefusesASandbox does not take over a database in which the
// published keys are valid, even when it can open it.
func TestProductionRefusesASandbox(t *testing.T) {
	db, kek := filepath.Join(t.TempDir(), "state.db"), kekFile(t, 7)
	s, err := servertest.Open(servertest.DB(db), servertest.Config(func(c *server.Config) { c.KEK = kek }))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	s, err = servertest.Open(production(kek), servertest.DB(db))
	if err == nil {
		s.Stop()
	}
	if !errors.As(err, new(*server.UsageError)) || !strings.Contains(err.Error(), "was a sandbox's") {
		t.Errorf("production on a sandbox's database: %v", err)
	}
}

// TestAnotherKeyEncryptionKey refuses a database that was sealed with another.
func TestAnotherKeyEncryptionKey(t *testing.T) {
	db := filepath.Join(t.TempDir(), "state.db")
	s, err := servertest.Open(production(kekFile(t, 7)), servertest.DB(db))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	for _, opt := range []servertest.Option{production(kekFile(t, 8)), servertest.Config(func(*server.Config) {})} {
		s, err := servertest.Open(opt, servertest.DB(db))
		if err == nil {
			s.Stop()
		}
		if !errors.Is(err, vault.ErrKEK) || strings.Contains(err.Error(), "\n") {
			t.Errorf("a database sealed with another key: %v", err)
		}
	}
}

// TestProductionVerifiesByItsOwnTemplates has the templates of a file and none of the
// sandbox's, and refuses what it has no means for.
func TestProductionVerifiesByItsOwnTemplates(t *testing.T) {
	file := filepath.Join(t.TempDir(), "templates.json")
	templates := `[{"template_id": "idvtmp_OurOwnKyc001", "version": 7, "name": "Data source", "kyc_check": {"name": "match"}},
		{"template_id": "idvtmp_WithTexts001", "version": 1, "name": "Texts", "verify_sms": true}]`
	if err := os.WriteFile(file, []byte(templates), 0o600); err != nil {
		t.Fatal(err)
	}
	with := func(template, who string) map[string]any {
		return map[string]any{
			"client_id": productionID, "secret": productionSecret, "template_id": template, "client_user_id": who, "gave_consent": true, "is_shareable": true,
		}
	}
	start := func(sms string) *servertest.Server {
		return servertest.Start(t, production(kekFile(t, 7)), servertest.Config(func(c *server.Config) { c.IDV = server.IDVConfig{Templates: file, SMS: sms} }))
	}
	s := start("")
	a := s.Call(t, "/identity_verification/create", with("idvtmp_OurOwnKyc001", "user-1~kyc_check=failed"))
	if a.Text("status") != "active" || a.Text("steps", "kyc_check") != "active" || !strings.Contains(a.Text("shareable_url"), "/verify/idv_") {
		t.Errorf("%v", a.Body)
	}
	if version := a.Body["template"].(map[string]any)["version"]; version != 7.0 {
		t.Errorf("version %v", version)
	}
	s.Refused(t, "/identity_verification/create", with("idvtmp_KycSourceAAAA1", "user-1"), "NOT_FOUND")
	s.Refused(t, "/identity_verification/create", with("idvtmp_WithTexts001", "user-1"), "NOT_SUPPORTED")
	start("https://sms.example/send").Call(t, "/identity_verification/create", with("idvtmp_WithTexts001", "user-1"))
}

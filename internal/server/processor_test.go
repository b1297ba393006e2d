package server_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/processor"
	"github.com/glencheck-dev/glencheck/internal/server"
	"github.com/glencheck-dev/glencheck/internal/server/servertest"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

const (
	alloyID     = processor.SandboxClientID
	alloySecret = processor.SandboxSecret
)

// keysFile is a file of --processor-keys.
func keysFile(t *testing.T, text string) servertest.Option {
	t.Helper()
	path := filepath.Join(t.TempDir(), "processors.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return servertest.Config(func(c *server.Config) { c.ProcessorKeys = path })
}

// TestPartnersCallWhatIsTheirs calls every endpoint with the keys of a partner: those
// that are not made for partners refuse them, whatever the body.
func TestPartnersCallWhatIsTheirs(t *testing.T) {
	s := servertest.Start(t)
	open := 0
	for _, e := range s.Endpoints() {
		if e.Public {
			continue
		}
		if e.Partners {
			open++
			if strings.HasPrefix(e.Path, "/processor/") || strings.HasPrefix(e.Path, "/institutions/") || strings.HasPrefix(e.Path, "/sandbox/webhook/") ||
				e.Path == "/webhook_verification_key/get" || e.Path == "/sandbox/processor_token/create" {
				continue
			}
			t.Errorf("%s is open to partners", e.Path)
		}
		a, err := s.Post(t.Context(), e.Path, map[string]any{"client_id": alloyID, "secret": alloySecret})
		if code := a.Text("error_code"); err != nil || code != plaid.UnauthorizedRouteAccess.Code && code != "MISSING_FIELDS" {
			t.Errorf("%s answers a partner %d %s, %v", e.Path, a.Status, code, err)
		}
	}
	if open < 15 {
		t.Errorf("%d endpoints are open to partners", open)
	}
}

// TestProcessorKeys: the operator gives partners keys, in a sandbox that others reach
// and in production; each reads its own tokens alone.
func TestProcessorKeys(t *testing.T) {
	s := servertest.Start(t, keysFile(t, `{"partners": [
		{"processor": "alloy", "client_id": "alloy-of-ours", "secret": "s1"}, {"processor": "dwolla", "client_id": "dwolla-of-ours", "secret": "s2"}]}`))
	token := s.Call(t, "/sandbox/processor_token/create", map[string]any{
		"institution_id": "ins_109508", "client_id": "dwolla-of-ours", "secret": "s2",
	}).Text("processor_token")
	s.Call(t, "/processor/auth/get", map[string]any{"client_id": "dwolla-of-ours", "secret": "s2", "processor_token": token})
	s.Refused(t, "/processor/auth/get", map[string]any{"client_id": "alloy-of-ours", "secret": "s1", "processor_token": token}, "INVALID_PROCESSOR_TOKEN")
	s.Refused(t, "/processor/auth/get", map[string]any{"client_id": alloyID, "secret": alloySecret, "processor_token": token}, "INVALID_API_KEYS")
	s.Refused(t, "/processor/auth/get", map[string]any{"client_id": "dwolla-of-ours", "secret": "s1", "processor_token": token}, "INVALID_API_KEYS")

	s = servertest.Start(t, production(kekFile(t, 7)), keysFile(t, `{"partners": [{"processor": "alloy", "client_id": "alloy-of-ours", "secret": "s1"}]}`))
	none := "processor-production-00000000-0000-4000-8000-000000000000"
	s.Refused(t, "/processor/auth/get", map[string]any{"client_id": "alloy-of-ours", "secret": "s1", "processor_token": none}, "INVALID_PROCESSOR_TOKEN")
	s.Refused(t, "/processor/auth/get", map[string]any{"client_id": alloyID, "secret": alloySecret, "processor_token": none}, "INVALID_API_KEYS")
	stripe := map[string]any{"client_id": productionID, "secret": productionSecret, "access_token": "access-production-0", "account_id": "a"}
	s.Refused(t, "/processor/stripe/bank_account_token/create", stripe, "NOT_SUPPORTED")
}

// TestProcessorKeysThatAreWrong are refused at the start, with the reason and without
// the secret.
func TestProcessorKeysThatAreWrong(t *testing.T) {
	of := func(processor, id string) string {
		return fmt.Sprintf(`{"processor": %q, "client_id": %q, "secret": "top-secret"}`, processor, id)
	}
	published := func(c *server.Config) {
		c.Env, c.ClientID, c.Secret, c.KEK, c.Seed, c.Manual = server.Production, productionID, productionSecret, kekFile(t, 7), 0, false
	}
	for name, c := range map[string]struct {
		text, want string
		change     func(*server.Config)
	}{
		"no JSON":       {`partners:`, "could not be parsed", nil},
		"empty":         {`{"partners": []}`, "partners must", nil},
		"no secret":     {`{"partners": [{"processor": "alloy", "client_id": "a"}]}`, "partners[0].secret", nil},
		"no processor":  {`{"partners": [` + of("ally", "a") + `]}`, `"ally" is no processor`, nil},
		"stripe":        {`{"partners": [` + of("stripe", "a") + `]}`, `"stripe" is no processor`, nil},
		"twice":         {`{"partners": [` + of("alloy", "a") + `, ` + of("alloy", "b") + `]}`, "alloy has keys twice", nil},
		"one client_id": {`{"partners": [` + of("alloy", "a") + `, ` + of("dwolla", "a") + `]}`, "dwolla is another partner's", nil},
		"a client's":    {`{"partners": [` + of("alloy", server.SandboxClientID) + `]}`, "is a client's", nil},
		"published":     {`{"partners": [` + of("alloy", alloyID) + `]}`, "published", published},
	} {
		opts := []servertest.Option{keysFile(t, c.text)}
		if c.change != nil {
			opts = append(opts, servertest.Config(c.change))
		}
		s, err := servertest.Open(opts...)
		if err == nil {
			s.Stop()
		}
		if !errors.As(err, new(*server.UsageError)) || !strings.Contains(fmt.Sprint(err), c.want) || strings.Contains(fmt.Sprint(err), "top-secret") {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	_, err := servertest.Open(servertest.Config(func(c *server.Config) { c.ProcessorKeys = filepath.Join(t.TempDir(), "none") }))
	if !errors.As(err, new(*server.UsageError)) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// told lists the codes of the webhooks that alloy was sent.
func told(t *testing.T, s *servertest.Server) (codes []string) {
	t.Helper()
	out, _ := s.Webhooks()
	if err := out.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	list, err := out.Deliveries(t.Context(), webhook.Filter{ClientID: alloyID})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		codes = append(codes, d.Code)
	}
	return codes
}

// TestAPartnerHearsOfItsAccount, as long as the Item shares it; that the customer has no
// webhook changes nothing. A fault of the Item strikes the partner too.
func TestAPartnerHearsOfItsAccount(t *testing.T) {
	s := servertest.Start(t)
	public := s.Call(t, "/sandbox/public_token/create", m{"institution_id": "ins_109508", "initial_products": []string{"auth"}}).Text("public_token")
	item := s.Call(t, "/item/public_token/exchange", m{"public_token": public})
	access := m{"access_token": item.Text("access_token")}
	account := s.Call(t, "/accounts/get", access).Text("accounts", "0", "account_id")
	token := s.Call(t, "/processor/token/create", m{"access_token": access["access_token"], "account_id": account, "processor": "alloy"}).Text("processor_token")
	alloy := m{"client_id": alloyID, "secret": alloySecret, "processor_token": token}

	s.Call(t, "/sandbox/fault/set", m{"path": "/processor/auth/get", "only": m{"item_id": item.Text("item_id")}, "error_code": "AUTH_LIMIT", "count": 1})
	s.Refused(t, "/processor/auth/get", alloy, "AUTH_LIMIT")
	s.Call(t, "/processor/auth/get", alloy)

	s.Call(t, "/processor/token/webhook/update", m{"client_id": alloyID, "secret": alloySecret, "processor_token": token, "webhook": "https://partner.example/hook"})
	s.Call(t, "/sandbox/clock/advance", m{"days": 23})
	s.Call(t, "/sandbox/item/revoke_access", m{"access_token": access["access_token"], "account_id": account})
	s.Refused(t, "/processor/auth/get", alloy, "INVALID_ACCOUNT_ID")
	s.Call(t, "/sandbox/item/reset_login", access)
	if got, want := told(t, s), []string{"WEBHOOK_UPDATE_ACKNOWLEDGED", "PENDING_DISCONNECT", "USER_ACCOUNT_REVOKED"}; !slices.Equal(got, want) {
		t.Errorf("alloy is told %v, want %v", got, want)
	}
}

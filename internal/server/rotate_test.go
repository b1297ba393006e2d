package server_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/server"
	"github.com/glencheck-dev/glencheck/internal/server/servertest"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// TestRotateWebhookKey from the command line, while no server runs: the next one
// signs with the new key, and the old one can still be looked up.
func TestRotateWebhookKey(t *testing.T) {
	db := storetest.SQLiteFile(t)
	s, err := servertest.Open(servertest.DB(db), servertest.RealClock())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	id, err := server.RotateWebhookKey(t.Context(), db, "")
	if err != nil || id == webhook.SandboxKeyID {
		t.Fatalf("%s, %v", id, err)
	}
	s = servertest.Start(t, servertest.DB(db), servertest.RealClock())
	if _, keys := s.Webhooks(); keys != nil {
		if key, err := keys.Current(t.Context()); err != nil || key.ID != id {
			t.Errorf("signs with %+v, %v", key, err)
		}
	}
	for kid, expired := range map[string]bool{id: false, webhook.SandboxKeyID: true} {
		key := s.Call(t, "/webhook_verification_key/get", map[string]any{"key_id": kid}).Body["key"].(map[string]any)
		if (key["expired_at"] != nil) != expired {
			t.Errorf("%s: expired_at %v", kid, key["expired_at"])
		}
	}
	var wrong *server.UsageError
	if _, err := server.RotateWebhookKey(t.Context(), filepath.Join(t.TempDir(), "none.db"), ""); !errors.As(err, &wrong) {
		t.Errorf("without a database: %v", err)
	}
}

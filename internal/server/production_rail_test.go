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

func spool(dir string) servertest.Option {
	return servertest.Config(func(c *server.Config) {
		c.Rail = server.RailConfig{Spool: dir, ODFI: "110000000", ODFIName: "First Bank", CompanyID: "1234567890"}
	})
}

// TestProductionPaysBySpoolOnly: the events of payments are there with a spool, and
// a spool stays with its database.
func TestProductionPaysBySpoolOnly(t *testing.T) {
	kek, dir := kekFile(t, 7), t.TempDir()
	keys := map[string]any{"client_id": productionID, "secret": productionSecret, "after_id": 0}
	none := servertest.Start(t, production(kek))
	none.Refused(t, "/bank_transfer/event/sync", keys, "NOT_SUPPORTED")

	db := filepath.Join(t.TempDir(), "state.db")
	with, err := servertest.Open(production(kek), servertest.DB(db), spool(dir))
	if err != nil {
		t.Fatal(err)
	}
	if got := with.Call(t, "/bank_transfer/event/sync", keys); len(got.Body["bank_transfer_events"].([]any)) != 0 {
		t.Error(got.Body)
	}
	with.Refused(t, "/sandbox/bank_transfer/simulate", struct{}{}, "SANDBOX_ONLY")
	if err := with.Stop(); err != nil {
		t.Fatal(err)
	}
	for _, room := range []string{"out", "in", "in/read", "in/quarantine"} {
		if info, err := os.Stat(filepath.Join(dir, room)); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v", room, err)
		}
	}
	other, err := servertest.Open(production(kek), spool(dir))
	if err == nil {
		other.Stop()
	}
	if !errors.As(err, new(*server.UsageError)) || !strings.Contains(err.Error(), "--rail-spool") {
		t.Errorf("the spool of another database: %v", err)
	}
}

package main

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/decision"
	"github.com/glencheck-dev/glencheck/internal/server/servertest"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// TestAudit verifies and exports the trail of a database, and finds a changed row.
func TestAudit(t *testing.T) {
	db := storetest.SQLiteFile(t)
	s, err := servertest.Open(servertest.DB(db))
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest("POST", s.URL+"/partners/alloy/v1/entities/persons", strings.NewReader(`{"name_last": "Planted"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(decision.SandboxToken, decision.SandboxSecret)
	req.Header.Set("Content-Type", "application/json")
	resp, err := s.Client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if err := s.Stop(); err != nil || resp.StatusCode != 201 {
		t.Fatal(resp.StatusCode, err)
	}
	code, out, errOut := command(t, "audit", "verify", "--db", db)
	head := regexp.MustCompile(`[0-9a-f]{64}`).FindString(out)
	if code != 0 || head == "" {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	if code, out, errOut = command(t, "audit", "export", "--db", db); code != 0 || !strings.Contains(out, `"action":"entity.create"`) || strings.Contains(out, "Planted") {
		t.Errorf("exit code %d\n%s%s", code, out, errOut)
	}
	if code, out, errOut = command(t, "audit", "export", "--content", "--db", db); code != 0 || !strings.Contains(out, "Planted") {
		t.Errorf("exit code %d\n%s%s", code, out, errOut)
	}
	if code, out, _ = command(t, "audit", "verify", "--db", db, "--expect", head); code != 0 {
		t.Errorf("with the head: exit code %d\n%s", code, out)
	}
	if code, out, _ = command(t, "audit", "verify", "--db", db, "--expect", strings.Repeat("0", 64)); code != 1 || !strings.Contains(out, "in no trail") {
		t.Errorf("with another head: exit code %d\n%s", code, out)
	}
	raw, err := store.Open(context.Background(), db, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = raw.Write(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Exec(context.Background(), `UPDATE decision_audit SET actor = 'somebody' WHERE action = 'entity.create'`)
		return err
	})
	if err := raw.Close(); err != nil {
		t.Fatal(err)
	}
	if code, out, _ = command(t, "audit", "verify", "--db", db); err != nil || code != 1 || !strings.Contains(out, "was changed") {
		t.Errorf("after a change: exit code %d %v\n%s", code, err, out)
	}
}

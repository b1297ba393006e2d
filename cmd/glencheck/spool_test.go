package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/rail"
)

func TestSpoolShowsTheQuarantine(t *testing.T) {
	dir, inbox := t.TempDir(), t.TempDir()
	s, err := rail.NewSpool(dir, inbox)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.ach", "b.ach"} {
		if err := os.WriteFile(filepath.Join(inbox, name), []byte("?"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.SetAside(t.Context(), "a.ach", "it cannot be read"); err != nil {
		t.Fatal(err)
	}
	code, out, errOut := command(t, "spool", dir, "--inbox", inbox)
	for _, want := range []string{"Waiting to be read: 1\n  b.ach\n", "In quarantine: 1\n", "  a.ach\n    it cannot be read\n"} {
		if code != 0 || !strings.Contains(out, want) {
			t.Errorf("exit code %d, %q is not in\n%s%s", code, want, out, errOut)
		}
	}
	if code, _, errOut = command(t, "spool", dir, "--inbox", inbox, "--release", "../a.ach"); code != 1 {
		t.Errorf("a path is released: %d %s", code, errOut)
	}
	if code, _, errOut = command(t, "spool", dir, "--inbox", inbox, "--release", "a.ach"); code != 0 {
		t.Errorf("exit code %d: %s", code, errOut)
	}
	if _, out, _ = command(t, "spool", dir, "--inbox", inbox); !strings.Contains(out, "In quarantine: 0\n") || !strings.Contains(out, "  a.ach\n  b.ach\n") {
		t.Error(out)
	}
}

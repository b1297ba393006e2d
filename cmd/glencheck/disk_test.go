//go:build linux

package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// disk is a place for a database that can be filled and emptied while a server
// uses it.
type disk struct {
	dir        string
	fill, free func(p *process) error
}

// limited is a disk of which one process may use no more: it works for every
// user. The kernel answers EFBIG where a full disk answers ENOSPC.
func limited(t *testing.T) *disk {
	prlimit := func(p *process, limit string) error {
		out, err := exec.Command("prlimit", "--pid", strconv.Itoa(p.cmd.Process.Pid), "--fsize="+limit+":").CombinedOutput()
		if err != nil {
			return fmt.Errorf("prlimit: %w: %s", err, out)
		}
		return nil
	}
	return &disk{
		dir:  t.TempDir(),
		fill: func(p *process) error { return prlimit(p, "262144") },
		free: func(p *process) error { return prlimit(p, "unlimited") },
	}
}

// small is a real disk of four megabytes; making one needs the right to mount.
func small(t *testing.T) *disk {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("no right to mount a small disk here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	ballast := filepath.Join(dir, "ballast")
	return &disk{
		dir: dir,
		fill: func(*process) error {
			f, err := os.Create(ballast)
			if err != nil {
				return err
			}
			defer f.Close()
			for block := make([]byte, 4096); err == nil; {
				_, err = f.Write(block)
			}
			return nil // full
		},
		free: func(*process) error { return os.Remove(ballast) },
	}
}

// TestFullDisk lets the disk fill up under a running server: writes fail cleanly
// and change nothing, reads go on, and when there is room again so do the
// writes, without a restart and with nothing acknowledged lost.
func TestFullDisk(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program and fills a disk")
	}
	t.Run("limit of one process", func(t *testing.T) { fillAndFree(t, limited(t)) })
	t.Run("small disk", func(t *testing.T) { fillAndFree(t, small(t)) })
}

func fillAndFree(t *testing.T, d *disk) {
	db := filepath.Join(d.dir, "state.db")
	p := startProcess(t, db)
	create := map[string]any{"institution_id": "ins_109508", "initial_products": []string{"auth"}}
	made, ok := p.post("/sandbox/public_token/create", create)
	if !ok {
		t.Fatal(made)
	}
	first, ok := p.post("/item/public_token/exchange", map[string]any{"public_token": made["public_token"]})
	if !ok {
		t.Fatal(first)
	}
	if err := d.fill(p); err != nil {
		t.Fatal(err)
	}
	tokens, failed := createUntilFull(t, p, create)
	if failed["error_code"] != "INTERNAL_SERVER_ERROR" || failed["error_type"] != "API_ERROR" || failed["request_id"] == "" {
		t.Errorf("a write on a full disk was answered with %v", failed)
	}
	if got, ok := p.post("/item/get", map[string]any{"access_token": first["access_token"]}); !ok {
		t.Errorf("a read on a full disk was answered with %v", got)
	}
	if resp, err := http.Get(p.URL + "/healthz"); err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("/healthz on a full disk: %v %v", resp, err)
	}
	t.Logf("%d writes after the disk was filled, then none", len(tokens))
	if err := d.free(p); err != nil {
		t.Fatal(err)
	}
	again, ok := p.post("/sandbox/public_token/create", create)
	for end := time.Now().Add(10 * time.Second); !ok && time.Now().Before(end); again, ok = p.post("/sandbox/public_token/create", create) {
	}
	if !ok {
		t.Fatalf("with room again, a write was answered with %v\n%s", again, p.logged())
	}
	if err := p.stop(); err != nil {
		t.Errorf("the server did not stop calmly: %v", err)
	}
	if log := p.logged(); strings.Contains(log, "-sandbox-") {
		t.Errorf("the log holds a token:\n%s", log)
	}
	p = startProcess(t, db)
	for _, token := range append(tokens, again["public_token"]) {
		if got, ok := p.post("/item/public_token/exchange", map[string]any{"public_token": token}); !ok {
			t.Errorf("an acknowledged public token is lost: %v", got)
		}
	}
}

// createUntilFull makes Items until ten calls in a row have failed, and returns
// the acknowledged public tokens and the last refusal.
func createUntilFull(t *testing.T, p *process, create map[string]any) (tokens []any, failed map[string]any) {
	t.Helper()
	failures := 0
	for range 5000 {
		got, ok := p.post("/sandbox/public_token/create", create)
		if ok {
			tokens, failures = append(tokens, got["public_token"]), 0
			continue
		}
		failed = got
		if failures++; failures == 10 {
			return tokens, failed
		}
	}
	t.Fatal("the disk never filled up")
	return nil, nil
}

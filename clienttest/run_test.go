package clienttest

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// TestPlaidGoUnderRun runs a program that uses plaid.Sandbox, unchanged, under
// glencheck run; with --offline nobody else can have answered it.
func TestPlaidGoUnderRun(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("Go programs of this system ask it, and not SSL_CERT_FILE, whom to trust (docs/run.md)")
	}
	dir := t.TempDir()
	build := func(from, what, name string) string {
		path := filepath.Join(dir, name)
		cmd := exec.Command("go", "build", "-o", path, what)
		cmd.Dir = from
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("go build: %v\n%s", err, out)
		}
		return path
	}
	cmd := exec.Command(build("..", "./cmd/glencheck", "glencheck"), "run", "--offline", "--", build(".", "./hardwired", "hardwired"))
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil || out.String() != "https://sandbox.plaid.com 1111222233330000\n" || errOut.Len() != 0 {
		t.Errorf("%v\n%s%s", err, out.String(), errOut.String())
	}
}

//go:build unix

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// wrapping is a glencheck run under way, in a session of its own as on a machine
// that builds, with its temporary files where the test can see them.
type wrapping struct {
	cmd *exec.Cmd
	out *bufio.Reader
	err bytes.Buffer
	tmp string
}

func startRun(t *testing.T, args ...string) *wrapping {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	w := &wrapping{cmd: exec.Command(path, append([]string{"run"}, args...)...), tmp: t.TempDir()}
	w.cmd.Env = append(os.Environ(), "TMPDIR="+w.tmp)
	w.cmd.Stderr = &w.err
	w.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	out, err := w.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	w.out = bufio.NewReader(out)
	if err := w.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.cmd.Process.Kill() })
	return w
}

// line is the next line that the program prints.
func (w *wrapping) line(t *testing.T) string {
	t.Helper()
	text, err := w.out.ReadString('\n')
	if err != nil {
		t.Fatalf("%q, %v\n%s", text, err, w.err.String())
	}
	return strings.TrimSpace(text)
}

// end waits for the end and returns the exit code and the rest of what was
// printed. Nothing may be left in the temporary directory.
func (w *wrapping) end(t *testing.T) (code int, out string) {
	t.Helper()
	rest, _ := io.ReadAll(w.out)
	w.cmd.Wait()
	if left, err := os.ReadDir(w.tmp); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	return w.cmd.ProcessState.ExitCode(), string(rest)
}

func TestRunPassesTheExitCodeOn(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	plain := filepath.Join(t.TempDir(), "plain")
	if err := os.WriteFile(plain, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		args []string
		code int
		out  string
		err  string
	}{
		{[]string{"--", "sh", "-c", "echo $0 $1; exit 7", "--offline", "x"}, 7, "--offline x", "no call came"},
		{[]string{"-q", "true"}, 0, "", ""},
		{[]string{"sh", "-c", "kill -9 $$"}, 137, "", ""},
		{[]string{missing}, 127, "", missing},
		{[]string{"no-such-program"}, 127, "", "no-such-program"},
		{[]string{plain}, 126, "", plain},
		{[]string{}, 2, "", "cmd"},
		{[]string{"--"}, 2, "", "npm test"},
		{[]string{"--no-such-flag", "true"}, 2, "", "--no-such-flag"},
		{[]string{"--addr", "nowhere", "true"}, 2, "", "--addr"},
		{[]string{"--faults", missing, "true"}, 2, "", "--faults"},
		{[]string{"--addr", "192.0.2.1:1", "--secret", "of-ours", "true"}, 125, "", "192.0.2.1"},
	} {
		w := startRun(t, tc.args...)
		code, out := w.end(t)
		if code != tc.code || strings.TrimSpace(out) != tc.out || !strings.Contains(w.err.String(), tc.err) || len(tc.args) > 0 && tc.args[0] == "-q" && w.err.Len() > 0 {
			t.Errorf("%v: exit code %d, %q, %s", tc.args, code, out, w.err.String())
		}
	}
}

// TestRunTellsTheProgram where the sandbox is and with which keys.
func TestRunTellsTheProgram(t *testing.T) {
	w := startRun(t, "--client-id", "mine", "--secret", "of-mine", "--", "sh", "-c",
		`echo $PLAID_CLIENT_ID $PLAID_SECRET $PLAID_ENV; echo $HTTPS_PROXY $GLENCHECK_URL; test -s "$SSL_CERT_FILE" && test -s "$NODE_EXTRA_CA_CERTS" && ls -ld "$(dirname "$SSL_CERT_FILE")"`)
	if got := w.line(t); got != "mine of-mine sandbox" {
		t.Error(got)
	}
	if got := w.line(t); strings.Count(got, "http://127.0.0.1:") != 2 {
		t.Error(got)
	}
	if got := w.line(t); !strings.HasPrefix(got, "drwx------") {
		t.Errorf("others may look: %s", got)
	}
	if code, _ := w.end(t); code != 0 {
		t.Errorf("exit code %d: %s", code, w.err.String())
	}
}

// TestRunPassesSignalsOn to the program and to what it has started, and takes
// the program's word for how it ended.
func TestRunPassesSignalsOn(t *testing.T) {
	for _, tc := range []struct {
		signal syscall.Signal
		script string
		code   int
		out    string
	}{
		{syscall.SIGTERM, `trap 'echo heard; exit 3' TERM; echo ready; while :; do sleep 0.05; done`, 3, "heard"},
		{syscall.SIGINT, `trap 'echo heard; exit 4' INT; echo ready; while :; do sleep 0.05; done`, 4, "heard"},
		{syscall.SIGHUP, `trap 'echo heard; exit 5' HUP; echo ready; while :; do sleep 0.05; done`, 5, "heard"},
		{syscall.SIGTERM, `echo ready; exec sleep 60`, 143, ""},
	} {
		w := startRun(t, "sh", "-c", tc.script)
		if got := w.line(t); got != "ready" {
			t.Fatal(got)
		}
		if err := w.cmd.Process.Signal(tc.signal); err != nil {
			t.Fatal(err)
		}
		if code, out := w.end(t); code != tc.code || strings.TrimSpace(out) != tc.out {
			t.Errorf("%v: exit code %d, %q, %s", tc.signal, code, out, w.err.String())
		}
	}
}

// TestRunLeavesNoProcess: what the program has started in the background ends
// with it, even what does not listen to SIGTERM.
func TestRunLeavesNoProcess(t *testing.T) {
	w := startRun(t, "sh", "-c", `sh -c 'trap "" TERM; echo $$; while :; do sleep 0.05; done' & sleep 60 & echo $!; wait $!`)
	var pids []int
	for range 2 {
		pid, err := strconv.Atoi(w.line(t))
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
	}
	w.cmd.Process.Signal(syscall.SIGTERM)
	if code, _ := w.end(t); code != 143 {
		t.Errorf("exit code %d: %s", code, w.err.String())
	}
	for _, pid := range pids {
		if state, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil && !strings.Contains(string(state), ") Z ") {
			t.Errorf("left behind: %s", state)
		}
	}
}

// TestRunClearsUpAfterOneThatWasKilled finds the directory of a run that had no
// chance to take it away, and leaves one alone whose run lives.
func TestRunClearsUpAfterOneThatWasKilled(t *testing.T) {
	dead := exec.Command("true")
	if err := dead.Run(); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", t.TempDir())
	name := func(pid int) string { return filepath.Join(os.TempDir(), fmt.Sprintf("%s%d-1", temporaryPrefix, pid)) }
	for _, pid := range []int{dead.Process.Pid, os.Getppid()} {
		if err := os.Mkdir(name(pid), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	dir, err := temporary()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(name(dead.Process.Pid)); !os.IsNotExist(err) {
		t.Error("the directory of a dead run is left")
	}
	for _, kept := range []string{dir, name(os.Getppid())} {
		if _, err := os.Stat(kept); err != nil {
			t.Error(err)
		}
	}
}

package main

import (
	"bufio"
	"os/exec"
	"strings"
	"testing"
)

// TestServeStopsWithStdin ends a server by closing its standard input, as the end
// of the program that has started it does.
func TestServeStopsWithStdin(t *testing.T) {
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "serve", "--addr", "127.0.0.1:0", "--db", ":memory:", "--log-format", "json", "--stop-with-stdin")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.Contains(lines.Text(), `"ready"`) {
			in.Close()
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("it did not stop calmly: %v", err)
	}
}

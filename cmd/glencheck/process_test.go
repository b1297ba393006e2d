package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api/apitest"
	"github.com/glencheck-dev/glencheck/internal/server"
)

// program builds the command once per test run.
var program = sync.OnceValues(func() (string, error) {
	dir, err := programDir()
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "glencheck")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

// process is a running glencheck serve.
type process struct {
	t    *testing.T
	cmd  *exec.Cmd
	URL  string
	done chan error

	mu  sync.Mutex
	log bytes.Buffer
}

// startProcess starts the built program and waits until it is ready. wrap, if
// given, is a command line that runs it (a shell with limits, for example).
func startProcess(t *testing.T, db string, wrap ...string) *process {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	line := append(wrap, path, "serve", "--addr", "127.0.0.1:0", "--db", db, "--log-format", "json")
	p := &process{t: t, cmd: exec.Command(line[0], line[1:]...), done: make(chan error, 1)}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Stderr = p.cmd.Stdout
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ready := make(chan string, 1)
	go p.read(out, ready)
	t.Cleanup(func() { p.kill() })
	select {
	case addr := <-ready:
		p.URL = "http://" + addr
	case <-time.After(30 * time.Second):
		t.Fatalf("the server did not get ready:\n%s", p.logged())
	}
	return p
}

// read keeps the log and finds the line that says where the server listens.
func (p *process) read(out io.Reader, ready chan<- string) {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		p.mu.Lock()
		p.log.Write(append(lines.Bytes(), '\n'))
		p.mu.Unlock()
		var line struct{ Msg, Addr string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "ready" {
			ready <- line.Addr
		}
	}
	p.done <- p.cmd.Wait()
}

func (p *process) logged() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// kill ends the process as a power cut would: at once, with no warning.
func (p *process) kill() {
	p.cmd.Process.Kill()
	p.wait()
}

// stop asks the process to end and returns how it did.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return p.wait()
}

func (p *process) wait() error {
	select {
	case err := <-p.done:
		p.done <- err
		return err
	case <-time.After(20 * time.Second):
		return fmt.Errorf("the process did not end")
	}
}

// client keeps connections of many workers open and gives up on a dead server.
var client = &http.Client{Timeout: 20 * time.Second, Transport: apitest.Transport(&http.Transport{MaxIdleConnsPerHost: 32})}

// post calls an endpoint with the sandbox's keys. ok is true only for a complete
// answer with status 200: one the server has acknowledged.
func (p *process) post(path string, in map[string]any) (out map[string]any, ok bool) {
	body, err := json.Marshal(in)
	if err != nil {
		panic(err)
	}
	req, err := http.NewRequest(http.MethodPost, p.URL+path, bytes.NewReader(body))
	if err != nil {
		panic(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("PLAID-CLIENT-ID", server.SandboxClientID)
	req.Header.Set("PLAID-SECRET", server.SandboxSecret)
	resp, err := client.Do(req)
	if err != nil {
		return nil, false
	}
	defer resp.Body.Close()
	if json.NewDecoder(resp.Body).Decode(&out) != nil {
		return nil, false
	}
	return out, resp.StatusCode == http.StatusOK
}

var built string // the directory of the built program

func programDir() (string, error) {
	var err error
	built, err = os.MkdirTemp("", "glencheck-program-")
	return built, err
}

// TestMain clears the built program away.
func TestMain(m *testing.M) {
	code := m.Run()
	if built != "" {
		os.RemoveAll(built)
	}
	os.Exit(code)
}

package server_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/server/servertest"
)

const headlessPage = "../../docs/headless.md"

// language is how the examples of one language are run.
type language struct {
	fence   string // of the code block
	file    string
	command []string // runs the file, which comes last
}

var languages = []language{
	{"sh", "example.sh", []string{"bash", "-euo", "pipefail"}},
	{"go", "example.go", []string{"go", "run"}},
	{"js", "example.mjs", []string{"node"}},
	{"python", "example.py", []string{"python3"}},
}

var blocks = regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```$")

// TestTheExamplesOfHeadlessRun runs docs/headless.md: its code against a server
// of its own, and what it says that comes of it.
func TestTheExamplesOfHeadlessRun(t *testing.T) {
	raw, err := os.ReadFile(headlessPage)
	if err != nil {
		t.Fatal(err)
	}
	page := string(raw)
	code := map[string]string{}
	for _, block := range blocks.FindAllStringSubmatch(page, -1) {
		code[block[1]] += block[2]
	}
	for _, l := range languages {
		t.Run(l.fence, func(t *testing.T) {
			if code[l.fence] == "" {
				t.Fatal("the page has no such example")
			}
			out := l.run(t, code[l.fence])
			if l.fence != "sh" {
				if out != "linked First Platypus Bank\n" {
					t.Errorf("it prints %q", out)
				}
				return
			}
			for _, line := range printed(page) {
				if !strings.Contains(out, line) {
					t.Errorf("the page says that %q is printed, and it is not:\n%s", line, out)
				}
			}
		})
	}
}

func (l language) run(t *testing.T, code string) string {
	t.Helper()
	tools := []string{l.command[0]}
	if l.fence == "sh" {
		tools = append(tools, "curl", "jq")
	}
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	s := servertest.Start(t)
	file := filepath.Join(t.TempDir(), l.file)
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(code, "http://localhost:8484", s.URL)), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(l.command[0], append(l.command[1:], file)...)
	cmd.Env = append(os.Environ(), "no_proxy=127.0.0.1", "NO_PROXY=127.0.0.1")
	var failed strings.Builder
	cmd.Stderr = &failed
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s%s", err, out, &failed)
	}
	return string(out)
}

// printed are the lines that the page shows as output, up to where one is cut.
func printed(page string) []string {
	var lines []string
	_, page, _ = strings.Cut(page, "## One call")
	for line := range strings.Lines(blocks.ReplaceAllString(page, "")) {
		if text, ok := strings.CutPrefix(line, "    "); ok {
			text, _, _ = strings.Cut(strings.TrimSuffix(text, "\n"), "…")
			lines = append(lines, text)
		}
	}
	return lines
}

// TestTheExampleOfOAuthRuns runs the shell of docs/oauth.md.
func TestTheExampleOfOAuthRuns(t *testing.T) {
	raw, err := os.ReadFile("../../docs/oauth.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range blocks.FindAllStringSubmatch(string(raw), -1) {
		if block[1] == "sh" {
			if out := languages[0].run(t, block[2]); out != "OAUTH\nCONNECTED\nPlaid Checking\n" {
				t.Errorf("it prints %q", out)
			}
		}
	}
}

package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// command runs one command line in this process. A server it starts is asked
// to stop as soon as it is ready.
func command(t *testing.T, args ...string) (code int, out, errOut string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var o, e bytes.Buffer
	code = run(&environment{ctx, &o, func() float64 { cancel(); return 61 }}, args, &e)
	return code, o.String(), e.String()
}

// TestEveryFlagHasAnEnvironmentName finds the names in the help text, where the
// user does, and wants them to be GLENCHECK_ and the flag's name.
func TestEveryFlagHasAnEnvironmentName(t *testing.T) {
	_, out, _ := command(t, "serve", "--help")
	_, flags, _ := strings.Cut(strings.Join(strings.Fields(out), " "), "--version")
	found := regexp.MustCompile(`--(?:\[no-\])?([a-z-]+)[= ].*?\(\$(GLENCHECK_[A-Z_]+)\)`).FindAllStringSubmatch(flags, -1)
	for _, m := range found {
		if want := "GLENCHECK_" + strings.ToUpper(strings.ReplaceAll(m[1], "-", "_")); m[2] != want {
			t.Errorf("--%s is %s, want %s", m[1], m[2], want)
		}
	}
	if want := reflect.TypeFor[serveCommand]().NumField() - 2 + reflect.TypeFor[railFlags]().NumField() + reflect.TypeFor[idvFlags]().NumField(); len(found) != want {
		t.Errorf("%d flags with an environment name, want %d:\n%s", len(found), want, out)
	}
}

func TestWrongUse(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, tc := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{}, 2, "serve"},
		{[]string{"fly"}, 2, "fly"},
		{[]string{"serve", "--no-such-flag"}, 2, "--no-such-flag"},
		{[]string{"serve", "--env", "development"}, 2, "--env"},
		{[]string{"serve", "--addr", "0.0.0.0:0"}, 2, "--secret"},
		{[]string{"serve", "--redirect-uri", "example.com"}, 2, "--redirect-uri"},
		{[]string{"serve", "--link-events", "sometimes"}, 2, "--link-events"},
		{[]string{"serve", "--link-webhooks", "none"}, 2, "--link-webhooks"},
		{[]string{"serve", "--rail-spool", "x"}, 2, "--rail"},
		{[]string{"serve", "--idv-people", "x", "--idv-source", "https://example.com"}, 2, "--idv-people"},
		{[]string{"serve", "--db", ":memory:", "--idv-templates", "no-such-file"}, 2, "--idv-templates"},
		{[]string{"serve", "--idv-sms", "https://example.com/sms"}, 2, "--idv-sms"},
		{[]string{"serve", "--idv-receivers", "nowhere"}, 2, "--idv-receivers"},
		{[]string{"serve", "--idv-faces", "nobody"}, 2, "--idv-faces"},
		{[]string{"spool", "/no/such/directory"}, 2, "/no/such/directory"},
		{[]string{"serve", "--env", "production", "--db", ":memory:"}, 2, "--client-id"},
		{[]string{"serve", "--kek", "/no/such/file", "--addr", "127.0.0.1:0", "--db", ":memory:"}, 2, "--kek"},
		{[]string{"serve", "--addr", l.Addr().String(), "--db", ":memory:"}, 1, "another program listens on"},
		{[]string{"serve", "--addr", "127.0.0.1:0", "--db", "/no/such/directory/x.db"}, 1, "/no/such/directory"},
		{[]string{"serve", "--addr", "127.0.0.1:0", "--db", "mysql://x"}, 1, "postgres://"},
	} {
		code, _, errOut := command(t, tc.args...)
		if code != tc.code || !strings.Contains(errOut, tc.want) {
			t.Errorf("%v: exit code %d, want %d; %q does not speak of %s", tc.args, code, tc.code, errOut, tc.want)
		}
		if n := strings.Count(errOut, "\n"); n > 2 {
			t.Errorf("%v: %d lines of complaint:\n%s", tc.args, n, errOut)
		}
	}
}

func TestHelpAndVersion(t *testing.T) {
	for _, arg := range []string{"--help", "--version"} {
		if code, out, _ := command(t, arg); code != 0 || !strings.Contains(out, "glencheck") {
			t.Errorf("%s: exit code %d: %s", arg, code, out)
		}
	}
}

func TestFirstScreen(t *testing.T) {
	code, out, errOut := command(t, "serve", "--addr", "127.0.0.1:0", "--db", ":memory:", "--public-url", "http://localhost:8484")
	want := `glencheck 0.1.0-dev, sandbox                         ready in 61 ms

  API         http://localhost:8484        explorer  /docs        partner  /partners/alloy/v1
  Link Demo   http://localhost:8484/demo   dashboard  /dashboard       contacts  /graphql
  client_id   676c656e636865636b736278
  secret      73616e64626f782d73656372657421
  partner     alloy, 616c6c6f79706172746e6572 / 616c6c6f792d7365637265742d3135
  log in as   user_good / pass_good        contacts  glencheck-sandbox-contacts-key

  try         open Link Demo in a browser and link an account
              glencheck demo, an account linked in the terminal
              your own program: give its Plaid client the API address above

  state       in memory, gone when the server stops        clock  real

`
	if code != 0 || out != want || errOut != "" {
		t.Errorf("exit code %d %s\ngot\n%s\nwant\n%s", code, errOut, out, want)
	}
	if n := strings.Count(strings.TrimSpace(out), "\n") + 1; n > 14 {
		t.Errorf("the first screen has %d lines, at most 14 fit", n)
	}
}

// TestFirstScreenKeepsSecrets never prints a secret that is not published.
func TestFirstScreenKeepsSecrets(t *testing.T) {
	t.Setenv("GLENCHECK_SECRET", "a-secret-of-ours")
	_, out, _ := command(t, "serve", "--addr", "127.0.0.1:0", "--db", ":memory:")
	if strings.Contains(out, "a-secret-of-ours") || !strings.Contains(out, "as given with --secret") {
		t.Error(out)
	}
}

func TestJSONLogHasNoScreen(t *testing.T) {
	_, out, _ := command(t, "serve", "--addr", "127.0.0.1:0", "--db", ":memory:", "--log-format", "json")
	if !strings.Contains(out, `"msg":"ready"`) {
		t.Errorf("no line says that the server is ready: %s", out)
	}
	for line := range strings.Lines(out) {
		if !strings.HasPrefix(line, "{") {
			t.Errorf("a line that is not JSON: %s", line)
		}
	}
}

// TestColourOnlyOnATerminal covers the cases without one; NO_COLOR is decided
// before the terminal is asked.
func TestColourOnlyOnATerminal(t *testing.T) {
	if colours(&bytes.Buffer{}) != (palette{}) {
		t.Error("colour in a buffer")
	}
	f, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if colours(f) != (palette{}) {
		t.Error("colour in a file")
	}
}

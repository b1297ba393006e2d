package servertest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/server"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// Stories runs every story in dir: a text file of requests with their answers,
// which reads as documentation and fails when an answer changes.
//
//	# Prose starts with a number sign.
//	POST /item/public_token/exchange
//	{"public_token": "$public_token"}
//	=> 200
//	{
//	  "access_token": "access-sandbox-#1",
//	  …
//	}
//
// $name, in a body or a path, stands for that member of the latest answer that had it at its top,
// $accounts.0.account_id goes deeper, $fill(1000) is that many letters. Lines
// such as "PLAID-SECRET: wrong" below the request line set a header; without a
// value they remove it. "CLOCK +31m" moves the clock, "LET first = $access_token"
// keeps a value under a name. WEBHOOK lists the webhooks that were delivered since
// the last such line, "WEBHOOK AUTH" those of one webhook_type.
//
// Each story starts on a fresh server that start returns. The clock stands
// still, and identifiers are written as what they are and which of their kind, in
// the order they come up (access-sandbox-#1), so answers repeat themselves. With
// update, the files are rewritten with the answers that came.
func Stories(t *testing.T, dir string, update bool, start func(t *testing.T) *Server) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories in %s (%v)", dir, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got, err := tell(start(t), string(text))
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if got == string(text) {
				return
			}
			if update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			t.Errorf("%s: %s\nif the change is meant, run: go test ./internal/server -run Stories -update", file, difference(string(text), got))
		})
	}
}

// teller tells one story.
type teller struct {
	server *Server
	lines  []string
	at     int
	out    strings.Builder
	known  map[string]any // the latest value of each top-level member
	names  names
	told   webhook.Cursor // the last webhook that was listed
}

// tell runs a story and returns it with the answers that came.
func tell(server *Server, text string) (string, error) {
	s := &teller{server: server, lines: strings.Split(strings.TrimSuffix(text, "\n"), "\n"), known: map[string]any{}, names: names{}}
	for s.at < len(s.lines) {
		line := s.lines[s.at]
		first := s.at + 1
		var err error
		switch {
		case line == "", strings.HasPrefix(line, "#"):
			s.keep(line)
		case strings.HasPrefix(line, "CLOCK +"):
			err = s.moveClock(line)
		case strings.HasPrefix(line, "LET "):
			err = s.let(line)
		case line == "WEBHOOK", strings.HasPrefix(line, "WEBHOOK "):
			err = s.webhooks(strings.TrimPrefix(line[len("WEBHOOK"):], " "))
		case request.MatchString(line):
			err = s.exchange()
		default:
			err = fmt.Errorf("neither prose nor a request: %q", line)
		}
		if err != nil {
			return "", fmt.Errorf("line %d: %w", first, err)
		}
	}
	return s.out.String(), nil
}

func (s *teller) keep(line string) {
	s.out.WriteString(line + "\n")
	s.at++
}

func (s *teller) moveClock(line string) error {
	d, err := time.ParseDuration(strings.TrimPrefix(line, "CLOCK +"))
	if err != nil {
		return err
	}
	s.server.Clock().Advance(d)
	s.keep(line)
	return nil
}

func (s *teller) let(line string) error {
	name, value, ok := strings.Cut(strings.TrimPrefix(line, "LET "), " = ")
	if !ok {
		return fmt.Errorf("LET wants: LET name = $value")
	}
	v, err := s.fill(value)
	if err != nil {
		return err
	}
	s.known[name] = v
	s.keep(line)
	return nil
}

// webhooks writes down what has been delivered.
func (s *teller) webhooks(kind string) error {
	s.keep(s.lines[s.at])
	for s.at < len(s.lines) && s.lines[s.at] != "" { // those that were told
		s.at++
	}
	list, err := s.server.Delivered(s.told)
	if err != nil {
		return err
	}
	for _, d := range list {
		if kind != "" && d.Type != kind {
			continue
		}
		fmt.Fprintf(&s.out, "<= %s\n%s\n", d.URL, s.remember(d.Body))
		s.told = d.Cursor()
	}
	return nil
}

// exchange sends the request that starts at the current line and writes it
// down with the answer that came.
func (s *teller) exchange() error {
	method, path, _ := strings.Cut(s.lines[s.at], " ")
	s.keep(s.lines[s.at])
	header := s.headers()
	var body []string
	for s.at < len(s.lines) && !strings.HasPrefix(s.lines[s.at], "=>") && s.lines[s.at] != "" {
		body = append(body, s.lines[s.at])
		s.keep(s.lines[s.at])
	}
	for s.at < len(s.lines) && s.lines[s.at] != "" { // the answer as it was told
		s.at++
	}
	sent, err := s.fill(strings.Join(body, "\n"))
	if err != nil {
		return err
	}
	if path, err = s.fill(path); err != nil {
		return err
	}
	status, answer, err := s.send(method, path, header, sent)
	if err != nil {
		return err
	}
	fmt.Fprintf(&s.out, "=> %d\n%s\n", status, answer)
	return nil
}

// request is the first line of a request. Its path may have variables.
var request = regexp.MustCompile(`^(POST|GET|PUT|PATCH|DELETE) /`)

var headerLine = regexp.MustCompile(`^([A-Z][A-Za-z-]+):\s*(.*)$`)

func (s *teller) headers() map[string]string {
	set := map[string]string{}
	for s.at < len(s.lines) {
		m := headerLine.FindStringSubmatch(s.lines[s.at])
		if m == nil {
			break
		}
		set[m[1]] = m[2]
		s.keep(s.lines[s.at])
	}
	return set
}

func (s *teller) send(method, path string, header map[string]string, body string) (int, string, error) {
	req, err := http.NewRequest(method, s.server.URL+path, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	if method == http.MethodPost {
		s.server.sign(req)
	}
	for name, value := range header {
		req.Header.Del(name)
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	resp, err := s.server.Client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, "", err
	}
	return resp.StatusCode, s.remember(got), nil
}

// remember keeps the members of an answer for later requests and lays it out.
func (s *teller) remember(answer []byte) string {
	var members map[string]any
	if json.Unmarshal(answer, &members) == nil {
		for name, v := range members {
			s.known[name] = v
		}
	}
	answer = eventMetadata.ReplaceAllFunc(answer, func(event []byte) []byte { return null.ReplaceAll(event, nil) })
	return s.names.replace(server.Layout(answer, width))
}

// The metadata of an event of Link has eighteen members, most of them null,
// which the stories leave out; package link's own tests count them.
var (
	eventMetadata = regexp.MustCompile(`"event_name":"[A-Z_]+","metadata":\{[^{}]*\}`)
	null          = regexp.MustCompile(`"[a-z_]+":null,|,"[a-z_]+":null`)
)

// width is how long a line of a story may get before a value is spread over
// several.
const width = 132

var variable = regexp.MustCompile(`\$fill\((\d+)\)|\$([a-z_0-9]*[a-z_][a-z_0-9]*)((?:\.[a-z_0-9]+)*)`)

// fill replaces the variables of text.
func (s *teller) fill(text string) (string, error) {
	var failed error
	filled := variable.ReplaceAllStringFunc(text, func(match string) string {
		m := variable.FindStringSubmatch(match)
		if m[1] != "" {
			n, _ := strconv.Atoi(m[1])
			return strings.Repeat("x", n)
		}
		v, ok := s.known[m[2]]
		for _, step := range strings.FieldsFunc(m[3], func(r rune) bool { return r == '.' }) {
			v, ok = inside(v, step)
		}
		if text, isText := v.(string); ok && isText {
			return text
		}
		if failed == nil {
			failed = fmt.Errorf("no answer had %s as a text", match)
		}
		return match
	})
	return filled, failed
}

func inside(v any, step string) (any, bool) {
	switch v := v.(type) {
	case map[string]any:
		inner, ok := v[step]
		return inner, ok
	case []any:
		if i, err := strconv.Atoi(step); err == nil && i < len(v) {
			return v[i], true
		}
	}
	return nil, false
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/server"
)

// journey is a client that tells what it does.
type journey struct {
	ctx        context.Context
	base       string
	id, secret string
	out        io.Writer
	look       palette

	token, public, access, account string
	events                         []string // "TRANSITION_VIEW CREDENTIAL", in order

	parts, calls, checks, wrong int
	lost                        error // what makes it pointless to go on
}

func (j *journey) title(text string) {
	j.parts++
	fmt.Fprintf(j.out, "\n%d  %s\n", j.parts, text)
}

// check compares; a check that does not come true is printed and counted.
func (j *journey) check(ok bool, what string) {
	j.checks++
	if ok {
		fmt.Fprintf(j.out, "   %sok%s     %s\n", j.look.accent, j.look.reset, what)
		return
	}
	j.wrong++
	fmt.Fprintf(j.out, "   %swrong%s  not so: %s\n", j.look.bad, j.look.reset, what)
}

// width is how long a line of JSON may get in the terminal.
const width = 90

// handle finds the name of a Link session, which every step repeats: the first
// letters tell enough.
var handle = regexp.MustCompile(`"session": "([0-9a-f]{8})[0-9a-f]+"`)

// answer is the body of an answer.
type answer map[string]any

func (a answer) at(path ...string) any {
	var v any = map[string]any(a)
	for _, step := range path {
		switch inner := v.(type) {
		case map[string]any:
			v = inner[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(inner) {
				return nil
			}
			v = inner[i]
		default:
			return nil
		}
	}
	return v
}

func (a answer) text(path ...string) string {
	s, _ := a.at(path...).(string)
	return s
}

func (a answer) length(path ...string) int {
	list, _ := a.at(path...).([]any)
	return len(list)
}

// accountWithMask finds the choice of the account pane that shows these digits.
func (a answer) accountWithMask(mask string) string {
	for i := range a.length("fields", "0", "options") {
		if n := strconv.Itoa(i); a.text("fields", "0", "options", n, "mask") == mask {
			return a.text("fields", "0", "options", n, "value")
		}
	}
	return ""
}

// call makes a call to the API and prints it with its answer.
func (j *journey) call(path, body string) answer {
	a, raw := j.send(path, body)
	j.print("<", server.Layout(raw, width))
	return a
}

// pane does something in Link and prints the pane and the events that come of
// it.
func (j *journey) pane(what, body string) answer {
	a, raw := j.send("/sandbox/link/session/"+what, body)
	if a.text("error_code") != "" {
		j.print("<", server.Layout(raw, width))
		return a
	}
	var events []string
	for i := range a.length("events") {
		n := strconv.Itoa(i)
		name := a.text("events", n, "event_name")
		for _, detail := range []string{"view_name", "error_code"} {
			if d := a.text("events", n, "metadata", detail); d != "" {
				name += " " + d
			}
		}
		events = append(events, name)
	}
	j.events = append(j.events, events...)
	var end struct{ Done json.RawMessage }
	if json.Unmarshal(raw, &end) == nil && end.Done != nil {
		j.print("<", server.Layout(end.Done, width))
	} else {
		j.print("<", fmt.Sprintf("pane %s: %s", a.text("view"), a.text("title")))
	}
	j.print(" ", "events: "+strings.Join(events, ", "))
	return a
}

// send makes a call and prints what was asked and how it ended.
func (j *journey) send(path, body string) (answer, []byte) {
	j.calls++
	took := clock.Stopwatch()
	status, raw, err := j.do(path, body)
	if err != nil {
		fmt.Fprintf(j.out, "   POST %s\n", path)
		j.check(false, "the server answers: "+err.Error())
		j.lost = err
		return answer{}, nil
	}
	fmt.Fprintf(j.out, "   POST %-40s %s%d %6.1f ms%s\n", path, j.look.dim, status, float64(took().Microseconds())/1000, j.look.reset)
	j.print(">", server.Layout(handle.ReplaceAll([]byte(body), []byte(`"session": "$1…"`)), width))
	var a answer
	if err := json.Unmarshal(raw, &a); err != nil {
		j.check(false, "the answer is JSON: "+err.Error())
	}
	return a, raw
}

func (j *journey) do(path, body string) (int, []byte, error) {
	req, err := http.NewRequestWithContext(j.ctx, http.MethodPost, j.base+path, bytes.NewReader([]byte(body)))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("PLAID-CLIENT-ID", j.id)
	req.Header.Set("PLAID-SECRET", j.secret)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	return resp.StatusCode, raw, err
}

func (j *journey) print(mark, text string) {
	for line := range strings.Lines(text) {
		fmt.Fprintf(j.out, "     %s%s%s %s\n", j.look.dim, mark, j.look.reset, strings.TrimRight(line, "\n"))
		mark = " "
	}
}

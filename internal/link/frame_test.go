package link_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/link/linktest"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/web"
)

func newFrame(t testing.TB, change ...func(*link.FrameConfig)) (*stand, *link.Frame) {
	t.Helper()
	s := newStand(t, storetest.SQLite(t))
	cfg := link.FrameConfig{Sessions: s.Sessions, Tokens: s.tokens, IDs: s.config.IDs, Log: s.config.Log, PublicURL: "https://link.example/"}
	for _, f := range change {
		f(&cfg)
	}
	return s, link.NewFrame(cfg)
}

func get(h http.Handler, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func post(h http.Handler, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestTheScriptKnowsItsServer(t *testing.T) {
	_, f := newFrame(t)
	w := get(f, "/link/v2/stable/link-initialize.js")
	if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/javascript") || strings.Contains(w.Body.String(), web.PublicURLPlaceholder) {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if again := get(f, "/link/v2/stable/link-initialize.js", "If-None-Match", w.Header().Get("ETag")); again.Code != 304 || again.Body.Len() != 0 {
		t.Errorf("the same script again: %d with %d bytes", again.Code, again.Body.Len())
	}
}

func TestScriptsTravelCompressed(t *testing.T) {
	_, f := newFrame(t)
	for _, path := range []string{"/link/v2/stable/link-initialize.js", web.Path("link.js"), web.Path("link.css"), web.Path("embedded.js")} {
		plain := get(f, path)
		for accept, want := range map[string]string{"": "", "gzip, deflate, br": "gzip", "br": "", "gzip;q=0": "", "deflate, gzip;q=0.5": "gzip", "gzip;q=x": ""} {
			w := get(f, path, "Accept-Encoding", accept)
			if got := w.Header().Get("Content-Encoding"); got != want || w.Header().Get("Vary") != "Accept-Encoding" || w.Header().Get("Content-Length") != strconv.Itoa(w.Body.Len()) {
				t.Errorf("%s for %q: %v", path, accept, w.Header())
			}
			body := io.Reader(w.Body)
			if want == "gzip" {
				z, err := gzip.NewReader(body)
				if err != nil {
					t.Fatal(err)
				}
				body = z
			}
			if got, err := io.ReadAll(body); err != nil || string(got) != plain.Body.String() {
				t.Errorf("%s for %q: %d bytes, %v", path, accept, len(got), err)
			}
		}
		if again := get(f, path, "Accept-Encoding", "gzip", "If-None-Match", plain.Header().Get("ETag")); again.Code != 304 {
			t.Errorf("%s again: %d", path, again.Code)
		}
	}
}

func TestThePageInTheFrame(t *testing.T) {
	s, f := newFrame(t)
	german := s.tokens[theToken]
	german.Language = "de"
	s.tokens["german"] = german
	for token, lang := range map[string]string{theToken: "en", "unknown": "en", "german": web.TextLanguage("de")} {
		w := get(f, "/link/v2/stable/link.html?id=1&origin=https://app.example&token="+token)
		if w.Code != 200 || !strings.Contains(w.Body.String(), `<html lang="`+lang+`"`) {
			t.Errorf("%s: %d %.100s", token, w.Code, w.Body)
		}
		const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors *"
		for name, want := range map[string]string{
			"Content-Security-Policy": csp, "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		if strings.Contains(w.Body.String(), token) {
			t.Error("the page repeats the token")
		}
	}
}

// Only where a person is verified may the page use the camera.
func TestTheCameraIsForVerification(t *testing.T) {
	s, f := newFrame(t)
	verifies := s.tokens[theToken]
	verifies.Verification = &link.Verification{}
	s.tokens["verifies"] = verifies
	for token, want := range map[string]string{theToken: "camera=()", "unknown": "camera=()", "verifies": "camera=(self)"} {
		if got := get(f, "/link/v2/stable/link.html?id=1&origin=https://app.example&token="+token).Header().Get("Permissions-Policy"); !strings.HasPrefix(got, want+", ") {
			t.Errorf("%s: %s", token, got)
		}
	}
}

func TestOnlyKnownPagesShowLink(t *testing.T) {
	_, f := newFrame(t, func(c *link.FrameConfig) {
		c.Ancestors = func(_ context.Context, _ string) []string {
			return []string{"https://app.example", "https://www.app.example"}
		}
	})
	for token, want := range map[string]string{theToken: "frame-ancestors https://app.example https://www.app.example", "unknown": "frame-ancestors 'none'"} {
		if got := get(f, "/link/v2/stable/link.html?id=1&origin=https://app.example&token="+token).Header().Get("Content-Security-Policy"); !strings.HasSuffix(got, want) {
			t.Errorf("%s: %s", token, got)
		}
	}
}

func TestAssets(t *testing.T) {
	_, f := newFrame(t)
	for _, file := range web.Assets() {
		w := get(f, web.Path(file.Name))
		if file.Name == "link-initialize.js" {
			if w.Code != 404 {
				t.Error("the script is served without its server's address")
			}
			continue
		}
		if w.Code != 200 || w.Body.Len() != len(file.Body) || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d, %v", file.Name, w.Code, w.Header())
		}
		if w = get(f, web.AssetPath+file.Name); strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s is kept for ever without its hash", file.Name)
		}
	}
	for _, path := range []string{"/link/assets/nothing.js", "/link/assets/../secret", "/link/", "/link/session"} {
		if w := get(f, path); w.Code < 300 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

// reply is an answer of the frame as a browser reads it.
type reply struct {
	Session string `json:"session"`
	Pane    *struct {
		View, HTML string
		Seq        int64
		ExitStatus string               `json:"exit_status"`
		Error      map[string]any       `json:"error"`
		Inst       *link.InstitutionRef `json:"institution"`
	}
	Sheet    *struct{ HTML string }
	Fragment *struct{ Target, HTML, Status string }
	Events   []struct {
		Name     string         `json:"event_name"`
		Metadata map[string]any `json:"metadata"`
	}
	Done  *link.Done
	Code  string `json:"error_code"`
	Type  string `json:"error_type"`
	ReqID string `json:"request_id"`
	Seen  int64
}

func ask(t testing.TB, h http.Handler, what, body string) (int, reply) {
	t.Helper()
	w := post(h, "/link/session/"+what, body)
	var r reply
	if err := json.NewDecoder(w.Body).Decode(&r); err != nil {
		t.Fatalf("%s %.200s: %v", what, body, err)
	}
	return w.Code, r
}

func TestABrowserGoesThrough(t *testing.T) {
	_, f := newFrame(t)
	code, r := ask(t, f, "open", `{"link_token":"`+theToken+`","origin":"https://app.example"}`)
	if code != 200 || r.Session == "" || r.Pane == nil || r.Pane.View != "CONSENT" || r.Pane.Seq != 1 || len(r.Events) != 1 {
		t.Fatalf("open: %d %+v", code, r)
	}
	wantKeys := []string{"link_session_id", "request_id", "timestamp", "institution_id", "institution_name", "view_name", "mfa_type", "error_type", "error_code",
		"error_message", "exit_status", "institution_search_query", "is_update_mode", "match_reason", "routing_number", "account_number_mask", "selection"}
	if n := len(r.Events[0].Metadata); n != len(wantKeys) {
		t.Errorf("the metadata of OPEN has %d keys: %v", n, r.Events[0].Metadata)
	}
	for _, key := range wantKeys {
		if _, ok := r.Events[0].Metadata[key]; !ok {
			t.Errorf("the metadata of OPEN lacks %s", key)
		}
	}
	if r.Events[0].Metadata["is_update_mode"] != "false" || r.Events[0].Metadata["timestamp"] != "2026-11-22T10:00:00.000Z" {
		t.Errorf("metadata of OPEN: %v", r.Events[0].Metadata)
	}
	session := r.Session
	step := func(seq int, rest string) reply {
		t.Helper()
		body, _ := json.Marshal(map[string]any{"session": session, "seq": seq})
		_, r := ask(t, f, "step", strings.TrimSuffix(string(body), "}")+","+rest+"}")
		return r
	}
	step(1, `"action":"submit"`)
	if r = step(2, `"action":"search","value":"toy"`); r.Pane != nil || r.Fragment == nil || r.Fragment.Target != "institutions" || r.Fragment.Status != "1 result" {
		t.Fatalf("search: %+v", r)
	}
	linktest.CheckHTML(t, strings.Replace(r.Fragment.HTML, `aria-labelledby="list-title"`, "", 1))
	step(2, `"action":"pick","value":"ins_1"`)
	if r = step(3, `"action":"submit","fields":{"word":["wrong","other"]}`); r.Pane == nil || r.Pane.View != "CREDENTIAL" || r.Pane.Error["error_code"] != "INVALID_CREDENTIALS" || r.Pane.Inst.ID != "ins_1" {
		t.Fatalf("wrong: %+v", r)
	}
	if _, r = ask(t, f, "exit", `{"session":"`+session+`","seq":5}`); r.Sheet == nil || r.Done != nil {
		t.Fatalf("exit: %+v", r)
	}
	linktest.CheckHTML(t, r.Sheet.HTML)
	if r = step(5, `"action":"stay"`); r.Pane == nil || r.Sheet != nil {
		t.Fatalf("stay: %+v", r)
	}
	step(5, `"action":"submit","fields":{"word":"good"}`)
	step(7, `"action":"submit","fields":{"word":"all"}`)
	if r = step(8, `"action":"submit"`); r.Done == nil || r.Done.Kind != "success" || r.Pane != nil {
		t.Fatalf("finish: %+v", r)
	}
}

// Apps mint another token when they read this code, so nothing that is no token
// may be answered with another.
func TestWhatIsNoTokenIsAnInvalidToken(t *testing.T) {
	_, f := newFrame(t)
	for _, token := range []string{"", "x", strings.Repeat("x", 5000)} {
		code, r := ask(t, f, "open", `{"link_token":"`+token+`"}`)
		if code != 200 || r.Done == nil || r.Done.Error == nil || r.Done.Error.Code != "INVALID_LINK_TOKEN" {
			t.Errorf("a token of %d letters: %d %+v", len(token), code, r.Done)
		}
	}
}

func TestMalformedRequestsAreRefused(t *testing.T) {
	_, f := newFrame(t)
	_, r := ask(t, f, "open", `{"link_token":"`+theToken+`"}`)
	session := r.Session
	for _, c := range []struct{ what, body, code string }{
		{"open", ``, "INVALID_BODY"},
		{"open", `[]`, "INVALID_BODY"},
		{"open", `{"link_token":1}`, "INVALID_FIELD"},
		{"open", `{"link_token":"a","link_token":"b"}`, "INVALID_BODY"},
		{"open", `{"link_token":"a","more":1}`, "UNKNOWN_FIELDS"},
		{"open", `{"link_token":"` + strings.Repeat("x", 1<<20) + `"}`, "INVALID_BODY"},
		{"step", `{}`, "MISSING_FIELDS"},
		{"step", `{"session":"` + session + `","seq":"1","action":"submit"}`, "INVALID_FIELD"},
		{"step", `{"session":"` + session + `","seq":1,"action":"fly"}`, "INVALID_FIELD"},
		{"step", `{"session":"` + session + `","seq":1,"action":"submit","fields":{"a":1}}`, "INVALID_FIELD"},
		{"step", `{"session":"` + session + `","seq":1,"action":"submit","fields":{"a":"` + strings.Repeat("x", 1<<20) + `"}}`, "INVALID_BODY"},
		{"step", `{"session":"` + strings.Repeat("0", 96) + `","seq":1,"action":"submit"}`, "INVALID_LINK_TOKEN"},
		{"exit", `{"session":"nobody","seq":1,"force":true}`, "INVALID_LINK_TOKEN"},
		{"else", `{}`, "NOT_FOUND"},
	} {
		code, r := ask(t, f, c.what, c.body)
		if want := map[bool]int{true: 404, false: 400}[c.code == "NOT_FOUND"]; code != want || r.Code != c.code || r.ReqID == "" {
			t.Errorf("%s %.100s: %d %+v, want %s", c.what, c.body, code, r, c.code)
		}
	}
	if _, r := ask(t, f, "step", `{"session":"`+session+`","seq":1,"action":"submit"}`); r.Pane == nil || r.Pane.Seq != 2 {
		t.Errorf("the session suffered: %+v", r)
	}
}

// FuzzStep sends anything to a session: whatever it is, the answer is JSON and
// the session stays usable.
func FuzzStep(f *testing.F) {
	for _, seed := range []string{
		`{"session":"S","seq":1,"action":"submit"}`, `{"session":"S","seq":2,"action":"pick","value":"ins_1"}`,
		`{"session":"S","seq":1,"action":"search","value":"<script>"}`, `{"session":"S","seq":1,"action":"leave","fields":{"word":["a","b"]}}`,
		`{"session":"S","seq":9223372036854775807,"action":"back"}`, `{"session":"S","seq":1,"action":"\u0000","fields":{"":null}}`, `{`,
	} {
		f.Add(seed)
	}
	s, frame := newFrame(f)
	f.Fuzz(func(t *testing.T, body string) {
		p := (&stand{TB: t, Sessions: s.Sessions, bank: s.bank, clock: s.clock, tokens: s.tokens, config: s.config}).person()
		w := post(frame, "/link/session/step", strings.Replace(body, `"S"`, `"`+p.handle+`"`, 1))
		out, _ := io.ReadAll(w.Body)
		if !json.Valid(out) || w.Code >= 500 {
			t.Errorf("%d %s", w.Code, out)
		}
		if turn, err := s.Exit(t.Context(), "req", link.ExitRequest{Handle: p.handle, Force: true}); err != nil || turn.Done == nil {
			t.Errorf("the session cannot be left: %+v, %v", turn, err)
		}
	})
}

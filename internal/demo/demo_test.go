package demo_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/demo"
)

// bank answers as the API would, and remembers what was asked.
type bank struct {
	asked  []string
	bodies []map[string]any
	fail   string // the path that fails
	get    string // the answer to /link/token/get
}

func (b *bank) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body map[string]any
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
		http.Error(w, "not a call of the API", http.StatusTeapot)
		return
	}
	b.asked = append(b.asked, r.URL.Path)
	b.bodies = append(b.bodies, body)
	if r.URL.Path == b.fail {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"error_code":"INVALID_PUBLIC_TOKEN"}`)
		return
	}
	answers := map[string]string{
		"/link/token/get":             b.get,
		"/user/create":                `{"user_id":"usr_1"}`,
		"/link/token/create":          `{"link_token":"link-sandbox-1","hosted_link_url":"http://localhost:8484/link/hosted/1"}`,
		"/item/public_token/exchange": `{"access_token":"access-sandbox-1"}`,
	}
	_, _ = io.WriteString(w, cmp.Or(answers[r.URL.Path], `{"accounts":[]}`))
}

type answer struct {
	Calls []struct {
		Path              string
		Status            int
		Request, Response map[string]any
	}
	LinkToken string `json:"link_token"`
	HostedURL string `json:"hosted_link_url"`
	Ended     string
}

func ask(t *testing.T, h http.Handler, path, contentType, body string) (int, answer) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var a answer
	if w.Code == http.StatusOK {
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
	}
	return w.Code, a
}

func handler(b *bank) http.Handler {
	return demo.Handler(demo.Config{PublicURL: "http://localhost:8484/", ClientID: "the-client", Secret: "the-secret", API: b, NewID: func() string { return "user-1" }})
}

// Each flow on the page makes its calls, with the client's keys, in order.
func TestFlows(t *testing.T) {
	for _, c := range []struct {
		flow     string
		products []any
		reads    []string
	}{
		{"auth", []any{"auth"}, []string{"/auth/get"}},
		{"auth_identity", []any{"auth", "identity"}, []string{"/auth/get", "/identity/get"}},
		{"identity", []any{"identity"}, []string{"/identity/get"}},
		{"oauth", []any{"auth"}, []string{"/auth/get"}},
	} {
		t.Run(c.flow, func(t *testing.T) {
			b := &bank{}
			h := handler(b)
			code, a := ask(t, h, "/demo/api/token", "application/json", fmt.Sprintf(`{"flow":%q}`, c.flow))
			if code != http.StatusOK || a.LinkToken != "link-sandbox-1" || len(a.Calls) != 1 || a.Calls[0].Path != "/link/token/create" {
				t.Fatalf("token: %d %+v", code, a)
			}
			if got := b.bodies[0]["products"]; !slices.Equal(got.([]any), c.products) {
				t.Errorf("products = %v, want %v", got, c.products)
			}
			if got := b.bodies[0]["institution_id"]; (got == "ins_127287") != (c.flow == "oauth") {
				t.Errorf("it opens at %v", got)
			}
			code, a = ask(t, h, "/demo/api/finish", "application/json", fmt.Sprintf(`{"flow":%q,"public_token":"public-1"}`, c.flow))
			if code != http.StatusOK {
				t.Fatalf("finish: %d", code)
			}
			want := append([]string{"/link/token/create", "/item/public_token/exchange"}, c.reads...)
			if !slices.Equal(b.asked, want) {
				t.Errorf("asked %v, want %v", b.asked, want)
			}
			for i, body := range b.bodies {
				if body["client_id"] != "the-client" || body["secret"] != "the-secret" {
					t.Errorf("%s was called without the client's keys", b.asked[i])
				}
			}
			if b.bodies[1]["public_token"] != "public-1" || b.bodies[2]["access_token"] != "access-sandbox-1" {
				t.Errorf("tokens were not handed on: %v", b.bodies)
			}
			// What the page shows is what was sent and answered.
			if last := a.Calls[len(a.Calls)-1]; last.Status != http.StatusOK || last.Request["access_token"] != "access-sandbox-1" || last.Response["accounts"] == nil {
				t.Errorf("the last call is shown as %+v", last)
			}
		})
	}
}

// TestHostedPage: the page is asked for, and its result read when there is one.
func TestHostedPage(t *testing.T) {
	b := &bank{}
	h := handler(b)
	if _, a := ask(t, h, "/demo/api/token", "application/json", `{"flow":"auth","hosted":true}`); a.HostedURL != "http://localhost:8484/link/hosted/1" || b.bodies[0]["hosted_link"] == nil {
		t.Fatalf("%+v of %v", a, b.bodies)
	}
	if _, a := ask(t, h, "/demo/api/token", "application/json", `{"flow":"auth"}`); b.bodies[1]["hosted_link"] != nil || len(a.Calls) != 1 {
		t.Errorf("a page nobody asked for: %v", b.bodies[1])
	}
	const left, done, under = `{"finished_at":"2026-01-05T09:00:00Z","results":null}`, `{"finished_at":"2026-01-05T09:00:00Z","results":{"item_add_results":[{"public_token":"public-1"}]}}`, `{"finished_at":null,"results":null}`
	for _, c := range []struct {
		sessions, ended string
		calls           []string
	}{
		{``, "", nil},
		{under, "", nil},
		{left, "exit", nil},
		{left + "," + under, "", nil},
		{left + "," + done, "success", []string{"/item/public_token/exchange", "/auth/get"}},
	} {
		b.asked, b.get = nil, `{"link_sessions":[`+c.sessions+`]}`
		code, a := ask(t, h, "/demo/api/result", "application/json", `{"flow":"auth","link_token":"link-sandbox-1"}`)
		if want := append([]string{"/link/token/get"}, c.calls...); code != http.StatusOK || a.Ended != c.ended || !slices.Equal(b.asked, want) || len(a.Calls) != len(want) {
			t.Errorf("%s: %d %q, asked %v", c.sessions, code, a.Ended, b.asked)
		}
	}
}

// TestOnlyAPublishedSecretIsShown: what the page gets is open to whoever reaches
// it.
func TestOnlyAPublishedSecretIsShown(t *testing.T) {
	for _, show := range []bool{true, false} {
		b := &bank{}
		h := demo.Handler(demo.Config{ClientID: "the-client", Secret: "the-secret", API: b, ShowSecret: show})
		_, token := ask(t, h, "/demo/api/token", "application/json", `{"flow":"auth"}`)
		_, finish := ask(t, h, "/demo/api/finish", "application/json", `{"flow":"auth","public_token":"x"}`)
		for i, c := range append(token.Calls, finish.Calls...) {
			if shown := c.Request["secret"] == "the-secret"; shown != show || c.Request["secret"] == nil || c.Request["client_id"] != "the-client" {
				t.Errorf("show %v: %s is shown with %v", show, c.Path, c.Request)
			}
			if b.bodies[i]["secret"] != "the-secret" {
				t.Errorf("%s was called without the secret", c.Path)
			}
		}
	}
}

// The flow of update mode makes an Item and breaks it first; a call that fails is
// the last that is made and shown.
func TestRepairFlow(t *testing.T) {
	all := []string{"/sandbox/public_token/create", "/item/public_token/exchange", "/sandbox/item/reset_login", "/link/token/create"}
	b := &bank{}
	code, a := ask(t, handler(b), "/demo/api/token", "application/json", `{"flow":"update"}`)
	if code != http.StatusOK || a.LinkToken != "link-sandbox-1" || !slices.Equal(b.asked, all) || len(a.Calls) != len(all) {
		t.Fatalf("%d %+v, asked %v", code, a, b.asked)
	}
	if last := b.bodies[3]; last["access_token"] != "access-sandbox-1" || last["products"] != nil {
		t.Errorf("the link token is asked for with %v", last)
	}
	for n, path := range all {
		b := &bank{fail: path}
		code, a := ask(t, handler(b), "/demo/api/token", "application/json", `{"flow":"update"}`)
		if code != http.StatusOK || a.LinkToken != "" || !slices.Equal(b.asked, all[:n+1]) || len(a.Calls) != n+1 || a.Calls[n].Status != http.StatusBadRequest {
			t.Errorf("%s fails: %d %+v", path, code, a)
		}
	}
}

func TestFinishStopsAtAFailure(t *testing.T) {
	b := &bank{fail: "/item/public_token/exchange"}
	code, a := ask(t, handler(b), "/demo/api/finish", "application/json", `{"flow":"auth","public_token":"x"}`)
	if code != http.StatusOK || len(a.Calls) != 1 || a.Calls[0].Status != http.StatusBadRequest || a.Calls[0].Response["error_code"] != "INVALID_PUBLIC_TOKEN" {
		t.Errorf("%d %+v, want the failed call alone", code, a)
	}
}

func TestStepsRefuse(t *testing.T) {
	b := &bank{}
	h := handler(b)
	for name, c := range map[string]struct{ contentType, body string }{
		"a form of another site": {"text/plain", `{"flow":"auth"}`},
		"no JSON":                {"application/json", `flow=auth`},
		"two values":             {"application/json", `{"flow":"auth"}{}`},
		"an unknown flow":        {"application/json", `{"flow":"gold"}`},
		"a long body":            {"application/json", `{"flow":"auth","public_token":"` + strings.Repeat("x", 5000) + `"}`},
	} {
		if code, _ := ask(t, h, "/demo/api/token", c.contentType, c.body); code != http.StatusBadRequest {
			t.Errorf("%s: %d, want 400", name, code)
		}
	}
	if len(b.asked) > 0 {
		t.Errorf("a refused step called %v", b.asked)
	}
}

func TestPage(t *testing.T) {
	h := handler(&bank{})
	for query, checked := range map[string]string{"": "auth", "?flow=identity": "identity", "?flow=<script>": "auth"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/demo"+query, nil))
		page := w.Body.String()
		if w.Code != http.StatusOK || !strings.Contains(page, fmt.Sprintf(`value=%q checked`, checked)) || strings.Count(page, " checked") != 1 {
			t.Errorf("%q: the page does not have %s chosen", query, checked)
		}
		if !strings.Contains(page, `<script src="http://localhost:8484/link/v2/stable/link-initialize.js">`) {
			t.Errorf("%q: the page does not load the drop-in script as a customer would", query)
		}
		for _, bad := range []string{" style=", "<style", " onclick=", "demo.", "ZgotmplZ"} {
			if strings.Contains(strings.ReplaceAll(page, "demo.js", ""), bad) {
				t.Errorf("%q: the page holds %q", query, bad)
			}
		}
		csp := w.Header().Get("Content-Security-Policy")
		if !strings.HasPrefix(csp, "default-src 'none'; script-src 'self' http://localhost:8484; ") || strings.Contains(csp, "unsafe") {
			t.Errorf("policy %q", csp)
		}
	}
}

// What a flow needs before its link token, and what the token then names; a call that
// fails is the last.
func TestPreparedFlows(t *testing.T) {
	for flow, path := range map[string]string{"several": "/user/create", "returning": "/sandbox/team/customization/set"} {
		b := &bank{}
		body := fmt.Sprintf(`{"flow":%q}`, flow)
		if _, a := ask(t, handler(b), "/demo/api/token", "application/json", body); a.LinkToken != "link-sandbox-1" || !slices.Equal(b.asked, []string{path, "/link/token/create"}) || len(a.Calls) != 2 {
			t.Fatalf("%s: %+v, asked %v", flow, a, b.asked)
		}
		token := b.bodies[1]
		if flow == "several" && (b.bodies[0]["client_user_id"] != "user-1" || token["user_id"] != "usr_1" || token["user"] != nil || token["enable_multi_item_link"] != true) {
			t.Errorf("%v", b.bodies)
		}
		if flow == "returning" && (b.bodies[0]["returning_user"] != true || token["link_customization_name"] != b.bodies[0]["name"] || token["user"] == nil) {
			t.Errorf("%v", b.bodies)
		}
		b = &bank{fail: path}
		if _, a := ask(t, handler(b), "/demo/api/token", "application/json", body); a.LinkToken != "" || len(a.Calls) != 1 || a.Calls[0].Status != http.StatusBadRequest {
			t.Errorf("%s fails: %+v", path, a)
		}
	}
}

// A session of several Items has none in onSuccess: the link token tells of them.
func TestSeveralItemsAreRead(t *testing.T) {
	b := &bank{get: `{"link_sessions":[{"finished_at":"2026-01-05T09:00:00Z","results":{"item_add_results":[{"public_token":"public-1"},{"public_token":"public-2"}]}}]}`}
	_, a := ask(t, handler(b), "/demo/api/finish", "application/json", `{"flow":"several","public_token":null,"link_token":"link-sandbox-1"}`)
	if want := []string{"/link/token/get", "/item/public_token/exchange", "/auth/get", "/item/public_token/exchange", "/auth/get"}; !slices.Equal(b.asked, want) || len(a.Calls) != len(want) || b.bodies[3]["public_token"] != "public-2" {
		t.Errorf("asked %v with %v", b.asked, b.bodies)
	}
}

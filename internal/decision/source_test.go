package decision_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/decision"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// impatient publishes the workflow of account ownership whose second source gives up
// soon, and names it.
func impatient(t *testing.T, o *office) header {
	t.Helper()
	raw, err := decision.Default(decision.OwnershipWorkflow)
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		object  `json:"-"`
		Sources []object `json:"sources"`
	}
	if err := errors.Join(json.Unmarshal(raw, &document.object), json.Unmarshal(raw, &document)); err != nil {
		t.Fatal(err)
	}
	document.Sources[1]["timeout_ms"] = 50
	document.object["name"], document.object["sources"] = "Impatient", document.Sources
	token := o.call("POST", "/v1/workflows", document.object).ok(201).text("application_token")
	o.call("POST", "/v1/workflows/"+token+"/versions", nil).ok(201)
	o.call("POST", "/v1/workflows/"+token+"/versions/1/live", object{}).ok(200)
	return header{"alloy-workflow-token", token}
}

// TestSourcesThatFail: whatever becomes of a source when another one has answered, the
// evaluation is a partial one that says why, goes to a person, and can be tried again;
// nobody is approved on it.
func TestSourcesThatFail(t *testing.T) {
	b := &bank{calls: map[string]int{}, refuse: map[string]string{}}
	var trouble http.HandlerFunc
	strangers := 0
	stranger := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strangers++ }))
	t.Cleanup(stranger.Close)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/processor/identity/match" && trouble != nil {
			b.mu.Lock()
			b.calls[r.URL.Path]++
			b.mu.Unlock()
			trouble(w, r)
			return
		}
		b.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	o := newOffice(t, storetest.SQLite(t), withBank(server), func(c *decision.Config) { c.Plaid.Client = nil }) // the client of a server
	says := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}
	refusal := func(code string) string { return `{"error_type": "X", "error_code": "` + code + `"}` }
	for name, c := range map[string]struct {
		trouble http.HandlerFunc
		code    string
		calls   int
	}{
		"a connection that breaks":      {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "UNREACHABLE", 2},
		"an error of the server":        {says(500, refusal("INTERNAL_SERVER_ERROR")), "INTERNAL_SERVER_ERROR", 2},
		"an Item removed meanwhile":     {says(400, refusal("ITEM_NOT_FOUND")), "ITEM_NOT_FOUND", 1},
		"a token narrowed meanwhile":    {says(400, refusal("INVALID_PRODUCT")), "INVALID_PRODUCT", 1},
		"another partner's token":       {says(400, refusal("INVALID_PROCESSOR_TOKEN")), "INVALID_PROCESSOR_TOKEN", 1},
		"a page instead of an answer":   {says(502, "<html>Bad gateway</html>"), "UNREADABLE", 1},
		"a refusal that says nothing":   {says(400, "{}"), "UNREADABLE", 1},
		"an answer that is not JSON":    {says(200, `{"account": `), "UNREADABLE", 1},
		"an answer without an end":      {says(200, `"`+strings.Repeat("x", 1<<20)+`"`), "UNREADABLE", 1},
		"a way to another server":       {http.RedirectHandler(stranger.URL, http.StatusTemporaryRedirect).ServeHTTP, "UNREADABLE", 1},
		"a code that is no code at all": {says(400, refusal(strings.Repeat("A", 101))), "UNREADABLE", 1},
	} {
		trouble = c.trouble
		before := b.count("/processor/identity/match")
		a := o.call("POST", "/v1/evaluations", applicant("Charleson"), ownership).ok(206)
		if a.text("summary", "outcome") != "Manual Review" || a.text("summary", "result") != "partial" ||
			a.text("summary", "services", "plaid_account") != "executed" || a.text("summary", "services", "plaid_identity_match") != "failed" ||
			a.text("formatted_responses", "plaid_identity_match", "error_code") != c.code {
			t.Errorf("%s: %s", name, a.Raw)
		}
		if n := b.count("/processor/identity/match") - before; n != c.calls {
			t.Errorf("%s: asked %d times, want %d", name, n, c.calls)
		}
		path := "/v1/evaluations/" + a.text("evaluation_token")
		verify(t, o.call("GET", path+"/record", nil).Raw)
		trouble = nil
		if again := o.call("PATCH", path, object{}).ok(201); again.text("summary", "outcome") != "Approved" {
			t.Errorf("%s, tried again: %s", name, again.Raw)
		}
		o.call("PATCH", path, object{}).ok(409)
	}
	if strangers != 0 {
		t.Errorf("what a processor token opens was sent to another server %d times", strangers)
	}
	for name, body := range map[string]string{
		"nothing": `null`, "a list": `[]`, "no account": `{}`, "an account that is a text": `{"account": "x"}`,
		"a score that is a text": `{"account": {"legal_name": {"score": "100"}, "email_address": {"score": "100"}}}`,
		"a score beyond all":     `{"account": {"legal_name": {"score": 1e300}, "email_address": {"score": 1e300}}}`,
	} {
		trouble = says(200, body)
		a := o.call("POST", "/v1/evaluations", applicant("Charleson"), ownership)
		if a.Status != 201 && a.Status != 206 || a.text("summary", "outcome") != "Manual Review" {
			t.Errorf("an answer with %s: %d %s", name, a.Status, a.Raw)
		}
	}
	trouble = func(w http.ResponseWriter, r *http.Request) { // once, and then it answers
		trouble = nil
		says(500, refusal("INTERNAL_SERVER_ERROR"))(w, r)
	}
	if a := o.call("POST", "/v1/evaluations", applicant("Charleson"), ownership).ok(201); a.text("summary", "outcome") != "Approved" {
		t.Errorf("the second try: %s", a.Raw)
	}
}

// TestASourceThatDoesNotAnswer is given up after the time that the workflow gives it.
func TestASourceThatDoesNotAnswer(t *testing.T) {
	b := &bank{calls: map[string]int{}, refuse: map[string]string{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/processor/identity/match" {
			_, _ = io.Copy(io.Discard, r.Body) // or the server does not see that the caller has gone
			<-r.Context().Done()
			return
		}
		b.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	o := newOffice(t, storetest.SQLite(t), withBank(server))
	a := o.call("POST", "/v1/evaluations", applicant("Charleson"), impatient(t, o)).ok(206)
	if a.text("summary", "outcome") != "Manual Review" || a.text("summary", "services", "plaid_account") != "executed" ||
		a.text("formatted_responses", "plaid_identity_match", "error_code") != "TIMEOUT" {
		t.Errorf("%s", a.Raw)
	}
}

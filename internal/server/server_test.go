package server_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/glencheck-dev/glencheck/internal/server"
	"github.com/glencheck-dev/glencheck/internal/server/servertest"
)

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

func TestProbes(t *testing.T) {
	s := servertest.Start(t)
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ready\n"} {
		if status, body := get(t, s.URL+path); status != 200 || body != want {
			t.Errorf("%s: %d %q", path, status, body)
		}
	}
	s.Refused(t, "/no/such/path", struct{}{}, "NOT_FOUND")
	if status, body := get(t, s.URL+"/metrics"); status != 200 || !strings.Contains(body, `glencheck_api_answers_total{error_code="NOT_FOUND",path="(other)",status="404"} 1`) {
		t.Errorf("/metrics: %d %s", status, body)
	}
}

// TestTheRootLeadsToTheDemo: whoever types the bare address sees a page.
func TestTheRootLeadsToTheDemo(t *testing.T) {
	s := servertest.Start(t)
	if status, body := get(t, s.URL+"/"); status != 200 || !strings.Contains(body, "Link Demo") {
		t.Errorf("/: %d %.200s", status, body)
	}
	if status, body := get(t, s.URL+"/docs"); status != 200 || !strings.Contains(body, "API explorer") {
		t.Errorf("/docs: %d %.200s", status, body)
	}
}

// TestPathsNobodyServes tells a gap of ours from a mistake of the client's.
func TestPathsNobodyServes(t *testing.T) {
	s := servertest.Start(t)
	a := s.Refused(t, "/transfer/create", struct{}{}, "NOT_SUPPORTED")
	if a.Status != http.StatusNotImplemented || !strings.Contains(a.Text("error_message"), "/transfer/create") {
		t.Errorf("a documented path that is not served: %d %v", a.Status, a.Body)
	}
	a = s.Refused(t, "/transfer/creation", struct{}{}, "NOT_FOUND")
	if a.Status != http.StatusNotFound || a.Text("request_id") == "" {
		t.Errorf("a path that nobody knows: %d %v", a.Status, a.Body)
	}
}

// TestStopsCalmly answers a request that was under way, leaves no goroutine
// behind and gives the database back.
func TestStopsCalmly(t *testing.T) {
	ignore := goleak.IgnoreCurrent()
	file := t.TempDir() + "/state.db"
	for range 2 { // the second start shows that the first has let go
		s, err := servertest.Open(servertest.DB(file))
		if err != nil {
			t.Fatal(err)
		}
		if a, err := s.Post(t.Context(), "/no/such/path", nil); err != nil || a.Status != 404 {
			t.Fatal(a, err)
		}
		if err := s.Stop(); err != nil {
			t.Fatal(err)
		}
	}
	http.DefaultClient.CloseIdleConnections()
	goleak.VerifyNone(t, ignore)
}

func TestTwoServersOneFile(t *testing.T) {
	file := t.TempDir() + "/state.db"
	servertest.Start(t, servertest.DB(file))
	if s, err := servertest.Open(servertest.DB(file)); err == nil {
		s.Stop()
		t.Error("two servers were let onto one database file")
	} else if !strings.Contains(err.Error(), "in use by another glencheck") {
		t.Error(err)
	}
}

// TestLogHoldsNothingPersonal plants values in every part of a request that a
// client controls and looks for them in the log.
func TestLogHoldsNothingPersonal(t *testing.T) {
	var log bytes.Buffer
	s, err := servertest.Open(servertest.Log(&log))
	if err != nil {
		t.Fatal(err)
	}
	const planted = "planted-4711"
	for _, r := range [][2]string{
		{"POST", "/" + planted}, {"POST", "/link/token/create?x=" + planted}, {"POST", "/demo/" + planted}, {"POST", "/transfer/get?" + planted},
		{planted, "/item/get"}, {planted, "/demo"}, {planted, "/link/v2/stable/link.html"},
	} {
		req, err := http.NewRequestWithContext(t.Context(), r[0], s.URL+r[1], strings.NewReader(`{"client_id":"`+planted+`","secret":"`+planted+`","user":{"legal_name":"`+planted+`"}}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("User-Agent", planted)
		req.Header.Set("PLAID-SECRET", planted)
		resp, err := s.Client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "request_id") {
		t.Error("the log holds no request at all")
	}
	if i := strings.Index(log.String(), planted); i >= 0 {
		t.Errorf("the log holds a client's value: …%s…", log.String()[max(0, i-120):i+20])
	}
}

func TestAListenerThatEndsIsAnError(t *testing.T) {
	s, err := server.New(t.Context(), server.Config{Addr: "127.0.0.1:0", DB: ":memory:"})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	go func() { done <- s.Run(ctx) }()
	select {
	case err := <-done:
		if err == nil {
			t.Error("a server without its port ran on and said nothing")
		}
	case <-ctx.Done():
		t.Error("a server without its port did not come back")
	}
}

// TestSeedRepeatsItself makes the same calls on two servers with one seed, and
// on one with another.
func TestSeedRepeatsItself(t *testing.T) {
	run := func(seed uint64) string {
		s := servertest.Start(t, servertest.Config(func(c *server.Config) { c.Seed = seed }))
		public := s.Call(t, "/sandbox/public_token/create", map[string]any{"institution_id": "ins_109508", "initial_products": []string{"auth"}}).Text("public_token")
		access := s.Call(t, "/item/public_token/exchange", map[string]any{"public_token": public})
		return public + " " + access.Text("access_token") + " " + access.Text("item_id") + " " + access.Text("request_id")
	}
	first, again, other := run(7), run(7), run(8)
	if first != again {
		t.Errorf("two runs with one seed differ:\n%s\n%s", first, again)
	}
	if first == other {
		t.Errorf("two seeds make the same ids: %s", first)
	}
}

// TestLinkSessionsAreLogged prints one line for a session that ended, without
// anything of the person.
func TestLinkSessionsAreLogged(t *testing.T) {
	var log bytes.Buffer
	s, err := servertest.Open(servertest.Log(&log))
	if err != nil {
		t.Fatal(err)
	}
	token := s.Call(t, "/link/token/create", map[string]any{
		"client_name": "App", "language": "en", "country_codes": []string{"US"}, "products": []string{"auth"}, "user": map[string]any{"client_user_id": "u"},
	}).Text("link_token")
	session := s.Call(t, "/sandbox/link/session/open", map[string]any{"link_token": token, "institution_id": "ins_109508"}).Text("session")
	s.Call(t, "/sandbox/link/session/step", map[string]any{"session": session})
	s.Clock().Advance(4 * time.Second)
	s.Call(t, "/sandbox/link/session/exit", map[string]any{"session": session, "force": true})
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if want := `"msg":"link","outcome":"left at requires_credentials","seconds":4,"institution":"First Platypus Bank"`; strings.Count(log.String(), want) != 1 {
		t.Errorf("no line, or several, with %s in\n%s", want, log.String())
	}
}

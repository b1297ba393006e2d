package servertest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/api/apitest"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/server"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// Server is a running Glencheck that ends with its test.
type Server struct {
	URL    string
	Client *http.Client // talks to it; a test may put a transport of its own in
	server *server.Server
	stop   context.CancelFunc
	done   chan error
}

// Option changes how a server is started.
type Option func(*server.Config)

// DB starts the server on this database rather than in memory.
func DB(url string) Option { return func(c *server.Config) { c.DB = url } }

// RealClock lets the server follow the machine's clock.
func RealClock() Option { return func(c *server.Config) { c.Manual = false } }

// Log lets the server log to w, everything it has to say.
func Log(w io.Writer) Option {
	return func(c *server.Config) {
		c.Log = slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
}

// Config changes anything else.
func Config(change func(*server.Config)) Option { return change }

// accepting takes every webhook, so that no test reaches for the network. A test of
// webhooks puts its own in with Config.
type accepting struct{}

func (accepting) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody, Request: req}, nil
}

// Start starts a sandbox in memory with seeded ids and a clock that stands
// still, on a free port of the loopback interface.
func Start(t testing.TB, opts ...Option) *Server {
	t.Helper()
	s, err := Open(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Errorf("the server did not stop calmly: %v", err)
		}
	})
	return s
}

// Open is Start for a test that expects it to fail or that stops the server
// itself.
func Open(opts ...Option) (*Server, error) {
	cfg := server.Config{
		Addr: "127.0.0.1:0", PublicURL: "http://localhost:8484", DB: ":memory:", Seed: 1, Manual: true,
		Log: slog.New(slog.DiscardHandler), WebhookTransport: accepting{},
	}
	for _, o := range opts {
		o(&cfg)
	}
	ctx, cancel := context.WithCancel(context.Background())
	srv, err := server.New(ctx, cfg)
	if err != nil {
		cancel()
		return nil, err
	}
	jar, _ := cookiejar.New(nil)
	s := &Server{
		URL: "http://" + srv.Addr(), server: srv, stop: cancel, done: make(chan error, 1),
		Client: &http.Client{Jar: jar, Transport: apitest.Transport(&http.Transport{MaxIdleConnsPerHost: 64})},
	}
	go func() { s.done <- srv.Run(ctx) }()
	return s, nil
}

// Stop stops the server and waits until it has; a second call does nothing.
func (s *Server) Stop() error {
	if s.stop == nil {
		return nil
	}
	s.stop()
	s.stop = nil
	s.Client.CloseIdleConnections()
	return <-s.done
}

// GraphAddr is the address at whose root the contacts' API answers.
func (s *Server) GraphAddr() string { return s.server.GraphAddr() }

// Clock is the server's clock.
func (s *Server) Clock() *clock.Clock { return s.server.Clock() }

// PartnerAddr is the address of the partner's own listener; "" for none.
func (s *Server) PartnerAddr() string { return s.server.PartnerAddr() }

// Store is the server's database.
func (s *Server) Store() *store.DB { return s.server.Store() }

// FollowState takes over at once what another node has loaded.
func (s *Server) FollowState(ctx context.Context) error { return s.server.FollowState(ctx) }

// Endpoints are the paths of the REST API that the server answers.
func (s *Server) Endpoints() []api.Endpoint { return s.server.Endpoints() }

// Delivered waits until every webhook that is due has been tried, and lists those
// that were delivered, made after a place in their order.
func (s *Server) Delivered(after webhook.Cursor) ([]*webhook.Delivery, error) {
	ctx := context.Background()
	if err := s.server.Webhooks().Settle(ctx); err != nil {
		return nil, err
	}
	return s.server.Webhooks().Deliveries(ctx, webhook.Filter{ClientID: s.server.ClientID(), State: webhook.Delivered, After: after})
}

// Webhooks are the server's outbox and the keys that sign for it.
func (s *Server) Webhooks() (*webhook.Outbox, *webhook.Keys) {
	return s.server.Webhooks(), s.server.WebhookKeys()
}

// Unsupported names the members of served requests that the server refuses.
func (s *Server) Unsupported() []string { return s.server.Unsupported() }

// Secret is the client's secret of the servers that Start starts.
const Secret = server.SandboxSecret

// sign adds the client's keys of the sandbox.
func (s *Server) sign(req *http.Request) {
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("PLAID-CLIENT-ID", server.SandboxClientID)
	req.Header.Set("PLAID-SECRET", Secret)
}

// Answer is what came back from a call.
type Answer struct {
	Status int
	Body   map[string]any
}

// Text is the string at path in the answer, "" if there is none; a number in
// path counts from 0 in a list.
func (a Answer) Text(path ...string) string {
	var v any = a.Body
	for _, step := range path {
		v, _ = inside(v, step)
	}
	text, _ := v.(string)
	return text
}

// Post calls an endpoint with the client's keys; in is anything that can be
// written as JSON. The error is one of the network, or an answer that is not
// JSON.
func (s *Server) Post(ctx context.Context, path string, in any) (Answer, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return Answer{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+path, bytes.NewReader(body))
	if err != nil {
		return Answer{}, err
	}
	s.sign(req)
	resp, err := s.Client.Do(req)
	if err != nil {
		return Answer{}, err
	}
	defer resp.Body.Close()
	a := Answer{Status: resp.StatusCode}
	return a, json.NewDecoder(resp.Body).Decode(&a.Body)
}

// Call is Post for a test that wants an answer with status 200.
func (s *Server) Call(t testing.TB, path string, in any) Answer {
	t.Helper()
	a, err := s.Post(t.Context(), path, in)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if a.Status != http.StatusOK {
		t.Fatalf("%s: %d %v", path, a.Status, a.Body)
	}
	return a
}

// Refused is Post for a test that wants the answer to be this error.
func (s *Server) Refused(t testing.TB, path string, in any, code string) Answer {
	t.Helper()
	a, err := s.Post(t.Context(), path, in)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if got := a.Text("error_code"); got != code {
		t.Fatalf("%s: %d %v, want %s", path, a.Status, a.Body, code)
	}
	return a
}

package glenchecktest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/processor"
	"github.com/glencheck-dev/glencheck/internal/server"
)

// Server is a running sandbox.
type Server struct {
	// URL is its address, for the base path or environment of a Plaid client.
	URL string
	// ClientID and Secret are the keys that it accepts.
	ClientID, Secret string

	Clock    *Clock    // its time
	Link     *Link     // people in Link
	Faults   *Faults   // what it breaks on purpose
	Webhooks *Webhooks // what it has sent
	Partner  *Partner  // whom accounts are handed to

	server *server.Server
	client *http.Client
	ctx    context.Context
	end    context.CancelFunc
	ended  chan error
	once   sync.Once
	err    error
}

// Option changes how a server is started.
type Option func(*options)

type options struct {
	config server.Config
	start  time.Time
}

// WithManualClock lets time stand still at start until the test moves it; with a
// zero start the clock stands at 9 o'clock on Monday, 5 January 2026, UTC, before
// which it cannot be. Without this option the clock runs with the machine's, and
// can be moved as well.
func WithManualClock(start time.Time) Option {
	return func(o *options) { o.config.Manual, o.start = true, start }
}

// WithSeed makes ids and tokens that repeat themselves on each run. Without it they
// are random. 0 is no seed.
func WithSeed(seed uint64) Option { return func(o *options) { o.config.Seed = seed } }

// WithKeys makes the server accept these keys and no others, for a program that
// has its own written into it.
func WithKeys(clientID, secret string) Option {
	return func(o *options) { o.config.ClientID, o.config.Secret = clientID, secret }
}

// WithRedirectURI allows an address to which banks may send people back, as the
// dashboard does; it may be given several times.
func WithRedirectURI(uri string) Option {
	return func(o *options) { o.config.RedirectURIs = append(o.config.RedirectURIs, uri) }
}

// WithPublicURL is what browsers reach the server by, if that is not URL.
func WithPublicURL(url string) Option { return func(o *options) { o.config.PublicURL = url } }

// WithLog writes a line for each call to w, such as t.Output().
func WithLog(w io.Writer) Option {
	return func(o *options) { o.config.Log = server.NewConsole(w, slog.LevelInfo) }
}

// Start starts a server that ends with the test. If it cannot be started, the test
// fails at once.
func Start(t testing.TB, opts ...Option) *Server {
	t.Helper()
	s, err := Open(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("glencheck: the server did not stop calmly: %v", err)
		}
	})
	return s
}

// Open is Start where there is no test yet, such as in TestMain. The server runs
// until Close.
func Open(opts ...Option) (*Server, error) {
	o := options{config: server.Config{Addr: "127.0.0.1:0", DB: ":memory:", ClientID: server.SandboxClientID, Secret: server.SandboxSecret, Processors: []processor.Credentials{processor.Published}}}
	for _, set := range opts {
		set(&o)
	}
	ctx, end := context.WithCancel(context.Background())
	inner, err := server.New(ctx, o.config)
	if err != nil {
		end()
		return nil, err
	}
	s := &Server{
		URL: "http://" + inner.Addr(), ClientID: o.config.ClientID, Secret: o.config.Secret,
		server: inner, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}, ctx: ctx, end: end, ended: make(chan error, 1),
	}
	s.Clock, s.Link, s.Faults, s.Webhooks = &Clock{s}, &Link{s}, &Faults{s}, &Webhooks{s}
	s.Partner = &Partner{processor.SandboxClientID, processor.SandboxSecret, s}
	if o.config.Manual && !o.start.IsZero() {
		if now := s.Clock.Now(); o.start.Before(now) {
			end()
			return nil, errors.Join(fmt.Errorf("glencheck: a manual clock cannot stand before %s", now.Format(time.RFC3339)), inner.Close())
		}
		inner.Clock().Set(o.start) // nothing falls due before there is anything
	}
	go func() { s.ended <- inner.Run(ctx) }()
	return s, nil
}

// Reset takes everything back to where it stood after the start: Items, tokens,
// sessions, faults, webhooks and the clock. Nothing else may be under way.
func (s *Server) Reset() error { return s.Call("/sandbox/state/reset", nil, nil) }

// Close stops the server and waits until it has; everything it knew is gone. Start
// does it by itself.
func (s *Server) Close() error {
	s.once.Do(func() {
		s.end()
		s.client.CloseIdleConnections()
		s.err = <-s.ended
	})
	return s.err
}

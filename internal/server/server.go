package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// manualStart is where a manual clock stands when the server starts.
var manualStart = time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC)

// Server is a Glencheck: one environment, one listener, one database.
type Server struct {
	cfg       Config
	publicURL string
	log       *slog.Logger
	metrics   *metrics

	db        *store.DB
	clock     *clock.Clock
	scheduler *schedule.Scheduler
	rooms     *rooms
	crew      crew

	listener net.Listener
	http     *http.Server
	partner  *side // of --partner-addr, or nil
	graph    *side // of --graph-addr, or nil
	stopping atomic.Bool
	closed   sync.Once
}

// New opens everything a server needs and takes its port; Run then answers.
// A mistake in cfg is a *UsageError. A server that never runs must be closed.
func New(ctx context.Context, cfg Config) (*Server, error) {
	cfg = cfg.withDefaults()
	if err := cfg.check(); err != nil {
		return nil, err
	}
	l, err := cfg.listen()
	if err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg, publicURL: cfg.publicURL(l), log: cfg.Log, metrics: newMetrics(), listener: l}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// open makes the ground floor, the rooms above it and the HTTP server.
func (s *Server) open(ctx context.Context) error {
	kek, err := s.cfg.kek()
	if err != nil {
		return err
	}
	if s.db, err = store.Open(ctx, s.cfg.DB, store.Options{}); err != nil {
		return err
	}
	epoch, err := s.db.NextEpoch(ctx)
	if err != nil {
		return err
	}
	s.clock = clock.Real()
	if s.cfg.Manual {
		s.clock = clock.Manual(manualStart)
	}
	g := ground{
		Config: s.cfg, PublicURL: s.publicURL, SelfURL: selfURL(s.listener), Log: s.log, DB: s.db,
		Clock: s.clock, IDs: clock.NewIDs(s.cfg.Seed, epoch), Alone: s.crew.rest, Stopping: s.stopping.Load, Observe: s.observe,
		JobIDs: s.apart(epoch, jobsApart), WebhookIDs: s.apart(epoch, webhooksApart),
	}
	if g.Vault, err = vault.Open(ctx, s.db, kek, s.clock); err != nil {
		return err
	}
	s.scheduler = schedule.New(s.db, s.clock, g.JobIDs, s.log)
	g.Scheduler = s.scheduler
	if s.cfg.Env == Sandbox {
		if err := s.scheduler.Follow(ctx); err != nil {
			return err
		}
	}
	if s.rooms, err = newRooms(ctx, g); err != nil {
		return err
	}
	cfg := api.Config{Env: s.cfg.Env, Authenticate: s.rooms.authenticate, IDs: g.IDs, Log: s.log, Observe: s.observe}
	if s.cfg.Env == Sandbox {
		cfg.At = s.scheduler.At
	}
	if s.rooms.faults != nil {
		cfg.Gate = s.rooms.faults
	}
	a := api.New(cfg, s.rooms.endpoints())
	s.rooms.auth.Through(a.Do)
	s.http = newHTTPServer(s.handler(a, s.rooms.pages(g, a, s.observe)), s.log)
	if err := s.newSides(); err != nil {
		return err
	}
	return s.rooms.beginState(ctx, g)
}

// apart makes a stream of identifiers of its own: for what is named in the
// background and would otherwise change which ids a seeded run gives out next.
func (s *Server) apart(epoch, mask uint64) *clock.IDs {
	if s.cfg.Seed == 0 {
		return clock.NewIDs(0, epoch)
	}
	return clock.NewIDs(s.cfg.Seed^mask, epoch)
}

// The masks of the streams of their own.
const (
	jobsApart     = ^uint64(0)
	webhooksApart = 0x77656268
)

// Run answers requests and does what falls due until ctx ends, then stops
// calmly: no new requests, those under way finish, the database is closed.
func (s *Server) Run(ctx context.Context) error {
	work, stop := context.WithCancel(ctx)
	defer stop()
	all := s.rooms.workers(s.log)
	all["schedule"] = s.scheduler.Run
	var workers []func(context.Context)
	for name, run := range all {
		workers = append(workers, func(ctx context.Context) { keep(ctx, s.clock, s.log, name, run) })
	}
	s.crew.work(work, workers)
	var follower sync.WaitGroup
	if s.rooms.snapshots != nil {
		follower.Go(func() { s.rooms.snapshots.Run(work) })
	}
	var other sync.WaitGroup
	for _, o := range s.sides() {
		other.Go(func() {
			if err := serve(work, o.http, o.listener, func() {}); err != nil {
				s.log.Error("the listener of "+o.flag+" has ended", "error", err.Error())
			}
		})
	}
	err := serve(ctx, s.http, s.listener, func() { s.stopping.Store(true) })
	stop()
	other.Wait()
	follower.Wait()
	s.crew.end()
	s.rooms.wait()
	return errors.Join(err, s.Close())
}

// Close gives back the port and the database. Run does it by itself.
func (s *Server) Close() error {
	var errs []error
	s.closed.Do(func() {
		if err := s.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
		for _, o := range s.sides() {
			if err := o.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
				errs = append(errs, err)
			}
		}
		if s.db != nil {
			errs = append(errs, s.db.Close())
		}
	})
	return errors.Join(errs...)
}

// Addr is the address the server listens on.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// PublicURL is what browsers reach the server by, without a final slash.
func (s *Server) PublicURL() string { return s.publicURL }

// Env is the environment the server serves.
func (s *Server) Env() string { return s.cfg.Env }

// ClientID is the id of the client the server was started with.
func (s *Server) ClientID() string { return s.cfg.ClientID }

// ShownSecret is the client's secret if it is the published one of the sandbox,
// and no secret otherwise.
func (s *Server) ShownSecret() string {
	if s.cfg.Secret == SandboxSecret {
		return SandboxSecret
	}
	return "as given with --secret"
}

// Clock is the server's clock; a manual one may be moved.
func (s *Server) Clock() *clock.Clock { return s.clock }

// Webhooks is the server's outbox, for tests that look at what was sent.
func (s *Server) Webhooks() *webhook.Outbox { return s.rooms.webhooks }

// Handler answers what the listener answers, for connections that somebody else
// accepts. It works while Run does.
func (s *Server) Handler() http.Handler { return s.http.Handler }

// WebhookKeys sign the server's webhooks.
func (s *Server) WebhookKeys() *webhook.Keys { return s.rooms.keys }

// Endpoints are the paths of the REST API that the server answers.
func (s *Server) Endpoints() []api.Endpoint { return s.rooms.endpoints() }

// Unsupported names the members of served requests that are refused because
// nothing here can do what they ask for.
func (s *Server) Unsupported() []string { return s.rooms.unsupported() }

// Store is the server's database, for a measurement beside the server's own use
// of it.
func (s *Server) Store() *store.DB { return s.db }

// FollowState takes over what another node of a sandbox has loaded, at once rather
// than within a second.
func (s *Server) FollowState(ctx context.Context) error { return s.rooms.snapshots.Follow(ctx) }

// HasDemo reports whether Link Demo is served: on a sandbox that only this
// machine can reach.
func (s *Server) HasDemo() bool { return s.cfg.hasDemo() }

// State names the database, without the password of its address.
func (s *Server) State() string {
	if strings.Contains(s.cfg.DB, "://") {
		if u, err := url.Parse(s.cfg.DB); err == nil {
			u.RawQuery = ""
			return u.Redacted()
		}
		return "PostgreSQL"
	}
	if s.cfg.DB == ":memory:" {
		return "in memory, gone when the server stops"
	}
	return s.cfg.DB
}

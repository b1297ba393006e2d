package alloy

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"reflect"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
)

// Config is what a Server needs.
type Config struct {
	// Sandbox puts every request into sandbox mode; without it a request asks for
	// that mode by header.
	Sandbox bool
	// Authenticate tells whose credentials an Authorization header has;
	// ErrUnauthorized if nobody's.
	Authenticate func(ctx context.Context, authorization string) (Caller, error)
	Clock        *clock.Clock
	IDs          *clock.IDs
	Log          *slog.Logger
	// Observe, if set, is told of each answer, for logs and metrics.
	Observe func(api.Observation)
	// At, if set, lets the clock reach what header api.ClockHeader says.
	At func(ctx context.Context, when string) error
}

// Base is where the server's paths begin on a listener that it shares.
const Base = "/partners/alloy"

// Server answers a set of routes.
type Server struct {
	cfg    Config
	routes table
}

// New makes a server for routes. Two routes of one method and path are a
// programmer's error and panic.
func New(cfg Config, routes []Route) *Server {
	return &Server{cfg, newTable(slices.Clone(routes))}
}

// ServeHTTP answers a request, with or without Base before its path.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	if rest, found := strings.CutPrefix(path, Base); found && strings.HasPrefix(rest, "/") {
		path = rest
	}
	route, values := s.routes.find(r, path)
	took := clock.Stopwatch()
	call := Call{RequestID: s.cfg.IDs.UUID(), Query: r.URL.Query(), header: r.Header, path: values}
	o := api.Observation{Method: api.MethodName(r.Method), Path: "(other)", RequestID: call.RequestID}
	out, err := any(nil), error(ErrNotFound)
	if route != nil {
		o.Path = Base + route.Path
		out, err = s.answer(r, route, &call)
	}
	if err == nil {
		o.Status, err = s.write(w, route, out, call)
	}
	if err != nil {
		e, ours := public(err)
		if ours {
			s.report(o.Path, call.RequestID, err)
		}
		o.Status, o.ErrorCode = e.Status, strconv.Itoa(e.Code)
		s.fail(w, e, call)
	}
	if s.cfg.Observe != nil {
		o.Took = took()
		s.cfg.Observe(o)
	}
}

// report logs an error that is ours to mend.
func (s *Server) report(path, requestID string, err error) {
	level := slog.LevelError
	if errors.Is(err, context.Canceled) {
		level = slog.LevelInfo // the client went away
	}
	s.cfg.Log.Log(context.Background(), level, "request failed", "path", path, "request_id", requestID, "error", strings.ToValidUTF8(err.Error(), "?"))
}

// answer runs one request through its checks and its function.
func (s *Server) answer(r *http.Request, route *Route, call *Call) (out any, err error) {
	defer func() {
		if p := recover(); p != nil {
			s.cfg.Log.Error("panic", "path", route.Path, "request_id", call.RequestID, "kind", reflect.TypeOf(p).String(), "stack", string(debug.Stack()))
			err = ErrInternal
		}
	}()
	if err := checkHeaders(r.Header); err != nil {
		return nil, err
	}
	call.Sandbox = s.cfg.Sandbox || call.Is(HeaderSandbox)
	if !route.Public {
		if call.Caller, err = s.cfg.Authenticate(r.Context(), r.Header.Get("Authorization")); err != nil {
			return nil, err
		}
		if err := choose(call); err != nil {
			return nil, err
		}
	}
	if err := s.at(r, *call); err != nil {
		return nil, err
	}
	return route.serve(r.Context(), *call, r, route.maxBody)
}

// choose lets the header of account-level credentials name the workflow. That of
// credentials for one workflow cannot name another.
func choose(call *Call) error {
	chosen := call.Header(HeaderWorkflow)
	switch {
	case chosen == "" || chosen == call.Workflow:
	case call.Workflow != "":
		return ErrUnauthorized.Saying("These credentials are for another workflow than " + HeaderWorkflow + " names")
	default:
		call.Workflow = chosen
	}
	return nil
}

// at lets the clock reach the time of a call, in a sandbox.
func (s *Server) at(r *http.Request, call Call) error {
	when := r.Header.Get(api.ClockHeader)
	if when == "" {
		return nil
	}
	if s.cfg.At == nil || call.Account == "" {
		return ErrHeader.Saying("The " + api.ClockHeader + " header is for the sandbox alone, and needs credentials")
	}
	if err := s.cfg.At(r.Context(), when); err != nil {
		return ErrHeader.Saying("The " + api.ClockHeader + " header must be a time, or a span after the present one")
	}
	return nil
}

// Now is the present time as the API writes it.
func (s *Server) now() int64 { return s.cfg.Clock.Now().Round(time.Millisecond).UnixMilli() }

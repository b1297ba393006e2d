package api

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"reflect"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// maxBody is the largest body read, in bytes. The largest documented request, a
// custom user of the sandbox, has about 55 kB.
const maxBody = 1 << 20

// version is the one version of the API that is spoken.
const version = "2020-09-14"

// Config is what a Server needs.
type Config struct {
	// Env is "sandbox" or "production".
	Env string
	// Authenticate tells whose keys these are; plaid.InvalidAPIKeys if nobody's.
	Authenticate func(ctx context.Context, clientID, secret string) (Caller, error)
	IDs          *clock.IDs
	Log          *slog.Logger
	// Observe, if set, is told of each answer, for logs and metrics.
	Observe func(Observation)
	// Gate, if set, is passed by each request that is in order.
	Gate Gate
	// At lets the clock reach what the header ClockHeader of a request says before it
	// is answered. Without it such a request is refused.
	At func(ctx context.Context, when string) error
}

// ClockHeader is a header of the sandbox: the time at which a call is made, or a span
// after the present time. Time does not go back after the call.
const ClockHeader = "Glencheck-Clock"

// Observation is what may be told of an answered request: nothing personal.
type Observation struct {
	Method    string // a MethodName
	Path      string
	Status    int    // 0 where the connection was closed without an answer
	ErrorCode string // empty for a success
	RequestID string
	Took      time.Duration
}

// MethodName is a request's method as it may be told: one that HTTP has, as a
// client can send any word for one.
func MethodName(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodConnect, http.MethodOptions, http.MethodTrace:
		return method
	}
	return "(other)"
}

// Server answers a set of endpoints.
type Server struct {
	cfg    Config
	routes map[string]*Endpoint
}

// New makes a server for endpoints. Two endpoints of one path are a
// programmer's error and panic.
func New(cfg Config, endpoints []Endpoint) *Server {
	s := &Server{cfg: cfg, routes: make(map[string]*Endpoint, len(endpoints))}
	for i := range endpoints {
		e := &endpoints[i]
		if s.routes[e.Path] != nil {
			panic("api: two endpoints answer " + e.Path)
		}
		s.routes[e.Path] = e
	}
	return s
}

// Answers reports whether path is one of the server's.
func (s *Server) Answers(path string) bool { return s.routes[path] != nil }

// ServeHTTP answers a request for one of the endpoints; NOT_FOUND for another
// path or method.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e := s.routes[r.URL.Path]
	if e == nil || r.Method != http.MethodPost {
		s.Fail(w, r, plaid.NotFound)
		return
	}
	took := clock.Stopwatch()
	call := Call{RequestID: s.cfg.IDs.RequestID()}
	out, err := s.answer(r, e, &call)
	o := Observation{Method: http.MethodPost, Path: e.Path, RequestID: call.RequestID}
	if errors.Is(err, ErrCutOff) {
		o.ErrorCode = cutOff
	} else if err != nil {
		p := s.public(err, e.Path, call.RequestID)
		o.Status, o.ErrorCode = p.HTTPStatus(), p.Code
		writeError(w, p, call.RequestID)
	} else {
		o.Status = http.StatusOK
		s.write(w, e, out, call.RequestID)
	}
	if s.cfg.Observe != nil {
		o.Took = took()
		s.cfg.Observe(o)
	}
	if o.ErrorCode == cutOff {
		panic(http.ErrAbortHandler) // net/http closes the connection and says nothing
	}
}

// Fail answers a request that reached no endpoint.
func (s *Server) Fail(w http.ResponseWriter, r *http.Request, err error) {
	id := s.cfg.IDs.RequestID()
	p := s.public(err, r.URL.Path, id)
	writeError(w, p, id)
	if s.cfg.Observe != nil {
		s.cfg.Observe(Observation{Method: MethodName(r.Method), Path: "(other)", Status: p.HTTPStatus(), ErrorCode: p.Code, RequestID: id})
	}
}

// answer runs one request through all its checks and its function.
func (s *Server) answer(r *http.Request, e *Endpoint, call *Call) (out any, err error) {
	defer func() {
		if p := recover(); p != nil {
			s.cfg.Log.Error("panic", "path", e.Path, "request_id", call.RequestID, "kind", reflect.TypeOf(p).String(), "stack", string(debug.Stack()))
			err = plaid.InternalServerError
		}
	}()
	if e.SandboxOnly && s.cfg.Env != "sandbox" {
		return nil, plaid.SandboxOnly(e.Path)
	}
	raw, err := readBody(r, e.maxBody)
	if err != nil {
		return nil, err
	}
	b, err := decode(raw, e.schema)
	if err != nil {
		return nil, err
	}
	if err := s.check(r, e, b, call); err != nil {
		return nil, err
	}
	if when := r.Header.Get(ClockHeader); when != "" {
		if err := s.at(r.Context(), *call, when); err != nil {
			return nil, err
		}
	}
	if g := s.cfg.Gate; g != nil && g.Watching() {
		return pass(g, r, e, call, b)
	}
	return e.serve(r.Context(), *call, b.value)
}

// at lets the clock reach the time of a call. Nobody without keys moves it.
func (s *Server) at(ctx context.Context, call Call, when string) error {
	switch {
	case s.cfg.At == nil:
		return plaid.InvalidHeaders.WithMessage("the " + ClockHeader + " header is for the sandbox alone")
	case call.Caller.ClientID == "":
		return plaid.InvalidHeaders.WithMessage("the " + ClockHeader + " header needs client_id and secret, which this endpoint does not take")
	}
	return s.cfg.At(ctx, when)
}

// pass lets a request through the gate. It is apart from answer so that a request
// without one pays for no closure.
func pass(g Gate, r *http.Request, e *Endpoint, call *Call, b *body) (any, error) {
	return g.Pass(r.Context(), Asked{Path: e.Path, Caller: call.Caller, schema: e.schema, body: b.value},
		func() (any, error) { return e.serve(r.Context(), *call, b.value) })
}

// check reports what was wrong with a decoded body, in the documented order,
// and finds out who calls.
func (s *Server) check(r *http.Request, e *Endpoint, b *body, call *Call) error {
	if b.publicKey {
		return plaid.IncompatibleAPIVersion
	}
	clientID, secret := keys(r, b)
	if !e.Public {
		b.missing.list = append(missingKeys(clientID, secret), b.missing.list...)
	}
	if len(b.missing.list) > 0 {
		return plaid.MissingFields(b.missing.words()...)
	}
	if len(b.unknown.list) > 0 {
		return plaid.UnknownFields(b.unknown.words()...)
	}
	if !e.Public {
		caller, err := s.cfg.Authenticate(r.Context(), clientID, secret)
		if err != nil {
			return err
		}
		if caller.Partner != "" && !e.Partners {
			return plaid.UnauthorizedRouteAccess
		}
		call.Caller = caller
	}
	if b.invalid != "" {
		return plaid.InvalidField(b.invalid)
	}
	return nil
}

func keys(r *http.Request, b *body) (clientID, secret string) {
	clientID, secret = b.clientID, b.secret
	if clientID == "" {
		clientID = r.Header.Get("Plaid-Client-Id")
	}
	if secret == "" {
		secret = r.Header.Get("Plaid-Secret")
	}
	return clientID, secret
}

func missingKeys(clientID, secret string) []string {
	var missing []string
	if clientID == "" {
		missing = append(missing, "client_id")
	}
	if secret == "" {
		missing = append(missing, "secret")
	}
	return missing
}

// readBody checks the headers and reads the body.
func readBody(r *http.Request, maxBody int64) ([]byte, error) {
	if v := r.Header.Get("Plaid-Version"); v != "" && v != version {
		return nil, plaid.InvalidHeaders.WithMessage("the Plaid-Version header must be " + version)
	}
	switch ct := r.Header.Get("Content-Type"); {
	case ct == "":
		return nil, plaid.InvalidHeaders
	case ct != "application/json":
		media, _, err := mime.ParseMediaType(ct)
		if err != nil || media != "application/json" {
			return nil, plaid.InvalidBody
		}
	}
	if r.ContentLength > maxBody {
		return nil, tooLarge(maxBody)
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, plaid.InvalidBody // the client went away or lied about the length
	}
	if int64(len(raw)) > maxBody {
		return nil, tooLarge(maxBody)
	}
	return raw, nil
}

func tooLarge(maxBody int64) error {
	return plaid.InvalidBody.WithMessage("body must not be larger than " + strconv.FormatInt(maxBody, 10) + " bytes")
}

// public turns any error into one that may be shown. What is not a plaid.Error
// is ours to mend: it is logged with the request's id and shown as
// INTERNAL_SERVER_ERROR.
func (s *Server) public(err error, path, requestID string) *plaid.Error {
	var p *plaid.Error
	if errors.As(err, &p) {
		return p
	}
	level := slog.LevelError
	if errors.Is(err, context.Canceled) {
		level = slog.LevelInfo // the client went away
	}
	s.cfg.Log.Log(context.Background(), level, "request failed", "path", path, "request_id", requestID, "error", strings.ToValidUTF8(err.Error(), "?"))
	return plaid.InternalServerError
}

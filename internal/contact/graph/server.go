package graph

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"reflect"
	"runtime/debug"
	"strings"
	"time"

	graphql "github.com/graph-gophers/graphql-go"
	grapherr "github.com/graph-gophers/graphql-go/errors"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
)

// Path is where the server answers on a listener that it shares. On one of its own
// it is at the root.
const Path = "/graphql"

// Caller is whose key a request carries.
type Caller struct {
	Client string   // the agency: the API client
	Org    string   // the one organisation that the key is for, "" for all of the agency
	Key    string   // the key's id
	Scopes []string // what it may do
}

// Config is what a Server needs.
type Config struct {
	Schema   string
	Resolver any
	// Lists are the fields that answer a page of elements.
	Lists []string
	// Authenticate tells whose key this is; ErrUnauthenticated if nobody's.
	Authenticate func(ctx context.Context, key string) (Caller, error)
	// Introspection lets clients read the schema, and Sandbox tells them what a request
	// has cost.
	Introspection, Sandbox bool
	NewID                  func() string
	Log                    *slog.Logger
	Observe                func(api.Observation)
	// Once, if set, remembers mutations that must be carried out one time only.
	Once Once
	// Persisted, if set, are documents that clients may name by their hash.
	Persisted *Persisted
	// At, if set, lets the clock reach what header api.ClockHeader says.
	At func(ctx context.Context, when string) error
}

// Server answers GraphQL requests.
type Server struct {
	cfg    Config
	schema *graphql.Schema
}

// New makes a server. A resolver that does not fit the schema is a programmer's
// error.
func New(cfg Config) (*Server, error) {
	s := &Server{cfg: cfg}
	var err error
	s.schema, err = graphql.ParseSchema(cfg.Schema, cfg.Resolver, graphql.UseStringDescriptions(), graphql.UseFieldResolvers(),
		graphql.MaxQueryLength(MaxQuery), graphql.MaxSelections(MaxSelections), graphql.MaxDepth(MaxIntrospection), graphql.MaxParallelism(4),
		graphql.OverlapValidationLimit(20_000), graphql.DisableFieldSelections(), graphql.PanicHandler(panics{}), graphql.Logger(panicLog{cfg.Log}),
		graphql.RestrictIntrospection(func(context.Context) bool { return cfg.Introspection }))
	return s, err
}

type ctxKey struct{}

// call is what a resolver may ask for.
type call struct {
	caller Caller
	id     string
}

// CallerOf is whose key the request of ctx carries.
func CallerOf(ctx context.Context) Caller {
	c, _ := ctx.Value(ctxKey{}).(call)
	return c.caller
}

// RequestID is the id of the request of ctx.
func RequestID(ctx context.Context) string {
	c, _ := ctx.Value(ctxKey{}).(call)
	return c.id
}

// request is the body.
type request struct {
	Query     string         `json:"query"`
	Operation string         `json:"operationName"`
	Variables map[string]any `json:"variables"`

	Extensions struct {
		Persisted struct {
			Hash string `json:"sha256Hash"`
		} `json:"persistedQuery"`
	} `json:"extensions,omitzero"`
}

// maxTime is how long an operation may take.
const maxTime = 10 * time.Second

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	took := clock.Stopwatch()
	id := s.cfg.NewID()
	ctx, cancel := context.WithTimeout(r.Context(), maxTime)
	defer cancel()
	answer := s.answer(ctx, r, id)
	raw, err := json.Marshal(answer.body)
	if err != nil { // a resolver's value that is no JSON: a programmer's error
		s.report(id, err)
		answer.status, raw = http.StatusInternalServerError, []byte(`{"errors":[{"message":"an unexpected error occurred","extensions":{"code":"`+CodeInternal+`"}}]}`)
	}
	h := w.Header()
	h.Set("Content-Type", contentType(r))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cl-Request-Id", id)
	if answer.replayed {
		h.Set(headerReplayed, "true")
	}
	switch answer.status {
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Bearer realm="contacts"`)
	case http.StatusMethodNotAllowed:
		h.Set("Allow", http.MethodPost)
	}
	w.WriteHeader(answer.status)
	w.Write(raw)
	if s.cfg.Observe != nil {
		s.cfg.Observe(api.Observation{Method: api.MethodName(r.Method), Path: Path, Status: answer.status, RequestID: id, Took: took(), ErrorCode: answer.code})
	}
}

// The content types of an answer.
const (
	typeJSON  = "application/json; charset=utf-8"
	typeGraph = "application/graphql-response+json"
)

func acceptsGraph(r *http.Request) bool { return strings.Contains(r.Header.Get("Accept"), typeGraph) }

func contentType(r *http.Request) string {
	if acceptsGraph(r) {
		return typeGraph + "; charset=utf-8"
	}
	return typeJSON
}

// answer runs a request through its checks and its operation.
func (s *Server) answer(ctx context.Context, r *http.Request, id string) reply {
	in, caller, err := s.read(ctx, r)
	if err != nil {
		return s.refused(r, id, err)
	}
	ctx = context.WithValue(ctx, ctxKey{}, call{caller, id})
	doc, bad := parse(in.Query)
	if bad == errSyntax { // the schema's parser says where
		list := s.schema.Validate(in.Query)
		coded(ctx, list, func(error) {})
		if len(list) == 0 {
			list = []*grapherr.QueryError{bad.query()}
		}
		return replyOf(invalid(r), &graphql.Response{Errors: list})
	}
	if bad != nil {
		return s.refused(r, id, bad)
	}
	op, w, m := measure(doc, in.Operation, in.Variables, s.cfg.Lists)
	if op != nil {
		if bad := m.check(op, w, s.cfg.Introspection); bad != nil {
			return s.refused(r, id, bad)
		}
	}
	run := func(ctx context.Context) reply { return s.run(ctx, r, in, op, w) }
	if s.cfg.Once == nil || op == nil || op.kind != "mutation" {
		return run(ctx)
	}
	key, err := onceKey(r)
	if err != nil {
		return s.refused(r, id, err)
	}
	if key == "" {
		return run(ctx)
	}
	out, err := s.once(ctx, key, in, run)
	if err != nil {
		return s.refused(r, id, err)
	}
	return out
}

// run carries an operation out.
func (s *Server) run(ctx context.Context, r *http.Request, in request, op *operation, w weight) reply {
	out := s.schema.Exec(ctx, in.Query, in.Operation, in.Variables)
	coded(ctx, out.Errors, func(err error) { s.report(RequestID(ctx), err, "operation", label(op)) })
	status := http.StatusOK
	if out.Data == nil {
		status = invalid(r)
	}
	if s.cfg.Sandbox {
		out.Extensions = map[string]any{"cost": map[string]int{"requested": w.cost, "maximum": MaxCost}}
	}
	return replyOf(status, out)
}

// invalid is the status of a document that was not run.
func invalid(r *http.Request) int {
	if acceptsGraph(r) {
		return http.StatusBadRequest
	}
	return http.StatusOK
}

// refused answers a request of which no operation was run.
func (s *Server) refused(r *http.Request, id string, err error) reply {
	var ours *Error
	if !errors.As(err, &ours) {
		s.report(id, err)
		ours = &Error{Code: CodeInternal, Message: "an unexpected error occurred", Extra: map[string]any{"requestId": id}, status: http.StatusInternalServerError}
	}
	status := ours.status
	if status == 0 {
		status = invalid(r)
	}
	return replyOf(status, &graphql.Response{Errors: []*grapherr.QueryError{ours.query()}})
}

// read finds out what is asked for, and by whom.
func (s *Server) read(ctx context.Context, r *http.Request) (in request, caller Caller, err error) {
	if r.Method != http.MethodPost {
		return in, caller, badRequest(http.StatusMethodNotAllowed, "operations are sent by POST")
	}
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if key = strings.TrimSpace(key); !strings.EqualFold(scheme, "Bearer") || key == "" || len(key) > 256 {
		return in, caller, ErrUnauthenticated
	}
	if caller, err = s.cfg.Authenticate(ctx, key); err != nil {
		return in, caller, err
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return in, caller, badRequest(http.StatusUnsupportedMediaType, "the Content-Type header must be application/json")
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, MaxBody+1))
	switch {
	case err != nil:
		return in, caller, badRequest(http.StatusBadRequest, "the body could not be read") // the client went away or lied about the length
	case len(raw) > MaxBody:
		return in, caller, &Error{Code: CodeTooComplex, Message: "the body is too large", Extra: map[string]any{"limit": "body", "maximum": MaxBody}, status: http.StatusRequestEntityTooLarge}
	case json.Unmarshal(raw, &in) != nil || in.Query == "" && in.Extensions.Persisted.Hash == "":
		return in, caller, badRequest(http.StatusBadRequest, `the body must be a JSON object with a text "query" and, if there are any, objects "variables" and texts "operationName"`)
	case len(in.Query) > MaxQuery:
		return in, caller, tooComplex("size", "the document is too long", MaxQuery)
	}
	query, bad := s.cfg.Persisted.document(&in)
	if bad != nil {
		return in, caller, bad
	}
	in.Query = query
	if when := r.Header.Get(api.ClockHeader); when != "" {
		if s.cfg.At == nil || s.cfg.At(ctx, when) != nil {
			return in, caller, badRequest(http.StatusBadRequest, "the "+api.ClockHeader+" header is for the sandbox alone, and is a time or a span after the present one")
		}
	}
	return in, caller, nil
}

// report logs an error that is ours to mend. Neither the document nor its variables
// come into the log.
func (s *Server) report(id string, err error, more ...any) {
	level := slog.LevelError
	if errors.Is(err, context.Canceled) {
		level = slog.LevelInfo // the client went away
	}
	s.cfg.Log.Log(context.Background(), level, "request failed", append([]any{"path", Path, "request_id", id, "error", strings.ToValidUTF8(err.Error(), "?")}, more...)...)
}

// panics makes an error of a panic, without its value.
type panics struct{}

// MakePanicError is errors.PanicHandler.
func (panics) MakePanicError(ctx context.Context, _ any) *grapherr.QueryError {
	return &grapherr.QueryError{Message: "an unexpected error occurred", Extensions: map[string]any{"code": CodeInternal, "requestId": RequestID(ctx)}}
}

type panicLog struct{ log *slog.Logger }

// LogPanic is log.Logger: the kind of the value and where it came from.
func (l panicLog) LogPanic(ctx context.Context, value any) {
	l.log.Error("panic", "path", Path, "request_id", RequestID(ctx), "kind", reflect.TypeOf(value).String(), "stack", string(debug.Stack()))
}

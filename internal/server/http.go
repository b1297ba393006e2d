package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"reflect"
	"runtime/debug"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/contact/graph"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Limits of the listener. A request has 30 seconds to arrive and a minute to be
// answered; the largest body is package api's to decide.
const (
	headerTime = 10 * time.Second
	readTime   = 30 * time.Second
	writeTime  = 60 * time.Second
	idleTime   = 2 * time.Minute
	maxHeader  = 32 << 10
	graceTime  = 10 * time.Second // for requests under way when the server stops
)

func newHTTPServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       readTime,
		WriteTimeout:      writeTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug), // the client's broken connections
	}
}

// handler sends a request to the API, to a page, or to the honest answer that
// nobody serves its path.
func (s *Server) handler(api *api.Server, pages *http.ServeMux) http.Handler {
	pages.HandleFunc("GET /healthz", s.healthy)
	pages.HandleFunc("GET /readyz", s.ready)
	pages.Handle("GET /metrics", s.metrics.handler())
	pages.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if plaid.IsPath(r.URL.Path) {
			api.Fail(w, r, plaid.NotSupported(r.URL.Path))
			return
		}
		api.Fail(w, r, plaid.NotFound)
	})
	other := s.logged(pages)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if api.Answers(r.URL.Path) {
			api.ServeHTTP(w, r)
			return
		}
		other.ServeHTTP(w, r)
	})
}

// observe turns what api tells of an answer into a log line and metrics.
func (s *Server) observe(o api.Observation) {
	s.metrics.observe(o)
	level := slog.LevelInfo
	if o.Status >= http.StatusInternalServerError && o.ErrorCode != "NOT_SUPPORTED" {
		level = slog.LevelError
	}
	ctx := context.Background()
	if !s.log.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{
		slog.String(keyMethod, o.Method), slog.String(keyPath, o.Path),
		slog.Int(keyStatus, o.Status), slog.Float64(keyMillis, float64(o.Took.Microseconds())/1000),
	}
	if o.ErrorCode != "" {
		attrs = append(attrs, slog.String("error_code", o.ErrorCode))
	}
	if s.log.Enabled(ctx, slog.LevelDebug) {
		attrs = append(attrs, slog.String("request_id", o.RequestID))
	}
	s.log.LogAttrs(ctx, level, requestMessage, attrs...)
}

// logged prints a line for each page, script and step of Link. The path is the
// pattern that matched, so nothing a stranger typed reaches the log.
func (s *Server) logged(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		took := clock.Stopwatch()
		sw := &statusWriter{ResponseWriter: w}
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				s.panicked(sw, r, p)
			}
			if observed(r.Pattern) || quiet(r.Pattern) {
				return
			}
			s.log.LogAttrs(r.Context(), slog.LevelInfo, requestMessage,
				slog.String(keyMethod, api.MethodName(r.Method)), slog.String(keyPath, patternPath(r.Pattern)),
				slog.Int(keyStatus, sw.status()), slog.Float64(keyMillis, float64(took().Microseconds())/1000))
		}()
		h.ServeHTTP(sw, r)
	})
}

// panicked answers and logs a panic in a page; package api has its own.
func (s *Server) panicked(w *statusWriter, r *http.Request, p any) {
	s.log.Error("panic", "path", patternPath(r.Pattern), "kind", reflect.TypeOf(p).String(), "stack", string(debug.Stack()))
	if w.sent == 0 {
		plain(w, http.StatusInternalServerError, "an unexpected error occurred\n")
	}
}

// observed reports whether observe was told of a request already: of the paths that
// nobody serves, the steps of a Link session, the partner's API and the contacts'.
func observed(pattern string) bool {
	return pattern == "/" || pattern == "/link/session/" || pattern == graph.Path || strings.HasPrefix(pattern, alloy.Base)
}

// patternPath is the path of a pattern of http.ServeMux, without its method. A
// room whose own list of paths had no match leaves none.
func patternPath(pattern string) string {
	if pattern == "" {
		return "(other)"
	}
	if _, path, ok := strings.Cut(pattern, " "); ok {
		return path
	}
	return pattern
}

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	sent int
}

func (w *statusWriter) WriteHeader(status int) {
	if w.sent == 0 {
		w.sent = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	if w.sent == 0 {
		w.sent = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *statusWriter) status() int {
	if w.sent == 0 {
		return http.StatusOK
	}
	return w.sent
}

// serve answers requests on l until ctx ends, says that it stops, and lets those
// under way finish.
func serve(ctx context.Context, hs *http.Server, l net.Listener, stopping func()) error {
	failed := make(chan error, 1)
	go func() { failed <- hs.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	stopping()
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), graceTime)
	defer cancel()
	if err := hs.Shutdown(grace); err != nil {
		hs.Close()
		return err
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

package server

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestEveryLimitIsSet(t *testing.T) {
	s := newHTTPServer(http.NotFoundHandler(), slog.New(slog.DiscardHandler))
	if s.ReadHeaderTimeout <= 0 || s.ReadTimeout <= 0 || s.WriteTimeout <= 0 || s.IdleTimeout <= 0 || s.MaxHeaderBytes <= 0 {
		t.Errorf("a client may keep a connection for ever: %+v", s)
	}
}

// TestRequestsUnderWayFinish stops the server while it answers: the answer
// arrives, and nobody else is let in.
func TestRequestsUnderWayFinish(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	entered, leave := make(chan bool), make(chan bool)
	hs := newHTTPServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		entered <- true
		<-leave
		io.WriteString(w, "done")
	}), slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(t.Context())
	stopping, served, answered := make(chan bool, 1), make(chan error, 1), make(chan string, 1)
	go func() { served <- serve(ctx, hs, l, func() { stopping <- true }) }()
	go func() {
		resp, err := http.Get("http://" + l.Addr().String())
		if err != nil {
			answered <- err.Error()
			return
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		answered <- string(b)
	}()
	<-entered
	stop()
	<-stopping
	close(leave)
	if got := <-answered; got != "done" {
		t.Errorf("a request under way was answered with %q", got)
	}
	if err := <-served; err != nil {
		t.Errorf("a calm stop: %v", err)
	}
	if _, err := net.Dial("tcp", l.Addr().String()); err == nil {
		t.Error("the port is still open")
	}
}

// TestPanicInAPage answers it, says where it was, and does not say what.
func TestPanicInAPage(t *testing.T) {
	var log bytes.Buffer
	s := &Server{log: slog.New(slog.NewTextHandler(&log, nil))}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /page/{name}", func(http.ResponseWriter, *http.Request) { panic("planted-4711") })
	w := httptest.NewRecorder()
	s.logged(mux).ServeHTTP(w, httptest.NewRequest("GET", "/page/planted-4711", nil))
	if w.Code != http.StatusInternalServerError {
		t.Errorf("a panic was answered with %d", w.Code)
	}
	if got := log.String(); strings.Contains(got, "planted-4711") || !strings.Contains(got, "path=/page/{name}") || !strings.Contains(got, "stack=") {
		t.Errorf("a panic was logged as %s", got)
	}
}

// TestPageLines logs each page once, by its pattern.
func TestPageLines(t *testing.T) {
	var log bytes.Buffer
	s := &Server{log: slog.New(slog.NewTextHandler(&log, nil))}
	inner := http.NewServeMux()
	inner.HandleFunc("GET /room/{name}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	mux := http.NewServeMux()
	mux.Handle("/room/", inner)
	mux.HandleFunc("GET /healthz", s.healthy)
	for _, path := range []string{"/room/planted?x=planted", "/room/planted/planted", "/healthz"} {
		s.logged(mux).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", path, nil))
	}
	got := log.String()
	if strings.Count(got, "\n") != 2 || strings.Contains(got, "planted") ||
		!strings.Contains(got, "path=/room/{name} status=418") || !strings.Contains(got, "path=(other) status=404") {
		t.Errorf("logged\n%s", got)
	}
}

package webhook_test

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/egress"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// TestReceiversOfEveryKind sends to real servers on the loopback interface, at the
// same time, and looks at what is recorded of each.
func TestReceiversOfEveryKind(t *testing.T) {
	var inside atomic.Bool
	over := make(chan struct{})
	receive := http.NewServeMux()
	status := func(path string, code int) {
		receive.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			if code/100 == 3 {
				w.Header().Set("Location", "/inside")
			}
			w.WriteHeader(code)
		})
	}
	status("/ok", 200)
	status("/created", 201)
	status("/empty", 204)
	status("/moved", 301)
	status("/found", 302)
	status("/preserved", 307)
	status("/gone", 410)
	status("/down", 503)
	receive.HandleFunc("/inside", func(http.ResponseWriter, *http.Request) { inside.Store(true) })
	receive.HandleFunc("/endless", func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 4096)); err != nil {
				return
			}
		}
	})
	receive.HandleFunc("/drips", func(w http.ResponseWriter, r *http.Request) { // 200, and then never its two bytes
		w.Header().Set("Content-Length", "2")
		w.WriteHeader(200)
		w.(http.Flusher).Flush()
		select {
		case <-over:
		case <-r.Context().Done():
		}
	})
	receive.HandleFunc("/huge", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Fill", strings.Repeat("x", 64<<10))
		w.WriteHeader(200)
	})
	receive.HandleFunc("/silent", func(w http.ResponseWriter, r *http.Request) { <-over })
	receive.HandleFunc("/closes", func(w http.ResponseWriter, r *http.Request) { hijack(w).Close() })
	receive.HandleFunc("/nonsense", func(w http.ResponseWriter, r *http.Request) {
		c := hijack(w)
		_, _ = io.WriteString(c, "no protocol of ours\r\n\r\n")
		c.Close()
	})
	server := httptest.NewServer(receive)
	defer server.Close()
	defer close(over)
	plainTLS := httptest.NewUnstartedServer(receive)
	plainTLS.Config.ErrorLog = log.New(io.Discard, "", 0)
	plainTLS.StartTLS()
	defer plainTLS.Close()

	h := newHouse(t, storetest.SQLite(t), newNetwork())
	transport := egress.New(true).Transport(4)
	defer transport.CloseIdleConnections()
	h.Outbox = h.with(transport)
	h.Hurry(time.Second, 2*time.Second, time.Second)
	h.run(t)
	closed := httptest.NewServer(nil)
	closed.Close()
	want := map[string]struct {
		status int
		err    string
	}{
		server.URL + "/ok": {200, ""}, server.URL + "/endless": {200, ""}, server.URL + "/drips": {200, ""},
		server.URL + "/created": {201, "answered 201"}, server.URL + "/empty": {204, "answered 204"},
		server.URL + "/moved": {301, "redirects are not followed"}, server.URL + "/found": {302, "redirects are not followed"},
		server.URL + "/preserved": {307, "redirects are not followed"},
		server.URL + "/gone":      {410, "answered 410"}, server.URL + "/down": {503, "answered 503"},
		server.URL + "/huge": {0, "could not be reached"}, server.URL + "/silent": {0, "no answer"},
		server.URL + "/closes": {0, "closed the connection"}, server.URL + "/nonsense": {0, "could not be reached"},
		plainTLS.URL + "/ok": {0, "certificate"}, closed.URL + "/ok": {0, "does not listen"},
		"http://169.254.169.254/latest": {0, "not a public one"},
	}
	for url := range want {
		n := notice(url, "{}")
		n.URL = url
		h.add(t, n)
	}
	h.settle(t)
	for url, w := range want {
		list, err := h.Deliveries(context.Background(), webhook.Filter{ClientID: "client", Subject: url})
		if err != nil || len(list) != 1 {
			t.Fatalf("%s: %d, %v", url, len(list), err)
		}
		attempts, err := h.Attempts(context.Background(), list[0].ID)
		if err != nil || len(attempts) != 1 {
			t.Errorf("%s: %d attempts, %v", url, len(attempts), err)
			continue
		}
		a := attempts[0]
		if a.Status != w.status || !strings.Contains(a.Error, w.err) || (a.Error == "") != (w.err == "") {
			t.Errorf("%s: %d %q, want %d %q", url, a.Status, a.Error, w.status, w.err)
		}
		if (list[0].State == webhook.Delivered) != (w.err == "") {
			t.Errorf("%s: %s", url, list[0].State)
		}
	}
	if inside.Load() {
		t.Error("a redirect was followed")
	}
}

func hijack(w http.ResponseWriter) net.Conn {
	c, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	return c
}

// TestNothingPrivateIsCalledInProduction: without the permission no spelling of the
// loopback address leads there.
func TestNothingPrivateIsCalledInProduction(t *testing.T) {
	var reached sync.Map
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { reached.Store(r.Host, true) }))
	defer server.Close()
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(server.URL, "http://"))
	h := newHouse(t, storetest.SQLite(t), newNetwork())
	h.Outbox = h.with(nil)
	h.Hurry(time.Second, 10*time.Second, time.Second)
	h.run(t)
	for _, host := range []string{"127.0.0.1", "localhost", "2130706433", "127.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"} {
		n := notice(host, "{}")
		n.URL = "http://" + host + ":" + port + "/"
		h.add(t, n)
	}
	h.settle(t)
	reached.Range(func(host, _ any) bool { t.Errorf("%s was called", host); return true })
	list, err := h.Deliveries(context.Background(), webhook.Filter{ClientID: "client"})
	if err != nil || len(list) != 7 {
		t.Fatalf("%d deliveries, %v", len(list), err)
	}
	for _, d := range list {
		if d.Failures != 1 || d.State != webhook.Waiting {
			t.Errorf("%s: %+v", d.Subject, d.State)
		}
	}
}

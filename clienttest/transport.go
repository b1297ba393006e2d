package clienttest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
)

// Transport checks each exchange that passes through it and keeps what it
// objects to. Use it under an http.Client, or through Proxy.
type Transport struct {
	Contract *Contract
	Base     http.RoundTripper // nil means http.DefaultTransport

	mu       sync.Mutex
	seen     map[string]int
	problems []string
}

// RoundTrip sends the request and checks it with its answer. Pages and scripts
// (what is not asked with POST, and the frame's private protocol below /link/)
// pass unjudged.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	sent, err := drain(&req.Body)
	if err != nil {
		return nil, err
	}
	base := t.Base
	if base == nil {
		base = http.DefaultTransport
	}
	resp, err := base.RoundTrip(req)
	if err != nil || !judged(req, t.Contract) {
		return resp, err
	}
	got, err := drain(&resp.Body)
	if err != nil {
		return nil, err
	}
	t.record(Exchange{
		Method: req.Method, Path: req.URL.Path, Request: sent,
		Status: resp.StatusCode, Header: resp.Header, Answer: got,
	})
	return resp, nil
}

func judged(req *http.Request, c *Contract) bool {
	return req.Method == http.MethodPost && (c.Knows(req.URL.Path) || !strings.HasPrefix(req.URL.Path, "/link/session/"))
}

func (t *Transport) record(e Exchange) {
	found := t.Contract.Check(e)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.seen == nil {
		t.seen = map[string]int{}
	}
	t.seen[e.Path]++
	for _, p := range found {
		t.problems = append(t.problems, fmt.Sprintf("%s %s: %d: %s", e.Method, e.Path, e.Status, p))
	}
}

// Problems returns what the contract objected to so far.
func (t *Transport) Problems() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string(nil), t.problems...)
}

// Checked is the number of exchanges that were judged.
func (t *Transport) Checked() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := 0
	for _, count := range t.seen {
		n += count
	}
	return n
}

// Proxy is a server in front of target that checks what passes.
func (t *Transport) Proxy(target *url.URL) http.Handler {
	return &httputil.ReverseProxy{
		Transport: t,
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(target) },
	}
}

// drain reads a body to its end and puts a copy in its place.
func drain(body *io.ReadCloser) ([]byte, error) {
	if *body == nil || *body == http.NoBody {
		return nil, nil
	}
	b, err := io.ReadAll(*body)
	(*body).Close()
	*body = io.NopCloser(bytes.NewReader(b))
	return b, err
}

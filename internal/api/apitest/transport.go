package apitest

import (
	"bytes"
	"io"
	"net/http"
	"os"
)

// Transport returns base, made to keep what passes if the environment asks for
// it: Keep for a test that speaks to a server over the network.
func Transport(base http.RoundTripper) http.RoundTripper {
	if dir := os.Getenv(Dir); dir != "" {
		return &transport{base, dir}
	}
	return base
}

type transport struct {
	base http.RoundTripper
	dir  string
}

// RoundTrip sends a request and keeps it with its answer, if there was one.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	sent, err := drain(&r.Body)
	if err != nil {
		return nil, err
	}
	resp, err := t.base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	got, err := drain(&resp.Body)
	if err != nil {
		return nil, err
	}
	keep(t.dir, Exchange{r.Method, r.URL.Path, sent, resp.StatusCode, resp.Header, got})
	return resp, nil
}

// CloseIdleConnections closes those of the transport below.
func (t *transport) CloseIdleConnections() {
	if c, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// drain reads a body to its end and puts a copy in its place.
func drain(body *io.ReadCloser) ([]byte, error) {
	if *body == nil {
		return nil, nil
	}
	b, err := io.ReadAll(*body)
	(*body).Close()
	*body = io.NopCloser(bytes.NewReader(b))
	return b, err
}

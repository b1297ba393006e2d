package proxy

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Config is what a proxy is made of.
type Config struct {
	Authority *Authority
	Handler   http.Handler // answers for Names
	Offline   bool         // refuses everybody else beyond this machine
	// Upstream is the proxy by which an address is reached, nil for none; when
	// Upstream itself is nil, every address is reached directly.
	Upstream func(*url.URL) (*url.URL, error)
}

// Proxy is a running proxy.
type Proxy struct {
	cfg       Config
	outer     *http.Server // speaks to proxy clients
	inner     *http.Server // speaks TLS as one of Names
	listener  net.Listener
	direct    net.Listener
	terminate *handed // CONNECT to one of Names goes on here
	forward   *httputil.ReverseProxy
	transport *http.Transport
	serving   sync.WaitGroup

	ctx  context.Context // ends tunnels that are being dialled
	stop context.CancelFunc

	mu       sync.Mutex
	tunnels  map[net.Conn]struct{}
	answered int
	refused  map[string]int
}

// Start starts a proxy on free ports of the loopback interface.
func Start(cfg Config) (*Proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	d, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		l.Close()
		return nil, fmt.Errorf("proxy: %w", err)
	}
	p := newProxy(cfg, limit(l, maxConns), limit(d, maxConns))
	p.serving.Go(func() { p.outer.Serve(p.listener) })
	p.serving.Go(func() { p.inner.Serve(p.terminate) })
	p.serving.Go(func() { p.inner.Serve(tls.NewListener(p.direct, p.tls(""))) })
	return p, nil
}

func newProxy(cfg Config, listener, direct net.Listener) *Proxy {
	p := &Proxy{
		cfg: cfg, listener: listener, direct: direct, terminate: newHanded(listener.Addr()),
		tunnels: map[net.Conn]struct{}{}, refused: map[string]int{},
	}
	p.ctx, p.stop = context.WithCancel(context.Background())
	p.transport = &http.Transport{
		Proxy: p.proxyOf, DialContext: dialer.DialContext, TLSHandshakeTimeout: headerTime, IdleConnTimeout: idleTime, ForceAttemptHTTP2: true,
	}
	p.forward = &httputil.ReverseProxy{
		Transport:    p.transport,
		Rewrite:      func(r *httputil.ProxyRequest) { r.Out.Host = r.In.Host },
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) { unreachable(w, r.URL.Host, err) },
		ErrorLog:     quiet,
	}
	p.outer = &http.Server{
		Handler: http.HandlerFunc(p.serveClient), ReadHeaderTimeout: headerTime, IdleTimeout: idleTime,
		MaxHeaderBytes: maxHeader, ErrorLog: quiet,
	}
	p.inner = &http.Server{
		Handler: http.HandlerFunc(p.serveName), ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime,
		IdleTimeout: idleTime, MaxHeaderBytes: maxHeader, ErrorLog: quiet, TLSConfig: p.tls(""),
	}
	return p
}

var dialer = &net.Dialer{Timeout: dialTime}

// quiet keeps what net/http says of clients' broken connections to itself.
var quiet = log.New(io.Discard, "", 0)

// tls is how one of Names is spoken for. A client that names none in its
// handshake gets the certificate of connected, the name it asked the proxy for.
func (p *Proxy) tls(connected string) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: []string{"h2", "http/1.1"},
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			if name := strings.ToLower(hello.ServerName); name != "" {
				return p.cfg.Authority.Certificate(name)
			}
			return p.cfg.Authority.Certificate(connected)
		},
	}
}

// URL is the proxy's address, as HTTPS_PROXY wants it.
func (p *Proxy) URL() string { return "http://" + p.listener.Addr().String() }

// Direct is the host and port that speaks TLS as any of Names, for the hooks of
// runtimes that know no proxy.
func (p *Proxy) Direct() string { return p.direct.Addr().String() }

// Close ends the proxy: requests under way have a moment to finish, tunnels are
// cut.
func (p *Proxy) Close() error {
	p.stop()
	grace, cancel := context.WithTimeout(context.Background(), graceTime)
	defer cancel()
	err := errors.Join(p.outer.Shutdown(grace), p.inner.Shutdown(grace))
	if err != nil {
		err = errors.Join(p.outer.Close(), p.inner.Close())
	}
	p.mu.Lock()
	for c := range p.tunnels {
		c.Close()
	}
	p.mu.Unlock()
	p.serving.Wait()
	p.transport.CloseIdleConnections()
	return err
}

// Answered is how many requests for Names were answered.
func (p *Proxy) Answered() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.answered
}

// Refused names the hosts that were refused, in order.
func (p *Proxy) Refused() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Sorted(maps.Keys(p.refused))
}

// owned reports whether a name is answered here.
func owned(host string) bool {
	return slices.Contains(Names, strings.TrimSuffix(strings.ToLower(host), "."))
}

// serveName answers as one of Names. A request that came over the connection of
// one of them and names a stranger is sent away (RFC 9110 section 15.5.20).
func (p *Proxy) serveName(w http.ResponseWriter, r *http.Request) {
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil {
		host, port = r.Host, "443"
	}
	if !owned(host) || port != "443" {
		http.Error(w, "glencheck: this connection answers for "+strings.Join(Names, ", "), http.StatusMisdirectedRequest)
		return
	}
	p.answer(w, r)
}

func (p *Proxy) answer(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.answered++
	p.mu.Unlock()
	p.cfg.Handler.ServeHTTP(w, r)
}

// maxRefused bounds what is remembered of refusals.
const maxRefused = 64

func (p *Proxy) refuse(w http.ResponseWriter, host string) {
	p.mu.Lock()
	if len(p.refused) < maxRefused || p.refused[host] > 0 {
		p.refused[host]++
	}
	p.mu.Unlock()
	http.Error(w, "glencheck run --offline: "+host+" is not one of the names that are answered here", http.StatusForbidden)
}

func unreachable(w http.ResponseWriter, host string, err error) {
	http.Error(w, fmt.Sprintf("glencheck run: %s cannot be reached: %v", host, err), http.StatusBadGateway)
}

// keep remembers a connection that net/http no longer knows of, so that Close
// can end it; forget is to be called when it has ended. A proxy that is closing
// takes none.
func (p *Proxy) keep(c net.Conn) (forget func(), ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ctx.Err() != nil {
		return nil, false
	}
	p.tunnels[c] = struct{}{}
	p.serving.Add(1)
	return func() {
		p.mu.Lock()
		delete(p.tunnels, c)
		p.mu.Unlock()
		p.serving.Done()
	}, true
}

// noDeadline takes away the deadlines of the header that has arrived.
func noDeadline(c net.Conn) { c.SetDeadline(time.Time{}) }

package proxy

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/glencheck-dev/glencheck/internal/clock"
)

// serveClient answers a client that takes this for a proxy.
func (p *Proxy) serveClient(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodConnect:
		p.connect(w, r)
	case !r.URL.IsAbs() || r.URL.Host == "":
		http.Error(w, "glencheck run: this is a proxy; ask it with CONNECT or with a whole address", http.StatusBadRequest)
	case r.URL.Scheme != "http" && r.URL.Scheme != "https":
		http.Error(w, "glencheck run: only http and https addresses can be asked for", http.StatusBadRequest)
	default:
		p.absolute(w, r)
	}
}

// absolute answers a request in absolute form (RFC 9112 section 3.2.2).
func (p *Proxy) absolute(w http.ResponseWriter, r *http.Request) {
	host := r.URL.Hostname()
	switch {
	case owned(host) && r.URL.Scheme == "http":
		to := *r.URL
		to.Scheme, to.Host = "https", host
		http.Redirect(w, r, to.String(), http.StatusPermanentRedirect)
	case owned(host) && r.URL.Port() != "" && r.URL.Port() != "443":
		wrongPort(w, host)
	case owned(host):
		in := r.Clone(r.Context())
		in.URL.Scheme, in.URL.Host, in.URL.User = "", "", nil
		in.RequestURI = in.URL.RequestURI()
		in.Host = host
		for _, hop := range []string{"Proxy-Authorization", "Proxy-Connection"} {
			in.Header.Del(hop)
		}
		p.answer(w, in)
	case p.cfg.Offline && !thisMachine(host):
		p.refuse(w, host)
	default:
		p.forward.ServeHTTP(w, r)
	}
}

// thisMachine reports whether a host is never anywhere else.
func thisMachine(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Unmap().IsLoopback()
	}
	return strings.EqualFold(host, "localhost")
}

func wrongPort(w http.ResponseWriter, host string) {
	http.Error(w, "glencheck run: "+host+" is answered at port 443 only", http.StatusForbidden)
}

// connect makes a tunnel: to here for Names, else to where it was asked for.
func (p *Proxy) connect(w http.ResponseWriter, r *http.Request) {
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil || host == "" {
		http.Error(w, "glencheck run: CONNECT wants host:port", http.StatusBadRequest)
		return
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		http.Error(w, "glencheck run: CONNECT to a port that does not exist", http.StatusBadRequest)
		return
	}
	switch {
	case owned(host) && port != "443":
		wrongPort(w, host)
	case owned(host):
		p.takeOver(w, host)
	case p.cfg.Offline && !thisMachine(host):
		p.refuse(w, host)
	default:
		p.tunnel(w, r.Context(), net.JoinHostPort(host, port))
	}
}

const established = "HTTP/1.1 200 Connection established\r\n\r\n"

// takeOver goes on as the name itself.
func (p *Proxy) takeOver(w http.ResponseWriter, host string) {
	c, err := hijack(w)
	if err != nil {
		return
	}
	if _, err := io.WriteString(c, established); err != nil {
		c.Close()
		return
	}
	p.terminate.hand(tls.Server(c, p.tls(host)))
}

// hijack takes the connection from net/http, with what was read ahead of it.
func hijack(w http.ResponseWriter) (net.Conn, error) {
	c, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "glencheck run: CONNECT needs HTTP/1.1", http.StatusHTTPVersionNotSupported)
		return nil, err
	}
	noDeadline(c)
	return &buffered{c, rw.Reader}, nil
}

// tunnel joins the client to an address of the outside.
func (p *Proxy) tunnel(w http.ResponseWriter, ctx context.Context, addr string) {
	ctx, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	defer context.AfterFunc(p.ctx, cancel)()
	there, err := p.reach(ctx, addr)
	if err != nil {
		unreachable(w, addr, err)
		return
	}
	defer there.Close()
	here, err := hijack(w)
	if err != nil {
		return
	}
	defer here.Close()
	for _, c := range []net.Conn{here, there} {
		forget, ok := p.keep(c)
		if !ok {
			return
		}
		defer forget()
	}
	if _, err := io.WriteString(here, established); err == nil {
		splice(here, there)
	}
}

// reach dials an address, by the upstream proxy where there is one for it.
func (p *Proxy) reach(ctx context.Context, addr string) (net.Conn, error) {
	via, err := p.upstream(addr)
	if err != nil {
		return nil, err
	}
	if via == nil {
		return dialer.DialContext(ctx, "tcp", addr)
	}
	if via.Scheme != "http" && via.Scheme != "https" {
		return nil, fmt.Errorf("the proxy %s of this environment speaks %s; only http and https are known", via.Host, via.Scheme)
	}
	c, err := dialer.DialContext(ctx, "tcp", hostPort(via))
	if err != nil {
		return nil, err
	}
	if via.Scheme == "https" {
		c = tls.Client(c, &tls.Config{ServerName: via.Hostname()})
	}
	return ask(c, via, addr)
}

func (p *Proxy) upstream(addr string) (*url.URL, error) {
	if p.cfg.Upstream == nil {
		return nil, nil
	}
	return p.cfg.Upstream(&url.URL{Scheme: "https", Host: addr})
}

// proxyOf is upstream as http.Transport asks for it.
func (p *Proxy) proxyOf(r *http.Request) (*url.URL, error) {
	if p.cfg.Upstream == nil {
		return nil, nil
	}
	return p.cfg.Upstream(r.URL)
}

func hostPort(u *url.URL) string {
	if u.Port() != "" {
		return u.Host
	}
	if u.Scheme == "https" {
		return net.JoinHostPort(u.Hostname(), "443")
	}
	return net.JoinHostPort(u.Hostname(), "80")
}

// ask asks the upstream proxy on c for a tunnel to addr.
func ask(c net.Conn, via *url.URL, addr string) (net.Conn, error) {
	c.SetDeadline(clock.Real().Now().Add(dialTime))
	req := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: addr}, Host: addr, Header: http.Header{}}
	if u := via.User; u != nil {
		password, _ := u.Password()
		req.Header.Set("Proxy-Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(u.Username()+":"+password)))
	}
	ahead := bufio.NewReaderSize(c, maxHeader)
	err := req.Write(c)
	var resp *http.Response
	if err == nil {
		resp, err = http.ReadResponse(ahead, req)
	}
	if err == nil && resp.StatusCode != http.StatusOK {
		err = errors.New("the proxy " + via.Host + " of this environment answers " + resp.Status)
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	noDeadline(c)
	return &buffered{c, ahead}, nil
}

// splice copies both ways until both have ended; an end that fails ends both.
func splice(a, b net.Conn) {
	var both sync.WaitGroup
	pass := func(to, from net.Conn) {
		_, err := io.Copy(to, from)
		half, ok := to.(interface{ CloseWrite() error })
		if err != nil || !ok || half.CloseWrite() != nil {
			a.Close()
			b.Close()
		}
	}
	both.Go(func() { pass(a, b) })
	both.Go(func() { pass(b, a) })
	both.Wait()
}

package proxy

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/glencheck-dev/glencheck/internal/clock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// sandbox tells what came to it.
var sandbox = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, "%s %s%s %s", r.Method, r.Host, r.RequestURI, r.Header.Get("Proxy-Authorization"))
})

func start(t *testing.T, change func(*Config)) *Proxy {
	t.Helper()
	ca, err := NewAuthority(clock.Real().Now())
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{Authority: ca, Handler: sandbox}
	if change != nil {
		change(&cfg)
	}
	p, err := Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// roots trusts the authority and, if given, a server of the test.
func roots(p *Proxy, other *httptest.Server) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(p.cfg.Authority.PEM())
	if other != nil {
		pool.AddCert(other.Certificate())
	}
	return pool
}

// client is a program that follows HTTPS_PROXY.
func client(t *testing.T, p *Proxy, pool *x509.CertPool, http2 bool) *http.Client {
	u, err := url.Parse(p.URL())
	if err != nil {
		t.Fatal(err)
	}
	tr := &http.Transport{Proxy: http.ProxyURL(u), TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: http2}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}
}

func get(t *testing.T, c *http.Client, address string) (status, proto int, body string) {
	t.Helper()
	resp, err := c.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.ProtoMajor, string(b)
}

func TestNamesAreAnswered(t *testing.T) {
	p := start(t, nil)
	for version, http2 := range []bool{false, true} {
		c := client(t, p, roots(p, nil), http2)
		for _, name := range Names {
			status, proto, body := get(t, c, "https://"+name+"/item/get?a=b")
			if status != 200 || body != "GET "+name+"/item/get?a=b " || proto != version+1 {
				t.Errorf("%s: %d HTTP/%d %q", name, status, proto, body)
			}
		}
	}
	if got := p.Answered(); got != 2*len(Names) {
		t.Errorf("%d answers counted", got)
	}
}

// TestDirect is the door of the hooks: a client that names no host in its
// handshake has a certificate that is good for all of them.
func TestDirect(t *testing.T) {
	p := start(t, nil)
	for _, sni := range []string{"production.plaid.com", ""} {
		cfg := &tls.Config{ServerName: sni, RootCAs: roots(p, nil)}
		if sni == "" {
			cfg = &tls.Config{InsecureSkipVerify: true, VerifyConnection: func(s tls.ConnectionState) error {
				return s.PeerCertificates[0].VerifyHostname("cdn.plaid.com")
			}}
		}
		c, err := tls.Dial("tcp", p.Direct(), cfg)
		if err != nil {
			t.Fatalf("%q: %v", sni, err)
		}
		fmt.Fprint(c, "GET /x HTTP/1.1\r\nHost: cdn.plaid.com:443\r\nConnection: close\r\n\r\n")
		resp, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil || resp.StatusCode != 200 {
			t.Errorf("%q: %v, %v", sni, resp, err)
		}
		c.Close()
	}
}

// raw sends bytes to the proxy and reads one answer.
func raw(t *testing.T, p *Proxy, request string) (int, string) {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(p.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, resp.Header.Get("Location") + string(body)
}

// TestAbsoluteForm is how older versions of axios ask an HTTPS proxy.
func TestAbsoluteForm(t *testing.T) {
	p := start(t, nil)
	for _, tc := range []struct {
		request string
		status  int
		want    string
	}{
		{"POST https://sandbox.plaid.com/item/get?a=b HTTP/1.1\r\nHost: sandbox.plaid.com\r\nProxy-Authorization: x\r\nContent-Length: 0", 200, "POST sandbox.plaid.com/item/get?a=b "},
		{"GET https://Sandbox.Plaid.com:443/ HTTP/1.1\r\nHost: sandbox.plaid.com:443", 200, "GET Sandbox.Plaid.com/ "},
		{"GET https://sandbox.plaid.com:8443/ HTTP/1.1\r\nHost: sandbox.plaid.com", 403, "port 443 only"},
		{"GET http://cdn.plaid.com/link HTTP/1.1\r\nHost: cdn.plaid.com", 308, "https://cdn.plaid.com/link"},
	} {
		if status, body := raw(t, p, tc.request+"\r\nConnection: close\r\n\r\n"); status != tc.status || !strings.Contains(body, tc.want) {
			t.Errorf("%.40s: %d %q", tc.request, status, body)
		}
	}
}

func TestBadInput(t *testing.T) {
	p := start(t, func(c *Config) { c.Offline = true })
	for _, tc := range []struct {
		request string
		status  int
	}{
		{"CONNECT sandbox.plaid.com HTTP/1.1", 400},
		{"CONNECT :443 HTTP/1.1", 400},
		{"CONNECT sandbox.plaid.com:0 HTTP/1.1", 400},
		{"CONNECT sandbox.plaid.com:70000 HTTP/1.1", 400},
		{"CONNECT sandbox.plaid.com:https HTTP/1.1", 400},
		{"CONNECT / HTTP/1.1", 400},
		{"CONNECT sandbox.plaid.com:8443 HTTP/1.1", 403},
		{"CONNECT plaid.com:443 HTTP/1.1", 403},
		{"CONNECT sandbox.plaid.com.example.com:443 HTTP/1.1", 403},
		{"CONNECT xsandbox.plaid.com:443 HTTP/1.1", 403},
		{"GET / HTTP/1.1", 400},
		{"GET ftp://sandbox.plaid.com/ HTTP/1.1", 400},
		{"GET http://169.254.169.254/latest HTTP/1.1", 403},
		{"GET https:///x HTTP/1.1", 400},
		{"GET / HTTP/1.1\r\nX: " + strings.Repeat("x", maxHeader+8<<10), 431},
		{"nonsense", 400},
	} {
		if status, body := raw(t, p, tc.request+"\r\nHost: x\r\n\r\n"); status != tc.status {
			t.Errorf("%.60s: %d %q, want %d", tc.request, status, body, tc.status)
		}
	}
	if got := p.Refused(); !slices.Equal(got, []string{"169.254.169.254", "plaid.com", "sandbox.plaid.com.example.com", "xsandbox.plaid.com"}) {
		t.Errorf("refused %v", got)
	}
	if p.Answered() != 0 {
		t.Error("something was answered")
	}
}

// connected asks for a tunnel and returns the connection inside it.
func connected(t *testing.T, p *Proxy, host string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(p.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	fmt.Fprintf(c, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n", host, host)
	line := make([]byte, len(established))
	if _, err := io.ReadFull(c, line); err != nil || string(line) != established {
		t.Fatalf("%q, %v", line, err)
	}
	return c
}

// TestInsideATunnel is what a client may do wrong once it is connected.
func TestInsideATunnel(t *testing.T) {
	p := start(t, nil)
	if err := tls.Client(connected(t, p, "sandbox.plaid.com:443"), &tls.Config{ServerName: "example.com", InsecureSkipVerify: true}).Handshake(); err == nil {
		t.Error("a handshake as a stranger succeeds")
	}
	c := connected(t, p, "sandbox.plaid.com:443")
	io.WriteString(c, "GET / HTTP/1.1\r\nHost: sandbox.plaid.com\r\n\r\n")
	if answer, _ := io.ReadAll(c); strings.Contains(string(answer), "200") {
		t.Errorf("plain http inside the tunnel is answered: %q", answer)
	}
	s := tls.Client(connected(t, p, "sandbox.plaid.com:443"), &tls.Config{ServerName: "cdn.plaid.com", RootCAs: roots(p, nil)})
	for _, host := range []string{"example.com", "cdn.plaid.com:8443", "[::1"} {
		fmt.Fprintf(s, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", host)
	}
	answers := bufio.NewReader(s)
	for range 2 {
		resp, err := http.ReadResponse(answers, nil)
		if err != nil || resp.StatusCode != http.StatusMisdirectedRequest {
			t.Fatalf("%v, %v", resp, err)
		}
		io.Copy(io.Discard, resp.Body)
	}
	if p.Answered() != 0 {
		t.Error("something was answered")
	}
}

// TestStrangersPassThrough by CONNECT and in absolute form, directly and by a
// proxy that wants a password.
func TestStrangersPassThrough(t *testing.T) {
	there := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "outside ", r.Host) }))
	defer there.Close()
	passed := 0
	corporate := start(t, nil)
	gate := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Proxy-Authorization") != "Basic dXNlcjpwYXNz" {
			http.Error(w, "who", http.StatusProxyAuthRequired)
			return
		}
		passed++
		corporate.serveClient(w, r)
	}))
	defer gate.Close()
	via := func(user *url.Userinfo) func(*url.URL) (*url.URL, error) {
		u, _ := url.Parse(gate.URL)
		u.User = user
		return func(*url.URL) (*url.URL, error) { return u, nil }
	}
	for name, upstream := range map[string]func(*url.URL) (*url.URL, error){"directly": nil, "by a proxy": via(url.UserPassword("user", "pass"))} {
		p := start(t, func(c *Config) { c.Upstream, c.Offline = upstream, upstream == nil }) // this machine is never refused
		c := client(t, p, roots(p, there), false)
		if status, _, body := get(t, c, there.URL); status != 200 || !strings.HasPrefix(body, "outside 127.0.0.1") {
			t.Errorf("%s: %d %q", name, status, body)
		}
		p.transport.TLSClientConfig = &tls.Config{RootCAs: roots(p, there)}
		if status, body := raw(t, p, "GET "+there.URL+"/ HTTP/1.1\r\nHost: "+there.Listener.Addr().String()+"\r\nConnection: close\r\n\r\n"); status != 200 || !strings.HasPrefix(body, "outside 127.0.0.1") {
			t.Errorf("%s, absolute form: %d %q", name, status, body)
		}
	}
	if passed != 2 {
		t.Errorf("%d tunnels by the proxy of the environment", passed)
	}
	p := start(t, func(c *Config) { c.Upstream = via(nil) })
	if status, body := raw(t, p, "CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n"); status != 502 || !strings.Contains(body, "407") {
		t.Errorf("%d %q", status, body)
	}
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	p = start(t, nil)
	if status, body := raw(t, p, "CONNECT "+closed.Addr().String()+" HTTP/1.1\r\nHost: x\r\n\r\n"); status != 502 || !strings.Contains(body, "refused") {
		t.Errorf("%d %q", status, body)
	}
}

// TestCloseCutsTunnels leaves no connection and, as goleak sees to, no goroutine.
func TestCloseCutsTunnels(t *testing.T) {
	there, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer there.Close()
	p := start(t, nil)
	c := connected(t, p, there.Addr().String())
	far, err := there.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	io.WriteString(c, "there")
	io.WriteString(far, "back ")
	for _, end := range []net.Conn{c, far} {
		if _, err := io.ReadFull(end, make([]byte, 5)); err != nil {
			t.Fatal(err)
		}
	}
	p.Close()
	for _, end := range []net.Conn{c, far} {
		if n, err := end.Read(make([]byte, 1)); err == nil {
			t.Errorf("%d bytes after the end", n)
		}
	}
}

// TestATunnelEndsOneWayAtATime lets one side finish what it has to say after the
// other has.
func TestATunnelEndsOneWayAtATime(t *testing.T) {
	there, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer there.Close()
	p := start(t, nil)
	c := connected(t, p, there.Addr().String())
	far, err := there.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	io.WriteString(c, "question")
	c.(*net.TCPConn).CloseWrite()
	if heard, err := io.ReadAll(far); err != nil || string(heard) != "question" {
		t.Fatalf("%q, %v", heard, err)
	}
	io.WriteString(far, "answer")
	far.Close()
	if heard, err := io.ReadAll(c); err != nil || string(heard) != "answer" {
		t.Errorf("%q, %v", heard, err)
	}
}

// TestSlowHeadersAreCutOff sends a header a byte at a time, in a time that the
// test makes pass: on the proxy itself, and in place of a TLS handshake.
func TestSlowHeadersAreCutOff(t *testing.T) {
	ca, err := NewAuthority(clock.Real().Now())
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		outer, inner := newHanded(&net.TCPAddr{}), newHanded(&net.TCPAddr{})
		p := newProxy(Config{Authority: ca, Handler: sandbox}, outer, inner)
		p.serving.Go(func() { p.outer.Serve(outer) })
		p.serving.Go(func() { p.inner.Serve(tls.NewListener(inner, p.tls(""))) })
		for name, door := range map[string]*handed{"header": outer, "handshake": inner} {
			here, there := net.Pipe()
			door.hand(there)
			begin := time.Now()
			sent := "GET http://example.com/ HTTP/1.1\r\nX: "
			if name == "handshake" {
				sent = "\x16\x03\x01\x02\x00" // a record of 512 bytes begins
			}
			io.WriteString(here, sent)
			var err error
			for err == nil && time.Since(begin) < time.Hour {
				time.Sleep(time.Second)
				_, err = here.Write([]byte("x"))
			}
			if took := time.Since(begin); took > headerTime+2*time.Second {
				t.Errorf("%s: cut off after %v", name, took)
			}
			here.Close()
		}
		p.Close()
	})
}

func TestLimit(t *testing.T) {
	source := newHanded(&net.TCPAddr{})
	l := limit(source, 1)
	accepted := make(chan net.Conn)
	go func() {
		defer close(accepted)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			accepted <- c
		}
	}()
	a, _ := net.Pipe()
	b, _ := net.Pipe()
	source.hand(a)
	first := <-accepted
	handedOver := make(chan struct{})
	go func() { source.hand(b); close(handedOver) }()
	select {
	case <-handedOver:
		t.Error("a second connection is accepted while the first is open")
	default:
	}
	first.Close()
	first.Close() // gives back one slot only
	<-handedOver
	(<-accepted).Close()
	l.Close()
	if _, open := <-accepted; open {
		t.Error("a connection after the end")
	}
}

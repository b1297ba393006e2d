package egress_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/egress"
)

func TestWhichAddressesMayBeCalled(t *testing.T) {
	const public, own, never = "public", "own", "never"
	for address, kind := range map[string]string{
		"93.184.216.34": public, "8.8.8.8": public, "2606:2800:220:1:248:1893:25c8:1946": public, "::ffff:8.8.8.8": public,
		"127.0.0.1": own, "127.8.9.10": own, "10.0.0.1": own, "172.16.0.1": own, "172.31.255.255": own, "192.168.1.1": own,
		"100.64.0.1": own, "::1": own, "fc00::1": own, "fd12:3456::1": own, "::ffff:127.0.0.1": own, "::ffff:10.1.2.3": own,
		"169.254.169.254": never, "169.254.170.2": never, "::ffff:169.254.169.254": never, "fe80::1": never, "fe80::1%eth0": never,
		"fd00:ec2::254": never, "fd20:ce::254": never, "100.100.100.200": never, "168.63.129.16": never, "192.0.0.192": never,
		"0.0.0.0": never, "::": never, "224.0.0.1": never, "255.255.255.255": never, "192.0.2.1": never, "198.18.0.1": never,
		"64:ff9b::7f00:1": never, "2002:7f00:1::": never, "2001::1": never, "ff02::1": never, "240.0.0.1": never,
	} {
		ip := netip.MustParseAddr(address)
		if got := egress.New(false).Check(ip) == nil; got != (kind == public) {
			t.Errorf("%s: public guard lets it pass: %v", address, got)
		}
		if got := egress.New(true).Check(ip) == nil; got != (kind != never) {
			t.Errorf("%s: guard with private addresses lets it pass: %v", address, got)
		}
	}
}

// TestASpellingOfAnAddressGetsNoFurther calls a server on the loopback interface
// under every name that resolvers take for it.
func TestASpellingOfAnAddressGetsNoFurther(t *testing.T) {
	reached := false
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { reached = true }))
	defer s.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(s.URL, "http://"), ":")
	tr := egress.New(false).Transport(1)
	defer tr.CloseIdleConnections()
	for _, host := range []string{"127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0.0.0.0", "[::]"} {
		req, err := http.NewRequest(http.MethodGet, "http://"+host+":"+port+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := tr.RoundTrip(req)
		if err == nil {
			resp.Body.Close()
			t.Errorf("%s was called", host)
		}
	}
	if reached {
		t.Error("the server was reached")
	}
	req, _ := http.NewRequest(http.MethodGet, s.URL, nil)
	if _, err := tr.RoundTrip(req); !errors.Is(err, egress.ErrRefused) {
		t.Errorf("the error is %v", err)
	}
}

// TestANameThatTurnsInside: a name shows a public address to whoever looks it up
// first, and leads inside when it is called (DNS rebinding).
func TestANameThatTurnsInside(t *testing.T) {
	reached := false
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { reached = true }))
	defer s.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(s.URL, "http://"), ":")
	names := newNames(t)
	names.answer(93, 184, 216, 34)
	seen, err := net.DefaultResolver.LookupNetIP(t.Context(), "ip4", "rebinding.example")
	if err != nil || len(seen) != 1 || egress.New(false).Check(seen[0]) != nil {
		t.Fatalf("%v, %v: not the public address that a look-up shall see", seen, err)
	}
	tr := egress.New(false).Transport(1)
	defer tr.CloseIdleConnections()
	for _, inside := range [][4]byte{{127, 0, 0, 1}, {169, 254, 169, 254}, {10, 0, 0, 1}} {
		names.answer(inside[0], inside[1], inside[2], inside[3])
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://rebinding.example:"+port+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := tr.RoundTrip(req)
		if err == nil {
			resp.Body.Close()
		}
		if !errors.Is(err, egress.ErrRefused) {
			t.Errorf("%v: %v", inside, err)
		}
	}
	if reached {
		t.Error("the server was reached")
	}
	names.answer(127, 0, 0, 1) // the names do lead there, if one may
	own := egress.New(true).Transport(1)
	defer own.CloseIdleConnections()
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://rebinding.example:"+port+"/", nil)
	resp, err := own.RoundTrip(req)
	if err != nil || !reached {
		t.Fatalf("a guard that allows it: %v", err)
	}
	resp.Body.Close()
}

// names is a name server in whose hands every name is, for the time of a test.
type names struct{ address atomic.Value }

func newNames(t *testing.T) *names {
	n := &names{}
	was := net.DefaultResolver
	t.Cleanup(func() { net.DefaultResolver = was })
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe() // no packets: the resolver writes lengths ahead
		go n.serve(there)
		return here, nil
	}}
	return n
}

// answer is what every name leads to from now on.
func (n *names) answer(a, b, c, d byte) { n.address.Store([4]byte{a, b, c, d}) }

// serve answers questions for an address of IPv4, and has none of IPv6 (RFC 1035
// section 4).
func (n *names) serve(c net.Conn) {
	defer c.Close()
	for {
		var length [2]byte
		if _, err := io.ReadFull(c, length[:]); err != nil {
			return
		}
		q := make([]byte, binary.BigEndian.Uint16(length[:]))
		if _, err := io.ReadFull(c, q); err != nil {
			return
		}
		end := 12
		for q[end] != 0 {
			end += int(q[end]) + 1
		}
		end += 5 // the root, the type, the class
		a := append([]byte{q[0], q[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, q[12:end]...)
		if binary.BigEndian.Uint16(q[end-4:]) == 1 {
			a[7] = 1
			address := n.address.Load().([4]byte)
			a = append(a, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4)
			a = append(a, address[:]...)
		}
		if _, err := c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(a))), a...)); err != nil {
			return
		}
	}
}

func TestPrivateAddressesMayBeAllowed(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "here") }))
	defer s.Close()
	tr := egress.New(true).Transport(1)
	defer tr.CloseIdleConnections()
	req, _ := http.NewRequest(http.MethodGet, s.URL, nil)
	resp, err := tr.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
}

// TestAProxyOfTheEnvironmentIsNotUsed: it would dial in our place.
func TestAProxyOfTheEnvironmentIsNotUsed(t *testing.T) {
	if egress.New(true).Transport(1).Proxy != nil {
		t.Error("a proxy would be asked")
	}
}

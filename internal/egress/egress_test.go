package egress_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
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

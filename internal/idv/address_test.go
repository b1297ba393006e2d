package idv

import (
	"net/netip"
	"testing"
)

// TestAddressesThatSaySomething: behind a proxy it is the proxy that connects, and null
// is better than its address.
func TestAddressesThatSaySomething(t *testing.T) {
	const here, public = "http://localhost:8484", "https://verify.example.com"
	for _, c := range []struct {
		at, url string
		want    bool
	}{
		{"203.0.113.7", public, true}, {"2001:db8::1", public, true}, {"203.0.113.7", here, true},
		{"127.0.0.1", here, true}, {"::1", "http://[::1]:8484", true}, {"127.0.0.1", "http://127.0.0.1:1", true},
		{"127.0.0.1", public, false}, {"10.0.0.9", public, false}, {"192.168.1.4", here, false}, {"fd00::1", public, false},
		{"fe80::1", public, false}, {"0.0.0.0", public, false}, {"127.0.0.1", "http://%", false}, {"127.0.0.1", "http://localhost.example.com", false},
	} {
		if got := says(netip.MustParseAddr(c.at), c.url); got != c.want {
			t.Errorf("%s at %s: %t", c.at, c.url, got)
		}
	}
	if says(netip.Addr{}, here) {
		t.Error("no address says something")
	}
}

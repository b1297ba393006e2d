package egress

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// ErrRefused is the error of a call to an address that must not be reached.
var ErrRefused = errors.New("egress: the address is not a public one")

// private are the addresses of a network of one's own.
var private = prefixes("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "::1/128", "fc00::/7")

// services are the addresses at which a cloud talks to its machines: credentials
// are to be had there for the asking.
var services = prefixes("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32", "fd20:ce::/32", "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32")

func prefixes(list ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(list))
	for i, s := range list {
		all[i] = netip.MustParsePrefix(s)
	}
	return all
}

// Guard says which addresses may be called.
type Guard struct {
	public  *ssrf.Guardian
	private bool
}

// New returns a guard. allowPrivate lets loopback and private networks be called
// as well.
func New(allowPrivate bool) *Guard {
	return &Guard{public: ssrf.New(ssrf.WithAnyPort()), private: allowPrivate}
}

// Check answers ErrRefused for an address that must not be called.
func (g *Guard) Check(ip netip.Addr) error {
	ip = ip.Unmap().WithZone("")
	if within(services, ip) {
		return ErrRefused
	}
	if g.private && within(private, ip) {
		return nil
	}
	if g.public.SafeAddr(ip) != nil {
		return ErrRefused
	}
	return nil
}

func within(list []netip.Prefix, ip netip.Addr) bool {
	for _, p := range list {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

// control is asked before each connection, with the address that a name was
// resolved to.
func (g *Guard) control(network, address string, _ syscall.RawConn) error {
	if network != "tcp4" && network != "tcp6" {
		return ErrRefused
	}
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %s", ErrRefused, network)
	}
	return g.Check(to.Addr())
}

// dialTimeout bounds how long a connection takes to open; the call as a whole is
// bounded by its caller.
const dialTimeout = 10 * time.Second

// Dial opens a connection to an address that may be called.
func (g *Guard) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Timeout: dialTimeout, Control: g.control}
	return d.DialContext(ctx, network, address)
}

// Transport returns a transport that reaches only what the guard allows. It keeps
// connections for a while, up to perHost idle ones to each receiver.
func (g *Guard) Transport(perHost int) *http.Transport {
	return &http.Transport{
		DialContext:            g.Dial,
		TLSHandshakeTimeout:    dialTimeout,
		MaxIdleConns:           512,
		MaxIdleConnsPerHost:    perHost,
		IdleConnTimeout:        30 * time.Second,
		MaxResponseHeaderBytes: 16 << 10,
		DisableCompression:     true, // a small answer must not become a large one
	}
}

package idv

import (
	"context"
	"net/netip"
	"net/url"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/link"
)

// seenFrom notes the address that the person's session of Link comes from, the first
// one of the attempt.
func (s *Service) seenFrom(ctx context.Context, a *Attempt) {
	if at := link.AddressOf(ctx); a.User.IPAddress == nil && says(at, s.cfg.PublicURL) {
		text := at.String()
		a.User.IPAddress = &text
	}
}

// says reports whether an address says something of a person: one of this machine or of
// a private network is a proxy's, unless the server is on this machine for people on it.
func says(at netip.Addr, publicURL string) bool {
	if at.IsGlobalUnicast() && !at.IsPrivate() {
		return true
	}
	u, err := url.Parse(publicURL)
	if err != nil || !at.IsLoopback() {
		return false
	}
	host, err := netip.ParseAddr(u.Hostname())
	return err == nil && host.IsLoopback() || strings.EqualFold(u.Hostname(), "localhost")
}

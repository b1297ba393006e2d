package idv

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Handover is an address of an attempt for the person's phone, which has the better
// camera: the pane on the computer shows it as a QR code, and goes on by itself when the
// phone has done its part.
type Handover struct {
	// Hash is of the secret in the address. Who shows the address keeps that.
	Hash    string    `json:"hash"`
	Expires time.Time `json:"expires"`
	// Used says that a session was opened at the address: no other one is.
	Used bool `json:"used,omitempty"`
}

// handoverLife is how long the address may be opened, and how long its page may be
// loaded anew by whoever has opened it.
const (
	handoverLife = 10 * time.Minute
	handoverStay = 2 * time.Hour
)

// actionPhone asks for the address.
const actionPhone = "phone"

func hashed(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// handOver makes an address; one that was made before leads nowhere from then on.
func (s *Service) handOver(a *Attempt) (key string) {
	key = s.ids.Hex(32) // of a code that a camera reads at a distance
	a.Handover = &Handover{Hash: hashed(key), Expires: s.clock.Now().Add(handoverLife)}
	return key
}

// handed reports whether a key is that of the attempt's present address.
func (a *Attempt) handed(key string, now time.Time) bool {
	h := a.Handover
	return h != nil && now.Before(h.Expires) && subtle.ConstantTimeCompare([]byte(h.Hash), []byte(hashed(key))) == 1
}

// take opens the address, once: whoever comes second is refused.
func (s *Service) take(ctx context.Context, clientID, id, hash string) (*Attempt, error) {
	return s.change(ctx, clientID, id, func(a *Attempt) error {
		h := a.Handover
		if h == nil || h.Used || h.Hash != hash {
			return &link.Refused{Answer: plaid.InvalidLinkToken, Why: "the address that a computer has shown for a phone was opened before; it works once"}
		}
		h.Used, h.Expires = true, s.clock.Now().Add(handoverStay)
		return nil
	})
}

// handoverURL is the address itself.
func (s *Service) handoverURL(id, key string) string {
	return strings.TrimRight(s.cfg.PublicURL, "/") + link.SharedPath + id + "?key=" + url.QueryEscape(key)
}

// local reports whether an address leads to nobody but the computer that it is opened on.
func local(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || strings.HasSuffix(u.Hostname(), ".localhost") || ip != nil && ip.IsLoopback()
}

package webhook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
)

// Forgery is a signature that every receiver must refuse
// (plaid-server-api.md section 12.3).
type Forgery string

// The forgeries, one for each thing that a receiver has to check.
const (
	StaleIssue Forgery = "stale_iat"   // signed more than five minutes ago
	WrongBody  Forgery = "wrong_body"  // of another body
	AlgNone    Forgery = "alg_none"    // alg none and no signature
	UnknownKey Forgery = "unknown_kid" // a kid that no key has
	WrongKey   Forgery = "wrong_key"   // the right kid, and another key has signed
	Unsigned   Forgery = "unsigned"    // no header at all
)

// stale is how old a stale signature is: receivers allow five minutes.
const stale = 10 * time.Minute

func (f Forgery) options(body []byte) SignOptions {
	switch f {
	case StaleIssue:
		return SignOptions{IssuedAt: clock.Machine().Add(-stale)}
	case WrongBody:
		sum := sha256.Sum256(append(slices.Clone(body), ' ')) // one byte more: another body than any
		return SignOptions{BodyHash: hex.EncodeToString(sum[:])}
	case AlgNone:
		return SignOptions{Algorithm: "none"}
	case UnknownKey:
		return SignOptions{KeyID: clock.NewIDs(0, 0).UUID()}
	case WrongKey:
		return SignOptions{WrongKey: true}
	}
	return SignOptions{}
}

// Forge is how a try is sent with a signature that must be refused; a right one for
// no forgery.
func (k *Keys) Forge(f Forgery) Prepare {
	if f == Unsigned {
		return func(_ context.Context, d Delivery, _ time.Time) ([]byte, http.Header, error) {
			return d.Body, http.Header{}, nil
		}
	}
	return func(ctx context.Context, d Delivery, now time.Time) ([]byte, http.Header, error) {
		return k.PrepareWith(f.options(d.Body))(ctx, d, now)
	}
}

// token is the header of a body, signed now; "" for Unsigned.
func (k *Keys) token(ctx context.Context, body []byte, f Forgery) (string, error) {
	_, header, err := k.Forge(f)(ctx, Delivery{Body: body}, clock.Machine())
	return header.Get(Header), err
}

package webhook

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"time"

	"github.com/glencheck-dev/glencheck/internal/store"
)

// Scheme is how notices of one kind are sent: what is signed and how, which
// answers count, and when a try is repeated.
type Scheme interface {
	// Prepare makes what one try sends. now is the machine's time, which receivers
	// compare a signature with.
	Prepare(ctx context.Context, d Delivery, now time.Time) (body []byte, header http.Header, err error)
	// Accepts reports whether a receiver that answers so has taken it.
	Accepts(status int) bool
	// Retry is how long to wait after the given number of failures; false when it is
	// not to be tried again. age is the time since the notice was made.
	Retry(failures int64, age time.Duration) (wait time.Duration, again bool)
}

// Witness is a Scheme with a rule of its own for receivers that fail: it is told of
// each try in the transaction that writes it down, and the cut-off of scheme Plaid
// does not count for it.
type Witness interface {
	// Tried is told how a try ended. A delivery that failed is given up unless again.
	Tried(ctx context.Context, tx *store.Tx, d Delivery, taken bool) (again bool, err error)
}

// Prepare is Scheme.Prepare.
type Prepare func(ctx context.Context, d Delivery, now time.Time) (body []byte, header http.Header, err error)

// Policy is asked before each try what to do with it: a test lets a webhook be
// lost or come twice by one. It must not block.
type Policy func(ctx context.Context, d Delivery) Decision

// Decision is what a Policy wants. The zero value is a try like any other.
type Decision struct {
	Drop    bool          // it is lost: nothing is sent and the state is Dropped
	Delay   time.Duration // put it off by this, on the clock; no failure
	Swap    bool          // let the client's next one come first; a minute late if there is none
	Copies  int           // send it that many times more
	Prepare Prepare       // instead of the scheme's own, such as with a wrong signature
}

// SetPolicy makes p decide from now on; nil for no policy.
func (o *Outbox) SetPolicy(p Policy) {
	if p == nil {
		o.policy.Store(nil)
		return
	}
	o.policy.Store(&p)
}

// isTLS reports whether a connection failed for its certificate.
func isTLS(err error) bool {
	var verify *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var record tls.RecordHeaderError
	return errors.As(err, &verify) || errors.As(err, &unknown) || errors.As(err, &host) || errors.As(err, &record)
}

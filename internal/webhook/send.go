package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"syscall"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/egress"
)

// timeout is how long a receiver has (plaid-server-api.md section 12.2).
const timeout = 10 * time.Second

// outcome is how a try ended.
type outcome struct {
	d      *Delivery
	at     time.Time
	took   time.Duration
	status int    // of the answer, 0 without one
	err    string // "" when the receiver took it
	late   bool   // the receiver let us wait until the end
	cut    bool   // we ended it ourselves: nobody's failure
	what   Decision
}

// try sends a delivery once and hands on how it ended.
func (o *Outbox) try(d *Delivery) {
	defer o.tries.Done()
	ctx := *o.life.Load()
	out := outcome{d: d, at: o.clock.Now()}
	watch := clock.Stopwatch()
	defer func() {
		if p := recover(); p != nil {
			out.err = "panic"
			o.log.Error("webhook: panic in a try", "kind", fmt.Sprintf("%T", p))
		}
		out.took = watch()
		o.queue.done(d, out.late)
		o.ended <- out
	}()
	if p := o.policy.Load(); p != nil {
		out.what = (*p)(ctx, *d)
	}
	if out.what.Swap {
		out.what.Delay = swapFor
		o.swaps.hold(d)
	}
	if out.what.Drop || out.what.Delay > 0 {
		return
	}
	for range 1 + out.what.Copies {
		out.status, out.err, out.late = o.post(ctx, d, out.what.Prepare)
	}
	out.cut = out.err != "" && ctx.Err() != nil
}

// post makes one call. The error is in words of ours: that of the network repeats
// the address, which may hold a secret.
func (o *Outbox) post(ctx context.Context, d *Delivery, prepare Prepare) (status int, problem string, late bool) {
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	defer cancel()
	scheme := o.schemes[d.Scheme]
	if scheme == nil {
		return 0, "no scheme is called " + d.Scheme, false
	}
	if prepare == nil {
		prepare = scheme.Prepare
	}
	body, header, err := prepare(ctx, *d, clock.Machine())
	if err != nil {
		return 0, "it could not be signed: " + err.Error(), false
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.URL, bytes.NewReader(body))
	if err != nil {
		return 0, "the address is not one", false
	}
	req.Header = header
	req.Header.Set("Content-Type", "application/json")
	if u := req.URL.User; u != nil {
		password, _ := u.Password()
		req.SetBasicAuth(u.Username(), password)
	}
	resp, err := o.send.RoundTrip(req)
	if err != nil {
		return 0, reason(ctx, err), ctx.Err() != nil
	}
	drain(ctx, resp, cancel)
	if scheme.Accepts(resp.StatusCode) {
		return resp.StatusCode, "", false
	}
	if resp.StatusCode/100 == 3 {
		return resp.StatusCode, "answered " + strconv.Itoa(resp.StatusCode) + ": redirects are not followed", false
	}
	return resp.StatusCode, "answered " + strconv.Itoa(resp.StatusCode), false
}

// The bounds of what is read of an answer, so that its connection can be used
// again. Nobody looks at it: an answer without an end or without a hurry is left.
const (
	drainMost = 4 << 10
	drainFor  = 250 * time.Millisecond
)

func drain(ctx context.Context, resp *http.Response, cancel context.CancelFunc) {
	defer resp.Body.Close()
	if resp.ContentLength < 0 || resp.ContentLength > drainMost {
		return
	}
	ctx, stop := context.WithTimeout(ctx, drainFor)
	defer stop()
	defer context.AfterFunc(ctx, cancel)()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, drainMost))
}

// reason says in a few words why there was no answer.
func reason(ctx context.Context, err error) string {
	var dns *net.DNSError
	switch {
	case errors.Is(err, egress.ErrRefused):
		return "refused: the address is not a public one"
	case errors.As(err, &dns) && dns.IsNotFound:
		return "the name of the receiver is not known"
	case errors.Is(ctx.Err(), context.Canceled):
		return "the server stopped"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return "no answer within ten seconds"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the receiver does not listen"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "the receiver closed the connection"
	case isTLS(err):
		return "the certificate of the receiver was not accepted"
	case errors.As(err, &dns):
		return "the name of the receiver could not be looked up"
	}
	return "the receiver could not be reached"
}

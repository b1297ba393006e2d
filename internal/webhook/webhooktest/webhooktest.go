// Package webhooktest is the other end of webhooks for the tests of rooms that send
// them: a receiver without a network, and an outbox that delivers while a test runs.
package webhooktest

import (
	"context"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// Receiver takes every webhook and answers with a status. It is an http.RoundTripper,
// for webhook.Config.Transport, and safe for concurrent use.
type Receiver struct {
	clock *clock.Clock

	mu     sync.Mutex
	status int
	got    []Received
}

// Received is one request as it came.
type Received struct {
	URL, Body string
	Header    http.Header
	At        time.Time
}

// NewReceiver is a receiver that answers 200.
func NewReceiver(clk *clock.Clock) *Receiver {
	return &Receiver{clock: clk, status: http.StatusOK}
}

// RoundTrip is http.RoundTripper.
func (r *Receiver) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got = append(r.got, Received{req.URL.String(), string(body), req.Header.Clone(), r.clock.Now()})
	return &http.Response{StatusCode: r.status, Header: http.Header{}, Body: http.NoBody, Request: req}, nil
}

// Take is what came since it was asked last.
func (r *Receiver) Take() []Received {
	r.mu.Lock()
	defer r.mu.Unlock()
	got := r.got
	r.got = nil
	return got
}

// Answer is the status from now on.
func (r *Receiver) Answer(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

// Deliver lets an outbox send until the test ends, and a travelling clock stop at what
// it has to do.
func Deliver(t *testing.T, jobs *schedule.Scheduler, box *webhook.Outbox) {
	t.Helper()
	jobs.Stops(box.Next)
	jobs.Beside(box.Settle)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); box.Run(ctx) }()
	t.Cleanup(func() { stop(); <-done })
}

package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Notice is something that a client is to be told.
type Notice struct {
	// ID is the delivery's id, for a room that has to tell it; made up if empty.
	ID       string
	ClientID string
	// Subject is what the notice is about: an Item's id, a Link session's. Notices of
	// one subject are sent one after the other.
	Subject string
	URL     string // "" when nobody wants to know: nothing is sent
	// Type and Code are webhook_type and webhook_code.
	Type, Code string
	// Body is sent as JSON, indented by two spaces as Plaid does (plaid-server-api.md
	// section 12.3). A []byte is sent as it is.
	Body any
	// Scheme says how it is signed and how often it is tried; Plaid by default.
	Scheme string
}

// State is what became of a delivery.
type State string

// The states of a delivery.
const (
	Waiting   State = "waiting"   // for its first try or the next one
	Delivered State = "delivered" // the receiver took it
	Failed    State = "failed"    // it is tried no more
	Dropped   State = "dropped"   // a policy let it be lost
)

// Delivery is a notice on its way to one receiver.
type Delivery struct {
	ID         string
	ClientID   string
	Subject    string
	Scheme     string
	Type, Code string
	URL        string
	Body       []byte
	State      State
	Claims     int64 // how often it was taken in hand, the present time included
	Failures   int64 // how often the receiver did not take it
	DueAt      time.Time
	CreatedAt  time.Time
	FinishedAt time.Time

	number   int64
	receiver string
}

// sealed is the part of a delivery that is nobody's business.
type sealed struct {
	URL  string `json:"url"`
	Body []byte `json:"body"`
}

// render writes a body as it is sent: the bytes that are signed.
func render(body any) ([]byte, error) {
	if b, ok := body.([]byte); ok {
		return b, nil
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(body); err != nil {
		return nil, fmt.Errorf("webhook: body: %w", err)
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// origin is who answers at an address: the scheme, the host and the port.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return strings.ToLower(u.Scheme + "://" + u.Host)
}

// Add writes a notice in the transaction of the change that it tells of: it is
// sent if and only if that transaction is committed, and at once then.
func (o *Outbox) Add(ctx context.Context, tx *store.Tx, n Notice) error {
	if n.URL == "" {
		return nil
	}
	if n.Scheme == "" {
		n.Scheme = Plaid
	}
	if o.schemes[n.Scheme] == nil {
		return fmt.Errorf("webhook: no scheme is called %s", n.Scheme)
	}
	body, err := render(n.Body)
	if err != nil {
		return err
	}
	now := o.clock.Now()
	d := &Delivery{
		ID: o.ids.UUID(), ClientID: n.ClientID, Subject: n.Subject, Scheme: n.Scheme, Type: n.Type, Code: n.Code,
		URL: n.URL, Body: body, State: Waiting, DueAt: now, CreatedAt: now,
		number: o.number.Add(1), receiver: o.vault.Index("webhook.receiver", origin(n.URL)),
	}
	if n.ID != "" {
		d.ID = n.ID
	}
	claim := ""
	if o.queue.room(d.receiver) > 0 {
		older, err := o.older(ctx, tx, d.Subject)
		if err != nil {
			return fmt.Errorf("webhook: %w", err)
		}
		if !older {
			claim, d.Claims = o.node, 1
		}
	}
	if err := o.insert(ctx, tx, d, claim); err != nil {
		return fmt.Errorf("webhook: %w", err)
	}
	tx.AfterCommit(func() {
		if claim == "" {
			o.wake()
		} else {
			o.queue.put(d)
		}
	})
	return nil
}

// firstNumber is where a process begins to number its notices: behind those of
// every process that started before it, by the machine's clock.
func firstNumber() int64 { return clock.Millis(clock.Machine()) << 20 }

package glenchecktest

import (
	"errors"
	"fmt"
	"time"
)

// Webhooks shows what was sent to the program under test, whether or not it
// listens (docs/webhook-inbox.md).
type Webhooks struct{ s *Server }

// WebhookFilter says which webhooks are meant; a zero field means all.
type WebhookFilter struct {
	Type          string `json:"webhook_type,omitempty"` // such as ITEM
	Code          string `json:"webhook_code,omitempty"` // such as ERROR
	ItemID        string `json:"item_id,omitempty"`
	LinkSessionID string `json:"link_session_id,omitempty"`
	State         string `json:"state,omitempty"` // waiting, delivered, failed or dropped
	// After is the ID of a webhook: only what was made later.
	After string `json:"after,omitempty"`
}

// Webhook is one webhook, and what became of it.
type Webhook struct {
	ID    string `json:"delivery_id"`
	State string `json:"state"` // waiting, delivered, failed or dropped
	Type  string `json:"webhook_type"`
	Code  string `json:"webhook_code"`
	// Subject is the Item or the Link session that it is about.
	Subject string `json:"subject"`
	URL     string `json:"url"`
	// Body is what is sent, byte by byte, and Content the same as an object.
	Body    string         `json:"body"`
	Content map[string]any `json:"webhook"`
	// Verification is a header Plaid-Verification that fits Body, signed now.
	Verification string `json:"plaid_verification"`
	// Attempts are the tries to deliver it.
	Attempts []Attempt `json:"attempts"`
}

// Attempt is one try to deliver a webhook.
type Attempt struct {
	Number int       `json:"number"`
	At     time.Time `json:"at"`
	Status int       `json:"status"` // of the receiver's answer; 0 without one
	Error  string    `json:"error"`  // empty where the receiver took it
}

// ErrNoWebhook is what Wait answers when none came in time.
var ErrNoWebhook = errors.New("glencheck: no such webhook came in time")

// List is what was sent, in the order in which it was made, a hundred at most: After goes
// on.
func (w *Webhooks) List(f WebhookFilter) ([]Webhook, error) {
	var out struct{ Deliveries []Webhook }
	err := w.s.Call("/sandbox/webhook/list", f, &out)
	return out.Deliveries, err
}

// Wait is the first webhook that fits, one that was there before too: ask after
// you have done what causes it. It waits for as long as patience, in real time and
// at most 50 seconds.
func (w *Webhooks) Wait(f WebhookFilter, patience time.Duration) (*Webhook, error) {
	var out struct{ Delivery *Webhook }
	err := w.s.Call("/sandbox/webhook/wait", struct {
		WebhookFilter
		Timeout int64 `json:"timeout_ms"`
	}{f, patience.Milliseconds()}, &out)
	if err == nil && out.Delivery == nil {
		return nil, fmt.Errorf("%w: %+v", ErrNoWebhook, f)
	}
	return out.Delivery, err
}

// Replay sends a webhook once more, at once, and returns what came of it.
func (w *Webhooks) Replay(id string) (*Webhook, error) {
	var out struct{ Delivery *Webhook }
	err := w.s.Call("/sandbox/webhook/replay", map[string]string{"delivery_id": id}, &out)
	return out.Delivery, err
}

// The signatures that a receiver must refuse.
const (
	StaleIAT   = "stale_iat"   // signed longer ago than five minutes
	WrongBody  = "wrong_body"  // of another body
	AlgNone    = "alg_none"    // no signature, and says so
	UnknownKID = "unknown_kid" // of a key that nobody knows
	WrongKey   = "wrong_key"   // of another key than it names
	Unsigned   = "unsigned"    // without the header; for Forge only
)

// Forge sends a webhook with a signature that must be refused, and reports whether
// the receiver did.
func (w *Webhooks) Forge(id, forgery string) (refused bool, err error) {
	var out struct{ Refused bool }
	err = w.s.Call("/sandbox/webhook/forge", map[string]string{"delivery_id": id, "forgery": forgery}, &out)
	return out.Refused, err
}

// Sign makes the header Plaid-Verification for a body, for a receiver that the
// test calls by itself: a right one, or with a forgery a wrong one.
func (w *Webhooks) Sign(body []byte, forgery string) (header string, err error) {
	in := map[string]string{"body": string(body)}
	if forgery != "" {
		in["forgery"] = forgery
	}
	var out struct {
		Header string `json:"plaid_verification"`
	}
	err = w.s.Call("/sandbox/webhook/sign", in, &out)
	return out.Header, err
}

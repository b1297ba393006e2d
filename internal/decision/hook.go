package decision

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// HookScheme is the scheme of the partner's webhooks.
const HookScheme = "decision"

// The types of webhooks (partner-decisions.md section 2).
const (
	HookEvaluation     = "create:evaluations:run_create"
	HookReview         = "create:reviews:is_entity"
	HookJourney        = "update:journeyapplications"
	HookJourneySandbox = "update:journeyapplications:sandbox"
)

// hookDescriptions say what a type tells of.
var hookDescriptions = map[string]string{
	HookEvaluation:     "Notify on the creation of an evaluation",
	HookReview:         "Notify on the manual review of an entity",
	HookJourney:        "Notify on journey application status change",
	HookJourneySandbox: "Notify on sandbox journey application status change",
}

// hookElapsed are the times after the notice at which it is tried: ten in all.
var hookElapsed = []time.Duration{
	0, time.Second, time.Minute, 10 * time.Minute, 30 * time.Minute, 90 * time.Minute,
	3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

// A receiver that fails so often in a row in that time is told nothing more until
// the account switches it on again.
const (
	hookFailures = 100
	hookWithin   = 72 * time.Hour
)

// Hooks tell accounts what happens. They are a scheme of the outbox.
type Hooks struct {
	db     *store.DB
	vault  *vault.Vault
	clock  *clock.Clock
	outbox *webhook.Outbox
	tokens *clock.IDs
	audit  *Audit
}

// hook is where an account is told.
type hook struct {
	Account string   `json:"-"`
	Types   []string `json:"-"` // none for all
	Enabled bool     `json:"-"`

	URL      string `json:"url"`
	Auth     string `json:"auth"` // none, basic or hmac
	Username string `json:"username"`
	Password string `json:"password"`
	Secret   string `json:"secret"`
}

// The ways in which a receiver can tell that it was us.
const (
	authNone  = "none"
	authBasic = "basic"
	authHMAC  = "hmac"
)

// wants reports whether the account wants to hear of a type.
func (h *hook) wants(kind string) bool {
	return h.Enabled && (len(h.Types) == 0 || slices.Contains(h.Types, kind))
}

// Telling is what a webhook says.
type Telling struct {
	Account string
	Subject string // the token of what it is about: those of one are sent in their order
	Type    string
	Event   string // for the log: the name of a journey's event, or ""
	Data    any
}

// envelope is the body of each webhook.
type envelope struct {
	Token       string `json:"request_token"`
	Timestamp   int64  `json:"timestamp"`
	Type        string `json:"type"`
	Description string `json:"description"`
	Data        any    `json:"data"`
}

// Tell writes a webhook in the transaction of what it tells of. An account without
// an address, or with one that was switched off, is told nothing.
func (s *Hooks) Tell(ctx context.Context, tx *store.Tx, t Telling) error {
	h, err := s.hook(ctx, tx.QueryRow(ctx, selectHook, t.Account), t.Account)
	if errors.Is(err, store.ErrNoRows) || err == nil && !h.wants(t.Type) {
		return nil
	}
	if err != nil {
		return err
	}
	body, err := compact(envelope{s.tokens.UUID(), clock.Millis(s.clock.Now()), t.Type, hookDescriptions[t.Type], t.Data})
	if err != nil {
		return err
	}
	return s.outbox.Add(ctx, tx, webhook.Notice{
		ClientID: t.Account, Subject: t.Subject, URL: h.URL, Type: t.Type, Code: t.Event, Body: body, Scheme: HookScheme,
	})
}

// compact writes the JSON of a body on one line, the bytes that are signed.
func compact(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("decision: webhook: %w", err)
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// errSwitchedOff is why a notice is not sent that waited while the receiver was
// switched off.
var errSwitchedOff = errors.New("the webhook is switched off")

// Prepare makes one try, with the credentials that the account has now.
func (s *Hooks) Prepare(ctx context.Context, d webhook.Delivery, _ time.Time) ([]byte, http.Header, error) {
	h, err := s.hook(ctx, s.db.QueryRow(ctx, selectHook, d.ClientID), d.ClientID)
	if errors.Is(err, store.ErrNoRows) || err == nil && !h.Enabled {
		return nil, nil, errSwitchedOff
	}
	if err != nil {
		return nil, nil, err
	}
	header := http.Header{}
	switch h.Auth {
	case authBasic:
		header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(h.Username+":"+h.Password)))
	case authHMAC:
		header.Set("Authorization", HookSignature(d.Body, h.Secret))
	}
	return d.Body, header, nil
}

// HookSignature is what stands in header Authorization of a webhook that is signed:
// the HMAC-SHA256 of its body in base64.
func HookSignature(body []byte, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Accepts takes any success.
func (s *Hooks) Accepts(status int) bool { return status/100 == 2 }

// Retry follows the ten steps.
func (s *Hooks) Retry(failures int64, age time.Duration) (time.Duration, bool) {
	if failures >= int64(len(hookElapsed)) {
		return 0, false
	}
	return max(hookElapsed[failures]-age, 0), true
}

// Tried counts the failures in a row, and switches a receiver off that has too many.
func (s *Hooks) Tried(ctx context.Context, tx *store.Tx, d webhook.Delivery, taken bool) (again bool, err error) {
	if taken {
		_, err := tx.Exec(ctx, forgetFailures, d.ClientID)
		return true, err
	}
	now := clock.Millis(s.clock.Now())
	var n int64
	if err := tx.QueryRow(ctx, countFailure, d.ClientID, now).Scan(&n); err != nil {
		return false, fmt.Errorf("decision: webhook: %w", err)
	}
	if _, err := tx.Exec(ctx, trimFailures, d.ClientID, n-hookFailures); err != nil {
		return false, fmt.Errorf("decision: webhook: %w", err)
	}
	var inRow, first int64
	if err := tx.QueryRow(ctx, sumFailures, d.ClientID).Scan(&inRow, &first); err != nil {
		return false, fmt.Errorf("decision: webhook: %w", err)
	}
	if inRow < hookFailures || now-first > hookWithin.Milliseconds() {
		return true, nil
	}
	switch err := tx.ExecOne(ctx, disableHook, d.ClientID, now); {
	case errors.Is(err, store.ErrNoRows):
		return false, nil // switched off already
	case err != nil:
		return false, err
	}
	return false, s.audit.Add(ctx, tx, Entry{Account: d.ClientID, Actor: "system", Action: "webhook.disable", Object: "webhook", After: map[string]any{"failures": inRow}})
}

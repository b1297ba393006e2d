package contact

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// HookScheme is the scheme of the webhooks of contacts.
const HookScheme = "contact"

// The headers of a webhook (contacts-graphql.md section 9).
const (
	headerSignature = "Cl-Signature"
	headerTimestamp = "Cl-Timestamp"
	headerRequest   = "Cl-Request-Id"
	headerPrevious  = "Cl-Signature-Previous" // ours, while a rotated secret still signs
)

// The schedule: 5 s, 30 s, 2 min, 10 min, 30 min, and every hour then, for 7 days.
var hookWaits = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour}

const hookFor = 7 * 24 * time.Hour

// overlap is how long a rotated secret goes on to sign where that was asked for.
const overlap = 24 * time.Hour

var errGone = errors.New("the webhook was deleted or disabled")

// scheme is how events are sent.
type scheme struct{ c *Contacts }

// Prepare makes the body of one try and signs it: the requestId in it is another one
// each time.
func (s scheme) Prepare(ctx context.Context, d webhook.Delivery, now time.Time) ([]byte, http.Header, error) {
	h, err := s.subscription(ctx, s.c.db, d.Code)
	if err != nil {
		return nil, nil, err
	}
	if h == nil {
		return nil, nil, errGone
	}
	id := requestID(d, d.Claims)
	body, err := withRequest(d.Body, id)
	if err != nil {
		return nil, nil, err
	}
	at := strconv.FormatInt(now.Unix(), 10)
	header := http.Header{headerTimestamp: {at}, headerRequest: {id}, headerSignature: {sign(h.Secret, at, body)}}
	if h.Previous != "" && s.c.clock.Now().Sub(h.RotatedAt) < overlap {
		header[headerPrevious] = []string{sign(h.Previous, at, body)}
	}
	return body, header, nil
}

// subscription is one that is to be told; nil if there is none any more.
func (s scheme) subscription(ctx context.Context, from reader, id string) (*hook, error) {
	h, err := s.c.scanHook(from.QueryRow(ctx, hookByID, id))
	if errors.Is(err, store.ErrNoRows) || err == nil && !h.node.Enabled {
		return nil, nil
	}
	return h.node, err
}

// requestID names a try: the same one is named the same when it is looked up later.
func requestID(d webhook.Delivery, try int64) string {
	sum := sha256.Sum256(binary.BigEndian.AppendUint64([]byte(d.ID), uint64(try)))
	return ksuid(d.CreatedAt, sum[:16])
}

func withRequest(body []byte, id string) ([]byte, error) {
	var e event
	if err := json.Unmarshal(body, &e); err != nil {
		return nil, fmt.Errorf("contact: webhook: %w", err)
	}
	e.RequestID = id
	return json.Marshal(e)
}

// sign is the HMAC-SHA256, in hexadecimal digits, of the time, a dot and the body.
// The key is the secret as it was told, what it begins with included.
func sign(secret, at string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(at + "."))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// Accepts: "200 or 201 only".
func (scheme) Accepts(status int) bool {
	return status == http.StatusOK || status == http.StatusCreated
}

// Retry follows the schedule.
func (scheme) Retry(failures int64, age time.Duration) (time.Duration, bool) {
	wait := hookWaits[min(max(failures, 1), int64(len(hookWaits)))-1]
	return wait, age+wait <= hookFor
}

// Tried gives up what a subscription no longer wants. Nothing else ends a delivery
// before its time: this scheme knows no cut-off.
func (s scheme) Tried(ctx context.Context, tx *store.Tx, d webhook.Delivery, taken bool) (bool, error) {
	if taken {
		return true, nil
	}
	h, err := s.subscription(ctx, tx, d.Code)
	return h != nil, err
}

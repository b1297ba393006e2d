package webhook_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/vault"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

var start = time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC)

// receipt is a call that a receiver got.
type receipt struct {
	url, body string
	header    http.Header
}

// network is the receivers of a test: answer says what they do.
type network struct {
	mu     sync.Mutex
	got    []receipt
	answer func(r receipt) (status int, err error)
	seen   chan struct{} // one for each call, before it is answered
}

func newNetwork() *network {
	return &network{seen: make(chan struct{}, 10000), answer: func(receipt) (int, error) { return 200, nil }}
}

func (n *network) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	r := receipt{req.URL.String(), string(body), req.Header}
	n.mu.Lock()
	n.got = append(n.got, r)
	answer := n.answer
	n.mu.Unlock()
	n.seen <- struct{}{}
	var status int
	answered := make(chan struct{})
	go func() { defer close(answered); status, err = answer(r) }()
	select {
	case <-answered:
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader("ok")), ContentLength: 2, Request: req}, nil
}

func (n *network) answers(status int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.answer = func(receipt) (int, error) { return status, nil }
}

func (n *network) bodies() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	var list []string
	for _, r := range n.got {
		list = append(list, r.body)
	}
	return list
}

// house is an outbox with what it needs.
type house struct {
	*webhook.Outbox
	db    *store.DB
	keys  *webhook.Keys
	clock *clock.Clock
	jobs  *schedule.Scheduler
	net   *network
	stop  func() // ends Run and waits for it
}

func newHouse(t *testing.T, db *store.DB, net *network) *house {
	t.Helper()
	ctx, c := context.Background(), clock.Manual(start)
	v, err := vault.Open(ctx, db, vault.SandboxKEK(), c)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := webhook.NewKeys(ctx, db, v, c, webhook.SandboxKeyID)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	h := &house{
		db: db, keys: keys, clock: c, net: net,
		Outbox: webhook.New(webhook.Config{DB: db, Vault: v, Clock: c, IDs: clock.NewIDs(0, 0), Log: log, Transport: net}),
		jobs:   schedule.New(db, c, clock.NewIDs(0, 0), log),
	}
	h.Register(webhook.Plaid, webhook.NewPlaid(keys))
	h.jobs.Stops(h.Next)
	h.jobs.Beside(h.SettleFully)
	return h
}

// with is the outbox over another transport; nil for the network as production
// sees it.
func (h *house) with(transport http.RoundTripper) *webhook.Outbox {
	v, err := vault.Open(context.Background(), h.db, vault.SandboxKEK(), h.clock)
	if err != nil {
		panic(err)
	}
	o := webhook.New(webhook.Config{
		DB: h.db, Vault: v, Clock: h.clock, IDs: clock.NewIDs(0, 0), Log: slog.New(slog.DiscardHandler), Transport: transport,
	})
	o.Register(webhook.Plaid, webhook.NewPlaid(h.keys))
	return o
}

// decode reads a part of a token.
func decode(t *testing.T, token string, part int) string {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[part])
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// run starts the worker.
func (h *house) run(t *testing.T) *house {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); h.Run(ctx) }()
	h.stop = sync.OnceFunc(func() { cancel(); <-done })
	t.Cleanup(h.stop)
	return h
}

func (h *house) add(t *testing.T, list ...webhook.Notice) {
	t.Helper()
	err := h.db.Write(context.Background(), func(tx *store.Tx) error {
		for _, n := range list {
			if err := h.Add(context.Background(), tx, n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (h *house) travel(t *testing.T, d time.Duration) {
	t.Helper()
	if _, err := h.jobs.Travel(context.Background(), d); err != nil {
		t.Fatal(err)
	}
}

func notice(subject, body string) webhook.Notice {
	return webhook.Notice{ClientID: "client", Subject: subject, URL: "https://app.example/hook", Type: "ITEM", Code: "ERROR", Body: []byte(body)}
}

// settle waits until everything that is due has been tried and written down.
func (h *house) settle(t *testing.T) {
	t.Helper()
	if err := h.SettleFully(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestANoticeIsSentWhenItsTransactionIsCommitted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db, newNetwork()).run(t)
		h.settle(t)
		undone := errors.New("undone")
		err := db.Write(context.Background(), func(tx *store.Tx) error {
			if err := h.Add(context.Background(), tx, notice("item", `{"never":true}`)); err != nil {
				return err
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		n := notice("item", "")
		n.Body = struct {
			Code string `json:"webhook_code"`
			URL  string `json:"new_webhook_url"`
		}{"ERROR", "https://app.example/?a=1&b=<2>"}
		h.add(t, n)
		h.settle(t)
		want := "{\n  \"webhook_code\": \"ERROR\",\n  \"new_webhook_url\": \"https://app.example/?a=1&b=<2>\"\n}"
		if got := h.net.bodies(); len(got) != 1 || got[0] != want {
			t.Errorf("sent %q", got)
		}
	})
}

// TestTheSignatureIsThatOfTheDocumentation verifies by hand what clienttest and e2e
// verify with libraries.
func TestTheSignatureIsThatOfTheDocumentation(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t), newNetwork()).run(t)
	h.add(t, notice("item", "{\n  \"a\": 1\n}"))
	h.settle(t)
	key, err := h.keys.ByID(context.Background(), webhook.SandboxKeyID)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(h.net.got[0].header.Get("Plaid-Verification"), ".")
	read := func(i int, into any) {
		raw, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err == nil {
			err = json.Unmarshal(raw, into)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var header, claims map[string]any
	read(0, &header)
	read(1, &claims)
	if len(header) != 3 || header["alg"] != "ES256" || header["typ"] != "JWT" || header["kid"] != webhook.SandboxKeyID {
		t.Errorf("header %v", header)
	}
	sum := sha256.Sum256([]byte("{\n  \"a\": 1\n}"))
	age := time.Since(time.Unix(int64(claims["iat"].(float64)), 0))
	if len(claims) != 2 || claims["request_body_sha256"] != hex.EncodeToString(sum[:]) || age < 0 || age > time.Minute {
		t.Errorf("claims %v", claims)
	}
	jwk := key.JWK()
	x, err1 := base64.RawURLEncoding.DecodeString(jwk.X)
	y, err2 := base64.RawURLEncoding.DecodeString(jwk.Y)
	public, err3 := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, x, y))
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || len(signature) != 64 {
		t.Fatalf("a signature of %d bytes: %v", len(signature), err)
	}
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if !ecdsa.Verify(public, digest[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		t.Error("the signature does not verify")
	}
}

func TestARetryComesAfterEachDocumentedWait(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db, newNetwork()).run(t)
		var at []time.Duration
		h.net.answer = func(receipt) (int, error) {
			at = append(at, h.clock.Now().Sub(start))
			return 500, nil
		}
		h.add(t, notice("item", "{}"))
		h.travel(t, 7*24*time.Hour)
		want := []time.Duration{0, 30 * time.Second, 150 * time.Second, 630 * time.Second, 2550 * time.Second, 10230 * time.Second, 40950 * time.Second}
		if len(at) != len(want) {
			t.Fatalf("tries at %v, want %v", at, want)
		}
		for i := range want {
			if at[i] != want[i] {
				t.Fatalf("tries at %v, want %v", at, want)
			}
		}
	})
}

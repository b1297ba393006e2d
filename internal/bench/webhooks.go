package bench

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// pendingRetries is how many webhooks wait while requests are measured.
const pendingRetries = 100_000

// webhookRows measures webhooks from the commit of their transaction until a
// receiver has verified them, and what those cost that wait for a retry.
func (b *bencher) webhookRows(ctx context.Context, t *table) error {
	box, err := b.newReceiver()
	if err != nil {
		return err
	}
	defer box.server.Close()
	r, err := b.interleave(
		func() (result, error) { return b.delivered(ctx, box, 1) },
		func() (result, error) { return b.delivered(ctx, box, 64) },
	)
	if err != nil {
		return err
	}
	t.row("webhook, commit to delivered and verified", short(r[0].p50), "", "", "<= 5 ms", r[0].p50 <= 5*time.Millisecond)
	t.row("webhooks written, delivered, verified; 64 at once", perSecond(r[1]), "", "", ">= 2000/s", r[1].rate >= 2000)
	return b.pendingRow(ctx, t, box)
}

// pendingRow sets requests that write a webhook while many wait for a retry beside
// the same requests before.
func (b *bencher) pendingRow(ctx context.Context, t *table, box *receiver) error {
	c, err := dial(b.addr)
	if err != nil {
		return err
	}
	defer c.Close()
	access, err := b.newItem(c)
	if err != nil {
		return err
	}
	update := b.post("/item/webhook/update", `{"access_token":"`+access+`","webhook":"`+box.url+`/update"}`)
	measure := func() (result, error) {
		return load(b.addr, 1, b.opt.Turn, func(int, int) request { return update })
	}
	before, err := b.interleave(measure)
	if err != nil {
		return err
	}
	if err := b.putOff(ctx, pendingRetries); err != nil {
		return err
	}
	after, err := b.interleave(measure)
	if err != nil {
		return err
	}
	slower := float64(after[0].p50) / float64(before[0].p50)
	t.row(fmt.Sprintf("/item/webhook/update p50, %d retries waiting", pendingRetries), short(after[0].p50), short(before[0].p50),
		percent(slower), "<= 120 %", slower <= 1.2)
	return nil
}

// putOff makes n webhooks that wait for half a day.
func (b *bencher) putOff(ctx context.Context, n int) error {
	out := b.srv.Webhooks()
	out.SetPolicy(func(_ context.Context, d webhook.Delivery) webhook.Decision {
		if d.Code == "BENCH_LATER" {
			return webhook.Decision{Delay: 12 * time.Hour}
		}
		return webhook.Decision{}
	})
	defer out.SetPolicy(nil)
	const batch = 500
	for i := 0; i < n; i += batch {
		err := b.srv.Store().Write(ctx, func(tx *store.Tx) error {
			for j := range batch {
				n := b.notice(fmt.Sprintf("http://127.0.0.1:9/%d", (i+j)%50), "BENCH_LATER", i+j)
				if err := out.Add(ctx, tx, n); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := out.Settle(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (b *bencher) notice(url, code string, n int) webhook.Notice {
	subject := fmt.Sprintf("bench-%d", n)
	return webhook.Notice{
		ClientID: b.srv.ClientID(), Subject: subject, URL: url, Type: "ITEM", Code: code,
		Body: map[string]any{"webhook_type": "ITEM", "webhook_code": code, "item_id": subject, "environment": "sandbox", "error": nil},
	}
}

// delivered lets workers write a notice each and wait until it was verified, over
// and over. What is timed begins with the end of the commit.
func (b *bencher) delivered(ctx context.Context, box *receiver, workers int) (result, error) {
	var mu sync.Mutex
	next := 0
	var took []time.Duration
	r, err := repeat(workers, b.opt.Turn, func() (func() error, func(), error) {
		return func() error {
			mu.Lock()
			next++
			n := next
			mu.Unlock()
			path := fmt.Sprintf("/%d/%d", workers, n)
			verified := box.expect(path)
			err := b.srv.Store().Write(ctx, func(tx *store.Tx) error {
				return b.srv.Webhooks().Add(ctx, tx, b.notice(box.url+path, "ERROR", n))
			})
			if err != nil {
				return err
			}
			committed := time.Now()
			select {
			case at := <-verified:
				mu.Lock()
				took = append(took, at.Sub(committed))
				mu.Unlock()
				return nil
			case <-time.After(10 * time.Second):
				return errors.New("bench: a webhook did not arrive or did not verify")
			}
		}, func() {}, nil
	})
	if err != nil {
		return result{}, err
	}
	slices.Sort(took)
	r.p50 = took[len(took)/2]
	return r, nil
}

// receiver takes webhooks and verifies them as a client should.
type receiver struct {
	url    string
	server *http.Server
	public *ecdsa.PublicKey

	mu      sync.Mutex
	waiting map[string]chan time.Time
}

func (b *bencher) newReceiver() (*receiver, error) {
	c, err := dial(b.addr)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	raw, err := c.do(b.post("/webhook_verification_key/get", `{"key_id":"`+webhook.SandboxKeyID+`"}`))
	if err != nil {
		return nil, err
	}
	var out webhook.KeyAnswer
	if err := json.Unmarshal(raw, &out); err != nil {
		return nil, err
	}
	x, err1 := base64.RawURLEncoding.DecodeString(out.Key.X)
	y, err2 := base64.RawURLEncoding.DecodeString(out.Key.Y)
	public, err3 := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, x, y))
	l, err4 := net.Listen("tcp", "127.0.0.1:0")
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return nil, err
	}
	r := &receiver{url: "http://" + l.Addr().String(), public: public, waiting: map[string]chan time.Time{}}
	r.server = &http.Server{Handler: http.HandlerFunc(r.receive)}
	go r.server.Serve(l)
	return r, nil
}

// expect is told when the webhook of a path has been verified.
func (r *receiver) expect(path string) <-chan time.Time {
	ch := make(chan time.Time, 1)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting[path] = ch
	return ch
}

func (r *receiver) receive(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil || !r.verify(req.Header.Get(webhook.Header), body) {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	at := time.Now()
	r.mu.Lock()
	ch := r.waiting[req.URL.Path]
	delete(r.waiting, req.URL.Path)
	r.mu.Unlock()
	if ch != nil {
		ch <- at
	}
}

// verify checks the signature and the hash of the body.
func (r *receiver) verify(token string, body []byte) bool {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return false
	}
	signature, err1 := base64.RawURLEncoding.DecodeString(parts[2])
	raw, err2 := base64.RawURLEncoding.DecodeString(parts[1])
	var claims struct {
		Hash string `json:"request_body_sha256"`
	}
	if errors.Join(err1, err2, json.Unmarshal(raw, &claims)) != nil || len(signature) != 64 {
		return false
	}
	digest, sum := sha256.Sum256([]byte(parts[0]+"."+parts[1])), sha256.Sum256(body)
	return claims.Hash == hex.EncodeToString(sum[:]) &&
		ecdsa.Verify(r.public, digest[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:]))
}

package webhook_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

func TestANewKeySignsAndTheOldOneStaysReadable(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		h := newHouse(t, db, newNetwork())
		first, err := h.keys.Current(ctx)
		if err != nil || first.ID != webhook.SandboxKeyID || first.JWK().ExpiredAt != nil {
			t.Fatalf("%+v, %v", first, err)
		}
		again := newHouse(t, db, newNetwork()) // the next start, or another node
		if same, err := again.keys.Current(ctx); err != nil || same.JWK() != first.JWK() {
			t.Errorf("another start has key %+v, %v", same, err)
		}
		second, err := h.keys.Rotate(ctx)
		if err != nil || second.ID == first.ID || second.X == first.X {
			t.Fatalf("%+v, %v", second, err)
		}
		h.clock.Advance(5 * time.Second) // the overlap of nodes that share a database
		old, err := h.keys.ByID(ctx, first.ID)
		if err != nil || old.X != first.X || old.JWK().ExpiredAt == nil || *old.JWK().ExpiredAt < start.Unix() {
			t.Errorf("the old key is %+v, %v", old, err)
		}
		if now, err := h.keys.ByID(ctx, second.ID); err != nil || now.JWK() != second.JWK() || now.JWK().ExpiredAt != nil {
			t.Errorf("the new key is %+v, %v", now, err)
		}
		if _, err := h.keys.ByID(ctx, "none"); !errors.Is(err, webhook.ErrNoKey) {
			t.Errorf("a key that there is not: %v", err)
		}
		token, err := h.keys.Sign(ctx, []byte("{}"), webhook.SignOptions{IssuedAt: start})
		if err != nil || strings.Count(token, ".") != 2 {
			t.Fatalf("%s, %v", token, err)
		}
		if !strings.Contains(decode(t, token, 0), second.ID) {
			t.Errorf("signed by %s", decode(t, token, 0))
		}
		var row string
		if err := db.QueryRow(ctx, "SELECT sealed FROM webhook_key WHERE n = 1").Scan(&row); err != nil || strings.Contains(row, first.X) {
			t.Errorf("the row is %s, %v", row, err)
		}
	})
}

// TestEachWayToForgeDiffersInOneThing from a right signature.
func TestEachWayToForgeDiffersInOneThing(t *testing.T) {
	ctx, body := context.Background(), []byte("{}")
	h := newHouse(t, storetest.SQLite(t), newNetwork())
	sign := func(opt webhook.SignOptions) []string {
		if opt.IssuedAt.IsZero() {
			opt.IssuedAt = start
		}
		token, err := h.keys.Sign(ctx, body, opt)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(token, ".")
	}
	right := sign(webhook.SignOptions{})
	for name, c := range map[string]struct {
		opt    webhook.SignOptions
		header string // a part that the header has
		claims string
	}{
		"stale":       {webhook.SignOptions{IssuedAt: start.Add(-time.Hour)}, `"alg":"ES256"`, `"iat":1767600000`},
		"other body":  {webhook.SignOptions{BodyHash: strings.Repeat("0", 64)}, `"alg":"ES256"`, strings.Repeat("0", 64)},
		"none":        {webhook.SignOptions{Algorithm: "none"}, `"alg":"none"`, ""},
		"unknown kid": {webhook.SignOptions{KeyID: "00000000-0000-4000-8000-000000000000"}, `"kid":"00000000-0000-4000-8000-000000000000"`, ""},
		"wrong key":   {webhook.SignOptions{WrongKey: true}, webhook.SandboxKeyID, ""},
	} {
		got := sign(c.opt)
		token := strings.Join(got, ".")
		if !strings.Contains(decode(t, token, 0), c.header) || !strings.Contains(decode(t, token, 1), c.claims) {
			t.Errorf("%s: %s %s", name, decode(t, token, 0), decode(t, token, 1))
		}
		if got[2] == right[2] {
			t.Errorf("%s: it has the right signature", name)
		}
		if (got[2] == "") != (c.opt.Algorithm == "none") {
			t.Errorf("%s: signature %q", name, got[2])
		}
	}
	if again := sign(webhook.SignOptions{}); again[2] != right[2] {
		t.Error("two signatures of the same are not the same")
	}
}

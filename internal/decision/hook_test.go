package decision_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/vault"
	"github.com/glencheck-dev/glencheck/internal/webhook"
	"github.com/glencheck-dev/glencheck/internal/webhook/webhooktest"
)

// delivering is an office whose webhooks are sent.
func delivering(t *testing.T, db *store.DB) (*office, *webhooktest.Receiver) {
	t.Helper()
	var c *webhooktest.Receiver
	var box *webhook.Outbox
	o := newOffice(t, db, func(cfg *decision.Config) {
		c = webhooktest.NewReceiver(cfg.Clock)
		v, err := vault.Open(context.Background(), db, vault.SandboxKEK(), cfg.Clock)
		if err != nil {
			t.Fatal(err)
		}
		box = webhook.New(webhook.Config{DB: db, Vault: v, Clock: cfg.Clock, IDs: clock.NewIDs(4, 1), Log: slog.New(slog.DiscardHandler), Transport: c})
		cfg.Outbox = box
	})
	webhooktest.Deliver(t, o.jobs, box)
	return o, c
}

func (o *office) settle() {
	o.t.Helper()
	if err := o.outbox.Settle(context.Background()); err != nil {
		o.t.Fatal(err)
	}
}

// TestHookSignatures sends a webhook in each of the documented ways.
func TestHookSignatures(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, c := delivering(t, db)
		o.evaluated("P-1", "S-0", "Approved", false) // nobody listens
		for _, auth := range []map[string]any{
			{"auth": "hmac", "secret": "a secret"}, {"auth": "basic", "username": "us", "password": "pass"}, {"auth": "none"},
		} {
			auth["url"] = "https://customer.example/hook"
			o.call("PUT", "/v1/settings/webhook", auth).ok(200)
			o.evaluated("P-1", "S-"+auth["auth"].(string), "Approved", false)
			o.settle()
			got := c.Take()
			if len(got) != 1 {
				t.Fatalf("%v: %d calls", auth, len(got))
			}
			want := map[string]string{"hmac": decision.HookSignature([]byte(got[0].Body), "a secret"), "basic": "Basic dXM6cGFzcw==", "none": ""}[auth["auth"].(string)]
			if got[0].Header.Get("Authorization") != want || !strings.HasPrefix(got[0].Body, `{"request_token":"`) || !strings.Contains(got[0].Body, `"type":"create:evaluations:run_create"`) {
				t.Errorf("%v: %+v", auth, got[0])
			}
		}
		o.call("PUT", "/v1/settings/webhook", map[string]any{"url": "https://customer.example/hook", "types": []string{decision.HookReview}}).ok(200)
		o.evaluated("P-1", "S-9", "Approved", false)
		o.settle()
		if got := c.Take(); len(got) != 0 {
			t.Errorf("a type that is not wanted: %+v", got)
		}
		for _, wrong := range []map[string]any{{"url": "nowhere"}, {"url": "https://a.example", "auth": "hmac"}, {"url": "https://a.example", "auth": "oauth2"}, {"url": "https://a.example", "types": []string{"x"}}} {
			o.call("PUT", "/v1/settings/webhook", wrong).ok(400)
		}
	})
}

// TestHookRetries follows the ten steps on the clock, and switches a receiver off
// after a hundred failures in a row.
func TestHookRetries(t *testing.T) {
	db := storetest.SQLite(t)
	o, c := delivering(t, db)
	c.Answer(503)
	o.call("PUT", "/v1/settings/webhook", map[string]any{"url": "https://customer.example/hook"}).ok(200)
	o.evaluated("P-1", "S-1", "Approved", false)
	o.settle()
	begin := o.clock.Now()
	if _, err := o.jobs.Travel(context.Background(), 30*time.Hour); err != nil {
		t.Fatal(err)
	}
	var elapsed []time.Duration
	for _, r := range c.Take() {
		elapsed = append(elapsed, r.At.Sub(begin))
	}
	want := []time.Duration{0, time.Second, time.Minute, 10 * time.Minute, 30 * time.Minute, 90 * time.Minute, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour}
	if len(elapsed) != len(want) {
		t.Fatalf("tried after %v", elapsed)
	}
	for i := range want {
		if elapsed[i] != want[i] {
			t.Errorf("try %d after %v, want %v", i+1, elapsed[i], want[i])
		}
	}
	log := o.call("GET", "/v1/settings/webhook/log?limit=1", nil).ok(200)
	if log.at("attempts", 9, "response") != 503.0 || log.text("attempts", 9, "state") != "failed" || log.text("attempts", 0, "name") != decision.HookEvaluation {
		t.Errorf("the log: %s", log.Raw)
	}
	enabled := func() any { return o.call("GET", "/v1/settings/webhook", nil).ok(200).at("enabled") }
	for i := range 9 {
		o.evaluated("P-1", "S-more"+string(rune('a'+i)), "Approved", false)
	}
	o.settle()
	if _, err := o.jobs.Travel(context.Background(), 25*time.Hour); err != nil {
		t.Fatal(err)
	}
	if n := len(c.Take()); n != 90 || enabled() != false {
		t.Errorf("%d more tries, enabled: %v", n, enabled())
	}
	o.evaluated("P-1", "S-late", "Approved", false)
	o.settle()
	if n := len(c.Take()); n != 0 {
		t.Errorf("%d tries to a receiver that is switched off", n)
	}
	c.Answer(200)
	o.call("POST", "/v1/settings/webhook/enable", nil).ok(200)
	o.evaluated("P-1", "S-again", "Approved", false)
	o.settle()
	if n := len(c.Take()); n != 1 || enabled() != true {
		t.Errorf("%d tries after it was switched on, enabled: %v", n, enabled())
	}
}

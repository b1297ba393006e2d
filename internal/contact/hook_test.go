package contact_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/contact"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// verifies is a receiver's check, written from the documentation: HMAC-SHA256 over
// cl-timestamp, a dot and the raw body, with the secret as it was shown.
func verifies(header http.Header, name, body, secret string) bool {
	h := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(h, "%s.%s", header.Get("cl-timestamp"), body)
	return header.Get(name) == fmt.Sprintf("%x", h.Sum(nil))
}

func (o *office) subscribe(events ...string) (id, secret string) {
	o.t.Helper()
	a := o.ask(`mutation WebhookCreate($input: WebhookCreateInput!) { webhookCreate(input: $input) { webhook { id ownerId url events description enabled secretCheckValue createdAt updatedAt } signingSecret } }`,
		m{"input": m{"ownerId": contact.SandboxOrg, "url": "https://crm.example/hook", "events": events}}).ok()
	if sum := sha256.Sum256([]byte(a.text("webhookCreate", "signingSecret"))); a.text("webhookCreate", "webhook", "secretCheckValue") != fmt.Sprintf("%x", sum[:4]) {
		o.t.Errorf("%s", a.Raw)
	}
	return a.text("webhookCreate", "webhook", "id"), a.text("webhookCreate", "signingSecret")
}

func (o *office) requests(id string) answer {
	o.t.Helper()
	return o.ask(`query WebhookRequests($input: WebhookRequestsInput!) { webhookRequests(input: $input) { edges { node { id webhookId ownerId url payload status attempts lastStatusCode lastError nextAttemptAt createdAt updatedAt } cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
		m{"input": m{"webhookId": id}}).ok()
}

// TestWebhooks sends events, signs each try anew and shows what became of them.
func TestWebhooks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db).delivering()
		id, secret := o.subscribe(contact.EventCreated, contact.EventDeleted)
		if !strings.HasPrefix(secret, "whsec_") {
			t.Errorf("secret %s", secret)
		}
		o.got.Answer(202) // "200 or 201 only"
		who := o.create(m{"name": "Leslie"})
		o.settle()
		o.got.Answer(201)
		o.travel(6 * time.Second)
		got := o.got.Take()
		if len(got) != 2 || got[0].Header.Get("cl-request-id") == got[1].Header.Get("cl-request-id") || got[1].At.Sub(got[0].At) != 5*time.Second {
			t.Fatalf("%+v", got)
		}
		var events [2]m
		for i, g := range got {
			if !verifies(g.Header, "cl-signature", g.Body, secret) || g.Header.Get("cl-signature-previous") != "" {
				t.Errorf("the signature of %s does not fit: %v", g.Body, g.Header)
			}
			if err := json.Unmarshal([]byte(g.Body), &events[i]); err != nil {
				t.Fatal(err)
			}
			if e := events[i]; e["type"] != contact.EventCreated || e["requestId"] != g.Header.Get("cl-request-id") || e["contactId"] != who || e["orgId"] != contact.SandboxOrg || e["occurredAt"] != "2026-11-23T09:00:00.000Z" {
				t.Errorf("%s", g.Body)
			}
		}
		if events[0]["eventId"] != events[1]["eventId"] || !strings.HasPrefix(events[0]["eventId"].(string), "WebhookRequest#") {
			t.Errorf("%v", events)
		}
		a := o.requests(id)
		for field, want := range map[string]any{
			"id": events[0]["eventId"], "webhookId": id, "ownerId": contact.SandboxOrg, "url": "https://crm.example/hook", "status": "DELIVERED", "attempts": 2.0,
			"lastStatusCode": 201.0, "lastError": nil, "nextAttemptAt": nil, "createdAt": "2026-11-23T09:00:00.000Z", "updatedAt": "2026-11-23T09:00:05.000Z",
		} {
			if a.at("webhookRequests", "edges", "0", "node", field) != want {
				t.Errorf("%s: %v, want %v", field, a.at("webhookRequests", "edges", "0", "node", field), want)
			}
		}
		if a.at("webhookRequests", "edges", "0", "node", "payload", "requestId") != events[1]["requestId"] {
			t.Errorf("%s", a.Raw)
		}
		readable(t, db, "crm.example", secret)

		a = o.ask(`mutation WebhookRotateSecret($input: WebhookRotateSecretInput!) { webhookRotateSecret(input: $input) { webhook { id } signingSecret } }`, m{"input": m{"id": id, "keepPrevious": true}}).ok()
		next := a.text("webhookRotateSecret", "signingSecret")
		o.create(m{"name": "Ron"})
		o.settle()
		if g := o.got.Take(); len(g) != 1 || !verifies(g[0].Header, "cl-signature", g[0].Body, next) || !verifies(g[0].Header, "cl-signature-previous", g[0].Body, secret) {
			t.Errorf("%+v", g)
		}
		o.travel(25 * time.Hour)
		o.create(m{"name": "April"})
		o.settle()
		if g := o.got.Take(); len(g) != 1 || !verifies(g[0].Header, "cl-signature", g[0].Body, next) || g[0].Header.Get("cl-signature-previous") != "" {
			t.Errorf("%+v", g)
		}
	})
}

// TestWebhookSchedule lets a receiver fail for a week.
func TestWebhookSchedule(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).delivering()
	o.got.Answer(204)
	id, _ := o.subscribe(contact.EventCreated)
	o.create(m{"name": "Leslie"})
	o.settle()
	if a := o.requests(id); a.text("webhookRequests", "edges", "0", "node", "nextAttemptAt") != "2026-11-23T09:00:05.000Z" || a.text("webhookRequests", "edges", "0", "node", "status") != "PENDING" {
		t.Errorf("%s", a.Raw)
	}
	o.travel(8 * 24 * time.Hour)
	got := o.got.Take()
	want := []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour, time.Hour}
	for i, w := range want {
		if d := got[i+1].At.Sub(got[i].At); d != w {
			t.Errorf("wait %d is %s, want %s", i, d, w)
		}
	}
	if last := got[len(got)-1].At.Sub(start); last > 7*24*time.Hour || last < 7*24*time.Hour-time.Hour || len(got) < 150 {
		t.Errorf("%d tries, the last after %s", len(got), last)
	}
	a := o.requests(id)
	if a.text("webhookRequests", "edges", "0", "node", "status") != "FAILED" || a.at("webhookRequests", "edges", "0", "node", "lastStatusCode") != 204.0 || a.text("webhookRequests", "edges", "0", "node", "lastError") == "" {
		t.Errorf("%s", a.Raw)
	}
	o.clock.Advance(90 * 24 * time.Hour)
	if a := o.requests(id); len(a.at("webhookRequests", "edges").([]any)) != 0 {
		t.Errorf("older than ninety days: %s", a.Raw)
	}
}

// TestSubscriptions changes and ends them, and keeps the rules about whose they are.
func TestSubscriptions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db).delivering()
		const create = `mutation ($input: WebhookCreateInput!) { webhookCreate(input: $input) { webhook { id } } }`
		for field, v := range map[string]any{"url": "ftp://x", "events": []string{"application.status.changed.v1"}, "description": strings.Repeat("x", 256)} {
			in := m{"ownerId": contact.SandboxOrg, "url": "https://crm.example/hook", "events": []string{contact.EventCreated}}
			in[field] = v
			if a := o.ask(create, m{"input": in}).refused("BAD_USER_INPUT"); a.Errors[0].Extensions["field"] != field {
				t.Errorf("%s", a.Raw)
			}
		}
		o.ask(create, m{"input": m{"ownerId": "nobody", "url": "https://crm.example/hook", "events": []string{contact.EventCreated}}}).refused("NOT_FOUND")
		id, _ := o.subscribe(contact.EventCreated, contact.EventUpdated)
		const update = `mutation WebhookUpdate($input: WebhookUpdateInput!) { webhookUpdate(input: $input) { id url events description enabled } }`
		a := o.ask(update, m{"input": m{"id": id, "url": "https://crm.example/other", "description": "CRM", "enabled": false}}).ok()
		if a.at("webhookUpdate", "enabled") != false || len(a.at("webhookUpdate", "events").([]any)) != 2 {
			t.Errorf("%s", a.Raw)
		}
		o.create(m{"name": "Leslie"})
		o.settle()
		if got := o.got.Take(); len(got) != 0 {
			t.Errorf("a disabled webhook is told: %v", got)
		}
		o.ask(update, m{"input": m{"id": id, "enabled": true}}).ok()
		o.got.Answer(500)
		o.create(m{"name": "Ron"})
		o.settle()
		if got := o.got.Take(); len(got) != 1 || got[0].URL != "https://crm.example/other" {
			t.Errorf("%v", got)
		}
		// What was on its way to it when it was disabled is given up.
		o.ask(update, m{"input": m{"id": id, "enabled": false}}).ok()
		o.travel(time.Hour)
		if got := o.got.Take(); len(got) != 0 || o.requests(id).text("webhookRequests", "edges", "0", "node", "status") != "FAILED" {
			t.Errorf("%v", got)
		}
		list := o.ask(`query Webhooks($input: WebhooksInput!) { webhooks(input: $input) { edges { node { id ownerId description } cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
			m{"input": m{"ownerId": contact.SandboxOrg, "first": 50, "after": nil, "last": nil, "before": nil}}).ok()
		if list.text("webhooks", "edges", "0", "node", "description") != "CRM" {
			t.Errorf("%s", list.Raw)
		}
		o.ask(`mutation ($input: WebhookDeleteInput!) { webhookDelete(input: $input) { success } }`, m{"input": m{"id": id}}).ok()
		o.ask(update, m{"input": m{"id": id, "enabled": true}}).refused("NOT_FOUND")
		for range 20 {
			o.subscribe(contact.EventCreated)
		}
		o.ask(create, m{"input": m{"ownerId": contact.SandboxOrg, "url": "https://crm.example/hook", "events": []string{contact.EventCreated}}}).refused("CONFLICT")
	})
}

package server_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/contact"
	"github.com/glencheck-dev/glencheck/internal/server"
	"github.com/glencheck-dev/glencheck/internal/server/servertest"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// receiver is a program that checks webhooks as the documentation asks for
// (plaid-server-api.md section 12.3), and answers 200 only to those that are right.
type receiver struct {
	key func(kid string) (x, y string, ok bool)

	seen chan struct{} // one for each that it took

	mu   sync.Mutex
	took []string // their codes
	last http.Header
}

func (r *receiver) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	r.last = req.Header
	r.mu.Unlock()
	status := http.StatusUnauthorized
	if r.verifies(req.Header.Get("Plaid-Verification"), body) {
		status = http.StatusOK
		var in struct {
			Code string `json:"webhook_code"`
		}
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, err
		}
		r.mu.Lock()
		r.took = append(r.took, in.Code)
		r.mu.Unlock()
		r.seen <- struct{}{}
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: http.NoBody, Request: req}, nil
}

// header is that of the last webhook, taken or not.
func (r *receiver) header() http.Header {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last
}

func (r *receiver) codes() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.took)
}

func (r *receiver) verifies(token string, body []byte) bool {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return false
	}
	var header struct{ Alg, Kid string }
	var claims struct {
		Iat  int64
		Hash string `json:"request_body_sha256"`
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if !unjson(parts[0], &header) || !unjson(parts[1], &claims) || err != nil || len(signature) != 64 || header.Alg != "ES256" {
		return false
	}
	x, y, ok := r.key(header.Kid)
	if !ok {
		return false
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, coordinate(x), coordinate(y)))
	if err != nil {
		return false
	}
	signed, sum := sha256.Sum256([]byte(parts[0]+"."+parts[1])), sha256.Sum256(body)
	return ecdsa.Verify(key, signed[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) &&
		time.Since(time.Unix(claims.Iat, 0)) < 5*time.Minute && claims.Hash == hex.EncodeToString(sum[:])
}

func unjson(part string, into any) bool {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(raw, into) == nil
}

func coordinate(text string) []byte {
	raw, _ := base64.RawURLEncoding.DecodeString(text) // what is wrong gives no key
	return raw
}

// hooked starts a server whose webhooks go to a receiver, with an Item.
func hooked(t *testing.T, opts ...servertest.Option) (s *servertest.Server, r *receiver, access string) {
	t.Helper()
	r = &receiver{seen: make(chan struct{}, 1000)}
	s = servertest.Start(t, append(opts, servertest.Config(func(c *server.Config) { c.WebhookTransport = r }))...)
	r.key = func(kid string) (string, string, bool) {
		a, err := s.Post(t.Context(), "/webhook_verification_key/get", m{"key_id": kid})
		return a.Text("key", "x"), a.Text("key", "y"), err == nil && a.Status == http.StatusOK
	}
	public := s.Call(t, "/sandbox/public_token/create", m{
		"institution_id": "ins_109508", "initial_products": []string{"auth"}, "options": m{"webhook": "https://app.example/hook"},
	}).Text("public_token")
	return s, r, s.Call(t, "/item/public_token/exchange", m{"public_token": public}).Text("access_token")
}

// TestForgeriesAreRefused: a receiver that checks what the documentation asks for
// takes the webhook and the same bytes with a header of the inbox, and refuses each
// forgery, whether it is sent on demand, by a fault, or handed over by the test.
func TestForgeriesAreRefused(t *testing.T) {
	s, r, access := hooked(t)
	fire := func(code, state string) servertest.Answer {
		t.Helper()
		s.Call(t, "/sandbox/item/fire_webhook", m{"access_token": access, "webhook_code": code})
		return s.Call(t, "/sandbox/webhook/wait", m{"webhook_code": code, "state": state})
	}
	a := fire("NEW_ACCOUNTS_AVAILABLE", "delivered")
	id, body := a.Text("delivery", "delivery_id"), a.Text("delivery", "body")
	if !r.verifies(a.Text("delivery", "plaid_verification"), []byte(body)) {
		t.Error("the header of the inbox does not verify")
	}
	if !r.verifies(s.Call(t, "/sandbox/webhook/sign", m{"body": body}).Text("plaid_verification"), []byte(body)) {
		t.Error("a header that was asked for does not verify")
	}
	for _, forgery := range []string{"stale_iat", "wrong_body", "alg_none", "unknown_kid", "wrong_key", "unsigned"} {
		a := s.Call(t, "/sandbox/webhook/forge", m{"delivery_id": id, "forgery": forgery})
		if a.Body["refused"] != true || a.Body["status"] != 401.0 {
			t.Errorf("%s: %v", forgery, a.Body)
		}
		if forgery == "unsigned" {
			continue
		}
		if r.verifies(s.Call(t, "/sandbox/webhook/sign", m{"body": body, "forgery": forgery}).Text("plaid_verification"), []byte(body)) {
			t.Errorf("%s verifies", forgery)
		}
	}
	if got := r.codes(); len(got) != 1 {
		t.Errorf("the receiver took %v", got)
	}
	s.Call(t, "/sandbox/fault/set", m{"webhook": m{"do": "forge", "forgery": "wrong_key"}, "count": 1})
	s.Call(t, "/sandbox/item/fire_webhook", m{"access_token": access, "webhook_code": "LOGIN_REPAIRED"})
	s.Call(t, "/sandbox/clock/advance", m{"seconds": 60}) // the retry is signed rightly
	a = s.Call(t, "/sandbox/webhook/wait", m{"webhook_code": "LOGIN_REPAIRED", "state": "delivered"})
	tries, _ := a.Body["delivery"].(m)["attempts"].([]any)
	if len(tries) != 2 || a.Text("delivery", "attempts", "0", "error") == "" || a.Text("delivery", "attempts", "1", "error") != "" {
		t.Errorf("attempts %v", tries)
	}
}

// TestWhatAnotherSchemeSignsIsNotForged: the forgeries are those of Plaid's signature,
// which a contact's webhook never has.
func TestWhatAnotherSchemeSignsIsNotForged(t *testing.T) {
	s, r, _ := hooked(t)
	graph := func(query string) { postGraph(t, s, s.URL+"/graphql", contact.SandboxKey, `{"query": "`+query+`"}`) }
	graph(`mutation { webhookCreate(input: {ownerId: \"` + contact.SandboxOrg + `\", url: \"https://app.example/contacts\", events: [\"contact.created.v1\"]}) { signingSecret } }`)
	s.Call(t, "/sandbox/fault/set", m{"webhook": m{"do": "forge", "forgery": "wrong_key"}})
	graph(`mutation { createContact(input: {orgId: \"` + contact.SandboxOrg + `\", name: \"Somebody\"}) { id } }`)
	id := s.Call(t, "/sandbox/webhook/wait", m{"webhook_type": "contact.created.v1"}).Text("delivery", "delivery_id")
	s.Call(t, "/sandbox/webhook/replay", m{"delivery_id": id}) // and so it has been sent
	if h := r.header(); h.Get("cl-signature") == "" || h.Get("Plaid-Verification") != "" {
		t.Errorf("it was sent with %v", h)
	}
	for _, forgery := range []string{"wrong_key", "unsigned"} {
		s.Refused(t, "/sandbox/webhook/forge", m{"delivery_id": id, "forgery": forgery}, "INVALID_FIELD")
	}
}

// TestWebhooksOnTheirWay: duplicates come twice, what is to be overtaken comes after
// the next one, and where there is no next one a minute later.
func TestWebhooksOnTheirWay(t *testing.T) {
	for name, db := range map[string]func(testing.TB) string{"sqlite": storetest.SQLiteFile, "postgres": storetest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			s, r, access := hooked(t, servertest.DB(db(t)))
			fire := func(code string) {
				t.Helper()
				s.Call(t, "/sandbox/item/fire_webhook", m{"access_token": access, "webhook_code": code})
			}
			seen := 0
			arrived := func(want ...string) {
				t.Helper()
				for ; seen < len(want); seen++ {
					<-r.seen
				}
				if _, err := s.Delivered(none); err != nil { // waits for what else is due
					t.Fatal(err)
				}
				if got := r.codes(); !slices.Equal(got, want) {
					t.Errorf("arrived %v, want %v", got, want)
				}
			}
			s.Call(t, "/sandbox/fault/set", m{"webhook": m{"do": "reorder"}, "count": 1})
			fire("NEW_ACCOUNTS_AVAILABLE")
			fire("LOGIN_REPAIRED")
			arrived("LOGIN_REPAIRED", "NEW_ACCOUNTS_AVAILABLE")
			s.Call(t, "/sandbox/fault/set", m{"webhook": m{"webhook_code": "LOGIN_REPAIRED", "do": "duplicate", "copies": 2}, "count": 1})
			fire("NEW_ACCOUNTS_AVAILABLE")
			fire("LOGIN_REPAIRED")
			want := []string{"LOGIN_REPAIRED", "NEW_ACCOUNTS_AVAILABLE", "NEW_ACCOUNTS_AVAILABLE", "LOGIN_REPAIRED", "LOGIN_REPAIRED", "LOGIN_REPAIRED"}
			arrived(want...)
			s.Call(t, "/sandbox/fault/set", m{"webhook": m{"do": "reorder"}, "count": 1})
			fire("NEW_ACCOUNTS_AVAILABLE")
			arrived(want...)
			s.Call(t, "/sandbox/clock/advance", m{"seconds": 60})
			arrived(append(want, "NEW_ACCOUNTS_AVAILABLE")...)
		})
	}
}

// TestWaitIsAnsweredWhenItComes: a wait that begins before the webhook exists ends
// with it, and one for what never comes ends at its time; another client's inbox
// stays closed.
func TestWaitIsAnsweredWhenItComes(t *testing.T) {
	s, _, access := hooked(t)
	waiting := make(chan servertest.Answer)
	go func() {
		a, err := s.Post(t.Context(), "/sandbox/webhook/wait", m{"webhook_code": "LOGIN_REPAIRED", "timeout_ms": 50000})
		if err != nil {
			t.Error(err)
		}
		waiting <- a
	}()
	if a := s.Call(t, "/sandbox/webhook/wait", m{"webhook_code": "LOGIN_REPAIRED", "timeout_ms": 20}); a.Body["delivery"] != nil {
		t.Errorf("came too soon: %v", a.Body)
	}
	s.Call(t, "/sandbox/item/fire_webhook", m{"access_token": access, "webhook_code": "LOGIN_REPAIRED"})
	if a := <-waiting; a.Text("delivery", "webhook_code") != "LOGIN_REPAIRED" || a.Text("delivery", "webhook", "webhook_code") != "LOGIN_REPAIRED" {
		t.Errorf("%v", a.Body)
	}
}

// TestStoppingLetsNobodyWait: a server that is asked to stop does not wait for those
// who wait for a webhook.
func TestStoppingLetsNobodyWait(t *testing.T) {
	s, _, _ := hooked(t)
	ended := make(chan error)
	go func() {
		_, err := s.Post(context.WithoutCancel(t.Context()), "/sandbox/webhook/wait", m{"webhook_code": "LOGIN_REPAIRED", "timeout_ms": 50000})
		ended <- err
	}()
	s.Call(t, "/sandbox/webhook/wait", m{"webhook_code": "LOGIN_REPAIRED", "timeout_ms": 200}) // the other one is under way
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
	<-ended
}

// TestAWebhookOfASavedState: one that waits when a state is saved is sent again after
// each load, with the state's own key.
func TestAWebhookOfASavedState(t *testing.T) {
	for name, db := range map[string]func(testing.TB) string{"sqlite": storetest.SQLiteFile, "postgres": storetest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			s, r, access := hooked(t, servertest.DB(db(t)))
			s.Call(t, "/sandbox/fault/set", m{"webhook": m{"do": "delay", "delay_seconds": 60}, "count": 1})
			s.Call(t, "/sandbox/item/fire_webhook", m{"access_token": access, "webhook_code": "LOGIN_REPAIRED"})
			if _, err := s.Delivered(none); err != nil { // it has been put off
				t.Fatal(err)
			}
			state := s.Call(t, "/sandbox/state/save", m{}).Text("state")
			for range 3 {
				s.Call(t, "/sandbox/clock/advance", m{"seconds": 60})
				s.Call(t, "/sandbox/webhook/wait", m{"state": "delivered"})
				s.Call(t, "/sandbox/webhook_verification_key/rotate", m{})
				s.Call(t, "/sandbox/state/load", m{"state": state})
			}
			if got := r.codes(); len(got) != 3 {
				t.Errorf("arrived %v", got)
			}
			if a := s.Call(t, "/sandbox/webhook/list", m{}); a.Text("deliveries", "0", "state") != "waiting" {
				t.Errorf("%v", a.Body)
			}
		})
	}
}

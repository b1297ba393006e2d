package clienttest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/glencheck-dev/glencheck/internal/server"
	"github.com/glencheck-dev/glencheck/internal/server/servertest"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// verifyWebhook does what Plaid's documentation tells a receiver to do, with a
// library that Glencheck does not use.
func verifyWebhook(s *servertest.Server, token string, body []byte) error {
	signed, err := jose.ParseSigned(token, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return fmt.Errorf("parse: %w", err)
	}
	answer, err := s.Post(context.Background(), "/webhook_verification_key/get", map[string]any{"key_id": signed.Signatures[0].Header.KeyID})
	if err != nil || answer.Status != http.StatusOK {
		return fmt.Errorf("key: %v, %w", answer.Body, errors.Join(err, errors.New("unknown")))
	}
	raw, err := json.Marshal(answer.Body["key"])
	if err != nil {
		return err
	}
	var key jose.JSONWebKey
	if err := json.Unmarshal(raw, &key); err != nil {
		return fmt.Errorf("key: %w", err)
	}
	payload, err := signed.Verify(&key)
	if err != nil {
		return fmt.Errorf("signature: %w", err)
	}
	var claims struct {
		IssuedAt int64  `json:"iat"`
		Hash     string `json:"request_body_sha256"`
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		return fmt.Errorf("claims: %w", err)
	}
	if age := time.Since(time.Unix(claims.IssuedAt, 0)); age > 5*time.Minute || age < -time.Minute {
		return fmt.Errorf("iat: %v old", age)
	}
	if sum := sha256.Sum256(body); claims.Hash != hex.EncodeToString(sum[:]) {
		return errors.New("hash: of another body")
	}
	return nil
}

// TestWebhooksVerifyWithAnotherLibrary: right ones do, each that is wrong in one
// thing does not, and those of a key that was replaced still do.
func TestWebhooksVerifyWithAnotherLibrary(t *testing.T) {
	s := servertest.Start(t, servertest.Config(func(c *server.Config) { c.WebhookTransport = nil }))
	verdicts := make(chan error, 1)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = verifyWebhook(s, r.Header.Get("Plaid-Verification"), body)
		}
		verdicts <- err
	}))
	defer receiver.Close()
	public := s.Call(t, "/sandbox/public_token/create", map[string]any{
		"institution_id": "ins_109508", "initial_products": []string{"auth"}, "options": map[string]any{"webhook": receiver.URL},
	}).Text("public_token")
	access := s.Call(t, "/item/public_token/exchange", map[string]any{"public_token": public}).Text("access_token")
	fire := func() error {
		s.Call(t, "/sandbox/item/fire_webhook", map[string]any{"access_token": access, "webhook_code": "NEW_ACCOUNTS_AVAILABLE"})
		return <-verdicts
	}
	if err := fire(); err != nil {
		t.Errorf("a right one: %v", err)
	}
	out, keys := s.Webhooks()
	for name, c := range map[string]struct {
		opt  webhook.SignOptions
		want string
	}{
		"stale":       {webhook.SignOptions{IssuedAt: time.Now().Add(-6 * time.Minute)}, "iat"},
		"other body":  {webhook.SignOptions{BodyHash: strings.Repeat("0", 64)}, "hash"},
		"no alg":      {webhook.SignOptions{Algorithm: "none"}, "parse"},
		"other alg":   {webhook.SignOptions{Algorithm: "HS256"}, "parse"},
		"no such kid": {webhook.SignOptions{KeyID: "00000000-0000-4000-8000-000000000000"}, "key"},
		"wrong key":   {webhook.SignOptions{WrongKey: true}, "signature"},
	} {
		out.SetPolicy(func(context.Context, webhook.Delivery) webhook.Decision {
			return webhook.Decision{Prepare: keys.PrepareWith(c.opt)}
		})
		if err := fire(); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v, want a fault of its %s", name, err, c.want)
		}
	}
	out.SetPolicy(nil)
	token, err := keys.Sign(t.Context(), []byte("{}"), webhook.SignOptions{IssuedAt: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	s.Call(t, "/sandbox/webhook_verification_key/rotate", map[string]any{})
	if err := verifyWebhook(s, token, []byte("{}")); err != nil {
		t.Errorf("signed before the key was replaced: %v", err)
	}
	if err := fire(); err != nil {
		t.Errorf("signed by the new key: %v", err)
	}
}

// TestForgeriesAreRefusedByAnotherLibrary: the kit that users have, by the calls that
// they make. What each forgery is refused for is what it is a forgery of.
func TestForgeriesAreRefusedByAnotherLibrary(t *testing.T) {
	s := servertest.Start(t, servertest.Config(func(c *server.Config) { c.WebhookTransport = nil }))
	verdicts := make(chan error, 1)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = verifyWebhook(s, r.Header.Get("Plaid-Verification"), body)
		}
		if err != nil {
			w.WriteHeader(http.StatusUnauthorized)
		}
		verdicts <- err
	}))
	defer receiver.Close()
	public := s.Call(t, "/sandbox/public_token/create", map[string]any{
		"institution_id": "ins_109508", "initial_products": []string{"auth"}, "options": map[string]any{"webhook": receiver.URL},
	}).Text("public_token")
	access := s.Call(t, "/item/public_token/exchange", map[string]any{"public_token": public}).Text("access_token")
	s.Call(t, "/sandbox/item/reset_login", map[string]any{"access_token": access})
	if err := <-verdicts; err != nil {
		t.Fatalf("a right one: %v", err)
	}
	delivery := s.Call(t, "/sandbox/webhook/wait", map[string]any{"webhook_code": "ERROR", "state": "delivered"}).Body["delivery"].(map[string]any)
	if err := verifyWebhook(s, delivery["plaid_verification"].(string), []byte(delivery["body"].(string))); err != nil {
		t.Errorf("what the inbox signed: %v", err)
	}
	for _, c := range []struct{ forgery, want string }{
		{"stale_iat", "iat"}, {"wrong_body", "hash"}, {"alg_none", "parse"}, {"unknown_kid", "key"}, {"wrong_key", "signature"}, {"unsigned", "parse"},
	} {
		answer := s.Call(t, "/sandbox/webhook/forge", map[string]any{"delivery_id": delivery["delivery_id"], "forgery": c.forgery})
		if err := <-verdicts; err == nil || !strings.HasPrefix(err.Error(), c.want) || answer.Body["refused"] != true {
			t.Errorf("%s: %v, %v, want a fault of its %s", c.forgery, err, answer.Body, c.want)
		}
		if c.forgery == "unsigned" {
			continue
		}
		for _, body := range []string{delivery["body"].(string), "{}", "another body"} {
			token := s.Call(t, "/sandbox/webhook/sign", map[string]any{"body": body, "forgery": c.forgery}).Text("plaid_verification")
			if err := verifyWebhook(s, token, []byte(body)); err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("%s of %q: %v, want a fault of its %s", c.forgery, body, err, c.want)
			}
		}
	}
}

// firedSchemas are the webhooks that can be fired, with their schemas in the
// document.
var firedSchemas = []struct{ kind, code, schema string }{
	{"TRANSACTIONS", "DEFAULT_UPDATE", "DefaultUpdateWebhook"},
	{"AUTH", "DEFAULT_UPDATE", "AuthDefaultUpdateWebhook"},
	{"IDENTITY", "DEFAULT_UPDATE", "IdentityDefaultUpdateWebhook"},
	{"HOLDINGS", "DEFAULT_UPDATE", "HoldingsDefaultUpdateWebhook"},
	{"INVESTMENTS_TRANSACTIONS", "DEFAULT_UPDATE", "InvestmentsDefaultUpdateWebhook"},
	{"LIABILITIES", "DEFAULT_UPDATE", "LiabilitiesDefaultUpdateWebhook"},
	{"ITEM", "NEW_ACCOUNTS_AVAILABLE", "NewAccountsAvailableWebhook"},
	{"ITEM", "USER_PERMISSION_REVOKED", "UserPermissionRevokedWebhook"},
	{"ITEM", "USER_ACCOUNT_REVOKED", "UserAccountRevokedWebhook"},
	{"ITEM", "PENDING_DISCONNECT", "PendingDisconnectWebhook"},
	{"ITEM", "LOGIN_REPAIRED", "ItemLoginRepairedWebhook"},
	{"ITEM", "ERROR", "ItemErrorWebhook"},
	{"AUTH", "SMS_MICRODEPOSITS_VERIFICATION", "HostedMMDVerificationWebhook"},
	{"TRANSACTIONS", "RECURRING_TRANSACTIONS_UPDATE", "RecurringTransactionsUpdateWebhook"},
	{"TRANSACTIONS", "SYNC_UPDATES_AVAILABLE", "SyncUpdatesAvailableWebhook"},
	{"ASSETS", "PRODUCT_READY", "AssetsProductReadyWebhook"},
	{"ASSETS", "ERROR", "AssetsErrorWebhook"},
	{"AUTH", "PRODUCT_PERMISSIONS_REQUIRED", "ProductPermissionsRequiredAuthWebhook"},
	{"IDENTITY", "PRODUCT_PERMISSIONS_REQUIRED", "ProductPermissionsRequiredIdentityWebhook"},
}

// TestWebhooksOfItemsKeepTheContract fires each webhook, and lets happen what tells
// of itself.
func TestWebhooksOfItemsKeepTheContract(t *testing.T) {
	type object = map[string]any
	s, contract := servertest.Start(t), official(t)
	s.Client = &http.Client{} // IDENTITY, which the description names, is missing in the enumeration
	user := s.Call(t, "/user/create", object{"client_user_id": "user-1"}).Text("user_id")
	link := func(institution string) string {
		public := s.Call(t, "/sandbox/public_token/create", object{
			"institution_id": institution, "initial_products": []string{"auth"}, "options": object{"webhook": "https://app.example/hook"}, "user_id": user,
		}).Text("public_token")
		return s.Call(t, "/item/public_token/exchange", object{"public_token": public}).Text("access_token")
	}
	public := s.Call(t, "/sandbox/public_token/create", object{
		"institution_id": "ins_109508", "initial_products": []string{"auth", "identity", "transactions", "investments", "liabilities", "assets"},
		"options": object{"webhook": "https://app.example/hook"}, "user_id": user,
	}).Text("public_token")
	access := s.Call(t, "/item/public_token/exchange", object{"public_token": public}).Text("access_token")
	var told webhook.Cursor
	judge := func(kind, code, schema string) {
		t.Helper()
		list, err := s.Delivered(told)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, d := range list {
			told = d.Cursor()
			if d.Type != kind || d.Code != code {
				continue
			}
			found = true
			for _, p := range contract.CheckSchema(schema, d.Body) {
				t.Errorf("%s/%s: %s in %s", kind, code, p, d.Body)
			}
			if kind == "ITEM" && code != "WEBHOOK_UPDATE_ACKNOWLEDGED" && !strings.Contains(string(d.Body), user) {
				t.Errorf("%s/%s names no user: %s", kind, code, d.Body)
			}
		}
		if !found {
			t.Errorf("%s/%s was not delivered", kind, code)
		}
	}
	for _, f := range firedSchemas {
		answer, err := s.Post(t.Context(), "/sandbox/item/fire_webhook", object{"access_token": access, "webhook_type": f.kind, "webhook_code": f.code})
		if err != nil || answer.Status != http.StatusOK || answer.Body["webhook_fired"] != true {
			t.Errorf("%s/%s: %v", f.kind, f.code, answer.Body)
		}
		judge(f.kind, f.code, f.schema)
	}
	s.Call(t, "/item/webhook/update", object{"access_token": access, "webhook": "https://app.example/other"})
	judge("ITEM", "WEBHOOK_UPDATE_ACKNOWLEDGED", "WebhookUpdateAcknowledgedWebhook")
	s.Call(t, "/sandbox/item/reset_login", object{"access_token": access})
	judge("ITEM", "ERROR", "ItemErrorWebhook")
	link("ins_109508")
	s.Call(t, "/sandbox/clock/advance", object{"days": 23})
	judge("ITEM", "PENDING_DISCONNECT", "PendingDisconnectWebhook")
	link("ins_117650") // in the United Kingdom
	s.Call(t, "/sandbox/clock/advance", object{"days": 23})
	judge("ITEM", "PENDING_EXPIRATION", "PendingExpirationWebhook")
	s.Call(t, "/sandbox/clock/advance", object{"days": 7})
	judge("ITEM", "ERROR", "ItemErrorWebhook")
}

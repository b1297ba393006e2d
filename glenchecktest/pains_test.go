package glenchecktest_test

import (
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
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/glenchecktest"
)

// The pains of docs/pains.md: each test does the one thing that its row names.

// item links an account and returns its Item.
func item(t *testing.T, gc *glenchecktest.Server, p glenchecktest.Person, more map[string]any) (id, access string) {
	t.Helper()
	in := map[string]any{
		"client_name": "Wonderwallet", "language": "en", "country_codes": []string{"US"}, "products": []string{"auth"},
		"user": map[string]string{"client_user_id": "user-1"},
	}
	for name, value := range more {
		in[name] = value
	}
	var token struct {
		LinkToken string `json:"link_token"`
	}
	if err := gc.Call("/link/token/create", in, &token); err != nil {
		t.Fatal(err)
	}
	s, err := gc.Link.Complete(token.LinkToken, p)
	if err != nil || s.Done == nil || !s.Done.Success {
		t.Fatalf("%+v, %v", s, err)
	}
	var out struct {
		AccessToken string `json:"access_token"`
		ItemID      string `json:"item_id"`
	}
	if err := gc.Call("/item/public_token/exchange", map[string]string{"public_token": s.Done.PublicToken}, &out); err != nil {
		t.Fatal(err)
	}
	return out.ItemID, out.AccessToken
}

func TestPainNoMockForCI(t *testing.T) {
	gc := glenchecktest.Start(t)
	_, access := item(t, gc, glenchecktest.UserGood(), map[string]any{"products": []string{"auth", "identity"}})
	for _, path := range []string{"/accounts/get", "/auth/get", "/identity/get", "/item/get", "/item/remove"} {
		if err := gc.Call(path, map[string]string{"access_token": access}, nil); err != nil {
			t.Error(err)
		}
	}
}

func TestPainLinkInCI(t *testing.T) {
	gc := glenchecktest.Start(t)
	person := glenchecktest.UserGood()
	person.Password, person.MFA = "mfa_device", []string{"1234"}
	s, err := gc.Link.Complete(linkToken(gc, "auth"), person)
	if err != nil || !s.Done.Success || s.Events[len(s.Events)-1].Name != "HANDOFF" {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestPainMicroDepositStates(t *testing.T) {
	gc := glenchecktest.Start(t, glenchecktest.WithManualClock(time.Time{}))
	person := glenchecktest.Person{
		Institution: "ins_109512", Username: "user_good", Password: "microdeposits_good", Accounts: &glenchecktest.Accounts{Masks: []string{"0000"}},
		RoutingNumber: "021000021", AccountNumber: "1111222233330000", Name: "Alberta Bobbeth Charleson",
	}
	status := func(access string) string {
		var out struct {
			Accounts []struct {
				Status string `json:"verification_status"`
			}
		}
		if err := gc.Call("/accounts/get", map[string]string{"access_token": access}, &out); err != nil {
			t.Fatal(err)
		}
		return out.Accounts[0].Status
	}
	_, access := item(t, gc, person, map[string]any{"auth": map[string]any{"automated_microdeposits_enabled": true}})
	if got := status(access); got != "pending_automatic_verification" {
		t.Errorf("at first %s", got)
	}
	if err := gc.Clock.Advance(48 * time.Hour); err != nil {
		t.Fatal(err)
	}
	if got := status(access); got != "automatically_verified" {
		t.Errorf("two days later %s", got)
	}
}

func TestPainPublicURLForWebhooks(t *testing.T) {
	heard := make(chan string, 4)
	app := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		heard <- r.Header.Get("Plaid-Verification") + " " + string(body)
	}))
	defer app.Close()
	gc := glenchecktest.Start(t)
	_, access := item(t, gc, glenchecktest.UserGood(), map[string]any{"webhook": app.URL})
	if err := gc.Call("/sandbox/item/reset_login", map[string]string{"access_token": access}, nil); err != nil {
		t.Fatal(err)
	}
	for {
		select {
		case got := <-heard:
			if len(got) > 100 && strings.Contains(got, "ITEM_LOGIN_REQUIRED") {
				return
			}
		case <-time.After(20 * time.Second):
			t.Fatal("no webhook came")
		}
	}
}

func TestPain429InTests(t *testing.T) {
	gc := glenchecktest.Start(t)
	_, access := item(t, gc, glenchecktest.UserGood(), nil)
	first := func() (refused int) {
		for n := range 45 { // the sandbox's documented limit is 40 a minute
			if err := gc.Call("/item/get", map[string]string{"access_token": access}, nil); err != nil {
				return n + 1
			}
		}
		return 0
	}
	if n := first(); n != 0 {
		t.Errorf("call %d is refused", n)
	}
	if _, err := gc.Faults.RateLimits("plaid"); err != nil {
		t.Fatal(err)
	}
	if n := first(); n != 41 {
		t.Errorf("call %d is refused, want 41", n)
	}
}

func TestPainOAuthOnLocalhost(t *testing.T) {
	gc := glenchecktest.Start(t)
	bank := glenchecktest.Person{Institution: "ins_127287", Accounts: &glenchecktest.Accounts{Masks: []string{"0000"}}}
	item(t, gc, bank, map[string]any{"redirect_uri": "http://localhost:3000/oauth"})
}

func TestPainWaitingForTime(t *testing.T) {
	gc := glenchecktest.Start(t)
	_, access := item(t, gc, glenchecktest.UserGood(), nil)
	if err := gc.Clock.Advance(31 * 24 * time.Hour); err != nil {
		t.Fatal(err)
	}
	refused(t, gc.Call("/accounts/balance/get", map[string]string{"access_token": access}, nil), "ITEM_LOGIN_REQUIRED")
}

func TestPainErrorsOnDemand(t *testing.T) {
	gc := glenchecktest.Start(t)
	_, access := item(t, gc, glenchecktest.UserGood(), nil)
	if _, err := gc.Faults.Set(glenchecktest.Fault{Path: "/auth/get", ErrorCode: "PRODUCT_NOT_READY", Count: 1}); err != nil {
		t.Fatal(err)
	}
	refused(t, gc.Call("/auth/get", map[string]string{"access_token": access}, nil), "PRODUCT_NOT_READY")
	if err := gc.Call("/auth/get", map[string]string{"access_token": access}, nil); err != nil {
		t.Error(err)
	}
}

func TestPainCustomData(t *testing.T) {
	gc := glenchecktest.Start(t)
	person := glenchecktest.UserGood()
	person.Username, person.Password = "user_custom", `{"override_accounts": [{
		"type": "depository", "subtype": "checking", "starting_balance": 600.23, "meta": {"name": "Joint Checking", "mask": "5555"},
		"numbers": {"account": "1111222233335555", "ach_routing": "122105155"}}]}`
	_, access := item(t, gc, person, nil)
	var auth struct {
		Accounts []struct {
			Name     string
			Balances struct{ Current float64 }
		}
		Numbers struct {
			ACH []struct{ Account, Routing string }
		}
	}
	if err := gc.Call("/auth/get", map[string]string{"access_token": access}, &auth); err != nil {
		t.Fatal(err)
	}
	if len(auth.Accounts) != 1 || auth.Accounts[0].Name != "Joint Checking" || auth.Accounts[0].Balances.Current != 600.23 || auth.Numbers.ACH[0].Account != "1111222233335555" {
		t.Errorf("%+v", auth)
	}
}

// receiver is somebody's handler of webhooks, with the check of the guide or
// without one.
func receiver(gc *glenchecktest.Server, careful bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil && careful {
			err = verify(gc, r.Header.Get("Plaid-Verification"), body)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
		}
	})
}

// verify is the check that Plaid's guide describes: the algorithm, the key, the
// signature, the age, the body.
func verify(gc *glenchecktest.Server, header string, body []byte) error {
	parts := strings.Split(header, ".")
	if len(parts) != 3 {
		return errors.New("no token")
	}
	var head struct{ Alg, Kid string }
	var claims struct {
		IAT int64
		Sum string `json:"request_body_sha256"`
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	for i, into := range []any{&head, &claims} {
		if err == nil {
			var text []byte
			if text, err = base64.RawURLEncoding.DecodeString(parts[i]); err == nil {
				err = json.Unmarshal(text, into)
			}
		}
	}
	if err != nil || head.Alg != "ES256" || len(signature) != 64 {
		return fmt.Errorf("not a token of ES256: %v", err)
	}
	var answer struct{ Key struct{ X, Y string } }
	if err := gc.Call("/webhook_verification_key/get", map[string]string{"key_id": head.Kid}, &answer); err != nil {
		return err
	}
	point := []byte{4}
	for _, coordinate := range []string{answer.Key.X, answer.Key.Y} {
		raw, err := base64.RawURLEncoding.DecodeString(coordinate)
		if err != nil {
			return err
		}
		point = append(point, raw...)
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		return err
	}
	signed := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if !ecdsa.Verify(key, signed[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		return errors.New("another key has signed")
	}
	if time.Since(time.Unix(claims.IAT, 0)) > 5*time.Minute {
		return errors.New("too old")
	}
	if sum := sha256.Sum256(body); hex.EncodeToString(sum[:]) != claims.Sum {
		return errors.New("another body")
	}
	return nil
}

var forgeries = []string{
	glenchecktest.StaleIAT, glenchecktest.WrongBody, glenchecktest.AlgNone, glenchecktest.UnknownKID, glenchecktest.WrongKey, glenchecktest.Unsigned,
}

func TestPainUnverifiableWebhooks(t *testing.T) {
	for _, careful := range []bool{true, false} {
		var handler http.Handler
		app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
		defer app.Close()
		gc := glenchecktest.Start(t)
		handler = receiver(gc, careful)
		_, access := item(t, gc, glenchecktest.UserGood(), map[string]any{"webhook": app.URL})
		if err := gc.Call("/sandbox/item/reset_login", map[string]string{"access_token": access}, nil); err != nil {
			t.Fatal(err)
		}
		hook, err := gc.Webhooks.Wait(glenchecktest.WebhookFilter{Code: "ERROR", State: "delivered"}, 20*time.Second)
		if err != nil {
			t.Fatal(err) // a right signature is accepted
		}
		for _, forgery := range forgeries {
			if refused, err := gc.Webhooks.Forge(hook.ID, forgery); err != nil || refused != careful {
				t.Errorf("%s: refused %v by a receiver that is careful: %v (%v)", forgery, refused, careful, err)
			}
		}
		for _, forgery := range append([]string{""}, forgeries[:5]...) { // a handler that the test calls by itself
			header, err := gc.Webhooks.Sign([]byte(hook.Body), forgery)
			if problem := verify(gc, header, []byte(hook.Body)); err != nil || (problem == nil) != (forgery == "") {
				t.Errorf("%q: %v, %v", forgery, problem, err)
			}
		}
	}
}

func TestPainMissedWebhooks(t *testing.T) {
	seen := make(chan struct{}, 8)
	app := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if body, _ := io.ReadAll(r.Body); strings.Contains(string(body), "ITEM_LOGIN_REQUIRED") {
			seen <- struct{}{}
		}
	}))
	defer app.Close()
	gc := glenchecktest.Start(t)
	id, access := item(t, gc, glenchecktest.UserGood(), map[string]any{"webhook": app.URL})
	errorOf := glenchecktest.WebhookFilter{ItemID: id, Code: "ERROR"}
	if _, err := gc.Faults.Webhook(glenchecktest.WebhookFault{Type: "ITEM", Code: "ERROR", Do: "drop", ItemID: id, Count: 1}); err != nil {
		t.Fatal(err)
	}
	if err := gc.Call("/sandbox/item/reset_login", map[string]string{"access_token": access}, nil); err != nil {
		t.Fatal(err)
	}
	lost, err := gc.Webhooks.Wait(glenchecktest.WebhookFilter{ItemID: id, Code: "ERROR", State: "dropped"}, 20*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	all, err := gc.Webhooks.List(errorOf)
	if err != nil || len(all) != 1 || all[0].ID != lost.ID || all[0].Content["webhook_code"] != "ERROR" {
		t.Errorf("%+v, %v", all, err)
	}
	if len(seen) != 0 {
		t.Error("a webhook that was dropped has come")
	}
	again, err := gc.Webhooks.Replay(lost.ID)
	if err != nil || len(again.Attempts) == 0 || again.Attempts[len(again.Attempts)-1].Status != http.StatusOK || len(seen) != 1 {
		t.Errorf("%+v, %v", again, err)
	}
	errorOf.After = lost.ID
	if _, err := gc.Webhooks.Wait(errorOf, 0); !errors.Is(err, glenchecktest.ErrNoWebhook) {
		t.Error(err)
	}
}

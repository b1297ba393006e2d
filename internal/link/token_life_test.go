package link

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/team"
)

func TestTokenLife(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, ctx := newTokenWorld(t, db, "sandbox"), t.Context()
		out := w.create(request("user", user("legal_name", "Alberta Charleson")))
		secret := out["link_token"].(string)
		if !plaid.TokenOK(plaid.KindLink, "sandbox", secret) || out["expiration"] != "2026-03-07T16:00:00Z" {
			t.Fatalf("%v", out)
		}
		if _, has := out["user_id"]; has {
			t.Error("user_id without a registered user")
		}
		tok, err := w.tokens.ByToken(ctx, secret)
		if err != nil || tok.User.LegalName != "Alberta Charleson" || !tok.ExpiresAt.Equal(tokenStart.Add(4*time.Hour)) {
			t.Fatalf("%+v, %v", tok, err)
		}
		if tok.ClientID != team.SandboxClientID || tok.ClientName != "Wonderwallet" || !tok.CreatedAt.Equal(tokenStart) {
			t.Errorf("%+v", tok)
		}
		w.clock.Set(tok.ExpiresAt.Add(-time.Millisecond))
		if _, err := w.tokens.ByToken(ctx, secret); err != nil {
			t.Errorf("just before its end: %v", err)
		}
		w.clock.Set(tok.ExpiresAt)
		if _, err := w.tokens.ByToken(ctx, secret); !errors.Is(err, plaid.InvalidLinkToken) {
			t.Errorf("at its end: %v", err)
		}
	})
}

func TestUnknownTokens(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newTokenWorld(t, db, "sandbox")
		for _, secret := range []string{
			"", "link", "link-sandbox-", "link-sandbox-b0e2c4ee-a763-4df5-bfe9-46a46bce993d",
			"link-production-b0e2c4ee-a763-4df5-bfe9-46a46bce993d", "public-sandbox-b0e2c4ee-a763-4df5-bfe9-46a46bce993d",
			strings.ToUpper(w.create(request())["link_token"].(string)), "\x00",
		} {
			_, err := w.tokens.ByToken(t.Context(), secret)
			if err == nil || err.Error() != "INVALID_INPUT/INVALID_LINK_TOKEN: invalid link_token provided" {
				t.Errorf("%q: %v", secret, err)
			}
		}
	})
}

func TestUpdateModeToken(t *testing.T) {
	w := newTokenWorld(t, storetest.SQLite(t), "sandbox")
	body := request("access_token", itemToken, "products", nil, "webhook", "https://example.com/hook")
	out := w.create(body)
	tok, err := w.tokens.ByToken(t.Context(), out["link_token"].(string))
	if err != nil || out["expiration"] != "2026-03-07T12:30:00Z" || !tok.UpdateMode() || tok.AccessTokenItemID != "item-1" || tok.Webhook != "" {
		t.Errorf("%v: %+v, %v", out, tok, err)
	}
	_, got := w.post("/link/token/get", `{"link_token":"`+out["link_token"].(string)+`"}`)
	if m := got["metadata"].(map[string]any); m["webhook"] != "https://example.com/hook" || len(m["initial_products"].([]any)) != 0 {
		t.Errorf("metadata %v", m)
	}
	if status, out := w.post("/link/token/create", request("access_token", "access-sandbox-other")); status != 400 || out["error_code"] != "INVALID_ACCESS_TOKEN" {
		t.Errorf("a foreign Item: %d %v", status, out)
	}
}

// TestUpdateModeOptions are the members that mean something in update mode, and
// those that do not (plaid-server-api.md section 5.1, link-web.md section 4.10).
func TestUpdateModeOptions(t *testing.T) {
	w := newTokenWorld(t, storetest.SQLite(t), "sandbox")
	_, created := w.post("/user/create", `{"client_user_id":"registered"}`)
	user := created["user_id"].(string)
	for _, tt := range []struct {
		name   string
		body   string
		item   string
		chosen bool // the person chooses accounts anew
		code   string
		says   string
	}{
		{"plain", request("access_token", itemToken, "products", nil), "item-1", false, "", ""},
		{"an empty list", request("access_token", itemToken, "products", []string{}), "item-1", false, "", ""},
		{"consent", request("access_token", itemToken, "products", nil, "additional_consented_products", []string{"identity"}), "item-1", false, "", ""},
		{"selection", request("access_token", itemToken, "products", nil, "update", map[string]any{"account_selection_enabled": true}, "account_filters", map[string]any{"depository": map[string]any{"account_subtypes": []string{"all"}}}), "item-1", true, "", ""},
		{"an option of no use", request("access_token", itemToken, "products", nil, "update", map[string]any{"reauthorization_enabled": true}), "item-1", false, "", ""},
		{"by user", request("user", nil, "user_id", user, "products", nil, "update", map[string]any{"user": true}), "item-2", false, "", ""},
		{"by user and Item", request("user", nil, "user_id", user, "products", nil, "update", map[string]any{"item_ids": []string{"item-9"}}), "item-9", false, "", ""},
		{"products", request("access_token", itemToken), "", false, "NOT_SUPPORTED", "products of /link/token/create in update mode"},
		{"optional products", request("access_token", itemToken, "products", nil, "optional_products", []string{"identity"}), "", false, "NOT_SUPPORTED", "optional_products"},
		{"filters alone", request("access_token", itemToken, "products", nil, "account_filters", map[string]any{"depository": map[string]any{"account_subtypes": []string{"all"}}}), "", false, "INVALID_FIELD", "account_selection_enabled"},
		{"selection alone", request("update", map[string]any{"account_selection_enabled": true}), "", false, "INVALID_FIELD", "access_token"},
		{"selection in Europe", request("user", nil, "user_id", user, "products", nil, "update", map[string]any{"item_ids": []string{"item-9"}, "account_selection_enabled": true}), "", false, "INVALID_FIELD", "United States and Canada"},
		{"token and user", request("access_token", itemToken, "user", nil, "user_id", user, "products", nil, "update", map[string]any{"user": true}), "", false, "INVALID_FIELD", "together with update.user"},
		{"nobody's", request("products", nil, "update", map[string]any{"user": true}), "", false, "INVALID_FIELD", "user_id"},
		{"two Items", request("user", nil, "user_id", user, "products", nil, "update", map[string]any{"item_ids": []string{"item-8", "item-9"}}), "", false, "NOT_SUPPORTED", "update.item_ids"},
		{"no Item", request("products", nil, "update", map[string]any{"item_ids": []string{}}), "", false, "MISSING_FIELDS", "products"},
	} {
		_, out := w.post("/link/token/create", tt.body)
		if tt.code != "" {
			if out["error_code"] != tt.code || !strings.Contains(fmt.Sprint(out["error_message"]), tt.says) {
				t.Errorf("%s: %v", tt.name, out)
			}
			continue
		}
		secret, _ := out["link_token"].(string)
		tok, err := w.tokens.ByToken(t.Context(), secret)
		if err != nil || tok.AccessTokenItemID != tt.item || tok.SelectAccounts != tt.chosen || !tok.ExpiresAt.Equal(tok.CreatedAt.Add(30*time.Minute)) {
			t.Errorf("%s: %v: %+v, %v", tt.name, out, tok, err)
		}
	}
}

func TestTokenForARegisteredUser(t *testing.T) {
	w := newTokenWorld(t, storetest.SQLite(t), "sandbox")
	_, created := w.post("/user/create", `{"client_user_id":"registered"}`)
	_, legacy := w.post("/user/create", `{"client_user_id":"legacy","with_upgraded_user":false}`)
	id, token := created["user_id"].(string), legacy["user_token"].(string)

	out := w.create(request("user", nil, "user_id", id))
	if out["user_id"] != id {
		t.Errorf("%v", out)
	}
	tok, err := w.tokens.ByToken(t.Context(), out["link_token"].(string))
	if err != nil || tok.UserID != id || tok.ClientUserID != "registered" {
		t.Errorf("%+v, %v", tok, err)
	}
	if tok := w.token(request("user_token", token)); tok.UserID != legacy["user_id"] || tok.ClientUserID != "user-id" {
		t.Errorf("%+v", tok)
	}
	if tok := w.token(request("user", nil, "user_token", token, "user_id", legacy["user_id"])); tok.ClientUserID != "legacy" {
		t.Errorf("%+v", tok)
	}
	if _, out := w.post("/link/token/create", request("user_token", token, "user_id", id)); out["error_code"] != "INVALID_USER_TOKEN" {
		t.Errorf("a token of another user: %v", out)
	}
}

// TestSeveralItems asks for Multi-Item Link with what it does not go with.
func TestSeveralItems(t *testing.T) {
	w := newTokenWorld(t, storetest.SQLite(t), "sandbox")
	_, created := w.post("/user/create", `{"client_user_id":"registered"}`)
	_, legacy := w.post("/user/create", `{"client_user_id":"legacy","with_upgraded_user":false}`)
	id := created["user_id"]
	if tok := w.token(request("user_id", id, "enable_multi_item_link", true)); !tok.MultiItem || tok.UserID != id || tok.Auth.InstantMicrodeposits || !tok.Auth.InstantMatch {
		t.Errorf("%+v", tok)
	}
	if tok := w.token(request("user_token", legacy["user_token"], "enable_multi_item_link", true)); !tok.MultiItem || tok.UserID != legacy["user_id"] {
		t.Errorf("%+v", tok)
	}
	for name, with := range map[string][]any{
		"access_token":                        {"access_token", itemToken, "products", nil},
		"auth.same_day_microdeposits_enabled": {"auth", object{"same_day_microdeposits_enabled": true}},
		"auth.instant_microdeposits_enabled":  {"auth", object{"instant_microdeposits_enabled": true}},
		"auth.database_match_enabled":         {"auth", object{"database_match_enabled": true}},
		"auth.database_insights_enabled":      {"auth", object{"database_insights_enabled": true}},
	} {
		status, out := w.post("/link/token/create", request(append(with, "user_id", id, "enable_multi_item_link", true)...))
		if message, _ := out["error_message"].(string); status != 400 || out["error_code"] != "INVALID_FIELD" || !strings.HasPrefix(message, name+" must be ") {
			t.Errorf("with %s: %d %v", name, status, out)
		}
	}
}

func TestSweep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, ctx := newTokenWorld(t, db, "sandbox"), t.Context()
		secret := func() string { return w.create(request())["link_token"].(string) }
		known := func(secret string) bool {
			status, _ := w.post("/link/token/get", `{"link_token":"`+secret+`"}`)
			return status == 200
		}
		run := func() {
			t.Helper()
			if err := w.tokens.Sweep(ctx); err != nil {
				t.Fatal(err)
			}
		}
		old := secret()
		w.clock.Advance(4*time.Hour + 23*time.Hour)
		young := secret()
		run()
		if !known(old) {
			t.Error("forgotten too early")
		}
		w.clock.Advance(90 * time.Minute)
		run()
		if known(old) {
			t.Error("still there")
		}
		if !known(young) {
			t.Error("a good token was swept away")
		}
	})
}

// TestRunSweepsByTheClock moves the clock on and waits for the sweep to follow.
func TestRunSweepsByTheClock(t *testing.T) {
	w := newTokenWorld(t, storetest.SQLite(t), "sandbox")
	w.create(request())
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		w.tokens.Run(ctx)
		close(ended)
	}()
	for n := 1; n > 0; {
		w.clock.Advance(time.Hour)
		if w.clock.Now().After(tokenStart.AddDate(1, 0, 0)) {
			t.Fatal("a year has passed and the token is still there")
		}
		if err := w.tokens.DB.QueryRow(t.Context(), `SELECT count(*) FROM link_token`).Scan(&n); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	<-ended
}

func TestSweepGoesInBatches(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, ctx := newTokenWorld(t, db, "sandbox"), t.Context()
		for range 3 {
			w.create(request())
		}
		for _, want := range []int64{0, 2, 1, 0} {
			before := clock.Millis(tokenStart.Add(tokenLife))
			if want > 0 {
				before++
			}
			err := db.Write(ctx, func(tx *store.Tx) error {
				n, err := deleteTokens(ctx, tx, before, 2)
				if n != want {
					t.Errorf("%d deleted, want %d", n, want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestNothingPersonalLeaks looks for what a client sent, and for the token, in
// every byte of the database and in the log.
func TestNothingPersonalLeaks(t *testing.T) {
	path := storetest.SQLiteFile(t)
	db, err := store.Open(t.Context(), path, store.Options{NoSync: true, NoMigrate: true})
	if err != nil {
		t.Fatal(err)
	}
	w := newTokenWorld(t, db, "sandbox")
	out := w.create(request("user", user(
		"legal_name", "Alberta Charleson", "phone_number", "+1 415 555 0123", "email_address", "accountholder0@example.com",
		"ssn", "123-22-1234", "date_of_birth", "1980-02-29",
		"address", object{"street": "2992 Cameron Road", "city": "Malakoff", "region": "NY", "postal_code": "14236", "country": "US"})))
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	seen := w.log.String()
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		seen += string(raw)
	}
	if !strings.Contains(seen, team.SandboxClientID) {
		t.Fatal("the database was not read")
	}
	for _, planted := range []string{"Wonderwallet", "Charleson", "4155550123", "415 555", "accountholder0", "123-22-1234", "1980-02-29", "Cameron", out["link_token"].(string)} {
		if strings.Contains(seen, planted) {
			t.Errorf("%s can be read", planted)
		}
	}
}

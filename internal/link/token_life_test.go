package link

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

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
		again, err := w.tokens.ByID(ctx, tok.ID)
		if err != nil || again.User != tok.User || again.ClientName != tok.ClientName || again.ClientID != team.SandboxClientID {
			t.Errorf("by id: %+v, %v", again, err)
		}
		w.clock.Set(tok.ExpiresAt.Add(-time.Millisecond))
		if _, err := w.tokens.ByToken(ctx, secret); err != nil {
			t.Errorf("just before its end: %v", err)
		}
		w.clock.Set(tok.ExpiresAt)
		if _, err := w.tokens.ByToken(ctx, secret); !errors.Is(err, plaid.InvalidLinkToken) {
			t.Errorf("at its end: %v", err)
		}
		if _, err := w.tokens.ByID(ctx, tok.ID); err != nil {
			t.Errorf("a session under way lost its token: %v", err)
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

func TestTokenIsGoodForOneItemOutsideTheSandbox(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for env, wantAfter := range map[string]bool{"sandbox": true, "production": false} {
			w, ctx := newTokenWorld(t, db, env), t.Context()
			secret := w.create(request())["link_token"].(string)
			tok, err := w.tokens.ByToken(ctx, secret)
			if err != nil {
				t.Fatal(err)
			}
			err = db.Write(ctx, func(tx *store.Tx) error { return w.tokens.Use(ctx, tx, tok.ID) })
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.tokens.ByToken(ctx, secret); (err == nil) != wantAfter {
				t.Errorf("%s: after a success %v", env, err)
			}
			err = db.Write(ctx, func(tx *store.Tx) error { return w.tokens.Invalidate(ctx, tx, tok.ID) })
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.tokens.ByToken(ctx, secret); !errors.Is(err, plaid.InvalidLinkToken) {
				t.Errorf("%s: after too many wrong credentials %v", env, err)
			}
		}
	})
}

func TestUpdateModeToken(t *testing.T) {
	w := newTokenWorld(t, storetest.SQLite(t), "sandbox", func(c *TokensConfig) { c.UpdateMode = true })
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

func TestSweep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, ctx := newTokenWorld(t, db, "sandbox"), t.Context()
		for range 2 { // a second start adds no second job
			if err := w.tokens.Start(ctx); err != nil {
				t.Fatal(err)
			}
		}
		old := w.token(request())
		w.clock.Advance(4*time.Hour + 23*time.Hour)
		young := w.token(request())
		run := func() {
			t.Helper()
			if n, err := w.scheduler.RunDue(ctx); err != nil || n != 1 {
				t.Fatalf("%d jobs, %v", n, err)
			}
		}
		run()
		if _, err := w.tokens.ByID(ctx, old.ID); err != nil {
			t.Errorf("forgotten too early: %v", err)
		}
		w.clock.Advance(90 * time.Minute)
		run()
		if _, err := w.tokens.ByID(ctx, old.ID); !errors.Is(err, store.ErrNoRows) {
			t.Errorf("still there: %v", err)
		}
		if _, err := w.tokens.ByID(ctx, young.ID); err != nil {
			t.Errorf("a good token was swept away: %v", err)
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
	if !strings.Contains(seen, "Wonderwallet") {
		t.Fatal("the database was not read")
	}
	for _, planted := range []string{"Charleson", "4155550123", "415 555", "accountholder0", "123-22-1234", "1980-02-29", "Cameron", out["link_token"].(string)} {
		if strings.Contains(seen, planted) {
			t.Errorf("%s can be read", planted)
		}
	}
}

package link

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

const publicURL = "https://link.example"

func withPages(c *TokensConfig) { c.PublicURL = publicURL + "/" }

// TestHostedLinkURL is about the page's address: it opens the token, lives as
// long, and is forgotten with it.
func TestHostedLinkURL(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, ctx := newTokenWorld(t, db, "sandbox", withPages), t.Context()
		if _, has := w.create(request())["hosted_link_url"]; has {
			t.Error("a token without hosted_link has a page")
		}
		out := w.create(request("hosted_link", object{"completion_redirect_uri": "wonderwallet://done", "is_mobile_app": true}))
		address := out["hosted_link_url"].(string)
		id, ok := strings.CutPrefix(address, publicURL+HostedPath)
		if !ok || len(id) != 48 || strings.Contains(out["link_token"].(string), id) {
			t.Fatalf("%v", out)
		}
		if out["expiration"] != "2026-03-07T12:30:00Z" {
			t.Errorf("expires %v, want after half an hour", out["expiration"])
		}
		page, err := w.tokens.ByHosted(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		if tok, err := w.tokens.ByToken(ctx, out["link_token"].(string)); err != nil || tok.ID != page.ID || *tok.Hosted != *page.Hosted {
			t.Errorf("the page opens %+v, the token %+v, %v", page, tok, err)
		}
		if want := (Hosted{ID: id, CompletionURI: "wonderwallet://done", MobileApp: true}); *page.Hosted != want || page.ClientName != "Wonderwallet" {
			t.Errorf("%+v, want %+v", page.Hosted, want)
		}
		for _, other := range []string{"", "x", strings.ToUpper(id) + "x", out["link_token"].(string), w.tokens.Vault.Index(hostedIndex, id)} {
			if _, err := w.tokens.ByHosted(ctx, other); !errors.Is(err, plaid.InvalidLinkToken) {
				t.Errorf("%q: %v", other, err)
			}
		}
		if _, err := w.tokens.ByToken(ctx, id); !errors.Is(err, plaid.InvalidLinkToken) {
			t.Errorf("the page's secret as a link token: %v", err)
		}

		w.clock.Advance(time.Hour)
		if page, err = w.tokens.ByHosted(ctx, id); err != nil || w.clock.Now().Before(page.ExpiresAt) {
			t.Errorf("an expired page: %+v, %v", page, err)
		}
		w.clock.Advance(keepExpired)
		if err := w.tokens.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		var left int
		if err := db.QueryRow(ctx, `SELECT COUNT(*) FROM link_hosted`).Scan(&left); err != nil || left != 0 {
			t.Errorf("%d pages left of swept tokens, %v", left, err)
		}
	})
}

func TestHostedLifetimes(t *testing.T) {
	w := newTokenWorld(t, storetest.SQLite(t), "sandbox", withPages)
	update := func(more object) string {
		return request("access_token", itemToken, "products", nil, "hosted_link", more)
	}
	for _, test := range []struct {
		body string
		want time.Duration
	}{
		{request("hosted_link", object{}), 30 * time.Minute},
		{request("hosted_link", object{"delivery_method": "sms"}), 30 * time.Minute}, // ignored in the sandbox
		{request("hosted_link", object{"delivery_method": "email"}), 30 * time.Minute},
		{request("hosted_link", object{"url_lifetime_seconds": 1}), time.Second},
		{request("hosted_link", object{"url_lifetime_seconds": 21 * 24 * 3600}), 21 * 24 * time.Hour},
		{update(object{}), 30 * time.Minute},
		{update(object{"url_lifetime_seconds": 3600}), 30 * time.Minute},
		{update(object{"url_lifetime_seconds": 60}), time.Minute},
	} {
		if got, want := w.create(test.body)["expiration"], tokenStart.Add(test.want).Format(time.RFC3339); got != want {
			t.Errorf("%s: expires %v, want %v", test.body, got, want)
		}
	}
}

func TestHostedInProduction(t *testing.T) {
	w := newTokenWorld(t, storetest.SQLite(t), "production", withPages)
	if _, out := w.post("/link/token/create", request("hosted_link", object{"delivery_method": "sms"})); out["error_code"] != "NOT_SUPPORTED" || !strings.Contains(out["error_message"].(string), "hosted_link.delivery_method") {
		t.Errorf("a delivery that does not happen: %v", out)
	}
	out := w.create(request("access_token", nil, "hosted_link", object{"url_lifetime_seconds": 3600}))
	if out["expiration"] != "2026-03-07T13:00:00Z" {
		t.Errorf("%v", out)
	}
}

func TestCompletionRedirectURI(t *testing.T) {
	w := newTokenWorld(t, storetest.SQLite(t), "sandbox", withPages)
	for uri, good := range map[string]bool{
		"https://wonderwallet.com/linked":                     true,
		"https://wonderwallet.com/linked?from=bank&x=%20#end": true,
		"http://localhost:3000/done":                          true,
		"wonderwallet://hosted-link-complete":                 true,
		"com.wonderwallet.app:/done":                          true,
		"intent://done#Intent;scheme=wonderwallet;end":        true,
		"":                                      false,
		"done":                                  false,
		"/done":                                 false,
		"//wonderwallet.com/done":               false,
		"https:":                                false,
		"https:///done":                         false,
		"wonderwallet:":                         false,
		"javascript:alert(1)":                   false,
		"JavaScript:alert(1)":                   false,
		"java\tscript:alert(1)":                 false,
		" javascript:alert(1)":                  false,
		"data:text/html,x":                      false,
		"vbscript:x":                            false,
		"blob:https://wonderwallet.com/1":       false,
		"file:///etc/passwd":                    false,
		"about:blank":                           false,
		"view-source:https://wonderwallet.com":  false,
		"filesystem:https://wonderwallet.com/t": false,
		"https://wonderwallet.com/a\nb":         false,
		"https://wonderwallet.com/" + strings.Repeat("x", 2000): false,
	} {
		status, out := w.post("/link/token/create", request("hosted_link", object{"completion_redirect_uri": uri}))
		if (status == 200) != good {
			t.Errorf("%q: %d %v", uri, status, out)
		}
		if !good && (out["error_code"] != "INVALID_FIELD" || !strings.Contains(out["error_message"].(string), "hosted_link.completion_redirect_uri")) {
			t.Errorf("%q: %v", uri, out)
		}
	}
}

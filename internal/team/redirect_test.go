package team

import (
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

const notAllowed = "OAuth redirect URI must be configured in the developer dashboard. See https://plaid.com/docs/#oauth-redirect-uris"

func message(err error) string {
	if err == nil {
		return ""
	}
	_, text, _ := strings.Cut(err.Error(), ": ")
	return text
}

func TestCheckRedirectInTheSandbox(t *testing.T) {
	w := sandbox(t, storetest.SQLite(t))
	c, err := w.teams.Client(t.Context(), SandboxClientID)
	if err != nil {
		t.Fatal(err)
	}
	for uri, want := range map[string]string{
		"https://domainname.com/oauth-page.html":        "",
		"http://localhost:3000/oauth.html":              "",
		"http://localhost/":                             "",
		"https://localhost:3000":                        "",
		"http://127.0.0.1:8080/oauth-link":              "",
		"http://[::1]:8080/oauth-link":                  "",
		"https://app.configured.example/oauth.html":     "",
		"https://a.b-2.configured.example/oauth.html":   "",
		"https://A.Configured.Example/oauth.html":       "",
		"https://configured.example/oauth.html":         notAllowed,
		"https://.configured.example/oauth.html":        notAllowed,
		"https://evilconfigured.example/oauth.html":     notAllowed,
		"http://app.configured.example/oauth.html":      notAllowed,
		"https://app.configured.example/oauth.html/x":   notAllowed,
		"https://app.configured.example:444/oauth.html": notAllowed,
		"https://*.configured.example/oauth.html":       notAllowed,
		"https://domainname.com/oauth-page.html/":       notAllowed,
		"https://domainname.com/":                       notAllowed,
		"https://www.domainname.com/oauth-page.html":    notAllowed,
		"https://localhost.evil.example/":               notAllowed,
		"https://evil.example/#@localhost":              "redirect_uri must not contain a fragment",
		"https://domainname.com/oauth-page.html?x=1":    "redirect_uri must not contain any query parameters",
		"https://domainname.com/oauth-page.html?":       "redirect_uri must not contain any query parameters",
		"http://localhost:3000/oauth.html?state=1":      "redirect_uri must not contain any query parameters",
		"http://localhost:3000/oauth.html#":             "redirect_uri must not contain a fragment",
		"https://user@localhost/":                       "redirect_uri must be a valid URI",
		"wonderwallet://oauth":                          "redirect_uri must be a valid URI",
		"javascript:alert(1)":                           "redirect_uri must be a valid URI",
		"/oauth-page.html":                              "redirect_uri must be a valid URI",
		"https://":                                      "redirect_uri must be a valid URI",
		"https://a b/":                                  "redirect_uri must be a valid URI",
		"http://[::1/":                                  "redirect_uri must be a valid URI",
		"":                                              notAllowed,
	} {
		if got := message(w.teams.CheckRedirect(c, uri)); got != want {
			t.Errorf("%q: %q, want %q", uri, got, want)
		}
	}
}

func TestCheckRedirectInProduction(t *testing.T) {
	w := open(t, storetest.SQLite(t), "production")
	err := w.teams.Ensure(t.Context(), Spec{ClientID: "c", Secret: "s", RedirectURIs: []string{"https://shop.example/back", "http://old.example/back"}})
	if err != nil {
		t.Fatal(err)
	}
	c, err := w.teams.Client(t.Context(), "c")
	if err != nil {
		t.Fatal(err)
	}
	for uri, want := range map[string]string{
		"https://shop.example/back":              "",
		"https://domainname.com/oauth-page.html": notAllowed,
		"https://localhost/":                     notAllowed,
		"http://localhost/":                      "redirect_uri must be an https URI",
		"http://old.example/back":                "redirect_uri must be an https URI",
	} {
		if got := message(w.teams.CheckRedirect(c, uri)); got != want {
			t.Errorf("%q: %q, want %q", uri, got, want)
		}
	}
	if got := strings.Join(w.teams.Origins(c), " "); got != "http://old.example https://shop.example https://*.configured.example" {
		t.Errorf("origins: %s", got)
	}
}

func TestRedirectEntries(t *testing.T) {
	for entry, want := range map[string]bool{
		"https://shop.example/back":     true,
		"https://*.shop.example/back":   true,
		"http://localhost:3000":         true,
		"https://*/back":                false,
		"https://a.*.example/back":      false,
		"https://shop.example/*":        false,
		"https://shop.example/back?x=1": false,
		"https://shop.example/a b":      false,
		"https://shop.example; script":  false,
		"shop.example":                  false,
		"ftp://shop.example/":           false,
		"":                              false,
	} {
		if got := RedirectEntryOK(entry); got != want {
			t.Errorf("RedirectEntryOK(%q) = %t, want %t", entry, got, want)
		}
	}
	db := storetest.SQLite(t)
	if _, err := New(db, nil, nil, "sandbox", []string{"shop.example"}); err == nil {
		t.Error("a wrong entry of the configuration was accepted")
	}
}

package dashboard

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/team"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

const (
	ownID     = "5f1c0e7a9b3d2c4e6f8a0b1d"
	ownSecret = "a secret that only this test has"
)

// house is a dashboard on one database, and a browser that keeps its cookie.
type house struct {
	*testing.T
	clock  *clock.Clock
	teams  *team.Teams
	log    strings.Builder
	url    string
	h      http.Handler
	config Config
	cookie *http.Cookie
	from   string // the address that requests come from
}

func open(t *testing.T, db *store.DB, env, publicURL string, login bool) *house {
	t.Helper()
	ctx := context.Background()
	w := &house{T: t, clock: clock.Manual(time.Date(2026, 3, 7, 12, 0, 0, 0, time.UTC)), url: publicURL, from: "192.0.2.1:1000"}
	v, err := vault.Open(ctx, db, vault.SandboxKEK(), w.clock)
	if err != nil {
		t.Fatal(err)
	}
	if w.teams, err = team.New(db, v, w.clock, env, nil); err != nil {
		t.Fatal(err)
	}
	c := Config{
		DB: db, Vault: v, Clock: w.clock, IDs: clock.NewIDs(7, 1), Log: slog.New(slog.NewTextHandler(&w.log, nil)), Teams: w.teams,
		Sandbox: env == "sandbox", PublicURL: publicURL, Login: login, ClientID: ownID,
		Numbers: func(context.Context, string) (Numbers, error) {
			return Numbers{Sessions: 12, Succeeded: 9, Exited: 2, Open: 1}, nil
		},
	}
	if env == "sandbox" {
		c.Secret = ownSecret
		err = w.teams.EnsureSandbox(ctx, ownID, ownSecret)
	} else {
		err = w.teams.Ensure(ctx, team.Spec{ClientID: ownID, Secret: ownSecret, Name: "Wonderwallet"})
	}
	if err != nil {
		t.Fatal(err)
	}
	w.config = c
	w.h = Handler(c)
	return w
}

// ask sends a request as a browser would, with headers changed.
func (w *house) ask(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	w.Helper()
	r := httptest.NewRequest(method, w.url+path, strings.NewReader(body))
	r.RemoteAddr = w.from
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if w.cookie != nil {
		r.AddCookie(&http.Cookie{Name: w.cookie.Name, Value: w.cookie.Value})
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		} else {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	rec := httptest.NewRecorder()
	w.h.ServeHTTP(rec, r)
	for _, c := range rec.Result().Cookies() {
		w.cookie = c
	}
	return rec
}

var tokenField = regexp.MustCompile(`name="token" value="([0-9a-f]{64})"`)

// post sends the form of a page, with the token that the page has.
func (w *house) post(page string, fields url.Values, headers ...string) *httptest.ResponseRecorder {
	w.Helper()
	found := tokenField.FindStringSubmatch(w.ask("GET", page, "").Body.String())
	if found == nil {
		w.Fatalf("%s has no form", page)
	}
	fields.Set("token", found[1])
	return w.ask("POST", page, fields.Encode(), headers...)
}

func (w *house) signIn(secret string) *httptest.ResponseRecorder {
	w.Helper()
	return w.post("/dashboard/sign-in", url.Values{"client_id": {ownID}, "secret": {secret}})
}

func (w *house) client() *team.Client {
	w.Helper()
	c, err := w.teams.Client(context.Background(), ownID)
	if err != nil {
		w.Fatal(err)
	}
	return c
}

// on reports whether the request is led to the sign-in.
func (w *house) out() bool {
	w.Helper()
	rec := w.ask("GET", "/dashboard/keys", "")
	return rec.Code == http.StatusSeeOther && rec.Header().Get("Location") == "/dashboard/sign-in"
}

func TestSignIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, "production", "https://bank.example", true)
		for _, path := range []string{"", "/keys", "/integrations", "/profile", "/customization", "/redirects"} {
			if rec := w.ask("GET", "/dashboard"+path, ""); rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != "/dashboard/sign-in" || rec.Body.Len() > 100 {
				t.Errorf("%s to a stranger: %d", path, rec.Code)
			}
		}
		if rec := w.ask("POST", "/dashboard/integrations", "processor=alloy&switch=on"); rec.Code != http.StatusSeeOther || w.client().IntegrationOn("alloy") {
			t.Errorf("a stranger switches a partner: %d", rec.Code)
		}
		if rec := w.signIn("wrong"); rec.Code != http.StatusUnauthorized || w.cookie != nil || strings.Contains(rec.Body.String(), "wrong\"") && strings.Contains(rec.Body.String(), `value="wrong"`) {
			t.Errorf("a wrong secret: %d, cookie %v", rec.Code, w.cookie)
		}
		if rec := w.post("/dashboard/sign-in", url.Values{"client_id": {"\xff\x00"}, "secret": {"\xff\x00"}}); rec.Code != http.StatusUnauthorized {
			t.Errorf("keys that are no text: %d", rec.Code)
		}
		rec := w.signIn(ownSecret)
		if rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != "/dashboard" || w.cookie == nil {
			t.Fatalf("the right keys: %d %s", rec.Code, rec.Body)
		}
		if c := w.cookie; !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/dashboard" || len(c.Value) != 64 {
			t.Errorf("cookie %+v", c)
		}
		if page := w.ask("GET", "/dashboard", "").Body.String(); !strings.Contains(page, "Signed in as <code>"+ownID) || strings.Contains(page, ownSecret) {
			t.Error("the overview does not say who is signed in")
		}
		if rec := w.ask("GET", "/dashboard/sign-in", ""); rec.Code != http.StatusSeeOther {
			t.Errorf("the sign-in page once signed in: %d", rec.Code)
		}
		kept := *w.cookie
		if rec := w.post("/dashboard/profile", url.Values{"display_name": {"Wonderwallet"}}); rec.Code != http.StatusSeeOther || w.client().Profile.DisplayName != "Wonderwallet" {
			t.Errorf("a form: %d", rec.Code)
		}
		token := tokenField.FindStringSubmatch(w.ask("GET", "/dashboard", "").Body.String())[1]
		if rec := w.ask("POST", "/dashboard/sign-out", "token="+token); rec.Code != http.StatusSeeOther || w.cookie.MaxAge >= 0 {
			t.Errorf("sign-out: %d %+v", rec.Code, w.cookie)
		}
		if w.cookie = &kept; !w.out() {
			t.Error("the cookie goes on to work after the sign-out")
		}
		if strings.Contains(w.log.String(), "wrong\n") || strings.Contains(w.log.String(), ownSecret) {
			t.Errorf("the log has a secret: %s", w.log.String())
		}
	})
}

func TestSessionsEnd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, "production", "https://bank.example", true)
		w.signIn(ownSecret)
		for range 11 { // used now and then, for eleven hours
			w.clock.Advance(59 * time.Minute)
			if w.out() {
				t.Fatal("a session that is used ends")
			}
		}
		w.clock.Advance(sessionIdle)
		if !w.out() {
			t.Error("a session that nobody used for an hour goes on")
		}
		w.signIn(ownSecret)
		for range 14 {
			w.clock.Advance(50 * time.Minute)
			w.ask("GET", "/dashboard/keys", "")
		}
		w.clock.Advance(20 * time.Minute)
		if !w.out() {
			t.Error("a session goes on after twelve hours")
		}
		w.signIn(ownSecret)
		if w.out() {
			t.Fatal("not signed in")
		}
		if err := w.teams.Ensure(t.Context(), team.Spec{ClientID: ownID, Secret: "another secret of theirs", Name: "Wonderwallet"}); err != nil {
			t.Fatal(err)
		}
		if !w.out() {
			t.Error("a session outlives the secret that it began with")
		}
		var rows int
		if err := db.QueryRow(t.Context(), `SELECT COUNT(*) FROM dashboard_session`).Scan(&rows); err != nil || rows > 2 {
			t.Errorf("%d sessions are kept, %v", rows, err)
		}
	})
}

func TestAttemptsAreBounded(t *testing.T) {
	w := open(t, storetest.SQLite(t), "production", "https://bank.example", true)
	for range freeTries {
		if rec := w.signIn("wrong"); rec.Code != http.StatusUnauthorized {
			t.Fatalf("a wrong secret: %d", rec.Code)
		}
	}
	if rec := w.signIn(ownSecret); rec.Code != http.StatusTooManyRequests || rec.Header().Get("Retry-After") == "" || w.cookie != nil {
		t.Errorf("one more: %d", rec.Code)
	}
	w.clock.Advance(waitTries)
	if rec := w.signIn("wrong"); rec.Code != http.StatusUnauthorized {
		t.Errorf("a minute later: %d", rec.Code)
	}
	if rec := w.signIn("wrong"); rec.Code != http.StatusTooManyRequests {
		t.Errorf("and at once again: %d", rec.Code)
	}
	w.from = "192.0.2.2:1000"
	if rec := w.signIn(ownSecret); rec.Code != http.StatusSeeOther {
		t.Errorf("from elsewhere: %d", rec.Code)
	}
	w.cookie, w.from = nil, "192.0.2.1:2000"
	w.clock.Advance(forgetTries)
	for range 2 {
		if rec := w.signIn("wrong"); rec.Code != http.StatusUnauthorized {
			t.Errorf("after a quarter of an hour: %d", rec.Code)
		}
	}
	var a attempts
	for i := range 2*maxAddresses + 5 {
		a.failed(fmt.Sprint(i), w.clock.Now())
	}
	if len(a.from) > maxAddresses {
		t.Errorf("%d addresses are remembered", len(a.from))
	}
}

func TestNoKeysOverHTTP(t *testing.T) {
	w := open(t, storetest.SQLite(t), "production", "http://bank.example", true)
	if rec := w.signIn(ownSecret); rec.Code != http.StatusForbidden || w.cookie != nil || !strings.Contains(rec.Body.String(), "--public-url https://") {
		t.Errorf("production over http: %d", rec.Code)
	}
	for _, c := range []struct{ env, url string }{{"production", "http://localhost:8484"}, {"sandbox", "http://bank.example"}} {
		w := open(t, storetest.SQLite(t), c.env, c.url, true)
		if rec := w.signIn(ownSecret); rec.Code != http.StatusSeeOther || w.cookie == nil || w.cookie.Secure || !w.cookie.HttpOnly {
			t.Errorf("%s at %s: %d, %+v", c.env, c.url, rec.Code, w.cookie)
		}
	}
}

func TestFormsOfOthersAreRefused(t *testing.T) {
	w := open(t, storetest.SQLite(t), "sandbox", "http://localhost:8484", false)
	off := url.Values{"processor": {"alloy"}, "switch": {"off"}}
	still := func(what string, rec *httptest.ResponseRecorder, want int) {
		t.Helper()
		if rec.Code != want || !w.client().IntegrationOn("alloy") {
			t.Errorf("%s: %d, want %d; alloy on %t", what, rec.Code, want, w.client().IntegrationOn("alloy"))
		}
	}
	still("another site", w.post("/dashboard/integrations", off, "Sec-Fetch-Site", "cross-site"), http.StatusForbidden)
	still("another port", w.post("/dashboard/integrations", off, "Sec-Fetch-Site", "same-site"), http.StatusForbidden)
	still("another origin", w.post("/dashboard/integrations", off, "Sec-Fetch-Site", "", "Origin", "https://evil.example"), http.StatusForbidden)
	still("without a token", w.ask("POST", "/dashboard/integrations", "processor=alloy&switch=off"), http.StatusForbidden)
	still("a token that is none", w.ask("POST", "/dashboard/integrations", "processor=alloy&switch=off&token="+strings.Repeat("0", 64)), http.StatusForbidden)
	still("no partner", w.post("/dashboard/integrations", url.Values{"processor": {"nobody"}, "switch": {"off"}}), http.StatusBadRequest)
	still("no switch", w.post("/dashboard/integrations", url.Values{"processor": {"alloy"}}), http.StatusBadRequest)
	still("a large form", w.post("/dashboard/integrations", url.Values{"processor": {strings.Repeat("a", maxForm)}}), http.StatusBadRequest)
	for _, host := range []string{"evil.example", "localhost.evil.example:8484", "10.0.0.1:8484", ""} {
		if rec := w.ask("GET", "/dashboard/keys", "", "Host", host); rec.Code != http.StatusMisdirectedRequest || strings.Contains(rec.Body.String(), ownID) {
			t.Errorf("a page for the name %q: %d", host, rec.Code)
		}
	}
	for _, host := range []string{"localhost:8484", "127.0.0.1:9999", "[::1]:8484", "LOCALHOST"} {
		if rec := w.ask("GET", "/dashboard/keys", "", "Host", host); rec.Code != http.StatusOK {
			t.Errorf("a page for the name %q: %d", host, rec.Code)
		}
	}
	rec := w.post("/dashboard/integrations", off)
	if rec.Code != http.StatusSeeOther || w.client().IntegrationOn("alloy") || rec.Header().Get("Location") != "/dashboard/integrations?done=alloy#partner-alloy" {
		t.Errorf("our own form: %d %s", rec.Code, rec.Header().Get("Location"))
	}
}

func TestPagesCannotBeFramed(t *testing.T) {
	w := open(t, storetest.SQLite(t), "sandbox", "http://localhost:8484", false)
	for _, path := range []string{"/dashboard", "/dashboard/keys", "/dashboard/integrations", "/dashboard/profile", "/dashboard/customization", "/dashboard/redirects", "/dashboard/none"} {
		rec := w.ask("GET", path, "")
		h, body := rec.Header(), rec.Body.String()
		if !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") || strings.Contains(h.Get("Content-Security-Policy"), "unsafe") ||
			h.Get("X-Frame-Options") != "DENY" || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", path, h)
		}
		if strings.Contains(body, " style=") || strings.Contains(body, "<style") || strings.Contains(body, " onclick") || strings.Contains(body, ownSecret) || strings.Contains(body, "<no value>") {
			t.Errorf("%s has what it must not have", path)
		}
	}
	if rec := w.ask("GET", "/dashboard/sign-in", ""); rec.Code != http.StatusNotFound {
		t.Errorf("a sign-in that nobody needs: %d", rec.Code)
	}
	if rec := w.ask("GET", "/dashboard/", ""); rec.Code != http.StatusMovedPermanently {
		t.Errorf("/dashboard/: %d", rec.Code)
	}
}

func TestSecretIsShownOnAPress(t *testing.T) {
	w := open(t, storetest.SQLite(t), "sandbox", "http://localhost:8484", false)
	if rec := w.post("/dashboard/keys", url.Values{}); rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), ownSecret) {
		t.Errorf("%d", rec.Code)
	}
	w = open(t, storetest.SQLite(t), "production", "https://bank.example", true)
	w.signIn(ownSecret)
	page := w.ask("GET", "/dashboard/keys", "").Body.String()
	if strings.Contains(page, "Show the secret") || !strings.Contains(page, "cannot be shown") {
		t.Error("production offers to show a secret")
	}
	token := tokenField.FindStringSubmatch(page)[1]
	if rec := w.ask("POST", "/dashboard/keys", "token="+token); strings.Contains(rec.Body.String(), ownSecret) {
		t.Error("production shows a secret")
	}
	if rec := w.ask("POST", "/dashboard", "enforce=no&token="+token); rec.Code == http.StatusSeeOther || !w.client().Enforced {
		t.Errorf("production only warns: %d", rec.Code)
	}
}

func TestChangesArePublished(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, "production", "https://bank.example", true)
		w.signIn(ownSecret)
		if rec := w.post("/dashboard/customization", url.Values{"name": {"default"}, "use_case": {"Verify your account", "Fund your account"}}); rec.Code != http.StatusSeeOther {
			t.Errorf("publish: %d", rec.Code)
		}
		if c, _ := w.client().Customization("default", "en", []string{"US"}); len(c.UseCases) != 2 {
			t.Errorf("%v", c.UseCases)
		}
		for _, f := range []url.Values{
			{"name": {"default"}, "use_case": {"Sell it"}}, {"name": {"nowhere"}, "use_case": {"Fund your account"}},
			{"name": {"default"}, "use_case": team.UseCases[:4]}, {"name": {"\x00"}},
		} {
			if rec := w.post("/dashboard/customization", f); rec.Code < 400 || rec.Code >= 500 {
				t.Errorf("%v: %d", f, rec.Code)
			}
		}
		if rec := w.ask("GET", "/dashboard/customization?name=%00", ""); rec.Code != http.StatusNotFound {
			t.Errorf("no such customization: %d", rec.Code)
		}
		for uri, want := range map[string]int{
			"https://a.example/back": http.StatusSeeOther, "http://a.example/back": http.StatusUnprocessableEntity, "https://a.example/\x00": http.StatusUnprocessableEntity,
		} {
			if rec := w.post("/dashboard/redirects", url.Values{"uri": {uri}, "do": {"add"}}); rec.Code != want {
				t.Errorf("%q: %d, want %d", uri, rec.Code, want)
			}
		}
		for _, uri := range []string{"https://a.example/back", "\x00", "https://never.example"} {
			if rec := w.post("/dashboard/redirects", url.Values{"uri": {uri}, "do": {"remove"}}); rec.Code != http.StatusSeeOther {
				t.Errorf("remove %q: %d", uri, rec.Code)
			}
		}
		if uris := w.client().RedirectURIs; uris != nil {
			t.Errorf("%v", uris)
		}
		rec := w.post("/dashboard/profile", url.Values{"display_name": {"<script>"}, "city": {"\x00"}, "country_code": {"us"}})
		if body := rec.Body.String(); rec.Code != http.StatusUnprocessableEntity || strings.Contains(body, "<script>\"") || !strings.Contains(body, `href="#display_name"`) || !strings.Contains(body, `id="city-err"`) || strings.Contains(body, `id="country_code-err"`) {
			t.Errorf("%d %s", rec.Code, body)
		}
	})
}

func TestWhatHasBecomeOfAPartner(t *testing.T) {
	w := open(t, storetest.SQLite(t), "sandbox", "http://localhost:8484", false)
	for _, c := range []struct{ processor, to, want string }{
		{"dwolla", "off", "Dwolla is off."},
		{"dwolla", "on", "Dwolla is on. /processor/token/create takes processor dwolla."},
		{"stripe", "on", "/processor/stripe/bank_account_token/create makes tokens."},
		{"alloy", "on", "/processor/token/create takes processor alloy."},
	} {
		rec := w.post("/dashboard/integrations", url.Values{"processor": {c.processor}, "switch": {c.to}, "q": {"a&b"}})
		back, _, _ := strings.Cut(rec.Header().Get("Location"), "#")
		if page := w.ask("GET", back, "").Body.String(); !strings.Contains(back, "q=a%26b") || !strings.Contains(page, c.want) {
			t.Errorf("%s %s: %s does not say %q", c.processor, c.to, back, c.want)
		}
	}
	if rec := w.post("/dashboard", url.Values{"enforce": {"yes"}}); rec.Code != http.StatusSeeOther || !w.client().Enforced {
		t.Errorf("enforce: %d", rec.Code)
	}
	if page := w.ask("GET", "/dashboard/integrations?done=alloy", "").Body.String(); !strings.Contains(page, "Alloy is on. It works as soon as the application profile is complete.") {
		t.Error("Alloy without a profile, enforced")
	}
}

package sandbank

import (
	"database/sql"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/web"
)

// TestAuthorizeRefuses follows RFC 6749 section 4.1.2.1: where the program or its
// address is in doubt nobody is sent anywhere.
func TestAuthorizeRefuses(t *testing.T) {
	b := serveBank(t, storetest.SQLite(t))
	address := func(institutionID string, change url.Values) string {
		q := b.authorizeQuery()
		maps.Copy(q, change)
		return b.url + "/bank/" + institutionID + "/authorize?" + q.Encode()
	}
	for _, tt := range []struct {
		institution string
		change      url.Values
		status      int
	}{
		{"ins_115594", nil, http.StatusNotFound},
		{"ins_109508", nil, http.StatusNotFound}, // takes passwords in Link
		{"ins_132361", nil, http.StatusServiceUnavailable},
		{oauthBank, url.Values{"client_id": {"someone"}}, http.StatusBadRequest},
		{oauthBank, url.Values{"client_id": {"glencheck", "glencheck"}}, http.StatusBadRequest},
		{oauthBank, url.Values{"redirect_uri": {"https://elsewhere.example/"}}, http.StatusBadRequest},
		{oauthBank, url.Values{"redirect_uri": {b.back, "https://elsewhere.example/"}}, http.StatusBadRequest},
		{oauthBank, url.Values{"redirect_uri": nil}, http.StatusBadRequest},
	} {
		if p := b.open(address(tt.institution, tt.change)); p.status != tt.status || p.location != nil {
			t.Errorf("%s %v: %d %v", tt.institution, tt.change, p.status, p.location)
		}
	}
	for _, tt := range []struct {
		change url.Values
		want   string
	}{
		{url.Values{"response_type": nil}, "invalid_request"},
		{url.Values{"response_type": {"token"}}, "unsupported_response_type"},
		{url.Values{"state": nil}, "invalid_request"},
		{url.Values{"state": {strings.Repeat("s", maxState+1)}}, "invalid_request"},
		{url.Values{"code_challenge": nil}, "invalid_request"},
		{url.Values{"code_challenge": {"short"}}, "invalid_request"},
		{url.Values{"code_challenge_method": {"plain"}}, "invalid_request"},
		{url.Values{"code_challenge_method": nil}, "invalid_request"},
		{url.Values{"scope": {"a", "b"}}, "invalid_request"},
	} {
		answers := b.answers(b.open(address(oauthBank, tt.change)))
		if answers["error"] != tt.want || answers["error_description"] == "" || answers["code"] != "" {
			t.Errorf("%.80v: %v, want %s", tt.change, answers, tt.want)
		}
		if !tt.change.Has("state") && answers["state"] != "abc" {
			t.Errorf("%v: the state became %q", tt.change, answers["state"])
		}
	}
	if p := b.open(address(oauthBank, nil) + "&%zz"); p.status != http.StatusBadRequest {
		t.Errorf("a query that cannot be read: %d", p.status)
	}
}

// TestDecidingTwice: the first decision counts, and a second press of the button
// leads to the same place until the program has what it came for.
func TestDecidingTwice(t *testing.T) {
	b := serveBank(t, storetest.SQLite(t))
	ch := b.begin(oauthBank)
	page := b.signIn(ch, "", "")
	first := b.answers(b.press(page, "allow", nil))
	for _, button := range []string{"allow", "deny", "select-all"} {
		if again := b.answers(b.press(page, button, nil)); !maps.Equal(first, again) {
			t.Errorf("%s afterwards leads elsewhere", button)
		}
	}
	b.grantFor(ch, first)
	if p := b.press(page, "allow", nil); p.status != http.StatusGone || !strings.Contains(p.html, "You have answered") {
		t.Errorf("%d %s", p.status, p.html)
	}
	page = b.signIn(b.begin(oauthBank), "", "")
	no := b.answers(b.press(page, "deny", nil))
	if again := b.answers(b.press(page, "allow", nil)); !maps.Equal(no, again) || no["code"] != "" {
		t.Error("a no became a yes")
	}
	// Two nodes at once: both read an undecided row.
	page = b.signIn(b.begin(oauthBank), "", "")
	a, err := b.authorization(t.Context(), oauthBank, page.fields(formOf(page, "allow")).Get("handle"))
	if err != nil {
		t.Fatal(err)
	}
	yes, err := b.Bank.grant(t.Context(), a, nil)
	if err != nil {
		t.Fatal(err)
	}
	if late, err := b.Bank.deny(t.Context(), a); err != nil || late != yes {
		t.Errorf("%s, %v", late, err)
	}
}

func TestPickingAccounts(t *testing.T) {
	b := serveBank(t, storetest.SQLite(t))
	page := b.signIn(b.begin(oauthBank), "", "")
	form := func(p screen) int { e, _ := p.find("allow"); return e.form }
	none := b.press(page, "select-none", nil)
	if n := len(none.fields(form(none))["account"]); n != 0 || none.status != http.StatusOK {
		t.Errorf("%d ticks, %d", n, none.status)
	}
	all := b.press(none, "select-all", nil)
	if n := len(all.fields(form(all))["account"]); n != 14 {
		t.Errorf("%d ticks", n)
	}
	for _, refs := range [][]string{nil, {"no such account"}} {
		p := b.press(page, "allow", url.Values{"account": refs})
		if first, _ := p.find("account-0"); p.status != http.StatusUnprocessableEntity || !strings.Contains(p.html, `role="alert">Tick at least one account`) || !has(first, "autofocus") {
			t.Errorf("%v: %d %s", refs, p.status, p.html)
		}
		if p = b.press(p, "select-all", nil); p.status != http.StatusOK {
			t.Errorf("afterwards: %d", p.status)
		}
	}
}

func has(e element, attr string) bool {
	_, ok := e.attr[attr]
	return ok
}

// TestForgedForms: what did not come from the bank's own page, in the hands of
// the person it was made for, decides nothing.
func TestForgedForms(t *testing.T) {
	b := serveBank(t, storetest.SQLite(t))
	first := b.open(b.begin(oauthBank).URL)
	page := b.signIn(b.begin(oauthBank), "", "")
	for _, header := range [][]string{
		{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://elsewhere.example"}, {"Origin", "null"},
	} {
		for button, p := range map[string]screen{"sign-in": first, "allow": page} {
			if got := b.press(p, button, nil, header...); got.status != http.StatusForbidden {
				t.Errorf("%v: %s answers %d", header, button, got.status)
			}
		}
	}
	for _, header := range [][]string{{"Sec-Fetch-Site", "same-origin"}, {"Origin", b.url}} {
		if got := b.press(first, "sign-in", nil, header...); got.status != http.StatusOK {
			t.Errorf("%v: %d", header, got.status)
		}
	}
	form, _ := page.find("allow")
	fields := page.fields(form.form)
	fields.Set("decision", "allow")
	for what, got := range map[string]screen{
		"at another institution":  b.post("/bank/ins_117650/accounts", fields),
		"at one with passwords":   b.post("/bank/ins_109508/accounts", fields),
		"a guessed handle":        b.post("/bank/"+oauthBank+"/accounts", url.Values{"handle": {"0"}, "decision": {"allow"}}),
		"no handle":               b.post("/bank/"+oauthBank+"/accounts", url.Values{"decision": {"allow"}}),
		"an error not on offer":   b.post("/bank/"+oauthBank+"/accounts", url.Values{"handle": fields["handle"], "decision": {"error"}}),
		"no decision":             b.post("/bank/"+oauthBank+"/accounts", url.Values{"handle": fields["handle"]}),
		"no request":              b.post("/bank/"+oauthBank+"/sign-in", nil),
		"a request made up":       b.post("/bank/"+oauthBank+"/sign-in", url.Values{"request": {"AAAA"}}),
		"another bank's request":  b.post("/bank/ins_117650/sign-in", url.Values{"request": first.fields(formOf(first, "sign-in"))["request"]}),
		"too much":                b.post("/bank/"+oauthBank+"/sign-in", url.Values{"password": {strings.Repeat("x", maxForm)}}),
		"a page that has none":    b.post("/bank/"+oauthBank+"/authorize", nil),
		"a form in the address":   b.open(b.url + "/bank/" + oauthBank + "/accounts?" + fields.Encode()),
		"an address of nothing":   b.open(b.url + "/bank/"),
		"a name with a tag in it": b.open(b.url + "/bank/%3Cscript%3E/authorize"),
	} {
		if got.status < 400 || got.location != nil {
			t.Errorf("%s: %d %v", what, got.status, got.location)
		}
	}
	b.answers(b.press(page, "allow", nil)) // and is still the person's own to decide
}

func formOf(p screen, button string) int {
	e, _ := p.find(button)
	return e.form
}

const nasty = `"><script>alert('x')</script>`

// TestPagesEscapeEverything plants what would break out of a page; every page is
// also checked by show.
func TestPagesEscapeEverything(t *testing.T) {
	b := serveBank(t, storetest.SQLite(t))
	q := b.authorizeQuery()
	q.Set("state", nasty)
	q.Set("redirect_uri", b.url+"/link/oauth?from=bank&x="+url.QueryEscape(nasty))
	first := b.open(b.url + "/bank/" + oauthBank + "/authorize?" + q.Encode())
	custom := `{"override_accounts":[{"type":"depository","subtype":"checking","meta":{"name":"\"><script>alert('x')</script>","mask":"1234"}}]}`
	p := b.press(first, "sign-in", url.Values{"username": {"user_custom"}, "password": {custom}})
	if !strings.Contains(p.html, "&lt;script&gt;") || strings.Contains(p.html, "<script") {
		t.Errorf("%s", p.html)
	}
	end := b.press(p, "allow", nil)
	if end.location == nil || end.location.Query().Get("state") != nasty || end.location.Query().Get("x") != nasty {
		t.Errorf("%d %v", end.status, end.location)
	}
}

// TestNothingOfALoginLiesOpen: neither what opens a door nor what the person has
// is in the tables, and what was sealed goes once the code is spent.
func TestNothingOfALoginLiesOpen(t *testing.T) {
	const planted = "Planted Savings"
	db := storetest.SQLite(t)
	b := serveBank(t, db)
	ch := b.begin(oauthBank)
	page := b.signIn(ch, "user_custom", `{"override_accounts":[{"type":"depository","subtype":"savings","meta":{"name":"`+planted+`"}}]}`)
	answers := b.answers(b.press(page, "allow", nil))
	l, err := b.loadLogin(t.Context(), ch.LoginID)
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{planted, answers["code"], answers["state"], l.state.OAuth.Verifier, page.fields(formOf(page, "allow")).Get("handle")}
	look := func() (sealed string) {
		t.Helper()
		rows, err := db.Query(t.Context(), "SELECT id, status, code, sealed FROM sandbank_authorization UNION ALL SELECT id, '', '', sealed FROM sandbank_login")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var id, status string
			var code sql.NullString
			if err := rows.Scan(&id, &status, &code, &sealed); err != nil {
				t.Fatal(err)
			}
			for _, secret := range secrets {
				if secret == "" || strings.Contains(id+status+code.String+sealed, secret) {
					t.Errorf("%q lies open", secret)
				}
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return sealed
	}
	look()
	b.grantFor(ch, answers)
	if sealed := look(); sealed != "" {
		t.Error("the authorization outlives its code")
	}
}

func TestStyle(t *testing.T) {
	b := serveBank(t, storetest.SQLite(t))
	page := b.open(b.begin(oauthBank).URL)
	i := slices.IndexFunc(page.elements, func(e element) bool { return e.attr["rel"] == "stylesheet" })
	file, _ := web.Asset("bank.css")
	for address, keep := range map[string]string{
		b.url + page.elements[i].attr["href"]: "public, max-age=31536000, immutable",
		b.url + "/bank/assets/bank.css?v=old": "public, no-cache",
	} {
		css := b.open(address)
		if css.status != 200 || css.html != string(file.Body) || css.header.Get("Cache-Control") != keep || !strings.HasPrefix(css.header.Get("Content-Type"), "text/css") {
			t.Errorf("%s: %d %v", address, css.status, css.header)
		}
	}
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, b.url+"/bank/assets/bank.css", nil)
	req.Header.Set("If-None-Match", file.ETag())
	if p := b.show(req); p.status != http.StatusNotModified {
		t.Errorf("%d", p.status)
	}
}

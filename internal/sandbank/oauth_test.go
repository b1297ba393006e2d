package sandbank

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/institution/institutiontest"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

const oauthBank = "ins_127287"

func TestOAuthConformance(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		bank := serveBank(t, db)
		institutiontest.Run(t, func(t *testing.T) institutiontest.Subject {
			b := bank.under(t)
			return institutiontest.Subject{
				Connector: bank.Bank, InstitutionID: oauthBank, DownID: "ins_132361", ReturnURL: bank.back,
				User: "user_good", Password: "pass_good", Wait: bank.clock.Advance,
				Right: b.allow, Denied: b.deny,
				Other: func(ch institution.Challenge) map[string]string {
					return b.answers(b.press(b.signIn(ch, "user_yuppie", ""), "allow", nil))
				},
				Wrong: func(ch institution.Challenge) map[string]string {
					return map[string]string{"code": "guessed", "state": ch.State}
				},
			}
		})
	})
}

// refusal sends answers to a login and wants a failure of this reason.
func (s served) refusal(ch institution.Challenge, answers map[string]string, want institution.Reason) *institution.Failure {
	s.t.Helper()
	_, err := s.Answer(s.t.Context(), ch.LoginID, answers)
	var f *institution.Failure
	if !errors.As(err, &f) || f.Reason != want {
		s.t.Fatalf("%v: %v, want %s", slices.Collect(maps.Keys(answers)), err, want)
	}
	return f
}

func (s served) grantFor(ch institution.Challenge, answers map[string]string) institution.Grant {
	s.t.Helper()
	done, err := s.Answer(s.t.Context(), ch.LoginID, answers)
	if err != nil || done.Kind != institution.Done || done.Grant == "" {
		s.t.Fatalf("%+v, %v", done, err)
	}
	return done.Grant
}

// TestOAuthDance goes the whole way and shares two of fourteen accounts.
func TestOAuthDance(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := serveBank(t, db)
		ch := b.begin(oauthBank)
		if !strings.HasPrefix(ch.URL, b.url+"/bank/"+oauthBank+"/authorize?") || !ch.ExpiresAt.Equal(start.Add(loginLife)) {
			t.Errorf("%+v", ch)
		}
		if p := b.open(ch.URL); !strings.Contains(p.html, "accounts that you have at Platypus OAuth Bank.") {
			t.Errorf("the person is not told whose page it stands for:\n%s", p.html)
		}
		p := b.signIn(ch, "", "")
		form, _ := p.find("allow")
		refs := p.fields(form.form)["account"]
		if len(refs) != 14 || !strings.Contains(p.html, "Checking, ending 0000") || !strings.Contains(p.html, "CD, ending 2222") {
			t.Fatalf("%d accounts on the page:\n%s", len(refs), p.html)
		}
		g := b.grantFor(ch, b.answers(b.press(p, "allow", url.Values{"account": {refs[0], refs[9]}, "extra": nil})))
		list, err := b.Accounts(t.Context(), g)
		if err != nil || len(list) != 2 || list[0].Mask != "0000" || list[1].Mask != "9001" || list[0].Ref != refs[0] {
			t.Fatalf("%+v, %v", list, err)
		}
		numbers, err := b.Numbers(t.Context(), g, nil)
		if err != nil || len(numbers) != 2 || !numbers[0].ACH.Tokenized {
			t.Errorf("%+v, %v", numbers, err)
		}
		if owners, err := b.Owners(t.Context(), g, nil); err != nil || len(owners) != 2 {
			t.Errorf("%+v, %v", owners, err)
		}
		if _, err := b.Numbers(t.Context(), g, refs[1:2]); !errors.Is(err, &institution.Failure{Reason: institution.UnknownAccount}) {
			t.Errorf("numbers of an account that was not shared: %v", err)
		}
	})
}

// TestWhoSignsIn: the pages let everybody in (link-web.md section 4.2).
func TestWhoSignsIn(t *testing.T) {
	b := serveBank(t, storetest.SQLite(t))
	for _, tt := range []struct{ username, password, as, is string }{
		{"", "", "user_good", "pass_good"},
		{"anybody", "anything", "user_good", "pass_good"},
		{"user_good", "error_ITEM_LOCKED", "user_good", "pass_good"},
		{" user_credit_joint_account ", "", "user_credit_joint_account", "x"},
		{
			"user_custom", `{"seed":"s","force_error":"ITEM_LOCKED","recaptcha":"bad","mfa":{"type":"device"},"override_accounts":[{"type":"depository","subtype":"savings","meta":{"name":"Rainy Days"}}]}`,
			"user_custom", `{"seed":"s","override_accounts":[{"type":"depository","subtype":"savings","meta":{"name":"Rainy Days"}}]}`,
		},
	} {
		ch := b.begin("ins_117650")
		got, err := b.Accounts(t.Context(), b.grantFor(ch, b.answers(b.press(b.signIn(ch, tt.username, tt.password), "allow", nil))))
		if err != nil {
			t.Fatal(err)
		}
		want := visitor{t, b.Bank}.accounts("ins_117650", tt.as, tt.is)
		if len(got) != len(want) || got[0].Ref != want[0].Ref || got[0].Name != want[0].Name || text(got[0].Current) != text(want[0].Current) {
			t.Errorf("%q is %+v, want %s", tt.username, got[0], tt.as)
		}
	}
	p := b.press(b.open(b.begin(oauthBank).URL), "sign-in", url.Values{"username": {"user_custom"}, "password": {`{"override_accounts":[{"type":"depositary"}]}`}})
	if p.status != http.StatusUnprocessableEntity || !strings.Contains(p.html, "override_accounts[0].") || strings.Contains(p.html, "depositary") {
		t.Errorf("%d %s", p.status, p.html)
	}
	if p = b.press(p, "sign-in", url.Values{"password": {"{}"}}); p.status != http.StatusOK {
		t.Errorf("after the configuration was mended: %d", p.status)
	}
}

// TestAnotherBanksCode: a person who was led to another institution with the
// same request comes back with a code that this login does not take.
func TestAnotherBanksCode(t *testing.T) {
	b := serveBank(t, storetest.SQLite(t))
	ch := b.begin(oauthBank)
	elsewhere := ch
	elsewhere.URL = strings.Replace(ch.URL, oauthBank, "ins_132241", 1)
	if b.refusal(ch, b.allow(elsewhere), institution.InsufficientCredentials).Final {
		t.Error("it ends the login")
	}
	b.grantFor(ch, b.allow(ch))
}

// TestSayingNo: on both pages, and a bank in trouble where it is offered.
func TestSayingNo(t *testing.T) {
	b := serveBank(t, storetest.SQLite(t))
	ch := b.begin(oauthBank)
	answers := b.answers(b.press(b.open(ch.URL), "deny", nil))
	if want := map[string]string{"error": "access_denied", "state": ch.State}; !maps.Equal(answers, want) {
		t.Errorf("cancelled: %v", answers)
	}
	if !b.refusal(ch, answers, institution.InsufficientCredentials).Final {
		t.Error("a cancelled login is open")
	}
	ch = b.begin(oauthBank)
	page := b.signIn(ch, "", "")
	if _, ok := page.find("simulate-error"); ok {
		t.Error("every bank offers an error")
	}
	ch = b.begin("ins_117181")
	answers = b.answers(b.press(b.signIn(ch, "", ""), "simulate-error", nil))
	if answers["error"] != "server_error" || !b.refusal(ch, answers, institution.InternalError).Final {
		t.Errorf("%v", answers)
	}
}

// TestOAuthLoginsExpire: the person has 30 minutes, the code 10.
func TestOAuthLoginsExpire(t *testing.T) {
	b := serveBank(t, storetest.SQLite(t))
	ch := b.begin(oauthBank)
	first, signedIn := b.open(ch.URL), b.signIn(ch, "", "")
	old := b.allow(ch)
	b.clock.Advance(codeLife)
	if b.refusal(ch, old, institution.InsufficientCredentials).Final {
		t.Error("an old code ends the login")
	}
	b.grantFor(ch, b.allow(ch))

	ch = b.begin(oauthBank)
	b.clock.Advance(loginLife - codeLife)
	for name, p := range map[string]screen{
		"login page": b.press(first, "sign-in", nil), "accounts": b.press(signedIn, "allow", nil), "no": b.press(signedIn, "deny", nil),
	} {
		if p.status != http.StatusGone || !strings.Contains(p.html, "This sign-in has ended") {
			t.Errorf("%s after half an hour: %d %s", name, p.status, p.html)
		}
	}
	answers := b.allow(ch)
	b.clock.Advance(codeLife)
	if !b.refusal(ch, answers, institution.InputTimeout).Final {
		t.Error("the login is open after half an hour")
	}
}

// redeemOver exchanges a code over HTTP.
func (s served) redeemOver(form url.Values) (status int, answer map[string]string) {
	s.t.Helper()
	p := s.post("/bank/oauth/token", form)
	if err := json.Unmarshal([]byte(p.html), &answer); err != nil {
		s.t.Fatalf("%s: %v", p.html, err)
	}
	if p.header.Get("Cache-Control") != "no-store" {
		s.t.Error("a token may be cached")
	}
	return p.status, answer
}

const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" // with its challenge, in RFC 7636 appendix B

func (s served) authorizeQuery() url.Values {
	return url.Values{
		"response_type": {"code"}, "client_id": {"glencheck"}, "redirect_uri": {s.back}, "state": {"abc"},
		"code_challenge": {challengeOf(verifier)}, "code_challenge_method": {"S256"},
	}
}

func (s served) codeFor(q url.Values) string {
	s.t.Helper()
	return s.allow(institution.Challenge{URL: s.url + "/bank/" + oauthBank + "/authorize?" + q.Encode()})["code"]
}

// TestTokenEndpoint is the dance of a program that knows nothing of this one.
func TestTokenEndpoint(t *testing.T) {
	if challengeOf(verifier) != "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" {
		t.Fatal("not the challenge of RFC 7636")
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := serveBank(t, db)
		form := func(change ...string) url.Values {
			f := url.Values{"grant_type": {"authorization_code"}, "client_id": {"glencheck"}, "redirect_uri": {b.back}, "code_verifier": {verifier}}
			for i := 0; i < len(change); i += 2 {
				f.Set(change[i], change[i+1])
			}
			return f
		}
		code := b.codeFor(b.authorizeQuery())
		for _, tt := range []struct {
			form   url.Values
			status int
			want   string
		}{
			{form(), 400, "invalid_request"},
			{form("code", code, "grant_type", ""), 400, "invalid_request"},
			{form("code", code, "grant_type", "password"), 400, "unsupported_grant_type"},
			{form("code", code, "client_id", "someone"), 401, "invalid_client"},
			{form("code", code, "code_verifier", "x"+verifier), 400, "invalid_grant"},
			{form("code", code, "code_verifier", challengeOf(verifier)), 400, "invalid_grant"},
			{form("code", code, "redirect_uri", b.back+"&x=1"), 400, "invalid_grant"},
			{form("code", code+"0"), 400, "invalid_grant"},
			{url.Values{"code": {code, code}}, 400, "invalid_request"},
			{form("code", strings.Repeat("x", maxTokenRequest)), 400, "invalid_request"},
		} {
			if status, answer := b.redeemOver(tt.form); status != tt.status || answer["error"] != tt.want || answer["access_token"] != "" {
				t.Errorf("%.100v: %d %v, want %s", tt.form, status, answer, tt.want)
			}
		}
		status, answer := b.redeemOver(form("code", code))
		if status != 200 || answer["token_type"] != "Bearer" {
			t.Fatalf("%d %v", status, answer)
		}
		if list, err := b.Accounts(t.Context(), institution.Grant(answer["access_token"])); err != nil || len(list) != 14 {
			t.Errorf("%d accounts, %v", len(list), err)
		}
		if status, again := b.redeemOver(form("code", code)); status != 400 || again["error"] != "invalid_grant" {
			t.Errorf("a code was exchanged twice: %d %v", status, again)
		}
		if _, err := b.Accounts(t.Context(), institution.Grant(answer["access_token"])); err != nil {
			t.Errorf("after somebody tried the code again: %v", err)
		}
		late := b.codeFor(b.authorizeQuery())
		b.clock.Advance(codeLife)
		if status, answer := b.redeemOver(form("code", late)); status != 400 || answer["error"] != "invalid_grant" {
			t.Errorf("an old code: %d %v", status, answer)
		}
	})
	b := serveBank(t, storetest.SQLite(t))
	if p := b.post("/bank/oauth/token", url.Values{}, "Content-Type", "application/json"); p.status != 400 {
		t.Errorf("JSON: %d", p.status)
	}
}

// TestOneCodeOneGrant: two nodes and the token endpoint exchange one code at the
// same time.
func TestOneCodeOneGrant(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := serveBank(t, db)
		other := New(db, b.vault, b.clock, clock.NewIDs(2, 1), b.institutions).WithPages(b.url, quiet)
		for round := range 4 {
			ch := b.begin(oauthBank)
			answers := b.allow(ch)
			l, err := b.loadLogin(t.Context(), ch.LoginID)
			if err != nil {
				t.Fatal(err)
			}
			form := url.Values{
				"grant_type": {"authorization_code"}, "client_id": {"glencheck"}, "redirect_uri": {b.back},
				"code": {answers["code"]}, "code_verifier": {l.state.OAuth.Verifier},
			}
			var mu sync.Mutex
			grants := map[string]bool{}
			note := func(g string) {
				mu.Lock()
				defer mu.Unlock()
				if g != "" {
					grants[g] = true
				}
			}
			var wg sync.WaitGroup
			for range 3 {
				for _, node := range []*Bank{b.Bank, other} {
					wg.Go(func() {
						done, err := node.Answer(t.Context(), ch.LoginID, answers)
						var f *institution.Failure
						if err != nil && !errors.As(err, &f) {
							t.Errorf("Answer: %v", err)
						}
						note(string(done.Grant))
					})
				}
				wg.Go(func() {
					_, answer := b.redeemOver(form)
					note(answer["access_token"])
				})
			}
			wg.Wait()
			if len(grants) != 1 {
				t.Fatalf("one code gave %d grants", len(grants))
			}
			var stored int
			if err := db.QueryRow(t.Context(), "SELECT count(*) FROM sandbank_grant").Scan(&stored); err != nil || stored != round+1 {
				t.Fatalf("%d grants after %d logins, %v", stored, round+1, err)
			}
			for g := range grants {
				if _, err := b.Accounts(t.Context(), institution.Grant(g)); err != nil {
					t.Errorf("the grant does not work: %v", err)
				}
			}
		}
	})
}

// TestBeginNeedsAWayBack: only to pages of the very server.
func TestBeginNeedsAWayBack(t *testing.T) {
	b := serveBank(t, storetest.SQLite(t))
	for _, address := range []string{
		"https://elsewhere.example/", b.url + ".elsewhere.example/", b.url + "@elsewhere.example/", strings.Replace(b.url, "://", "://someone@", 1) + "/x", strings.Replace(b.url, "http", "https", 1) + "/x",
		b.url + "/x#y", "//" + strings.TrimPrefix(b.url, "http://") + "/x", "javascript:" + b.url, "http:" + strings.TrimPrefix(b.url, "http://"), b.url + "\\@elsewhere.example",
	} {
		_, err := b.Begin(t.Context(), institution.BeginRequest{InstitutionID: oauthBank, ReturnURL: address})
		var f *institution.Failure
		if err == nil || errors.As(err, &f) {
			t.Errorf("%s: %v, want an error of the caller's", address, err)
		}
	}
	plain, _ := newBank(t, storetest.SQLite(t))
	_, err := plain.Begin(t.Context(), institution.BeginRequest{InstitutionID: oauthBank, ReturnURL: b.back})
	if !errors.Is(err, &institution.Failure{Reason: institution.OAuthNotAvailable}) {
		t.Errorf("a bank without pages: %v", err)
	}
}

// TestAuthorizationsAreSwept: the table does not grow with people who leave.
func TestAuthorizationsAreSwept(t *testing.T) {
	db := storetest.SQLite(t)
	b := serveBank(t, db)
	count := func() (n int) {
		t.Helper()
		if err := db.QueryRow(t.Context(), "SELECT count(*) FROM sandbank_authorization").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	first := b.begin(oauthBank)
	b.open(first.URL)
	if n := count(); n != 0 {
		t.Fatalf("to look at the login page stores %d rows", n)
	}
	for range 5 {
		b.signIn(first, "", "")
	}
	b.clock.Advance(time.Hour)
	b.signIn(b.begin(oauthBank), "", "")
	if n := count(); n != 1 {
		t.Errorf("%d authorizations left", n)
	}
}

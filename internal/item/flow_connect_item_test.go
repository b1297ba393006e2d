package item_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/glencheck-dev/glencheck/internal/institution"
	. "github.com/glencheck-dev/glencheck/internal/item/itemtest"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/link/linktest"
	"github.com/glencheck-dev/glencheck/internal/sandbank"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// connected goes to the end of the flow with some accounts.
func (g *guest) connected(accounts ...string) *guest {
	g.Helper()
	g.submit().pick(Platypus).submit("username=user_good", "password=pass_good").submit(accounts...).submit()
	if g.Done == nil || g.Done.Kind != "success" {
		g.Fatalf("not connected: %+v", g.DriverAnswer)
	}
	return g
}

// TestTheItemIsWhatThePersonChose exchanges the public token of a session.
func TestTheItemIsWhatThePersonChose(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, simulated(t, db))
		g := d.guest(t, func(tok *link.Token) {
			tok.RequiredIfSupported, tok.Optional, tok.AdditionalConsented = []string{"identity"}, []string{"payment_initiation", "transactions"}, []string{"liabilities"}
			tok.Webhook = "https://app.example/hook"
		}).connected("account=a1", "account=a3")
		out := d.OK("/item/public_token/exchange", Body{"public_token": *g.Done.PublicToken})
		accounts := d.OK("/accounts/get", Body{"access_token": out["access_token"]})
		var masks []string
		for _, a := range accounts["accounts"].([]any) {
			account := a.(map[string]any)
			masks = append(masks, fmt.Sprint(account["mask"]))
			if !strings.Contains(string(g.Done.Metadata), `"id":"`+account["account_id"].(string)+`"`) {
				t.Errorf("onSuccess does not name account %v", account["account_id"])
			}
		}
		if !slices.Equal(masks, []string{"0000", "9002"}) {
			t.Errorf("accounts %v", masks)
		}
		item := d.OK("/item/get", Body{"access_token": out["access_token"]})["item"].(map[string]any)
		if item["institution_id"] != Platypus || item["webhook"] != "https://app.example/hook" ||
			fmt.Sprint(item["products"]) != "[auth identity transactions]" || fmt.Sprint(item["billed_products"]) != "[auth identity transactions]" ||
			fmt.Sprint(item["consented_products"]) != "[auth identity liabilities transactions]" {
			t.Errorf("item %v", item)
		}
	})
}

// TestGrantsAreGivenBack counts what the bank still grants after sessions that
// ended in each way.
func TestGrantsAreGivenBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, simulated(t, db))
		alive := func() (n int) {
			if err := db.QueryRow(context.Background(), "SELECT COUNT(*) FROM sandbank_grant WHERE sealed <> ''").Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		login := []string{"username=user_good", "password=pass_good"}
		d.guest(t).submit().pick(Platypus).submit(login...).close(true)
		d.guest(t).submit().pick(Platypus).submit(login...).do("back", "", nil).pick(Platypus).submit(login...).submit("account=a1").close(true)
		if n := alive(); n != 0 {
			t.Errorf("%d grants are left after sessions without a result", n)
		}
		d.guest(t).submit().pick(Platypus).submit(login...).do("back", "", nil).pick("ins_109511").submit(login...).submit("account=a1").submit()
		if n := alive(); n != 1 {
			t.Errorf("%d grants after a session with one Item", n)
		}
	})
}

// TestWhatIsTypedIsNotKept looks for what a person typed in the database file and
// the log.
func TestWhatIsTypedIsNotKept(t *testing.T) {
	file := storetest.SQLiteFile(t)
	db, err := store.Open(context.Background(), file, store.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, simulated(t, db))
	g := d.guest(t).submit()
	g.do("search", "canary-query", nil)
	g.pick(Platypus).submit("username=canary-user", "password=canary-password").submit("username=user_good", "password=mfa_questions_1_1")
	g.submit("answer_0=canary-answer").submit("answer_0=answer_0_0").submit("account=a1").submit()
	d.verified(t, "415 555 0199").saves("submit")
	d.Hides(filepath.Clean(file), "canary", "4155550199", "415 555 0199", "123456", g.handle, *g.Done.PublicToken, "Plaid Checking", "Wonderwallet", "user-1")
}

// TestManyPressFinishAtOnce lets a person and their impatient browser finish one
// session eight times at the same moment, on several nodes where there may be.
func TestManyPressFinishAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, simulated(t, db))
		g := d.guest(t).submit().pick(Platypus).submit("username=user_good", "password=pass_good").submit("account=a1")
		drivers := []*link.Driver{d.driver}
		if !db.SingleNode() {
			drivers = append(drivers, newDesk(t, d.House).driver)
		}
		answers := make(chan link.DriverAnswer, 8)
		for i := range cap(answers) {
			go func() {
				a, err := drivers[i%len(drivers)].Step(context.Background(), clientCall, link.DriverStep{Session: g.handle})
				if err != nil {
					t.Error(err)
				}
				answers <- a
			}()
		}
		events, tokens := 0, map[string]bool{}
		for range cap(answers) {
			if a := <-answers; a.Done != nil && a.Done.Kind == "success" {
				events += len(a.Events)
				tokens[*a.Done.PublicToken] = true
			}
		}
		var items, publicTokens int
		err := db.QueryRow(context.Background(), "SELECT (SELECT COUNT(*) FROM item), (SELECT COUNT(*) FROM public_token)").Scan(&items, &publicTokens)
		if err != nil || items != 1 || publicTokens != 1 || len(tokens) != 1 || events != 1 {
			t.Errorf("%d Items, %d public tokens, %d told, %d events, %v", items, publicTokens, len(tokens), events, err)
		}
	})
}

const nasty = `"><script>alert('x')</script>`

// TestPanesInEveryLanguage walks through all panes in each language, at an app
// and with accounts whose names try to break out. Every pane is checked on the
// way (guest.took).
func TestPanesInEveryLanguage(t *testing.T) {
	d := newDesk(t, simulated(t, storetest.SQLite(t)))
	custom := `{"override_accounts":[{"type":"depository","subtype":"checking","starting_balance":1234.5,"meta":{"name":"` + strings.ReplaceAll(nasty, `"`, `\"`) + `"},"currency":"USD"}]}`
	for _, lang := range []string{"da", "nl", "en", "et", "fr", "de", "hi", "it", "lv", "lt", "no", "pl", "pt", "ro", "es", "sv", "vi"} {
		in := func(tok *link.Token) { tok.Language, tok.ClientName = lang, nasty }
		g := d.guest(t, in).submit()
		g.do("search", nasty, nil)
		g.pick("ins_132361").submit().pick(Platypus).submit().submit("username="+nasty, "password="+nasty)
		for _, password := range []string{"mfa_device", "mfa_questions_1_2", "mfa_selections", `{"recaptcha":"good"}`} {
			g.submit("username=user_good", "password="+password)
			if !strings.Contains(g.html, `data-testid="sandbox-hint"`) || !strings.Contains(g.html, "data-fill=") {
				t.Errorf("%s: no hint at %s", lang, password)
			}
			g.do("back", "", nil)
		}
		g.submit("username=user_custom", "password="+custom)
		g.submit()
		if g.View != link.SelectAccount || strings.Contains(g.html, "<script>") {
			t.Errorf("%s: %s\n%s", lang, g.View, g.html)
		}
		g.close(false)
		g.do("stay", "", nil)
		g.submit("account=a1")
		if g.View != link.Connected || strings.Contains(g.html, "<script>") {
			t.Errorf("%s: %s\n%s", lang, g.View, g.html)
		}
		d.makeItem(nil)
		g = d.updating(t, in, func(tok *link.Token) { tok.AdditionalConsented, tok.SelectAccounts = []string{"identity"}, true })
		g.submit().submit("username="+nasty, "password="+nasty).submit("username=user_good", "password=pass_good").submit("account=a1")
		if g.View != link.Connected || strings.Contains(g.html, "<script>") {
			t.Errorf("%s: update mode: %s\n%s", lang, g.View, g.html)
		}
		g = d.guest(t, in, returningUser).submit().submit("phone="+nasty).submit("phone=4155550012").submit("otp=000000").do("resend", "", nil).submit("otp=123456")
		g.pick(Platypus).do("back", "", nil).do("new", "", nil).pick(Platypus).submit("username=user_custom", "password="+custom).submit("account=a1")
		if g.View != link.Connected || strings.Contains(g.html, "<script>") || !strings.Contains(g.html, `data-action="unsaved"`) {
			t.Errorf("%s: %s\n%s", lang, g.View, g.html)
		}
	}
}

// TestTypedTextStays lets the bank refuse a login: the username comes back, the
// password does not.
func TestTypedTextStays(t *testing.T) {
	d := newDesk(t, simulated(t, storetest.SQLite(t)))
	g := d.guest(t).submit().pick(Platypus)
	html := g.post(fmt.Sprintf(`{"session":%q,"seq":%d,"action":"submit","fields":{"username":"user_\"><b>","password":"canary"}}`, g.handle, g.Seq))
	linktest.CheckHTML(t, html)
	if !strings.Contains(html, `value="user_&#34;&gt;&lt;b&gt;"`) || strings.Contains(html, "canary") || !strings.Contains(html, `aria-invalid="true"`) {
		t.Error(html)
	}
}

// TestPublishedIDs looks for the ids and attributes that test suites of others
// rely on (ui/README.md section 3 item 6, link-web.md section 3.4).
func TestPublishedIDs(t *testing.T) {
	d := newDesk(t, simulated(t, storetest.SQLite(t)))
	g := d.guest(t)
	has := func(parts ...string) {
		t.Helper()
		for _, p := range parts {
			if !strings.Contains(g.html, p) {
				t.Errorf("%s has no %s:\n%s", g.View, p, g.html)
			}
		}
	}
	has(`id="aut-button"`, `data-testid="link-close"`)
	g.submit()
	has(`id="search-input-input"`, `maxlength="200"`, `id="aut-ins_109508" aria-label="First Platypus Bank"`, `data-testid="link-back"`, `id="institutions"`)
	g.pick(Platypus)
	has(`id="aut-input-0-input" name="username"`, `id="aut-input-1-input" name="password" type="password"`, `autocomplete="current-password"`, `data-reveal="aut-input-1-input"`,
		`data-fill="{&#34;aut-input-0-input&#34;:&#34;user_good&#34;,&#34;aut-input-1-input&#34;:&#34;pass_good&#34;}"`)
	g.submit("username=user_good", "password=mfa_device").submit("device=phone_0")
	has(`class="input code-input code-4" id="aut-input-0-input" name="code" inputmode="numeric" pattern="[0-9]*" maxlength="4"`, `data-action="resend"`)
	g.html = g.post(fmt.Sprintf(`{"session":%q,"seq":%d,"action":"resend"}`, g.handle, g.Seq))
	has(`id="aut-input-0-input-help" data-news>A new code is on its way.</p>`)
	g.submit("code=1234")
	has(`data-testid="account-0000"`, `type="checkbox"`, `can’t be used for payments`)
	g = d.guest(t, returningUser).submit()
	has(`id="phone-country"`, `id="phone-input" name="phone" type="tel"`, `id="aut-secondary-button"`, `>Continue without phone number<`)
	g.submit("phone=4155550011")
	has(`class="input code-input code-6" id="otp-code-input-input" name="otp" inputmode="numeric" pattern="[0-9]*" maxlength="6"`, `autocomplete="one-time-code"`)
	if strings.Contains(g.html, "Enter account numbers") {
		t.Error("a flow that does not exist is offered")
	}
}

// TestWithoutHints makes sure that production never shows what works.
func TestWithoutHints(t *testing.T) {
	h := NewIn(t, storetest.SQLite(t), "sandbox", func(h *House) institution.Connector {
		return sandbank.New(h.DB, h.Vault, h.Clock, h.IDs, h.Catalogue)
	})
	d := newDesk(t, h)
	for _, c := range []struct {
		env   string
		hints bool
	}{{"production", true}, {"sandbox", false}} {
		var err error
		d.sessions, err = link.NewSessions(link.Config{
			DB: h.DB, Vault: h.Vault, Clock: h.Clock, IDs: h.IDs, Env: c.env, Hints: c.hints, Tokens: d.tokens, Flows: []link.Flow{h.Items.ConnectFlow()},
		})
		if err != nil {
			t.Fatal(err)
		}
		d.driver = link.NewDriver(d.sessions)
		d.frame = link.NewFrame(link.FrameConfig{Sessions: d.sessions, Tokens: d.tokens, IDs: h.IDs})
		g := d.guest(t).submit().pick(Platypus)
		if strings.Contains(g.html, "sandbox") || strings.Contains(g.html, "pass_good") || g.Hint != nil {
			t.Errorf("%+v: %s", c, g.html)
		}
	}
}

// TestWhateverAPersonDoes takes random steps. Whatever they are, the session
// refuses them politely or goes on, events are in order, and a session makes one
// Item for each HANDOFF, at most one where its token allows no more, each with a
// grant of its own.
func TestWhateverAPersonDoes(t *testing.T) {
	db := storetest.SQLite(t)
	d := newDesk(t, simulated(t, db))
	ctx := context.Background()
	inputs := []string{
		"", "a1", "a2", "a14", "user_good", "pass_good", "mfa_device", "mfa_questions_1_1", "mfa_selections", "wrong", "phone_0", "1234", "answer_0_0",
		"tomato", "123456", "4155550010", "4155550012", "4155550015", "passed", `{"recaptcha":"good"}`, `{"recaptcha":"bad"}`, "user_yuppie", "ins_109508", "ins_132361", "ins_132363", "ins_127287", "ins_109510", "another", "again", "go on", "give up", nasty, strings.Repeat("x", 300),
	}
	names := []string{"username", "password", "device", "code", "answer_0", "answer_1", "account", "recaptcha", "q", "phone", "otp", "other"}
	actions := []string{"submit", "submit", "submit", "submit", "pick", "pick", "search", "back", "stay", "leave", "resend", "close", "force", "more", "skip", "new", "unsaved", "other"}
	d.makeItem(nil)
	rapid.Check(t, func(rt *rapid.T) {
		g, kind := &guest{desk: d, TB: t, story: true}, rapid.SampledFrom([]string{"one", "several", "returning", "update", "update accounts"}).Draw(rt, "kind")
		several, updates := kind == "several", strings.HasPrefix(kind, "update")
		a, err := d.driver.Open(ctx, clientCall, link.DriverOpen{LinkToken: d.token(func(tok *link.Token) {
			tok.MultiItem, tok.Custom.ReturningUser = several, kind == "returning"
			if updates {
				tok.AccessTokenItemID, tok.Products, tok.SelectAccounts = d.has.itemID, nil, kind == "update accounts"
			}
		})})
		g.handle = a.Session
		g.took(a, err)
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			action := rapid.SampledFrom(actions).Draw(rt, "action")
			fields := map[string][]string{}
			if rapid.Bool().Draw(rt, "sensible") {
				fields = sensible(g)
			} else {
				for _, name := range names {
					fields[name] = rapid.SliceOfN(rapid.SampledFrom(inputs), 0, 2).Draw(rt, name)
				}
			}
			switch value := rapid.SampledFrom(inputs).Draw(rt, "value"); action {
			case "close", "force":
				if rapid.IntRange(0, 5).Draw(rt, "really") == 0 {
					g.close(action == "force")
				}
			case "submit":
				if g.View != link.Error {
					value = ""
				}
				g.do(action, value, fields)
			default:
				g.do(action, value, fields)
			}
			if g.Done != nil {
				break
			}
		}
		if g.Done == nil {
			g.close(true)
		}
		handoffs := 0
		for i, e := range g.events {
			if e.Name == string(link.EventHandoff) {
				handoffs++
			}
			if i > 0 && e.Metadata.Timestamp <= g.events[i-1].Metadata.Timestamp {
				rt.Fatalf("event %d does not follow: %s, %s", i, g.events[i-1].Metadata.Timestamp, e.Metadata.Timestamp)
			}
		}
		var items, all, saved, grants int
		err = db.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM item WHERE link_session_id = $1), (SELECT COUNT(*) FROM item), (SELECT COUNT(*) FROM saved_login), (SELECT COUNT(*) FROM sandbank_grant WHERE sealed <> '')`, g.LinkSessionID).Scan(&items, &all, &saved, &grants)
		if err != nil {
			rt.Fatal(err)
		}
		if updates { // the Item is there already, and has one grant whatever happens
			items += handoffs
			d.OK("/accounts/balance/get", Body{"access_token": d.has.access})
		}
		if items != handoffs || items > 1 && !several || (items > 0) != (g.Done.Kind == "success") || all+saved != grants {
			rt.Fatalf("%d Items and %d handoffs, %d Items, %d saved logins and %d grants in all, done %+v", items, handoffs, all, saved, grants, g.Done)
		}
	})
}

// sensible fills in the form as the hints say.
func sensible(g *guest) map[string][]string {
	fields := map[string][]string{}
	for name, value := range g.Hint {
		fields[name] = []string{value}
	}
	for _, f := range g.Fields {
		if len(f.Options) > 0 && fields[f.Name] == nil {
			fields[f.Name] = []string{f.Options[0].Value}
		}
	}
	return fields
}

// brokenBank is a bank whose connection breaks.
type brokenBank struct {
	institution.Connector
	broken map[string]error
}

func (b brokenBank) Begin(ctx context.Context, in institution.BeginRequest) (institution.Challenge, error) {
	if err := b.broken["Begin"]; err != nil {
		return institution.Challenge{}, err
	}
	return b.Connector.Begin(ctx, in)
}

func (b brokenBank) Accounts(ctx context.Context, g institution.Grant) ([]institution.Account, error) {
	if err := b.broken["Accounts"]; err != nil {
		return nil, err
	}
	return b.Connector.Accounts(ctx, g)
}

// TestABrokenConnection lets calls to the bank fail in ways that are nobody's
// fault.
func TestABrokenConnection(t *testing.T) {
	broken := map[string]error{}
	h := NewIn(t, storetest.SQLite(t), "sandbox", func(h *House) institution.Connector {
		return brokenBank{sandbank.New(h.DB, h.Vault, h.Clock, h.IDs, h.Catalogue), broken}
	})
	d := newDesk(t, h)
	login := []string{"username=user_good", "password=pass_good"}
	g := d.guest(t).submit()
	g.story = true
	broken["Begin"] = errors.New("connection reset")
	if _, err := d.driver.Step(context.Background(), clientCall, link.DriverStep{Session: g.handle, Action: "pick", Value: Platypus}); err == nil {
		t.Error("a bank that was never asked has answered")
	}
	broken["Begin"] = &institution.Failure{Reason: institution.InternalError, Final: true}
	if g.pick(Platypus); g.View != link.Error || len(g.Choices) != 0 {
		t.Errorf("a bank that refuses to begin: %+v", g.DriverAnswer)
	}
	broken["Begin"] = nil
	g.submit().pick(Platypus)
	for _, err := range []error{errors.New("connection reset"), &institution.Failure{Reason: institution.BankNotResponding}, nil} {
		broken["Accounts"] = err
		g.submit(login...)
		if err == nil {
			break
		}
		if g.View != link.Error {
			t.Fatalf("%v: %+v", err, g.DriverAnswer)
		}
		if g.submit(); g.View == link.SelectInstitution {
			g.pick(Platypus)
		}
	}
	if g.submit("account=a1").submit(); g.Done == nil || g.Done.Kind != "success" {
		t.Fatalf("in the end: %+v", g.DriverAnswer)
	}
	var alive int
	if err := h.DB.QueryRow(context.Background(), "SELECT COUNT(*) FROM sandbank_grant WHERE sealed <> ''").Scan(&alive); err != nil || alive != 1 {
		t.Errorf("%d grants for one Item, %v", alive, err)
	}
}

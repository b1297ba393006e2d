package server_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/server/servertest"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

type body = map[string]any

// onBoth runs a test on a server of each database.
func onBoth(t *testing.T, test func(t *testing.T, s *servertest.Server)) {
	t.Run("sqlite", func(t *testing.T) {
		test(t, servertest.Start(t, servertest.DB(storetest.SQLiteFile(t))))
	})
	t.Run("postgres", func(t *testing.T) {
		test(t, servertest.Start(t, servertest.DB(storetest.PostgresURL(t))))
	})
}

// deposited is an Item to whose account a deposit with a code goes.
type deposited struct {
	t               *testing.T
	s               *servertest.Server
	access, account string
}

func typedNumbers(t *testing.T, s *servertest.Server, number string, more body) deposited {
	t.Helper()
	inputs := body{"routing_number": "110000000", "account_number": number, "name": "Alberta Bobbeth Charleson"}
	for k, v := range more {
		inputs[k] = v
	}
	token := s.Call(t, "/link/token/create", body{
		"user": body{"client_user_id": "user-id"}, "client_name": "Wonderwallet", "products": []string{"auth"}, "webhook": "https://example.com/hook",
		"language": "en", "country_codes": []string{"US"}, "auth": body{"same_day_microdeposits_enabled": true},
	}).Text("link_token")
	done := s.Call(t, "/sandbox/link/session/complete", body{"link_token": token, "inputs": inputs})
	access := s.Call(t, "/item/public_token/exchange", body{"public_token": done.Text("done", "public_token")}).Text("access_token")
	return deposited{t, s, access, done.Text("done", "metadata", "account_id")}
}

// token is a link token for the code.
func (d deposited) token() string {
	d.t.Helper()
	return d.s.Call(d.t, "/link/token/create", body{
		"user": body{"client_user_id": "user-id"}, "client_name": "Wonderwallet", "language": "en", "country_codes": []string{"US"}, "access_token": d.access,
	}).Text("link_token")
}

// tab is a session that asks for the code.
func (d deposited) tab(token string) string {
	d.t.Helper()
	a := d.s.Call(d.t, "/sandbox/link/session/open", body{"link_token": token})
	if view := a.Text("view"); view != "SAME_DAY_MICRODEPOSIT_VERIFICATION" {
		d.t.Fatalf("at %s: %v", view, a.Body)
	}
	return a.Text("session")
}

func (d deposited) enter(session, code string) servertest.Answer {
	d.t.Helper()
	return d.s.Call(d.t, "/sandbox/link/session/step", body{"session": session, "fields": body{"code": code}})
}

func (d deposited) wantStatus(want string) {
	d.t.Helper()
	if got := d.s.Call(d.t, "/accounts/get", body{"access_token": d.access}).Text("accounts", "0", "verification_status"); got != want {
		d.t.Errorf("verification_status %s, want %s", got, want)
	}
}

func wantView(t *testing.T, a servertest.Answer, want string) {
	t.Helper()
	if got := a.Text("view"); got != want {
		t.Errorf("at %s, want %s: %v", got, want, a.Body)
	}
}

const asksCode = "SAME_DAY_MICRODEPOSIT_VERIFICATION"

// TestCodeFromTwoTabs: the right code of two tabs verifies once and both succeed;
// wrong ones are counted together, and the right one comes too late after them.
func TestCodeFromTwoTabs(t *testing.T) {
	onBoth(t, func(t *testing.T, s *servertest.Server) {
		d := typedNumbers(t, s, "1111222233330000", nil)
		token := d.token()
		one, two := d.tab(token), d.tab(token)
		wantView(t, d.enter(one, "abc"), "CONNECTED")
		wantView(t, d.enter(two, "ABC"), "CONNECTED")
		d.wantStatus("manually_verified")
		for _, session := range []string{one, two} {
			if a := d.enter(session, ""); a.Text("done", "kind") != "success" || a.Text("done", "metadata", "accounts", "0", "verification_status") != "manually_verified" {
				t.Errorf("%v", a.Body)
			}
		}
		s.Call(t, "/auth/get", body{"access_token": d.access})

		d = typedNumbers(t, s, "1111222233330000", nil)
		token = d.token()
		one, two = d.tab(token), d.tab(token)
		for _, bad := range []string{"12", "ABCD", "A1C", "Ä!x", ""} {
			wantView(t, d.enter(one, bad), asksCode)
		}
		wantView(t, d.enter(one, "XYZ"), asksCode)
		wantView(t, d.enter(two, "XYZ"), asksCode)
		if a := d.enter(two, "XYZ"); a.Text("view") != "ERROR" || !strings.Contains(fmt.Sprint(a.Body["events"]), "TOO_MANY_VERIFICATION_ATTEMPTS") {
			t.Errorf("%v", a.Body)
		}
		wantView(t, d.enter(one, "ABC"), "ERROR")
		d.wantStatus("verification_failed")
		s.Refused(t, "/auth/get", body{"access_token": d.access}, "PRODUCT_NOT_READY")
	})
}

// TestCodesAtTheSameTime: many tabs at once never try more than three codes, and a
// request that comes twice counts once.
func TestCodesAtTheSameTime(t *testing.T) {
	onBoth(t, func(t *testing.T, s *servertest.Server) {
		d := typedNumbers(t, s, "1111222233330000", nil)
		token := d.token()
		session := d.tab(token)
		var asking sync.WaitGroup
		for range 8 { // the same press, again and again
			asking.Go(func() {
				if a, err := s.Post(t.Context(), "/sandbox/link/session/step", body{"session": session, "seq": 1, "fields": body{"code": "XYZ"}}); err != nil || a.Status != 200 {
					t.Errorf("%v %v", a, err)
				}
			})
		}
		asking.Wait()
		if a := s.Call(t, "/sandbox/link/session/step", body{"session": session, "seq": 1, "action": "look"}); !strings.Contains(fmt.Sprint(a.Body["fields"]), "2 tries left") {
			t.Errorf("%v", a.Body["fields"])
		}
		tabs := make([]string, 6)
		for i := range tabs {
			tabs[i] = d.tab(token)
		}
		var mu sync.Mutex
		views := map[string]int{}
		for i, tab := range tabs {
			asking.Go(func() {
				a, err := s.Post(t.Context(), "/sandbox/link/session/step", body{"session": tab, "fields": body{"code": "QR" + string(rune('A'+i))}})
				if err != nil || a.Status != 200 {
					t.Errorf("%v %v", a, err)
				}
				mu.Lock()
				defer mu.Unlock()
				views[a.Text("view")]++
			})
		}
		asking.Wait()
		if views[asksCode] != 1 || views["ERROR"] != 5 {
			t.Errorf("%v, want one more try and five that came too late", views)
		}
		d.wantStatus("verification_failed")
	})
}

// TestDepositThatComesBack: the returns R01 to R04 end the wait, a return after the
// right code changes nothing, and neither does one of a payment that nobody waits for.
func TestDepositThatComesBack(t *testing.T) {
	onBoth(t, func(t *testing.T, s *servertest.Server) {
		back := func(d deposited, code string) {
			t.Helper()
			transfer := s.Call(t, "/bank_transfer/event/list", body{"account_id": d.account}).Text("bank_transfer_events", "0", "bank_transfer_id")
			s.Call(t, "/sandbox/bank_transfer/simulate", body{
				"bank_transfer_id": transfer, "event_type": "reversed", "failure_reason": body{"ach_return_code": code, "description": "returned"},
			})
		}
		for _, code := range []string{"R01", "R02", "R03", "R04"} {
			d := typedNumbers(t, s, "1111222233330000", nil)
			session := d.tab(d.token())
			back(d, code)
			d.wantStatus("verification_failed")
			a := d.enter(session, "ABC")
			wantView(t, a, "ERROR")
			if a.Text("title") != "The cent came back" {
				t.Errorf("%v", a.Body)
			}
		}
		d := typedNumbers(t, s, "1111222233330000", nil)
		d.enter(d.tab(d.token()), "ABC")
		back(d, "R03")
		d.wantStatus("manually_verified")

		d = typedNumbers(t, s, "1111222233330000", nil)
		session := d.tab(d.token())
		s.Call(t, "/item/remove", body{"access_token": d.access})
		if a := d.enter(session, "ABC"); a.Text("view") != "ERROR" || !strings.Contains(fmt.Sprint(a.Body["events"]), "ITEM_NOT_FOUND") {
			t.Errorf("%v", a.Body)
		}
		back(d, "R03")
	})
}

// TestTextAboutADeposit: the message is due when the deposit posts, its page takes
// the code, and the app hears of it by webhook. Nothing is said without a number.
func TestTextAboutADeposit(t *testing.T) {
	s := servertest.Start(t)
	texts := func(d deposited) servertest.Answer {
		t.Helper()
		return s.Call(t, "/sandbox/item/text_messages/get", body{"access_token": d.access})
	}
	d := typedNumbers(t, s, "1111222233330000", body{"phone": "(415) 555-0010"})
	silent := typedNumbers(t, s, "1111222233330000", nil)
	if n := len(texts(d).Body["text_messages"].([]any)); n != 0 {
		t.Errorf("%d messages before the deposit has posted", n)
	}
	s.Call(t, "/sandbox/clock/advance", body{"days": 2})
	if n := len(texts(silent).Body["text_messages"].([]any)); n != 0 {
		t.Errorf("%d messages to nobody", n)
	}
	a := texts(d)
	url := a.Text("text_messages", "0", "url")
	if a.Text("text_messages", "0", "to") != "+14155550010" || !strings.Contains(a.Text("text_messages", "0", "text"), url) || !strings.Contains(url, "/link/hosted/") {
		t.Fatalf("%v", a.Body)
	}
	path := url[strings.Index(url, "/link/hosted/"):]
	if status, _ := get(t, s.URL+path); status != 200 {
		t.Errorf("the page answers %d", status)
	}
	session := s.Call(t, "/link/session/open", body{"hosted": path[len("/link/hosted/"):]}).Text("session")
	if a := s.Call(t, "/link/session/step", body{"session": session, "seq": 1, "action": "submit", "fields": body{"code": "ABC"}}); a.Text("pane", "view") != "CONNECTED" {
		t.Errorf("%v", a.Body)
	}
	d.wantStatus("manually_verified")
	list, err := s.Delivered(webhook.Cursor{})
	if err != nil {
		t.Fatal(err)
	}
	said := ""
	for _, told := range list {
		if told.Type == "AUTH" {
			said += string(told.Body)
		}
	}
	if !strings.Contains(said, `"webhook_code": "SMS_MICRODEPOSITS_VERIFICATION"`) || !strings.Contains(said, `"status": "MANUALLY_VERIFIED"`) || !strings.Contains(said, d.account) {
		t.Errorf("AUTH webhooks: %s", said)
	}
	for _, wrong := range []string{"12", "555-0010", "+44 7911 123456", "phone"} {
		token := s.Call(t, "/link/token/create", body{
			"user": body{"client_user_id": "user-id"}, "client_name": "Wonderwallet", "products": []string{"auth"},
			"language": "en", "country_codes": []string{"US"}, "auth": body{"same_day_microdeposits_enabled": true},
		}).Text("link_token")
		s.Refused(t, "/sandbox/link/session/complete", body{"link_token": token, "inputs": body{
			"routing_number": "110000000", "account_number": "1111222233330000", "name": "Alberta", "phone": wrong,
		}}, "INVALID_FIELD")
	}
}

// TestItemWithoutALogin: what needs a bank says so, and what does not works.
func TestItemWithoutALogin(t *testing.T) {
	s := servertest.Start(t)
	d := typedNumbers(t, s, "1111222233330000", nil)
	d.enter(d.tab(d.token()), "ABC")
	at := body{"access_token": d.access}
	s.Refused(t, "/accounts/balance/get", at, "PRODUCTS_NOT_SUPPORTED")
	s.Refused(t, "/sandbox/item/reset_login", at, "INVALID_FIELD")
	s.Call(t, "/sandbox/clock/advance", body{"days": 60})
	s.Call(t, "/auth/get", at)
	s.Refused(t, "/link/token/create", body{
		"user": body{"client_user_id": "user-id"}, "client_name": "Wonderwallet", "language": "en", "country_codes": []string{"US"},
		"access_token": d.access, "update": body{"account_selection_enabled": true},
	}, "INVALID_FIELD")
	s.Call(t, "/item/remove", at)
}

// TestNumbersThatCannotBe: bad input is refused on its own pane, by its own field.
func TestNumbersThatCannotBe(t *testing.T) {
	s := servertest.Start(t)
	token := s.Call(t, "/link/token/create", body{
		"user": body{"client_user_id": "user-id"}, "client_name": "Wonderwallet", "products": []string{"auth"},
		"language": "en", "country_codes": []string{"US"}, "auth": body{"same_day_microdeposits_enabled": true},
	}).Text("link_token")
	session := s.Call(t, "/sandbox/link/session/open", body{"link_token": token}).Text("session")
	step := func(in body) servertest.Answer {
		t.Helper()
		in["session"] = session
		return s.Call(t, "/sandbox/link/session/step", in)
	}
	step(body{})
	step(body{"action": "manual"})
	for routing, want := range map[string]string{
		"": "Enter the routing number.", "1100": "9 digits", "110000001": "isn’t a routing number", "11000000x": "Use digits only.", "990000001": "isn’t a routing number",
		"500000005": "No bank in the United States", "000000000": "isn’t a routing number",
	} {
		if a := step(body{"fields": body{"routing_number": routing}}); !strings.Contains(a.Text("fields", "0", "error"), want) || len(a.Body["events"].([]any)) != 0 {
			t.Errorf("%q: %v", routing, a.Body)
		}
	}
	step(body{"fields": body{"routing_number": "1100-0000 0"}})
	for _, c := range []struct{ number, again, field, want string }{
		{"123", "123", "0", "4 to 17 digits"},
		{"123456789012345678", "123456789012345678", "0", "4 to 17 digits"},
		{"12ab5678", "12ab5678", "0", "Use digits only."},
		{"1111222233330000", "", "1", "Enter the account number again."},
		{"1111222233330000", "1111222233330001", "1", "differ. Check"},
		{"1111222233330000", "111122223333000", "1", "has 15 digits, the first 16"},
	} {
		if a := step(body{"fields": body{"account_number": c.number, "account_number_confirmation": c.again}}); !strings.Contains(a.Text("fields", c.field, "error"), c.want) {
			t.Errorf("%v: %v", c, a.Body)
		}
	}
	a := step(body{"fields": body{"account_number": "4321", "account_number_confirmation": "4321"}})
	if got := fmt.Sprint(a.Body["events"]); !strings.Contains(got, "SUBMIT_ACCOUNT_NUMBER") || strings.Contains(got, "4321") {
		t.Errorf("a number of four digits is told whole: %s", got)
	}
	for _, c := range []struct{ field, value, want string }{{"name", " ", "Enter the name"}, {"name", "李明", ""}, {"account_subtype", "", "Choose"}, {"account_subtype", "hsa", "Choose"}, {"account_subtype", "savings", ""}} {
		if a := step(body{"fields": body{c.field: c.value}}); !strings.Contains(a.Text("fields", "0", "error"), c.want) {
			t.Errorf("%v: %v", c, a.Body)
		}
	}
	for range 2 {
		step(body{})
	}
	if a := step(body{}); a.Text("done", "metadata", "accounts", "0", "name") != "Savings...4321" {
		t.Errorf("%v", a.Body)
	}
}

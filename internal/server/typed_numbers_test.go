package server_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/glencheck-dev/glencheck/internal/server/servertest"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

type object = map[string]any

// person is somebody in Link who does not log in.
type person struct {
	*testing.T
	*servertest.Server
	session string
	at      servertest.Answer
	events  []string
}

// enters opens Link with auth options, and goes to the list of banks.
func enters(t *testing.T, s *servertest.Server, auth, more object) *person {
	t.Helper()
	request := object{
		"user": object{"client_user_id": "user-id"}, "client_name": "Plaid App", "products": []string{"auth"}, "country_codes": []string{"US"},
		"language": "en", "auth": auth,
	}
	for name, value := range more {
		request[name] = value
	}
	p := &person{T: t, Server: s}
	p.take(s.Call(t, "/sandbox/link/session/open", object{"link_token": s.Call(t, "/link/token/create", request).Text("link_token")}))
	p.session = p.at.Text("session")
	return p.does(object{})
}

func (p *person) take(a servertest.Answer) {
	p.at = a
	for _, e := range list(a.Body["events"]) {
		m := e["metadata"].(object)
		text := fmt.Sprint(e["event_name"])
		for _, key := range []string{"view_name", "routing_number", "account_number_mask", "error_code", "exit_status"} {
			if value, _ := m[key].(string); value != "" {
				text += " " + value
			}
		}
		p.events = append(p.events, text)
	}
}

func list(v any) []object {
	var out []object
	all, _ := v.([]any)
	for _, x := range all {
		out = append(out, x.(object))
	}
	return out
}

func (p *person) does(step object) *person {
	p.Helper()
	step["session"] = p.session
	p.take(p.Call(p.T, "/sandbox/link/session/step", step))
	return p
}

// types submits the fields of a pane.
func (p *person) types(fields object) *person {
	p.Helper()
	return p.does(object{"fields": fields})
}

// at a bank whose accounts take instant deposits.
func (p *person) picks() *person {
	p.Helper()
	return p.does(object{"action": "pick", "value": "ins_135858"})
}

// is checks where the person is.
func (p *person) is(view string) *person {
	p.Helper()
	if p.at.Text("view") != view {
		p.Fatalf("the person is at %s, not at %s: %v", p.at.Text("view"), view, p.at)
	}
	return p
}

// wrong is what the pane says of a field.
func (p *person) wrong(field string) string {
	p.Helper()
	for _, f := range list(p.at.Body["fields"]) {
		if f["name"] == field {
			words, _ := f["error"].(string)
			return words
		}
	}
	return ""
}

func (p *person) remarked(words string) {
	p.Helper()
	for _, r := range list(p.at.Body["remarks"]) {
		if strings.Contains(fmt.Sprint(r["text"]), words) {
			return
		}
	}
	p.Errorf("no remark with %q: %v", words, p.at.Body["remarks"])
}

var instantForm = object{"routing_number": "333333334", "account_number": "1111222233330000", "name": "Alberta Bobbeth Charleson"}

func formWith(changes ...string) object {
	out := object{}
	for name, value := range instantForm {
		out[name] = value
	}
	for i := 0; i < len(changes); i += 2 {
		out[changes[i]] = changes[i+1]
	}
	return out
}

// item exchanges the token of a session that has ended well.
func (p *person) item() (access string, onSuccess object) {
	p.Helper()
	done := p.does(object{}).at.Body["done"].(object)
	onSuccess = done["metadata"].(object)
	return p.Call(p.T, "/item/public_token/exchange", object{"public_token": done["public_token"]}).Text("access_token"), onSuccess
}

// agree checks that Link, /accounts/get and /auth/get say the same of the one account.
func (p *person) agree(method, status, number string) {
	p.Helper()
	access, onSuccess := p.item()
	told := list(onSuccess["accounts"])[0]
	account := list(p.Call(p.T, "/accounts/get", object{"access_token": access}).Body["accounts"])[0]
	auth := p.Call(p.T, "/auth/get", object{"access_token": access})
	ach := list(auth.Body["numbers"].(object)["ach"])[0]
	it := auth.Body["item"].(object)
	got := []any{told["verification_status"], account["verification_status"], list(auth.Body["accounts"])[0]["verification_status"], it["auth_method"], it["institution_id"], onSuccess["institution"], ach["account"], told["id"] == ach["account_id"]}
	want := []any{status, status, status, method, nil, nil, number, true}
	if d := cmp.Diff(want, got); d != "" {
		p.Error(d)
	}
}

// TestInstantDeposit goes the ways of an instant deposit: its code, wrong codes, a
// bank that refuses it and one that does not answer.
func TestInstantDeposit(t *testing.T) {
	s := servertest.Start(t, servertest.DB(storetest.SQLiteFile(t)))
	set := func(state string) {
		s.Call(t, "/sandbox/bank/account/set", object{"account": "1111222233330000", "state": state})
	}
	rails := func(down bool, delay int) {
		s.Call(t, "/sandbox/bank/rails/set", object{"down": down, "delay_seconds": delay})
	}
	sameDay := object{"same_day_microdeposits_enabled": true}

	t.Run("the code", func(t *testing.T) {
		p := enters(t, s, nil, nil).picks().is("NUMBERS").types(instantForm).is("INSTANT_MICRODEPOSIT_AUTHORIZED")
		deposits := list(s.Call(t, "/sandbox/bank/statement/get", object{"account": "1111222233330000"}).Body["deposits"])
		if d := deposits[0]; d["state"] != "posted" || d["description"] != "#ABC Plaid App ACCTVERIFY" || d["code"] != "ABC" {
			t.Errorf("the statement says %v", d)
		}
		p.does(object{}).is("INSTANT_MICRODEPOSIT_VERIFICATION")
		p.types(object{"code": "AB"}).is("INSTANT_MICRODEPOSIT_VERIFICATION")
		p.types(object{"code": "abd"}).is("INSTANT_MICRODEPOSIT_VERIFICATION")
		if got := p.wrong("code"); got != "That isn’t the code. You have 2 tries left." {
			t.Errorf("the pane says %q", got)
		}
		p.types(object{"code": "abc"}).is("CONNECTED")
		p.agree("INSTANT_MICRODEPOSITS", "manually_verified", "1111222233330000")
		want := []string{
			"OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION", "SELECT_INSTITUTION", "TRANSITION_VIEW NUMBERS",
			"SUBMIT_ROUTING_NUMBER 333333334", "SUBMIT_ACCOUNT_NUMBER 0000", "TRANSITION_VIEW LOADING",
			"TRANSITION_VIEW INSTANT_MICRODEPOSIT_AUTHORIZED", "TRANSITION_VIEW INSTANT_MICRODEPOSIT_VERIFICATION",
			"ERROR INCORRECT_DEPOSIT_VERIFICATION", "TRANSITION_VIEW INSTANT_MICRODEPOSIT_VERIFICATION",
			"TRANSITION_VIEW LOADING", "TRANSITION_VIEW CONNECTED", "HANDOFF",
		}
		if d := cmp.Diff(want, p.events); d != "" {
			t.Error(d)
		}
		events := list(s.Call(t, "/bank_transfer/event/sync", object{"after_id": 0}).Body["bank_transfer_events"])
		if len(events) != 2 || events[1]["event_type"] != "posted" {
			t.Errorf("events %v", events)
		}
	})
	t.Run("three wrong codes", func(t *testing.T) {
		p := enters(t, s, nil, nil).picks().types(instantForm).does(object{})
		p.types(object{"code": "XXX"}).types(object{"code": "xxx"}).is("INSTANT_MICRODEPOSIT_VERIFICATION") // once more is the same try
		p.types(object{"code": "XXY"}).is("INSTANT_MICRODEPOSIT_VERIFICATION")
		p.does(object{"action": "back"}).does(object{"action": "back"}).is("NUMBERS").types(instantForm).does(object{}) // the way round gives no tries
		p.types(object{"code": "XXZ"}).is("ERROR")
		p.does(object{}).is("SELECT_INSTITUTION").picks().types(instantForm).does(object{}).types(object{"code": "ABC"}).is("ERROR")
		p.remarked("3 wrong codes")
		if p.at.Text("exit_status") != "requires_credentials" {
			t.Errorf("exit_status %q", p.at.Text("exit_status"))
		}
	})
	t.Run("codes at once", func(t *testing.T) {
		p := enters(t, s, nil, nil).picks().types(instantForm).does(object{})
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				_, _ = s.Post(t.Context(), "/sandbox/link/session/step", object{"session": p.session, "seq": p.at.Body["seq"], "fields": object{"code": "XX" + string(rune('A'+i))}})
			})
		}
		wg.Wait()
		// One of them was judged at least. So two more are, and not the third.
		p.take(s.Call(t, "/sandbox/link/session/step", object{"session": p.session, "seq": 1}))
		for _, code := range []string{"YYA", "YYB"} {
			if p.at.Text("view") != "ERROR" {
				p.types(object{"code": code})
			}
		}
		p.is("ERROR")
	})
	t.Run("the bank knows no such account", func(t *testing.T) {
		set("unknown")
		p := enters(t, s, sameDay, nil).picks().types(instantForm).is("NUMBERS")
		if got := p.wrong("account_number"); !strings.HasPrefix(got, "Your bank didn’t take a payment") {
			t.Errorf("the pane says %q", got)
		}
		p.remarked("AC03")
		set("open")
		p.types(instantForm).is("NUMBERS") // the same account is not paid twice
		p.types(formWith("account_number", "11112222333300009")).is("INSTANT_MICRODEPOSIT_AUTHORIZED")
		p.does(object{"action": "back"}).types(formWith("account_number", "11112222333300008")).is("INSTANT_MICRODEPOSIT_AUTHORIZED")
		p.does(object{"action": "back"}).types(formWith("account_number", "11112222333300007")).is("ERROR")
		p.remarked("paid a cent to 3 accounts")
	})
	t.Run("the rails are down", func(t *testing.T) {
		rails(true, 0)
		p := enters(t, s, nil, nil).picks().types(instantForm).is("INSTANT_MICRODEPOSIT_AUTHORIZED")
		s.Clock().Advance(61 * time.Second)
		p.does(object{}).is("ERROR")
		p.remarked("has not answered")
		p = enters(t, s, sameDay, nil).picks().types(instantForm)
		s.Call(t, "/sandbox/clock/advance", object{"seconds": 61}) // time passes although nothing can be delivered
		p.does(object{}).is("NUMBERS")
		p.remarked("Link goes on with Same Day Micro-deposits")
		p.types(object{"account_subtype": "savings"}).does(object{}).is("SAME_DAY_MICRODEPOSIT_AUTHORIZED").does(object{}).is("CONNECTED")
		_, onSuccess := p.item()
		if got := list(onSuccess["accounts"])[0]["verification_status"]; got != "pending_manual_verification" {
			t.Errorf("verification_status %v", got)
		}
		rails(false, 0)
	})
	t.Run("the deposit is slow", func(t *testing.T) {
		rails(false, 3600)
		p := enters(t, s, sameDay, nil).picks().types(instantForm).does(object{}).is("INSTANT_MICRODEPOSIT_VERIFICATION")
		p.does(object{"action": "missing"}).is("NUMBERS").does(object{"action": "back"}).is("NUMBERS")
		rails(false, 0)
		s.Refused(t, "/sandbox/link/session/step", object{"session": enters(t, s, nil, nil).picks().types(instantForm).does(object{}).session, "action": "missing"}, "INVALID_FIELD")
	})
	t.Run("a routing number that no instant payment reaches", func(t *testing.T) {
		p := enters(t, s, nil, nil).picks().types(formWith("routing_number", "110000000")).is("NUMBERS")
		if got := p.wrong("routing_number"); !strings.HasPrefix(got, "Payments within seconds don’t reach") {
			t.Errorf("the pane says %q", got)
		}
		p.types(formWith("routing_number", "444444442")).is("INSTANT_MICRODEPOSIT_AUTHORIZED") // FedNow
		enters(t, s, sameDay, nil).picks().types(formWith("routing_number", "110000000")).is("NUMBERS").remarked("neither RTP nor FedNow")
	})
	t.Run("the upgrade", func(t *testing.T) {
		p := enters(t, s, sameDay, object{"user": object{"client_user_id": "u", "legal_name": "Alberta Bobbeth Charleson"}}).does(object{"action": "manual"}).is("NUMBERS")
		p.types(object{"routing_number": "333333334"})
		p.remarked("INSTANT_MICRODEPOSITS: ")
		p.types(object{"account_number": "1111222233330000", "account_number_confirmation": "1111222233330000"})
		p.types(object{"account_subtype": "savings"}).is("NUMBERS").does(object{}).is("INSTANT_MICRODEPOSIT_AUTHORIZED")
		p.does(object{}).types(object{"code": "ABC"}).is("CONNECTED")
		p.agree("INSTANT_MICRODEPOSITS", "manually_verified", "1111222233330000")
	})
	t.Run("switched off", func(t *testing.T) {
		enters(t, s, object{"instant_microdeposits_enabled": false}, nil).picks().is("ERROR").remarked("auth.instant_microdeposits_enabled")
		enters(t, s, nil, object{"country_codes": []string{"US", "CA"}}).picks().is("ERROR").remarked("country_codes")
		enters(t, s, object{"instant_microdeposits_enabled": false, "same_day_microdeposits_enabled": true}, nil).does(object{"action": "manual"}).types(object{"routing_number": "333333334"}).
			remarked("Instant Micro-deposits are switched off")
	})
}

// TestDatabaseAuth goes the ways of Database Auth and Database Match in Link.
func TestDatabaseAuth(t *testing.T) {
	s := servertest.Start(t, servertest.DB(storetest.SQLiteFile(t)))
	insights, match := object{"database_insights_enabled": true}, object{"database_match_enabled": true, "same_day_microdeposits_enabled": true}
	manual := func(t *testing.T, auth, more object, changes ...string) *person {
		t.Helper()
		form := formWith(append([]string{"routing_number", "110000000", "name", "John Smith"}, changes...)...)
		return enters(t, s, auth, more).does(object{"action": "manual"}).is("NUMBERS").types(form)
	}
	t.Run("pass", func(t *testing.T) {
		p := manual(t, insights, nil, "account_number", "1111222233331111").is("CONNECTED")
		p.agree("DATABASE_INSIGHTS", "database_insights_pass", "1111222233331111")
		want := []string{
			"OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION", "TRANSITION_VIEW NUMBERS", "SUBMIT_ROUTING_NUMBER 110000000",
			"SUBMIT_ACCOUNT_NUMBER 1111", "TRANSITION_VIEW LOADING", "TRANSITION_VIEW CONNECTED", "HANDOFF",
		}
		if d := cmp.Diff(want, p.events); d != "" {
			t.Error(d)
		}
	})
	t.Run("caution", func(t *testing.T) {
		manual(t, insights, nil, "account_number", "1111222233333333").is("CONNECTED").agree("DATABASE_INSIGHTS", "database_insights_pass_with_caution", "1111222233333333")
	})
	t.Run("fail", func(t *testing.T) {
		manual(t, insights, nil).is("ERROR").remarked("database_insights_fail, which does not do")
		manual(t, object{"database_insights_enabled": true, "instant_microdeposits_enabled": true}, nil, "routing_number", "333333334").is("INSTANT_MICRODEPOSIT_AUTHORIZED")
		p := manual(t, object{"database_insights_enabled": true, "same_day_microdeposits_enabled": true}, nil).is("NUMBERS")
		p.types(object{"account_subtype": "checking"}).does(object{}).is("SAME_DAY_MICRODEPOSIT_AUTHORIZED")
	})
	t.Run("rules", func(t *testing.T) {
		wears := func(rule string) object {
			s.Call(t, "/sandbox/team/customization/set", object{"name": rule, "database_auth": rule})
			return object{"link_customization_name": rule}
		}
		manual(t, nil, wears("any")).is("CONNECTED").agree("DATABASE_INSIGHTS", "database_insights_fail", "1111222233330000")
		manual(t, nil, wears("pass"), "account_number", "1111222233333333").is("ERROR").remarked("(pass)")
	})
	t.Run("the network is silent", func(t *testing.T) {
		s.Call(t, "/sandbox/bank/network/set", object{"down": true})
		p := manual(t, insights, nil, "account_number", "1111222233331111").is("CONNECTED")
		access, onSuccess := p.item()
		if got := list(onSuccess["accounts"])[0]["verification_status"]; got != "database_insights_pending" {
			t.Errorf("Link says %v", got)
		}
		account := func(path string) object {
			return list(s.Call(t, path, object{"access_token": access}).Body["accounts"])[0]
		}
		if got := account("/accounts/get")["verification_status"]; got != nil {
			t.Errorf("/accounts/get says %v", got)
		}
		s.Refused(t, "/auth/get", object{"access_token": access}, "PRODUCT_NOT_READY")
		s.Call(t, "/sandbox/bank/network/set", object{"down": false})
		for _, path := range []string{"/auth/get", "/accounts/get", "/auth/get"} {
			a := account(path)
			if a["verification_status"] != "database_insights_pass" || a["verification_name"] != "John Smith" || a["verification_insights"].(object)["name_match_score"] != 100.0 {
				t.Errorf("%s says %v", path, a)
			}
		}
	})
	t.Run("match", func(t *testing.T) {
		manual(t, match, nil, "account_number", "1111222233331111").is("CONNECTED").agree("DATABASE_MATCH", "database_matched", "1111222233331111")
		manual(t, match, nil, "account_number", "1111222233331111", "name", "Ray Charles").is("NUMBERS").remarked("under another name")
		manual(t, match, nil, "account_number", "1111222233331111", "routing_number", "011401533").is("NUMBERS").remarked("does not know the account number under the routing number")
	})
	t.Run("switched off", func(t *testing.T) {
		p := enters(t, s, insights, object{"products": []string{"auth", "identity"}})
		s.Refused(t, "/sandbox/link/session/step", object{"session": p.session, "action": "manual"}, "INVALID_FIELD")
	})
}

// TestVerifiedAccountsStay: an account without a login has none that could end.
func TestVerifiedAccountsStay(t *testing.T) {
	s := servertest.Start(t, servertest.DB(storetest.SQLiteFile(t)))
	p := enters(t, s, nil, nil).picks().types(instantForm).does(object{}).types(object{"code": "ABC"})
	access, _ := p.item()
	s.Call(t, "/sandbox/clock/advance", object{"days": 31})
	if s.Clock().Now().Before(time.Time{}) {
		t.Fatal("the clock runs backwards")
	}
	s.Call(t, "/auth/get", object{"access_token": access})
	s.Refused(t, "/accounts/balance/get", object{"access_token": access}, "PRODUCTS_NOT_SUPPORTED")
	s.Refused(t, "/identity/get", object{"access_token": access}, "PRODUCTS_NOT_SUPPORTED")
	s.Call(t, "/item/remove", object{"access_token": access})
	s.Refused(t, "/auth/get", object{"access_token": access}, "ITEM_NOT_FOUND")
}

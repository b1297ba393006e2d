package server_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/glencheck-dev/glencheck/internal/server/servertest"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// stage is what a client sees of an Item, wherever it looks.
type stage struct {
	status any    // verification_status
	method any    // auth_method: of numbers that were typed, from the beginning
	auth   string // the error_code of /auth/get, or the one account number
}

// sees checks that every answer about an Item says the same of its account.
func (d deposited) sees(want stage) {
	d.t.Helper()
	at := body{"access_token": d.access}
	// First, as a bank's own numbers are there when they were asked for.
	auth, err := d.s.Post(d.t.Context(), "/auth/get", at)
	if err != nil {
		d.t.Fatal(err)
	}
	accounts := d.s.Call(d.t, "/accounts/get", at)
	item := d.s.Call(d.t, "/item/get", at)
	got := stage{method: item.Body["item"].(body)["auth_method"]}
	status := func(a servertest.Answer) any {
		d.t.Helper()
		all := list(a.Body["accounts"])
		if len(all) != 1 || all[0]["account_id"] != d.account {
			d.t.Fatalf("not the one account of Link: %v", a.Body)
		}
		return all[0]["verification_status"]
	}
	got.status = status(accounts)
	answers := []servertest.Answer{accounts}
	if got.auth = auth.Text("error_code"); auth.Status == 200 {
		if also := status(auth); also != got.status {
			d.t.Errorf("/accounts/get says %v, /auth/get %v", got.status, also)
		}
		ach := list(auth.Body["numbers"].(body)["ach"])
		if len(ach) != 1 || ach[0]["account_id"] != d.account {
			d.t.Fatalf("not the one account of Link: %v", auth.Body)
		}
		got.auth = fmt.Sprint(ach[0]["account"])
		answers = append(answers, auth)
	}
	for _, a := range answers {
		if also := a.Body["item"].(body)["auth_method"]; also != got.method {
			d.t.Errorf("/item/get says %v, another answer %v", got.method, also)
		}
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(stage{})); diff != "" {
		d.t.Error(diff)
	}
}

// linked goes through Link, and checks what its onSuccess says.
func linked(t *testing.T, s *servertest.Server, auth, inputs body, told any) deposited {
	t.Helper()
	token := s.Call(t, "/link/token/create", body{
		"user": body{"client_user_id": "user-id"}, "client_name": "Plaid App", "products": []string{"auth"},
		"language": "en", "country_codes": []string{"US"}, "auth": auth,
	}).Text("link_token")
	done := s.Call(t, "/sandbox/link/session/complete", body{"link_token": token, "inputs": inputs})
	account := list(done.Body["done"].(body)["metadata"].(body)["accounts"])
	if len(account) != 1 || account[0]["verification_status"] != told {
		t.Errorf("Link says %v, want %v", account, told)
	}
	access := s.Call(t, "/item/public_token/exchange", body{"public_token": done.Text("done", "public_token")}).Text("access_token")
	return deposited{t, s, access, fmt.Sprint(account[0]["id"])}
}

// TestEveryStageAgrees: Link's onSuccess, /accounts/get, /auth/get and the Item's
// auth_method tell one story, at each stage of each way (link-web.md sections
// 4.1-4.6; those that need no waiting are also in TestInstantDeposit and
// TestDatabaseAuth).
func TestEveryStageAgrees(t *testing.T) {
	s := servertest.Start(t, servertest.DB(storetest.SQLiteFile(t)))
	const waits = "PRODUCT_NOT_READY"
	set := func(d deposited, status string) {
		t.Helper()
		s.Call(t, "/sandbox/item/set_verification_status", body{"access_token": d.access, "account_id": d.account, "verification_status": status})
	}
	login := func(mask, routing, number string) body {
		in := body{"institution_id": "ins_109512", "username": "user_good", "password": "pass_good", "accounts": body{"masks": []string{mask}}}
		if routing != "" {
			in["routing_number"], in["account_number"], in["name"] = routing, number, "Alberta Bobbeth Charleson"
		}
		return in
	}

	bank := login("0000", "", "")
	bank["institution_id"] = "ins_109508"
	linked(t, s, nil, bank, nil).sees(stage{nil, "INSTANT_AUTH", "1111222233330000"})
	linked(t, s, nil, login("1111", "021000021", "1111222233331111"), nil).sees(stage{nil, "INSTANT_MATCH", "1111222233331111"})

	automated := body{"automated_microdeposits_enabled": true}
	cent := login("0000", "021000021", "1111222233330000")
	cent["password"] = "microdeposits_good"
	for _, end := range []stage{
		{"automatically_verified", "AUTOMATED_MICRODEPOSITS", "1111222233330000"},
		{"verification_expired", "AUTOMATED_MICRODEPOSITS", waits},
	} {
		d := linked(t, s, automated, cent, "pending_automatic_verification")
		d.sees(stage{"pending_automatic_verification", "AUTOMATED_MICRODEPOSITS", waits})
		set(d, fmt.Sprint(end.status))
		d.sees(end)
	}

	sameDay := body{"same_day_microdeposits_enabled": true}
	numbers := body{"routing_number": "110000000", "account_number": "1111222233330000", "name": "Alberta Bobbeth Charleson"}
	for _, end := range []struct {
		codes []string
		stage
	}{
		{[]string{"XYZ", "abc"}, stage{"manually_verified", "SAME_DAY_MICRODEPOSITS", "1111222233330000"}},
		{[]string{"XYZ", "XYA", "XYB", "ABC"}, stage{"verification_failed", "SAME_DAY_MICRODEPOSITS", waits}},
	} {
		pending := stage{"pending_manual_verification", "SAME_DAY_MICRODEPOSITS", waits}
		d := linked(t, s, sameDay, numbers, pending.status)
		d.sees(pending)
		session := d.tab(d.token())
		var last servertest.Answer
		for n, code := range end.codes {
			if n == 1 {
				d.sees(pending) // after a wrong code
			}
			last = d.enter(session, code)
		}
		d.sees(end.stage)
		if last.Text("view") != "CONNECTED" {
			continue
		}
		onSuccess := d.enter(session, "").Body["done"].(body)["metadata"].(body)
		if account := list(onSuccess["accounts"])[0]; account["verification_status"] != end.status || account["id"] != d.account {
			t.Errorf("the session of the code says %v", account)
		}
	}
}

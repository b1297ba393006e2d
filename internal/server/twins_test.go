package server_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/server/servertest"
)

// twins are the endpoints of a processor token beside those of an access token that
// have the same data.
var twins = []struct{ access, processor string }{
	{"/accounts/get", "/processor/account/get"},
	{"/auth/get", "/processor/auth/get"},
	{"/accounts/balance/get", "/processor/balance/get"},
	{"/identity/get", "/processor/identity/get"},
	{"/identity/match", "/processor/identity/match"},
}

// TestTwinsAgree brings Items into every state in which something is refused: a
// processor token is refused the same, and elsewhere has the same data of its account.
// codes are those of the endpoints above, "" for an answer.
func TestTwinsAgree(t *testing.T) {
	s := servertest.Start(t)
	type object = map[string]any
	made := func(institution string, products []string) string {
		in := object{"institution_id": institution, "initial_products": products}
		return s.Call(t, "/item/public_token/exchange", object{"public_token": s.Call(t, "/sandbox/public_token/create", in).Text("public_token")}).Text("access_token")
	}
	linked := func(more object) string {
		token := object{"user": object{"client_user_id": "user-id"}, "client_name": "Wonderwallet", "products": []string{"identity"}, "language": "en", "country_codes": []string{"US"}}
		for name, v := range more {
			token[name] = v
		}
		person := object{"institution_id": "ins_109508", "username": "user_good", "password": "pass_good", "accounts": object{"masks": []string{"0000"}}}
		done := s.Call(t, "/sandbox/link/session/complete", object{"link_token": s.Call(t, "/link/token/create", token).Text("link_token"), "inputs": person})
		return s.Call(t, "/item/public_token/exchange", object{"public_token": done.Text("done", "public_token")}).Text("access_token")
	}
	typed := func(status string) string {
		return s.Call(t, "/sandbox/item/create_with_verification_status", object{"verification_status": status}).Text("access_token")
	}
	then := func(access, path string, in object) {
		in["access_token"] = access
		s.Call(t, path, in)
	}
	s.Call(t, "/sandbox/team/customization/set", object{
		"name": "transparent", "language": "en", "country_codes": []string{"US"}, "data_transparency": object{"use_cases": []string{"Verify your account"}},
	})
	both := []string{"auth", "identity"}
	all := func(code string) []string { return []string{code, code, code, code, code} }
	for name, c := range map[string]struct {
		access  string
		account int // which of the Item's
		codes   []string
		breaks  func(access, account string) // after the token was made
	}{
		"in order":           {access: made("ins_109508", both), codes: all("")},
		"called first":       {access: made("ins_109508", []string{"transactions"}), codes: all("")},
		"a card":             {access: made("ins_109508", both), account: 3, codes: []string{"", "NO_AUTH_ACCOUNTS", "", "", ""}},
		"a tokenized one":    {access: made("ins_56", both), codes: all("")},
		"abroad":             {access: made("ins_117650", []string{"auth"}), codes: all("")},
		"login broken":       {access: made("ins_109508", both), codes: all("ITEM_LOGIN_REQUIRED"), breaks: func(access, _ string) { then(access, "/sandbox/item/reset_login", object{}) }},
		"no consent":         {access: linked(object{"link_customization_name": "transparent"}), codes: []string{"", "ADDITIONAL_CONSENT_REQUIRED", "", "", ""}},
		"consent to it":      {access: linked(object{"link_customization_name": "transparent", "additional_consented_products": []string{"auth"}}), codes: all("")},
		"deposit sent":       {access: typed("pending_manual_verification"), codes: []string{"", "PRODUCT_NOT_READY", "PRODUCTS_NOT_SUPPORTED", "PRODUCTS_NOT_SUPPORTED", "PRODUCTS_NOT_SUPPORTED"}},
		"code entered":       {access: typed("manually_verified"), codes: []string{"", "", "PRODUCTS_NOT_SUPPORTED", "PRODUCTS_NOT_SUPPORTED", "PRODUCTS_NOT_SUPPORTED"}},
		"known to a network": {access: typed("database_insights_pass"), codes: []string{"", "", "PRODUCTS_NOT_SUPPORTED", "PRODUCTS_NOT_SUPPORTED", ""}},
		"locked":             {access: typed("verification_failed"), codes: []string{"", "PRODUCT_NOT_READY", "PRODUCTS_NOT_SUPPORTED", "PRODUCTS_NOT_SUPPORTED", "PRODUCTS_NOT_SUPPORTED"}},
		"account taken back": {access: made("ins_109508", both), codes: all("INVALID_ACCOUNT_ID"), breaks: func(access, account string) {
			then(access, "/sandbox/item/revoke_access", object{"account_id": account})
		}},
		"all taken back": {access: made("ins_109508", both), codes: all("USER_PERMISSION_REVOKED"), breaks: func(access, _ string) { then(access, "/sandbox/item/revoke_access", object{}) }},
		"removed":        {access: made("ins_109508", both), codes: all("ITEM_NOT_FOUND"), breaks: func(access, _ string) { then(access, "/item/remove", object{}) }},
	} {
		t.Run(name, func(t *testing.T) {
			account := s.Call(t, "/accounts/get", object{"access_token": c.access}).Text("accounts", fmt.Sprint(c.account), "account_id")
			token := s.Call(t, "/processor/token/create", object{"access_token": c.access, "account_id": account, "processor": "dwolla"}).Text("processor_token")
			if c.breaks != nil {
				c.breaks(c.access, account)
			}
			for i, twin := range twins {
				user := object{"legal_name": "Alberta Charleson"}
				first, second := object{"access_token": c.access, "options": object{"account_ids": []string{account}}}, object{"processor_token": token}
				if twin.access == "/identity/match" {
					first["user"], second["user"] = user, user
				}
				a, err1 := s.Post(t.Context(), twin.access, first)
				b, err2 := s.Post(t.Context(), twin.processor, second)
				if err1 != nil || err2 != nil || a.Text("error_code") != c.codes[i] || b.Text("error_code") != c.codes[i] || a.Text("error_message") != b.Text("error_message") {
					t.Errorf("%s %q, %s %q, want %q; %v %v", twin.access, a.Text("error_code"), twin.processor, b.Text("error_code"), c.codes[i], err1, err2)
					continue
				}
				if c.codes[i] == "" {
					sameAccount(t, twin.processor, a.Body, b.Body)
				}
			}
		})
	}
}

// sameAccount compares the one account of an answer, and its numbers, which are objects
// or null in place of lists.
func sameAccount(t *testing.T, path string, access, processor map[string]any) {
	t.Helper()
	accounts, _ := access["accounts"].([]any)
	if len(accounts) != 1 || !reflect.DeepEqual(accounts[0], processor["account"]) {
		t.Errorf("%s: %v, and for the access token %v", path, processor["account"], accounts)
	}
	if path == "/processor/account/get" {
		want, _ := access["item"].(map[string]any)["institution_id"].(string)
		if processor["institution_id"] != want {
			t.Errorf("%s: institution %v, want %q", path, processor["institution_id"], want)
		}
	}
	lists, _ := access["numbers"].(map[string]any)
	numbers, _ := processor["numbers"].(map[string]any)
	if len(lists) != len(numbers) {
		t.Errorf("%s: numbers %v, and for the access token %v", path, numbers, lists)
	}
	for kind, list := range lists {
		var want any
		if l := list.([]any); len(l) > 0 {
			want = l[0]
		}
		if !reflect.DeepEqual(numbers[kind], want) {
			t.Errorf("%s: %s is %v, want %v", path, kind, numbers[kind], want)
		}
	}
	if processor["item"] != nil {
		t.Errorf("%s tells of the Item", path)
	}
}

package server_test

import (
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/server/servertest"
)

// matchIn is a session under a customization that compares names and numbers: what it
// came to, in the words of its events, its panes and its remarks.
func matchIn(t *testing.T, s *servertest.Server, token map[string]any, script map[string]any) (told []string, done, linkToken string) {
	t.Helper()
	request := map[string]any{
		"user": map[string]any{"client_user_id": "user-id", "legal_name": "Ray Charles"}, "client_name": "Wonderwallet", "products": []string{"identity"},
		"country_codes": []string{"US"}, "language": "en", "link_customization_name": "owners",
	}
	for key, value := range token {
		request[key] = value
	}
	linkToken = s.Call(t, "/link/token/create", request).Text("link_token")
	script["link_token"] = linkToken
	out := s.Call(t, "/sandbox/link/session/complete", script)
	for _, e := range out.Body["events"].([]any) {
		e := e.(map[string]any)
		name := e["event_name"].(string)
		if view, ok := e["metadata"].(map[string]any)["view_name"].(string); ok && name == "TRANSITION_VIEW" {
			name = view
		}
		told = append(told, name)
	}
	for _, r := range out.Body["remarks"].([]any) {
		told = append(told, r.(map[string]any)["text"].(string))
	}
	return told, out.Text("done", "kind"), linkToken
}

// added counts the Items that /link/token/get tells of a link token.
func added(t *testing.T, s *servertest.Server, linkToken string) (items int, success bool) {
	t.Helper()
	session := s.Call(t, "/link/token/get", map[string]any{"link_token": linkToken}).Body["link_sessions"].([]any)[0].(map[string]any)
	if results, ok := session["results"].(map[string]any); ok {
		items = len(results["item_add_results"].([]any))
	}
	return items, session["on_success"] != nil
}

const ray = `{"override_accounts": [{"type": "depository", "subtype": "checking", "identity": {"names": ["Ray Charles"]}}]}`

func TestIdentityMatchInLink(t *testing.T) {
	s := servertest.Start(t)
	s.Call(t, "/sandbox/team/customization/set", map[string]any{"name": "owners", "identity_match": map[string]any{"legal_name": 70, "phone_number": 70}})
	user := func(members map[string]any) map[string]any {
		members["client_user_id"] = "user-id"
		return map[string]any{"user": members}
	}
	inputs := func(more map[string]any) map[string]any {
		in := map[string]any{"institution_id": "ins_109508", "username": "user_good", "password": "pass_good", "accounts": map[string]any{"masks": []string{"0000"}}}
		for key, value := range more {
			in[key] = value
		}
		return map[string]any{"inputs": in}
	}
	for _, c := range []struct {
		name          string
		token, script map[string]any
		has, hasNot   string // among what was told
		done          string
		items         int
	}{
		{"another name", nil, inputs(nil), "IDENTITY_MATCH_FAILED", "HANDOFF", "exit", 1},
		{"the owner", user(map[string]any{"legal_name": "Alberta Charleson"}), inputs(nil), "IDENTITY_MATCH_PASSED", "IDENTITY_MATCH_BLOCK", "success", 1},
		{
			"the owner, with a number that the bank does not have", user(map[string]any{"legal_name": "Alberta Charleson", "phone_number": "+14155550123"}), inputs(nil),
			"Identity Match has failed for account 1 of 1: phone_number has 0, and at least 70 is asked for", "HANDOFF", "exit", 1,
		},
		{
			"a bank with pages of its own", nil, inputs(map[string]any{"institution_id": "ins_127287"}),
			"IDENTITY_MATCH_FAILED", "HANDOFF", "exit", 1,
		},
		{
			"nothing to compare", user(map[string]any{"email_address": "ray@example.com"}), inputs(nil),
			"Identity Match is without effect: the link token's user has none of what the customization compares", "IDENTITY_MATCH_PASSED", "success", 1,
		},
		{
			"no product", map[string]any{"products": []string{"auth"}}, inputs(nil),
			"Identity Match is without effect: the link token has neither identity nor identity_match among its products, so nobody has agreed to it", "IDENTITY_MATCH_FAILED", "success", 1,
		},
		{
			"numbers that were typed", map[string]any{"products": []string{"auth"}, "optional_products": []string{"identity"}},
			inputs(map[string]any{"institution_id": "ins_109512", "accounts": map[string]any{"masks": []string{"1111"}}, "routing_number": "021000021", "account_number": "1111222233331111"}),
			"IDENTITY_MATCH_FAILED", "HANDOFF", "exit", 1,
		},
		{
			"another bank, under their own name", nil, map[string]any{"steps": []map[string]any{
				{"view": "CONSENT"}, {"view": "SELECT_INSTITUTION", "action": "pick", "value": "ins_109508"},
				{"view": "CREDENTIAL", "fields": map[string]any{"username": "user_good", "password": "pass_good"}},
				{"view": "SELECT_ACCOUNT", "fields": map[string]any{"account": []string{"a1"}}},
				{"view": "IDENTITY_MATCH_BLOCK"}, {"view": "SELECT_INSTITUTION", "action": "pick", "value": "ins_109509"},
				{"view": "CREDENTIAL", "fields": map[string]any{"username": "user_custom", "password": ray}},
				{"view": "SELECT_ACCOUNT", "fields": map[string]any{"account": []string{"a1"}}}, {"view": "CONNECTED"},
			}},
			"IDENTITY_MATCH_PASSED", "EXIT", "success", 2,
		},
		{
			"closed on the pane", nil, map[string]any{"steps": []map[string]any{
				{"view": "CONSENT"}, {"view": "SELECT_INSTITUTION", "action": "pick", "value": "ins_109508"},
				{"view": "CREDENTIAL", "fields": map[string]any{"username": "user_good", "password": "pass_good"}},
				{"view": "SELECT_ACCOUNT", "fields": map[string]any{"account": []string{"a1"}}}, {"view": "IDENTITY_MATCH_BLOCK", "value": "give up"},
			}},
			"IDENTITY_MATCH_BLOCK", "HANDOFF", "exit", 1,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			told, done, token := matchIn(t, s, c.token, c.script)
			all := "|" + strings.Join(told, "|") + "|"
			if !strings.Contains(all, "|"+c.has+"|") || strings.Contains(all, "|"+c.hasNot+"|") || done != c.done {
				t.Errorf("done %s: %s", done, strings.Join(told, "\n"))
			}
			if items, success := added(t, s, token); items != c.items || success != (c.done == "success") {
				t.Errorf("%d Items, on_success %t", items, success)
			}
		})
	}
}

// TestIdentityMatchOfSeveralItems: one person's details against the Items of two, and
// against some of an Item's accounts.
func TestIdentityMatchOfSeveralItems(t *testing.T) {
	s := servertest.Start(t)
	access := map[string]string{}
	for _, user := range []string{"user_good", "user_credit_joint_account"} {
		public := s.Call(t, "/sandbox/public_token/create", m{"institution_id": "ins_109508", "initial_products": []string{"identity"}, "options": m{"override_username": user, "override_password": "pass_good"}}).Text("public_token")
		access[user] = s.Call(t, "/item/public_token/exchange", m{"public_token": public}).Text("access_token")
	}
	for _, c := range []struct {
		item, name string
		low, high  float64
	}{
		{"user_good", "Alberta Charleson", 85, 100},
		{"user_good", "Jane Smith", 0, 49},
		{"user_credit_joint_account", "Jane Smith", 85, 100}, // the second of two holders
		{"user_credit_joint_account", "John Michael Smith", 100, 100},
		{"user_credit_joint_account", "Alberta Charleson", 0, 49},
	} {
		accounts := s.Call(t, "/identity/match", m{"access_token": access[c.item], "user": m{"legal_name": c.name}}).Body["accounts"].([]any)
		if len(accounts) < 10 {
			t.Fatalf("%d accounts", len(accounts))
		}
		for _, a := range accounts {
			if score := a.(m)["legal_name"].(m)["score"].(float64); score < c.low || score > c.high {
				t.Errorf("%s of %s: %v", c.name, c.item, score)
			}
		}
	}
	all := s.Call(t, "/accounts/get", m{"access_token": access["user_good"]}).Body["accounts"].([]any)
	third, first := all[2].(m)["account_id"], all[0].(m)["account_id"]
	some := s.Call(t, "/identity/match", m{"access_token": access["user_good"], "user": m{"legal_name": "Alberta Charleson"}, "options": m{"account_ids": []any{third, first}}}).Body["accounts"].([]any)
	if len(some) != 2 || some[0].(m)["account_id"] != first || some[1].(m)["account_id"] != third {
		t.Errorf("some accounts: %v", some)
	}
	s.Refused(t, "/identity/match", m{"access_token": access["user_credit_joint_account"], "options": m{"account_ids": []any{first}}}, "INVALID_ACCOUNT_ID")
}

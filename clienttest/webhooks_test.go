package clienttest

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/server/servertest"
)

// webhookSchemas are the names of the webhooks' schemas in the document.
var webhookSchemas = map[string]string{
	"EVENTS":           "LinkEventsWebhook",
	"ITEM_ADD_RESULT":  "ItemAddResultWebhook",
	"SESSION_FINISHED": "LinkSessionFinishedWebhook",
}

// TestWebhooksOfLinkKeepTheContract checks what sessions make due against the
// document: one that succeeds, one that is left after an error, one abandoned.
func TestWebhooksOfLinkKeepTheContract(t *testing.T) {
	type object = map[string]any
	s, contract := servertest.Start(t), official(t)
	token := func() string {
		return s.Call(t, "/link/token/create", object{
			"client_name": "Wonderwallet", "language": "en", "country_codes": []string{"US"}, "products": []string{"auth"},
			"user": object{"client_user_id": "user-1"}, "hosted_link": object{}, "webhook": "https://app.example/hook",
		}).Text("link_token")
	}
	inputs := object{"institution_id": "ins_109508", "username": "user_good", "password": "pass_good", "accounts": object{"all": true}}
	succeeds := s.Call(t, "/sandbox/link/session/complete", object{"link_token": token(), "inputs": inputs})
	inputs["password"] = "error_ITEM_LOCKED"
	left := s.Call(t, "/sandbox/link/session/complete", object{"link_token": token(), "inputs": inputs})
	abandoned := s.Call(t, "/sandbox/link/session/open", object{"link_token": token()})
	for _, c := range []struct {
		session servertest.Answer
		want    []string
	}{
		{succeeds, []string{"ITEM_ADD_RESULT", "EVENTS", "SESSION_FINISHED"}},
		{left, []string{"EVENTS", "SESSION_FINISHED"}},
		{abandoned, []string{}},
	} {
		record := s.Call(t, "/sandbox/link/session/get", object{"link_session_id": c.session.Text("link_session_id")})
		webhooks := record.Body["session"].(object)["webhooks"].([]any)
		codes := []string{}
		for _, w := range webhooks {
			webhook := w.(object)
			code := webhook["webhook_code"].(string)
			codes = append(codes, code)
			raw, err := json.Marshal(webhook["payload"])
			if err != nil || webhook["url"] != "https://app.example/hook" {
				t.Errorf("%s: %v, %v", code, webhook["url"], err)
			}
			for _, problem := range contract.CheckSchema(webhookSchemas[code], raw) {
				if code == "EVENTS" && strings.Contains(problem, "the field environment") {
					continue
				}
				t.Errorf("%s: %s", code, problem)
			}
		}
		if !slices.Equal(codes, c.want) {
			t.Errorf("webhooks %v, want %v", codes, c.want)
		}
	}
}

// TestTheSchemaOfAWebhookIsJudged makes sure that the check can fail.
func TestTheSchemaOfAWebhookIsJudged(t *testing.T) {
	contract := official(t)
	for body, want := range map[string]string{
		`{"webhook_type":"LINK","webhook_code":"ITEM_ADD_RESULT","link_session_id":"","link_token":"","environment":"sandbox"}`:                            "public_token",
		`{"webhook_type":"LINK","webhook_code":"ITEM_ADD_RESULT","link_session_id":"","link_token":"","public_token":"","environment":"sandbox","more":1}`: "more",
		`{"webhook_type":"LINK","webhook_code":"ITEM_ADD_RESULT","link_session_id":"","link_token":"","public_token":"","environment":"somewhere"}`:        "environment",
		`{"webhook_type":"LINK","webhook_code":"ITEM_ADD_RESULT","link_session_id":"","link_token":"","public_token":"","environment":"sandbox"}`:          "",
	} {
		problems := strings.Join(contract.CheckSchema("ItemAddResultWebhook", []byte(body)), "\n")
		if want == "" && problems != "" || !strings.Contains(problems, want) {
			t.Errorf("%s: %q", body, problems)
		}
	}
}

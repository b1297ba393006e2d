package clienttest

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/processor"
	"github.com/glencheck-dev/glencheck/internal/server/servertest"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// partnerSchemas are the webhooks that the document has for partners alone.
var partnerSchemas = map[string]string{
	"PROCESSOR_TOKEN/WEBHOOK_UPDATE_ACKNOWLEDGED": "ProcessorTokenWebhookUpdate",
	"TRANSACTIONS/DEFAULT_UPDATE":                 "ProcessorDefaultUpdateWebhook",
	"TRANSACTIONS/SYNC_UPDATES_AVAILABLE":         "ProcessorSyncUpdatesAvailableWebhook",
	"TRANSACTIONS/RECURRING_TRANSACTIONS_UPDATE":  "ProcessorRecurringTransactionsUpdateWebhook",
}

// TestWebhooksOfPartnersKeepTheContract fires every webhook of an Item, and looks at
// what the partner of one of its accounts is sent: those that the document has for
// partners are as it says, the others are those of the Item but for whom they name.
func TestWebhooksOfPartnersKeepTheContract(t *testing.T) {
	type object = map[string]any
	s, contract := servertest.Start(t), official(t)
	s.Client = &http.Client{} // IDENTITY, which the description names, is missing in the enumeration
	user := s.Call(t, "/user/create", object{"client_user_id": "user-1"}).Text("user_id")
	public := s.Call(t, "/sandbox/public_token/create", object{
		"institution_id": "ins_109508", "initial_products": []string{"auth", "identity", "transactions", "investments", "liabilities", "assets"},
		"options": object{"webhook": "https://app.example/hook"}, "user_id": user,
	}).Text("public_token")
	exchanged := s.Call(t, "/item/public_token/exchange", object{"public_token": public})
	access, itemID := exchanged.Text("access_token"), exchanged.Text("item_id")
	account := s.Call(t, "/accounts/get", object{"access_token": access}).Text("accounts", "0", "account_id")
	token := s.Call(t, "/processor/token/create", object{"access_token": access, "account_id": account, "processor": "alloy"}).Text("processor_token")
	s.Call(t, "/processor/token/webhook/update", object{"processor_token": token, "webhook": "https://partner.example/hook"})
	for _, f := range firedSchemas {
		s.Call(t, "/sandbox/item/fire_webhook", object{"access_token": access, "webhook_type": f.kind, "webhook_code": f.code})
	}
	s.Call(t, "/item/webhook/update", object{"access_token": access, "webhook": "https://app.example/other"})
	out, _ := s.Webhooks()
	if err := out.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	list, err := out.Deliveries(t.Context(), webhook.Filter{ClientID: processor.SandboxClientID, State: webhook.Delivered})
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, d := range list {
		name := d.Type + "/" + d.Code
		told = append(told, name)
		var body object
		if err := json.Unmarshal(d.Body, &body); err != nil {
			t.Fatal(err)
		}
		if body["account_id"] != account || body["item_id"] != nil || body["user_id"] != nil || d.URL != "https://partner.example/hook" {
			t.Errorf("%s to %s: %s", name, d.URL, d.Body)
		}
		schema := partnerSchemas[name]
		if schema == "" {
			i := slices.IndexFunc(firedSchemas, func(f struct{ kind, code, schema string }) bool { return f.kind == d.Type && f.code == d.Code })
			schema, body["item_id"] = firedSchemas[i].schema, itemID
			if d.Code != "USER_ACCOUNT_REVOKED" && d.Code != "SMS_MICRODEPOSITS_VERIFICATION" { // which name the account anyway
				delete(body, "account_id")
			}
		}
		whole, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range contract.CheckSchema(schema, whole) {
			t.Errorf("%s: %s in %s", name, p, d.Body)
		}
	}
	want := []string{
		"PROCESSOR_TOKEN/WEBHOOK_UPDATE_ACKNOWLEDGED", "TRANSACTIONS/DEFAULT_UPDATE", "AUTH/DEFAULT_UPDATE", "IDENTITY/DEFAULT_UPDATE",
		"ITEM/USER_PERMISSION_REVOKED", "ITEM/USER_ACCOUNT_REVOKED", "ITEM/PENDING_DISCONNECT", "ITEM/LOGIN_REPAIRED", "ITEM/ERROR",
		"AUTH/SMS_MICRODEPOSITS_VERIFICATION", "TRANSACTIONS/RECURRING_TRANSACTIONS_UPDATE", "TRANSACTIONS/SYNC_UPDATES_AVAILABLE",
	}
	if !slices.Equal(told, want) {
		t.Errorf("the partner is told %v, want %v", told, want)
	}
}

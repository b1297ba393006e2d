package link

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// TestRequestsOfTheOfficialClient sends what the four link token tests of the
// official Go client send, byte for byte as its JSON comes out, and looks at
// what they look at (plaid-server-api.md section 16). The client itself runs in
// clienttest.
func TestRequestsOfTheOfficialClient(t *testing.T) {
	const person = `"user":{"client_user_id":"2026-03-07 12:00:00.123456789 +0000 UTC m=+0.012345678","legal_name":"Legal Name",
		"phone_number":"2025550165","phone_number_verified_time":"2026-03-07T12:00:00.123456789Z",
		"email_address":"test@email.com","email_address_verified_time":"2026-03-07T12:00:00.123456789Z","ssn":"123-22-1234"}`
	const optional = `{"client_name":"Plaid Test","language":"en","country_codes":["US"],` + person + `,"products":["auth"],
		"webhook":"https://webhook-uri.com","link_customization_name":"default",
		"account_filters":{"depository":{"account_subtypes":["checking","savings"]}}}`
	requests := map[string]string{
		"Required": `{"client_name":"Plaid Test","language":"en","country_codes":["US"],
			"user":{"client_user_id":"2026-03-07 12:00:00.123456789 +0000 UTC m=+0.012345678"},"products":["auth"]}`,
		"Optional":      optional,
		"CreateThenGet": optional,
		"ExtendedAuth": `{"client_name":"Plaid Test","language":"en","country_codes":["US"],
			"user":{"client_user_id":"2026-03-07 12:00:00.123456789 +0000 UTC m=+0.012345678"},"products":["auth"],
			"auth":{"auth_type_select_enabled":true,"automated_microdeposits_enabled":true,"instant_match_enabled":true,"same_day_microdeposits_enabled":true}}`,
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newTokenWorld(t, db, "sandbox")
		for name, body := range requests {
			out := w.create(body)
			secret, _ := out["link_token"].(string)
			if !strings.HasPrefix(secret, "link-sandbox") || out["expiration"] == "" || out["request_id"] == "" {
				t.Errorf("%s: %v", name, out)
			}
			if name != "CreateThenGet" {
				continue
			}
			got := w.get(secret)
			metadata := got["metadata"].(object)
			if got["link_token"] != secret || got["expiration"] == nil || got["created_at"] == nil {
				t.Errorf("%s: %v", name, got)
			}
			for member, want := range (object{
				"initial_products": []any{"auth"}, "webhook": "https://webhook-uri.com", "country_codes": []any{"US"}, "language": "en", "client_name": "Plaid Test",
				"account_filters": object{"depository": object{"account_subtypes": []any{"checking", "savings"}}},
			}) {
				if diff := cmp.Diff(want, metadata[member]); diff != "" {
					t.Errorf("%s: %s: %s", name, member, diff)
				}
			}
		}
	})
}

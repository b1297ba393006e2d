package link

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/team"
)

// FuzzLinkTokenCreate throws bodies at the endpoint. Whatever comes, the answer
// is a token or an error in the API's shape, it repeats no value of the request,
// and nothing goes wrong inside.
func FuzzLinkTokenCreate(f *testing.F) {
	f.Add(request("user", user("legal_name", "PLANTED-name", "phone_number", "PLANTED-1", "email_address", "PLANTED-2")))
	f.Add(request("account_filters", object{"depository": object{"account_subtypes": list{"PLANTED-subtype"}}}))
	f.Add(request("products", list{"PLANTED-product"}, "language", "PLANTED-language", "webhook", "PLANTED-hook"))
	f.Add(request("redirect_uri", "https://PLANTED.example/?PLANTED", "access_token", "PLANTED-token"))
	f.Add(request("user_id", "usr_PLANTEDPLANTED", "user_token", "PLANTED", "institution_id", "PLANTED"))
	f.Add(request("income_verification", object{"stated_income_sources": []any{object{"pay_annual": 1e300, "category": "PLANTED"}}}))
	f.Add(request("hosted_link", object{"PLANTED": 1}, "cra_options", object{"days_requested": 1, "partner_insights": object{"fico": object{}}}))
	f.Add(`{"user":{"client_user_id":"\u0000PLANTED"},"client_name":"\ud800","language":null}`)
	f.Add(`{"account_filters":{"depository":{"account_subtypes":[null,{}]}},"account_filters":1}`)
	f.Add(`[`)
	w := newTokenWorld(f, storetest.SQLite(f), "sandbox")
	f.Fuzz(func(t *testing.T, body string) {
		w.log.Reset()
		status, raw := w.postAs(team.SandboxClientID, team.SandboxSecret, "/link/token/create", body)
		var out struct {
			LinkToken string  `json:"link_token"`
			Type      string  `json:"error_type"`
			Code      string  `json:"error_code"`
			Message   string  `json:"error_message"`
			Display   *string `json:"display_message"`
			RequestID string  `json:"request_id"`
		}
		if err := json.Unmarshal([]byte(raw), &out); err != nil || len(out.RequestID) != 15 {
			t.Fatalf("%d %q: %v", status, raw, err)
		}
		switch status {
		case 200:
			if !strings.HasPrefix(out.LinkToken, "link-sandbox-") {
				t.Errorf("%s", raw)
			}
		case 400, 403, 501:
			if out.Type == "" || out.Code == "" || out.Message == "" {
				t.Errorf("%s", raw)
			}
		default:
			t.Errorf("%d %s", status, raw)
		}
		if w.log.Len() > 0 {
			t.Errorf("logged: %s", w.log)
		}
		if out.Code == "UNKNOWN_FIELDS" {
			return // names members of the request, which are no values
		}
		for _, value := range values(body) {
			if strings.Contains(out.Message, value) {
				t.Errorf("the answer repeats %q: %s", value, out.Message)
			}
		}
	})
}

// values lists the texts of a body that could not be in an answer by chance: the
// strings, not the names, with a planted word.
func values(body string) (found []string) {
	var v any
	if json.Unmarshal([]byte(body), &v) != nil {
		return nil
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			if strings.Contains(v, "PLANTED") {
				found = append(found, v)
			}
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for _, e := range v {
				walk(e)
			}
		}
	}
	walk(v)
	slices.Sort(found)
	return slices.Compact(found)
}

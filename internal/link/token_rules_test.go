package link

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// TestTokenRules has one row for every rule of /link/token/create, with the
// answer in full.
func TestTokenRules(t *testing.T) {
	w := newTokenWorld(t, storetest.SQLite(t), "sandbox")
	const (
		field     = "INVALID_FIELD"
		product   = "INVALID_PRODUCT"
		missing   = "MISSING_FIELDS"
		unknown   = "UNKNOWN_FIELDS"
		identity  = "INVALID_USER_IDENTITY_DATA"
		notServed = "NOT_SUPPORTED"
	)
	const redirect = "OAuth redirect URI must be configured in the developer dashboard. See https://plaid.com/docs/#oauth-redirect-uris"
	served := func(f string) string {
		return "Glencheck does not support " + f + " of /link/token/create. See docs/coverage.md for what it supports."
	}
	var refused []string
	for _, test := range []struct {
		name, body, code, message string
	}{
		{"nothing", `{}`, missing, "the following required fields are missing: client_name, language, country_codes"},
		{"nulls", request("client_name", object(nil), "language", object(nil)), missing, "the following required fields are missing: client_name, language"},
		{"no user", request("user", nil), missing, "the following required fields are missing: user"},
		{"no client_user_id", request("user", object{}), missing, "the following required fields are missing: user.client_user_id"},
		{"unknown members", request("colour", 1, "user", user("nick", 1), "auth", object{"x": 1}), unknown, "the following fields are not recognized by this endpoint: auth.x, colour, user.nick"},

		{"empty name", request("client_name", ""), field, "client_name must be a non-empty string of at most 1000 characters"},
		{"endless name", request("client_name", strings.Repeat("x", 1001)), field, "client_name must be a non-empty string of at most 1000 characters"},
		{"language", request("language", "tlh"), field, "language must be one of: da, de, en, es, et, fr, hi, it, lt, lv, nl, no, pl, pt, ro, sv, vi"},
		{"language case", request("language", "EN"), field, "language must be one of: da, de, en, es, et, fr, hi, it, lt, lv, nl, no, pl, pt, ro, sv, vi"},
		{"no countries", request("country_codes", list{}), field, "country_codes must be a list of strings containing at least one supported country code and no other value"},
		{"a country", request("country_codes", list{"US", "XX"}), field, "country_codes must be a list of strings containing at least one supported country code and no other value"},
		{"a country as text", request("country_codes", "US"), field, "country_codes must be a list of strings containing at least one supported country code and no other value"},

		{"no products", request("products", nil), missing, "the following required fields are missing: products"},
		{"empty products", request("products", list{}), field, "products must be a list of strings containing at least one product"},
		{"products as text", request("products", "auth"), field, "products must be a list of strings containing at least one product"},
		{"numbers as products", request("products", []int{1}), field, "products must be a list of strings containing at least one product"},
		{"only optional products", request("products", nil, "optional_products", list{"auth"}), missing, "the following required fields are missing: products"},
		{"nonsense product", request("products", list{"auth", "ABCDEFG1234567"}), product, "invalid product in products: products[1] is not a product"},
		{"balance", request("products", list{"auth", "balance"}), product, `invalid product in products: "balance"`},
		{"recurring_transactions", request("products", list{"recurring_transactions"}), product, `invalid product in products: "recurring_transactions"`},
		{"investments_refresh", request("products", list{"investments_refresh"}), product, `invalid product in products: "investments_refresh"`},
		{"monitor", request("products", list{"monitor"}), product, `invalid product in products: "monitor"`},
		{"optional balance", request("optional_products", list{"balance"}), product, `invalid product in optional_products: "balance"`},
		{"consented balance", request("additional_consented_products", list{"balance"}), product, `invalid product in additional_consented_products: "balance"`},
		{"not served yet", request("products", list{"payment_initiation"}), product, `client is not authorized to access the following products: ["payment_initiation"]`},
		{"several not served", request("products", list{"auth", "layer"}, "optional_products", list{"income_verification"}), product, `client is not authorized to access the following products: ["layer","income_verification"]`},
		{"overlap required", request("required_if_supported_products", list{"auth"}), field, "required_if_supported_products must not contain a product of products"},
		{"overlap optional", request("optional_products", list{"auth"}), field, "optional_products must not contain a product of products"},
		{"overlap consented", request("additional_consented_products", list{"identity", "auth"}), field, "additional_consented_products must not contain a product of products"},
		{"overlap 2 and 3", request("required_if_supported_products", list{"identity"}, "optional_products", list{"identity"}), field, "optional_products must not contain a product of required_if_supported_products"},
		{"overlap 2 and 4", request("required_if_supported_products", list{"identity"}, "additional_consented_products", list{"identity"}), field, "additional_consented_products must not contain a product of required_if_supported_products"},
		{"overlap 3 and 4", request("optional_products", list{"identity"}, "additional_consented_products", list{"identity"}), field, "additional_consented_products must not contain a product of optional_products"},

		{"email as user", request("user", object{"client_user_id": "a@example.com"}), field, "user.client_user_id must not be an email address"},
		{"phone as user", request("user", object{"client_user_id": "+1 415 555 0123"}), field, "user.client_user_id must not be a phone number"},
		{"empty user", request("user", object{"client_user_id": ""}), field, "user.client_user_id must be a non-empty string of at most 1000 characters"},
		{"blank user", request("user", object{"client_user_id": " "}), field, "user.client_user_id must be a non-empty string"},
		{"name without verification", request("user", user("name", object{"given_name": "A", "family_name": "B"})), field, "user.name must be null unless products contains identity_verification"},
		{"blank legal name", request("user", user("legal_name", " ")), identity, "Invalid name. Names must not be empty."},
		{"phone", request("user", user("phone_number", "1112223333")), identity, "Invalid phone number format."},
		{"email", request("user", user("email_address", "nobody")), identity, "Invalid email format."},
		{"date of birth", request("user", user("date_of_birth", "07/03/1990")), identity, "Invalid date of birth format. Expected YYYY-MM-DD."},
		{"half an address", request("user", user("address", object{"country": "US", "city": "Malakoff"})), identity, "Invalid address. All required address fields must be provided."},
		{"address without country", request("user", user("address", object{"city": "Malakoff"})), missing, "the following required fields are missing: user.address.country"},
		{"phone time", request("user", user("phone_number_verified_time", "yesterday")), field, "user.phone_number_verified_time must be a string of the format 'YYYY-MM-DDThh:mm:ssZ'"},
		{"email time", request("user", user("email_address_verified_time", "2026-03-07")), field, "user.email_address_verified_time must be a string of the format 'YYYY-MM-DDThh:mm:ssZ'"},
		{"id number type", request("user", user("id_number", object{"value": "1", "type": "passport"})), field, ""},
		{"user_id shape", request("user", nil, "user_id", "user-id"), "INVALID_USER_ID", "user.user_id must be a non-empty string"},
		{"user_id unknown", request("user_id", "usr_9nSp2KuZ2x4JDw"), "INVALID_USER_ID", "could not find matching user id"},
		{"user_token", request("user_token", "user-sandbox-b0e2c4ee-a763-4df5-bfe9-46a46bce993d"), "INVALID_USER_TOKEN", "could not find matching user token"},

		{"webhook", request("webhook", "sample-web-hook.com"), field, "webhook must be a non-empty string URL"},
		{"empty webhook", request("webhook", ""), field, "webhook must be a non-empty string URL"},
		{"webhook scheme", request("webhook", "ftp://example.com"), field, "webhook must be a non-empty string URL"},
		{"webhook type", request("webhook", 7), field, "webhook must be a non-empty string URL"},
		{"redirect unknown", request("redirect_uri", "https://other.example/oauth.html"), field, redirect},
		{"redirect empty", request("redirect_uri", ""), field, redirect},
		{"redirect query", request("redirect_uri", "https://domainname.com/oauth-page.html?a=b"), field, "redirect_uri must not contain any query parameters"},
		{"redirect and android", request("redirect_uri", "https://domainname.com/oauth-page.html", "android_package_name", "com.example.app"), field, "android_package_name must not be provided together with redirect_uri"},
		{"android", request("android_package_name", "app"), field, "android_package_name must be a valid Android package name"},
		{"customization", request("link_customization_name", "nowhere"), field, "link_customization_name must be the name of a Link customization"},
		{"institution", request("institution_id", "ins_-1"), "INVALID_INSTITUTION", "invalid institution_id provided"},
		{"appearance", request("appearance_mode", "dim"), field, "appearance_mode must be one of: LIGHT, DARK, SYSTEM"},
		{"reroute", request("auth", object{"reroute_to_credentials": "MAYBE"}), field, "auth.reroute_to_credentials must be one of: OFF, OPTIONAL, FORCED"},
		{"auth member", request("auth", object{"instant_match_enabled": "no"}), field, "auth.instant_match_enabled must be a boolean"},
		{"days", request("transactions", object{"days_requested": 731}), field, "transactions.days_requested must be an integer between 1 and 730"},
		{"statements", request("statements", object{"start_date": "2026-01-01", "end_date": "soon"}), field, "statements.end_date must be a string of the format 'YYYY-MM-DD'"},
		{"statements order", request("statements", object{"start_date": "2026-01-02", "end_date": "2026-01-01"}), field, "statements.end_date must not be before statements.start_date"},
		{"payment", request("payment_configuration", object{"amount": "ten"}), field, "payment_configuration.amount must be a decimal string with two digits of precision"},

		{"filters as list", request("account_filters", list{"depository"}), field, "account_filters must be an object"},
		{"filter as text", request("account_filters", object{"depository": "checking"}), field, "account_filters.depository must be an object"},
		{"filter without subtypes", request("account_filters", object{"credit": object{}}), missing, "the following required fields are missing: account_filters.credit.account_subtypes"},
		{"filter empty", request("account_filters", object{"loan": object{"account_subtypes": list{}}}), field, "account_filters.loan.account_subtypes must be a non-empty list of strings"},
		{"filter numbers", request("account_filters", object{"loan": object{"account_subtypes": []int{1}}}), field, "account_filters.loan.account_subtypes must be a non-empty list of strings"},
		{"subtype", request("account_filters", object{"depository": object{"account_subtypes": list{"checking", "mortgage"}}}), field, `account_filters.depository.account_subtypes must contain only subtypes of depository accounts or "all"`},
		{"subtype of investment", request("account_filters", object{"investment": object{"account_subtypes": list{"403b"}}}), field, `account_filters.investment.account_subtypes must contain only subtypes of investment accounts or "all"`},
		{"filters too large", request("account_filters", object{"note": strings.Repeat("x", 17<<10)}), field, "account_filters must not be larger than 16384 bytes"},

		{"hosted text", request("hosted_link", "yes"), field, "hosted_link must be an object"},
		{"hosted lifetime of nothing", request("hosted_link", object{"url_lifetime_seconds": 0}), field, "hosted_link.url_lifetime_seconds must be an integer between 1 and 1814400"},
		{"hosted delivery", request("hosted_link", object{"delivery_method": "post"}), field, "hosted_link.delivery_method must be one of: sms, email"},
		{"hosted lifetime", request("hosted_link", object{"url_lifetime_seconds": 22 * 24 * 3600}), field, "hosted_link.url_lifetime_seconds must be an integer between 1 and 1814400"},
		{"multi-item of nobody", request("enable_multi_item_link", true), field, "user_id must be that of a user of /user/create when enable_multi_item_link is true"},
		{"update mode, unknown Item", request("access_token", "access-sandbox-x", "products", nil), "INVALID_ACCESS_TOKEN", "could not find matching access token"},
		{"update mode, empty", request("access_token", ""), field, "access_token must be a non-empty string"},
		{"several Items", request("access_tokens", list{itemToken}), notServed, served("access_tokens")},
		{"document upload", request("identity", object{"is_document_upload": true}), field, "identity.is_document_upload must be provided together with access_token"},
		{"transfer", request("transfer", object{"intent_id": "x"}), notServed, served("transfer.intent_id")},
		{"transfer decision", request("transfer", object{"authorization_id": "x"}), notServed, served("transfer.authorization_id")},
		{"transfer profile", request("transfer", object{"payment_profile_token": "x"}), notServed, served("transfer.payment_profile_token")},
		{"third party", request("third_party_user_token", "x"), notServed, served("third_party_user_token")},
		{"cra", request("cra_enabled", true), notServed, served("cra_enabled")},
		{"headless", request("eu_config", object{"headless": true}), notServed, served("eu_config.headless")},
	} {
		status, out := w.post("/link/token/create", test.body)
		if test.code == notServed {
			refused = append(refused, strings.Fields(test.message)[4])
		}
		want := map[string]int{identity: 403, notServed: 501}[test.code]
		if want == 0 {
			want = 400
		}
		if status != want || out["error_code"] != test.code || test.message != "" && out["error_message"] != test.message {
			t.Errorf("%s: %d %v %q;\nwant %d %s %q", test.name, status, out["error_code"], out["error_message"], want, test.code, test.message)
		}
	}
	slices.Sort(refused)
	if diff := cmp.Diff(w.tokens.Unsupported(), refused); diff != "" {
		t.Errorf("refused and told to be: %s", diff)
	}
	var n int
	if err := w.tokens.DB.QueryRow(t.Context(), `SELECT count(*) FROM link_token`).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d tokens stored by refused requests, %v", n, err)
	}
}

// TestTokenAccepts has what must pass though it looks odd.
func TestTokenAccepts(t *testing.T) {
	w := newTokenWorld(t, storetest.SQLite(t), "sandbox")
	for name, body := range map[string]string{
		"Go timestamp":        request("user", object{"client_user_id": "2026-03-07 12:00:00.123456789 +0100 CET m=+0.012345678"}),
		"JS timestamp":        request("user", object{"client_user_id": "1700000000000"}),
		"long name":           request("client_name", strings.Repeat("x", 31)),
		"nulls":               `{"client_name":"W","language":"en","country_codes":["US"],"products":["auth"],"user":{"client_user_id":"u","phone_number_verified_time":null,"date_of_birth":null,"name":null},"required_if_supported_products":null,"optional_products":null,"webhook":null,"access_token":null,"appearance_mode":null,"hosted_link":null}`,
		"loopback redirect":   request("redirect_uri", "http://localhost:3000/oauth.html"),
		"android":             request("android_package_name", "com.example.app_1", "redirect_uri", ""),
		"empty filters":       request("account_filters", object{}),
		"unknown filter":      request("account_filters", object{"note": 1, "depository": object{"account_subtypes": list{"all"}, "note": 2}}),
		"no multi-item":       request("enable_multi_item_link", false),
		"options unused":      request("identity_verification", object{"template_id": "flwtmp_x"}, "transfer", object{}, "investments", object{"allow_manual_entry": false}),
		"all extended flows":  request("auth", object{"auth_type_select_enabled": true, "automated_microdeposits_enabled": true, "instant_match_enabled": true, "same_day_microdeposits_enabled": true}),
		"many countries":      request("country_codes", list{"GB", "IE", "US"}, "products", list{"auth", "transactions"}),
		"every linked kind":   request("products", list{"auth", "identity", "transactions", "assets", "investments", "liabilities", "signal", "statements", "transfer"}, "statements", object{"start_date": "2025-01-01", "end_date": "2025-12-31"}),
		"address":             request("user", user("address", object{"street": "2992 Cameron Road", "city": "Malakoff", "region": "NY", "postal_code": "14236", "country": "US"})),
		"epoch as time":       request("user", user("phone_number_verified_time", "1970-01-01T00:00:00Z")),
		"phone of a 2nd land": request("country_codes", list{"GB", "US"}, "user", user("phone_number", "2025550165")),
	} {
		if status, out := w.post("/link/token/create", body); status != 200 {
			t.Errorf("%s: %d %v %v", name, status, out["error_code"], out["error_message"])
		}
	}
}

// TestSeedRequests sends the requests of the two seeds word by word.
func TestSeedRequests(t *testing.T) {
	w := newTokenWorld(t, storetest.SQLite(t), "sandbox")
	alloy := w.token(`{"user":{"client_user_id":"user-id","phone_number":"+1 415 555 0123"},"client_name":"Wonderwallet",
		"products":["identity"],"country_codes":["US"],"language":"en","webhook":"https://sample-web-hook.com",
		"redirect_uri":"https://domainname.com/oauth-page.html"}`)
	if alloy.User.PhoneNumber != "+14155550123" || alloy.Webhook != "https://sample-web-hook.com" || alloy.RedirectURI != "https://domainname.com/oauth-page.html" {
		t.Errorf("seed 000: %+v", alloy)
	}
	instant := w.token(`{"user":{"client_user_id":"123"},"client_name":"Plaid Test App","products":["auth"],"language":"en",
		"webhook":"https://webhook.example.com","redirect_uri":"https://domainname.com/oauth-page.html","country_codes":["US"]}`)
	if !instant.HasProduct("auth") || !instant.Auth.InstantMatch || !instant.Auth.InstantMicrodeposits || instant.Auth.SameDayMicrodeposits {
		t.Errorf("seed 001: %+v", instant)
	}
}

// TestAuthOptions is about which ways to verify an account a token allows.
func TestAuthOptions(t *testing.T) {
	w := newTokenWorld(t, storetest.SQLite(t), "sandbox")
	all := object{"auth_type_select_enabled": true, "automated_microdeposits_enabled": true, "same_day_microdeposits_enabled": true}
	name := func(o AuthOptions) string {
		var on []string
		for n, is := range map[string]bool{"automated": o.AutomatedMicrodeposits, "database": o.DatabaseMatch || o.DatabaseInsights, "instant": o.InstantMicrodeposits, "match": o.InstantMatch, "sameday": o.SameDayMicrodeposits, "select": o.TypeSelect, "sms": o.SMSVerification} {
			if is {
				on = append(on, n)
			}
		}
		slices.Sort(on)
		return strings.Join(append(on, o.RerouteToCredentials), " ")
	}
	for _, test := range []struct{ body, want string }{
		{request(), "instant match sms OPTIONAL"},
		{request("auth", object{}), "instant match sms OPTIONAL"},
		{request("auth", all), "automated instant match sameday select sms OPTIONAL"},
		{request("auth", object{"instant_match_enabled": false}), "instant sms OPTIONAL"},
		{request("auth", object{"instant_microdeposits_enabled": false, "sms_microdeposits_verification_enabled": false}), "match OPTIONAL"},
		{request("auth", object{"flow_type": "FLEXIBLE_AUTH", "reroute_to_credentials": "FORCED"}), "instant match select sms FORCED"},
		{request("auth", object{"database_match_enabled": true}), "database instant match sms OPTIONAL"},
		{request("auth", all, "country_codes", list{"US", "CA"}), "OPTIONAL"},
		{request("auth", all, "country_codes", list{"GB"}), "OPTIONAL"},
		{request("auth", all, "products", list{"auth", "identity"}), "automated match OPTIONAL"},
		{request("auth", all, "products", list{"identity"}), "OPTIONAL"},
		{request("auth", all, "products", list{"transfer"}), "automated instant match sameday select sms OPTIONAL"},
		{request("auth", all, "required_if_supported_products", list{"identity"}), "automated instant match sameday select sms OPTIONAL"},
	} {
		if got := name(w.token(test.body).Auth); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.body, got, test.want)
		}
	}
}

// TestTokenFields is about what reaches a session.
func TestTokenFields(t *testing.T) {
	w := newTokenWorld(t, storetest.SQLite(t), "sandbox")
	tok := w.token(request(
		"products", list{"auth", "identity", "auth"}, "required_if_supported_products", list{"liabilities"}, "optional_products", list{"signal"}, "additional_consented_products", list{"transactions"},
		"account_filters", object{"depository": object{"account_subtypes": list{"checking", "savings"}}, "credit": object{"account_subtypes": list{"all"}}},
		"link_customization_name", "single", "institution_id", "ins_109508", "institution_data", object{"routing_number": "021000021"}, "appearance_mode", "DARK",
		"client_name", strings.Repeat("é", 31),
		"user", user("legal_name", "Alberta Charleson", "email_address", "accountholder0@example.com", "email_address_verified_time", "2026-01-01T01:00:00.5+01:00", "ssn", "123-22-1234", "address", object{"country": "US"}),
	))
	if got := strings.Join(tok.AllProducts(), " "); got != "auth identity liabilities signal transactions" {
		t.Errorf("products: %s", got)
	}
	if tok.ClientUserID != "user-id" || tok.AccountSelect != SelectSingle || tok.InstitutionID != "ins_109508" || tok.RoutingNumber != "021000021" || tok.AppearanceMode != "DARK" {
		t.Errorf("%+v", tok)
	}
	if tok.DisplayName() != "This Application" {
		t.Errorf("a name of 31 characters is shown as %s", tok.DisplayName())
	}
	if u := tok.User; u.LegalName != "Alberta Charleson" || !u.EmailVerifiedAt.Equal(time.Date(2026, 1, 1, 0, 0, 0, 5e8, time.UTC)) || u.Address.Country != "US" {
		t.Errorf("prefill %+v", u)
	}
	for _, a := range []struct {
		kind, subtype string
		want          bool
	}{{"depository", "checking", true}, {"depository", "cd", false}, {"credit", "paypal", true}, {"loan", "student", false}} {
		if tok.AccountFilters.Allows(a.kind, a.subtype) != a.want {
			t.Errorf("filter on %s %s", a.kind, a.subtype)
		}
	}
	plain := w.token(request())
	if !plain.AccountFilters.Allows("loan", "student") || plain.AccountSelect != SelectMultiple || plain.DisplayName() != "Wonderwallet" || plain.User != (UserPrefill{}) {
		t.Errorf("%+v", plain)
	}
}

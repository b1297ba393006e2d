package institution

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/api/apitest"
	"github.com/glencheck-dev/glencheck/internal/clock"
)

// call posts body, less the keys, to the room's endpoints.
func call(t *testing.T, path, body string) (int, map[string]any) {
	t.Helper()
	s := api.New(api.Config{
		Env: "sandbox", IDs: clock.NewIDs(1, 1), Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Authenticate: func(_ context.Context, id, _ string) (api.Caller, error) { return api.Caller{ClientID: id}, nil },
	}, New().Endpoints())
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if path != "/categories/get" {
		r.Header.Set("Plaid-Client-Id", "id")
		r.Header.Set("Plaid-Secret", "key")
	}
	w := httptest.NewRecorder()
	apitest.Keep(s).ServeHTTP(w, r)
	var out map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	return w.Code, out
}

func TestRefusals(t *testing.T) {
	for _, tt := range []struct{ path, body, code, message string }{
		{"/institutions/get", `{}`, "MISSING_FIELDS", "the following required fields are missing: count, offset, country_codes"},
		{"/institutions/get", `{"count":"2","offset":0,"country_codes":["US"]}`, "INVALID_FIELD", "count must be an integer"},
		{"/institutions/get", `{"count":2.5,"offset":0,"country_codes":["US"]}`, "INVALID_FIELD", "count must be an integer"},
		{"/institutions/get", `{"count":0,"offset":0,"country_codes":["US"]}`, "INVALID_FIELD", "count must be an integer between 1 and 500"},
		{"/institutions/get", `{"count":501,"offset":0,"country_codes":["US"]}`, "INVALID_FIELD", "count must be an integer between 1 and 500"},
		{"/institutions/get", `{"count":2,"offset":-1,"country_codes":["US"]}`, "INVALID_FIELD", "offset must be an integer of at least 0"},
		{"/institutions/get", `{"count":2,"offset":-1,"country_codes":null}`, "MISSING_FIELDS", "the following required fields are missing: country_codes"},
		{"/institutions/get", `{"count":2,"offset":0,"country_codes":[]}`, "INVALID_FIELD", "country_codes must be a non-empty array of valid country codes"},
		{"/institutions/get", `{"count":2,"offset":0,"country_codes":["us"]}`, "INVALID_FIELD", "country_codes must be a non-empty array of valid country codes"},
		{"/institutions/get", `{"count":2,"offset":0,"country_codes":["US"],"options":{"products":["nonsense"]}}`, "INVALID_PRODUCT", `invalid product in options.products: "nonsense"`},
		{"/institutions/get", `{"count":2,"offset":0,"country_codes":["US"],"options":{"routing_numbers":["021000022","1"]}}`, "INVALID_FIELD", "options.routing_numbers must contain at least one valid routing number"},
		{"/institutions/get", `{"count":2,"offset":0,"country_codes":["US"],"options":{"oauth":"yes"}}`, "INVALID_FIELD", "options.oauth must be a boolean"},
		{"/institutions/get", `{"count":2,"offset":0,"country_codes":["US"],"options":{"colour":1}}`, "UNKNOWN_FIELDS", "the following fields are not recognized by this endpoint: options.colour"},
		{"/institutions/get_by_id", `{"institution_id":"ins_-1","country_codes":["US"]}`, "INVALID_INSTITUTION", "invalid institution_id provided"},
		{"/institutions/get_by_id", `{"institution_id":"ins_109508","country_codes":["GB"]}`, "INVALID_INSTITUTION", "invalid institution_id provided"},
		{"/institutions/get_by_id", `{"institution_id":"ins_109508","country_codes":null}`, "MISSING_FIELDS", "the following required fields are missing: country_codes"},
		{"/institutions/get_by_id", `{"institution_id":"","country_codes":["US"]}`, "INVALID_FIELD", "institution_id must be a non-empty string"},
		{"/institutions/get_by_id", `{"institution_id":"ins_12","country_codes":["US"],"options":null}`, "INVALID_FIELD", "options must be an object"},
		{"/institutions/search", `{"query":"","country_codes":["US"]}`, "INVALID_FIELD", "query must be a non-empty string"},
		{"/institutions/search", `{"query":"Platypus"}`, "MISSING_FIELDS", "the following required fields are missing: country_codes"},
		{"/institutions/search", `{"query":"a","products":["ABCDEFG1234567"],"country_codes":["XX"]}`, "INVALID_PRODUCT", `invalid product in products: "ABCDEFG1234567"`},
		{"/institutions/search", `{"query":"a","products":[],"country_codes":["US"]}`, "INVALID_PRODUCT", badProducts},
		{"/institutions/search", `{"query":"a","products":"auth","country_codes":["XX"]}`, "INVALID_FIELD", badProducts},
		{"/institutions/search", `{"query":"a","products":[1],"country_codes":["US"]}`, "INVALID_FIELD", badProducts},
		{"/institutions/search", `{"query":"a","products":["<script>"],"country_codes":["US"]}`, "INVALID_PRODUCT", "invalid product in products"},
		{"/institutions/search", `{"query":"a","products":["auth"],"country_codes":["XX"]}`, "INVALID_FIELD", "country_codes must be a non-empty array of valid country codes"},
		{"/institutions/search", `{"query":"a","country_codes":["GB"],"options":{"payment_initiation":{"payment_id":"x"}}}`, "INVALID_FIELD", "options.payment_initiation.payment_id must be the ID of a payment"},
		{"/institutions/search", `{"query":"a","country_codes":["GB"],"options":{"payment_initiation":{"consent_id":"x"}}}`, "INVALID_FIELD", "options.payment_initiation.consent_id must be the ID of a payment consent"},
	} {
		status, out := call(t, tt.path, tt.body)
		if status != 400 || out["error_code"] != tt.code || out["error_message"] != tt.message {
			t.Errorf("%s %s\n got %d %v %q\nwant %s %q", tt.path, tt.body, status, out["error_code"], out["error_message"], tt.code, tt.message)
		}
	}
}

func institutions(out map[string]any) []map[string]any {
	var list []map[string]any
	for _, i := range out["institutions"].([]any) {
		list = append(list, i.(map[string]any))
	}
	return list
}

func TestGet(t *testing.T) {
	_, all := call(t, "/institutions/get", `{"count":500,"offset":0,"country_codes":["US"]}`)
	total := len(institutions(all))
	if all["total"] != float64(total) || total < 12 {
		t.Fatalf("total %v of %d", all["total"], total)
	}
	for _, tt := range []struct {
		body string
		n    int
	}{
		{`{"count":3,"offset":4,"country_codes":["US"]}`, 3},
		{`{"count":3,"offset":100000,"country_codes":["US"]}`, 0},
		{`{"count":3,"offset":1,"country_codes":["GB"],"options":{"oauth":true}}`, 3},
		{`{"count":1,"offset":0,"country_codes":["US"],"options":{"routing_numbers":["021200339","052001633"]}}`, 1},
		{`{"count":9,"offset":0,"country_codes":["US"],"options":{"routing_numbers":["021200339","333333334"]}}`, 0},
		{`{"count":9,"offset":0,"country_codes":["US"],"options":{"routing_numbers":["333333334","nonsense"]}}`, 1},
		{`{"count":9,"offset":0,"country_codes":["US"],"options":null}`, 9},
	} {
		status, out := call(t, "/institutions/get", tt.body)
		if status != 200 || len(institutions(out)) != tt.n {
			t.Errorf("%s: %d, %v", tt.body, status, out)
		}
	}
	_, out := call(t, "/institutions/get", `{"count":500,"offset":0,"country_codes":["US"],"options":{"products":["auth"],"oauth":false}}`)
	for _, i := range institutions(out) {
		if i["oauth"] != false || !slices.Contains(i["products"].([]any), any("auth")) {
			t.Errorf("%v passed the filter", i["name"])
		}
	}
}

func TestOptionalKeys(t *testing.T) {
	get := func(options string) map[string]any {
		_, out := call(t, "/institutions/get_by_id", `{"institution_id":"ins_117650","country_codes":["GB"],"options":`+options+`}`)
		return out["institution"].(map[string]any)
	}
	options := map[string][]string{
		`{"include_optional_metadata":true}`:           {"url", "logo", "primary_color"},
		`{"include_status":true}`:                      {"status"},
		`{"include_auth_metadata":true}`:               {"auth_metadata"},
		`{"include_payment_initiation_metadata":true}`: {"payment_initiation_metadata"},
	}
	plain := get(`{}`)
	for option, keys := range options {
		with := get(option)
		for _, k := range keys {
			if with[k] == nil {
				t.Errorf("%s: no %s", option, k)
			}
			if _, there := plain[k]; there {
				t.Errorf("%s is there without being asked for", k)
			}
		}
		if len(with) != len(plain)+len(keys) {
			t.Errorf("%s: %v", option, with)
		}
	}
}

func TestRecordedInstitution(t *testing.T) {
	_, out := call(t, "/institutions/get_by_id", `{"institution_id":"ins_109508","country_codes":["US"],"options":{"include_optional_metadata":true,"include_status":true}}`)
	i := out["institution"].(map[string]any)
	if i["primary_color"] != "#0075a3" || i["url"] != "https://www.plaid.com/" || len(i["routing_numbers"].([]any)) != 0 {
		t.Errorf("%v", i)
	}
	for _, p := range strings.Fields("assets auth balance transactions credit_details income identity investments investments_auth liabilities") {
		if !slices.Contains(i["products"].([]any), any(p)) {
			t.Errorf("no %s", p)
		}
	}
	logins := i["status"].(map[string]any)["item_logins"].(map[string]any)
	if logins["status"] != "HEALTHY" {
		t.Errorf("%v", logins)
	}
	decodeLogo(t, i["logo"].(string))
	for id, want := range map[string]string{"ins_132363": "DEGRADED", "ins_132361": "DOWN"} {
		_, out := call(t, "/institutions/get_by_id", `{"institution_id":"`+id+`","country_codes":["US"],"options":{"include_status":true}}`)
		if got := out["institution"].(map[string]any)["status"].(map[string]any)["item_logins"].(map[string]any); got["status"] != want {
			t.Errorf("%s: %v", id, got)
		}
	}
}

func TestSearchEndpoint(t *testing.T) {
	_, out := call(t, "/institutions/search", `{"query":"Platypus","country_codes":["GB"],"products":["transactions"],"options":{"oauth":true}}`)
	if list := institutions(out); len(list) != 2 || list[0]["oauth"] != true {
		t.Errorf("%v", out)
	}
	_, out = call(t, "/institutions/search", `{"query":"bank","country_codes":["US"],"products":null}`)
	if n := len(institutions(out)); n != searchLimit {
		t.Errorf("%d results", n)
	}
	if _, has := out["total"]; has {
		t.Error("a search has no total")
	}
}

func TestCategories(t *testing.T) {
	status, out := call(t, "/categories/get", `{}`)
	list := out["categories"].([]any)
	if status != 200 || len(list) < 500 {
		t.Fatalf("%d, %d categories", status, len(list))
	}
	known, last := map[string]bool{}, ""
	for _, c := range list {
		c := c.(map[string]any)
		id, levels := c["category_id"].(string), c["hierarchy"].([]any)
		if len(id) != 8 || id <= last || c["group"] != "place" && c["group"] != "special" {
			t.Errorf("%v after %s", c, last)
		}
		parent := map[int]string{1: "", 2: id[:2] + "000000", 3: id[:5] + "000"}[len(levels)]
		if parent != "" && !known[parent] || parent == id {
			t.Errorf("%v has no parent %s", c, parent)
		}
		known[id], last = true, id
	}
}

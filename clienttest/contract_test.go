package clienttest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func official(t *testing.T) *Contract {
	t.Helper()
	c, err := Official()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestExamplesOfTheDocument runs the document's own example answers through
// the check: what it objects to here it would object to unfairly elsewhere.
// (The example of /institutions/get_by_id is left out: it has a member that the
// document does not list, status.investments.liabilities.)
func TestExamplesOfTheDocument(t *testing.T) {
	c := official(t)
	for _, path := range []string{
		"/auth/get", "/identity/get", "/item/get", "/item/remove", "/accounts/get", "/link/token/create",
		"/item/public_token/exchange", "/sandbox/public_token/create", "/institutions/search", "/link/token/get", "/user/create", "/identity/documents/uploads/get",
	} {
		op := c.doc.Paths.Value(path).Post
		for name, ex := range op.Responses.Status(200).Value.Content.Get("application/json").Examples {
			b, err := json.Marshal(ex.Value.Value)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range c.Check(Exchange{Method: "POST", Path: path, Status: 200, Header: jsonHeader, Answer: b}) {
				t.Errorf("%s %s: %s", path, name, p)
			}
		}
	}
}

var jsonHeader = http.Header{"Content-Type": {"application/json; charset=utf-8"}}

// TestContractObjects makes sure that each part of the check can fail.
func TestContractObjects(t *testing.T) {
	c := official(t)
	exchange := func(path string, status int, request, answer string) Exchange {
		return Exchange{Method: "POST", Path: path, Status: status, Header: jsonHeader, Request: []byte(request), Answer: []byte(answer)}
	}
	const goodError = `{"display_message":null,"documentation_url":"https://plaid.com/docs/","error_code":"INVALID_FIELD","error_message":"x","error_type":"INVALID_REQUEST","request_id":"abc","suggested_action":null}`
	for name, tc := range map[string]struct {
		e    Exchange
		want string // "" means nothing to object to
	}{
		"fine":                   {exchange("/item/remove", 200, `{"access_token":"a"}`, `{"request_id":"a"}`), ""},
		"unlisted member":        {exchange("/item/remove", 200, `{"access_token":"a"}`, `{"request_id":"a","removed":true}`), "does not list the field removed"},
		"missing member":         {exchange("/item/remove", 200, `{"access_token":"a"}`, `{}`), "request_id"},
		"wrong type":             {exchange("/item/remove", 200, `{"access_token":"a"}`, `{"request_id":1}`), "request_id"},
		"accepted a bad request": {exchange("/item/remove", 200, `{"access_token":1}`, `{"request_id":"a"}`), "accepted request"},
		"accepted unknown":       {exchange("/item/remove", 200, `{"access_token":"a","x":1}`, `{"request_id":"a"}`), "accepted request: the document does not list the field x"},
		"accepted more where the document lets it": {
			exchange("/identity/match", 200, `{"access_token":"a","user":{"x":1}}`, `{"accounts":[],"item":{"item_id":"i","webhook":null,"error":null,"available_products":[],"billed_products":[],"consent_expiration_time":null,"update_type":"background"},"request_id":"a"}`), "",
		},
		"accepted more beside it": {
			exchange("/identity/match", 200, `{"access_token":"a","x":1,"user":{}}`, `{}`), "accepted request: the document does not list the field x",
		},
		"undocumented status":      {exchange("/item/remove", 204, `{"access_token":"a"}`, `{"request_id":"a"}`), "status 204"},
		"good error":               {exchange("/item/remove", 400, `{"x":`, goodError), ""},
		"error on our own path":    {exchange("/sandbox/link/session/start", 400, `{}`, goodError), ""},
		"bare error":               {exchange("/item/remove", 400, `{}`, `{"error":"no"}`), "error_code"},
		"shown in another example": {exchange("/identity/get", 200, `{"access_token":"a"}`, `{"accounts":[{"owners":[{"document_id":"x"}]}]}`), "does not list the field accounts.0.owners.0.document_id"},
		"error with a surprise":    {exchange("/item/remove", 400, `{}`, strings.Replace(goodError, `"request_id"`, `"stack":"x","request_id"`, 1)), "does not list the field stack"},
		"nested unlisted": {
			exchange("/item/get", 200, `{"access_token":"a"}`,
				`{"item":{"item_id":"i","webhook":null,"error":null,"available_products":[],"billed_products":["auth"],"consent_expiration_time":null,"update_type":"background","surprise":1},"status":null,"request_id":"a"}`),
			"does not list the field item.surprise",
		},
		"bad enumeration": {
			exchange("/item/get", 200, `{"access_token":"a"}`,
				`{"item":{"item_id":"i","webhook":null,"error":null,"available_products":[],"billed_products":["karaoke"],"consent_expiration_time":null,"update_type":"background"},"status":null,"request_id":"a"}`),
			"billed_products",
		},
		"bad time": {
			exchange("/link/token/create", 200, `{"client_name":"c","language":"en","country_codes":["US"],"user":{"client_user_id":"u"}}`,
				`{"link_token":"l","expiration":"tomorrow","request_id":"a"}`),
			"expiration",
		},
		"not JSON": {exchange("/item/remove", 200, `{"access_token":"a"}`, `<html>`), "not JSON"},
		"wrong content type": {
			Exchange{Method: "POST", Path: "/item/remove", Status: 200, Header: http.Header{"Content-Type": {"text/html"}}, Answer: []byte(`{}`)},
			"content type",
		},
	} {
		got := c.Check(tc.e)
		if tc.want == "" && len(got) > 0 {
			t.Errorf("%s: objects to %q", name, got)
		}
		if tc.want != "" && !slices.ContainsFunc(got, func(p string) bool { return strings.Contains(p, tc.want) }) {
			t.Errorf("%s: %q does not mention %q", name, got, tc.want)
		}
	}
}

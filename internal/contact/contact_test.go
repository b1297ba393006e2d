package contact_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/contact"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// TestContacts makes, changes, finds and removes contacts.
func TestContacts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		id := o.create(m{"givenName": "Leslie", "familyName": "Knope", "email": "Leslie.Knope@example.com", "phone": "+1 (415) 555-0123"})
		const byID = `query ($org: ID!, $id: ID!) { contact(orgId: $org, id: $id) { ` + nine + ` identity { status attempts steps { name } completedAt } } }`
		get := func(org, id string) answer { return o.ask(byID, m{"org": org, "id": id}).ok() }
		a := get(contact.SandboxOrg, id)
		for field, want := range map[string]any{
			"orgId": contact.SandboxOrg, "name": "Leslie Knope", "givenName": "Leslie", "familyName": "Knope", "email": "Leslie.Knope@example.com",
			"phone": "+14155550123", "createdAt": "2026-11-23T09:00:00.000Z", "updatedAt": "2026-11-23T09:00:00.000Z",
		} {
			if a.at("contact", field) != want {
				t.Errorf("%s: %v, want %v", field, a.at("contact", field), want)
			}
		}
		if a.text("contact", "identity", "status") != "UNVERIFIED" || len(id) != 27 {
			t.Errorf("%s", a.Raw)
		}
		const update = `mutation UpdateContact($input: UpdateContactInput!) { updateContact(input: $input) { ` + nine + ` } }`
		o.clock.Advance(time.Minute)
		a = o.ask(update, m{"input": m{"orgId": contact.SandboxOrg, "id": id, "familyName": "Knope-Wyatt", "phone": nil}}).ok()
		if a.at("updateContact", "name") != "Leslie Knope-Wyatt" || a.at("updateContact", "phone") != nil || a.at("updateContact", "email") == nil || a.at("updateContact", "updatedAt") != "2026-11-23T09:01:00.000Z" {
			t.Errorf("%s", a.Raw)
		}
		a = o.ask(update, m{"input": m{"orgId": contact.SandboxOrg, "id": id, "name": "Les"}}).ok()
		a = o.ask(update, m{"input": m{"orgId": contact.SandboxOrg, "id": id, "givenName": "L"}}).ok()
		if a.at("updateContact", "name") != "Les" {
			t.Errorf("a name that was given is made anew: %s", a.Raw)
		}
		for _, filter := range []m{{"email": "leslie.knope@EXAMPLE.com"}, {"search": "knope-wyatt"}, {"search": "LES l"}, {"identityStatus": "UNVERIFIED"}} {
			if names, _ := o.names(filter); len(names) != 1 {
				t.Errorf("%v finds %v", filter, names)
			}
		}
		for _, filter := range []m{{"phone": "+14155550123"}, {"search": "knope"}, {"search": "leslie"}, {"identityStatus": "VERIFIED"}, {"email": "x@example.com"}} {
			if names, _ := o.names(filter); len(names) != 0 {
				t.Errorf("%v finds %v", filter, names)
			}
		}
		a = o.ask(`query ($input: ContactChangesInput!) { contactChanges(input: $input) { edges { node { kind actor at before { phone } after { name phone } } } } }`,
			m{"input": m{"orgId": contact.SandboxOrg, "contactId": id, "first": 2}}).ok()
		if a.text("contactChanges", "edges", "1", "node", "before", "phone") != "+14155550123" || a.at("contactChanges", "edges", "0", "node", "before") != nil {
			t.Errorf("%s", a.Raw)
		}
		readable(t, db, "Knope", "example.com", "4155550123")

		const remove = `mutation ($input: DeleteContactInput!) { deleteContact(input: $input) { success message } }`
		if a := o.ask(remove, m{"input": m{"orgId": contact.SandboxOrg, "id": id}}).ok(); a.at("deleteContact", "success") != true {
			t.Errorf("%s", a.Raw)
		}
		o.ask(remove, m{"input": m{"orgId": contact.SandboxOrg, "id": id}}).refused("NOT_FOUND")
		if a := get(contact.SandboxOrg, id); a.at("contact") != nil {
			t.Errorf("%s", a.Raw)
		}
		if a := get("nobody", id); a.at("contact") != nil {
			t.Errorf("%s", a.Raw)
		}
		o.ask(update, m{"input": m{"orgId": contact.SandboxOrg, "id": id, "name": "x"}}).refused("NOT_FOUND")
		if names, _ := o.names(nil); names != nil {
			t.Errorf("%v", names)
		}
		if strings.Contains(o.log.String(), "Knope") {
			t.Errorf("the log has a name: %s", o.log)
		}
	})
}

// readable fails if the database shows what is personal.
func readable(t *testing.T, db *store.DB, words ...string) {
	t.Helper()
	content, err := db.Content(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(content)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range words {
		if bytes.Contains(raw, []byte(w)) {
			t.Errorf("the database shows %s", w)
		}
	}
}

// TestInputs refuses what cannot be stored, and names the member.
func TestInputs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		const create = `mutation ($input: CreateContactInput!) { createContact(input: $input) { id } }`
		for field, v := range map[string]string{
			"email": "nobody", "phone": "555", "name": "a\nb", "givenName": strings.Repeat("x", 256), "familyName": "\x00",
		} {
			a := o.ask(create, m{"input": m{"orgId": contact.SandboxOrg, field: v}}).refused("BAD_USER_INPUT")
			if a.Errors[0].Extensions["field"] != field || strings.Contains(a.Raw, "nobody") {
				t.Errorf("%s", a.Raw)
			}
		}
		o.ask(create, m{"input": m{"orgId": contact.SandboxOrg}}).refused("BAD_USER_INPUT")
		o.ask(create, m{"input": m{"orgId": contact.SandboxOrg, "name": " "}}).refused("BAD_USER_INPUT")
		o.ask(create, m{"input": m{"orgId": "35dHMM4pFzIykUsys1CDyZ9Xtk0", "name": "a"}}).refused("NOT_FOUND")
		for _, bad := range []m{
			{"input": m{"orgId": contact.SandboxOrg, "name": 7}}, {"input": m{"orgId": nil, "name": "a"}}, {"input": "text"}, {"input": []int{1}}, {}, {"input": m{"orgId": contact.SandboxOrg, "more": "a"}},
		} {
			if a := o.ask(create, bad); len(a.Errors) == 0 || a.Data["createContact"] != nil || a.Errors[0].Extensions["code"] == "INTERNAL_SERVER_ERROR" || a.Errors[0].Extensions["code"] == nil {
				t.Errorf("%v: %s", bad, a.Raw)
			}
		}
		for _, bad := range []m{{"first": 0}, {"first": 101}, {"last": -1}, {"first": 1, "last": 1}, {"first": 1, "before": "bjox"}, {"after": "!"}, {"after": "eA"}, {"search": "a b c d e"}, {"search": ","}, {"phone": "1"}} {
			bad["orgId"] = contact.SandboxOrg
			o.ask(`query ($input: ContactsInput!) { contacts(input: $input) { edges { cursor } } }`, m{"input": bad}).refused("BAD_USER_INPUT")
		}
	})
}

// TestTransport is about the form of requests.
func TestTransport(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t))
	o.with("").ask(`{ orgs { edges { cursor } } }`, nil).refused("UNAUTHENTICATED")
	if a := o.with("wrong").ask(`{ orgs { edges { cursor } } }`, nil).refused("UNAUTHENTICATED"); a.Status != 401 || a.Header.Get("WWW-Authenticate") == "" || len(a.Header.Get("cl-request-id")) != 27 {
		t.Errorf("%d %v", a.Status, a.Header)
	}
	for body, want := range map[string]int{"": 400, "[]": 400, "{}": 400, `{"query": 1}`: 400, `[{"query": "{a}"}]`: 400, `{"query": "{__typename}", "variables": 1}`: 400, `{"query":"{__typename}"} x`: 400} {
		if a := o.post(body).refused("BAD_REQUEST"); a.Status != want {
			t.Errorf("%s: %d", body, a.Status)
		}
	}
	if a := o.post(`{"query": "{__typename}"}`, "Content-Type", "text/plain").refused("BAD_REQUEST"); a.Status != 415 {
		t.Errorf("%d", a.Status)
	}
	if a := o.serve(httptest.NewRequest("GET", "/graphql?query={__typename}", nil)).refused("BAD_REQUEST"); a.Status != 405 || a.Header.Get("Allow") != "POST" {
		t.Errorf("%d", a.Status)
	}
	if a := o.post(`{"query": "` + strings.Repeat(" ", 300<<10) + `"}`).refused("QUERY_TOO_COMPLEX"); a.Status != 413 {
		t.Errorf("%d", a.Status)
	}
	o.ask("{__typename}"+strings.Repeat(" ", 20_000), nil).refused("QUERY_TOO_COMPLEX")
	o.ask(strings.Repeat("{a", 1000)+strings.Repeat("}", 1000), nil).refused("QUERY_TOO_COMPLEX")
	const graphType = "application/graphql-response+json"
	if a := o.ask(`{ nope }`, nil, "Accept", graphType).refused("GRAPHQL_VALIDATION_FAILED"); a.Status != 400 || !strings.HasPrefix(a.Header.Get("Content-Type"), graphType) {
		t.Errorf("%d %v", a.Status, a.Header)
	}
	if a := o.ask(`{ nope }`, nil).refused("GRAPHQL_VALIDATION_FAILED"); a.Status != 200 || !strings.Contains(a.Raw, `"line":1`) || a.Data != nil {
		t.Errorf("%d %s", a.Status, a.Raw)
	}
	if a := o.ask(`{ nope`, nil).refused("GRAPHQL_PARSE_FAILED"); !strings.Contains(a.Raw, `"locations"`) {
		t.Errorf("%s", a.Raw)
	}
	o.ask(`query A { __typename } query B { __typename }`, nil).refused("GRAPHQL_VALIDATION_FAILED")
	o.ask(`subscription { a }`, nil)
	o.ask(`{ ...F } fragment F on Query { ...F }`, nil).refused("GRAPHQL_VALIDATION_FAILED")
	if a := o.post(`{"query": "query A { a: __typename } query B { b: __typename }", "operationName": "B", "more": 1}`).ok(); a.text("b") != "Query" {
		t.Errorf("%s", a.Raw)
	}
	if a := o.ask(`query ($in: ContactsInput!) { contacts(input: $in) { edges { node { id } } } }`, m{"in": m{"orgId": contact.SandboxOrg, "first": 10}}).ok(); a.Extensions["cost"].(m)["requested"] != 31.0 {
		t.Errorf("%s", a.Raw)
	}
}

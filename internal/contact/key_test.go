package contact_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/contact"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

func (o *office) newKey(org any, scopes ...string) (id, secret string) {
	o.t.Helper()
	a := o.ask(`mutation ($input: ApiKeyCreateInput!) { apiKeyCreate(input: $input) { apiKey { id orgId scopes lastUsedAt } secret } }`, m{"input": m{"orgId": org, "name": "CRM", "scopes": scopes}}).ok()
	return a.text("apiKeyCreate", "apiKey", "id"), a.text("apiKeyCreate", "secret")
}

// TestKeys gives out keys, which do what they are for and nothing else.
func TestKeys(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		a := o.ask(`mutation ($input: OrgCreateInput!) { orgCreate(input: $input) { id agencyId name status overwriteChannels } }`, m{"input": m{"name": "Pawnee"}}).ok()
		pawnee := a.text("orgCreate", "id")
		if a.at("orgCreate", "agencyId") != agency || a.at("orgCreate", "status") != "active" {
			t.Errorf("%s", a.Raw)
		}
		const contacts = `query ($org: ID!) { contacts(input: {orgId: $org}) { edges { node { id } } } }`
		const create = `mutation ($org: ID!) { createContact(input: {orgId: $org, name: "x"}) { id } }`
		id, secret := o.newKey(pawnee, contact.ScopeReadContacts, contact.ScopeKeys)
		if !strings.HasPrefix(secret, "cl_test_") {
			t.Errorf("%s", secret)
		}
		readable(t, db, secret, contact.SandboxKey)
		k := o.with(secret)
		k.ask(contacts, m{"org": pawnee}).ok()
		k.ask(contacts, m{"org": contact.SandboxOrg}).refused("FORBIDDEN")
		k.ask(contacts, m{"org": "nobody"}).refused("NOT_FOUND")
		k.ask(create, m{"org": pawnee}).refused("FORBIDDEN")
		const keyCreate = `mutation ($input: ApiKeyCreateInput!) { apiKeyCreate(input: $input) { apiKey { orgId } secret } }`
		k.ask(keyCreate, m{"input": m{"name": "more", "scopes": []string{contact.ScopeWriteContacts}}}).refused("FORBIDDEN")
		k.ask(keyCreate, m{"input": m{"name": "more", "orgId": contact.SandboxOrg, "scopes": []string{contact.ScopeReadContacts}}}).refused("FORBIDDEN")
		if a := k.ask(keyCreate, m{"input": m{"name": "more", "scopes": []string{contact.ScopeReadContacts}}}).ok(); a.at("apiKeyCreate", "apiKey", "orgId") != pawnee {
			t.Errorf("a key of an organisation makes one of the agency: %s", a.Raw)
		}
		o.ask(keyCreate, m{"input": m{"name": "", "scopes": []string{contact.ScopeReadContacts}}}).refused("BAD_USER_INPUT")
		o.ask(keyCreate, m{"input": m{"name": "x", "scopes": []string{"all"}}}).refused("BAD_USER_INPUT")
		o.ask(keyCreate, m{"input": m{"name": "x", "scopes": []string{}}}).refused("BAD_USER_INPUT")
		k.ask(`mutation { orgCreate(input: {name: "x"}) { id } }`, nil).refused("FORBIDDEN")

		list := k.ask(`{ apiKeys { edges { node { id name lastUsedAt revokedAt } } } }`, nil).ok()
		if list.text("apiKeys", "edges", "0", "node", "id") != id || list.text("apiKeys", "edges", "0", "node", "lastUsedAt") != "2026-11-23T09:00:00.000Z" {
			t.Errorf("%s", list.Raw)
		}
		o.clock.Advance(59 * time.Second)
		k.ask(contacts, m{"org": pawnee}).ok()
		o.clock.Advance(time.Second)
		k.ask(contacts, m{"org": pawnee}).ok()
		if list := k.ask(`{ apiKeys { edges { node { lastUsedAt } } } }`, nil).ok(); list.text("apiKeys", "edges", "0", "node", "lastUsedAt") != "2026-11-23T09:01:00.000Z" {
			t.Errorf("%s", list.Raw)
		}
		const revoke = `mutation ($id: ID!) { apiKeyRevoke(input: {id: $id}) { id revokedAt } }`
		k.ask(revoke, m{"id": "server:" + agency}).refused("NOT_FOUND")
		o.ask(revoke, m{"id": id}).ok()
		o.ask(revoke, m{"id": id}).ok() // once more changes nothing
		if a := k.ask(contacts, m{"org": pawnee}).refused("UNAUTHENTICATED"); a.Status != 401 {
			t.Errorf("%d", a.Status)
		}
	})
}

// TestAgencies keeps what belongs to one API client from another.
func TestAgencies(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		who := o.create(m{"name": "Leslie"})
		hook, _ := o.subscribe(contact.EventCreated)
		const own = "a key of another agency's own"
		o2 := newOffice(t, db, func(c *contact.Config) { c.Sandbox, c.ClientID, c.Key = false, "another", own }).with(own)
		if a := o2.ask(`query ($org: ID!, $id: ID!) { org(id: $org) { id } contact(orgId: $org, id: $id) { id } orgs { edges { node { id } } } webhooks(input: {}) { edges { node { id } } } apiKeys { edges { node { name } } } }`,
			m{"org": contact.SandboxOrg, "id": who}).ok(); a.at("org") != nil || a.at("contact") != nil || len(a.at("orgs", "edges").([]any)) != 0 || len(a.at("webhooks", "edges").([]any)) != 0 || len(a.at("apiKeys", "edges").([]any)) != 1 {
			t.Errorf("%s", a.Raw)
		}
		for _, op := range []string{
			`{ contacts(input: {orgId: "` + contact.SandboxOrg + `"}) { edges { cursor } } }`,
			`mutation { createContact(input: {orgId: "` + contact.SandboxOrg + `", name: "x"}) { id } }`,
			`mutation { updateContact(input: {orgId: "` + contact.SandboxOrg + `", id: "` + who + `", name: "x"}) { id } }`,
			`mutation { orgUpdate(input: {id: "` + contact.SandboxOrg + `", name: "x"}) { id } }`,
			`mutation { webhookDelete(input: {id: "` + hook + `"}) { success } }`,
			`{ webhookRequests(input: {webhookId: "` + hook + `"}) { edges { cursor } } }`,
			`mutation { webhookCreate(input: {ownerId: "` + agency + `", url: "https://x.example", events: ["contact.created.v1"]}) { signingSecret } }`,
		} {
			o2.ask(op, nil).refused("NOT_FOUND")
		}
		// The published key went when a server was started without it.
		o.ask(`{ orgs { edges { cursor } } }`, nil).refused("UNAUTHENTICATED")
		if err := o.c.Ensure(context.Background()); err != nil {
			t.Fatal(err)
		}
		o.ask(`{ orgs { edges { cursor } } }`, nil).ok()
	})
}

// TestOrgs suspends an organisation and tells of it.
func TestOrgs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db, func(c *contact.Config) {
			c.HasTemplate = func(_ context.Context, client, id string) (bool, error) {
				return client == agency && id == "idvtmp_a", nil
			}
		}).delivering()
		o.subscribe(contact.EventOrgStatus)
		const update = `mutation ($input: OrgUpdateInput!) { orgUpdate(input: $input) { name status templateId overwriteChannels } }`
		a := o.ask(update, m{"input": m{"id": contact.SandboxOrg, "name": "Pawnee", "status": "suspended", "templateId": "idvtmp_a", "overwriteChannels": true}}).ok()
		if a.text("orgUpdate", "status") != "suspended" || a.text("orgUpdate", "templateId") != "idvtmp_a" || a.at("orgUpdate", "overwriteChannels") != true {
			t.Errorf("%s", a.Raw)
		}
		o.settle()
		if got := o.got.Take(); len(got) != 1 || !strings.Contains(got[0].Body, `"status":"suspended","previousStatus":"active"`) {
			t.Errorf("%+v", got)
		}
		o.ask(update, m{"input": m{"id": contact.SandboxOrg, "status": "gone"}}).refused("BAD_USER_INPUT")
		o.ask(update, m{"input": m{"id": contact.SandboxOrg, "templateId": "idvtmp_b"}}).refused("BAD_USER_INPUT")
		if a := o.ask(update, m{"input": m{"id": contact.SandboxOrg, "templateId": nil}}).ok(); a.at("orgUpdate", "templateId") != nil {
			t.Errorf("%s", a.Raw)
		}
	})
}

// TestIntrospection lets clients read the schema only where they may.
func TestIntrospection(t *testing.T) {
	const ask = `{ __schema { types { name fields { name args { type { kind ofType { kind ofType { name } } } } } } } }`
	o := newOffice(t, storetest.SQLite(t))
	if a := o.ask(ask, nil).ok(); !strings.Contains(a.Raw, "ContactCreateIdvSession") {
		t.Errorf("%s", a.Raw)
	}
	o = newOffice(t, storetest.SQLite(t), func(c *contact.Config) { c.Introspection = false })
	o.ask(ask, nil).refused("INTROSPECTION_DISABLED")
	o.ask(`{ __type(name: "Contact") { name } }`, nil).refused("INTROSPECTION_DISABLED")
	o.ask(`{ __typename }`, nil).ok()
}

// TestAnotherClient opens a sandbox's database with another client_id: what is
// published works for that one, and comes along with what belongs to it.
func TestAnotherClient(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		who := o.create(m{"name": "Leslie"})
		hook, _ := o.subscribe(contact.EventUpdated)
		_, secret := o.newKey(contact.SandboxOrg, contact.ScopeReadContacts)
		mine := o.ask(`mutation { orgCreate(input: {name: "Pawnee"}) { id } }`, nil).ok().text("orgCreate", "id")
		o2 := newOffice(t, db, func(c *contact.Config) { c.ClientID = "another" }).delivering()
		a := o2.ask(`{ orgs { edges { node { id agencyId } } } apiKeys { edges { node { id } } } webhooks(input: {}) { edges { node { id } } } }`, nil).ok()
		if a.text("orgs", "edges", "0", "node", "id") != contact.SandboxOrg || a.text("orgs", "edges", "0", "node", "agencyId") != "another" || len(a.at("apiKeys", "edges").([]any)) != 2 || a.text("webhooks", "edges", "0", "node", "id") != hook {
			t.Errorf("%s", a.Raw)
		}
		o2.with(secret).ask(`query ($org: ID!, $id: ID!) { contact(orgId: $org, id: $id) { name } }`, m{"org": contact.SandboxOrg, "id": who}).ok().text("contact", "name")
		o2.ask(`mutation ($in: UpdateContactInput!) { updateContact(input: $in) { id } }`, m{"in": m{"orgId": contact.SandboxOrg, "id": who, "name": "Ron"}}).ok()
		o2.settle()
		if got := o2.got.Take(); len(got) != 1 {
			t.Errorf("%d webhooks", len(got))
		}
		o2.ask(`mutation ($id: ID!) { orgUpdate(input: {id: $id, name: "x"}) { id } }`, m{"id": mine}).refused("NOT_FOUND")
		// And back again.
		o3 := newOffice(t, db)
		o3.ask(`{ contacts(input: {orgId: "`+contact.SandboxOrg+`"}) { edges { cursor } } }`, nil).ok()
		o3.create(m{"name": "April"})
	})
}

package contact_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/contact"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// seed is the mutation of seed 002, word by word.
const seed = "mutation ContactCreateIdvSession($input: ContactCreateIdvSession!) { contactCreateIdvSession(input: $input) { token expiresAt } }"

const withID = `mutation ($input: ContactCreateIdvSession!) { contactCreateIdvSession(input: $input) { id token expiresAt } }`

// verifying is an office that opens sessions without a Link.
func verifying(t *testing.T, db *store.DB, opened func(contact.Opening) error) *office {
	return newOffice(t, db, func(c *contact.Config) {
		c.Template = "idvtmp_a"
		c.HasTemplate = func(_ context.Context, _, id string) (bool, error) { return id == "idvtmp_a", nil }
		c.Open = func(_ context.Context, o contact.Opening) (contact.Opened, error) {
			return contact.Opened{Token: "link-sandbox-" + o.ClientUserID, ExpiresAt: start.Add(o.Life), Keep: func(context.Context, *store.Tx) error { return nil }}, opened(o)
		}
	})
}

func (o *office) session(contactID any) string {
	o.t.Helper()
	return o.ask(withID, m{"input": m{"orgId": contact.SandboxOrg, "contactId": contactID}}).ok().text("contactCreateIdvSession", "id")
}

// attempt lets a verification come to a status.
func (o *office) attempt(session string, status contact.Status, p contact.Person) {
	o.t.Helper()
	a := contact.Attempt{
		ID: "idv_" + session[20:], ClientID: agency, ClientUserID: session, Status: status, TemplateID: "idvtmp_a", TemplateVersion: 2,
		Steps: []contact.IdentityStep{{Name: "kyc_check", Status: "success"}}, CreatedAt: o.clock.Now(), Person: p,
	}
	err := o.db.Write(context.Background(), func(tx *store.Tx) error { return o.c.Attempted(context.Background(), tx, a) })
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) result(session string) answer {
	o.t.Helper()
	return o.ask(`query ($org: ID!, $id: ID!) { contactIdvSession(orgId: $org, id: $id) { status contactId identityVerificationId templateId expiresAt } }`, m{"org": contact.SandboxOrg, "id": session}).ok()
}

func (o *office) contact(id string) answer {
	o.t.Helper()
	return o.ask(`query ($org: ID!, $id: ID!) { contact(orgId: $org, id: $id) { `+nine+` identity { status identityVerificationId templateVersion steps { name status } attempts } } }`,
		m{"org": contact.SandboxOrg, "id": id}).ok()
}

var leslie = contact.Person{GivenName: "Leslie", FamilyName: "Knope", Email: "leslie@example.com", Phone: "+14155550123"}

// TestANewContactIsMade when a verification passes or waits for a review, once.
func TestANewContactIsMade(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := verifying(t, db, func(contact.Opening) error { return nil }).delivering()
		o.subscribe(contact.EventCreated, contact.EventIdentity)
		a := o.ask(seed, m{"input": m{"orgId": contact.SandboxOrg}}).ok()
		if a.text("contactCreateIdvSession", "token") == "" || a.text("contactCreateIdvSession", "expiresAt") != "2026-11-23T09:30:00.000Z" {
			t.Errorf("%s", a.Raw)
		}
		id := o.session("") // "blank" is a new contact, too
		if r := o.result(id); r.text("contactIdvSession", "status") != "OPEN" || r.at("contactIdvSession", "contactId") != nil {
			t.Errorf("%s", r.Raw)
		}
		o.attempt(id, contact.Active, contact.Person{})
		o.attempt(id, contact.PendingReview, leslie)
		o.attempt(id, contact.PendingReview, leslie)
		r := o.result(id)
		who := r.text("contactIdvSession", "contactId")
		if r.text("contactIdvSession", "status") != "PENDING_REVIEW" {
			t.Errorf("%s", r.Raw)
		}
		o.attempt(id, contact.Verified, leslie) // a reviewer's decision
		c := o.contact(who)
		if c.at("contact", "name") != "Leslie Knope" || c.at("contact", "email") != leslie.Email || c.at("contact", "identity", "status") != "VERIFIED" || c.at("contact", "identity", "attempts") != 1.0 || c.at("contact", "identity", "templateVersion") != 2.0 {
			t.Errorf("%s", c.Raw)
		}
		failed := o.session(nil)
		o.attempt(failed, contact.Active, contact.Person{})
		o.attempt(failed, contact.Failed, contact.Person{GivenName: "No", FamilyName: "Body"})
		if r := o.result(failed); r.text("contactIdvSession", "status") != "FAILED" || r.at("contactIdvSession", "contactId") != nil {
			t.Errorf("%s", r.Raw)
		}
		if names, _ := o.names(nil); !slices.Equal(names, []string{"Leslie Knope"}) {
			t.Errorf("%v", names)
		}
		o.settle()
		var said []string
		for _, g := range o.got.Take() {
			said = append(said, g.Body[:len(`{"type":"contact.created`)])
		}
		if n := len(said); n != 6 { // created; active, pending, verified; active, failed
			t.Errorf("%d webhooks: %v", n, said)
		}
		o.clock.Advance(31 * time.Minute)
		list := o.ask(`query ($input: ContactIdvSessionsInput!) { contactIdvSessions(input: $input) { edges { node { status } } } }`, m{"input": m{"orgId": contact.SandboxOrg}}).ok()
		for i, want := range []string{"EXPIRED", "VERIFIED", "FAILED"} {
			if got := list.text("contactIdvSessions", "edges", string(rune('0'+i)), "node", "status"); got != want {
				t.Errorf("session %d is %s, want %s", i, got, want)
			}
		}
	})
}

// TestAnExistingContactIsUpdated by the documented rules: the name is replaced, the
// channels are filled only where there is nothing, unless the organisation wants it.
func TestAnExistingContactIsUpdated(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var known contact.Person
		o := verifying(t, db, func(op contact.Opening) error { known = op.Person; return nil })
		who := o.create(m{"name": "L. K.", "email": "work@example.com"})
		s1 := o.session(who)
		if known.Email != "work@example.com" {
			t.Errorf("Link is not told what is known: %+v", known)
		}
		o.attempt(s1, contact.Active, contact.Person{})
		if c := o.contact(who); c.at("contact", "identity", "status") != "ACTIVE" || c.at("contact", "name") != "L. K." {
			t.Errorf("%s", c.Raw)
		}
		o.attempt(s1, contact.Verified, leslie)
		c := o.contact(who)
		for field, want := range map[string]string{"name": "Leslie Knope", "givenName": "Leslie", "email": "work@example.com", "phone": leslie.Phone} {
			if c.at("contact", field) != want {
				t.Errorf("%s is %v, want %s", field, c.at("contact", field), want)
			}
		}
		changes := o.ask(`query ($input: ContactChangesInput!) { contactChanges(input: $input) { edges { node { actor sessionId before { name } } } } }`, m{"input": m{"orgId": contact.SandboxOrg, "contactId": who}}).ok()
		if changes.text("contactChanges", "edges", "1", "node", "sessionId") != s1 || changes.text("contactChanges", "edges", "1", "node", "actor") != "verification" {
			t.Errorf("%s", changes.Raw)
		}
		// A session that is under way hides no result; a later result does.
		s2 := o.session(who)
		o.attempt(s2, contact.Active, contact.Person{})
		if c := o.contact(who); c.at("contact", "identity", "status") != "VERIFIED" || c.at("contact", "identity", "attempts") != 2.0 {
			t.Errorf("%s", c.Raw)
		}
		o.attempt(s2, contact.Expired, contact.Person{})
		if c := o.contact(who); c.at("contact", "identity", "status") != "VERIFIED" {
			t.Errorf("%s", c.Raw)
		}
		s3 := o.session(who)
		o.attempt(s3, contact.Failed, contact.Person{GivenName: "Some", FamilyName: "Body"})
		if c := o.contact(who); c.at("contact", "identity", "status") != "FAILED" || c.at("contact", "name") != "Leslie Knope" {
			t.Errorf("%s", c.Raw)
		}
		o.ask(`mutation { orgUpdate(input: {id: "`+contact.SandboxOrg+`", overwriteChannels: true}) { id } }`, nil).ok()
		s4 := o.session(who)
		o.ask(`mutation { updateContact(input: {orgId: "`+contact.SandboxOrg+`", id: "`+who+`", phone: "+14155550199"}) { id } }`, nil).ok()
		o.attempt(s4, contact.PendingReview, leslie)
		if c := o.contact(who); c.at("contact", "email") != leslie.Email || c.at("contact", "phone") != leslie.Phone || c.at("contact", "identity", "status") != "PENDING_REVIEW" {
			t.Errorf("%s", c.Raw)
		}
		// A contact that is deleted meanwhile does not come back.
		s5 := o.session(who)
		o.ask(`mutation { deleteContact(input: {orgId: "`+contact.SandboxOrg+`", id: "`+who+`"}) { success } }`, nil).ok()
		o.attempt(s5, contact.Verified, leslie)
		if names, _ := o.names(nil); names != nil || o.result(s5).text("contactIdvSession", "status") != "VERIFIED" {
			t.Errorf("%v", names)
		}
		o.attempt("01234567890123456789012345x", contact.Verified, leslie) // of nobody's session
	})
}

// TestSessionsAreRefused where nobody can be verified.
func TestSessionsAreRefused(t *testing.T) {
	var fail error
	o := verifying(t, storetest.SQLite(t), func(contact.Opening) error { return fail })
	open := func(in m) answer { return o.ask(seed, m{"input": in}) }
	if a := open(m{"orgId": "nobody"}).refused("NOT_FOUND"); a.at("contactCreateIdvSession") != nil || a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Raw)
	}
	open(m{"orgId": contact.SandboxOrg, "contactId": "nobody"}).refused("NOT_FOUND")
	open(m{"orgId": contact.SandboxOrg, "templateId": "idvtmp_b"}).refused("BAD_USER_INPUT")
	open(m{"orgId": contact.SandboxOrg, "templateId": "idvtmp_a"}).ok()
	_, secret := o.newKey(nil, contact.ScopeReadContacts)
	o.with(secret).ask(seed, m{"input": m{"orgId": contact.SandboxOrg}}).refused("FORBIDDEN")
	fail = plaid.InvalidField("user.email_address must be one")
	if a := open(m{"orgId": contact.SandboxOrg}).refused("UPSTREAM_ERROR"); a.Errors[0].Extensions["plaid"].(m)["error_code"] != "INVALID_FIELD" {
		t.Errorf("%s", a.Raw)
	}
	fail = errors.New("the database is away")
	if a := open(m{"orgId": contact.SandboxOrg}).refused("INTERNAL_SERVER_ERROR"); a.Errors[0].Extensions["requestId"] != a.Header.Get("cl-request-id") || !slices.Contains([]string{"an unexpected error occurred"}, a.Errors[0].Message) {
		t.Errorf("%s", a.Raw)
	}
	fail = nil
	o.ask(`mutation { orgUpdate(input: {id: "`+contact.SandboxOrg+`", status: "suspended"}) { id } }`, nil).ok()
	open(m{"orgId": contact.SandboxOrg}).refused("CONFLICT")
}

package contact_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/contact"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

const createOne = `mutation ($input: CreateContactInput!) { createContact(input: $input) { id name } }`

// TestOnce sends mutations again that were carried out, and such as were not.
func TestOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := verifying(t, db, func(contact.Opening) error { return nil })
		in := func(name string) m { return m{"input": m{"orgId": contact.SandboxOrg, "name": name}} }
		// What changes nothing takes no key.
		o.ask(createOne, in(""), "Idempotency-Key", "one").refused("BAD_USER_INPUT")
		first := o.ask(createOne, in("Leslie"), "Idempotency-Key", "one").ok()
		again := o.ask(createOne, in("Leslie"), "Idempotency-Key", "one").ok()
		if first.Raw != again.Raw || first.Header.Get("Idempotency-Replayed") != "" || again.Header.Get("Idempotency-Replayed") != "true" || first.Header.Get("cl-request-id") == again.Header.Get("cl-request-id") {
			t.Errorf("%s, then %s %v", first.Raw, again.Raw, again.Header)
		}
		if a := o.ask(createOne, in("Ron"), "Idempotency-Key", "one").refused("CONFLICT"); a.Status != 409 {
			t.Errorf("%d", a.Status)
		}
		o.ask(createOne, in("Ron"), "Idempotency-Key", "two").ok()
		_, secret := o.newKey(nil, contact.ScopeWriteContacts)
		o.with(secret).ask(createOne, in("April"), "Idempotency-Key", "one").ok() // another key's request
		if names, _ := o.names(nil); !slices.Equal(names, []string{"April", "Ron", "Leslie"}) {
			t.Errorf("%v", names)
		}
		// A session's token is told again, and is not there to be read.
		token := o.ask(seed, m{"input": m{"orgId": contact.SandboxOrg}}, "Idempotency-Key", "three").ok()
		if a := o.ask(seed, m{"input": m{"orgId": contact.SandboxOrg}}, "Idempotency-Key", "three").ok(); a.Raw != token.Raw {
			t.Errorf("%s, then %s", token.Raw, a.Raw)
		}
		readable(t, db, "link-sandbox-", "Leslie")
		// Of several mutations, as many as were carried out.
		several := `mutation { a: orgCreate(input: {name: "Pawnee"}) { id } b: contactCreateIdvSession(input: {orgId: "nobody"}) { token } }`
		half := o.ask(several, nil, "Idempotency-Key", "four").refused("NOT_FOUND")
		if a := o.ask(several, nil, "Idempotency-Key", "four").refused("NOT_FOUND"); a.Raw != half.Raw || a.text("a", "id") == "" {
			t.Errorf("%s, then %s", half.Raw, a.Raw)
		}
		// Queries have no use for a key, and forget it.
		const query = `{ orgs { edges { node { id } } } }`
		if a := o.ask(query, nil, "Idempotency-Key", "one").ok(); a.Header.Get("Idempotency-Replayed") != "" {
			t.Errorf("%v", a.Header)
		}
		for _, bad := range []string{strings.Repeat("x", 256), "\u00e9", "a\tb"} {
			if a := o.ask(createOne, in("Bad"), "Idempotency-Key", bad).refused("BAD_REQUEST"); a.Status != 400 {
				t.Errorf("%q: %d", bad, a.Status)
			}
		}
		o.clock.Advance(24*time.Hour + time.Second)
		if a := o.ask(createOne, in("Leslie"), "Idempotency-Key", "one").ok(); a.Raw == first.Raw {
			t.Errorf("after a day: %s", a.Raw)
		}
	})
}

// TestOnceAtTheSameTime sends one request eight times at once: it is carried out once.
func TestOnceAtTheSameTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		answers := make([]answer, 8)
		var wg sync.WaitGroup
		for i := range answers {
			wg.Go(func() {
				answers[i] = o.ask(createOne, m{"input": m{"orgId": contact.SandboxOrg, "name": "Leslie"}}, "Idempotency-Key", "one")
			})
		}
		wg.Wait()
		names, a := o.names(nil)
		if !slices.Equal(names, []string{"Leslie"}) {
			t.Errorf("%v", names)
		}
		var made []string
		for _, a := range answers {
			if len(a.Errors) > 0 {
				a.refused("CONFLICT")
				continue
			}
			made = append(made, a.text("createContact", "id"))
		}
		if made = slices.Compact(made); len(made) != 1 {
			t.Errorf("made %v: %s", made, a.Raw)
		}
	})
}

package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/glencheck-dev/glencheck/internal/contact"
)

// The mutations that the rows of contacts make: the seed's own, and one that stores a
// contact with what it is found by.
const (
	newSession = `mutation ContactCreateIdvSession($input: ContactCreateIdvSession!) { contactCreateIdvSession(input: $input) { token expiresAt } }`
	newContact = `mutation CreateContact($input: CreateContactInput!) { createContact(input: $input) { id } }`
)

// contactRows measures mutations of the contacts' API, each durable before it is
// answered.
func (b *bencher) contactRows(_ context.Context, t *table) error {
	session, err := mutation(newSession, `{"orgId":"`+contact.SandboxOrg+`"}`)
	if err != nil {
		return err
	}
	person, err := mutation(newContact, `{"orgId":"`+contact.SandboxOrg+`","givenName":"Leslie","familyName":"Knope","email":"leslie@example.com","phone":"+14155550123"}`)
	if err != nil {
		return err
	}
	c, err := dial(b.addr)
	if err != nil {
		return err
	}
	defer c.Close()
	for _, req := range []request{session, person} { // what is refused is answered with 200, too
		raw, err := c.do(req)
		if err != nil {
			return err
		}
		if bytes.Contains(raw, []byte(`"errors"`)) {
			return fmt.Errorf("bench: %s", raw)
		}
	}
	r, err := b.interleave(
		func() (result, error) {
			return load(b.addr, 1, b.opt.Turn, func(int, int) request { return session })
		},
		func() (result, error) {
			return load(b.addr, 1, b.opt.Turn, func(int, int) request { return person })
		},
		func() (result, error) {
			return load(b.addr, 16, b.opt.Turn, func(int, int) request { return session })
		},
	)
	if err != nil {
		return err
	}
	const most = 3 * time.Millisecond
	t.row("contactCreateIdvSession, durable, p50", short(r[0].p50), "", "", "<= "+short(most), r[0].p50 <= most)
	t.row("createContact, durable, p50", short(r[1].p50), "", "", "<= "+short(most), r[1].p50 <= most)
	t.row("contactCreateIdvSession, durable, 16 at once", perSecond(r[2]), "", "", "", true)
	return nil
}

// mutation is a request of the contacts' API, as a team's server sends it.
func mutation(query, input string) (request, error) {
	body, err := json.Marshal(map[string]any{"query": query, "variables": map[string]any{"input": json.RawMessage(input)}})
	return fmt.Appendf(nil, "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"+
		"Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s", contact.SandboxKey, len(body), body), err
}

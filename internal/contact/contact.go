package contact

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/contact/graph"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/team"
)

// Contact is a person that an organisation knows.
type Contact struct {
	ID        string
	OrgID     string
	Status    Status // of the latest verification
	CreatedAt time.Time
	UpdatedAt time.Time
	Person
	Identity *Identity

	number int64
	seq    int64
}

// Person is what is known of a contact. Empty is unknown.
type Person struct {
	Name       string `json:"name,omitempty"`
	GivenName  string `json:"given_name,omitempty"`
	FamilyName string `json:"family_name,omitempty"`
	Email      string `json:"email,omitempty"`
	Phone      string `json:"phone,omitempty"` // E.164
}

// sealed is what of a contact is nobody else's business.
type sealed struct {
	Person
	Identity *Identity `json:"identity,omitempty"`
}

// Edit is what is to become of the person; nil for what stays, "" for what is
// cleared.
type Edit struct {
	Name, GivenName, FamilyName, Email, Phone *string
}

// errContact is the answer for a contact of another organisation, too.
var errContact = graph.Refuse(graph.CodeNotFound, "there is no such contact")

// apply changes p. A name that nobody gave is made of its parts, and follows them.
func (e Edit) apply(p *Person) error {
	derived := p.Name == fullName(*p)
	for _, f := range []struct {
		field string
		from  *string
		to    *string
	}{{"name", e.Name, &p.Name}, {"givenName", e.GivenName, &p.GivenName}, {"familyName", e.FamilyName, &p.FamilyName}} {
		if f.from == nil {
			continue
		}
		if *f.to = strings.TrimSpace(*f.from); !wordsOK(*f.to, 255) {
			return graph.Input(f.field, "must be a text of up to 255 characters on one line")
		}
	}
	if e.Name == nil && derived {
		p.Name = fullName(*p)
	}
	if e.Email != nil {
		if p.Email = strings.TrimSpace(*e.Email); p.Email != "" && (team.CheckEmail(p.Email) != nil || !wordsOK(p.Email, 254)) {
			return graph.Input("email", "must be an email address")
		}
	}
	if e.Phone != nil {
		if p.Phone = strings.TrimSpace(*e.Phone); p.Phone != "" {
			phone, err := team.CheckPhone(p.Phone, "")
			if err != nil {
				return graph.Input("phone", "must be a phone number with its country code, such as +14155550123")
			}
			p.Phone = phone
		}
	}
	return nil
}

func fullName(p Person) string { return strings.TrimSpace(p.GivenName + " " + p.FamilyName) }

// words are the words of a text that people look for, without the difference of
// large and small letters.
func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return unicode.IsSpace(r) || r == ',' })
}

// terms are what a contact can be found by.
func (p Person) terms() []string {
	found := map[string]bool{}
	for _, text := range []string{p.Name, p.GivenName, p.FamilyName, p.Email, p.Phone} {
		for _, w := range words(text) {
			found[w] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// term is the blind index of a word, of its organisation only: the same name looks
// different in another.
func (c *Contacts) term(orgID, word string) string {
	return c.vault.Index("contact.term", orgID+"\x00"+word)
}

// Create makes a contact.
func (c *Contacts) Create(ctx context.Context, by graph.Caller, orgID string, e Edit) (*Contact, error) {
	now := c.clock.Now()
	p := &Contact{ID: c.newID(), OrgID: orgID, Status: Unverified, CreatedAt: now, UpdatedAt: now}
	if err := e.apply(&p.Person); err != nil {
		return nil, err
	}
	if p.Person == (Person{}) {
		return nil, graph.Input("name", "or another member has to say who the contact is")
	}
	err := c.write(ctx, func(tx *store.Tx) error {
		o, err := c.orgFor(ctx, tx, by, orgID)
		if err != nil {
			return err
		}
		return c.add(ctx, tx, o, p, change{Actor: by.Key})
	})
	return p, err
}

// add stores a new contact with what follows from it.
func (c *Contacts) add(ctx context.Context, tx *store.Tx, o Org, p *Contact, why change) (err error) {
	if p.number, err = store.NextNumber(ctx, tx, "contact:"+p.OrgID); err != nil {
		return err
	}
	text, err := c.vault.SealJSON(sealed{p.Person, p.Identity}, sealedContact+p.ID)
	if err != nil {
		return err
	}
	p.seq = 1
	_, err = tx.Exec(ctx, insertContact, p.ID, p.OrgID, p.number, string(p.Status), clock.Millis(p.CreatedAt), clock.Millis(p.UpdatedAt), text)
	if err != nil {
		return fmt.Errorf("contact: %w", err)
	}
	if err := c.index(ctx, tx, p, nil); err != nil {
		return err
	}
	why.Kind, why.After = changeCreated, &p.Person
	if err := c.remember(ctx, tx, p, why); err != nil {
		return err
	}
	return c.tell(ctx, tx, o, EventCreated, p.ID, fact{ContactID: p.ID, SessionID: orNull(why.SessionID)})
}

// index stores what a contact can be found by; before is what was stored.
func (c *Contacts) index(ctx context.Context, tx *store.Tx, p *Contact, before []string) error {
	now := p.terms()
	if slices.Equal(before, now) {
		return nil
	}
	if before != nil {
		if _, err := tx.Exec(ctx, deleteTerms, p.ID); err != nil {
			return fmt.Errorf("contact: %w", err)
		}
	}
	for _, w := range now {
		if _, err := tx.Exec(ctx, insertTerm, p.OrgID, c.term(p.OrgID, w), p.ID); err != nil {
			return fmt.Errorf("contact: %w", err)
		}
	}
	return nil
}

// find is a contact of an organisation; errContact if there is none.
func (c *Contacts) find(ctx context.Context, from reader, orgID, id string) (*Contact, error) {
	p, err := c.scan(from.QueryRow(ctx, contactByID, id, orgID))
	if errors.Is(err, store.ErrNoRows) {
		return nil, errContact
	}
	if err != nil {
		return nil, fmt.Errorf("contact: %w", err)
	}
	return p.node, nil
}

// Update changes a contact. What says the same as before changes nothing.
func (c *Contacts) Update(ctx context.Context, by graph.Caller, orgID, id string, e Edit) (p *Contact, err error) {
	err = c.write(ctx, func(tx *store.Tx) error {
		o, err := c.orgFor(ctx, tx, by, orgID)
		if err != nil {
			return err
		}
		if p, err = c.find(ctx, tx, orgID, id); err != nil {
			return err
		}
		before := *p
		if err := e.apply(&p.Person); err != nil {
			return err
		}
		if p.Person == (Person{}) {
			return graph.Input("name", "or another member has to say who the contact is")
		}
		if p.Person == before.Person {
			return nil
		}
		return c.store(ctx, tx, o, p, before, change{Actor: by.Key})
	})
	return p, err
}

// store keeps a changed contact with what follows from the change.
func (c *Contacts) store(ctx context.Context, tx *store.Tx, o Org, p *Contact, before Contact, why change) error {
	p.UpdatedAt = c.clock.Now()
	text, err := c.vault.SealJSON(sealed{p.Person, p.Identity}, sealedContact+p.ID)
	if err != nil {
		return err
	}
	err = tx.ExecOne(ctx, updateContact, p.ID, p.seq, string(p.Status), clock.Millis(p.UpdatedAt), text)
	if errors.Is(err, store.ErrNoRows) {
		return graph.Refuse(graph.CodeConflict, "the contact was changed by another request at the same time: try again")
	}
	if err != nil {
		return fmt.Errorf("contact: %w", err)
	}
	p.seq++
	if p.Person == before.Person {
		return nil
	}
	if err := c.index(ctx, tx, p, append([]string{}, before.terms()...)); err != nil {
		return err
	}
	why.Kind, why.Before, why.After = changeUpdated, &before.Person, &p.Person
	if err := c.remember(ctx, tx, p, why); err != nil {
		return err
	}
	return c.tell(ctx, tx, o, EventUpdated, p.ID, fact{ContactID: p.ID, SessionID: orNull(why.SessionID)})
}

// Delete removes a contact and everything personal about it.
func (c *Contacts) Delete(ctx context.Context, by graph.Caller, orgID, id string) error {
	return c.write(ctx, func(tx *store.Tx) error {
		o, err := c.orgFor(ctx, tx, by, orgID)
		if err != nil {
			return err
		}
		p, err := c.find(ctx, tx, orgID, id)
		if err != nil {
			return err
		}
		for _, query := range []string{deleteContact, deleteTerms, deleteChanges} {
			if _, err := tx.Exec(ctx, query, id); err != nil {
				return fmt.Errorf("contact: %w", err)
			}
		}
		if err := c.remember(ctx, tx, p, change{Kind: changeDeleted, Actor: by.Key}); err != nil {
			return err
		}
		return c.tell(ctx, tx, o, EventDeleted, id, fact{ContactID: id})
	})
}

// Filter says which contacts are wanted; empty for all.
type Filter struct {
	Email, Phone, Search string
	Status               Status
}

// maxWords is how many words a search looks for.
const maxWords = 4

// search lists contacts, those that were made last first.
func (c *Contacts) search(ctx context.Context, orgID string, f Filter, s span) ([]numbered[*Contact], error) {
	wanted := words(f.Search)
	if len(wanted) > maxWords {
		return nil, graph.Input("search", fmt.Sprintf("must have at most %d words", maxWords))
	}
	if f.Email != "" {
		wanted = append(wanted, words(f.Email)...)
	}
	if f.Phone != "" {
		phone, err := team.CheckPhone(f.Phone, "")
		if err != nil {
			return nil, graph.Input("phone", "must be a phone number with its country code, such as +14155550123")
		}
		wanted = append(wanted, phone)
	}
	if f.Search+f.Email != "" && len(wanted) == 0 || len(wanted) > maxWords+2 {
		return nil, graph.Input("search", "must be a word, an email address or a phone number")
	}
	args := []any{orgID, string(f.Status)}
	for i := range maxWords + 2 {
		term := ""
		if i < len(wanted) {
			term = c.term(orgID, wanted[i])
		}
		args = append(args, term)
	}
	return list(ctx, c.db, s, contactsDown, contactsUp, c.scan, args...)
}

package contact

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/contact/graph"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Session is one verification that was asked for, opened or not.
type Session struct {
	ID          string // the client_user_id of its attempt, too
	ClientID    string
	OrgID       string
	ContactID   string // "" while there is none
	Given       bool   // the client named the contact
	KeyID       string // who asked for it
	TemplateID  string
	AttemptID   string // "" until somebody opens it
	Status      Status // Unverified until then
	CreatedAt   time.Time
	ExpiresAt   time.Time
	CompletedAt time.Time

	applied bool // the contact has what was verified
	number  int64
	seq     int64
}

// SessionLife is how long the token of a session can be used.
const SessionLife = 30 * time.Minute

// Open is the status of a session that nobody has opened yet.
const sessionOpen = "OPEN"

// status is what is shown of a session: one that nobody has opened in time has
// expired.
func (s *Session) status(now time.Time) string {
	switch {
	case s.Status != Unverified:
		return string(s.Status)
	case now.Before(s.ExpiresAt):
		return sessionOpen
	}
	return string(Expired)
}

// Opening is a verification to be opened in Link.
type Opening struct {
	ClientID     string // the agency
	OrgName      string // who asks
	ClientUserID string // the session, in a sandbox with what its steps are to come to
	TemplateID   string
	Person       Person // what is known of the contact, so that nobody is asked for it
	Life         time.Duration
}

// Opened is what the browser needs.
type Opened struct {
	Token     string
	ExpiresAt time.Time
	// Keep stores the token in a transaction: without it the token is none.
	Keep func(ctx context.Context, tx *store.Tx) error
}

// OpenSession begins the verification of a contact, or of somebody who will be one.
func (c *Contacts) OpenSession(ctx context.Context, by graph.Caller, orgID, contactID, templateID string) (*Session, string, error) {
	o, err := c.orgFor(ctx, c.db, by, orgID)
	if err != nil {
		return nil, "", err
	}
	if o.Status != OrgActive {
		return nil, "", graph.Refuse(graph.CodeConflict, "the organisation is suspended: nobody is verified for it")
	}
	var known Person
	contactID = strings.TrimSpace(contactID)
	if contactID != "" {
		p, err := c.find(ctx, c.db, orgID, contactID)
		if err != nil {
			return nil, "", err
		}
		known = p.Person
	}
	if o.TemplateID, err = c.template(ctx, o, strings.TrimSpace(templateID)); err != nil {
		return nil, "", err
	}
	magic := ""
	if c.cfg.Sandbox {
		o.TemplateID, magic = cutMagic(o.TemplateID)
	}
	s := &Session{
		ID: c.newID(), ClientID: o.ClientID, OrgID: o.ID, ContactID: contactID, Given: contactID != "", KeyID: by.Key,
		TemplateID: o.TemplateID, Status: Unverified, CreatedAt: c.clock.Now(), seq: 1,
	}
	opened, err := c.cfg.Open(ctx, Opening{ClientID: o.ClientID, OrgName: o.Name, ClientUserID: s.ID + magic, TemplateID: o.TemplateID, Person: known, Life: SessionLife})
	if err != nil {
		return nil, "", upstream(err)
	}
	s.ExpiresAt = opened.ExpiresAt
	err = c.write(ctx, func(tx *store.Tx) (err error) {
		if contactID != "" {
			if _, err := c.find(ctx, tx, orgID, contactID); err != nil {
				return err
			}
		}
		if s.number, err = store.NextNumber(ctx, tx, "contact.session:"+s.OrgID); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, insertSession, s.ID, s.ClientID, s.OrgID, s.number, s.ContactID, s.Given, s.KeyID, s.TemplateID, string(s.Status),
			clock.Millis(s.CreatedAt), clock.Millis(s.ExpiresAt))
		if err != nil {
			return fmt.Errorf("contact: session: %w", err)
		}
		return opened.Keep(ctx, tx)
	})
	return s, opened.Token, err
}

// template is by what a session verifies: what was asked for, or that of the
// organisation, or the server's own choice.
func (c *Contacts) template(ctx context.Context, o Org, asked string) (string, error) {
	if asked != "" {
		o.TemplateID = asked
		return asked, c.checkTemplate(ctx, o)
	}
	if o.TemplateID == "" {
		o.TemplateID = c.cfg.Template
	}
	if o.TemplateID == "" {
		return "", graph.Refuse(graph.CodeConflict, "the organisation has no template: give one with orgUpdate, or with templateId")
	}
	return o.TemplateID, nil
}

// cutMagic takes the magic inputs off a template or a client_user_id: a sandbox lets
// steps of the verification come to a status by them, without a check.
func cutMagic(s string) (before, magic string) {
	if i := strings.IndexByte(s, '~'); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// upstream is the answer where the Plaid API has said no.
func upstream(err error) error {
	var p *plaid.Error
	if !errors.As(err, &p) {
		return fmt.Errorf("contact: session: %w", err)
	}
	return &graph.Error{Code: graph.CodeUpstream, Message: "the verification could not be opened: " + p.Message, Extra: map[string]any{
		"plaid": map[string]string{"error_type": string(p.Type), "error_code": p.Code},
	}}
}

// errSession is the answer for a session of another organisation, too.
var errSession = graph.Refuse(graph.CodeNotFound, "there is no such session")

// session finds a session of an organisation.
func (c *Contacts) session(ctx context.Context, orgID, id string) (*Session, error) {
	s, err := scanSession(c.db.QueryRow(ctx, sessionByID, id))
	if errors.Is(err, store.ErrNoRows) || err == nil && s.node.OrgID != orgID {
		return nil, errSession
	}
	if err != nil {
		return nil, fmt.Errorf("contact: session: %w", err)
	}
	return s.node, nil
}

// sessions lists the sessions of an organisation, or of one contact, the oldest
// first.
func (c *Contacts) sessions(ctx context.Context, orgID, contactID string, s span) ([]numbered[*Session], error) {
	return list(ctx, c.db, s, sessionsDown, sessionsUp, scanSession, orgID, contactID)
}

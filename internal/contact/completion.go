package contact

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Attempt is what a verification tells of itself when it has changed.
type Attempt struct {
	ID              string
	ClientID        string
	ClientUserID    string // the session, if it is one of ours, perhaps with magic inputs
	Status          Status
	TemplateID      string
	TemplateVersion int32
	Steps           []IdentityStep
	CreatedAt       time.Time
	CompletedAt     time.Time
	Person          Person // what was verified, or typed
}

// actorVerification is who changes a contact by being verified.
const actorVerification = "verification"

// completed reports whether a verification came to a result.
func (s Status) completed() bool { return s == PendingReview || s == Verified || s == Failed }

// passed reports whether it makes a contact: the seed's "complete" is both.
func (s Status) passed() bool { return s == PendingReview || s == Verified }

// Attempted takes over what a verification has come to, in the transaction of its
// change: nobody's browser has to be there. Attempts of others are none of ours.
func (c *Contacts) Attempted(ctx context.Context, tx *store.Tx, a Attempt) error {
	id, _ := cutMagic(a.ClientUserID)
	if len(id) != ksuidLength {
		return nil
	}
	if _, err := tx.Exec(ctx, lockSession, id); err != nil {
		return fmt.Errorf("contact: session: %w", err)
	}
	n, err := scanSession(tx.QueryRow(ctx, sessionByID, id))
	if errors.Is(err, store.ErrNoRows) || err == nil && n.node.ClientID != a.ClientID {
		return nil
	}
	if err != nil {
		return fmt.Errorf("contact: session: %w", err)
	}
	s := n.node
	o, err := scanOrg(tx.QueryRow(ctx, orgByID, s.OrgID))
	if err != nil {
		return fmt.Errorf("contact: session: %w", err)
	}
	first, before := s.AttemptID == "", s.Status
	s.AttemptID, s.Status, s.CompletedAt = a.ID, a.Status, a.CompletedAt
	if err := c.apply(ctx, tx, o, s, a, first); err != nil {
		return err
	}
	err = tx.ExecOne(ctx, updateSession, s.ID, s.seq, s.ContactID, s.AttemptID, string(s.Status), s.applied, clock.Millis(s.CompletedAt))
	if err != nil {
		return fmt.Errorf("contact: session: %w", err)
	}
	if s.Status == before {
		return nil
	}
	previous, subject := string(before), s.ContactID
	if subject == "" {
		subject = s.ID
	}
	return c.tell(ctx, tx, o, EventIdentity, subject, fact{ContactID: s.ContactID, SessionID: &s.ID, Status: string(s.Status), Previous: &previous})
}

// apply gives the contact of a session what has become known: a new contact is made
// when the verification passes or waits for a review, and never twice.
func (c *Contacts) apply(ctx context.Context, tx *store.Tx, o Org, s *Session, a Attempt, first bool) error {
	why := change{Actor: actorVerification, SessionID: s.ID}
	takes := s.Status.passed() && !s.applied
	s.applied = s.applied || takes
	if s.ContactID == "" {
		if !takes {
			return nil
		}
		now := c.clock.Now()
		p := &Contact{ID: c.newID(), OrgID: s.OrgID, Status: s.Status, CreatedAt: now, UpdatedAt: now, Person: a.Person, Identity: identityFrom(s, a, 1)}
		if p.Name == "" {
			p.Name = fullName(p.Person)
		}
		s.ContactID = p.ID
		return c.add(ctx, tx, o, p, why)
	}
	if _, err := tx.Exec(ctx, lockContact, s.ContactID); err != nil {
		return fmt.Errorf("contact: session: %w", err)
	}
	p, err := c.find(ctx, tx, s.OrgID, s.ContactID)
	if errors.Is(err, errContact) {
		c.cfg.Log.Warn("a contact was deleted while it was verified; the result stays with the session", "session", s.ID)
		return nil
	}
	if err != nil {
		return err
	}
	was := *p
	attempts := int32(0)
	if p.Identity != nil {
		attempts = p.Identity.Attempts
	}
	if first {
		attempts++
	}
	if p.showsNext(s) {
		p.Status, p.Identity = s.Status, identityFrom(s, a, attempts)
	} else {
		identity := *p.Identity
		identity.Attempts, p.Identity = attempts, &identity
	}
	if takes {
		p.take(a.Person, o.Overwrite)
	}
	return c.store(ctx, tx, o, p, was, why)
}

// showsNext reports whether the contact's identity is to be that of a session: it is
// the session that it shows, or nothing was completed before, or the session is the
// later one to come to a result.
func (p *Contact) showsNext(s *Session) bool {
	return p.Identity == nil || p.Identity.SessionID == s.ID || s.Status.completed() || !p.Status.completed()
}

// take is what a verification changes: the parts of the name are replaced by those
// of the verified person; an email address and a phone number only where there is
// none, unless the organisation wants it otherwise.
func (p *Contact) take(v Person, overwrite bool) {
	if v.GivenName != "" && v.FamilyName != "" {
		p.GivenName, p.FamilyName = v.GivenName, v.FamilyName
		p.Name = fullName(p.Person)
	}
	if v.Email != "" && (p.Email == "" || overwrite) {
		p.Email = v.Email
	}
	if v.Phone != "" && (p.Phone == "" || overwrite) {
		p.Phone = v.Phone
	}
}

func identityFrom(s *Session, a Attempt, attempts int32) *Identity {
	return &Identity{
		VerificationID: a.ID, TemplateID: a.TemplateID, TemplateVersion: a.TemplateVersion, Steps: a.Steps,
		StartedAt: a.CreatedAt, CompletedAt: a.CompletedAt, SessionID: s.ID, Attempts: attempts,
	}
}

package idv

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/glencheck-dev/glencheck/internal/idv/person"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/team"
)

// Template reports whether a client has a template that Link can be opened with.
func (s *Service) Template(ctx context.Context, clientID, id string) error {
	t, err := s.template(ctx, clientID, id)
	if err != nil {
		return err
	}
	return s.served(t)
}

// Prefill checks the user object of a link token, by the rules of create.
func (s *Service) Prefill(u link.VerificationUser) (json.RawMessage, error) {
	in := person.Input{EmailAddress: u.EmailAddress, PhoneNumber: u.PhoneNumber, DateOfBirth: u.DateOfBirth}
	if n := u.Name; n != nil {
		in.Name = &person.NameInput{GivenName: n.GivenName, FamilyName: n.FamilyName}
	}
	if a := u.Address; a != nil {
		in.Address = &person.AddressInput{Street: a.Street, Street2: a.Street2, City: a.City, Region: a.Region, PostalCode: a.PostalCode, Country: a.Country}
	}
	if n := u.IDNumber; n != nil {
		in.IDNumber = &person.IDInput{Type: n.Type, Value: n.Value}
	}
	user, err := in.Check("user", s.clock.Now(), policy)
	if err != nil {
		return nil, err
	}
	return json.Marshal(user)
}

// Shared is the link token that the page of a shareable URL stands for, or that of a
// Handover.
func (s *Service) Shared(ctx context.Context, id, key string) (link.Token, error) {
	a, err := s.read(ctx, s.db, attemptByID, id)
	if err != nil && !errors.Is(err, store.ErrNoRows) {
		return link.Token{}, fmt.Errorf("idv: shareable page: %w", err)
	}
	handed := ""
	switch {
	case err != nil:
		return link.Token{}, errUnknown
	case a.Key != "" && subtle.ConstantTimeCompare([]byte(a.Key), []byte(key)) == 1:
	case a.handed(key, s.clock.Now()):
		handed = a.Handover.Hash
	default:
		return link.Token{}, errUnknown
	}
	c, err := s.cfg.Teams.Client(ctx, a.ClientID)
	if err != nil {
		return link.Token{}, err
	}
	t := link.Token{
		ID: "idv:" + a.ID, ClientID: a.ClientID, ClientUserID: a.ClientUserID, UserID: a.UserID, ClientName: c.Name, Language: "en",
		Products: []string{product}, CustomizationName: team.DefaultCustomization,
		Verification: &link.Verification{TemplateID: a.TemplateID, ID: a.ID, Handover: handed},
		CreatedAt:    a.CreatedAt, ExpiresAt: s.clock.Now().Add(24 * time.Hour), // it never expires
	}
	custom, _ := c.Customization(team.DefaultCustomization, t.Language, nil)
	t.Custom = custom.Settings
	return t, nil
}

// enter finds the attempt that a session is about, or makes it. What the link token
// knows of the person is of use only before they have begun, and not at all where
// the client has sent user data to create (seed 003).
func (f flow) enter(ctx context.Context, v *link.Visit) (*Attempt, error) {
	about := v.Token.Verification
	if about.Handover != "" {
		return f.take(ctx, v.ClientID, about.ID, about.Handover)
	}
	if about.ID != "" {
		return f.Get(ctx, v.ClientID, about.ID)
	}
	user, err := prefilled(v.Token.User.Verification)
	if err != nil {
		return nil, err
	}
	who := subject{clientID: v.ClientID, clientUserID: v.Token.ClientUserID, userID: v.Token.UserID}
	if who.userID != "" {
		if who.known, err = f.knownOf(ctx, who.clientID, who.userID); err != nil {
			return nil, err
		}
	}
	a, err := f.Create(ctx, newAttempt{subject: who, templateID: about.TemplateID, agreed: about.Consent, idempotent: true, user: user})
	var told *plaid.Error
	if errors.As(err, &told) {
		return nil, &link.Refused{Answer: told, Why: told.Message}
	}
	if err == nil && a.Status != Active && about.Once {
		return nil, &link.Refused{Answer: plaid.InvalidLinkToken, Why: "the verification that this link token was for has ended; it opens no other"}
	}
	if err != nil || a.Status != Active || a.Started {
		return a, err
	}
	return f.change(ctx, a.ClientID, a.ID, func(a *Attempt) error {
		if a.Started {
			return nil
		}
		if !a.Given {
			merge(&a.User, user)
		}
		if about.Consent && a.Steps[AcceptTOS] == StepActive {
			a.Agreed, a.Steps[AcceptTOS] = true, StepSkipped
			a.goOn(f.clock.Now())
		}
		a.Fixed = a.User.PhoneNumber != nil
		return nil
	})
}

// prefilled is what Prefill has kept of a person.
func prefilled(kept string) (u User, err error) {
	if kept == "" {
		return u, nil
	}
	return u, json.Unmarshal([]byte(kept), &u)
}

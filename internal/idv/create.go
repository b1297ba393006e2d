package idv

import (
	"context"
	"errors"
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/team"
)

// newAttempt is an attempt to be made.
type newAttempt struct {
	subject
	templateID string
	agreed     bool // the client has the person's consent
	shareable  bool
	idempotent bool // the attempt there is will do
	user       User
	given      bool      // the client sent user data
	by         *Decision // who has made it in the dashboard
}

// Create makes the first attempt of a person at a template. Later ones come from
// Retry: where there is one, it is returned unmodified or the request refused,
// whatever has become of it.
func (s *Service) Create(ctx context.Context, n newAttempt) (*Attempt, error) {
	t, err := s.template(ctx, n.clientID, n.templateID)
	if err != nil {
		return nil, err
	}
	if err := s.served(t); err != nil {
		return nil, err
	}
	user := n.known
	merge(&user, n.user)
	if a := user.Address; a != nil && !t.serves(a.Country) {
		return nil, plaid.InvalidField("user.address.country must be a country of the template")
	}
	a := &Attempt{
		ID: s.newID(), ClientID: n.clientID, ClientUserID: n.clientUserID, TemplateID: t.ID, Number: 1, CreatedAt: s.clock.Now(),
		record: record{Plan: t, UserID: n.userID, Agreed: n.agreed, Given: n.given, User: user},
	}
	if n.shareable {
		a.Key = s.newKey()
	}
	a.Fixed = user.PhoneNumber != nil
	if a.Magic, err = s.magic(a); err != nil {
		return nil, err
	}
	a.begin()
	if n.by != nil {
		s.decided(a, *n.by)
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		fresh, err := s.insert(ctx, tx, a)
		if err != nil || fresh {
			return err
		}
		if !n.idempotent {
			return errExists
		}
		a, err = s.read(ctx, tx, attemptLatest, n.clientID, n.clientUserID, t.ID)
		return err
	})
	if told := (*plaid.Error)(nil); err != nil && !errors.As(err, &told) {
		err = fmt.Errorf("idv: create: %w", err)
	}
	return a, err
}

// magic are the statuses that the client_user_id of a sandbox asks for.
func (s *Service) magic(a *Attempt) (map[Step]StepStatus, error) {
	if s.cfg.Env != "sandbox" {
		return nil, nil
	}
	return magic(a.ClientUserID, a.Number)
}

// served refuses a template that asks for what this server has no means to do.
func (s *Service) served(t Template) error {
	if t.SMS && s.cfg.Texts == nil && s.cfg.Env != "sandbox" {
		return plaid.NotSupported("verify_sms of the template without a sender of text messages")
	}
	return nil
}

// knownOf is what is known of a user of /user/create.
func (s *Service) knownOf(ctx context.Context, clientID, userID string) (User, error) {
	u, err := s.cfg.Users.ByUserID(ctx, clientID, userID)
	if err != nil {
		return User{}, err
	}
	id, err := s.cfg.Users.Identity(u)
	if err != nil {
		return User{}, err
	}
	return s.known(id), nil
}

// known is what /user/create was told of a person, as far as Identity Verification
// can use it: the primary data, if it has the form that is asked for here.
func (s *Service) known(id *team.Identity) User {
	var u User
	if id == nil {
		return u
	}
	in := inputOf(id)
	for _, keep := range in {
		if got, err := keep.Check("user", s.clock.Now(), policy); err == nil {
			merge(&u, got)
		}
	}
	return u
}

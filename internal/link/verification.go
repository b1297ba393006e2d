package link

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// verificationProduct is the product whose sessions verify a person (link-web.md
// section 4.17): it is the only one of its link token.
const verificationProduct = "identity_verification"

// SharedPath is where the pages of shareable URLs are, below the public URL. An
// address goes on with the id of the attempt, and has a key.
const SharedPath = "/verify/"

// PhonePath is where the sandbox's phone is, below the page of a verification.
const PhonePath = "/phone"

// verificationLife is how long a session that verifies a person waits for them. What
// they have done is kept beyond it: the next session goes on there.
const verificationLife = 24 * time.Hour

// Verification is what a link token says of Identity Verification.
type Verification struct {
	TemplateID string `json:"template_id"`
	// Consent says that the client has the person's consent already.
	Consent bool `json:"gave_consent,omitempty"`
	// ID is what sessions tell as their link_session_id: the id of the attempt. A
	// session knows it from its beginning; a link token, only when it stands for one
	// attempt, as the page of a shareable URL does.
	ID string `json:"id,omitempty"`
	// Handover, of a page to which a computer has sent a phone, opens one session.
	Handover string `json:"handover,omitempty"`
	// Once is a token for one verification: it ends with that, and at its time.
	Once bool `json:"once,omitempty"`
}

// late reports whether a token may be used after its time: that of a person who is
// to be verified, who may come late (link-web.md section 3.5), unless it is for one
// verification only.
func (t Token) late() bool { return t.Verification != nil && !t.Verification.Once }

// VerificationUser is what a link token says of a person who is to be verified, as
// it was sent. What was not sent is nil.
type VerificationUser struct {
	EmailAddress, PhoneNumber, DateOfBirth *string
	Name                                   *VerificationName
	Address                                *VerificationAddress
	IDNumber                               *VerificationNumber
}

// VerificationName is a person's name.
type VerificationName struct{ GivenName, FamilyName string }

// VerificationAddress is a person's address.
type VerificationAddress struct {
	Street, Street2, City, Region, PostalCode *string
	Country                                   string
}

// VerificationNumber is an id number.
type VerificationNumber struct{ Type, Value string }

// Verifier knows what may be verified.
type Verifier interface {
	// Template reports whether a client has a template; its error is the answer.
	Template(ctx context.Context, clientID, templateID string) error
	// Prefill checks what is known of a person and returns what is kept of it, for
	// the flow.
	Prefill(u VerificationUser) (json.RawMessage, error)
}

// Told is the link_session_id: the id of the session or, where a session verifies
// a person, that of the attempt.
func (s *Session) Told() string {
	if v := s.Token.Verification; v != nil && v.ID != "" {
		return v.ID
	}
	return s.ID
}

// verifies reads what a request says of Identity Verification, which excludes all
// other products and every other kind of session.
func (t *Tokens) verifies(ctx context.Context, call api.Call, in createIn, tok *Token) error {
	if !tok.HasProduct(verificationProduct) {
		for _, list := range [][]string{tok.RequiredIfSupported, tok.Optional, tok.AdditionalConsented} {
			for _, p := range list {
				if p == verificationProduct {
					return plaid.InvalidField("products must contain identity_verification where another list of products does")
				}
			}
		}
		return nil
	}
	o := in.IdentityVerification
	switch {
	case t.Verifier == nil:
		return plaid.NotSupported("Identity Verification")
	case len(tok.AllProducts()) > 1:
		return plaid.InvalidField("products must contain no other product than identity_verification")
	case in.updates():
		return plaid.InvalidField("access_token must be null when products contains identity_verification")
	case in.EnableMultiItem:
		return plaid.InvalidField("enable_multi_item_link must be false when products contains identity_verification")
	case o == nil:
		return plaid.MissingFields("identity_verification")
	case tok.ClientUserID == "":
		return plaid.MissingFields("user.client_user_id")
	}
	if err := t.Verifier.Template(ctx, call.Caller.ClientID, o.TemplateID); err != nil {
		return err
	}
	tok.Verification = &Verification{TemplateID: o.TemplateID, Consent: o.Consent || o.GaveConsent}
	if in.User == nil {
		return nil
	}
	kept, err := t.Verifier.Prefill(in.User.verification())
	tok.User = UserPrefill{Verification: string(kept)}
	return err
}

// verification is the user object as Identity Verification reads it.
func (u *createUser) verification() VerificationUser {
	v := VerificationUser{EmailAddress: u.EmailAddress, PhoneNumber: u.PhoneNumber, DateOfBirth: u.DateOfBirth}
	if u.Name != nil {
		v.Name = &VerificationName{u.Name.GivenName, u.Name.FamilyName}
	}
	if a := u.Address; a != nil {
		v.Address = &VerificationAddress{
			plaid.OrNull(a.Street), plaid.OrNull(a.Street2), plaid.OrNull(a.City), plaid.OrNull(a.Region), plaid.OrNull(a.PostalCode), a.Country,
		}
	}
	if n := u.IDNumber; n != nil {
		v.IDNumber = &VerificationNumber{n.Type, n.Value}
	}
	return v
}

// speak has a session that verifies a person use the language of their browser:
// that of the link token is without effect (link-web.md section 7).
func (f Flow) speak(t *Token, language string) {
	if f.Verifies && language != "" {
		t.Language = language
	}
}

// shared is the link token that the page of a shareable URL stands for: its secret
// is the id of the attempt and the key of the address.
func (s *Sessions) shared(ctx context.Context, secret string) (HostedPage, bool, error) {
	id, key, ok := strings.Cut(secret, ".")
	if !ok || s.cfg.Shared == nil {
		return HostedPage{}, false, nil
	}
	token, err := s.cfg.Shared(ctx, id, key)
	var unknown *plaid.Error
	switch {
	case errors.As(err, &unknown):
		return HostedPage{}, true, nil
	case err != nil:
		return HostedPage{}, true, err
	}
	return HostedPage{State: HostedOpen, Token: token}, true, nil
}

// byTold finds the newest session of a client that tells an id as its
// link_session_id; several sessions may lead to one attempt.
func (s *Sessions) byTold(ctx context.Context, clientID, id string) (*Session, error) {
	session, err := s.byID(ctx, id)
	if !errors.Is(err, store.ErrNoRows) {
		return session, err
	}
	ids, err := s.ids(ctx, `SELECT id FROM link_session WHERE client_id = $1 ORDER BY started_at DESC, id LIMIT 100`, clientID)
	if err != nil {
		return nil, err
	}
	for _, one := range ids {
		session, err := s.byID(ctx, one)
		if errors.Is(err, store.ErrNoRows) {
			continue
		}
		if err != nil || session.Told() == id {
			return session, err
		}
	}
	return nil, store.ErrNoRows
}

package link

import (
	"context"
	"time"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/team"
)

// person reads who the token is for: the user object, a registered user, or
// both. At least one is needed, though the schema requires neither.
func (t *Tokens) person(ctx context.Context, c *team.Client, in createIn, tok *Token) error {
	if in.User == nil && in.UserID == nil && in.UserToken == nil {
		return plaid.MissingFields("user")
	}
	registered, err := t.registered(ctx, c, in)
	if err != nil {
		return err
	}
	tok.UserID, tok.ClientUserID = registered.ID, registered.ClientUserID
	if in.User == nil {
		return nil
	}
	if err := team.CheckClientUserID("user.client_user_id", in.User.ClientUserID); err != nil {
		return err
	}
	tok.ClientUserID = in.User.ClientUserID
	if tok.HasProduct(verificationProduct) {
		return nil // which has rules of its own (verifies)
	}
	return t.prefill(in, &tok.User)
}

// registered finds the user that user_id and user_token name; when both are
// given they must name the same one.
func (t *Tokens) registered(ctx context.Context, c *team.Client, in createIn) (user team.User, err error) {
	if in.UserID != nil {
		if user, err = t.Users.ByUserID(ctx, c.ID, *in.UserID); err != nil {
			return team.User{}, err
		}
	}
	if in.UserToken != nil {
		byToken, err := t.Users.ByUserToken(ctx, c.ID, *in.UserToken)
		if err != nil {
			return team.User{}, err
		}
		if in.UserID != nil && byToken.ID != user.ID {
			return team.User{}, plaid.InvalidUserToken
		}
		user = byToken
	}
	return user, nil
}

// prefill checks what the client knows about the user and keeps what a flow can
// use. Malformed data is refused (see team.CheckPhone).
func (t *Tokens) prefill(in createIn, to *UserPrefill) error {
	u := in.User
	if u.Name != nil {
		return plaid.InvalidField("user.name must be null unless products contains identity_verification")
	}
	if u.LegalName != nil {
		if err := team.CheckName(*u.LegalName); err != nil {
			return err
		}
		to.LegalName = *u.LegalName
	}
	if u.PhoneNumber != nil {
		var err error
		for _, country := range in.CountryCodes {
			if to.PhoneNumber, err = team.CheckPhone(*u.PhoneNumber, country); err == nil {
				break
			}
		}
		if err != nil {
			return err
		}
	}
	if u.EmailAddress != nil {
		if err := team.CheckEmail(*u.EmailAddress); err != nil {
			return err
		}
		to.EmailAddress = *u.EmailAddress
	}
	if u.DateOfBirth != nil {
		if err := team.CheckDateOfBirth(*u.DateOfBirth, t.Clock.Now()); err != nil {
			return err
		}
	}
	if a := u.Address; a != nil {
		address := team.Address(*a)
		if err := team.CheckAddress(address); err != nil {
			return err
		}
		to.Address = &address
	}
	var err error
	if to.PhoneVerifiedAt, err = verifiedTime("user.phone_number_verified_time", u.PhoneVerifiedTime); err != nil {
		return err
	}
	to.EmailVerifiedAt, err = verifiedTime("user.email_address_verified_time", u.EmailVerifiedTime)
	return err
}

// verifiedTime reads a time in ISO 8601; the start of the Unix epoch is a valid
// one and says that the time is not known.
func verifiedTime(field string, s *string) (time.Time, error) {
	if s == nil {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, *s)
	if err != nil {
		return time.Time{}, plaid.InvalidField(field + " must be a string of the format 'YYYY-MM-DDThh:mm:ssZ'")
	}
	return at.UTC(), nil
}

package team

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// User is a person a client has registered with /user/create.
type User struct {
	ID           string // usr_… or, for a legacy user, 29 characters
	ClientID     string
	ClientUserID string
	Legacy       bool // has a user token
	EndCustomer  string
	CreatedAt    time.Time
	UpdatedAt    time.Time

	sealed string
}

// Identity is what the client knows about a user. It is personal and lies
// sealed.
type Identity struct {
	GivenName   string            `json:"given_name,omitempty"`
	FamilyName  string            `json:"family_name,omitempty"`
	DateOfBirth string            `json:"date_of_birth,omitempty"`
	Emails      []Contact         `json:"emails,omitempty"`
	Phones      []Contact         `json:"phone_numbers,omitempty"` // E.164
	Addresses   []IdentityAddress `json:"addresses,omitempty"`
	IDNumbers   []IDNumber        `json:"id_numbers,omitempty"`
}

// Contact is an e-mail address or a telephone number.
type Contact struct {
	Data    string `json:"data"`
	Primary bool   `json:"primary"`
}

// IdentityAddress is one of the addresses of a user.
type IdentityAddress struct {
	Address
	Primary bool `json:"primary"`
}

// IDNumber is a number such as a social security number.
type IDNumber struct {
	Value string `json:"value"`
	Type  string `json:"type"`
}

// Users knows the registered users of every client.
type Users struct {
	db    *store.DB
	vault *vault.Vault
	clock *clock.Clock
	ids   *clock.IDs
	env   string
}

// NewUsers returns the users of one environment.
func NewUsers(db *store.DB, v *vault.Vault, c *clock.Clock, ids *clock.IDs, env string) *Users {
	return &Users{db: db, vault: v, clock: c, ids: ids, env: env}
}

// ErrUserExists says that a legacy user cannot be created twice, because its
// token cannot be given out again.
var ErrUserExists = plaid.InvalidField("client_user_id must not belong to a user that has already been created")

// newUser is a user to create.
type newUser struct {
	clientID, clientUserID, endCustomer string
	legacy                              bool
	identity                            *Identity
}

// create registers a user. A client_user_id stands for one person, so creating
// it again answers the user there is, with the identity it has; only a legacy
// user, whose token would be lost, cannot be created again. Both are Plaid's
// documented behaviour (pages "Users" and, before December 2025, /user/create).
func (u *Users) create(ctx context.Context, n newUser) (user User, token string, err error) {
	now := u.clock.Now()
	fresh := User{
		ID: "usr_" + u.ids.ID()[:14], ClientID: n.clientID, ClientUserID: n.clientUserID,
		Legacy: n.legacy, EndCustomer: n.endCustomer, CreatedAt: now, UpdatedAt: now,
	}
	if n.legacy {
		fresh.ID = u.ids.ID()[:29]
		token = plaid.NewToken(plaid.KindUser, u.env, u.ids.UUID())
	}
	if n.identity != nil {
		if fresh.sealed, err = u.vault.SealJSON(n.identity, fresh.ID); err != nil {
			return User{}, "", err
		}
	}
	err = u.db.Write(ctx, func(tx *store.Tx) error {
		user = fresh
		inserted, err := insertUser(ctx, tx, fresh, u.tokenIndex(token))
		if err != nil || inserted {
			return err
		}
		if n.legacy {
			return ErrUserExists
		}
		user, err = readUser(ctx, tx, userByClientUserID, n.clientID, n.clientUserID)
		return err
	})
	if err != nil {
		return User{}, "", err
	}
	return user, token, nil
}

// ByUserID finds a user of the client by user_id. Another kind of identifier in
// its place gets the documented INVALID_USER_ID.
func (u *Users) ByUserID(ctx context.Context, clientID, userID string) (User, error) {
	if !userIDOK(userID) {
		return User{}, plaid.InvalidUserID
	}
	user, err := u.read(ctx, userByID, clientID, userID)
	if errors.Is(err, store.ErrNoRows) {
		return User{}, plaid.InvalidUserID.WithMessage("could not find matching user id")
	}
	return user, err
}

// ByUserToken finds a legacy user of the client by its token.
func (u *Users) ByUserToken(ctx context.Context, clientID, token string) (User, error) {
	if !plaid.TokenOK(plaid.KindUser, u.env, token) {
		return User{}, plaid.InvalidUserToken
	}
	user, err := u.read(ctx, userByToken, clientID, *u.tokenIndex(token))
	if errors.Is(err, store.ErrNoRows) {
		return User{}, plaid.InvalidUserToken
	}
	return user, err
}

// Identity opens what the client told about a user; nil if nothing.
func (u *Users) Identity(user User) (*Identity, error) {
	if user.sealed == "" {
		return nil, nil
	}
	var id Identity
	if err := u.vault.OpenJSON(user.sealed, user.ID, &id); err != nil {
		return nil, err
	}
	return &id, nil
}

func (u *Users) read(ctx context.Context, where, clientID, key string) (user User, err error) {
	err = u.db.Read(ctx, func(tx *store.Tx) error {
		user, err = readUser(ctx, tx, where, clientID, key)
		return err
	})
	return user, err
}

// tokenIndex is the blind index of a user token, nil for none.
func (u *Users) tokenIndex(token string) *string {
	if token == "" {
		return nil
	}
	i := u.vault.Index("user_token", token)
	return &i
}

// userIDOK reports whether id has the shape of a user_id: usr_ and letters and
// digits, or the 29 characters of a legacy user.
func userIDOK(id string) bool {
	rest, isNew := strings.CutPrefix(id, "usr_")
	if isNew && (len(rest) < 8 || len(rest) > 32) || !isNew && len(id) != 29 {
		return false
	}
	return !strings.ContainsFunc(rest, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}

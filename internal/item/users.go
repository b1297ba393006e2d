package item

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// FindUser finds the client's user by user_id or, for a legacy user, by
// user_token, and returns its user_id (package team).
type FindUser func(ctx context.Context, clientID, userID, userToken string) (string, error)

// UsersFrom says where registered users are found. Before it is called no user
// is known.
func (s *Items) UsersFrom(f FindUser) { s.findUser = f }

// user finds the user that an Item is made for; "" when the call names none.
func (s *Items) user(ctx context.Context, call api.Call, userID, userToken string) (string, error) {
	switch {
	case userID == "" && userToken == "":
		return "", nil
	case s.findUser != nil:
		return s.findUser(ctx, call.Caller.ClientID, userID, userToken)
	case userID != "":
		return "", plaid.InvalidUserID
	}
	return "", plaid.InvalidUserToken
}

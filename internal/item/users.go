package item

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/team"
)

// WithTeam says where clients and their users are known. Without it no user is,
// and every client may use every product.
func (s *Items) WithTeam(teams *team.Teams, users *team.Users) *Items {
	s.teams, s.users = teams, users
	return s
}

// user finds the user that an Item is made for; the zero User when the call
// names none.
func (s *Items) user(ctx context.Context, call api.Call, userID, userToken string) (team.User, error) {
	switch {
	case userID == "" && userToken == "":
		return team.User{}, nil
	case userID != "" && s.users != nil:
		return s.users.ByUserID(ctx, call.Caller.ClientID, userID)
	case userID != "":
		return team.User{}, plaid.InvalidUserID
	case s.users != nil:
		return s.users.ByUserToken(ctx, call.Caller.ClientID, userToken)
	}
	return team.User{}, plaid.InvalidUserToken
}

// Authorized refuses a product that the client is not enabled for.
func (s *Items) Authorized(ctx context.Context, clientID, product string) error {
	if s.teams == nil {
		return nil
	}
	client, err := s.teams.Client(ctx, clientID)
	if err != nil {
		return err
	}
	if missing := client.Unauthorized([]string{product}); len(missing) > 0 {
		return plaid.Unauthorized(missing...)
	}
	return nil
}

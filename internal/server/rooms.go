package server

import (
	"context"
	"log/slog"
	"net/http"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/team"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// ground is what every room may be made from.
type ground struct {
	Config    Config
	PublicURL string
	Log       *slog.Logger
	DB        *store.DB
	Vault     *vault.Vault
	Clock     *clock.Clock
	IDs       *clock.IDs
	Scheduler *schedule.Scheduler
}

// rooms is the one list of what the house holds.
type rooms struct {
	teams        *team.Teams
	users        *team.Users
	institutions *institution.Catalogue
}

// newRooms makes the rooms, lower floors first, and hands each what it needs of
// the others.
func newRooms(ctx context.Context, g ground) (*rooms, error) {
	r := &rooms{
		users:        team.NewUsers(g.DB, g.Vault, g.Clock, g.IDs, g.Config.Env),
		institutions: institution.New(),
	}
	var err error
	if r.teams, err = team.New(g.DB, g.Vault, g.Clock, g.Config.Env, nil); err != nil {
		return nil, err
	}
	if err := r.ensureClient(ctx, g.Config); err != nil {
		return nil, err
	}
	return r, nil
}

// ensureClient makes the client that the server was started with.
func (r *rooms) ensureClient(ctx context.Context, c Config) error {
	if c.Env == Sandbox {
		return r.teams.EnsureSandbox(ctx, c.ClientID, c.Secret)
	}
	return r.teams.Ensure(ctx, team.Spec{ClientID: c.ClientID, Secret: c.Secret, Name: "Glencheck"})
}

// endpoints are the paths of the REST API that the rooms answer.
func (r *rooms) endpoints() []api.Endpoint {
	return slices.Concat(
		r.users.Endpoints(),
		r.institutions.Endpoints(),
	)
}

// pages are the paths that are not of the REST API: Link and Link Demo.
func (r *rooms) pages() *http.ServeMux { return http.NewServeMux() }

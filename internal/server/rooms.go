package server

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
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
type rooms struct{}

// newRooms makes the rooms, lower floors first, and hands each what it needs of
// the others.
func newRooms(_ context.Context, _ ground) (*rooms, error) {
	return &rooms{}, nil
}

// endpoints are the paths of the REST API that the rooms answer.
func (r *rooms) endpoints() []api.Endpoint { return nil }

// pages are the paths that are not of the REST API: Link and Link Demo.
func (r *rooms) pages() *http.ServeMux { return http.NewServeMux() }

// authenticate tells whose keys a request carries.
func (r *rooms) authenticate(context.Context, string, string) (api.Caller, error) {
	return api.Caller{}, plaid.InvalidAPIKeys
}

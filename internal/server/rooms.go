package server

import (
	"context"
	"log/slog"
	"net/http"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/auth"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/demo"
	"github.com/glencheck-dev/glencheck/internal/identity"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/sandbank"
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
	tokens       *link.Tokens
	records      *link.Records
	institutions *institution.Catalogue
	items        *item.Items
	auth         *auth.Auth
	identity     *identity.Identity
}

// newRooms makes the rooms, lower floors first, and hands each what it needs of
// the others.
func newRooms(ctx context.Context, g ground) (*rooms, error) {
	env := g.Config.Env
	r := &rooms{users: team.NewUsers(g.DB, g.Vault, g.Clock, g.IDs, env)}
	var err error
	if r.teams, err = team.New(g.DB, g.Vault, g.Clock, env, nil); err != nil {
		return nil, err
	}
	if err := r.ensureClient(ctx, g.Config); err != nil {
		return nil, err
	}
	var banks map[string]institution.Connector
	if r.institutions, banks, err = newBanks(g); err != nil {
		return nil, err
	}
	r.items = item.New(g.DB, g.Vault, g.Clock, g.IDs, env, r.institutions, banks, g.Scheduler).WithTeam(r.teams, r.users)
	r.tokens = link.NewTokens(link.TokensConfig{
		DB: g.DB, Vault: g.Vault, Clock: g.Clock, IDs: g.IDs, Log: g.Log, Env: env, Teams: r.teams, Users: r.users,
		Institution: r.hasInstitution, Item: r.itemOf,
	})
	r.records = link.NewRecords(g.DB, g.Vault, g.Clock)
	r.auth = auth.New(g.DB, g.Vault, g.Clock, r.items)
	r.identity = identity.New(g.DB, g.Vault, g.Clock, r.items)
	return r, nil
}

// hasInstitution reports whether there is an institution of this id.
func (r *rooms) hasInstitution(id string) bool {
	_, ok := r.institutions.Get(id)
	return ok
}

// itemOf finds the Item of an access token of the caller.
func (r *rooms) itemOf(ctx context.Context, call api.Call, accessToken string) (string, error) {
	item, err := r.items.ByAccessToken(ctx, call, accessToken)
	if err != nil {
		return "", err
	}
	return item.ID, nil
}

// ensureClient makes the client that the server was started with.
func (r *rooms) ensureClient(ctx context.Context, c Config) error {
	if c.Env == Sandbox {
		return r.teams.EnsureSandbox(ctx, c.ClientID, c.Secret)
	}
	return r.teams.Ensure(ctx, team.Spec{ClientID: c.ClientID, Secret: c.Secret, Name: "Glencheck"})
}

// newBanks returns the institutions of the environment and the connectors
// behind them. The simulated bank, whose passwords are published, exists in the
// sandbox only; production has no bank until one is configured.
func newBanks(g ground) (*institution.Catalogue, map[string]institution.Connector, error) {
	if g.Config.Env != Sandbox {
		none, err := institution.Load([]byte(`{"institutions": []}`))
		return none, nil, err
	}
	all := institution.New()
	return all, map[string]institution.Connector{
		sandbank.Name: sandbank.New(g.DB, g.Vault, g.Clock, g.IDs, all),
	}, nil
}

// endpoints are the paths of the REST API that the rooms answer.
func (r *rooms) endpoints() []api.Endpoint {
	return slices.Concat(
		r.users.Endpoints(),
		r.tokens.Endpoints(r.records),
		r.institutions.Endpoints(),
		r.items.Endpoints(),
		r.auth.Endpoints(),
		r.identity.Endpoints(),
	)
}

// unsupported names the members of requests that the rooms refuse.
func (r *rooms) unsupported() []string {
	var names []string
	for _, field := range r.tokens.Unsupported() {
		names = append(names, "`"+field+"` of `/link/token/create`")
	}
	return names
}

// pages are the paths that are not of the REST API: Link and Link Demo.
func (r *rooms) pages(g ground, a *api.Server) *http.ServeMux {
	mux := http.NewServeMux()
	if g.Config.Env == Sandbox {
		page := demo.Handler(demo.Config{PublicURL: g.PublicURL, ClientID: g.Config.ClientID, Secret: g.Config.Secret, API: a})
		mux.Handle("/demo", page)
		mux.Handle("/demo/", page)
	}
	return mux
}

// run does what the rooms do beside answering, until ctx ends.
func (r *rooms) run(ctx context.Context) { r.tokens.Run(ctx) }

// wait returns when the rooms have nothing under way that nobody waits for.
func (r *rooms) wait() { r.items.Wait() }

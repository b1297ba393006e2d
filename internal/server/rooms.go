package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/auth"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/contact"
	"github.com/glencheck-dev/glencheck/internal/contact/graph"
	"github.com/glencheck-dev/glencheck/internal/dashboard"
	"github.com/glencheck-dev/glencheck/internal/decision"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/demo"
	"github.com/glencheck-dev/glencheck/internal/explorer"
	"github.com/glencheck-dev/glencheck/internal/fault"
	"github.com/glencheck-dev/glencheck/internal/identity"
	"github.com/glencheck-dev/glencheck/internal/identity/match"
	"github.com/glencheck-dev/glencheck/internal/idv"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/processor"
	"github.com/glencheck-dev/glencheck/internal/rail"
	"github.com/glencheck-dev/glencheck/internal/sandbank"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/screening"
	"github.com/glencheck-dev/glencheck/internal/snapshot"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/team"
	"github.com/glencheck-dev/glencheck/internal/vault"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// ground is what every room may be made from.
type ground struct {
	Config    Config
	PublicURL string
	SelfURL   string // where the server reaches itself
	Log       *slog.Logger
	DB        *store.DB
	Vault     *vault.Vault
	Clock     *clock.Clock
	IDs       *clock.IDs
	Scheduler *schedule.Scheduler

	JobIDs, WebhookIDs *clock.IDs // of streams of their own
	Stopping           func() bool
	Alone              func(func() error) error // does something while the workers rest
	Observe            func(api.Observation)
}

// rooms is the one list of what the house holds.
type rooms struct {
	teams        *team.Teams
	given        *team.Given // what the operator's file says; nil for none
	users        *team.Users
	institutions *institution.Catalogue
	items        *item.Items
	auth         *auth.Auth
	identity     *identity.Identity
	partners     *processor.Partners
	processors   *processor.Processors
	alloy        processor.Credentials // of the partner that the decision service is; zero for none
	idv          *idv.Service
	screening    *screening.Service
	tokens       *link.Tokens
	sessions     *link.Sessions
	bank         *sandbank.Bank // nil in production
	rails        *rail.Rails    // nil where nothing can be paid: production without a spool
	inbox        *webhook.Inbox
	faults       *fault.Faults       // nil in production
	snapshots    *snapshot.Snapshots // nil in production
	schedule     *schedule.Scheduler
	webhooks     *webhook.Outbox
	keys         *webhook.Keys
	decisions    *decision.Decisions // nil in production without credentials for it
	partnerAPI   *alloy.Server       // answers for decisions
	contacts     *contact.Contacts   // nil in production without a key for them
	graph        *graph.Server       // answers for contacts
}

// newRooms makes the rooms, lower floors first, and hands each what it needs of
// the others.
func newRooms(ctx context.Context, g ground) (*rooms, error) {
	env := g.Config.Env
	r := &rooms{users: team.NewUsers(g.DB, g.Vault, g.Clock, g.IDs, env), schedule: g.Scheduler}
	var err error
	if r.teams, err = team.New(g.DB, g.Vault, g.Clock, env, g.Config.RedirectURIs); err != nil {
		return nil, err
	}
	if err := r.ensureClient(ctx, g); err != nil {
		return nil, err
	}
	if err := r.newWebhooks(ctx, g); err != nil {
		return nil, err
	}
	banks, err := r.newBanks(g)
	if err != nil {
		return nil, err
	}
	if err := r.readTeam(g); err != nil {
		return nil, err
	}
	if err := r.applyTeam(ctx, g); err != nil {
		return nil, err
	}
	if err := r.newRails(ctx, g); err != nil {
		return nil, err
	}
	r.items = item.New(g.DB, g.Vault, g.Clock, g.IDs, env, r.institutions, banks, g.Scheduler).WithTeam(r.teams, r.users).WithOutbox(r.webhooks)
	r.auth = auth.New(g.DB, g.Vault, g.Clock, r.items)
	if r.rails != nil {
		r.auth.WithDeposits(r.rails, g.Scheduler, g.IDs, env).WithInstant(r.institutions)
		r.rails.Listen(r.auth.Paid)
	}
	if r.bank != nil {
		r.auth.WithNetwork(r.bank, func(said, held string) int { return match.Names(said, held).Score })
	}
	r.items.OfferTyped(r.auth.Typed())
	if err := r.newIdentity(g); err != nil {
		return nil, err
	}
	r.items.CheckOwners(r.identity.InLink())
	if err := r.newProcessors(ctx, g); err != nil {
		return nil, err
	}
	if err := r.newDecisions(ctx, g); err != nil {
		return nil, err
	}
	if err := r.newScreening(ctx, g); err != nil {
		return nil, err
	}
	if err := r.newIDV(ctx, g); err != nil {
		return nil, err
	}
	if err := r.newContacts(ctx, g); err != nil {
		return nil, err
	}
	if err := r.newFaults(ctx, g); err != nil {
		return nil, err
	}
	r.newSnapshots(g)
	return r, r.newLink(g)
}

// ensureClient makes the client that the server was started with. A database
// that once knew the published keys must not go on accepting them: a server with
// keys of its own may be open to the network, and production never has them.
func (r *rooms) ensureClient(ctx context.Context, g ground) error {
	c := g.Config
	_, err := r.teams.Client(ctx, SandboxClientID)
	published := err == nil
	if err != nil && !errors.Is(err, store.ErrNoRows) {
		return err
	}
	if c.Env != Sandbox {
		if published {
			return usage("the database was a sandbox's: give production one of its own with --db")
		}
		return r.teams.Ensure(ctx, team.Spec{ClientID: c.ClientID, Secret: c.Secret, Name: "Glencheck"})
	}
	if published && c.ClientID != SandboxClientID && c.Secret != SandboxSecret {
		if err := r.teams.EnsureSandbox(ctx, SandboxClientID, clock.NewIDs(0, 0).Hex(64)); err != nil { // never seeded: a secret that nobody knows
			return err
		}
	}
	return r.teams.EnsureSandbox(ctx, c.ClientID, c.Secret)
}

// ensured makes what a room finds missing at a start. Of several nodes that start at
// once on an empty database one makes each row, and the others look again.
func ensured(ctx context.Context, ensure func(context.Context) error) (err error) {
	for range 5 {
		if err = ensure(ctx); !store.IsUnique(err) {
			break
		}
	}
	return err
}

// newBanks makes the institutions of the environment and returns the connectors
// behind them. The simulated bank, whose passwords are published, exists in the
// sandbox only; production has no bank until one is configured.
func (r *rooms) newBanks(g ground) (map[string]institution.Connector, error) {
	if g.Config.Env != Sandbox {
		var err error
		r.institutions, err = institution.Load([]byte(`{"institutions": []}`))
		return nil, err
	}
	r.institutions = institution.New()
	r.bank = sandbank.New(g.DB, g.Vault, g.Clock, g.IDs, r.institutions).WithPages(g.PublicURL, g.Log)
	return map[string]institution.Connector{sandbank.Name: r.bank}, nil
}

// endpoints are the paths of the REST API that the rooms answer.
func (r *rooms) endpoints() []api.Endpoint {
	all := slices.Concat(
		r.users.Endpoints(),
		r.teams.Endpoints(r.hasInstitution),
		r.tokens.Endpoints(r.sessions),
		link.NewDriver(r.sessions).Endpoints(),
		r.institutions.Endpoints(),
		r.items.Endpoints(),
		r.auth.Endpoints(),
		r.identity.Endpoints(),
		r.processors.Endpoints(),
		r.idv.Endpoints(),
		r.screening.Endpoints(),
		r.schedule.Endpoints(),
		r.keys.Endpoints(),
	)
	if r.bank != nil {
		all = slices.Concat(all, r.bank.Endpoints())
	}
	if r.rails != nil {
		all = slices.Concat(all, r.rails.Endpoints())
	}
	if r.faults != nil {
		all = slices.Concat(all, r.faults.Endpoints(), r.snapshots.Endpoints(), r.inbox.Endpoints())
	}
	return all
}

// pages are the paths that are not of the REST API: Link, Link Demo, the API
// explorer and the simulated bank's own pages.
func (r *rooms) pages(g ground, a *api.Server, observe func(api.Observation)) *http.ServeMux {
	mux := http.NewServeMux()
	frame := r.frame(g, observe)
	mux.Handle("/link/", frame)
	mux.Handle(link.SharedPath, frame)
	mux.Handle("GET "+idv.PicturePath, r.pictures(g))
	docs := r.explorer(g)
	team := r.dashboard(g)
	mux.Handle(dashboard.Root, team)
	mux.Handle(dashboard.Root+"/", team)
	mux.Handle(explorer.Page, docs)
	mux.Handle(explorer.Page+"/", docs)
	mux.Handle(explorer.Document, docs)
	if r.decisions != nil {
		mux.Handle(alloy.Base+"/", r.partnerAPI)
	}
	if r.contacts != nil {
		r.contactPages(g, mux)
	}
	if g.Config.Env == Sandbox {
		mux.Handle("/bank/", r.bank.Pages())
	}
	if g.Config.hasDemo() {
		page := demo.Handler(demo.Config{
			PublicURL: g.PublicURL, API: a,
			ClientID: g.Config.ClientID, Secret: g.Config.Secret, ShowSecret: g.Config.Secret == SandboxSecret, NewID: g.IDs.UUID,
		})
		mux.Handle("GET /{$}", http.RedirectHandler("/demo", http.StatusFound))
		mux.Handle("/demo", page)
		mux.Handle("/demo/", page)
	}
	return mux
}

// explorer shows the endpoints. It fills in keys only where everybody knows
// them.
func (r *rooms) explorer(g ground) http.Handler {
	cfg := explorer.Config{PublicURL: g.PublicURL, Endpoints: r.endpoints}
	if g.Config.Env == Sandbox && g.Config.Secret == SandboxSecret {
		cfg.ClientID, cfg.Secret = g.Config.ClientID, g.Config.Secret
	}
	if r.contacts != nil {
		cfg.Graph = r.graphExplorer(g.Config)
	}
	return explorer.Handler(cfg)
}

// workers are what the rooms do beside answering, each until its context ends.
func (r *rooms) workers(log *slog.Logger) map[string]func(context.Context) {
	all := map[string]func(context.Context){
		"link tokens": r.tokens.Run, "link sessions": r.sessions.Run,
		"public tokens": func(ctx context.Context) { r.items.Run(ctx, log) },
		"webhooks":      r.webhooks.Run,
	}
	if r.rails != nil {
		all["rails"] = r.rails.Run
	}
	if r.faults != nil {
		all["faults"] = r.faults.Run
	}
	return all
}

// wait returns when the rooms have nothing under way that nobody waits for.
func (r *rooms) wait() { r.items.Wait() }

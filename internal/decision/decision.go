package decision

import (
	"context"
	"log/slog"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// Config is what Decisions need.
type Config struct {
	// Sandbox puts every request into sandbox mode, and makes what a sandbox begins
	// with.
	Sandbox bool
	// Account is the customer that the credentials below belong to, by its client_id.
	Account string
	// Token and Secret are credentials for the whole account, 32 letters and digits
	// each; none are made without them.
	Token, Secret string

	DB        *store.DB
	Vault     *vault.Vault
	Clock     *clock.Clock
	IDs       *clock.IDs
	Log       *slog.Logger
	Scheduler *schedule.Scheduler
	Outbox    *webhook.Outbox
	// Observe, if set, is told of each answer.
	Observe func(api.Observation)
	// Plaid is the public API that the sources ask, and the partner's keys for it.
	Plaid Plaid
	// At, if set, lets the clock reach what a call names.
	At func(ctx context.Context, when string) error
}

// Decisions are the partner's service.
type Decisions struct {
	cfg      Config
	keys     *Keys
	audit    *Audit
	entities *Entities
	hooks    *Hooks
	reviews  *Reviews

	workflows   *Workflows
	evaluations *Evaluations
	journeys    *Journeys
	monitoring  *Monitoring
}

// New makes the service on a database. Make it before the scheduler runs.
func New(cfg Config) *Decisions {
	d := &Decisions{cfg: cfg}
	d.keys = &Keys{db: cfg.DB, vault: cfg.Vault, clock: cfg.Clock, ids: cfg.IDs}
	d.audit = NewAudit(cfg.DB, cfg.Vault, cfg.Clock)
	d.entities = &Entities{db: cfg.DB, vault: cfg.Vault, clock: cfg.Clock, ids: cfg.IDs, audit: d.audit}
	d.hooks = &Hooks{db: cfg.DB, vault: cfg.Vault, clock: cfg.Clock, outbox: cfg.Outbox, tokens: cfg.IDs, audit: d.audit}
	cfg.Outbox.Register(HookScheme, d.hooks)
	d.reviews = &Reviews{db: cfg.DB, vault: cfg.Vault, clock: cfg.Clock, ids: cfg.IDs, audit: d.audit, entities: d.entities, hooks: d.hooks}
	d.entities.reviews = d.reviews.listOf
	d.newEngine()
	d.newJourneys()
	return d
}

// Ensure makes what has to be there at a start: the credentials that the server
// was started with. The published ones do not outlive a start without them, as the
// server may be open to the network then.
func (d *Decisions) Ensure(ctx context.Context) error {
	if d.cfg.Token != SandboxToken {
		if err := d.keys.Remove(ctx, SandboxToken); err != nil {
			return err
		}
	}
	if d.cfg.Sandbox {
		if err := d.reviews.ensure(ctx, d.cfg.Account); err != nil {
			return err
		}
	}
	if d.cfg.Token == "" {
		return nil
	}
	if err := d.keys.Ensure(ctx, Key{Account: d.cfg.Account, Token: d.cfg.Token, Secret: d.cfg.Secret}); err != nil {
		return err
	}
	if !d.cfg.Sandbox {
		return nil
	}
	if err := d.workflows.ensureDefaults(ctx, d.cfg.Account); err != nil {
		return err
	}
	if err := d.ensureWorkflowKeys(ctx); err != nil {
		return err
	}
	return d.ensureJourney(ctx)
}

// ensureWorkflowKeys makes the credentials of each workflow, the older kind: the
// workflow's token, and the secret of the account.
func (d *Decisions) ensureWorkflowKeys(ctx context.Context) error {
	list, err := d.workflows.List(ctx, d.cfg.Account)
	if err != nil {
		return err
	}
	for _, w := range list {
		if err := d.keys.Ensure(ctx, Key{Account: d.cfg.Account, Workflow: w.Token, Token: w.Token, Secret: d.cfg.Secret}); err != nil {
			return err
		}
	}
	return nil
}

// Routes are the paths that the service answers.
func (d *Decisions) Routes() []alloy.Route {
	return slices.Concat(d.keys.routes(), d.engineRoutes(), d.entities.routes(), d.reviews.routes(), d.journeys.routes(), d.monitoring.routes(), d.hooks.routes())
}

// Server answers the routes.
func (d *Decisions) Server() *alloy.Server {
	return alloy.New(alloy.Config{
		Sandbox: d.cfg.Sandbox, Authenticate: d.keys.Authenticate,
		Clock: d.cfg.Clock, IDs: d.cfg.IDs, Log: d.cfg.Log, Observe: d.cfg.Observe, At: d.cfg.At,
	}, d.Routes())
}

// Authenticate tells whose credentials an Authorization header has.
func (d *Decisions) Authenticate(ctx context.Context, authorization string) (alloy.Caller, error) {
	return d.keys.Authenticate(ctx, authorization)
}

// Audit is the trail of who did what.
func (d *Decisions) Audit() *Audit { return d.audit }

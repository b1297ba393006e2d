package contact

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/contact/graph"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// Config is what Contacts need.
type Config struct {
	// Sandbox makes what a sandbox begins with, and lets webhooks go to addresses
	// without TLS.
	Sandbox bool
	// ClientID is the agency that the server was started with.
	ClientID string
	// Key is an API key for the whole agency; none is made without it.
	Key string
	// Introspection lets clients read the schema.
	Introspection bool
	// Persisted, if set, are operations that clients may name by their hash.
	Persisted *graph.Persisted

	DB     *store.DB
	Vault  *vault.Vault
	Clock  *clock.Clock
	IDs    *clock.IDs
	Log    *slog.Logger
	Outbox *webhook.Outbox
	// HasTemplate reports whether a client has a template of verifications, in a sandbox
	// with the magic inputs behind it.
	HasTemplate func(ctx context.Context, clientID, templateID string) (bool, error)
	// Template is by what contacts are verified whose organisation does not say; ""
	// for none.
	Template string
	// Open drafts a Link token in which a person is verified.
	Open func(ctx context.Context, o Opening) (Opened, error)
	// Observe, if set, is told of each answer.
	Observe func(api.Observation)
	// At, if set, lets the clock reach what a call names.
	At func(ctx context.Context, when string) error
}

// Contacts are the organisations and contacts of every client. Its methods are safe
// for concurrent use, also by several nodes on one database.
type Contacts struct {
	cfg   Config
	db    *store.DB
	vault *vault.Vault
	clock *clock.Clock
	ids   *clock.IDs

	requests *clock.IDs // names requests, which must not change what else is named
}

// New makes the room. Make it before the outbox runs.
func New(cfg Config) *Contacts {
	c := &Contacts{cfg: cfg, db: cfg.DB, vault: cfg.Vault, clock: cfg.Clock, ids: cfg.IDs, requests: cfg.IDs.Fork("requests")}
	cfg.Outbox.Register(HookScheme, scheme{c})
	return c
}

func (c *Contacts) newID() string { return newID(c.clock, c.ids) }

func (c *Contacts) requestID() string { return newID(c.clock, c.requests) }

// serverKey is the id of the key that the server was started with.
func serverKey(clientID string) string { return "server:" + clientID }

// Ensure makes what has to be there at a start: the key that the server was started
// with and, in a sandbox, the organisation of seed 002. The published key does not
// outlive a start without it, as the server may be open to the network then.
func (c *Contacts) Ensure(ctx context.Context) error {
	return c.db.Write(ctx, func(tx *store.Tx) error {
		if c.cfg.Key != SandboxKey {
			if err := c.dropPublished(ctx, tx); err != nil {
				return err
			}
		}
		if c.cfg.Sandbox {
			if err := c.ensureOrg(ctx, tx); err != nil {
				return err
			}
		}
		if c.cfg.Key == "" {
			return nil
		}
		return c.ensureKey(ctx, tx, keySpec{id: serverKey(c.cfg.ClientID), secret: c.cfg.Key, client: c.cfg.ClientID, name: "Server", scopes: Scopes})
	})
}

// ensureOrg makes the organisation of seed 002. In a sandbox that was started for
// another client before, it goes over to the one of this start.
func (c *Contacts) ensureOrg(ctx context.Context, tx *store.Tx) error {
	o, err := scanOrg(tx.QueryRow(ctx, orgByID, SandboxOrg))
	switch {
	case errors.Is(err, store.ErrNoRows):
		now := c.clock.Now()
		return c.addOrg(ctx, tx, &Org{ID: SandboxOrg, ClientID: c.cfg.ClientID, Name: "Sandbox Organization", Status: OrgActive, CreatedAt: now, UpdatedAt: now})
	case err != nil:
		return fmt.Errorf("contact: organisation: %w", err)
	case o.ClientID == c.cfg.ClientID:
		return nil
	}
	return c.handOver(ctx, tx, o.ID, c.cfg.ClientID)
}

//go:embed schema.graphql
var schema string

// Schema is the schema of the API.
func Schema() string { return schema }

// Server answers the API.
func (c *Contacts) Server() (*graph.Server, error) {
	return graph.New(graph.Config{
		Schema: schema, Resolver: &resolver{c}, Lists: []string{"contacts", "contactChanges", "orgs", "apiKeys", "webhooks", "webhookRequests", "contactIdvSessions"},
		Authenticate: c.Authenticate, Introspection: c.cfg.Introspection, Sandbox: c.cfg.Sandbox,
		NewID: c.requestID, Log: c.cfg.Log, Observe: c.cfg.Observe, Once: c, Persisted: c.cfg.Persisted, At: c.cfg.At,
	})
}

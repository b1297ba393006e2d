package team

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// cachedClients bounds the clients kept in memory; a client is a few hundred
// bytes.
const cachedClients = 4096

// Teams knows every API client.
type Teams struct {
	db        *store.DB
	vault     *vault.Vault
	clock     *clock.Clock
	env       string
	redirects []string
	cache     *store.Cache[string, *Client]
}

// New returns the clients of one environment, "sandbox" or "production".
// redirects are redirect addresses that every client may use besides its own.
func New(db *store.DB, v *vault.Vault, c *clock.Clock, env string, redirects []string) (*Teams, error) {
	for _, uri := range redirects {
		if !RedirectEntryOK(uri) {
			return nil, fmt.Errorf("team: %q is no redirect URI: give an absolute http or https address without query, such as https://example.com/oauth.html or https://*.example.com/oauth.html", uri)
		}
	}
	return &Teams{
		db: db, vault: v, clock: c, env: env, redirects: redirects,
		cache: store.NewCache[string, *Client](db, cachedClients),
	}, nil
}

// nobody stands in for a client that does not exist, so that a wrong client_id
// costs the same comparison as a wrong secret.
var nobody = &Client{secrets: []string{"0000000000000000000000000000000000000000000000000000000000000000"}}

// Authenticate checks the keys of a call. An unknown client, a wrong secret and
// the secret of another client are one and the same error
// (plaid-server-api.md section 2.2).
//
// On SQLite the client comes from memory. On PostgreSQL, where another node may
// revoke a secret, one query looks for the pair; what it compares are blind
// indexes, about which a caller who measures its time learns nothing.
func (t *Teams) Authenticate(ctx context.Context, clientID, secret string) (api.Caller, error) {
	clientID = strings.ReplaceAll(clientID, "\x00", "?") // PostgreSQL takes no U+0000
	index := t.secretIndex(clientID, secret)
	if !t.db.SingleNode() {
		return readCaller(ctx, t.db, clientID, index)
	}
	c, err := t.Client(ctx, clientID)
	if errors.Is(err, store.ErrNoRows) {
		c, err = nobody, nil
	}
	if err != nil {
		return api.Caller{}, err
	}
	if !c.knows(index) {
		return api.Caller{}, plaid.InvalidAPIKeys
	}
	return api.Caller{ClientID: c.ID, Name: c.Name}, nil
}

// Key is what stands for a client's secret in a session of the dashboard: it can
// be checked again, and the secret cannot be had from it.
func (t *Teams) Key(clientID, secret string) string { return t.secretIndex(clientID, secret) }

// HoldsKey reports whether the secret that a key stands for is still valid.
func (t *Teams) HoldsKey(ctx context.Context, clientID, key string) (bool, error) {
	_, err := readCaller(ctx, t.db, clientID, key)
	if errors.Is(err, plaid.InvalidAPIKeys) {
		return false, nil
	}
	return err == nil, err
}

// secretIndex is what is kept of a secret. The client_id is part of it, so that
// equal secrets of two clients do not look alike in the database.
func (t *Teams) secretIndex(clientID, secret string) string {
	return t.vault.Index("client_secret", clientID+"\x00"+secret)
}

// Client returns a client by its id, store.ErrNoRows if there is none.
//
// On SQLite it comes from memory and every change drops it there; on PostgreSQL,
// where another node may revoke a secret, it is read on each call.
func (t *Teams) Client(ctx context.Context, clientID string) (*Client, error) {
	c, ok, ticket := t.cache.Get(clientID)
	if ok {
		return c, nil
	}
	err := t.db.Read(ctx, func(tx *store.Tx) (err error) {
		c, err = t.read(ctx, tx, clientID)
		return err
	})
	if err != nil {
		return nil, err
	}
	t.cache.Put(ticket, clientID, c)
	return c, nil
}

// read reads a client; what it has not decided is as the environment has it.
func (t *Teams) read(ctx context.Context, tx *store.Tx, clientID string) (*Client, error) {
	c, err := readClient(ctx, tx, clientID)
	if err != nil {
		return nil, err
	}
	c.integrated = t.env == "sandbox"
	c.Enforced = c.Enforced || t.env != "sandbox"
	return c, nil
}

// Spec describes a client that must exist.
type Spec struct {
	ClientID       string
	Secret         string
	Name           string
	Products       []string // nil: every product that Link can be opened with
	RedirectURIs   []string
	Customizations []Customization
}

// EnsureSandbox makes sure that the sandbox has its client, with the defaults of
// design.md section 3: all products, the redirect address of the seeds, and
// customizations named after the three account select modes besides "default".
// The secret given is the only valid one afterwards, so that a server that was
// once started with the well-known secret does not keep accepting it.
func (t *Teams) EnsureSandbox(ctx context.Context, clientID, secret string) error {
	if t.env != "sandbox" {
		return fmt.Errorf("team: %s has no sandbox client", t.env)
	}
	return t.ensure(ctx, Spec{
		ClientID: clientID, Secret: secret, Name: "Glencheck Sandbox",
		RedirectURIs: sandboxRedirects,
		Customizations: []Customization{
			{Name: DefaultCustomization, AccountSelect: SelectMultiple},
			{Name: "single", AccountSelect: SelectSingle},
			{Name: "multiple", AccountSelect: SelectMultiple},
			{Name: "all", AccountSelect: SelectAll},
		},
	})
}

// Ensure makes sure that a client exists outside the sandbox. It refuses the
// well-known sandbox keys. As with EnsureSandbox, the secret given is the only
// valid one afterwards; redirect addresses and customizations are added to those
// the client has.
func (t *Teams) Ensure(ctx context.Context, s Spec) error {
	if s.ClientID == SandboxClientID || s.Secret == SandboxSecret {
		return fmt.Errorf("team: %s must not use the public keys of the sandbox", t.env)
	}
	return t.ensure(ctx, s)
}

func (t *Teams) ensure(ctx context.Context, s Spec) error {
	if s.ClientID == "" || s.Secret == "" {
		return errors.New("team: a client needs a client_id and a secret")
	}
	for _, uri := range s.RedirectURIs {
		if !RedirectEntryOK(uri) {
			return fmt.Errorf("team: %q is no redirect URI", uri)
		}
	}
	if s.Products == nil {
		s.Products = linkProducts
	}
	for _, p := range s.Products {
		if !slices.Contains(linkProducts, p) {
			return fmt.Errorf("team: Link cannot be opened with the product %q", p)
		}
	}
	return t.db.Write(ctx, func(tx *store.Tx) error {
		t.cache.Drop(tx, s.ClientID)
		return writeClient(ctx, tx, s, t.secretIndex(s.ClientID, s.Secret), clock.Millis(t.clock.Now()))
	})
}

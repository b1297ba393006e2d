package processor

import (
	"context"
	"errors"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/auth"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/identity"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/team"
	"github.com/glencheck-dev/glencheck/internal/vault"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// sandbox is the environment where teams may try what their partners do.
const sandbox = "sandbox"

// Config is what Processors need.
type Config struct {
	DB        *store.DB
	Vault     *vault.Vault
	Clock     *clock.Clock
	IDs       *clock.IDs
	Env       string
	Catalogue *institution.Catalogue
	Teams     *team.Teams
	Items     *item.Items
	Auth      *auth.Auth
	Identity  *identity.Identity
	Outbox    *webhook.Outbox
	Partners  *Partners
	// Owner is the client whose Items a partner's own sandbox tokens are.
	Owner string
}

// Processors is this room: the tokens and what they open. Its methods are safe for
// concurrent use.
type Processors struct{ Config }

// New returns the room. Webhooks of an Item end with it.
func New(c Config) *Processors {
	s := &Processors{c}
	c.Items.OnRemove(s.forget)
	c.Items.OnTold(s.told)
	return s
}

// grant is what a token opens: one account of an Item for one processor.
type grant struct {
	index                                  string
	clientID, itemID, accountID, processor string
	products                               []string // none for all of the Item's
	webhook                                string
}

// allows reports whether one of products is among those that the token was narrowed
// to.
func (g *grant) allows(products []string) bool {
	return len(g.products) == 0 || len(products) == 0 ||
		slices.ContainsFunc(products, func(p string) bool { return slices.Contains(g.products, p) })
}

// find is the grant of a token, whoever asks for it.
func (s *Processors) find(ctx context.Context, token string) (*grant, error) {
	if !plaid.TokenOK(plaid.KindProcessor, s.Env, token) {
		return nil, plaid.InvalidProcessorTokenFormat
	}
	g, err := s.read(ctx, s.Vault.Index(processorToken, token))
	if errors.Is(err, store.ErrNoRows) {
		return nil, plaid.InvalidProcessorToken
	}
	return g, err
}

// asPartner is the grant of a token for a call that its partner makes. In the sandbox
// the client that has made the token may do the same, to try it out. To everybody else
// it does not exist.
func (s *Processors) asPartner(ctx context.Context, call api.Call, token string) (*grant, error) {
	g, err := s.find(ctx, token)
	switch {
	case err != nil:
		return nil, err
	case call.Caller.Partner != "":
		if call.Caller.Partner != g.processor {
			return nil, plaid.InvalidProcessorToken
		}
	case call.Caller.ClientID != g.clientID:
		return nil, plaid.InvalidProcessorToken
	case s.Env != sandbox:
		return nil, plaid.UnauthorizedRouteAccess
	}
	return g, nil
}

// asOwner is the grant of a token for a call about it that its client makes.
func (s *Processors) asOwner(ctx context.Context, call api.Call, token string) (*grant, error) {
	g, err := s.find(ctx, token)
	if err == nil && (call.Caller.Partner != "" || call.Caller.ClientID != g.clientID) {
		err = plaid.InvalidProcessorToken
	}
	if err != nil {
		return nil, err
	}
	_, err = s.Items.ByID(ctx, g.itemID)
	return g, err
}

// ItemOf is the Item that a token of the caller belongs to.
func (s *Processors) ItemOf(ctx context.Context, call api.Call, token string) (*item.Snapshot, error) {
	g, err := s.asPartner(ctx, call, token)
	if err != nil {
		return nil, err
	}
	return s.Items.ByID(ctx, g.itemID)
}

// open finds the account of a token for a call that reads what one of products opens,
// and the way to its Item.
func (s *Processors) open(ctx context.Context, call api.Call, token string, products ...string) (accountID string, find item.Finder, err error) {
	g, err := s.asPartner(ctx, call, token)
	if err != nil {
		return "", nil, err
	}
	return g.accountID, func(ctx context.Context) (*item.Snapshot, error) {
		sn, err := s.Items.ByID(ctx, g.itemID)
		if err == nil && !g.allows(products) {
			return nil, plaid.NotPermitted(products[0])
		}
		return sn, err
	}, nil
}

package link

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/team"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// How long a link token lives (LinkTokenCreateResponse.expiration).
const (
	tokenLife  = 4 * time.Hour
	updateLife = 30 * time.Minute // for an Item that exists
)

// Tokens are forgotten a day after they expired, when every session that ran on
// them is beyond the six hours that /link/token/get tells of it.
const (
	keepExpired = 24 * time.Hour
	sweepEvery  = time.Hour
	sweepBatch  = 1000
)

// TokensConfig is what Tokens are made from.
type TokensConfig struct {
	DB    *store.DB
	Vault *vault.Vault
	Clock *clock.Clock
	IDs   *clock.IDs
	Log   *slog.Logger
	Env   string // "sandbox" or "production"
	Teams *team.Teams
	Users *team.Users

	// Institution reports whether there is an institution of this id.
	Institution func(id string) bool
	// Item finds the Item of an access token, for update mode; its error is the
	// answer when there is none.
	Item func(ctx context.Context, call api.Call, accessToken string) (Repairable, error)
	// UserItem finds the Item of a user that broke last, of those that are named or
	// of all.
	UserItem func(ctx context.Context, call api.Call, userID string, itemIDs []string) (Repairable, error)
	// Verifier, if set, knows what may be verified with products
	// ["identity_verification"].
	Verifier Verifier
	// Documents finds the Item of an access token whose person uploads documents for
	// one of its accounts.
	Documents func(ctx context.Context, call api.Call, accessToken, accountID string) (Repairable, error)
	// PublicURL is where browsers reach this server, for the addresses of Hosted
	// Link pages.
	PublicURL string
}

// Tokens makes and finds link tokens.
type Tokens struct{ TokensConfig }

// NewTokens returns the link tokens of one environment.
func NewTokens(cfg TokensConfig) *Tokens { return &Tokens{cfg} }

// Run forgets old tokens until ctx ends.
func (t *Tokens) Run(ctx context.Context) {
	for {
		if err := t.Sweep(ctx); err != nil && ctx.Err() == nil {
			t.Log.Error("link token sweep failed", "error", err.Error())
		}
		if t.Clock.Wait(ctx, t.Clock.Now().Add(sweepEvery)) != nil {
			return
		}
	}
}

// Sweep forgets the tokens that expired long ago, in batches, so that no other
// write waits for long.
func (t *Tokens) Sweep(ctx context.Context) error {
	before := clock.Millis(t.Clock.Now().Add(-keepExpired))
	for n := int64(sweepBatch); n == sweepBatch; {
		err := t.DB.Write(ctx, func(tx *store.Tx) (err error) {
			n, err = deleteTokens(ctx, tx, before, sweepBatch)
			return err
		})
		if err != nil {
			return fmt.Errorf("link: sweep of tokens: %w", err)
		}
	}
	return nil
}

// issue stores a token and returns the secret string that stands for it.
func (t *Tokens) issue(ctx context.Context, tok *Token) (string, error) {
	secret := plaid.NewToken(plaid.KindLink, t.Env, t.IDs.UUID())
	life := tokenLife
	if tok.UpdateMode() {
		life = updateLife
	}
	if tok.Hosted != nil {
		life = tok.Hosted.life(t.Env, tok.UpdateMode())
	}
	tok.ID, tok.Secret = t.id(secret), secret
	tok.CreatedAt = t.Clock.Now().Truncate(time.Second)
	tok.ExpiresAt = tok.CreatedAt.Add(life)
	row, err := t.seal(tok)
	if err != nil {
		return "", err
	}
	return secret, t.DB.Write(ctx, func(tx *store.Tx) error { return insertToken(ctx, tx, row) })
}

// ByToken finds the token that Link is opened with. A token that is unknown, of
// another environment or expired is plaid.InvalidLinkToken. Whether its sessions
// have used it up is Sessions' knowledge.
func (t *Tokens) ByToken(ctx context.Context, secret string) (Token, error) {
	row, err := t.find(ctx, secret)
	if err != nil {
		return Token{}, err
	}
	tok, err := t.unseal(row)
	if err != nil {
		return Token{}, err
	}
	if !tok.late() && clock.Millis(t.Clock.Now()) >= row.expiresAt {
		return Token{}, refusedExpired(row.id, row.clientID, clock.FromMillis(row.createdAt), clock.FromMillis(row.expiresAt))
	}
	return tok, nil
}

// id is what a token is kept under: its blind index.
func (t *Tokens) id(secret string) string { return t.Vault.Index(tokenIndex, secret) }

// tokenIndex is the kind of the blind index under which a token is found.
const tokenIndex = "link_token"

// find reads the row of a token whatever its state.
func (t *Tokens) find(ctx context.Context, secret string) (tokenRow, error) {
	if !plaid.TokenOK(plaid.KindLink, t.Env, secret) {
		return tokenRow{}, refusedToken("%s", t.notToken(secret))
	}
	row, err := readToken(ctx, t.DB, t.id(secret))
	if errors.Is(err, store.ErrNoRows) {
		return tokenRow{}, refusedToken("there is no such link token: another server made it, or this one with another database, or it expired more than a day ago")
	}
	return row, err
}

// notToken says what is wrong with a string that is no link token of this
// environment. It repeats nothing of it.
func (t *Tokens) notToken(s string) string {
	for _, env := range []string{"sandbox", "production", "development"} {
		if env != t.Env && plaid.TokenOK(plaid.KindLink, env, s) {
			return "the link token is of the environment " + env + ", and this server is " + t.Env
		}
	}
	for _, kind := range []string{plaid.KindPublic, plaid.KindAccess, plaid.KindProcessor, plaid.KindUser} {
		if strings.HasPrefix(s, kind+"-") {
			return "Link was opened with what looks like " + kind + "_token instead of a link_token"
		}
	}
	return "what Link was opened with is no link token: they look like link-" + t.Env + "-<uuid>"
}

package item

import (
	"context"
	"errors"
	"time"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// publicTokenLife is how long a public token waits for its exchange
// (description of /item/public_token/exchange).
const publicTokenLife = 30 * time.Minute

// Create makes an Item inside tx and gives each of its accounts an id. Nobody
// can reach the Item before IssuePublicToken or issueAccessToken.
func (s *Items) Create(ctx context.Context, tx *store.Tx, n NewItem) (*Snapshot, error) {
	now := s.clock.Now()
	it := Item{
		ID: s.ids.ID(), ClientID: n.ClientID, ClientUserID: n.ClientUserID, UserID: n.UserID,
		InstitutionID: n.InstitutionID, Connector: n.Connector, LinkSessionID: n.LinkSessionID, Webhook: n.Webhook,
		Products: sorted(n.Products, n.OptionalProducts),
		Billed:   sorted(only(n.Products, func(p string) bool { return !payPerCall[p] })),
		UseCases: n.UseCases, AuthMethod: n.AuthMethod, CreatedAt: now,
	}
	it.Consented = sorted(it.Products, n.ConsentedProducts)
	if s.env == sandbox && n.Connector != "" { // without a bank there is no login that could end
		it.LoginUntil = now.Add(sandboxLogin)
	}
	accounts := s.opened(n)
	if err := s.insert(ctx, tx, it, n.Grant, accounts); err != nil {
		return nil, err
	}
	if err := s.watchLogin(ctx, tx, &it); err != nil {
		return nil, err
	}
	return s.snapshot(it, accounts), nil
}

// IssuePublicToken makes a public token for the Item inside tx. Only its blind
// index is stored, so this is the one time it can be read. plaid.ItemNotFound if the
// Item was removed.
func (s *Items) IssuePublicToken(ctx context.Context, tx *store.Tx, itemID string) (token string, expires time.Time, err error) {
	token = plaid.NewToken(plaid.KindPublic, s.env, s.ids.UUID())
	expires = s.clock.Now().Add(publicTokenLife)
	err = tx.ExecOne(ctx, insertPublicToken, s.vault.Index(publicToken, token), expires.UnixMilli(), itemID)
	if errors.Is(err, store.ErrNoRows) {
		err = plaid.ItemNotFound
	}
	return token, expires, err
}

// issueAccessToken makes an access token for the Item inside tx;
// plaid.ItemNotFound if it was removed.
func (s *Items) issueAccessToken(ctx context.Context, tx *store.Tx, itemID string) (string, error) {
	token := plaid.NewToken(plaid.KindAccess, s.env, s.ids.UUID())
	err := tx.ExecOne(ctx, insertAccessToken, s.vault.Index(accessToken, token), s.clock.Now().UnixMilli(), itemID)
	if errors.Is(err, store.ErrNoRows) {
		err = plaid.ItemNotFound
	}
	return token, err
}

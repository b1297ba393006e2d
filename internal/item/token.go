package item

import (
	"context"
	"errors"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// sandbox is the environment with the simulated bank and its levers.
const sandbox = "sandbox"

// ByAccessToken finds the caller's Item. It may have a problem: Data is for
// calls that need a good login. Errors are those of a token: a wrong shape, one
// that this client does not have, or one whose Item was removed.
func (s *Items) ByAccessToken(ctx context.Context, call api.Call, token string) (*Snapshot, error) {
	if !plaid.TokenOK(plaid.KindAccess, s.env, token) {
		return nil, plaid.InvalidAccessTokenFormat
	}
	sn, err := s.find(ctx, s.vault.Index(accessToken, token))
	switch {
	case errors.Is(err, store.ErrNoRows):
		return nil, plaid.InvalidAccessToken
	case err != nil:
		return nil, err
	case sn.ClientID != call.Caller.ClientID:
		return nil, plaid.InvalidAccessToken // as if it did not exist
	case sn.Removed():
		return nil, plaid.ItemNotFound
	}
	return sn, nil
}

// find is two looks into memory when this process owns the database, and one
// query where other processes may have changed the Item.
func (s *Items) find(ctx context.Context, index string) (*Snapshot, error) {
	if !s.db.SingleNode() {
		return s.read(s.db.QueryRow(ctx, selectByToken, index))
	}
	t, ok, ticket := s.tokens.Get(index)
	if !ok {
		if err := s.db.QueryRow(ctx, selectToken, index).Scan(&t.itemID, &t.generation); err != nil {
			return nil, err
		}
		s.tokens.Put(ticket, index, t)
	}
	sn, err := s.byID(ctx, t.itemID)
	if err == nil && sn.generation != t.generation {
		return nil, store.ErrNoRows // rotated away
	}
	return sn, err
}

// tokenRow is what is stored of an access token besides its index.
type tokenRow struct {
	itemID     string
	generation int64
}

// ByID finds an Item by its id, for rooms that keep ids of Items;
// plaid.ItemNotFound if there is none or it was removed.
func (s *Items) ByID(ctx context.Context, itemID string) (*Snapshot, error) {
	sn, err := s.byID(ctx, itemID)
	if errors.Is(err, store.ErrNoRows) || err == nil && sn.Removed() {
		return nil, plaid.ItemNotFound
	}
	return sn, err
}

func (s *Items) byID(ctx context.Context, itemID string) (*Snapshot, error) {
	sn, ok, ticket := s.snapshots.Get(itemID)
	if ok {
		return sn, nil
	}
	sn, err := s.read(s.db.QueryRow(ctx, selectItem, itemID))
	if err != nil {
		return nil, err
	}
	s.snapshots.Put(ticket, itemID, sn)
	return sn, nil
}

// exchange turns a public token into an access token, once.
func (s *Items) exchange(ctx context.Context, clientID, token string) (access, itemID string, err error) {
	if !plaid.TokenOK(plaid.KindPublic, s.env, token) {
		return "", "", plaid.InvalidPublicTokenFormat
	}
	index := s.vault.Index(publicToken, token)
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		err := tx.QueryRow(ctx, usePublicToken, s.clock.Now().UnixMilli(), index, clientID).Scan(&itemID)
		if errors.Is(err, store.ErrNoRows) {
			return plaid.InvalidPublicToken
		}
		if err != nil {
			return err
		}
		access, err = s.issueAccessToken(ctx, tx, itemID)
		return err
	})
	if err != nil {
		return "", "", err
	}
	return access, itemID, nil
}

// rotate replaces token. Every other access token of the Item ends with it:
// whoever rotates a token that leaked must be sure that none is left. Of several
// calls with the same token one wins; the others no longer have a token.
func (s *Items) rotate(ctx context.Context, sn *Snapshot) (access string, err error) {
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		err := tx.ExecOne(ctx, nextGeneration, sn.ID, sn.generation)
		if errors.Is(err, store.ErrNoRows) {
			return plaid.InvalidAccessToken
		}
		if err != nil {
			return err
		}
		s.Changed(tx, sn.ID)
		access, err = s.issueAccessToken(ctx, tx, sn.ID)
		return err
	})
	return access, err
}

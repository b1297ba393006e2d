package decision

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// The credentials of a fresh sandbox: published, the same on every machine, and
// refused by a production server.
const (
	SandboxToken  = "glencheckSandboxPartnerToken0001"
	SandboxSecret = "glencheckSandboxPartnerSecret001"
)

// Key is a pair of credentials.
type Key struct {
	Account  string
	Workflow string // "" for the whole account
	Token    string
	Secret   string
}

// KeyOK reports whether a text has the form of a token or a secret: 32 letters and
// digits (partner-decisions.md section 2).
func KeyOK(s string) bool {
	for _, r := range s {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return false
		}
	}
	return len(s) == 32
}

// Keys are the credentials of the API. Its methods are safe for concurrent use.
type Keys struct {
	db    *store.DB
	vault *vault.Vault
	clock *clock.Clock
	ids   *clock.IDs
}

// Ensure makes a pair of credentials, or gives the token of one a new secret.
func (k *Keys) Ensure(ctx context.Context, key Key) error {
	if !KeyOK(key.Token) || !KeyOK(key.Secret) {
		return errors.New("decision: a token and its secret are 32 letters and digits each")
	}
	return k.db.Write(ctx, func(tx *store.Tx) error { return k.ensure(ctx, tx, key) })
}

func (k *Keys) ensure(ctx context.Context, tx *store.Tx, key Key) error {
	index := k.index(key.Token)
	_, err := tx.Exec(ctx, upsertKey, index, key.Account, key.Workflow, k.secretIndex(index, key.Secret), clock.Millis(k.clock.Now()))
	if err != nil {
		return fmt.Errorf("decision: credentials: %w", err)
	}
	return nil
}

// Remove takes credentials away; bearer tokens that were made of them end with
// them.
func (k *Keys) Remove(ctx context.Context, token string) error {
	return k.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, deleteKey, k.index(token))
		return err
	})
}

func (k *Keys) index(token string) string { return k.vault.Index("decision.token", token) }

// secretIndex is bound to the token, so that the same secret of two tokens looks
// different.
func (k *Keys) secretIndex(index, secret string) string {
	return k.vault.Index("decision.secret", index+"."+secret)
}

// Authenticate tells whose credentials an Authorization header has.
func (k *Keys) Authenticate(ctx context.Context, authorization string) (alloy.Caller, error) {
	scheme, value, _ := strings.Cut(authorization, " ")
	switch {
	case strings.EqualFold(scheme, "Basic"):
		token, secret, ok := basic(value)
		if !ok {
			return alloy.Caller{}, alloy.ErrUnauthorized
		}
		return k.pair(ctx, token, secret)
	case strings.EqualFold(scheme, "Bearer"):
		return k.bearer(ctx, strings.TrimSpace(value))
	}
	return alloy.Caller{}, alloy.ErrUnauthorized
}

// basic reads the credentials of a Basic header.
func basic(value string) (token, secret string, ok bool) {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(value))
	if err != nil {
		return "", "", false
	}
	return strings.Cut(string(raw), ":")
}

// pair tells whose token and secret these are. Without the key of the vault nobody
// can learn from the time it takes how much of either is right.
func (k *Keys) pair(ctx context.Context, token, secret string) (alloy.Caller, error) {
	if len(token) > 64 || len(secret) > 64 {
		return alloy.Caller{}, alloy.ErrUnauthorized
	}
	index := k.index(token)
	caller, held, err := k.caller(ctx, index)
	if err != nil && !errors.Is(err, store.ErrNoRows) {
		return alloy.Caller{}, err
	}
	given := k.secretIndex(index, secret)
	if subtle.ConstantTimeCompare([]byte(given), []byte(held)) != 1 {
		return alloy.Caller{}, alloy.ErrUnauthorized
	}
	return caller, nil
}

// caller finds credentials by the index of their token.
func (k *Keys) caller(ctx context.Context, index string) (caller alloy.Caller, secret string, err error) {
	err = k.db.QueryRow(ctx, selectKey, index).Scan(&caller.Account, &caller.Workflow, &secret)
	caller.Key = keyName(index)
	return caller, secret, err
}

// keyName names credentials in the audit trail.
func keyName(index string) string { return "key:" + index[:12] }

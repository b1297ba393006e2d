package contact

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/contact/graph"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// SandboxKey is the API key of a fresh sandbox: published, the same on every
// machine, and refused by a production server.
const SandboxKey = "glencheck-sandbox-contacts-key"

// The scopes of keys.
const (
	ScopeReadContacts  = "contacts:read"
	ScopeWriteContacts = "contacts:write"
	ScopeSessions      = "sessions:create"
	ScopeReadOrgs      = "orgs:read"
	ScopeWriteOrgs     = "orgs:write"
	ScopeReadWebhooks  = "webhooks:read"
	ScopeWriteWebhooks = "webhooks:write"
	ScopeKeys          = "keys:write"
)

// Scopes are all scopes.
var Scopes = []string{
	ScopeReadContacts, ScopeWriteContacts, ScopeSessions, ScopeReadOrgs, ScopeWriteOrgs, ScopeReadWebhooks, ScopeWriteWebhooks, ScopeKeys,
}

// Key is an API key, without its secret.
type Key struct {
	ID         string
	ClientID   string
	OrgID      string // "" for all organisations of the client
	Name       string
	Scopes     []string
	CreatedAt  time.Time
	RevokedAt  time.Time
	LastUsedAt time.Time
	number     int64
}

// usedEvery is how exact lastUsedAt is.
const usedEvery = time.Minute

// Authenticate tells whose key this is. Without the key of the vault nobody can
// learn from the time it takes how much of a guess is right.
func (c *Contacts) Authenticate(ctx context.Context, secret string) (graph.Caller, error) {
	k, err := scanKey(c.db.QueryRow(ctx, keyByIndex, c.keyIndex(secret)))
	if errors.Is(err, store.ErrNoRows) || err == nil && !k.RevokedAt.IsZero() {
		return graph.Caller{}, graph.ErrUnauthenticated
	}
	if err != nil {
		return graph.Caller{}, fmt.Errorf("contact: key: %w", err)
	}
	if now := c.clock.Now(); now.Sub(k.LastUsedAt) >= usedEvery || now.Before(k.LastUsedAt) {
		err = c.db.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, useKey, k.ID, clock.Millis(now))
			return err
		})
	}
	return graph.Caller{Client: k.ClientID, Org: k.OrgID, Key: k.ID, Scopes: k.Scopes}, err
}

func (c *Contacts) keyIndex(secret string) string { return c.vault.Index("contact.key", secret) }

// newSecret is the text of a key. What it begins with lets a scanner find one that
// has leaked.
func (c *Contacts) newSecret() string {
	mark := "cl_live_"
	if c.cfg.Sandbox {
		mark = "cl_test_"
	}
	return mark + c.ids.Letters(43, base62)
}

// keySpec is a key to be made.
type keySpec struct {
	client, org, name string
	scopes            []string
	id, secret        string // made if empty
}

// insertNewKey makes a key and returns its secret.
func (c *Contacts) insertNewKey(ctx context.Context, tx *store.Tx, s keySpec) (Key, string, error) {
	k := Key{ID: s.id, ClientID: s.client, OrgID: s.org, Name: s.name, Scopes: s.scopes, CreatedAt: c.clock.Now()}
	if k.ID == "" {
		k.ID, s.secret = c.newID(), c.newSecret()
	}
	var err error
	if k.number, err = store.NextNumber(ctx, tx, "contact.key:"+s.client); err != nil {
		return k, "", err
	}
	_, err = tx.Exec(ctx, insertKey, k.ID, k.ClientID, k.OrgID, k.number, c.keyIndex(s.secret), k.Name, strings.Join(k.Scopes, " "), clock.Millis(k.CreatedAt))
	if err != nil {
		return k, "", fmt.Errorf("contact: key: %w", err)
	}
	return k, s.secret, nil
}

// CreateKey makes a key of an agency, or of one of its organisations. Nobody hands
// out more than the key that asks may do itself.
func (c *Contacts) CreateKey(ctx context.Context, by graph.Caller, orgID, name string, scopes []string) (k Key, secret string, err error) {
	if orgID == "" {
		orgID = by.Org
	}
	if name = strings.TrimSpace(name); !wordsOK(name, 100) || name == "" {
		return k, "", graph.Input("name", "must be a text of up to 100 characters")
	}
	if len(scopes) == 0 {
		return k, "", graph.Input("scopes", "must name at least one scope")
	}
	for _, s := range scopes {
		if !slices.Contains(Scopes, s) {
			return k, "", graph.Input("scopes", "must be of "+strings.Join(Scopes, ", "))
		}
		if !slices.Contains(by.Scopes, s) {
			return k, "", graph.Refuse(graph.CodeForbidden, "a key cannot give away the scope "+s+", which it does not have itself")
		}
	}
	err = c.write(ctx, func(tx *store.Tx) error {
		if orgID != "" {
			if _, err := c.orgFor(ctx, tx, by, orgID); err != nil {
				return err
			}
		}
		k, secret, err = c.insertNewKey(ctx, tx, keySpec{client: by.Client, org: orgID, name: name, scopes: slices.Compact(slices.Sorted(slices.Values(scopes)))})
		return err
	})
	return k, secret, err
}

// RevokeKey ends a key.
func (c *Contacts) RevokeKey(ctx context.Context, by graph.Caller, id string) (k Key, err error) {
	err = c.write(ctx, func(tx *store.Tx) error {
		k, err = scanKey(tx.QueryRow(ctx, keyByID, id))
		if errors.Is(err, store.ErrNoRows) || err == nil && (k.ClientID != by.Client || by.Org != "" && by.Org != k.OrgID) {
			return graph.Refuse(graph.CodeNotFound, "there is no such API key")
		}
		if err != nil || !k.RevokedAt.IsZero() {
			return err
		}
		k.RevokedAt = c.clock.Now()
		_, err = tx.Exec(ctx, revokeKey, id, clock.Millis(k.RevokedAt))
		return err
	})
	return k, err
}

// Keys lists the keys that a caller can see: those of its agency, or of its
// organisation.
func (c *Contacts) keys(ctx context.Context, by graph.Caller, s span) ([]numbered[Key], error) {
	return list(ctx, c.db, s, keysDown, keysUp, func(row scanner) (numbered[Key], error) {
		k, err := scanKey(row)
		return numbered[Key]{k.number, k}, err
	}, by.Client, by.Org)
}

// ensureKey makes a key that the server was started with. A key of the same name
// that was made with another text ends, and so does the one of a server that was
// started for another client with this text.
func (c *Contacts) ensureKey(ctx context.Context, tx *store.Tx, s keySpec) error {
	index := c.keyIndex(s.secret)
	if _, err := tx.Exec(ctx, dropKey, s.id, index); err != nil {
		return fmt.Errorf("contact: key: %w", err)
	}
	k, err := scanKey(tx.QueryRow(ctx, keyByIndex, index))
	if err == nil && k.ID != s.id && strings.HasPrefix(k.ID, serverKey("")) {
		_, err = tx.Exec(ctx, dropIndex, index)
		err = cmp.Or(err, store.ErrNoRows)
	}
	if errors.Is(err, store.ErrNoRows) {
		_, _, err = c.insertNewKey(ctx, tx, s)
		return err
	}
	if err == nil && k.ID != s.id {
		err = errors.New("contact: the key that the server is started with is one that was made by another key")
	}
	return err
}

// dropPublished takes the sandbox's key away from a server that others may reach.
func (c *Contacts) dropPublished(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, dropIndex, c.keyIndex(SandboxKey))
	return err
}

// wordsOK reports whether a text can be stored and shown on one line.
func wordsOK(s string, most int) bool {
	return len([]rune(s)) <= most && strings.ToValidUTF8(s, "") == s && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0x2028 || r == 0x2029 })
}

package webhook

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// SandboxKeyID is the id of the first key of a sandbox: the one that the official
// clients' own tests ask for (plaid-server-api.md section 12.3).
const SandboxKeyID = "6c5516e1-92dc-479e-a8ff-5a51992e0001"

// ErrNoKey is the answer for an id that no key has.
var ErrNoKey = errors.New("webhook: no key has this id")

// Key signs webhooks. Its private half never leaves this package.
type Key struct {
	ID        string
	CreatedAt time.Time
	ExpiredAt time.Time // zero while it signs
	X, Y      string    // of the public half, base64url
	private   *ecdsa.PrivateKey
	n         int64
}

// Keys are the signing keys of one database. The newest signs; those before it can
// still be looked up, so that what they have signed can be verified. Its methods
// are safe for concurrent use, also by several nodes.
type Keys struct {
	db    *store.DB
	vault *vault.Vault
	clock *clock.Clock

	mu      sync.Mutex
	current *Key
	read    func() time.Duration // since current was read
}

const sealedKey = "webhook_key.sealed:"

// overlap is how long nodes that share a database go on signing with the key before
// the newest, at most: that long a key that was replaced does not show that it
// expired, as receivers may refuse one that did.
const overlap = 5 * time.Second

const keyColumns = `id, n, sealed, created_at, expired_at`

const (
	selectKey    = `SELECT ` + keyColumns + ` FROM webhook_key WHERE id = $1`
	selectNewest = `SELECT ` + keyColumns + ` FROM webhook_key ORDER BY n DESC LIMIT 1`
	insertKey    = `INSERT INTO webhook_key (` + keyColumns + `) VALUES ($1, $2, $3, $4, 0) ON CONFLICT DO NOTHING`
	expireKey    = `UPDATE webhook_key SET expired_at = $2 WHERE n < $1 AND expired_at = 0`
)

// NewKeys returns the keys of a database, and makes the first one where there is
// none; firstID is its id, "" for any.
func NewKeys(ctx context.Context, db *store.DB, v *vault.Vault, c *clock.Clock, firstID string) (*Keys, error) {
	k := &Keys{db: db, vault: v, clock: c}
	db.OnReplace(func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.current = nil
	})
	_, err := k.newest(ctx)
	if errors.Is(err, store.ErrNoRows) {
		err = k.add(ctx, firstID, 1)
	}
	if err != nil {
		return nil, fmt.Errorf("webhook: keys: %w", err)
	}
	return k, nil
}

// add makes key number n, unless another node has been faster.
func (k *Keys) add(ctx context.Context, id string, n int64) error {
	if id == "" {
		id = clock.NewIDs(0, 0).UUID() // never seeded: a kid must not come back
	}
	private, err := newPrivate()
	if err != nil {
		return err
	}
	raw, err := private.Bytes()
	if err != nil {
		return err
	}
	text, err := k.vault.Seal(raw, sealedKey+id)
	if err != nil {
		return err
	}
	now := k.clock.Now()
	expired := now
	if !k.db.SingleNode() {
		expired = now.Add(overlap)
	}
	return k.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, insertKey, id, n, text, clock.Millis(now)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, expireKey, n, clock.Millis(expired))
		return err
	})
}

// newPrivate makes a private key. It is never seeded: whoever knows the seed could
// sign.
func newPrivate() (key *ecdsa.PrivateKey, err error) {
	for range 8 { // one number in four thousand million is no key
		if key, err = ecdsa.ParseRawPrivateKey(elliptic.P256(), clock.NewIDs(0, 0).Bytes(32)); err == nil {
			return key, nil
		}
	}
	return nil, err
}

// Rotate makes a new key that signs from now on, and returns it.
func (k *Keys) Rotate(ctx context.Context) (*Key, error) {
	old, err := k.newest(ctx)
	if err != nil {
		return nil, fmt.Errorf("webhook: rotate: %w", err)
	}
	if err := k.add(ctx, "", old.n+1); err != nil {
		return nil, fmt.Errorf("webhook: rotate: %w", err)
	}
	k.mu.Lock()
	k.current = nil
	k.mu.Unlock()
	return k.Current(ctx)
}

// Current is the key that signs. A node of several looks anew before the overlap
// has passed.
func (k *Keys) Current(ctx context.Context) (*Key, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.current != nil && (k.db.SingleNode() || k.read() < overlap/2) {
		return k.current, nil
	}
	watch := clock.Stopwatch()
	key, err := k.newest(ctx)
	if err != nil {
		return nil, fmt.Errorf("webhook: keys: %w", err)
	}
	k.current, k.read = key, watch
	return key, nil
}

// ByID is the key of an id, expired or not; ErrNoKey if there is none.
func (k *Keys) ByID(ctx context.Context, id string) (*Key, error) {
	key, err := k.scan(k.db.QueryRow(ctx, selectKey, id))
	if errors.Is(err, store.ErrNoRows) {
		return nil, ErrNoKey
	}
	if err == nil && key.ExpiredAt.After(k.clock.Now()) {
		key.ExpiredAt = time.Time{}
	}
	return key, err
}

func (k *Keys) newest(ctx context.Context) (*Key, error) {
	return k.scan(k.db.QueryRow(ctx, selectNewest))
}

func (k *Keys) scan(row scanner) (*Key, error) {
	key := &Key{}
	var text string
	var created, expired int64
	if err := row.Scan(&key.ID, &key.n, &text, &created, &expired); err != nil {
		return nil, err
	}
	raw, err := k.vault.Open(text, sealedKey+key.ID)
	if err != nil {
		return nil, err
	}
	if key.private, err = ecdsa.ParseRawPrivateKey(elliptic.P256(), raw); err != nil {
		return nil, err
	}
	public, err := key.private.PublicKey.Bytes() // 4, X, Y
	if err != nil {
		return nil, err
	}
	half := (len(public) - 1) / 2
	key.X = base64.RawURLEncoding.EncodeToString(public[1 : 1+half])
	key.Y = base64.RawURLEncoding.EncodeToString(public[1+half:])
	key.CreatedAt, key.ExpiredAt = clock.FromMillis(created), clock.FromMillis(expired)
	return key, nil
}

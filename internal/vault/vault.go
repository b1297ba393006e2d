package vault

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"sync"
	"sync/atomic"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Vault seals and indexes. Its methods are safe for concurrent use.
type Vault struct {
	kek  KEK
	keys atomic.Pointer[Keys]
}

// Keys are the keys of a database, ready for use.
type Keys struct {
	aead tink.AEAD
	macs sync.Pool // of hash.Hash, keyed with the index key
}

// keys is what the database holds, sealed by the KEK.
type keys struct {
	Keyset []byte `json:"keyset"` // a Tink keyset
	Index  []byte `json:"index"`  // HMAC key of the blind indexes
}

// keyRow is the id of the one row in vault_key, and the associated data of its
// sealing.
const keyRow = "main"

// Open opens the vault of a database, and makes its keys on first use. It
// answers ErrKEK if the keys were sealed by another KEK.
func Open(ctx context.Context, db *store.DB, kek KEK, clk *clock.Clock) (*Vault, error) {
	sealed, err := loadKeys(ctx, db)
	if errors.Is(err, store.ErrNoRows) {
		if err := makeKeys(ctx, db, kek, clk); err != nil {
			return nil, err
		}
		sealed, err = loadKeys(ctx, db)
	}
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	k, err := unseal(sealed, kek)
	if err != nil {
		return nil, err
	}
	v := &Vault{kek: kek}
	v.keys.Store(k)
	return v, nil
}

// Table is where a database holds its keys, sealed, in the row and the column of
// these names.
const (
	Table  = "vault_key"
	Row    = keyRow
	Sealed = "sealed"
)

// Unseal reads the keys of another database as its Table holds them; ErrKEK if they
// were sealed by another KEK.
func (v *Vault) Unseal(sealed string) (*Keys, error) { return unseal(sealed, v.kek) }

// Use lets the vault go on with other keys: everything in the database has been
// replaced by what they have sealed.
func (v *Vault) Use(k *Keys) { v.keys.Store(k) }

// Reload reads the keys anew, after another node has replaced everything.
func (v *Vault) Reload(ctx context.Context, db *store.DB) error {
	sealed, err := loadKeys(ctx, db)
	if err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	k, err := unseal(sealed, v.kek)
	if err == nil {
		v.Use(k)
	}
	return err
}

func loadKeys(ctx context.Context, db *store.DB) (string, error) {
	var sealed string
	err := db.QueryRow(ctx, "SELECT sealed FROM vault_key WHERE id = $1", keyRow).Scan(&sealed)
	return sealed, err
}

// makeKeys stores new keys, unless another node has been faster.
func makeKeys(ctx context.Context, db *store.DB, kek KEK, clk *clock.Clock) error {
	h, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	var raw bytes.Buffer
	if err := insecurecleartextkeyset.Write(h, keyset.NewBinaryWriter(&raw)); err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	plain, err := json.Marshal(keys{Keyset: raw.Bytes(), Index: clock.NewIDs(0, 0).Bytes(32)}) // never seeded
	if err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	sealed, err := kek.aead.Encrypt(plain, []byte(keyRow))
	if err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO vault_key (id, sealed, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
			keyRow, base64.StdEncoding.EncodeToString(sealed), clock.Millis(clk.Now()))
		return err
	})
}

func unseal(sealed string, kek KEK) (*Keys, error) {
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	plain, err := kek.aead.Decrypt(raw, []byte(keyRow))
	if err != nil {
		return nil, ErrKEK
	}
	var in keys
	if err := json.Unmarshal(plain, &in); err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	h, err := insecurecleartextkeyset.Read(keyset.NewBinaryReader(bytes.NewReader(in.Keyset)))
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	a, err := aead.New(h)
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	k := &Keys{aead: a}
	k.macs.New = func() any { return hmac.New(sha256.New, in.Index) }
	return k, nil
}

// Seal encrypts plain for the row of the given id.
func (v *Vault) Seal(plain []byte, rowID string) (string, error) {
	sealed, err := v.keys.Load().aead.Encrypt(plain, []byte(rowID))
	if err != nil {
		return "", fmt.Errorf("vault: seal: %w", err)
	}
	b, _ := scratch.Get().(*[]byte)
	if b == nil {
		b = new([]byte)
	}
	*b = base64.RawStdEncoding.AppendEncode((*b)[:0], sealed)
	text := string(*b)
	if cap(*b) <= maxScratch {
		scratch.Put(b)
	}
	return text, nil
}

// scratch holds buffers for the text of what is sealed, which is not secret. Large
// ones, of pictures and documents, are not kept.
var scratch sync.Pool

const maxScratch = 16 << 10

// Open decrypts what Seal made for the same row.
func (v *Vault) Open(sealed, rowID string) ([]byte, error) {
	raw, err := base64.RawStdEncoding.DecodeString(sealed)
	if err != nil {
		return nil, fmt.Errorf("vault: open: %w", err)
	}
	plain, err := v.keys.Load().aead.Decrypt(raw, []byte(rowID))
	if err != nil {
		return nil, fmt.Errorf("vault: open: %w", err)
	}
	return plain, nil
}

// SealJSON seals the JSON form of a value.
func (v *Vault) SealJSON(value any, rowID string) (string, error) {
	plain, err := json.Marshal(value)
	if err != nil {
		return "", fmt.Errorf("vault: seal: %w", err)
	}
	return v.Seal(plain, rowID)
}

// OpenJSON opens what SealJSON made into value, a pointer.
func (v *Vault) OpenJSON(sealed, rowID string, value any) error {
	plain, err := v.Open(sealed, rowID)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(plain, value); err != nil {
		return fmt.Errorf("vault: open: %w", err)
	}
	return nil
}

// Index is the blind index of a value: always the same for the same kind and
// value, and useless to whoever lacks the key. The kind, such as
// "access_token", keeps equal values of different columns apart.
func (v *Vault) Index(kind, value string) string {
	k := v.keys.Load()
	mac := k.macs.Get().(hash.Hash)
	defer k.macs.Put(mac)
	mac.Reset()
	mac.Write([]byte(kind))
	mac.Write([]byte{0})
	mac.Write([]byte(value))
	var sum [sha256.Size]byte
	return hex.EncodeToString(mac.Sum(sum[:0]))
}

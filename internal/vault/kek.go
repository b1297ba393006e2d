package vault

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// KEK is a key-encryption key: it seals the vault's own keys.
type KEK struct{ aead tink.AEAD }

// kekSize is the length of the key in bytes: AES-256.
const kekSize = 32

// ErrKEK says that the database was sealed with another key-encryption key.
var ErrKEK = errors.New("vault: this database was sealed with another key-encryption key")

// NewKEK makes a key-encryption key of 32 bytes.
func NewKEK(key []byte) (KEK, error) {
	if len(key) != kekSize {
		return KEK{}, fmt.Errorf("vault: a key-encryption key has %d bytes, this one %d", kekSize, len(key))
	}
	a, err := subtle.NewAESGCM(key)
	if err != nil {
		return KEK{}, fmt.Errorf("vault: %w", err)
	}
	return KEK{a}, nil
}

// SandboxKEK is the published key of a sandbox that was started without one. It
// protects nothing and is not meant to.
func SandboxKEK() KEK {
	sum := sha256.Sum256([]byte("glencheck sandbox: this key is published"))
	k, err := NewKEK(sum[:])
	if err != nil {
		panic(err) // the length is right by construction
	}
	return k
}

// LoadKEK reads a key-encryption key from where it is kept: the path of a file
// that holds 32 bytes, raw or in base64, and that only its owner may read.
// Addresses of key management services are refused until one is built.
func LoadKEK(from string) (KEK, error) {
	if scheme, _, ok := strings.Cut(from, "://"); ok && scheme != "file" {
		return KEK{}, fmt.Errorf("vault: no key management service %q is built in; give a file", scheme)
	}
	path := strings.TrimPrefix(from, "file://")
	info, err := os.Stat(path)
	if err != nil {
		return KEK{}, fmt.Errorf("vault: key-encryption key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return KEK{}, fmt.Errorf("vault: %s can be read by others; chmod 600 it", path)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return KEK{}, fmt.Errorf("vault: key-encryption key: %w", err)
	}
	if len(raw) != kekSize {
		if text, err := base64.StdEncoding.DecodeString(string(bytes.TrimSpace(raw))); err == nil {
			raw = text
		}
	}
	return NewKEK(raw)
}

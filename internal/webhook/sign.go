package webhook

import (
	"context"
	"crypto"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"time"
)

// Plaid is the scheme of Plaid's webhooks: a JWT in header Plaid-Verification.
const Plaid = "plaid"

// Header carries the signature.
const Header = "Plaid-Verification"

// SignOptions make a signature differ from what it should be, so that a receiver
// can show that it refuses it. The zero value is a right one.
type SignOptions struct {
	IssuedAt time.Time // iat; the present time by default
	KeyID    string    // kid; that of the key in use by default
	// Algorithm is alg; ES256 by default. "none" leaves the signature empty.
	Algorithm string
	BodyHash  string // request_body_sha256; that of the body by default
	// WrongKey signs with a key that nobody can look up.
	WrongKey bool
}

// plaidScheme is what plaid-server-api.md sections 12.2 and 12.3 describe.
type plaidScheme struct{ keys *Keys }

// NewPlaid returns scheme Plaid.
func NewPlaid(keys *Keys) Scheme { return plaidScheme{keys} }

// Prepare signs the body as it was written. Each try has a signature of its own:
// receivers refuse one that is older than five minutes.
func (s plaidScheme) Prepare(ctx context.Context, d Delivery, now time.Time) ([]byte, http.Header, error) {
	token, err := s.keys.Sign(ctx, d.Body, SignOptions{IssuedAt: now})
	return d.Body, http.Header{Header: {token}}, err
}

// Accepts: "non-200 or no response" is a failure.
func (plaidScheme) Accepts(status int) bool { return status == http.StatusOK }

// Retry is the documented schedule.
func (plaidScheme) Retry(failures int64, age time.Duration) (time.Duration, bool) {
	return retryAfter(failures, age)
}

// PrepareWith signs as opt wants.
func (k *Keys) PrepareWith(opt SignOptions) Prepare {
	return func(ctx context.Context, d Delivery, now time.Time) ([]byte, http.Header, error) {
		if opt.IssuedAt.IsZero() {
			opt.IssuedAt = now
		}
		token, err := k.Sign(ctx, d.Body, opt)
		return d.Body, http.Header{Header: {token}}, err
	}
}

// jwtHeader and jwtClaims are the two halves of the token, with no other members
// than those that are documented.
type jwtHeader struct {
	Algorithm string `json:"alg"`
	KeyID     string `json:"kid"`
	Type      string `json:"typ"`
}

type jwtClaims struct {
	IssuedAt int64  `json:"iat"`
	BodyHash string `json:"request_body_sha256"`
}

const es256 = "ES256"

// Sign makes the token for a body. opt.IssuedAt must be set.
func (k *Keys) Sign(ctx context.Context, body []byte, opt SignOptions) (string, error) {
	key, err := k.Current(ctx)
	if err != nil {
		return "", err
	}
	header := jwtHeader{Algorithm: es256, KeyID: key.ID, Type: "JWT"}
	if opt.Algorithm != "" {
		header.Algorithm = opt.Algorithm
	}
	if opt.KeyID != "" {
		header.KeyID = opt.KeyID
	}
	sum := sha256.Sum256(body)
	claims := jwtClaims{IssuedAt: opt.IssuedAt.Unix(), BodyHash: hex.EncodeToString(sum[:])}
	if opt.BodyHash != "" {
		claims.BodyHash = opt.BodyHash
	}
	token := part(header) + "." + part(claims)
	if header.Algorithm == "none" {
		return token + ".", nil
	}
	private := key.private
	if opt.WrongKey {
		if private, err = newPrivate(); err != nil {
			return "", err
		}
	}
	signature, err := sign(private, token)
	if err != nil {
		return "", fmt.Errorf("webhook: sign: %w", err)
	}
	return token + "." + signature, nil
}

func part(v any) string {
	b, _ := json.Marshal(v) // strings and a number always marshal
	return base64.RawURLEncoding.EncodeToString(b)
}

// sign makes the signature of RFC 7518 section 3.4, deterministically (RFC 6979):
// it needs no randomness.
func sign(private crypto.Signer, token string) (string, error) {
	sum := sha256.Sum256([]byte(token))
	der, err := private.Sign(nil, sum[:], crypto.SHA256)
	if err != nil {
		return "", err
	}
	var pair struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &pair); err != nil {
		return "", err
	}
	var raw [64]byte
	pair.R.FillBytes(raw[:32])
	pair.S.FillBytes(raw[32:])
	return base64.RawURLEncoding.EncodeToString(raw[:]), nil
}

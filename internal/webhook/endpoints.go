package webhook

import (
	"context"
	"errors"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Endpoints are /webhook_verification_key/get and the lever beside it.
func (k *Keys) Endpoints() []api.Endpoint {
	return []api.Endpoint{
		api.Post("/webhook_verification_key/get", k.get, api.Partners(), api.Summary("The public key of a webhook's signature")),
		api.Post("/sandbox/webhook_verification_key/rotate", k.rotate, api.Sandbox(), api.Summary("Sign webhooks with a new key")),
	}
}

// KeyRequest is schema WebhookVerificationKeyGetRequest.
type KeyRequest struct {
	KeyID string `json:"key_id" required:"true" max:"200"`
}

// KeyAnswer is schema WebhookVerificationKeyGetResponse.
type KeyAnswer struct {
	Key JWK `json:"key"`
}

// JWK is schema JWKPublicKey.
type JWK struct {
	Algorithm string `json:"alg"`
	CreatedAt int64  `json:"created_at"`
	Curve     string `json:"crv"`
	ExpiredAt *int64 `json:"expired_at"` // null while the key signs
	KeyID     string `json:"kid"`
	KeyType   string `json:"kty"`
	Use       string `json:"use"`
	X         string `json:"x"`
	Y         string `json:"y"`
}

// JWK is the public half of the key.
func (k *Key) JWK() JWK {
	j := JWK{Algorithm: es256, CreatedAt: k.CreatedAt.Unix(), Curve: "P-256", KeyID: k.ID, KeyType: "EC", Use: "sig", X: k.X, Y: k.Y}
	if !k.ExpiredAt.IsZero() {
		at := k.ExpiredAt.Unix()
		j.ExpiredAt = &at
	}
	return j
}

func (k *Keys) get(ctx context.Context, _ api.Call, in KeyRequest) (KeyAnswer, error) {
	key, err := k.ByID(ctx, in.KeyID)
	if errors.Is(err, ErrNoKey) {
		return KeyAnswer{}, plaid.InvalidWebhookVerificationKeyID
	}
	if err != nil {
		return KeyAnswer{}, err
	}
	return KeyAnswer{key.JWK()}, nil
}

func (k *Keys) rotate(ctx context.Context, _ api.Call, _ struct{}) (KeyAnswer, error) {
	key, err := k.Rotate(ctx)
	if err != nil {
		return KeyAnswer{}, err
	}
	return KeyAnswer{key.JWK()}, nil
}

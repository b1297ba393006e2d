package decision

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// bearerLife is how long a bearer token lives (partner-decisions.md section 2).
const bearerLife = time.Hour

// bearerHeader is the header of each bearer token; one with another is not ours.
const bearerHeader = `{"alg":"HS256","typ":"JWT"}`

// claims is what a bearer token says.
type claims struct {
	Subject  string `json:"sub"` // the index of the credentials' token
	Issuer   string `json:"iss"`
	IssuedAt int64  `json:"iat"` // seconds
	Expires  int64  `json:"exp"`
}

const bearerIssuer = "glencheck-decisions"

func (k *Keys) routes() []alloy.Route {
	return []alloy.Route{
		alloy.Post("/v1/oauth/bearer", k.grant, alloy.Public(), alloy.Summary("Makes a bearer token of a token and its secret")),
	}
}

// bearerRequest is the body of POST /v1/oauth/bearer.
type bearerRequest struct {
	Token     string `json:"application_token" max:"64"`
	Secret    string `json:"application_secret" max:"64"`
	GrantType string `json:"grant_type" enum:"client_credentials"`
}

// BearerAnswer is a bearer token: in the standard's members where the credentials
// came in the header, in the older ones where they came in the body.
type BearerAnswer struct {
	AccessToken string `json:"access_token,omitempty"`
	TokenType   string `json:"token_type,omitempty"`
	ExpiresIn   int64  `json:"expires_in,omitempty"` // seconds
	BearerToken string `json:"bearer_token,omitempty"`
	Expires     int64  `json:"expires,omitempty"` // milliseconds since 1970
}

// grant makes a bearer token. Credentials in the header win over those in the body.
func (k *Keys) grant(ctx context.Context, call alloy.Call, in bearerRequest) (BearerAnswer, error) {
	if header := call.Header("Authorization"); header != "" {
		scheme, value, _ := strings.Cut(header, " ")
		token, secret, ok := basic(value)
		if !ok || !strings.EqualFold(scheme, "Basic") {
			return BearerAnswer{}, alloy.ErrUnauthorized
		}
		jwt, _, err := k.issue(ctx, token, secret)
		if err != nil {
			return BearerAnswer{}, err
		}
		return BearerAnswer{AccessToken: jwt, TokenType: "bearer", ExpiresIn: int64(bearerLife / time.Second)}, nil
	}
	switch {
	case in.Token == "":
		return BearerAnswer{}, alloy.Required("application_token")
	case in.Secret == "":
		return BearerAnswer{}, alloy.Required("application_secret")
	}
	jwt, expires, err := k.issue(ctx, in.Token, in.Secret)
	if err != nil {
		return BearerAnswer{}, err
	}
	return BearerAnswer{BearerToken: jwt, Expires: expires.UnixMilli()}, nil
}

// issue makes a bearer token of credentials.
func (k *Keys) issue(ctx context.Context, token, secret string) (jwt string, expires time.Time, err error) {
	if _, err := k.pair(ctx, token, secret); err != nil {
		return "", time.Time{}, err
	}
	now := k.clock.Now()
	expires = now.Add(bearerLife)
	body, err := json.Marshal(claims{Subject: k.index(token), Issuer: bearerIssuer, IssuedAt: now.Unix(), Expires: expires.Unix()})
	if err != nil {
		return "", time.Time{}, fmt.Errorf("decision: bearer token: %w", err)
	}
	signed := encode([]byte(bearerHeader)) + "." + encode(body)
	return signed + "." + encode(k.sign(signed)), expires, nil
}

// bearer tells whose bearer token this is. One ends after an hour, or with the
// credentials that it was made of.
func (k *Keys) bearer(ctx context.Context, jwt string) (alloy.Caller, error) {
	signed, signature, ok := cutLast(jwt)
	head, body, two := strings.Cut(signed, ".")
	given, err := base64.RawURLEncoding.DecodeString(signature)
	if !ok || !two || err != nil || len(jwt) > 4096 || head != encode([]byte(bearerHeader)) || !hmac.Equal(given, k.sign(signed)) {
		return alloy.Caller{}, alloy.ErrUnauthorized
	}
	raw, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil {
		return alloy.Caller{}, alloy.ErrUnauthorized
	}
	var c claims
	if err := json.Unmarshal(raw, &c); err != nil || c.Issuer != bearerIssuer {
		return alloy.Caller{}, alloy.ErrUnauthorized
	}
	if k.clock.Now().Unix() >= c.Expires {
		return alloy.Caller{}, alloy.ErrUnauthorized.Saying("The bearer token has expired")
	}
	caller, _, err := k.caller(ctx, c.Subject)
	if errors.Is(err, store.ErrNoRows) {
		return alloy.Caller{}, alloy.ErrUnauthorized
	}
	return caller, err
}

// sign is the HMAC of a token under a key that follows from the vault's, so that
// every node of a database has the same one and none stores it.
func (k *Keys) sign(text string) []byte {
	mac := hmac.New(sha256.New, []byte(k.vault.Index("decision.bearer", "HS256")))
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// cutLast cuts a text at its last dot.
func cutLast(s string) (before, after string, found bool) {
	i := strings.LastIndexByte(s, '.')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

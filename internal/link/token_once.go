package link

import (
	"context"
	"time"
	"unicode/utf8"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/team"
)

// OnceSpec is one verification of one person.
type OnceSpec struct {
	ClientID, ClientUserID string
	ClientName             string // who asks, as panes say it
	TemplateID             string
	User                   VerificationUser
	Life                   time.Duration
}

// OnceToken is the link token of a verification. It is one when Keep has stored it.
type OnceToken struct {
	Secret    string
	ExpiresAt time.Time
	row       tokenRow
}

// Once drafts a link token for one verification: it ends with that, and at its time.
// Its panes are in the language of the browser and look as those of the client do.
func (t *Tokens) Once(ctx context.Context, spec OnceSpec) (*OnceToken, error) {
	if t.Verifier == nil {
		return nil, plaid.NotSupported("Identity Verification")
	}
	if err := t.Verifier.Template(ctx, spec.ClientID, spec.TemplateID); err != nil {
		return nil, err
	}
	kept, err := t.Verifier.Prefill(spec.User)
	if err != nil {
		return nil, err
	}
	c, err := t.Teams.Client(ctx, spec.ClientID)
	if err != nil {
		return nil, err
	}
	secret := plaid.NewToken(plaid.KindLink, t.Env, t.IDs.UUID())
	now := t.Clock.Now().Truncate(time.Second)
	tok := Token{
		ID: t.id(secret), Secret: secret, ClientID: spec.ClientID, ClientUserID: spec.ClientUserID, ClientName: short(spec.ClientName),
		Language: "en", CountryCodes: []string{"US"}, Products: []string{verificationProduct}, CustomizationName: team.DefaultCustomization,
		User: UserPrefill{Verification: string(kept)}, Verification: &Verification{TemplateID: spec.TemplateID, Once: true},
		CreatedAt: now, ExpiresAt: now.Add(spec.Life), Request: []byte("{}"),
	}
	custom, _ := c.Customization(team.DefaultCustomization, tok.Language, nil)
	tok.Custom = custom.Settings
	row, err := t.seal(&tok)
	return &OnceToken{Secret: secret, ExpiresAt: tok.ExpiresAt, row: row}, err
}

// Keep stores the token in a transaction.
func (o *OnceToken) Keep(ctx context.Context, tx *store.Tx) error { return insertToken(ctx, tx, o.row) }

// maxClientName is the length of a client_name, in characters.
const maxClientName = 30

func short(name string) string {
	if utf8.RuneCountInString(name) <= maxClientName {
		return name
	}
	return string([]rune(name)[:maxClientName-1]) + "…"
}

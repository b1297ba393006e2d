package link

import (
	"context"
	"time"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// CodePage makes, inside tx, a link token for an Item whose person enters the code of
// a deposit, and answers the address of its Hosted Link page: where a text message
// leads (link-web.md section 4.6). The message is in English, and so is the page.
func (t *Tokens) CodePage(ctx context.Context, tx *store.Tx, clientID, itemID, clientUserID, clientName string, life time.Duration) (string, error) {
	secret := plaid.NewToken(plaid.KindLink, t.Env, t.IDs.UUID())
	now := t.Clock.Now().Truncate(time.Second)
	tok := Token{
		ID: t.id(secret), Secret: secret, ClientID: clientID, ClientUserID: clientUserID, ClientName: clientName,
		Language: "en", CountryCodes: []string{"US"}, AccessTokenItemID: itemID, EntersCode: true, ByText: true,
		Hosted: &Hosted{ID: t.IDs.Hex(48)}, CreatedAt: now, ExpiresAt: now.Add(life), Request: []byte("{}"),
	}
	row, err := t.seal(&tok)
	if err != nil {
		return "", err
	}
	return tok.Hosted.URL(t.PublicURL), insertToken(ctx, tx, row)
}

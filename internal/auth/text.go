package auth

import (
	"context"
	"errors"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// The message that a person may ask for when their deposit has arrived
// (sms_microdeposits_verification_enabled, link-web.md section 4.6). Nothing here
// sends it: only the sandbox offers it, and shows what would have been sent.

// textMessage is a message about a deposit that has arrived.
type textMessage struct {
	At   time.Time `json:"at"`
	Body string    `json:"body"`
	URL  string    `json:"url"` // of the page where the code is entered
}

// CodePage asks for a page where a person enters the code of an Item's deposit.
type CodePage struct {
	ClientID, ItemID, ClientUserID, ClientName string
	Life                                       time.Duration
}

// textLife is how long the page of a message is there: the longest life of a Hosted
// Link page (LinkTokenCreateHostedLink.url_lifetime_seconds). The code itself has no
// end.
const textLife = 21 * 24 * time.Hour

// WithTexts lets people ask for a message about their deposit. page makes, inside
// tx, the page that it leads to, and answers its address.
func (a *Auth) WithTexts(page func(ctx context.Context, tx *store.Tx, p CodePage) (string, error)) *Auth {
	a.page = page
	return a
}

// text makes the message of a deposit that has arrived.
func (a *Auth) text(ctx context.Context, tx *store.Tx, d deposit) error {
	if a.page == nil {
		return nil
	}
	sn, err := a.items.ByID(ctx, d.ItemID)
	if err != nil {
		return err
	}
	url, err := a.page(ctx, tx, CodePage{ClientID: sn.ClientID, ItemID: sn.ID, ClientUserID: sn.ClientUserID, ClientName: d.sealed.Client, Life: textLife})
	if err != nil {
		return err
	}
	d.sealed.Text = &textMessage{At: a.clock.Now(), URL: url, Body: d.sealed.Client + ": your $0.01 deposit has arrived. Enter the code from its description: " + url}
	sealed, err := a.vault.SealJSON(d.sealed, sealedDepositOf+d.ItemID)
	if err != nil {
		return err
	}
	return tx.ExecOne(ctx, `UPDATE auth_deposit SET sealed = $1 WHERE item_id = $2`, sealed, d.ItemID)
}

// TextsRequest is the request of /sandbox/item/text_messages/get.
type TextsRequest struct {
	AccessToken string `json:"access_token" required:"true"`
}

// TextsAnswer is its answer.
type TextsAnswer struct {
	Messages []Text `json:"text_messages"`
}

// Text is a message that would have been sent.
type Text struct {
	To   string    `json:"to"`
	At   time.Time `json:"at"`
	Text string    `json:"text"`
	// URL is the address in the text, for programs.
	URL string `json:"url"`
}

func (a *Auth) textsGet(ctx context.Context, call api.Call, in TextsRequest) (TextsAnswer, error) {
	sn, err := a.items.ByAccessToken(ctx, call, in.AccessToken)
	if err != nil {
		return TextsAnswer{}, err
	}
	out := TextsAnswer{Messages: []Text{}}
	d, err := a.depositBy(ctx, a.db, depositOfItem, sn.ID)
	if errors.Is(err, store.ErrNoRows) {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	if t := d.sealed.Text; t != nil {
		out.Messages = append(out.Messages, Text{To: d.sealed.Phone, At: t.At, Text: t.Body, URL: t.URL})
	}
	return out, nil
}

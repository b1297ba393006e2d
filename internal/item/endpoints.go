package item

import (
	"context"
	"slices"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Endpoints are the paths this room answers.
func (s *Items) Endpoints() []api.Endpoint {
	return []api.Endpoint{
		api.Post("/item/public_token/exchange", s.exchangeToken, api.Summary("Exchange a public token for an access token, once")),
		api.Post("/item/public_token/create", s.createToken, api.Summary("Make a public token for an Item")),
		api.Post("/item/access_token/invalidate", s.invalidate, api.Summary("Replace an access token")),
		api.Post("/item/get", s.get, api.Summary("The state of an Item")),
		api.Post("/item/remove", s.remove, api.Summary("End an Item and its grant at the bank")),
		api.Post("/item/webhook/update", s.updateWebhook, api.Summary("Change where an Item's webhooks go")),
		api.Post("/item/import", s.importItem, api.Summary("Make an Item from a login without Link")),
		api.Post("/accounts/get", s.accounts, api.Summary("The accounts of an Item as last seen")),
		api.Post("/accounts/balance/get", s.balances, api.Summary("The accounts of an Item with balances asked anew")),
		api.Post("/sandbox/public_token/create", s.sandboxCreate, api.Sandbox(), api.Summary("Make an Item of a test login without Link")),
		api.Post("/sandbox/item/fire_webhook", s.fireWebhook, api.Sandbox(), api.Summary("Send a webhook of an Item as if its cause had come true")),
		api.Post("/sandbox/item/reset_login", s.resetLogin, api.Sandbox(), api.Summary("Make an Item's login need repair")),
		api.Post("/sandbox/item/revoke_access", s.revokeAccess, api.Sandbox(), api.Summary("Take access back at the bank, to one account or to all, as the person would")),
		api.Post("/sandbox/user/reset_login", s.resetUser, api.Sandbox(), api.Summary("Make the logins of a user's Items need repair")),
		api.Post("/sandbox/returning_user/reset", s.forgetPhone, api.Sandbox(), api.Summary("Forget what is saved with a phone number")),
	}
}

// tokenRequest is the body of a call that needs nothing but an Item.
type tokenRequest struct {
	AccessToken string `json:"access_token" required:"true"`
}

type exchangeRequest struct {
	PublicToken string `json:"public_token" required:"true"`
}

type exchangeResponse struct {
	AccessToken string `json:"access_token"`
	ItemID      string `json:"item_id"`
}

func (s *Items) exchangeToken(ctx context.Context, call api.Call, in exchangeRequest) (exchangeResponse, error) {
	access, itemID, err := s.exchange(ctx, call.Caller.ClientID, in.PublicToken)
	return exchangeResponse{access, itemID}, err
}

type createTokenResponse struct {
	Expiration  time.Time `json:"expiration"`
	PublicToken string    `json:"public_token"`
}

func (s *Items) createToken(ctx context.Context, call api.Call, in tokenRequest) (out createTokenResponse, err error) {
	sn, err := s.ByAccessToken(ctx, call, in.AccessToken)
	if err != nil {
		return out, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) (err error) {
		out.PublicToken, out.Expiration, err = s.IssuePublicToken(ctx, tx, sn.ID)
		return err
	})
	return out, err
}

type invalidateResponse struct {
	NewAccessToken string `json:"new_access_token"`
}

func (s *Items) invalidate(ctx context.Context, call api.Call, in tokenRequest) (invalidateResponse, error) {
	sn, err := s.ByAccessToken(ctx, call, in.AccessToken)
	if err != nil {
		return invalidateResponse{}, err
	}
	access, err := s.rotate(ctx, sn)
	return invalidateResponse{access}, err
}

type getResponse struct {
	Item   FullObject `json:"item"`
	Status status     `json:"status"`
}

// status is schema ItemStatus.
type status struct {
	Investments *updates `json:"investments,omitzero"`
	// LastWebhook is null until a webhook was sent.
	LastWebhook  *lastWebhook `json:"last_webhook"`
	Transactions *updates     `json:"transactions,omitzero"`
}

// updates tells when a product that updates by itself last did. Both stay null
// as long as Glencheck serves no endpoint of such a product.
type updates struct {
	LastFailedUpdate     *time.Time `json:"last_failed_update"`
	LastSuccessfulUpdate *time.Time `json:"last_successful_update"`
}

type lastWebhook struct {
	CodeSent string    `json:"code_sent"`
	SentAt   time.Time `json:"sent_at"`
}

// get answers even when the Item's login is broken: it is where the error shows.
func (s *Items) get(ctx context.Context, call api.Call, in tokenRequest) (getResponse, error) {
	sn, err := s.ByAccessToken(ctx, call, in.AccessToken)
	if err != nil {
		return getResponse{}, err
	}
	out := getResponse{Item: sn.full(sn.Problem(s.clock.Now()))}
	if sn.lastCode != "" {
		out.Status.LastWebhook = &lastWebhook{CodeSent: sn.lastCode, SentAt: sn.lastAt}
	}
	if slices.Contains(sn.Products, "investments") {
		out.Status.Investments = new(updates)
	}
	if slices.Contains(sn.Products, "transactions") {
		out.Status.Transactions = new(updates)
	}
	return out, nil
}

type removeRequest struct {
	AccessToken string `json:"access_token" required:"true"`
	ReasonCode  string `json:"reason_code" enum:"FRAUD_FIRST_PARTY,FRAUD_FALSE_IDENTITY,FRAUD_ABUSE,FRAUD_OTHER,CONNECTION_IS_NON_FUNCTIONAL,OTHER"`
	ReasonNote  string `json:"reason_note" max:"512"`
}

func (s *Items) remove(ctx context.Context, call api.Call, in removeRequest) (struct{}, error) {
	sn, err := s.ByAccessToken(ctx, call, in.AccessToken)
	if err != nil {
		return struct{}{}, err
	}
	return struct{}{}, s.Remove(ctx, sn.ID, in.ReasonCode, in.ReasonNote)
}

type webhookRequest struct {
	AccessToken string  `json:"access_token" required:"true"`
	Webhook     *string `json:"webhook" must:"be a non-empty string URL"`
}

type itemResponse struct {
	Item Object `json:"item"`
}

// updateWebhook sets the URL, or removes it when the field is null or absent. The
// new one is told so.
func (s *Items) updateWebhook(ctx context.Context, call api.Call, in webhookRequest) (itemResponse, error) {
	hook, err := webhookURL("webhook", in.Webhook)
	if err != nil {
		return itemResponse{}, err
	}
	sn, err := s.ByAccessToken(ctx, call, in.AccessToken)
	if err != nil {
		return itemResponse{}, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		return s.Update(ctx, tx, sn.ID, func(it *Item) error {
			it.Webhook = hook
			it.Tell(aboutItem, noticeAcknowledged, Said{"new_webhook_url": hook, "error": nil})
			return nil
		})
	})
	if err != nil {
		return itemResponse{}, err
	}
	sn, err = s.ByID(ctx, sn.ID)
	if err != nil {
		return itemResponse{}, err
	}
	return itemResponse{sn.Object()}, nil
}

// webhookURL checks a webhook that was sent in field; "" for none.
func webhookURL(field string, sent *string) (string, error) {
	if sent == nil {
		return "", nil
	}
	if !plaid.WebhookOK(*sent) {
		return "", plaid.InvalidField(field + " must be a non-empty string URL")
	}
	return *sent, nil
}

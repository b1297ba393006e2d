package processor

import (
	"context"
	"maps"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// about and acknowledged are the one webhook that partners alone have.
const (
	about        = "PROCESSOR_TOKEN"
	acknowledged = "WEBHOOK_UPDATE_ACKNOWLEDGED"
)

// passedOn are the notices about an Item that its partners hear too, with the products
// of which a narrowed token needs one. Those that only the client of the Item can act
// on are not among them.
var passedOn = map[[2]string][]string{
	{"ITEM", "ERROR"}:                                 nil,
	{"ITEM", "LOGIN_REPAIRED"}:                        nil,
	{"ITEM", "PENDING_DISCONNECT"}:                    nil,
	{"ITEM", "PENDING_EXPIRATION"}:                    nil,
	{"ITEM", "USER_PERMISSION_REVOKED"}:               nil,
	{"ITEM", "USER_ACCOUNT_REVOKED"}:                  nil,
	{"AUTH", "AUTOMATICALLY_VERIFIED"}:                forNumbers,
	{"AUTH", "VERIFICATION_EXPIRED"}:                  forNumbers,
	{"AUTH", "SMS_MICRODEPOSITS_VERIFICATION"}:        forNumbers,
	{"AUTH", "DEFAULT_UPDATE"}:                        forNumbers,
	{"IDENTITY", "DEFAULT_UPDATE"}:                    forOwners,
	{"IDENTITY", "DOCUMENT_UPDATE_AVAILABLE"}:         forOwners,
	{"TRANSACTIONS", "DEFAULT_UPDATE"}:                forTransactions,
	{"TRANSACTIONS", "SYNC_UPDATES_AVAILABLE"}:        forTransactions,
	{"TRANSACTIONS", "RECURRING_TRANSACTIONS_UPDATE"}: forTransactions,
}

var forTransactions = []string{"transactions"}

// byAccount are the members of notices that list accounts.
var byAccount = []string{"account_ids", "account_ids_with_new_auth", "account_ids_with_updated_auth", "account_ids_with_updated_identity"}

type webhookRequest struct {
	ProcessorToken string  `json:"processor_token" required:"true"`
	Webhook        *string `json:"webhook" must:"be a non-empty string URL"`

	Nulls []string `nulls:"true"`
}

// updateWebhook sets the URL, or removes it when the field is null; it must be there
// (schema ProcessorTokenWebhookUpdateRequest). The new one is told so.
func (s *Processors) updateWebhook(ctx context.Context, call api.Call, in webhookRequest) (struct{}, error) {
	url := ""
	switch {
	case in.Webhook == nil && !slices.Contains(in.Nulls, "webhook"):
		return struct{}{}, plaid.MissingFields("webhook")
	case in.Webhook != nil:
		url = *in.Webhook
		if !plaid.WebhookOK(url) {
			return struct{}{}, plaid.InvalidField("webhook must be a non-empty string URL")
		}
	}
	g, err := s.asLivingPartner(ctx, call, in.ProcessorToken)
	if err != nil {
		return struct{}{}, err
	}
	return struct{}{}, s.DB.Write(ctx, func(tx *store.Tx) error {
		if err := s.keepWebhook(ctx, tx, g.index, url); err != nil {
			return err
		}
		g.webhook = url
		return s.tell(ctx, tx, g, about, acknowledged, item.Said{"new_webhook_url": url, "error": nil})
	})
}

// told passes a notice about an Item on to its partners, in the transaction that makes
// it due. The partner of an account that the Item shares no longer hears nothing more.
func (s *Processors) told(ctx context.Context, tx *store.Tx, n item.Told) error {
	products, ok := passedOn[[2]string{n.Kind, n.Code}]
	if !ok {
		return nil
	}
	grants, err := s.listeners(ctx, tx, n.ItemID)
	if err != nil || len(grants) == 0 {
		return err
	}
	shared, err := s.Items.Shared(ctx, tx, n.ItemID)
	if err != nil {
		return err
	}
	for _, g := range grants {
		said, concerns := saidOf(n.Said, g.accountID)
		if !concerns || !g.allows(products) || !slices.Contains(shared, g.accountID) {
			continue
		}
		if err := s.tell(ctx, tx, g, n.Kind, n.Code, said); err != nil {
			return err
		}
	}
	return nil
}

// saidOf is what a notice says of one account, and whether it concerns it: of other
// accounts a partner learns nothing.
func saidOf(said item.Said, accountID string) (item.Said, bool) {
	if about, ok := said["account_id"]; ok && about != accountID {
		return nil, false
	}
	out, lists, mine := item.Said{}, 0, false
	maps.Copy(out, said)
	for _, name := range byAccount {
		switch list := said[name].(type) {
		case []string:
			out[name] = slices.DeleteFunc(slices.Clone(list), func(id string) bool { return id != accountID })
			lists, mine = lists+1, mine || slices.Contains(list, accountID)
		case item.Said:
			own := maps.Clone(list)
			maps.DeleteFunc(own, func(id string, _ any) bool { return id != accountID })
			out[name] = own
			lists, mine = lists+1, mine || len(own) > 0
		}
	}
	delete(out, "account_ids") // the account is named once
	return out, lists == 0 || mine
}

// tell writes a notice to the partner of a token. It names the account and never the
// Item, of which a partner knows nothing.
func (s *Processors) tell(ctx context.Context, tx *store.Tx, g *grant, kind, code string, said item.Said) error {
	body := item.Said{"webhook_type": kind, "webhook_code": code, "environment": s.Env}
	maps.Copy(body, said)
	body["account_id"] = g.accountID
	client := s.Partners.clientOf(g.processor)
	if client == "" {
		client = g.clientID
	}
	return s.Outbox.Add(ctx, tx, webhook.Notice{ClientID: client, Subject: g.accountID, URL: g.webhook, Type: kind, Code: code, Body: body})
}

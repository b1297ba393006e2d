package item

import (
	"context"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

type fireRequest struct {
	AccessToken string `json:"access_token" required:"true"`
	Type        string `json:"webhook_type" enum:"AUTH,HOLDINGS,INVESTMENTS_TRANSACTIONS,ITEM,LIABILITIES,TRANSACTIONS,ASSETS,IDENTITY"`
	Code        string `json:"webhook_code" required:"true" enum:"DEFAULT_UPDATE,NEW_ACCOUNTS_AVAILABLE,SMS_MICRODEPOSITS_VERIFICATION,AUTHORIZATION_GRANTED,USER_PERMISSION_REVOKED,USER_ACCOUNT_REVOKED,PENDING_DISCONNECT,RECURRING_TRANSACTIONS_UPDATE,LOGIN_REPAIRED,SYNC_UPDATES_AVAILABLE,PRODUCT_READY,ERROR,PRODUCT_PERMISSIONS_REQUIRED"`
}

type fireResponse struct {
	Fired bool `json:"webhook_fired"`
}

// fired is a webhook that can be fired: what it needs and what it says of an Item.
type fired struct {
	kind, code string
	product    string // that the Item must have; "" for none
	say        func(s *Items, sn *Snapshot) Said
}

// firable are the webhooks of /sandbox/item/fire_webhook. Of those of one code, the
// first is meant when no webhook_type is given.
var firable = []fired{
	{"TRANSACTIONS", "DEFAULT_UPDATE", "transactions", always(Said{"error": nil, "new_transactions": 3})},
	{"AUTH", "DEFAULT_UPDATE", "auth", func(_ *Items, sn *Snapshot) Said {
		return Said{"error": nil, "account_ids_with_new_auth": []string{}, "account_ids_with_updated_auth": Said{sn.oneAccount(): []string{"ACCOUNT_NUMBER"}}}
	}},
	{"IDENTITY", "DEFAULT_UPDATE", "identity", func(_ *Items, sn *Snapshot) Said {
		return Said{"error": nil, "account_ids_with_updated_identity": Said{sn.oneAccount(): []string{"PHONES"}}}
	}},
	{"HOLDINGS", "DEFAULT_UPDATE", "investments", always(Said{"error": nil, "new_holdings": 1, "updated_holdings": 0})},
	{"INVESTMENTS_TRANSACTIONS", "DEFAULT_UPDATE", "investments", always(Said{"error": nil, "new_investments_transactions": 1, "cancelled_investments_transactions": 0})},
	{"LIABILITIES", "DEFAULT_UPDATE", "liabilities", func(_ *Items, sn *Snapshot) Said {
		return Said{"error": nil, "account_ids_with_new_liabilities": []string{}, "account_ids_with_updated_liabilities": Said{sn.oneAccount(): []string{"past_amount_due"}}}
	}},
	{aboutItem, noticeNewAccounts, "", always(Said{"error": nil})},
	{aboutItem, noticePermissionRevoked, "", always(Said{"error": api.WebhookErrorJSON(plaid.UserPermissionRevoked)})},
	{aboutItem, noticeAccountRevoked, "", func(_ *Items, sn *Snapshot) Said { return Said{"account_id": sn.oneAccount()} }},
	{aboutItem, noticePendingDisconnect, "", always(Said{"reason": "INSTITUTION_MIGRATION"})},
	{aboutItem, noticeRepaired, "", always(nil)},
	{"AUTH", "SMS_MICRODEPOSITS_VERIFICATION", "auth", func(_ *Items, sn *Snapshot) Said {
		return Said{"status": "MANUALLY_VERIFIED", "account_id": sn.oneAccount()}
	}},
	{"TRANSACTIONS", "RECURRING_TRANSACTIONS_UPDATE", "transactions", func(_ *Items, sn *Snapshot) Said {
		return Said{"account_ids": []string{sn.oneAccount()}}
	}},
	{"TRANSACTIONS", "SYNC_UPDATES_AVAILABLE", "transactions", always(Said{"initial_update_complete": true, "historical_update_complete": true})},
	{aboutReport, "PRODUCT_READY", "assets", func(s *Items, _ *Snapshot) Said {
		return Said{"asset_report_id": s.ids.UUID(), "report_type": "FULL"}
	}},
	{aboutReport, noticeError, "assets", func(s *Items, _ *Snapshot) Said {
		return Said{"asset_report_id": s.ids.UUID(), "error": api.WebhookErrorJSON(plaid.AssetDataUnavailable)}
	}},
	{aboutItem, noticeError, "", always(Said{"error": api.WebhookErrorJSON(plaid.ItemLoginRequired)})},
	{"AUTH", noticePermissions, "auth", always(nil)}, // these two Plaid cannot fire
	{"IDENTITY", noticePermissions, "identity", always(nil)},
}

func always(said Said) func(*Items, *Snapshot) Said {
	return func(*Items, *Snapshot) Said { return said }
}

// oneAccount is the account that a fired webhook is about: the first that has
// account numbers, or the first.
func (sn *Snapshot) oneAccount() string {
	for i := range sn.Accounts {
		if sn.Accounts[i].Type == "depository" {
			return sn.Accounts[i].ID
		}
	}
	if len(sn.Accounts) == 0 {
		return ""
	}
	return sn.Accounts[0].ID
}

// fireWebhook sends a webhook as if its cause had come true; the Item stays as it
// is. What it says where nothing is documented: the first account with numbers,
// and counts that are small.
func (s *Items) fireWebhook(ctx context.Context, call api.Call, in fireRequest) (fireResponse, error) {
	sn, err := s.ByAccessToken(ctx, call, in.AccessToken)
	if err != nil {
		return fireResponse{}, err
	}
	f, err := findFirable(in.Type, in.Code)
	if err != nil {
		return fireResponse{}, err
	}
	if f.product != "" && !slices.Contains(sn.Products, f.product) {
		return fireResponse{}, plaid.SandboxProductNotEnabled(f.product)
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		return s.Update(ctx, tx, sn.ID, func(it *Item) error {
			if it.Webhook == "" {
				return plaid.SandboxWebhookInvalid
			}
			it.Tell(f.kind, f.code, f.say(s, sn))
			return nil
		})
	})
	return fireResponse{err == nil}, err
}

// findFirable is the webhook of a type and a code.
func findFirable(kind, code string) (fired, error) {
	var of string
	for _, f := range firable {
		if f.code == code && (kind == "" || f.kind == kind) {
			return f, nil
		}
		if f.code == code && of == "" {
			of = f.kind
		}
	}
	if of == "" {
		return fired{}, plaid.NotSupported("webhook_code " + code + " of /sandbox/item/fire_webhook")
	}
	return fired{}, plaid.InvalidField("webhook_type " + kind + " must not be provided together with webhook_code " + code)
}

package auth

import (
	"context"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// noticeOf is the webhook_code of each change.
var noticeOf = map[item.Verification]string{
	item.AutomaticallyVerified: "AUTOMATICALLY_VERIFIED",
	item.VerificationExpired:   "VERIFICATION_EXPIRED",
}

// about is the webhook_type of this room.
const about = "AUTH"

// notify tells what happened to an account, in the transaction in which it did
// (schemas AutomaticallyVerifiedWebhook and VerificationExpiredWebhook).
func (a *Auth) notify(ctx context.Context, tx *store.Tx, itemID, accountID, code string) error {
	return a.items.Update(ctx, tx, itemID, func(it *item.Item) error {
		it.Tell(about, code, item.Said{"account_id": accountID, "error": nil}) // nothing of this is an error
		return nil
	})
}

// notifyText tells what came of a deposit about which the person had a message
// (schema HostedMMDVerificationWebhook).
func (a *Auth) notifyText(ctx context.Context, tx *store.Tx, itemID, accountID string, to item.Verification) error {
	return a.items.Update(ctx, tx, itemID, func(it *item.Item) error {
		it.Tell(about, "SMS_MICRODEPOSITS_VERIFICATION", item.Said{"account_id": accountID, "status": strings.ToUpper(string(to))})
		return nil
	})
}

// SetRequest is schema SandboxItemSetVerificationStatusRequest.
type SetRequest struct {
	AccessToken string            `json:"access_token" required:"true"`
	AccountID   string            `json:"account_id" required:"true"`
	Status      item.Verification `json:"verification_status" required:"true" enum:"automatically_verified,verification_expired"`
}

var errNotWaiting = plaid.InvalidField("account_id must be an account that waits for Automated Micro-deposits: its verification_status is not pending_automatic_verification")

// setStatus ends the wait for a deposit at once, as its time would.
func (a *Auth) setStatus(ctx context.Context, call api.Call, in SetRequest) (struct{}, error) {
	sn, err := a.items.ByAccessToken(ctx, call, in.AccessToken)
	if err != nil {
		return struct{}{}, err
	}
	if _, err := sn.Pick([]string{in.AccountID}); err != nil {
		return struct{}{}, plaid.InvalidAccountID
	}
	return struct{}{}, a.db.Write(ctx, func(tx *store.Tx) error {
		moved, err := a.settle(ctx, tx, sn.ID, in.AccountID, in.Status)
		if err == nil && !moved {
			err = errNotWaiting
		}
		return err
	})
}

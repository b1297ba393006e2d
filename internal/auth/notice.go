package auth

import (
	"context"
	"fmt"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Notice is a webhook of type AUTH that is due (plaid-server-api.md section 12.1).
// It is kept in the transaction of the change that it tells of; whoever delivers it
// sends Body as JSON.
type Notice struct {
	Code string `json:"webhook_code"`
	// URL is the webhook of the Item, "" when it has none.
	URL  string     `json:"url"`
	At   time.Time  `json:"at"`
	Body NoticeBody `json:"body"`
}

// NoticeBody is schemas AutomaticallyVerifiedWebhook and VerificationExpiredWebhook.
type NoticeBody struct {
	Type        string  `json:"webhook_type"`
	Code        string  `json:"webhook_code"`
	ItemID      string  `json:"item_id"`
	AccountID   string  `json:"account_id"`
	Environment string  `json:"environment"`
	Error       api.Raw `json:"error"` // null: nothing of this is an error
}

// noticeOf is the webhook_code of each change.
var noticeOf = map[item.Verification]string{
	item.AutomaticallyVerified: "AUTOMATICALLY_VERIFIED",
	item.VerificationExpired:   "VERIFICATION_EXPIRED",
}

const (
	insertNotice = `INSERT INTO auth_notice (item_id, n, at, sealed) VALUES ($1, (SELECT COUNT(*) FROM auth_notice WHERE item_id = $1), $2, $3)`
	selectNotice = `SELECT n, sealed FROM auth_notice WHERE item_id = $1 ORDER BY n`
	deleteNotice = `DELETE FROM auth_notice WHERE item_id = $1`
)

// notify keeps a webhook that is due.
func (a *Auth) notify(ctx context.Context, tx *store.Tx, itemID, accountID, code string) error {
	var hook string
	err := a.items.Update(ctx, tx, itemID, func(it *item.Item) error {
		hook = it.Webhook
		return nil
	})
	if err != nil {
		return err
	}
	now := a.clock.Now()
	n := Notice{Code: code, URL: hook, At: now, Body: NoticeBody{Type: "AUTH", Code: code, ItemID: itemID, AccountID: accountID, Environment: a.env}}
	sealed, err := a.vault.SealJSON(n, "auth_notice:"+itemID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertNotice, itemID, clock.Millis(now), sealed)
	return err
}

// Notices lists the webhooks of an Item that have become due, in order.
func (a *Auth) Notices(ctx context.Context, itemID string) ([]Notice, error) {
	rows, err := a.db.Query(ctx, selectNotice, itemID)
	if err != nil {
		return nil, fmt.Errorf("auth: notices: %w", err)
	}
	defer rows.Close()
	list := []Notice{}
	for rows.Next() {
		var number int64
		var sealed string
		var n Notice
		if err := rows.Scan(&number, &sealed); err != nil {
			return nil, fmt.Errorf("auth: notices: %w", err)
		}
		if err := a.vault.OpenJSON(sealed, "auth_notice:"+itemID, &n); err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return list, rows.Err()
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

// NoticesRequest is the request of /sandbox/item/auth_webhooks/get.
type NoticesRequest struct {
	AccessToken string `json:"access_token" required:"true"`
}

// NoticesAnswer is its answer.
type NoticesAnswer struct {
	Webhooks []Notice `json:"webhooks"`
}

func (a *Auth) noticesGet(ctx context.Context, call api.Call, in NoticesRequest) (NoticesAnswer, error) {
	sn, err := a.items.ByAccessToken(ctx, call, in.AccessToken)
	if err != nil {
		return NoticesAnswer{}, err
	}
	list, err := a.Notices(ctx, sn.ID)
	return NoticesAnswer{list}, err
}

package rail

import (
	"context"
	"errors"
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// The webhook that tells of new events (plaid-server-api.md section 12.1).
const (
	WebhookType = "BANK_TRANSFERS"
	WebhookCode = "BANK_TRANSFERS_EVENTS_UPDATE"
)

// WebhookBody is schema BankTransfersEventsUpdateWebhookForAuth. What has happened
// is asked of /bank_transfer/event/sync.
type WebhookBody struct {
	Type        string `json:"webhook_type"`
	Code        string `json:"webhook_code"`
	Environment string `json:"environment"`
}

// Hook tells a client at an address that there are new events. It is called in the
// transaction of the event.
type Hook func(ctx context.Context, tx *store.Tx, clientID, url string) error

// tell fires the webhook of an event. A payment that was only accepted has none
// (section 7.6).
func (r *Rails) tell(ctx context.Context, tx *store.Tx, e Event) error {
	if e.Type == EventPending {
		return nil
	}
	url := r.cfg.HookURL
	err := tx.QueryRow(ctx, `SELECT url FROM rail_webhook WHERE client_id = $1`, e.ClientID).Scan(&url)
	if err != nil && !errors.Is(err, store.ErrNoRows) {
		return fmt.Errorf("rail: webhook: %w", err)
	}
	if url == "" {
		return nil
	}
	return r.cfg.Hook(ctx, tx, e.ClientID, url)
}

type fireRequest struct {
	Webhook string `json:"webhook" required:"true" max:"2000"`
}

var errWebhook = plaid.InvalidField("webhook must be a non-empty string URL")

// fire is the lever of /sandbox/bank_transfer/fire_webhook.
func (r *Rails) fire(ctx context.Context, call api.Call, in fireRequest) (simulateAnswer, error) {
	if !plaid.WebhookOK(in.Webhook) {
		return simulateAnswer{}, errWebhook
	}
	return simulateAnswer{}, r.db.Write(ctx, func(tx *store.Tx) error {
		return r.cfg.Hook(ctx, tx, call.Caller.ClientID, in.Webhook)
	})
}

type webhookRequest struct {
	Webhook *string `json:"webhook" max:"2000"` // null for none
}

// setWebhook does what the page for webhooks does in Plaid's dashboard.
func (r *Rails) setWebhook(ctx context.Context, call api.Call, in webhookRequest) (simulateAnswer, error) {
	url := orEmpty(in.Webhook)
	if in.Webhook != nil && !plaid.WebhookOK(url) {
		return simulateAnswer{}, errWebhook
	}
	return simulateAnswer{}, r.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO rail_webhook (client_id, url) VALUES ($1, $2) ON CONFLICT (client_id) DO UPDATE SET url = $2`, call.Caller.ClientID, url)
		return err
	})
}

package server

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// newWebhooks makes the outbox of webhooks and the keys that sign them.
func (r *rooms) newWebhooks(ctx context.Context, g ground) error {
	firstKey := ""
	if g.Config.Env == Sandbox {
		firstKey = webhook.SandboxKeyID
	}
	var err error
	if r.keys, err = webhook.NewKeys(ctx, g.DB, g.Vault, g.Clock, firstKey); err != nil {
		return err
	}
	r.webhooks = webhook.New(webhook.Config{
		DB: g.DB, Vault: g.Vault, Clock: g.Clock, IDs: g.WebhookIDs, Log: g.Log,
		AllowPrivate: g.Config.allowPrivateWebhooks(), Transport: g.Config.WebhookTransport,
	})
	r.webhooks.Register(webhook.Plaid, webhook.NewPlaid(r.keys))
	r.inbox = webhook.NewInbox(r.webhooks, r.keys, g.Stopping)
	g.Scheduler.Stops(r.webhooks.Next)
	g.Scheduler.Beside(r.webhooks.Settle)
	return nil
}

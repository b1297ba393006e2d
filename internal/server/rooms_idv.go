package server

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/identity/match"
	"github.com/glencheck-dev/glencheck/internal/idv"
	"github.com/glencheck-dev/glencheck/internal/idv/reader"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// newIDV makes the room of Identity Verification.
func (r *rooms) newIDV(ctx context.Context, g ground) error {
	cfg := idv.Config{
		DB: g.DB, Vault: g.Vault, Clock: g.Clock, IDs: g.IDs, Env: g.Config.Env, PublicURL: g.PublicURL,
		Log: g.Log, Teams: r.teams, Users: r.users, Scheduler: g.Scheduler,
		Notify: r.notifyIDV(g.Config.Env), Screen: r.screen, Forget: r.screening.Redact,
		Names: func(said, held string) int { return match.Names(said, held).Score },
	}
	program, err := scanner(g.Config.Tesseract)
	if err != nil {
		return err
	}
	if program != nil {
		cfg.Reader = reader.Builtin{Text: zones{program, g.Log}}
	}
	if err := g.Config.IDV.read(g.Config.Env, &cfg); err != nil {
		return err
	}
	r.idv = idv.New(cfg)
	if urls := g.Config.IDV.Receivers; len(urls) > 0 {
		return r.webhooks.SetReceivers(ctx, g.Config.ClientID, urls)
	}
	return nil
}

// idvNotice is schema IdentityVerificationStepUpdatedWebhook, and those of the other
// codes.
type idvNotice struct {
	Type        string `json:"webhook_type"`
	Code        string `json:"webhook_code"`
	ID          string `json:"identity_verification_id"`
	Environment string `json:"environment"`
}

// notifyIDV writes a webhook of an attempt for each receiver of the client.
func (r *rooms) notifyIDV(env string) func(context.Context, *store.Tx, idv.Notice) error {
	const kind = "IDENTITY_VERIFICATION"
	return func(ctx context.Context, tx *store.Tx, n idv.Notice) error {
		if err := r.tellContacts(ctx, tx, n); err != nil {
			return err
		}
		return r.webhooks.Tell(ctx, tx, webhook.Notice{
			ClientID: n.ClientID, Subject: n.AttemptID, Type: kind, Code: n.Code, Body: idvNotice{kind, n.Code, n.AttemptID, env},
		})
	}
}

package server

import (
	"context"
	"net/http"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/dashboard"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// dashboard is the pages of the team. Where only this machine can reach a sandbox
// they ask nobody to sign in, as its keys are published.
func (r *rooms) dashboard(g ground) http.Handler {
	cfg := dashboard.Config{
		DB: g.DB, Vault: g.Vault, Clock: g.Clock, Log: g.Log, Teams: r.teams,
		IDs:     clock.NewIDs(0, 0), // never seeded: a session that nobody can foretell
		Sandbox: g.Config.Env == Sandbox, PublicURL: g.PublicURL, Login: !g.Config.hasDemo(), HasDemo: g.Config.hasDemo(), HasContacts: r.contacts != nil,
		ClientID: g.Config.ClientID, IDV: r.idv, Screening: r.screening,
		Numbers: func(ctx context.Context, clientID string) (dashboard.Numbers, error) {
			return r.numbers(ctx, clientID, g.Clock.Now().Add(-24*time.Hour))
		},
	}
	if g.Config.Env == Sandbox {
		cfg.Secret = g.Config.Secret
	}
	return dashboard.Handler(cfg)
}

// numbers count what happened since then.
func (r *rooms) numbers(ctx context.Context, clientID string, since time.Time) (dashboard.Numbers, error) {
	sessions, err := r.sessions.Tally(ctx, clientID, since)
	if err != nil {
		return dashboard.Numbers{}, err
	}
	hooks, err := r.webhooks.Tally(ctx, clientID, since)
	n := dashboard.Numbers{
		Sessions: sessions.All, Succeeded: sessions.Succeeded, Exited: sessions.Exited, Expired: sessions.Expired, Open: sessions.Open,
		Delivered: hooks[webhook.Delivered], Failed: hooks[webhook.Failed],
	}
	for _, count := range hooks {
		n.Webhooks += count
	}
	return n, err
}

package server

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/auth"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/team"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// newLink makes Link tokens and sessions, with the flows of the products.
func (r *rooms) newLink(g ground) error {
	env := g.Config.Env
	r.tokens = link.NewTokens(link.TokensConfig{
		DB: g.DB, Vault: g.Vault, Clock: g.Clock, IDs: g.IDs, Log: g.Log, Env: env, Teams: r.teams, Users: r.users,
		Institution: r.hasInstitution, Item: r.items.Repairable, UserItem: r.items.LastBroken, Documents: r.identity.Uploadable, PublicURL: g.PublicURL, Verifier: r.idv,
	})
	if env == Sandbox { // elsewhere nothing could send a message
		r.auth.WithTexts(func(ctx context.Context, tx *store.Tx, p auth.CodePage) (string, error) {
			return r.tokens.CodePage(ctx, tx, p.ClientID, p.ItemID, p.ClientUserID, p.ClientName, p.Life)
		})
	}
	var err error
	r.sessions, err = link.NewSessions(link.Config{
		DB: g.DB, Vault: g.Vault, Clock: g.Clock, IDs: g.IDs, Log: g.Log, Env: env,
		Tokens: r.tokens, Hosted: r.tokens.ByHosted, Hints: env == Sandbox, PublicURL: g.PublicURL, NotifyAll: g.Config.LinkWebhooks == webhooksOfAll,
		Shared:   r.idv.Shared,
		Notify:   r.notifyLink,
		Realtime: g.Config.LinkEvents == team.EventsRealtime,
		Flows:    []link.Flow{r.identity.UploadFlow(), r.auth.CodeFlow(), r.idv.Flow(), r.items.UpdateFlow(), r.items.SeveralFlow(), r.items.ReturningFlow(), r.items.ConnectFlow()},
	})
	return err
}

// notifyLink writes a webhook of a session.
func (r *rooms) notifyLink(ctx context.Context, tx *store.Tx, n link.Notice) error {
	return r.webhooks.Add(ctx, tx, webhook.Notice{ClientID: n.ClientID, Subject: n.SessionID, URL: n.URL, Type: "LINK", Code: n.Code, Body: n.Body})
}

// hasInstitution reports whether there is an institution of this id.
func (r *rooms) hasInstitution(id string) bool {
	_, ok := r.institutions.Get(id)
	return ok
}

// frame is what browsers ask of Link. In production only the pages of the
// client's own redirect addresses may show it.
func (r *rooms) frame(g ground, observe func(api.Observation)) *link.Frame {
	cfg := link.FrameConfig{
		Sessions: r.sessions, Tokens: r.tokens, IDs: g.IDs, Log: g.Log, PublicURL: g.PublicURL, Observe: observe, Logo: r.teams.Logo,
	}
	if g.Config.Env == Sandbox {
		cfg.Phone = r.idv.Phone
	}
	if g.Config.Env != Sandbox {
		cfg.Ancestors = r.ancestors
	}
	return link.NewFrame(cfg)
}

// ancestors are the origins whose pages may show Link for a client.
func (r *rooms) ancestors(ctx context.Context, clientID string) []string {
	c, err := r.teams.Client(ctx, clientID)
	if err != nil {
		return nil
	}
	return r.teams.Origins(c)
}

// unsupported names the members of requests that the rooms refuse.
func (r *rooms) unsupported() []string {
	var names []string
	for _, field := range r.tokens.Unsupported() {
		names = append(names, "`"+field+"` of `/link/token/create`")
	}
	return names
}

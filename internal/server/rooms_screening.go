package server

import (
	"context"
	"errors"

	"github.com/glencheck-dev/glencheck/internal/idv"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/screening"
	"github.com/glencheck-dev/glencheck/internal/screening/list"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// newScreening makes the room of screenings and reads the watchlists of --watchlists.
func (r *rooms) newScreening(ctx context.Context, g ground) error {
	r.screening = screening.New(screening.Config{
		DB: g.DB, Vault: g.Vault, Clock: g.Clock, IDs: g.IDs, Scheduler: g.Scheduler, Sandbox: g.Config.Env == Sandbox, Dir: g.Config.Watchlists,
		Notify: r.notifyScreening(g.Config.Env), Warn: g.Log.Warn,
	})
	if err := r.screening.Start(ctx, g.Config.ClientID); err != nil {
		return usage("--watchlists: %v", err)
	}
	return nil
}

// individualNotice is schema ScreeningStatusUpdatedWebhook.
type individualNotice struct {
	Type        string `json:"webhook_type"`
	Code        string `json:"webhook_code"`
	ID          string `json:"screening_id"`
	Environment string `json:"environment"`
}

// entityNotice is schema EntityScreeningStatusUpdatedWebhook.
type entityNotice struct {
	Type        string `json:"webhook_type"`
	Code        string `json:"webhook_code"`
	ID          string `json:"entity_screening_id"`
	Environment string `json:"environment"`
}

// notifyScreening writes a webhook of a screening for each receiver of the client, and
// tells Identity Verification what a person has decided.
func (r *rooms) notifyScreening(env string) func(context.Context, *store.Tx, screening.Notice) error {
	const individual, entity, code = "SCREENING", "ENTITY_SCREENING", "STATUS_UPDATED"
	return func(ctx context.Context, tx *store.Tx, n screening.Notice) error {
		w := webhook.Notice{ClientID: n.ClientID, Subject: n.ScreeningID, Type: individual, Code: code, Body: individualNotice{individual, code, n.ScreeningID, env}}
		if n.Kind == list.Entity {
			w.Type, w.Body = entity, entityNotice{entity, code, n.ScreeningID, env}
		}
		if err := r.webhooks.Tell(ctx, tx, w); err != nil {
			return err
		}
		if n.Kind == list.Individual && n.Status != screening.PendingReview {
			return r.idv.Reviewed(ctx, tx, n.ClientID, n.Origin, n.Status == screening.Cleared)
		}
		return nil
	}
}

// screen looks up a person whom Identity Verification has verified. Where the program
// of the template is none of the client's, a person has to.
func (r *rooms) screen(ctx context.Context, who idv.Screened) (string, bool, error) {
	id, hit, err := r.screening.Screen(ctx, screening.Subject{
		ClientID: who.ClientID, ClientUserID: who.ClientUserID, ProgramID: who.ProgramID, Origin: who.AttemptID,
		Terms: screening.Terms{Name: who.Name, BirthDate: who.DateOfBirth, Country: who.Country, Document: who.Document},
	})
	var refused *plaid.Error
	if errors.As(err, &refused) {
		return "", true, nil
	}
	return id, hit, err
}

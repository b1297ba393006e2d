package server

import (
	"context"
	"os"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/snapshot"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// newSnapshots makes what saves a sandbox's state and brings it back. Production
// has none: it has backups.
func (r *rooms) newSnapshots(g ground) {
	if g.Config.Env != Sandbox {
		return
	}
	r.snapshots = snapshot.New(snapshot.Config{
		DB: g.DB, Vault: g.Vault, Clock: g.Clock, Scheduler: g.Scheduler, Log: g.Log,
		IDs: []*clock.IDs{g.IDs, g.JobIDs, g.WebhookIDs}, Alone: g.Alone,
		Settle: func(ctx context.Context) error { return r.settle(ctx, g) }, Signing: []string{webhook.KeyTable},
		Restored: webhook.Restored,
	})
}

// settle makes, in a state that took the place of another, what a server makes at
// its start.
func (r *rooms) settle(ctx context.Context, g ground) error {
	if err := r.ensureClient(ctx, g); err != nil {
		return err
	}
	if err := r.applyTeam(ctx, g); err != nil {
		return err
	}
	if err := ensured(ctx, r.decisions.Ensure); err != nil {
		return err
	}
	if err := ensured(ctx, r.contacts.Ensure); err != nil {
		return err
	}
	return r.startFaults(ctx, g)
}

// beginState remembers how the server starts, or begins with the file of --state.
func (r *rooms) beginState(ctx context.Context, g ground) error {
	if r.snapshots == nil {
		return nil
	}
	var file []byte
	if g.Config.State != "" {
		var err error
		if file, err = os.ReadFile(g.Config.State); err != nil {
			return usage("--state: %v", err)
		}
	}
	start := schedule.Place{Manual: g.Config.Manual, Now: clock.Millis(manualStart)}
	err := r.snapshots.Begin(ctx, start, file)
	if err != nil && file != nil {
		return usage("--state %s: %v", g.Config.State, err)
	}
	return err
}

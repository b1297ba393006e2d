package team

import (
	"errors"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

func TestIntegrationsFollowTheEnvironment(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for env, want := range map[string]bool{"sandbox": true, "production": false} {
			w := open(t, db, env)
			if err := w.teams.ensure(t.Context(), Spec{ClientID: env, Secret: "s-" + env}); err != nil {
				t.Fatal(err)
			}
			c, err := w.teams.Client(t.Context(), env)
			if err != nil || c.IntegrationOn("alloy") != want {
				t.Errorf("%s: on is %t, %v; want %t", env, c.IntegrationOn("alloy"), err, want)
			}
		}
	})
}

func TestIntegrationIsSwitched(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, ctx := sandbox(t, db), t.Context()
		if _, err := w.teams.Client(ctx, SandboxClientID); err != nil { // in memory from here on
			t.Fatal(err)
		}
		for i, step := range []struct{ on, changed bool }{{true, false}, {false, true}, {false, false}, {true, true}, {true, false}} {
			changed, err := w.teams.SetIntegration(ctx, SandboxClientID, "alloy", step.on)
			if err != nil || changed != step.changed {
				t.Errorf("step %d: changed %t, %v; want %t", i, changed, err, step.changed)
			}
			c, err := w.teams.Client(ctx, SandboxClientID)
			if err != nil || c.IntegrationOn("alloy") != step.on || !c.IntegrationOn("dwolla") {
				t.Errorf("step %d: alloy %t, dwolla %t, %v", i, c.IntegrationOn("alloy"), c.IntegrationOn("dwolla"), err)
			}
		}
		if _, err := w.teams.SetIntegration(ctx, "nobody", "alloy", false); !errors.Is(err, store.ErrNoRows) {
			t.Errorf("a client that does not exist: %v", err)
		}
	})
}

package server

import (
	"context"
	"os"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/fault"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// newFaults makes what breaks a sandbox on purpose, and lets work what the profile
// and the flags ask for. Production has none.
func (r *rooms) newFaults(ctx context.Context, g ground) error {
	if g.Config.Env != Sandbox {
		return nil
	}
	r.faults = fault.New(fault.Config{
		DB: g.DB, Vault: g.Vault, Clock: g.Clock, Log: g.Log, Seed: g.Config.Seed,
		Item: r.itemOf, Institution: r.hasInstitution,
	})
	r.institutions.Outages(func(id string) (institution.Health, string, bool) {
		health, since, ok := r.faults.Health(id)
		if !ok {
			return "", "", false
		}
		return institution.Health(health), since.Format(time.RFC3339), true
	})
	r.webhooks.SetPolicy(func(ctx context.Context, d webhook.Delivery) webhook.Decision {
		fate, err := r.faults.Webhook(ctx, fault.Sending{
			ClientID: d.ClientID, Subject: d.Subject, Type: d.Type, Code: d.Code, First: d.Claims == 1,
		})
		if err != nil {
			g.Log.Error("faults of webhooks", "error", err.Error())
		}
		return r.decide(fate, d.Scheme)
	})
	return r.startFaults(ctx, g)
}

// decide puts what becomes of a webhook in the words of package webhook. A forgery is
// one of Plaid's signature: what another scheme signs is left as it is.
func (r *rooms) decide(fate fault.Fate, scheme string) webhook.Decision {
	d := webhook.Decision{Drop: fate.Drop, Delay: fate.Delay, Swap: fate.Reorder, Copies: fate.Copies}
	if fate.Forgery != "" && scheme == webhook.Plaid {
		d.Prepare = r.keys.Forge(webhook.Forgery(fate.Forgery))
	}
	return d
}

// startFaults lets work what the profile and the flags ask for.
func (r *rooms) startFaults(ctx context.Context, g ground) error {
	specs, err := g.Config.faults(r.hasInstitution)
	if err != nil {
		return err
	}
	return r.faults.Start(ctx, specs)
}

// faults are those of the profile and of the flags.
func (c Config) faults(institution func(id string) bool) ([]fault.Spec, error) {
	var specs []fault.Spec
	if c.Faults != "" {
		raw, err := os.ReadFile(c.Faults)
		if err != nil {
			return nil, usage("--faults: %v", err)
		}
		if specs, err = fault.ReadProfile(raw); err == nil {
			err = fault.Check(specs, institution)
		}
		if err != nil {
			return nil, usage("--faults %s: %v", c.Faults, err)
		}
	}
	if c.RateLimits != off {
		specs = append(specs, fault.Spec{RateLimits: c.RateLimits})
	}
	if c.Chaos != off {
		specs = append(specs, fault.Spec{Chaos: c.Chaos})
	}
	return specs, nil
}

// itemOf is the Item that a request is about, for faults that touch one only.
func (r *rooms) itemOf(ctx context.Context, asked api.Asked) (itemID, institutionID string) {
	var sn *item.Snapshot
	var err error
	call := api.Call{Caller: asked.Caller}
	if token := asked.Text("access_token"); token != "" {
		sn, err = r.items.ByAccessToken(ctx, call, token)
	} else if token := asked.Text("processor_token"); token != "" {
		sn, err = r.processors.ItemOf(ctx, call, token)
	}
	if err != nil || sn == nil {
		return "", "" // the endpoint says what is wrong with the token
	}
	return sn.ID, sn.InstitutionID
}

package decision

import (
	"context"
	"strconv"

	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/decision/workflow"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// newEngine makes what decides: workflows, evaluations and their sources.
func (d *Decisions) newEngine() {
	cfg := d.cfg
	d.workflows = &Workflows{db: cfg.DB, vault: cfg.Vault, clock: cfg.Clock, ids: cfg.IDs, audit: d.audit}
	d.evaluations = newEvaluations(cfg.DB, cfg.Vault, cfg.Clock, cfg.IDs, d.workflows, cfg.Plaid)
	d.evaluations.entity = func(ctx context.Context, tx *store.Tx, call alloy.Call, input map[string]any) (string, error) {
		e, err := d.entities.For(ctx, tx, call, input)
		if err != nil {
			return "", err
		}
		return e.Token, nil
	}
	d.evaluations.open = func(ctx context.Context, tx *store.Tx, e *Evaluation) error {
		decided, err := d.reviews.DecidedFor(ctx, tx, e.Token)
		if err == nil && decided {
			err = alloy.ErrConflict.Saying("A person has decided the evaluation, and it cannot change")
		}
		return err
	}
	d.evaluations.done = append(d.evaluations.done, d.evaluated)
	d.entities.evaluations = d.evaluations.ofEntities
	d.entities.forget = append(d.entities.forget, d.evaluations.Forget)
}

// evaluated tells the rest of the house of an evaluation that has ended.
func (d *Decisions) evaluated(ctx context.Context, tx *store.Tx, call alloy.Call, e *Evaluation) error {
	r := e.Result
	score := float64(r.Score)
	ended := Ended{
		Account: e.Account, Entity: e.Entity, Evaluation: e.Token, Workflow: e.Workflow, WorkflowName: e.name, Version: strconv.FormatInt(e.Version, 10),
		Sandbox: e.Sandbox, Status: e.StatusCode(), Outcome: r.Outcome, Score: &score, Tags: r.Tags, Review: r.Kind == workflow.Review, Journey: e.Journey,
	}
	for _, t := range r.Reasons {
		ended.Reasons = append(ended.Reasons, EndedReason{t.Text, orNull(t.Type)})
	}
	if err := d.Ended(ctx, tx, ended); err != nil {
		return err
	}
	return d.audit.Add(ctx, tx, Entry{
		Account: e.Account, Actor: call.Key, Action: "evaluation.run", Object: e.Token,
		After: map[string]any{"outcome": r.Outcome, "version_hash": e.Hash, "result_hash": workflow.Digest(e.Raw), "entity_token": e.Entity},
	})
}

// engineRoutes are the paths of workflows and evaluations.
func (d *Decisions) engineRoutes() []alloy.Route {
	return append(d.evaluations.routes(), (&desk{d.workflows, d.evaluations}).routes()...)
}

// Evaluations are the cases that were decided.
func (d *Decisions) Evaluations() *Evaluations { return d.evaluations }

// Workflows are what decides them.
func (d *Decisions) Workflows() *Workflows { return d.workflows }

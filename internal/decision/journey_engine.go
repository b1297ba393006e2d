package decision

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/decision/workflow"
)

// journeyEvaluator lets journeys run the workflows of the account.
type journeyEvaluator struct{ evaluations *Evaluations }

// lacking is what an entity waits for whose data do not suffice.
type lacking struct {
	Required []parameter   `json:"required"`
	Optional []parameter   `json:"optional"`
	Or       [][]parameter `json:"or"`
}

func (j journeyEvaluator) run(ctx context.Context, call alloy.Call, token string, input map[string]any) (stepResult, error) {
	e, err := j.evaluations.Run(ctx, call, Request{Workflow: token, Input: input, Journey: call.Journey})
	if err != nil {
		return stepResult{}, err
	}
	r := stepResult{Evaluation: e.Token, Status: e.StatusCode(), Outcome: e.Result.Outcome, Tags: e.Result.Tags}
	for _, t := range e.Result.Reasons {
		r.Reasons = append(r.Reasons, t.Text)
	}
	if e.Result.Status == workflow.InputsMissing {
		answer, err := j.evaluations.answer(ctx, e)
		if err != nil {
			return stepResult{}, err
		}
		r.Lacks = lacking{orEmpty(answer.Required), orEmpty(answer.Optional), orEmpty(answer.Or)}
	}
	return r, nil
}

func (j journeyEvaluator) full(ctx context.Context, account, evaluation string) (any, error) {
	e, err := j.evaluations.Get(ctx, account, evaluation)
	if err != nil {
		return nil, err
	}
	return j.evaluations.answer(ctx, e)
}

// newJourneys makes the journeys, above everything that they go through.
func (d *Decisions) newJourneys() {
	cfg := d.cfg
	d.journeys = &Journeys{
		db: cfg.DB, vault: cfg.Vault, clock: cfg.Clock, ids: cfg.IDs, log: cfg.Log, jobs: cfg.Scheduler, audit: d.audit,
		entities: d.entities, reviews: d.reviews, hooks: d.hooks, workflows: journeyEvaluator{d.evaluations},
		has: func(ctx context.Context, account, token string) (bool, error) {
			_, err := d.workflows.Get(ctx, account, token)
			if refused(err) {
				return false, nil
			}
			return err == nil, err
		},
	}
	d.journeys.register()
	d.reviews.decided = append(d.reviews.decided, d.journeys.reviewed)
	d.entities.uploaded = append(d.entities.uploaded, d.journeys.uploaded)
	d.monitoring = &Monitoring{d.journeys}
	d.entities.forget = append(d.entities.forget, d.journeys.forget, d.monitoring.forgetEvents)
}

// ensureJourney makes the journey that an account of a sandbox begins with, through
// its workflow of account ownership: the published one unless another account of the
// database has that.
func (d *Decisions) ensureJourney(ctx context.Context) error {
	list, err := d.workflows.List(ctx, d.cfg.Account)
	if err != nil {
		return err
	}
	document := defaultJourney("")
	for _, f := range list {
		if f.Token == OwnershipWorkflow || f.Name == document.Name {
			return d.journeys.ensure(ctx, d.cfg.Account, f.Token)
		}
	}
	return nil // somebody has renamed it: the journey is theirs to make
}

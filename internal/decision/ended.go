package decision

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Ended is an evaluation that has come to its end: with an outcome, or without one
// where a source failed (206).
type Ended struct {
	Account      string
	Entity       string
	Evaluation   string
	Workflow     string // its token
	WorkflowName string
	Version      string // application_version_id
	Sandbox      bool
	Status       int // 201 or 206
	Outcome      string
	Score        *float64
	Tags         []string
	Reasons      []EndedReason
	// Review is whether a person is to decide. Evaluations of a journey leave that to
	// the journey's own nodes: Journey is the application's token there.
	Review  bool
	Journey string
}

// EndedReason is a reason of an outcome.
type EndedReason struct {
	Name string  `json:"name"`
	Type *string `json:"type"` // adverse_action or null
}

// endedSummary is what a webhook tells of an evaluation: nothing personal.
type endedSummary struct {
	Outcome *string       `json:"outcome"`
	Score   *float64      `json:"score"`
	Tags    []string      `json:"tags"`
	Reasons []EndedReason `json:"outcome_reasons"`
}

type endedData struct {
	Status     int          `json:"status_code"`
	Timestamp  int64        `json:"timestamp"`
	Evaluation string       `json:"evaluation_token"`
	Entity     string       `json:"entity_token"`
	Workflow   string       `json:"application_token"`
	Name       string       `json:"application_name"`
	Version    string       `json:"application_version_id"`
	Journey    *string      `json:"journey_application_token"`
	Sandbox    bool         `json:"sandbox"`
	Summary    endedSummary `json:"summary"`
	Links      selfLink     `json:"_links"`
}

// Ended is told of each evaluation that has ended, in the transaction that stores
// it: the entity keeps its outcome, the customer hears of it, and what needs a
// person is put into the queue.
func (d *Decisions) Ended(ctx context.Context, tx *store.Tx, e Ended) error {
	if e.Outcome != "" {
		if err := d.entities.Decided(ctx, tx, e.Entity, e.Outcome); err != nil {
			return err
		}
	}
	data := endedData{
		e.Status, clock.Millis(d.cfg.Clock.Now()), e.Evaluation, e.Entity, e.Workflow, e.WorkflowName, e.Version, orNull(e.Journey), e.Sandbox,
		endedSummary{orNull(e.Outcome), e.Score, orEmpty(e.Tags), orEmpty(e.Reasons)}, linkTo("/v1/evaluations/" + e.Evaluation),
	}
	if err := d.hooks.Tell(ctx, tx, Telling{Account: e.Account, Subject: e.Evaluation, Type: HookEvaluation, Data: data}); err != nil {
		return err
	}
	if e.Journey != "" {
		return nil
	}
	// A PATCH may have led here: what an earlier answer has put into the queue is
	// about data that is out of date.
	if err := d.reviews.Withdraw(ctx, tx, e.Evaluation, ""); err != nil || !e.Review {
		return err
	}
	_, err := d.reviews.Open(ctx, tx, Review{
		Account: e.Account, Entity: e.Entity, Evaluation: e.Evaluation, Workflow: e.Workflow, WorkflowName: e.WorkflowName, Sandbox: e.Sandbox,
	})
	return err
}

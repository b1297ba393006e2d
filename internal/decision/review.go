package decision

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// The states of a review.
const (
	ReviewOpen      = "open"
	ReviewSecond    = "second" // one has decided, and another has to agree
	ReviewDecided   = "decided"
	ReviewWithdrawn = "withdrawn" // what it was about has ended otherwise
)

// Review is a case that a person decides.
type Review struct {
	Token   string // R-…
	Account string
	Entity  string
	// Evaluation is what led to it, "" for none.
	Evaluation string
	// Journey, Application and Node are the place in a journey, "" outside of one.
	Journey, Application, Node string
	Workflow, WorkflowName     string
	Sandbox                    bool

	State           string
	Assignee        string // the agent whom it is meant for, "" for anybody
	ClaimedBy       string // the agent who has it in hand
	ClaimedUntil    time.Time
	FourEyes        bool
	ProposedBy      string
	ProposedOutcome string
	Outcome         string
	Reasons         []string
	DecidedBy       string
	OpenedAt        time.Time
	StartedAt       time.Time // when it was first claimed
	DecidedAt       time.Time
	DueAt           time.Time
}

// Reviews are what waits for a person. Its methods are safe for concurrent use.
type Reviews struct {
	db       *store.DB
	vault    *vault.Vault
	clock    *clock.Clock
	ids      *clock.IDs
	audit    *Audit
	entities *Entities
	hooks    *Hooks

	// decided are told of each decision, in its transaction.
	decided []func(ctx context.Context, tx *store.Tx, r *Review) error
}

// Open puts a case into the queue, in the transaction of what led to it.
func (s *Reviews) Open(ctx context.Context, tx *store.Tx, r Review) (*Review, error) {
	set, err := s.settings(ctx, tx, r.Account)
	if err != nil {
		return nil, err
	}
	now := s.clock.Now()
	r.Token, r.State, r.OpenedAt, r.DueAt, r.FourEyes = token(s.ids, "R-"), ReviewOpen, now, now.Add(set.SLA), set.FourEyes
	if err := s.insert(ctx, tx, &r); err != nil {
		return nil, err
	}
	return &r, s.audit.Add(ctx, tx, Entry{Account: r.Account, Actor: "system", Action: "review.open", Object: r.Token, After: map[string]string{"entity": r.Entity, "evaluation": r.Evaluation, "application": r.Application}})
}

// Withdraw ends the open cases of an evaluation or of a journey's application: what
// they are about has changed or ended.
func (s *Reviews) Withdraw(ctx context.Context, tx *store.Tx, evaluation, application string) error {
	_, err := tx.Exec(ctx, withdrawReviews, evaluation, application, clock.Millis(s.clock.Now()))
	return err
}

// DecidedFor reports whether a person has decided the case of an evaluation: it
// cannot be changed any more then.
func (s *Reviews) DecidedFor(ctx context.Context, tx *store.Tx, evaluation string) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, countDecided, evaluation).Scan(&n)
	return n > 0, err
}

// claim gives a case to an agent for the time of a lease. One that another agent has
// in hand, or that is meant for another, is refused.
func (s *Reviews) claim(ctx context.Context, tx *store.Tx, r *Review, a Agent) error {
	set, err := s.settings(ctx, tx, r.Account)
	if err != nil {
		return err
	}
	now := s.clock.Now()
	err = tx.ExecOne(ctx, claimReview, r.Token, a.Token, clock.Millis(now.Add(set.Lease)), clock.Millis(now))
	if errors.Is(err, store.ErrNoRows) {
		return s.refusal(ctx, tx, r.Token, a)
	}
	if err != nil {
		return err
	}
	return s.audit.Add(ctx, tx, Entry{Account: r.Account, Actor: actor("", a.Token), Action: "review.claim", Object: r.Token})
}

// refusal says why a conditional change found nothing to change.
func (s *Reviews) refusal(ctx context.Context, tx *store.Tx, token string, a Agent) error {
	r, err := s.byToken(ctx, tx, "", token)
	switch {
	case err != nil:
		return err
	case r.State == ReviewDecided:
		return alloy.ErrConflict.Saying("The review is decided")
	case r.State == ReviewWithdrawn:
		return alloy.ErrConflict.Saying("The review was withdrawn")
	case r.State == ReviewSecond && r.ProposedBy == a.Token:
		return alloy.ErrConflict.Saying("The review waits for a second agent")
	case r.Assignee != "" && r.Assignee != a.Token:
		return alloy.ErrConflict.Saying("The review is assigned to another agent")
	}
	return alloy.ErrConflict.Saying("Another agent has the review in hand")
}

// Verdict is what an agent decides.
type Verdict struct {
	Agent   Agent
	Outcome string
	Reasons []string
}

// decide ends a case, or takes the first of two decisions. The condition is in the
// update: of two agents who decide at once one is refused.
func (s *Reviews) decide(ctx context.Context, tx *store.Tx, call alloy.Call, r *Review, v Verdict) error {
	if err := s.allowed(ctx, tx, r.Account, v.Outcome, v.Reasons); err != nil {
		return err
	}
	reasons, err := json.Marshal(v.Reasons)
	if err != nil {
		return fmt.Errorf("decision: review: %w", err)
	}
	now := clock.Millis(s.clock.Now())
	query, action := finishReview, "review.decide"
	switch {
	case r.FourEyes && r.State == ReviewOpen:
		query, action = proposeReview, "review.propose"
	case r.FourEyes && r.ProposedOutcome != v.Outcome:
		query, action = reopenReview, "review.disagree"
	}
	err = tx.ExecOne(ctx, query, r.Token, v.Agent.Token, v.Outcome, string(reasons), now, r.State)
	if errors.Is(err, store.ErrNoRows) {
		return s.refusal(ctx, tx, r.Token, v.Agent)
	}
	if err != nil {
		return fmt.Errorf("decision: review: %w", err)
	}
	before := *r
	after, err := s.byToken(ctx, tx, r.Account, r.Token)
	if err != nil {
		return err
	}
	*r = *after
	err = s.audit.Add(ctx, tx, Entry{
		Account: r.Account, Actor: actor(call.Key, v.Agent.Token), Action: action, Object: r.Token,
		Before: map[string]any{"state": before.State, "outcome": before.Outcome},
		After:  map[string]any{"state": r.State, "outcome": v.Outcome, "reasons": v.Reasons},
	})
	if err != nil || r.State != ReviewDecided {
		return err
	}
	return s.told(ctx, tx, r)
}

// told passes a decision on.
func (s *Reviews) told(ctx context.Context, tx *store.Tx, r *Review) error {
	if err := s.entities.Decided(ctx, tx, r.Entity, r.Outcome); err != nil {
		return err
	}
	answer, err := s.answer(ctx, tx, r)
	if err != nil {
		return err
	}
	if err := s.hooks.Tell(ctx, tx, Telling{Account: r.Account, Subject: r.Token, Type: HookReview, Data: answer}); err != nil {
		return err
	}
	for _, f := range s.decided {
		if err := f(ctx, tx, r); err != nil {
			return err
		}
	}
	return nil
}

// forEntity is the case that POST /v1/entities/{token}/reviews decides: the open one
// of the entity that is part of no journey. There is a new one where none waits.
func (s *Reviews) forEntity(ctx context.Context, tx *store.Tx, call alloy.Call, e *Entity) (*Review, error) {
	tokens, err := s.entities.tokens(ctx, tx, e)
	if err != nil {
		return nil, err
	}
	list, err := s.of(ctx, tx, call.Account, tokens)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(r *Review) bool {
		return r.State != ReviewOpen && r.State != ReviewSecond || call.Workflow != "" && r.Workflow != "" && r.Workflow != call.Workflow
	})
	journeys := len(list)
	list = slices.DeleteFunc(list, func(r *Review) bool { return r.Application != "" })
	switch {
	case len(list) == 1:
		return list[0], nil
	case len(list) > 1:
		return nil, alloy.ErrConflict.Saying("Several reviews of the entity wait: choose one by header " + alloy.HeaderWorkflow + ", or decide it at /v1/reviews")
	case journeys > 0:
		return nil, alloy.ErrConflict.Saying("The review is part of a journey: decide it at /v1/reviews")
	case e.purged:
		return nil, alloy.ErrConflict.Saying("The entity was purged")
	}
	return s.Open(ctx, tx, Review{Account: call.Account, Entity: e.Token, Workflow: call.Workflow, Sandbox: call.Sandbox})
}

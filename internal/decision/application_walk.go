package decision

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// step is a workflow that is to be run.
type step struct {
	application string
	ea          string
	lease       string
	workflow    string
	call        alloy.Call
	input       map[string]any
}

// advance lets an application go on until it rests: at a node that waits, or at the
// end. Workflows run between transactions, as they ask over the network; whoever runs
// one has a lease on it, so that of two who advance one application only one counts.
func (s *Journeys) advance(ctx context.Context, token string) error {
	for {
		var next *step
		err := write(ctx, s.db, func(tx *store.Tx) error {
			a, err := s.lock(ctx, tx, "", token)
			if err != nil {
				return err
			}
			next, err = s.nextStep(ctx, tx, a)
			return err
		})
		if err != nil || next == nil {
			return err
		}
		result, ran := s.workflows.run(ctx, next.call, next.workflow, next.input)
		err = write(ctx, s.db, func(tx *store.Tx) error { return s.finish(ctx, tx, next, result, ran) })
		if err != nil {
			return err
		}
		if ran != nil && !refused(ran) {
			s.log.Error("a workflow of a journey failed and is run again", "error", ran.Error())
			return ran // ours to mend: the lease ends, and another try follows
		}
	}
}

// refused reports whether a workflow cannot run as it is: to try again would change
// nothing.
func refused(err error) bool {
	var e *alloy.Error
	return errors.As(err, &e) && e.Status < http.StatusInternalServerError
}

// malformed is what an input has that a workflow cannot read; nil for another
// refusal. It is asked for again, as what is missing is.
func malformed(err error) map[string]any {
	var e *alloy.Error
	if !errors.As(err, &e) || e.Code != alloy.ErrBody.Code {
		return nil
	}
	f, ok := e.Details.(alloy.Field)
	if !ok {
		return nil
	}
	return map[string]any{"required": []any{map[string]string{"key": f.Path, "message": f.Message}}, "optional": []any{}, "or": []any{}}
}

// nextStep leases the next workflow of an application; nil when it rests.
func (s *Journeys) nextStep(ctx context.Context, tx *store.Tx, a *application) (*step, error) {
	now := clock.Millis(s.clock.Now())
	for _, ea := range a.entities {
		if ea.Status != StatusRunning || ea.Lease != "" && ea.LeaseUntil > now {
			continue
		}
		node := a.document.node(ea.Node)
		if ea.Lease != "" {
			if err := s.happen(ctx, tx, a, event{Type: EventRetriggered, EA: ea}); err != nil {
				return nil, err
			}
		}
		ea.Lease, ea.LeaseUntil = s.ids.UUID(), now+recoverAfter.Milliseconds()
		if err := s.happen(ctx, tx, a, event{Type: EventEvaluating, EA: ea}); err != nil {
			return nil, err
		}
		entity, err := s.entities.get(ctx, tx, a.Account, ea.Entity)
		if err != nil {
			return nil, err
		}
		input := entity.Details.Input()
		maps.Copy(input, DetailsFlat(ea.held.Data))
		return &step{a.Token, ea.Token, ea.Lease, node.Workflow, a.call(ea), input}, nil
	}
	if !a.running() {
		return nil, s.jobs.Cancel(ctx, tx, jobAdvance, a.Token)
	}
	return nil, nil
}

// DetailsFlat is the data of a journey's entity as the input of an evaluation: as it
// came, and with the first of its addresses, e-mail addresses and telephone numbers
// in the flat form.
func DetailsFlat(data map[string]any) map[string]any {
	details := DetailsOf(data)
	flat := details.Input()
	for name, value := range data {
		switch name {
		case "addresses", "emails", "phones":
		default:
			flat[name] = value
		}
	}
	return flat
}

// finish writes down what came of a workflow, and goes on. A lease that another has
// taken over meanwhile makes it nobody's business.
func (s *Journeys) finish(ctx context.Context, tx *store.Tx, p *step, r stepResult, ran error) error {
	a, err := s.lock(ctx, tx, "", p.application)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(a.entities, func(ea *entityApplication) bool { return ea.Token == p.ea })
	ea := a.entities[i]
	if ea.Lease != p.lease || ea.Status != StatusRunning {
		return nil
	}
	if ea.Lease, ea.LeaseUntil = "", 0; ran != nil {
		if wrong := malformed(ran); wrong != nil {
			return s.request(ctx, tx, a, ea, "", wrong)
		}
		if refused(ran) {
			return s.fail(ctx, tx, a, ea, ran)
		}
		if err := s.keep(ctx, tx, ea); err != nil {
			return err
		}
		return s.later(ctx, tx, a, recoverAfter)
	}
	ea.Evaluation = r.Evaluation
	node := a.document.node(ea.Node)
	switch {
	case r.Status == 200:
		return s.request(ctx, tx, a, ea, r.Evaluation, r.Lacks)
	case r.Status == 206 && ea.Tries < node.Retries:
		ea.Tries++
		wait := time.Duration(max(node.RetryIn, 1)) * time.Second
		if err := s.wake(ctx, tx, ea, wait); err != nil {
			return err
		}
		return s.happen(ctx, tx, a, event{Type: EventService, EA: ea, Evaluation: r.Evaluation, Status: StatusPendingService})
	case r.Status == 206 && node.Retries > 0:
		if err := s.happen(ctx, tx, a, event{Type: EventNoMoreTries, EA: ea, Evaluation: r.Evaluation}); err != nil {
			return err
		}
	}
	ea.held.Lacks = nil
	ea.held.Tags, ea.held.Reasons = append(ea.held.Tags, r.Tags...), append(ea.held.Reasons, r.Reasons...)
	err = s.happen(ctx, tx, a, event{Type: EventEvaluated, EA: ea, Evaluation: r.Evaluation, Outcome: r.Outcome, Reasons: r.Reasons})
	if err != nil {
		return err
	}
	return s.follow(ctx, tx, a, ea, r.Outcome)
}

// request asks for data that a workflow lacks.
func (s *Journeys) request(ctx context.Context, tx *store.Tx, a *application, ea *entityApplication, evaluation string, lacks any) (err error) {
	if ea.held.Lacks, err = json.Marshal(lacks); err != nil {
		return fmt.Errorf("decision: application: %w", err)
	}
	return s.happen(ctx, tx, a, event{Type: EventDataRequest, EA: ea, Evaluation: evaluation, Status: StatusDataRequest})
}

// fail ends an entity's way where it cannot go on.
func (s *Journeys) fail(ctx context.Context, tx *store.Tx, a *application, ea *entityApplication, why error) error {
	reason := "the journey leads nowhere after this outcome"
	var e *alloy.Error
	if errors.As(why, &e) {
		reason = e.Message
	}
	return s.happen(ctx, tx, a, event{Type: EventError, EA: ea, Reasons: []string{reason}, Status: StatusError})
}

// follow lets an entity go where an outcome leads.
func (s *Journeys) follow(ctx context.Context, tx *store.Tx, a *application, ea *entityApplication, outcome string) error {
	next := a.document.node(ea.Node).next(outcome)
	if next == "" {
		return s.fail(ctx, tx, a, ea, nil)
	}
	return s.enter(ctx, tx, a, ea, next)
}

// enter lets an entity come to a node.
func (s *Journeys) enter(ctx context.Context, tx *store.Tx, a *application, ea *entityApplication, id string) error {
	if err := s.jobs.Cancel(ctx, tx, jobNode, ea.Token); err != nil {
		return err
	}
	ea.Node, ea.Tries = id, 0
	ea.Visit++
	node := a.document.node(id)
	if err := s.happen(ctx, tx, a, event{Type: EventVisited, EA: ea, Status: StatusRunning}); err != nil {
		return err
	}
	switch node.Type {
	case NodeWorkflow:
		return nil // advance leases it
	case NodeReview:
		return s.await(ctx, tx, a, ea, EventReview, StatusWaitingReview)
	case NodeDocuments:
		return s.await(ctx, tx, a, ea, EventDocuments, StatusPendingDocuments)
	case NodeAction:
		if node.StepUp {
			return s.await(ctx, tx, a, ea, EventStepUp, StatusPendingStepUp)
		}
		return s.await(ctx, tx, a, ea, EventAction, StatusPendingAction)
	}
	ea.Outcome = node.Outcome
	if err := s.happen(ctx, tx, a, event{Type: EventBranch, EA: ea, Outcome: node.Outcome, Status: StatusCompleted}); err != nil {
		return err
	}
	return s.complete(ctx, tx, a)
}

// complete tells of the end of an application when all of its entities are there.
func (s *Journeys) complete(ctx context.Context, tx *store.Tx, a *application) error {
	if a.Status != StatusCompleted {
		return nil
	}
	if err := s.happen(ctx, tx, a, event{Type: EventOutcome, Outcome: a.Outcome}); err != nil {
		return err
	}
	if err := s.jobs.Cancel(ctx, tx, jobExpire, a.Token); err != nil {
		return err
	}
	for _, ea := range a.entities {
		if err := s.entities.Decided(ctx, tx, ea.Entity, ea.Outcome); err != nil {
			return err
		}
	}
	return s.happen(ctx, tx, a, event{Type: EventCompleted, Outcome: a.Outcome})
}

// later lets an application go on in a while, unless it does so before.
func (s *Journeys) later(ctx context.Context, tx *store.Tx, a *application, wait time.Duration) error {
	if err := s.jobs.Cancel(ctx, tx, jobAdvance, a.Token); err != nil {
		return err
	}
	return s.jobs.Schedule(ctx, tx, s.clock.Now().Add(wait), jobAdvance, a.Token, "")
}

// wake ends an entity's stay at a node in a while.
func (s *Journeys) wake(ctx context.Context, tx *store.Tx, ea *entityApplication, wait time.Duration) error {
	return s.jobs.Schedule(ctx, tx, s.clock.Now().Add(wait), jobNode, ea.Token, strconv.FormatInt(ea.Visit, 10))
}

// register says what the jobs of journeys do.
func (s *Journeys) register() {
	s.jobs.RegisterAsk(jobAdvance, func(ctx context.Context, job schedule.Job) (schedule.Func, error) {
		return func(context.Context, *store.Tx, schedule.Job) error { return nil }, s.advance(ctx, job.Subject)
	})
	s.jobs.Register(jobNode, s.awake)
	s.jobs.Register(jobExpire, func(ctx context.Context, tx *store.Tx, job schedule.Job) error {
		a, err := s.lock(ctx, tx, "", job.Subject)
		if err != nil || over(a.Status) {
			return err
		}
		return s.expire(ctx, tx, a)
	})
}

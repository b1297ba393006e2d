package decision

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// await lets an entity wait at its node, unless what the node waits for is there.
func (s *Journeys) await(ctx context.Context, tx *store.Tx, a *application, ea *entityApplication, kind, status string) error {
	node := a.document.node(ea.Node)
	there, err := s.satisfied(ctx, tx, ea, node)
	if err != nil {
		return err
	}
	if there {
		return s.enter(ctx, tx, a, ea, node.Default)
	}
	if node.Type == NodeReview {
		_, err := s.reviews.Open(ctx, tx, Review{
			Account: a.Account, Entity: ea.Entity, Evaluation: ea.Evaluation, Journey: a.Journey, Application: a.Token, Node: ea.Token,
			WorkflowName: a.name, Sandbox: a.Sandbox,
		})
		if err != nil {
			return err
		}
	}
	if node.Timeout > 0 {
		if err := s.wake(ctx, tx, ea, time.Duration(node.Timeout)*time.Second); err != nil {
			return err
		}
	}
	return s.happen(ctx, tx, a, event{Type: kind, EA: ea, Status: status})
}

// satisfied reports whether what a node waits for is there already.
func (s *Journeys) satisfied(ctx context.Context, tx *store.Tx, ea *entityApplication, node *Node) (bool, error) {
	switch {
	case node.StepUp:
		for _, key := range node.Data {
			if v := ea.held.Data[key]; v == nil || v == "" {
				return false, nil
			}
		}
		return true, nil
	case node.Type == NodeDocuments:
		documents, err := s.entities.documentsOf(ctx, tx, []string{ea.Entity})
		if err != nil {
			return false, err
		}
		for _, kind := range node.Documents {
			if !slices.ContainsFunc(documents, func(d documentAnswer) bool { return d.Type == kind && d.Uploaded }) {
				return false, nil
			}
		}
		return true, nil
	}
	return false, nil
}

// awake is a job: an entity has waited long enough. One that has left the node since
// is left alone.
func (s *Journeys) awake(ctx context.Context, tx *store.Tx, job schedule.Job) error {
	a, ea, err := s.lockByEntity(ctx, tx, job.Subject)
	if errors.Is(err, store.ErrNoRows) {
		return nil
	}
	if err != nil || strconv.FormatInt(ea.Visit, 10) != job.Payload || over(a.Status) {
		return err
	}
	node := a.document.node(ea.Node)
	kind := EventActionExpired
	switch ea.Status {
	case StatusPendingService:
		if err := s.happen(ctx, tx, a, event{Type: EventRetriggered, EA: ea, Status: StatusRunning}); err != nil {
			return err
		}
		return s.later(ctx, tx, a, 0)
	case StatusPendingStepUp:
		kind = EventStepUpExpired
	case StatusPendingAction, StatusPendingDocuments:
	case StatusWaitingReview:
		if err := s.reviews.Withdraw(ctx, tx, "", a.Token); err != nil {
			return err
		}
	default:
		return nil
	}
	if err := s.happen(ctx, tx, a, event{Type: kind, EA: ea, Outcome: "expired"}); err != nil {
		return err
	}
	if node.Expired == "" {
		return s.expire(ctx, tx, a)
	}
	return s.enterAndGo(ctx, tx, a, ea, node.Expired)
}

// expire ends an application that nobody has completed in time.
func (s *Journeys) expire(ctx context.Context, tx *store.Tx, a *application) error {
	for _, ea := range a.entities {
		if over(ea.Status) {
			continue
		}
		if err := s.jobs.Cancel(ctx, tx, jobNode, ea.Token); err != nil {
			return err
		}
		ea.Status, ea.Lease = StatusExpired, ""
		if err := s.keep(ctx, tx, ea); err != nil {
			return err
		}
	}
	for _, kind := range []string{jobAdvance, jobExpire} {
		if err := s.jobs.Cancel(ctx, tx, kind, a.Token); err != nil {
			return err
		}
	}
	if err := s.reviews.Withdraw(ctx, tx, "", a.Token); err != nil {
		return err
	}
	a.Awaits = false
	return s.happen(ctx, tx, a, event{Type: EventExpired})
}

// enterAndGo lets an entity come to a node, and the application go on from there at
// once where it can.
func (s *Journeys) enterAndGo(ctx context.Context, tx *store.Tx, a *application, ea *entityApplication, node string) error {
	if err := s.enter(ctx, tx, a, ea, node); err != nil || !a.running() {
		return err
	}
	return s.later(ctx, tx, a, 0)
}

// reviewed goes on after a review of a journey was decided, in its transaction.
func (s *Journeys) reviewed(ctx context.Context, tx *store.Tx, r *Review) error {
	if r.Application == "" {
		return nil
	}
	a, ea, err := s.lockByEntity(ctx, tx, r.Node)
	if err != nil {
		return err
	}
	if ea.Status != StatusWaitingReview || over(a.Status) {
		return alloy.ErrConflict.Saying("The journey has gone on without the review")
	}
	ea.held.Reasons = append(ea.held.Reasons, r.Reasons...)
	err = s.happen(ctx, tx, a, event{Type: EventReviewed, EA: ea, Evaluation: r.Evaluation, Outcome: r.Outcome, Reasons: r.Reasons, Status: StatusRunning})
	if err != nil {
		return err
	}
	next := a.document.node(ea.Node).next(r.Outcome)
	if next == "" {
		return s.fail(ctx, tx, a, ea, nil)
	}
	return s.enterAndGo(ctx, tx, a, ea, next)
}

// uploaded goes on where an entity waits for the document that has just come.
func (s *Journeys) uploaded(ctx context.Context, tx *store.Tx, entity string) error {
	waiting, err := texts(ctx, tx, selectWaitingForDocuments, entity)
	if err != nil {
		return err
	}
	for _, token := range waiting {
		a, ea, err := s.lockByEntity(ctx, tx, token)
		if err != nil {
			return err
		}
		node := a.document.node(ea.Node)
		if there, err := s.satisfied(ctx, tx, ea, node); err != nil || !there || ea.Status != StatusPendingDocuments {
			if err != nil {
				return err
			}
			continue
		}
		if err := s.happen(ctx, tx, a, event{Type: EventActionDone, EA: ea, Outcome: "submitted", Status: StatusRunning}); err != nil {
			return err
		}
		if err := s.enterAndGo(ctx, tx, a, ea, node.Default); err != nil {
			return err
		}
	}
	return nil
}

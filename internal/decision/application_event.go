package decision

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// The events that happen here, of the 37 documented names.
const (
	EventStarted        = "started_application"
	EventRerun          = "started_rerun_application"
	EventVisited        = "visited_node"
	EventEvaluating     = "started_evaluation"
	EventEvaluated      = "completed_evaluation"
	EventDataRequest    = "data_request_evaluation"
	EventService        = "pending_workflow_service"
	EventNoMoreTries    = "maximum_retries_reached"
	EventRetriggered    = "journey_application_retriggered"
	EventDocuments      = "pending_documents"
	EventStepUp         = "pending_step_up"
	EventStepUpExpired  = "pending_step_up_expired"
	EventAction         = "pending_action"
	EventActionDone     = "completed_action"
	EventActionExpired  = "pending_action_expired"
	EventReview         = "pending_review"
	EventReviewed       = "completed_review"
	EventBranch         = "completed_branch"
	EventOutcome        = "reached_application_outcome"
	EventCompleted      = "completed_application"
	EventNoMoreEntities = "has_finished_sending_additional_entities"
	EventExpired        = "application_expired"
	EventError          = "error"
)

// event is something that has happened in an application.
type event struct {
	Type       string
	EA         *entityApplication // nil for the application as a whole
	Node       string
	Evaluation string
	Outcome    string
	Reasons    []string
	Status     string // of the entity from now on; "" for no other than before
}

const (
	insertEvent = `INSERT INTO decision_application_event
(application, n, token, type, entity, entity_app, node, evaluation, outcome, reasons, entity_status, status, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`
	selectEvents = `SELECT n, token, type, entity, entity_app, node, evaluation, outcome, reasons, entity_status, status, at
FROM decision_application_event WHERE application = $1 ORDER BY n`
	updateApplication       = `UPDATE decision_application SET status = $2, outcome = $3, awaits = $4, events = $5, updated_at = $6, closed_at = $7 WHERE token = $1`
	updateEntityApplication = `UPDATE decision_application_entity SET node = $2, visit = $3, status = $4, outcome = $5, evaluation = $6, tries = $7, lease = $8, lease_until = $9, sealed = $10 WHERE token = $1`
)

// happen writes an event. It is the only place where a status changes: that of the
// entity which the event is about, and with it that of the application.
func (s *Journeys) happen(ctx context.Context, tx *store.Tx, a *application, e event) error {
	now := s.clock.Now()
	if e.EA != nil {
		if e.Status != "" {
			e.EA.Status = e.Status
		}
		if e.Node == "" {
			e.Node = e.EA.Node
		}
		if err := s.keep(ctx, tx, e.EA); err != nil {
			return err
		}
	}
	a.Status = a.derive()
	if a.UpdatedAt = now; over(a.Status) && a.ClosedAt.IsZero() {
		a.ClosedAt = now
		if a.Status == StatusCompleted {
			a.Outcome = a.worst()
		}
	}
	a.events++
	shown := eventRow{Number: a.events, Token: token(s.ids, "EV-"), Type: e.Type, Node: e.Node, Evaluation: e.Evaluation, Outcome: e.Outcome, Reasons: e.Reasons, Status: a.Status, At: clock.Millis(now)}
	if e.EA != nil {
		shown.Entity, shown.EA, shown.EntityStatus = e.EA.Entity, e.EA.Token, e.EA.Status
	}
	reasons, err := json.Marshal(orEmpty(e.Reasons))
	if err != nil {
		return fmt.Errorf("decision: event: %w", err)
	}
	_, err = tx.Exec(ctx, insertEvent, a.Token, shown.Number, shown.Token, shown.Type, shown.Entity, shown.EA, shown.Node, shown.Evaluation, shown.Outcome,
		string(reasons), shown.EntityStatus, shown.Status, shown.At)
	if err != nil {
		return fmt.Errorf("decision: event: %w", err)
	}
	closed := int64(0)
	if !a.ClosedAt.IsZero() {
		closed = clock.Millis(a.ClosedAt)
	}
	if _, err := tx.Exec(ctx, updateApplication, a.Token, a.Status, a.Outcome, a.Awaits, a.events, clock.Millis(now), closed); err != nil {
		return fmt.Errorf("decision: event: %w", err)
	}
	return s.tell(ctx, tx, a, shown)
}

// keep writes where an entity stands.
func (s *Journeys) keep(ctx context.Context, tx *store.Tx, ea *entityApplication) error {
	sealed, err := s.vault.SealJSON(ea.held, "application:"+ea.Token)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, updateEntityApplication, ea.Token, ea.Node, ea.Visit, ea.Status, ea.Outcome, ea.Evaluation, ea.Tries, ea.Lease, ea.LeaseUntil, sealed)
	if err != nil {
		return fmt.Errorf("decision: application: %w", err)
	}
	return nil
}

// tell lets the customer hear of an event. Of the nodes that an entity comes to there
// is no webhook: what happens there has one.
func (s *Journeys) tell(ctx context.Context, tx *store.Tx, a *application, e eventRow) error {
	if e.Type == EventVisited {
		return nil
	}
	kind := HookJourney
	if a.Sandbox {
		kind = HookJourneySandbox
	}
	data := struct {
		eventAnswer
		Journey     string  `json:"journey_token"`
		Name        string  `json:"journey_name"`
		Group       *string `json:"external_group_id"`
		Application *string `json:"external_application_id"`
		External    *string `json:"external_entity_id"`
		Status      string  `json:"journey_application_status"`
	}{e.answer(a), a.Journey, a.name, orNull(a.said.Group), orNull(a.said.External), nil, a.Status}
	if e.Entity != "" {
		entity, err := s.entities.get(ctx, tx, a.Account, e.Entity)
		if err != nil {
			return err
		}
		data.External = orNull(entity.External())
	}
	return s.hooks.Tell(ctx, tx, Telling{Account: a.Account, Subject: a.Token, Type: kind, Event: e.Type, Data: data})
}

// The jobs of journeys.
const (
	jobAdvance = "decision.advance" // about an application that has to go on
	jobNode    = "decision.node"    // about an entity that has waited long enough at a node
	jobExpire  = "decision.expire"  // about an application that has taken too long
)

// recoverAfter is how long the one who runs a workflow has for it; another takes over
// then.
const recoverAfter = 2 * time.Minute

package decision

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// The statuses of a journey's application and of its entities: those of the thirteen
// documented ones that this engine can have. There is no reconciliation here, and no
// review of an application as a whole.
const (
	StatusRunning            = "running"
	StatusDataRequest        = "data_request"
	StatusPendingDocuments   = "pending_documents"
	StatusPendingStepUp      = "pending_step_up"
	StatusPendingAction      = "pending_action"
	StatusWaitingReview      = "waiting_review"
	StatusPendingService     = "pending_workflow_service"
	StatusAdditionalEntities = "pending_additional_entities"
	StatusCompleted          = "completed"
	StatusExpired            = "expired"
	StatusError              = "error"
)

// statusOrder is which entity's status is the application's: the first of these that
// any entity has. What the customer has to do something about comes before what
// somebody else has to.
var statusOrder = []string{
	StatusRunning, StatusDataRequest, StatusPendingDocuments, StatusPendingStepUp, StatusPendingAction,
	StatusWaitingReview, StatusPendingService, StatusError, StatusExpired, StatusCompleted,
}

// over reports whether nothing more happens in a status.
func over(status string) bool {
	return status == StatusCompleted || status == StatusExpired || status == StatusError
}

// Journeys are the journeys of all accounts and the applications that go through
// them. Its methods are safe for concurrent use.
type Journeys struct {
	db        *store.DB
	vault     *vault.Vault
	clock     *clock.Clock
	ids       *clock.IDs
	log       *slog.Logger
	jobs      *schedule.Scheduler
	audit     *Audit
	entities  *Entities
	reviews   *Reviews
	hooks     *Hooks
	workflows evaluator

	// has reports whether an account has a workflow.
	has func(ctx context.Context, account, workflow string) (bool, error)
}

// evaluator runs the workflows of journeys.
type evaluator interface {
	// run evaluates an entity. The call has the entity's token in its header.
	run(ctx context.Context, call alloy.Call, workflow string, input map[string]any) (stepResult, error)
	// answer is the full answer of an evaluation.
	full(ctx context.Context, account, evaluation string) (any, error)
}

// stepResult is what came of a workflow.
type stepResult struct {
	Evaluation string
	Status     int    // 200 where inputs lack, 201, 206
	Outcome    string // of 201, and the one to fall back on of 206
	Reasons    []string
	Tags       []string
	Lacks      any // of 200: what the API tells of what lacks
}

// application is somebody's way through a journey.
type application struct {
	Token, Account, Journey string
	Version                 int64
	Status, Outcome         string
	Sandbox                 bool
	Awaits                  bool // more entities are to come
	RerunOf, Root           string
	CreatedAt, UpdatedAt    time.Time
	ClosedAt                time.Time
	said                    said

	events   int64
	external string // blind indexes
	group    string
	name     string // of the journey
	document *JourneyDocument
	entities []*entityApplication
}

// said is what an application seals.
type said struct {
	External string            `json:"external_application_id,omitempty"`
	Group    string            `json:"external_group_id,omitempty"`
	Meta     json.RawMessage   `json:"application_meta,omitempty"`
	Headers  map[string]string `json:"headers,omitempty"`
	Key      string            `json:"key"` // of the credentials that made it
}

// entityApplication is an entity on its way.
type entityApplication struct {
	Token      string // EA-…
	Entity     string
	Place      int64
	Branch     string
	Node       string
	Visit      int64
	Status     string
	Outcome    string
	Evaluation string // the latest
	Tries      int64
	Lease      string
	LeaseUntil int64
	CreatedAt  time.Time
	held       held
}

// held is what an entity's way seals.
type held struct {
	Data    map[string]any  `json:"data"`
	Lacks   json.RawMessage `json:"lacks,omitempty"`
	Tags    []string        `json:"tags,omitempty"`
	Reasons []string        `json:"reasons,omitempty"`
}

// call is a call in the name of an application.
func (a *application) call(ea *entityApplication) alloy.Call {
	c := alloy.Inside(alloy.Caller{Account: a.Account, Key: a.said.Key}, a.Sandbox)
	for name, value := range a.said.Headers {
		c = c.WithHeader(name, value)
	}
	c = c.WithHeader(alloy.HeaderEntity, ea.Entity)
	c.Journey = a.Token
	return c
}

// derive is the status of an application by those of its entities.
func (a *application) derive() string {
	for _, status := range statusOrder {
		if !slices.ContainsFunc(a.entities, func(ea *entityApplication) bool { return ea.Status == status }) {
			continue
		}
		if status == StatusCompleted && a.Awaits {
			return StatusAdditionalEntities
		}
		return status
	}
	return StatusRunning
}

// worst is the outcome of an application: the first of the journey's outcomes that
// any entity has.
func (a *application) worst() string {
	for _, o := range a.document.Outcomes {
		for _, ea := range a.entities {
			if ea.Outcome == o {
				return o
			}
		}
	}
	return ""
}

// running reports whether an entity is to go on.
func (a *application) running() bool {
	return slices.ContainsFunc(a.entities, func(ea *entityApplication) bool { return ea.Status == StatusRunning })
}

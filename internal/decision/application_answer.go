package decision

import (
	"context"
	"encoding/json"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// applicationAnswer is an application as the API shows it.
type applicationAnswer struct {
	Token     string          `json:"journey_application_token"`
	Status    string          `json:"status"`
	Sandbox   bool            `json:"sandbox"`
	CreatedAt int64           `json:"created_at"`
	UpdatedAt int64           `json:"updated_at"`
	ClosedAt  *int64          `json:"closed_at"`
	Outcome   *string         `json:"complete_outcome"`
	Display   string          `json:"journey_application_status"`
	Archived  bool            `json:"is_archived"`
	IsShadow  bool            `json:"is_shadow_app"`
	InShadow  bool            `json:"is_part_of_shadow_test"`
	IsRerun   bool            `json:"is_rerun"`
	Group     *string         `json:"external_group_id"`
	External  *string         `json:"external_application_id"`
	Meta      json.RawMessage `json:"application_meta"`
	Embedded  applicationRest `json:"_embedded"`
	Links     selfLink        `json:"_links"`
}

type applicationRest struct {
	Rerun    *rerunOf      `json:"rerun"`
	Reruns   []rerunTo     `json:"reruns"`
	Events   []eventAnswer `json:"events"`
	Journey  journeyRef    `json:"journey"`
	Children []childEntity `json:"child_entities"`
	Entities []entityWay   `json:"entity_applications"`
	Awaits   bool          `json:"is_pending_additional_entities"`
}

type rerunOf struct {
	By       string  `json:"initiated_by"`
	Previous string  `json:"previous_journey_application_token"`
	Root     string  `json:"root_journey_application_token"`
	Group    *string `json:"root_external_group_id"`
}

type rerunTo struct {
	By        string `json:"initiated_by"`
	Next      string `json:"next_journey_application_token"`
	CreatedAt int64  `json:"created_at"`
}

type journeyRef struct {
	Name    string         `json:"journey_name"`
	Type    string         `json:"journey_type"`
	Token   string         `json:"journey_token"`
	Version int64          `json:"journey_version_num"`
	Links   map[string]any `json:"_links"`
}

type childEntity struct {
	External *string `json:"external_entity_identifier"`
	Name     string  `json:"name"`
	Token    string  `json:"token"`
	Type     string  `json:"type"`
	EA       string  `json:"entity_application_token"`
	Status   string  `json:"entity_application_status"`
	Outcome  *string `json:"entity_application_outcome"`
	Branch   string  `json:"entity_application_branch_name"`
	Created  string  `json:"created"`
}

type entityWay struct {
	Entity  string          `json:"entity_token"`
	EA      string          `json:"entity_application_token"`
	Outcome *string         `json:"entity_application_outcome"`
	Status  string          `json:"entity_application_status"`
	Details json.RawMessage `json:"entity_application_status_details"`
	Node    nodeAnswer      `json:"node"`
	Output  wayOutput       `json:"output"`
}

type wayOutput struct {
	Reasons []string `json:"outcome_reasons"`
	Tags    []string `json:"tags"`
}

type nodeAnswer struct {
	ID     *string        `json:"id"`
	Name   *string        `json:"name"`
	Type   *string        `json:"type"`
	Config map[string]any `json:"config"`
}

// eventAnswer is an event as the API and webhooks show it.
type eventAnswer struct {
	Token      string         `json:"journey_application_event_token"`
	JA         string         `json:"journey_application_token"`
	Type       string         `json:"type"`
	Timestamp  int64          `json:"timestamp"`
	Outcome    *string        `json:"outcome"`
	Reasons    []string       `json:"reasons"`
	Evaluation *string        `json:"evaluation_token"`
	Entity     *string        `json:"entity_token"`
	EA         *string        `json:"entity_application_token"`
	Embedded   map[string]any `json:"_embedded"`
	Links      map[string]any `json:"_links"`
}

// path is where the API has an application.
func (a *application) path() string { return "/v1/journeys/" + a.Journey + "/applications/" + a.Token }

// nodeAnswer is a node as events show it; null members for none.
func (d *JourneyDocument) nodeAnswer(id string) nodeAnswer {
	n := d.node(id)
	if n == nil {
		return nodeAnswer{Config: map[string]any{}}
	}
	a := nodeAnswer{&n.ID, orNull(n.Name), &n.Type, map[string]any{}}
	switch {
	case n.Type == NodeWorkflow:
		a.Config["workflow_token"] = n.Workflow
	case n.Type == NodeOutcome:
		a.Config["outcome"] = n.Outcome
	case n.Type == NodeDocuments:
		a.Config["documents"] = n.Documents
	case n.StepUp:
		a.Config["data"] = n.Data
	}
	return a
}

func (e eventRow) answer(a *application) eventAnswer {
	links := map[string]any{"journey_application": href{a.path()}}
	if e.Evaluation != "" {
		links["evaluation"] = href{"/v1/evaluations/" + e.Evaluation}
	}
	return eventAnswer{
		e.Token, a.Token, e.Type, e.At, orNull(e.Outcome), orEmpty(e.Reasons), orNull(e.Evaluation), orNull(e.Entity), orNull(e.EA),
		map[string]any{"node": a.document.nodeAnswer(e.Node)}, links,
	}
}

func (s *Journeys) show(ctx context.Context, call alloy.Call) (applicationAnswer, error) {
	return s.answerNow(ctx, call, call.Path("application"))
}

// answerNow answers an application as it is now.
func (s *Journeys) answerNow(ctx context.Context, call alloy.Call, token string) (answer applicationAnswer, err error) {
	err = s.db.Read(ctx, func(tx *store.Tx) error {
		a, err := s.read(ctx, tx, selectApplication, call.Account, token)
		if err != nil {
			return err
		}
		if a.Journey != call.Path("journey") {
			return alloy.ErrNotFound
		}
		answer, err = s.answer(ctx, tx, a)
		return err
	})
	if err != nil || call.Query.Get("fullData") != "true" || s.workflows == nil {
		return answer, err
	}
	for i := range answer.Embedded.Events {
		e := &answer.Embedded.Events[i]
		if e.Type == EventEvaluated && e.Evaluation != nil {
			if e.Embedded["evaluation"], err = s.workflows.full(ctx, call.Account, *e.Evaluation); err != nil {
				return answer, err
			}
		}
	}
	return answer, nil
}

func (s *Journeys) answer(ctx context.Context, tx *store.Tx, a *application) (applicationAnswer, error) {
	answer := applicationAnswer{
		Token: a.Token, Status: a.Status, Sandbox: a.Sandbox, CreatedAt: clock.Millis(a.CreatedAt), UpdatedAt: clock.Millis(a.UpdatedAt),
		ClosedAt: orNullTime(a.ClosedAt), Outcome: orNull(a.Outcome), Display: a.Status, IsRerun: a.RerunOf != "",
		Group: orNull(a.said.Group), External: orNull(a.said.External), Meta: a.said.Meta, Links: linkTo(a.path()),
		Embedded: applicationRest{
			Reruns: []rerunTo{}, Events: []eventAnswer{}, Children: []childEntity{}, Entities: []entityWay{}, Awaits: a.Awaits,
			Journey: journeyRef{a.name, "application", a.Journey, a.Version, map[string]any{"self": href{"/v1/journeys/" + a.Journey}}},
		},
	}
	if a.Outcome != "" {
		answer.Display = a.Outcome
	}
	if len(answer.Meta) == 0 {
		answer.Meta = json.RawMessage("null")
	}
	if a.RerunOf != "" {
		answer.Embedded.Rerun = &rerunOf{"api", a.RerunOf, a.Root, orNull(a.said.Group)}
	}
	events, err := s.events(ctx, tx, a.Token)
	if err != nil {
		return answer, err
	}
	for _, e := range events {
		answer.Embedded.Events = append(answer.Embedded.Events, e.answer(a))
	}
	if err := s.answerEntities(ctx, tx, a, &answer); err != nil {
		return answer, err
	}
	reruns, err := texts(ctx, tx, selectReruns, a.Token)
	for _, token := range reruns {
		next, err := s.read(ctx, tx, selectApplication, a.Account, token)
		if err != nil {
			return answer, err
		}
		answer.Embedded.Reruns = append(answer.Embedded.Reruns, rerunTo{"api", token, clock.Millis(next.CreatedAt)})
	}
	return answer, err
}

func (s *Journeys) answerEntities(ctx context.Context, tx *store.Tx, a *application, answer *applicationAnswer) error {
	for _, ea := range a.entities {
		e, err := s.entities.get(ctx, tx, a.Account, ea.Entity)
		if err != nil {
			return err
		}
		answer.Embedded.Children = append(answer.Embedded.Children, childEntity{
			orNull(e.External()), e.Details.name(), e.Token, e.Kind, ea.Token, ea.Status, orNull(ea.Outcome), ea.Branch, ea.CreatedAt.Format(time.RFC3339Nano),
		})
		details := ea.held.Lacks
		if len(details) == 0 || ea.Status != StatusDataRequest {
			details = json.RawMessage("null")
		}
		answer.Embedded.Entities = append(answer.Embedded.Entities, entityWay{
			e.Token, ea.Token, orNull(ea.Outcome), ea.Status, details, a.document.nodeAnswer(ea.Node), wayOutput{orEmpty(ea.held.Reasons), orEmpty(ea.held.Tags)},
		})
		if ea.Status == StatusPendingAction {
			answer.Embedded.Journey.Links["callback_by_entity_application_token"] = callbacks(answer, ea.Token, a.path()+"/nodes/"+ea.Node)
		}
	}
	return nil
}

// callbacks adds where an action is completed, by the entity that waits for it.
func callbacks(answer *applicationAnswer, ea, path string) map[string]href {
	links, _ := answer.Embedded.Journey.Links["callback_by_entity_application_token"].(map[string]href)
	if links == nil {
		links = map[string]href{}
	}
	links[ea] = href{path}
	return links
}

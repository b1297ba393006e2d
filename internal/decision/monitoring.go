package decision

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// eventTypes are the documented types of monitoring events.
const eventTypes = "person_created,person_updated,business_created,business_updated,bank_account_created,bank_account_updated," +
	"external_account_created,external_account_updated,transaction,login,credentials_updated,embedded_authentication," +
	"modify_notification,entity_group_created,entity_group_updated,card_created,card_updated"

// Monitoring takes in what happens to entities later, and lets it start a workflow or
// a journey. What no source is configured for is kept and starts nothing.
type Monitoring struct {
	*Journeys
}

func (m *Monitoring) routes() []alloy.Route {
	return []alloy.Route{
		alloy.Post("/v1/events", m.post, alloy.Created(), alloy.Summary("Takes in a monitoring event")),
		alloy.Get("/v1/events/{event}", m.show, alloy.Summary("A monitoring event")),
		alloy.Get("/v1/settings/events", m.showSources, alloy.Summary("What events start; ours, in Alloy a page")),
		alloy.Put("/v1/settings/events", m.setSources, alloy.Summary("Says what events start; ours")),
	}
}

type eventRequest struct {
	Type      string  `json:"event_type" required:"true" enum:"person_created,person_updated,business_created,business_updated,bank_account_created,bank_account_updated,external_account_created,external_account_updated,transaction,login,credentials_updated,embedded_authentication,modify_notification,entity_group_created,entity_group_updated,card_created,card_updated"`
	Status    string  `json:"event_status,omitempty" max:"255"`
	External  string  `json:"external_event_id,omitempty" max:"255"`
	Lifecycle string  `json:"event_lifecycle_id,omitempty" max:"128"`
	Data      api.Raw `json:"data" required:"true"`
}

// eventResults are what an event has started.
type eventResults struct {
	Evaluations  []eventEvaluation  `json:"evaluations"`
	Applications []eventApplication `json:"journey_applications"`
}

type eventEvaluation struct {
	Token   string  `json:"evaluation_token"`
	Outcome *string `json:"outcome"`
	Status  int     `json:"status_code"`
}

type eventApplication struct {
	Token   string `json:"journey_application_token"`
	Journey string `json:"journey_token"`
}

// eventRequestAnswer is a monitoring event as the API shows it.
type eventRequestAnswer struct {
	Token     string          `json:"event_request_token"`
	Type      string          `json:"event_type"`
	Entity    *string         `json:"entity_token"`
	Lifecycle *string         `json:"event_lifecycle_id"`
	External  *string         `json:"external_event_id"`
	Status    *string         `json:"event_status"`
	Timestamp string          `json:"timestamp"`
	Body      json.RawMessage `json:"body"`
	eventResults
	status int
}

// StatusCode is 201 for an event that is new.
func (a eventRequestAnswer) StatusCode() int { return a.status }

const (
	insertEventRequest = `INSERT INTO decision_event_request (token, account, type, entity, external, sealed, results, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	selectEventRequest = `SELECT token, type, entity, sealed, results, created_at FROM decision_event_request
WHERE account = $1 AND ($2 <> '' AND token = $2 OR $3 <> '' AND external = $3)`
	setEventResults     = `UPDATE decision_event_request SET results = $2 WHERE token = $1`
	forgetEventRequests = `UPDATE decision_event_request SET sealed = '', external = '' WHERE entity = $1`
	selectEventSource   = `SELECT workflow, journey FROM decision_event_source WHERE account = $1 AND type = $2`
	selectEventSources  = `SELECT type, workflow, journey FROM decision_event_source WHERE account = $1 ORDER BY type`
	insertEventSource   = `INSERT INTO decision_event_source (account, type, workflow, journey) VALUES ($1, $2, $3, $4)`
	deleteEventSources  = `DELETE FROM decision_event_source WHERE account = $1`
)

// post takes in an event. One with the external id of an earlier one is that one.
func (m *Monitoring) post(ctx context.Context, call alloy.Call, in eventRequest) (a eventRequestAnswer, err error) {
	data, err := (&applicant{Data: in.Data}).read()
	if err != nil {
		return a, err
	}
	stamp, _ := data["timestamp"].(string)
	if _, err := time.Parse(time.RFC3339, stamp); err != nil {
		return a, alloy.Invalid("data.timestamp", "be a time such as 2026-01-25T09:30:00Z")
	}
	external := ""
	if in.External != "" {
		external = m.vault.Index("decision.event", call.Account+"."+in.External)
	}
	id, status, start := token(m.ids, "EV-"), 201, started{}
	err = write(ctx, m.db, func(tx *store.Tx) error {
		if external != "" {
			known, err := m.event(ctx, tx, call.Account, "", external)
			if err == nil {
				id, status = known.Token, 200
				return nil
			}
			if !errors.Is(err, store.ErrNoRows) {
				return err
			}
		}
		entity, err := m.about(ctx, tx, call, in.Type, data)
		if err != nil {
			return err
		}
		if err := m.keepEvent(ctx, tx, call, id, entity, external, in); err != nil {
			return err
		}
		start, err = m.start(ctx, tx, call, id, entity, in.Type, data)
		return err
	})
	if err != nil {
		return a, err
	}
	if err := m.run(ctx, call, id, start); err != nil {
		return a, err
	}
	err = m.db.Read(ctx, func(tx *store.Tx) error {
		a, err = m.event(ctx, tx, call.Account, id, "")
		return err
	})
	a.status = status
	return a, err
}

// about is the entity of an event. Those that make or change one do so; others have
// to speak of one that is known, if they speak of one.
func (m *Monitoring) about(ctx context.Context, tx *store.Tx, call alloy.Call, kind string, data map[string]any) (*Entity, error) {
	text := func(name string) string {
		s, _ := data[name].(string)
		return s
	}
	sub := Subject{Token: text("entity_token"), External: text("external_entity_id")}
	named := sub.Token != "" || sub.External != ""
	what, _, _ := strings.Cut(kind, "_")
	if what != Person && what != Business {
		if !named {
			return nil, nil
		}
		if sub.Token == "" {
			sub.Token = sub.External
		}
		return m.entities.Lookup(ctx, tx, call.Account, sub.Token)
	}
	if !named {
		return nil, alloy.ErrBody.With(atLeastOne("data.external_entity_id", "data.entity_token"))
	}
	sub.Kind, sub.Details = what, DetailsOf(data)
	return m.entities.forSubject(ctx, tx, call, sub)
}

func (m *Monitoring) keepEvent(ctx context.Context, tx *store.Tx, call alloy.Call, id string, e *Entity, external string, in eventRequest) error {
	sealed, err := m.vault.SealJSON(in, "event:"+id)
	if err != nil {
		return err
	}
	entity := ""
	if e != nil {
		entity = e.Token
	}
	_, err = tx.Exec(ctx, insertEventRequest, id, call.Account, in.Type, entity, external, sealed, `{}`, clock.Millis(m.clock.Now()))
	if store.IsUnique(err) {
		return errAgain // another call has the same external id
	}
	if err != nil {
		return fmt.Errorf("decision: event: %w", err)
	}
	return nil
}

// started is what an event starts.
type started struct {
	workflow    string
	entity      *Entity
	input       map[string]any
	application string
}

// start finds out what an event starts, and begins a journey in its transaction.
func (m *Monitoring) start(ctx context.Context, tx *store.Tx, call alloy.Call, id string, e *Entity, kind string, data map[string]any) (s started, err error) {
	journey := ""
	err = tx.QueryRow(ctx, selectEventSource, call.Account, kind).Scan(&s.workflow, &journey)
	if errors.Is(err, store.ErrNoRows) || e == nil {
		return started{}, nil
	}
	if err != nil {
		return s, fmt.Errorf("decision: event: %w", err)
	}
	s.entity, s.input = e, e.Details.Input()
	for name, value := range DetailsFlat(data) {
		s.input[name] = value
	}
	delete(s.input, "timestamp")
	if journey == "" {
		return s, nil
	}
	raw, err := json.Marshal(s.input)
	if err != nil {
		return s, fmt.Errorf("decision: event: %w", err)
	}
	s.application = token(m.ids, "JA-")
	a := &application{Token: s.application, Account: call.Account, Journey: journey, Sandbox: call.Sandbox, Root: s.application, said: said{Headers: headersOf(call), Key: call.Key}}
	if err := m.begin(ctx, tx, call, a, []applicant{{Type: e.Kind, Token: e.Token, Data: raw}}, EventStarted); err != nil {
		return s, err
	}
	results, err := json.Marshal(eventResults{[]eventEvaluation{}, []eventApplication{{s.application, journey}}})
	if err != nil {
		return s, fmt.Errorf("decision: event: %w", err)
	}
	_, err = tx.Exec(ctx, setEventResults, id, string(results))
	return s, err
}

// run runs what an event has started, as far as it goes at once.
func (m *Monitoring) run(ctx context.Context, call alloy.Call, id string, s started) error {
	if s.application != "" {
		if err := m.advance(ctx, s.application); err != nil && ctx.Err() != nil {
			return err
		}
		return nil
	}
	if s.workflow == "" {
		return nil
	}
	r, err := m.workflows.run(ctx, call.WithHeader(alloy.HeaderEntity, s.entity.Token), s.workflow, s.input)
	if refused(err) {
		return nil // the event is kept; what it cannot start it does not start
	}
	if err != nil {
		return err
	}
	results, err := json.Marshal(eventResults{[]eventEvaluation{{r.Evaluation, orNull(r.Outcome), r.Status}}, []eventApplication{}})
	if err != nil {
		return fmt.Errorf("decision: event: %w", err)
	}
	return m.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, setEventResults, id, string(results))
		return err
	})
}

// event reads an event by its token or by the index of its external id; ErrNoRows if
// there is none.
func (m *Monitoring) event(ctx context.Context, tx *store.Tx, account, id, external string) (a eventRequestAnswer, err error) {
	var entity, sealed, results string
	var created int64
	if err := tx.QueryRow(ctx, selectEventRequest, account, id, external).Scan(&a.Token, &a.Type, &entity, &sealed, &results, &created); err != nil {
		return a, err
	}
	a.Entity, a.Timestamp, a.Body, a.status = orNull(entity), clock.FromMillis(created).Format(time.RFC3339Nano), json.RawMessage("null"), 200
	if err := json.Unmarshal([]byte(results), &a.eventResults); err != nil {
		return a, fmt.Errorf("decision: event: %w", err)
	}
	a.Evaluations, a.Applications = orEmpty(a.Evaluations), orEmpty(a.Applications)
	if sealed == "" {
		return a, nil // purged
	}
	if a.Body, err = m.vault.Open(sealed, "event:"+a.Token); err != nil {
		return a, err
	}
	var in eventRequest
	if err := json.Unmarshal(a.Body, &in); err != nil {
		return a, fmt.Errorf("decision: event: %w", err)
	}
	a.Lifecycle, a.External, a.Status = orNull(in.Lifecycle), orNull(in.External), orNull(in.Status)
	return a, nil
}

func (m *Monitoring) show(ctx context.Context, call alloy.Call) (a eventRequestAnswer, err error) {
	err = m.db.Read(ctx, func(tx *store.Tx) error {
		a, err = m.event(ctx, tx, call.Account, call.Path("event"), "")
		return err
	})
	if errors.Is(err, store.ErrNoRows) {
		return a, alloy.ErrNotFound
	}
	return a, err
}

// forgetEvents is told of a purge.
func (m *Monitoring) forgetEvents(ctx context.Context, tx *store.Tx, _ string, entities []string) error {
	for _, entity := range entities {
		if _, err := tx.Exec(ctx, forgetEventRequests, entity); err != nil {
			return err
		}
	}
	return nil
}

// sourcesBody is what PUT /v1/settings/events takes and GET answers.
type sourcesBody struct {
	Sources []eventSource `json:"sources" required:"true" max:"50"`
}

type eventSource struct {
	Type     string `json:"event_type" required:"true" max:"64"`
	Workflow string `json:"workflow_token" max:"64"`
	Journey  string `json:"journey_token" max:"64"`
}

func (m *Monitoring) showSources(ctx context.Context, call alloy.Call) (b sourcesBody, err error) {
	b.Sources = []eventSource{}
	err = m.db.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, selectEventSources, call.Account)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s eventSource
			if err := rows.Scan(&s.Type, &s.Workflow, &s.Journey); err != nil {
				return err
			}
			b.Sources = append(b.Sources, s)
		}
		return rows.Err()
	})
	return b, err
}

func (m *Monitoring) setSources(ctx context.Context, call alloy.Call, in sourcesBody) (sourcesBody, error) {
	seen := map[string]bool{}
	for _, s := range in.Sources {
		switch {
		case seen[s.Type] || !strings.Contains(","+eventTypes+",", ","+s.Type+","):
			return sourcesBody{}, alloy.Invalid("sources", "have each documented event_type once at most")
		case (s.Workflow == "") == (s.Journey == ""):
			return sourcesBody{}, alloy.Invalid("sources", "name a workflow or a journey each")
		}
		seen[s.Type] = true
		if s.Workflow == "" {
			continue
		}
		if has, err := m.has(ctx, call.Account, s.Workflow); err != nil || !has {
			return sourcesBody{}, errors.Join(err, alloy.Invalid("sources", "name workflows of the account"))
		}
	}
	err := write(ctx, m.db, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, deleteEventSources, call.Account); err != nil {
			return err
		}
		for _, s := range in.Sources {
			if s.Journey != "" {
				if _, err := m.journey(ctx, tx, call.Account, s.Journey); err != nil {
					return alloy.Invalid("sources", "name journeys of the account")
				}
			}
			if _, err := tx.Exec(ctx, insertEventSource, call.Account, s.Type, s.Workflow, s.Journey); err != nil {
				return fmt.Errorf("decision: event: %w", err)
			}
		}
		return m.audit.Add(ctx, tx, Entry{Account: call.Account, Actor: call.Key, Action: "settings.events", Object: "settings", After: in})
	})
	if err != nil {
		return sourcesBody{}, err
	}
	return m.showSources(ctx, call)
}

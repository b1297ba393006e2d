package decision_test

import (
	"testing"

	"github.com/glencheck-dev/glencheck/internal/decision"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// TestEvents takes in events that start nothing, a workflow and a journey.
func TestEvents(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		_, server := newBank(t)
		o := newOffice(t, db, withBank(server))
		data := applicant("Charleson")
		data["external_entity_id"], data["timestamp"] = "ev-1", "2026-11-23T08:00:00Z"
		created := object{"event_type": "person_created", "external_event_id": "e-1", "event_status": "successful", "data": data}
		a := o.call("POST", "/v1/events/", created).ok(201)
		entity := a.text("entity_token")
		if entity == "" || len(a.at("evaluations").([]any)) != 0 || a.text("event_status") != "successful" {
			t.Errorf("an event that starts nothing: %s", a.Raw)
		}
		if again := o.call("POST", "/v1/events/", created).ok(200); again.text("event_request_token") != a.text("event_request_token") {
			t.Errorf("the same event again: %s", again.Raw)
		}
		o.call("PUT", "/v1/settings/events", object{"sources": []any{
			object{"event_type": "person_updated", "workflow_token": decision.OwnershipWorkflow},
			object{"event_type": "external_account_created", "journey_token": decision.OwnershipJourney},
		}}).ok(200)
		updated := o.call("POST", "/v1/events", object{"event_type": "person_updated", "data": data}).ok(201)
		if updated.text("entity_token") != entity || updated.text("evaluations", 0, "outcome") != "Approved" {
			t.Errorf("an event with a workflow: %s", updated.Raw)
		}
		linked := o.call("POST", "/v1/events", object{"event_type": "external_account_created", "data": object{
			"external_entity_id": "ev-1", "timestamp": "2026-11-23T08:00:00Z", "plaid_processor_token": data["plaid_processor_token"],
		}}).ok(201)
		ja := linked.text("journey_applications", 0, "journey_application_token")
		if got := o.call("GET", applications+"/"+ja, nil).ok(200); got.text("complete_outcome") != "Approved" {
			t.Errorf("the journey of an event: %s", got.Raw)
		}
		if got := o.call("GET", "/v1/events/"+linked.text("event_request_token"), nil).ok(200); got.text("body", "data", "external_entity_id") != "ev-1" {
			t.Errorf("the event: %s", got.Raw)
		}
		for _, wrong := range []object{
			{"event_type": "birthday", "data": data}, {"event_type": "login"}, {"event_type": "login", "data": object{"timestamp": "yesterday"}},
			{"event_type": "person_created", "data": object{"timestamp": "2026-11-23T08:00:00Z"}},
			{"event_type": "login", "data": object{"timestamp": "2026-11-23T08:00:00Z", "external_entity_id": "nobody"}},
		} {
			o.call("POST", "/v1/events/", wrong).ok(400)
		}
		o.call("DELETE", "/v1/entities/"+entity, nil).ok(200)
		if got := o.call("GET", "/v1/events/"+linked.text("event_request_token"), nil).ok(200); got.at("body") != nil {
			t.Errorf("after the purge: %s", got.Raw)
		}
		if got := o.call("GET", applications+"/"+ja, nil).ok(200); got.text("_embedded", "child_entities", 0, "name") != "" {
			t.Errorf("the journey after the purge: %s", got.Raw)
		}
	})
}

package clienttest

import (
	"testing"

	"github.com/glencheck-dev/glencheck/internal/server/servertest"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// TestScreeningWebhooks: what tells of a changed status is as its schema says.
func TestScreeningWebhooks(t *testing.T) {
	contract := official(t)
	s := servertest.Start(t)
	type object = map[string]any
	s.Call(t, "/sandbox/webhook/receivers/set", object{"urls": []string{"https://app.example/hook"}})
	person := s.Call(t, "/watchlist_screening/individual/create", object{"search_terms": object{"watchlist_program_id": "prg_egdF5fGjY8fWqk", "legal_name": "Leslie Knope"}}).Text("id")
	s.Call(t, "/watchlist_screening/individual/update", object{"watchlist_screening_id": person, "status": "rejected"})
	company := s.Call(t, "/watchlist_screening/entity/create", object{"search_terms": object{"entity_watchlist_program_id": "entprg_egdF5fGjY8fWqk", "legal_name": "Specimen Sanctioned Trading LLC"}}).Text("id")
	s.Call(t, "/watchlist_screening/entity/update", object{"entity_watchlist_screening_id": company, "status": "cleared"})
	list, err := s.Delivered(webhook.Cursor{})
	if err != nil || len(list) != 2 {
		t.Fatalf("%d webhooks, %v", len(list), err)
	}
	schemas := map[string]string{"SCREENING": "ScreeningStatusUpdatedWebhook", "ENTITY_SCREENING": "EntityScreeningStatusUpdatedWebhook"}
	for _, d := range list {
		if d.Code != "STATUS_UPDATED" || schemas[d.Type] == "" {
			t.Errorf("told %s/%s", d.Type, d.Code)
			continue
		}
		for _, p := range contract.CheckSchema(schemas[d.Type], d.Body) {
			t.Errorf("%s: %s in %s", d.Type, p, d.Body)
		}
		delete(schemas, d.Type)
	}
}

package decision_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/decision"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

var planted = map[string]any{
	"external_entity_id": "planted-external-4711", "name_first": "Canary", "name_last": "Planted", "birth_date": "1998-02-03",
	"document_ssn": "123-45-4711", "emails": []any{map[string]any{"email_address": "planted@example.com"}},
	"phones":    []any{map[string]any{"phone_number": "+1 202 555 0165"}},
	"addresses": []any{map[string]any{"address_line_1": "4711 Planted Street", "address_city": "New York", "address_country_code": "US"}},
}

// TestEntities makes, changes, names, notes, merges and purges entities.
func TestEntities(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		made := o.call("POST", "/v1/entities/persons", planted).ok(201)
		token := made.text("entity_token")
		if !strings.HasPrefix(token, "P-") || len(token) != 22 || made.text("document_ssn") != "123454711" || made.text("type") != "person" {
			t.Errorf("made: %s", made.Raw)
		}
		again := o.call("POST", "/v1/entities/persons", planted).ok(200)
		if again.text("entity_token") != token {
			t.Errorf("the same external id makes another entity: %s", again.Raw)
		}
		o.call("POST", "/v1/entities/businesses", map[string]any{"external_entity_id": "planted-external-4711", "business_name": "Biscuits"}).ok(409)

		for _, path := range []string{token, "planted-external-4711"} {
			got := o.call("GET", "/v1/entities/persons/"+path+"?hideFields=document_ssn,addresses", nil).ok(200)
			if got.text("document_ssn") != "*********" || got.text("addresses", 0, "address_city") != "*********" || got.text("name_last") != "Planted" {
				t.Errorf("hidden fields: %s", got.Raw)
			}
		}
		changed := o.call("PATCH", "/v1/entities/persons/"+token, map[string]any{
			"name_middle": "B", "gender": nil, "external_entity_ids": []any{map[string]any{"external_entity_id": "cif-1", "external_entity_id_type": "cif", "designation": "primary"}},
		}).ok(200)
		if changed.text("external_entity_id") != "cif-1" || changed.text("name_middle") != "B" || changed.text("name_first") != "Canary" {
			t.Errorf("changed: %s", changed.Raw)
		}
		o.call("PATCH", "/v1/entities/persons/"+token, map[string]any{"external_entity_id": "another"}).ok(409)

		o.call("POST", "/v1/entities/"+token+"/notes", map[string]any{"note": "A planted note", "note_author_agent_email": "ann@example.com"}).ok(201)
		doc := o.call("POST", "/v1/entities/"+token+"/documents", map[string]any{"name": "license front", "extension": "pdf", "type": "license"}).ok(200)
		file := "/v1/entities/" + token + "/documents/" + doc.text("document_token")
		octets := header{"Content-Type", "application/octet-stream"}
		o.call("GET", file, nil).ok(404)
		o.call("PUT", file, "\x89PNG\r\n\x1a\nplanted picture", octets).ok(400)
		o.call("PUT", file, "%PDF-planted paper", octets).ok(200)
		o.call("PUT", file, "%PDF-another paper", octets).ok(409)
		if got := o.call("GET", file, nil).ok(200); string(got.Raw) != "%PDF-planted paper" || got.Header.Get("Content-Type") != "application/pdf" {
			t.Errorf("the file: %s", got.Raw)
		}

		other := o.call("POST", "/v1/entities/persons", map[string]any{"name_last": "Other", "document_passport": "X1", "external_entity_id": "x-2"}).ok(201).text("entity_token")
		merged := o.call("POST", "/v1/entities/merge", map[string]any{"primary_entity_token": token, "secondary_external_entity_id": "x-2"}).ok(201)
		if merged.text("name_last") != "Planted" || merged.text("document_passport") != "X1" {
			t.Errorf("merged: %s", merged.Raw)
		}
		overview := o.call("GET", "/v1/entities/"+other, nil).ok(200)
		if overview.text("entity_token") != token || overview.text("notes", 0, "text") != "A planted note" || overview.at("documents", 0, "uploaded") != true || overview.text("name") != "Canary B Planted" {
			t.Errorf("overview: %s", overview.Raw)
		}
		o.call("POST", "/v1/entities/merge", map[string]any{"primary_entity_token": token, "secondary_entity_token": other}).ok(409)

		if got := o.log.String(); strings.Contains(strings.ToLower(got), "planted") {
			t.Errorf("the log tells: %s", got)
		}
		o.call("DELETE", "/v1/entities/"+token, nil).ok(200)
		gone := o.call("GET", "/v1/entities/"+token, nil).ok(200)
		if gone.text("name") != "" || len(gone.at("notes").([]any)) != 0 || len(gone.at("documents").([]any)) != 0 {
			t.Errorf("after the purge: %s", gone.Raw)
		}
		o.call("GET", "/v1/entities/cif-1", nil).ok(400)
		o.call("POST", "/v1/entities/"+token+"/notes", map[string]any{"note": "late"}).ok(409)
		report, err := o.d.Audit().Verify(context.Background())
		if err != nil || len(report.Findings) > 0 || report.Lines < 9 {
			t.Errorf("the trail: %+v %v", report, err)
		}
		lines, err := o.d.Audit().List(context.Background(), account, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			if l.Object == token && l.Action != "entity.purge" && !l.Purged {
				t.Errorf("line %d keeps what was purged", l.Number)
			}
		}
	})
}

// TestNothingPersonalLiesOpen looks for planted values in the tables.
func TestNothingPersonalLiesOpen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		token := o.call("POST", "/v1/entities/persons", planted).ok(201).text("entity_token")
		o.call("POST", "/v1/entities/"+token+"/notes", map[string]any{"note": "A planted note"}).ok(201)
		o.call("POST", "/v1/entities/"+token+"/documents", map[string]any{"name": "planted license", "extension": "pdf", "type": "license"}).ok(200)
		content, err := db.Content(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range content.Tables {
			for _, row := range table.Rows {
				if text := strings.ToLower(fmt.Sprint(row...)); strings.Contains(text, "planted") || strings.Contains(text, "123454711") || strings.Contains(text, strings.ToLower(decision.SandboxSecret)) {
					t.Errorf("%s has it open: %s", table.Name, text)
				}
			}
		}
	})
}

// TestOneEntityForOneName lets many calls make the same person at once.
func TestOneEntityForOneName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		var all sync.WaitGroup
		tokens := make([]string, 8)
		for i := range tokens {
			all.Go(func() {
				a := o.call("POST", "/v1/entities/persons", map[string]any{"external_entity_id": "one", "name_first": fmt.Sprint("N", i), "name_last": "One"})
				if a.Status != 200 && a.Status != 201 {
					t.Errorf("status %d: %s", a.Status, a.Raw)
				}
				tokens[i] = a.text("entity_token")
			})
		}
		all.Wait()
		for _, token := range tokens {
			if token == "" || token != tokens[0] {
				t.Errorf("several entities: %v", tokens)
			}
		}
	})
}

// TestAuditFindsTampering changes the trail behind the program's back.
func TestAuditFindsTampering(t *testing.T) {
	for name, harm := range map[string]string{
		"an actor":        `UPDATE decision_audit SET actor = 'somebody' WHERE n = 2`,
		"a time":          `UPDATE decision_audit SET at = at + 1 WHERE n = 2`,
		"a line":          `DELETE FROM decision_audit WHERE n = 2`,
		"the last line":   `DELETE FROM decision_audit WHERE n = (SELECT MAX(n) FROM decision_audit)`,
		"content":         `UPDATE decision_audit SET sealed = (SELECT sealed FROM decision_audit WHERE n = 1) WHERE n = 2`,
		"content hidden":  `UPDATE decision_audit SET sealed = '' WHERE n = 2`,
		"a digest":        `UPDATE decision_audit SET digest = hash WHERE n = 2`,
		"the head":        `UPDATE decision_audit_head SET n = 2`,
		"no head":         `DELETE FROM decision_audit_head`,
		"another account": `UPDATE decision_audit SET account = 'other' WHERE n = 4`,
	} {
		t.Run(name, func(t *testing.T) {
			db := storetest.SQLite(t)
			o := newOffice(t, db)
			ctx := context.Background()
			for i := range 3 {
				o.call("POST", "/v1/entities/persons", map[string]any{"name_last": fmt.Sprint("Person", i)}).ok(201)
			}
			if report, err := o.d.Audit().Verify(ctx); err != nil || len(report.Findings) > 0 || report.Lines < 4 {
				t.Fatalf("before: %+v %v", report, err)
			}
			if err := db.Write(ctx, func(tx *store.Tx) error {
				_, err := tx.Exec(ctx, harm)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if report, err := o.d.Audit().Verify(ctx); err != nil || len(report.Findings) == 0 {
				t.Errorf("nothing is found: %+v %v", report, err)
			}
		})
	}
}

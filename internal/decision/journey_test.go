package decision_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/decision"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

const applications = "/v1/journeys/" + decision.OwnershipJourney + "/applications"

// someone is an applicant of a journey.
func someone(last, external string) object {
	data := applicant(last)
	return object{"entity_type": "person", "external_entity_id": external, "data": data}
}

// events are the types of an application's events, without the nodes that were
// visited; status is what they say the status is now.
func (a answer) events() (types []string, status string) {
	list, _ := a.at("_embedded", "events").([]any)
	for _, e := range list {
		if kind := e.(object)["type"].(string); kind != "visited_node" {
			types = append(types, kind)
		}
	}
	return types, a.text("status")
}

func (a answer) wantEvents(status string, types ...string) {
	a.t.Helper()
	got, is := a.events()
	if !slices.Equal(got, types) || is != status {
		a.t.Errorf("status %s, want %s; events\n%v, want\n%v", is, status, got, types)
	}
}

// TestJourney takes three people through the default journey: one is approved, one
// denied, one waits for a document and for a person.
func TestJourney(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		_, server := newBank(t)
		o := newOffice(t, db, withBank(server))
		o.call("PUT", "/v1/settings/webhook", object{"url": "https://customer.example/hook", "types": []string{decision.HookJourneySandbox}}).ok(200)
		done := []string{"started_application", "started_evaluation", "completed_evaluation", "completed_branch", "reached_application_outcome", "completed_application"}
		for last, want := range map[string]string{"Charleson": "Approved", "Miller": "Denied"} {
			a := o.call("POST", applications, object{"entities": []any{someone(last, last)}, "external_application_id": "app-" + last}).ok(201)
			if a.wantEvents("completed", done...); a.text("complete_outcome") != want || a.text("_embedded", "child_entities", 0, "external_entity_identifier") != last {
				t.Errorf("%s: %s", last, a.Raw)
			}
		}
		a := o.call("POST", applications, object{"entities": []any{someone("Charles", "partial")}, "external_group_id": "g-1", "application_meta": object{"k": 1}}).ok(201)
		waits := []string{"started_application", "started_evaluation", "completed_evaluation", "pending_documents"}
		a.wantEvents("pending_documents", waits...)
		path := applications + "/" + a.text("journey_application_token")
		entity := a.text("_embedded", "child_entities", 0, "token")
		o.call("POST", applications, object{"entities": []any{someone("Charles", "other")}, "external_group_id": "g-1"}).ok(409)
		o.call("PUT", path, object{"entities": []any{object{"data": object{"meta": object{"note": "soon"}}}}}).ok(200).wantEvents("pending_documents", waits...)
		o.call("PUT", path, object{"has_finished_sending_additional_entities": true}).ok(409)

		doc := o.call("POST", "/v1/entities/"+entity+"/documents", object{"name": "January", "extension": "pdf", "type": "bank_statement"}).ok(200)
		o.call("PUT", "/v1/entities/"+entity+"/documents/"+doc.text("document_token"), "%PDF-1.7 January", header{"Content-Type", "application/octet-stream"}).ok(200)
		waits = append(waits, "completed_action", "pending_review")
		o.call("GET", path, nil).ok(200).wantEvents("waiting_review", waits...)

		o.call("POST", "/v1/entities/"+entity+"/reviews", verdict(first, "Approved", "Documents Verified")).ok(409)
		queue := o.call("GET", "/v1/reviews?state=open&entity_token="+entity, nil).ok(200)
		if queue.text("reviews", 0, "journey_application_token") != a.text("journey_application_token") {
			t.Fatalf("the queue: %s", queue.Raw)
		}
		o.call("POST", "/v1/reviews/"+queue.text("reviews", 0, "review_token")+"/decide", verdict(first, "Approved", "Documents Verified")).ok(200)
		end := o.call("GET", path+"?fullData=true", nil).ok(200)
		end.wantEvents("completed", append(waits, "completed_review", "completed_branch", "reached_application_outcome", "completed_application")...)
		if end.text("complete_outcome") != "Approved" || end.at("closed_at") == nil || end.text("_embedded", "entity_applications", 0, "output", "outcome_reasons", 0) == "" {
			t.Errorf("the end: %s", end.Raw)
		}
		if !strings.Contains(string(end.Raw), `"evaluation":{"status_code":201`) {
			t.Errorf("fullData has no evaluation: %s", end.Raw)
		}
		o.call("PUT", path, object{"entities": []any{object{"data": object{}}}}).ok(409)
		o.statusesFollowEvents()
		bodies := o.hookBodies()
		if n := len(bodies); n != 2*len(done)+10 || !strings.Contains(bodies[n-1], `"type":"completed_application"`) || strings.Contains(strings.Join(bodies, ""), "123-45-6789") {
			t.Errorf("%d webhooks, the last %s", n, bodies[n-1])
		}
		again := o.call("POST", path+"/rerun", object{}).ok(201)
		if types, _ := again.events(); types[0] != "started_rerun_application" || again.text("_embedded", "rerun", "previous_journey_application_token") != a.text("journey_application_token") || again.text("status") != "completed" && again.text("status") != "waiting_review" {
			t.Errorf("the rerun: %s", again.Raw)
		}
		if old := o.call("GET", path, nil).ok(200); old.text("_embedded", "reruns", 0, "next_journey_application_token") != again.text("journey_application_token") {
			t.Errorf("the first knows nothing of the rerun: %s", old.Raw)
		}
	})
}

// statusesFollowEvents demands that each application has the status of its latest
// event, and each entity that of the latest event about it.
func (o *office) statusesFollowEvents() {
	o.t.Helper()
	ctx := context.Background()
	for _, query := range []string{
		`SELECT COUNT(*) FROM decision_application a JOIN decision_application_event e ON e.application = a.token AND e.n = a.events WHERE e.status <> a.status`,
		`SELECT COUNT(*) FROM decision_application_entity ea JOIN decision_application_event e ON e.entity_app = ea.token
AND e.n = (SELECT MAX(n) FROM decision_application_event m WHERE m.entity_app = ea.token) WHERE e.entity_status <> ea.status AND ea.status <> 'expired'`,
		`SELECT COUNT(*) FROM decision_application a WHERE a.events <> (SELECT COUNT(*) FROM decision_application_event e WHERE e.application = a.token)`,
	} {
		var n int
		if err := o.db.QueryRow(ctx, query).Scan(&n); err != nil || n != 0 {
			o.t.Errorf("%d statuses have no event (%v): %s", n, err, query)
		}
	}
}

// travel moves the clock, and lets happen on the way what falls due.
func (o *office) travel(d time.Duration) {
	o.t.Helper()
	if _, err := o.jobs.Travel(context.Background(), d); err != nil {
		o.t.Fatal(err)
	}
}

// TestJourneyWaits lets documents not come, sources fail, data lack, and the customer
// not wait.
func TestJourneyWaits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, server := newBank(t)
		o := newOffice(t, db, withBank(server))
		show := func(a answer) answer {
			return o.call("GET", applications+"/"+a.text("journey_application_token"), nil).ok(200)
		}
		late := o.call("POST", applications, object{"entities": []any{someone("Charles", "late")}}).ok(201)
		o.travel(7*24*time.Hour - time.Second)
		show(late).wantEvents("pending_documents", "started_application", "started_evaluation", "completed_evaluation", "pending_documents")
		o.travel(time.Second)
		show(late).wantEvents("waiting_review", "started_application", "started_evaluation", "completed_evaluation", "pending_documents", "pending_action_expired", "pending_review")
		o.travel(23 * 24 * time.Hour)
		show(late).wantEvents("expired", "started_application", "started_evaluation", "completed_evaluation", "pending_documents", "pending_action_expired", "pending_review", "application_expired")

		b.mu.Lock()
		b.refuse["/processor/identity/match"] = "INTERNAL_SERVER_ERROR"
		b.mu.Unlock()
		down := o.call("POST", applications, object{"entities": []any{someone("Charleson", "down")}}).ok(201)
		down.wantEvents("pending_workflow_service", "started_application", "started_evaluation", "pending_workflow_service")
		b.mu.Lock()
		delete(b.refuse, "/processor/identity/match")
		b.mu.Unlock()
		o.travel(5 * time.Minute)
		show(down).wantEvents("completed", "started_application", "started_evaluation", "pending_workflow_service", "journey_application_retriggered",
			"started_evaluation", "completed_evaluation", "completed_branch", "reached_application_outcome", "completed_application")

		lacking := someone("", "lacking")
		delete(lacking["data"].(object), "name_last")
		poor := o.call("POST", applications, object{"entities": []any{lacking}}).ok(201)
		poor.wantEvents("data_request", "started_application", "started_evaluation", "data_request_evaluation")
		if poor.text("_embedded", "entity_applications", 0, "entity_application_status_details", "required", 0, "key") != "name_last" {
			t.Errorf("what lacks: %s", poor.Raw)
		}
		rich := o.call("PUT", applications+"/"+poor.text("journey_application_token"), object{"entities": []any{object{"external_entity_id": "lacking", "data": object{"name_last": "Charleson"}}}}).ok(200)
		rich.wantEvents("completed", "started_application", "started_evaluation", "data_request_evaluation", "journey_application_retriggered",
			"started_evaluation", "completed_evaluation", "completed_branch", "reached_application_outcome", "completed_application")

		odd := someone("Charleson", "odd")
		odd["data"].(object)["phone_number"] = "none"
		asked := o.call("POST", applications, object{"entities": []any{odd}}).ok(201)
		asked.wantEvents("data_request", "started_application", "started_evaluation", "data_request_evaluation")
		if asked.text("_embedded", "entity_applications", 0, "entity_application_status_details", "required", 0, "key") != "phone_number" {
			t.Errorf("what is wrong: %s", asked.Raw)
		}

		once := o.call("POST", applications, object{"entities": []any{someone("Error", "once")}}).ok(201)
		once.wantEvents("running", "started_application", "started_evaluation")
		o.travel(2 * time.Minute)
		if again := show(once); again.text("status") == "running" {
			t.Errorf("what failed once is not tried again: %s", again.Raw)
		}

		quick := o.call("POST", applications, object{"entities": []any{someone("Charleson", "quick")}}, header{"alloy-journey-override-sync", "true"}).ok(201)
		quick.wantEvents("running", "started_application")
		if _, err := o.jobs.RunDue(context.Background()); err != nil {
			t.Fatal(err)
		}
		show(quick).wantEvents("completed", "started_application", "started_evaluation", "completed_evaluation", "completed_branch", "reached_application_outcome", "completed_application")
		o.statusesFollowEvents()
	})
}

// custom is a journey of an action, of data that is asked for, and of several
// entities.
var custom = object{
	"name":     "Step up",
	"branches": []any{object{"name": "persons", "entity_type": "person", "node": "bank"}, object{"name": "businesses", "entity_type": "business", "node": "check"}},
	"nodes": []any{
		object{"id": "bank", "type": "action", "step_up": true, "data": []string{"plaid_processor_token"}, "default": "own", "timeout_seconds": 30, "expired": "no"},
		object{"id": "own", "type": "workflow", "workflow": decision.OwnershipWorkflow, "edges": object{"Approved": "yes"}, "default": "no"},
		object{"id": "check", "type": "action", "edges": object{"fine": "yes", "bad": "no"}, "timeout_seconds": 60},
		object{"id": "yes", "type": "outcome", "outcome": "Approved"}, object{"id": "no", "type": "outcome", "outcome": "Denied"},
	},
	"outcomes": []string{"Denied", "Approved"},
}

// TestJourneyOfOnesOwn publishes a journey and goes it with several entities.
func TestJourneyOfOnesOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		_, server := newBank(t)
		o := newOffice(t, db, withBank(server))
		made := o.call("POST", "/v1/journeys", custom).ok(201)
		path := "/v1/journeys/" + made.text("journey_token") + "/applications"
		person := someone("Charleson", "p")
		delete(person["data"].(object), "plaid_processor_token")
		a := o.call("POST", path, object{"entities": []any{person}, "do_await_additional_entities": true}).ok(201)
		a.wantEvents("pending_step_up", "started_application", "pending_step_up")
		path += "/" + a.text("journey_application_token")
		o.call("PUT", path, object{"entities": []any{object{"external_entity_id": "p", "data": object{"name_middle": "B"}}}}).ok(200).wantEvents("pending_step_up", "started_application", "pending_step_up")
		b := o.call("PUT", path, object{"entities": []any{object{"external_entity_id": "p", "data": object{"plaid_processor_token": applicant("x")["plaid_processor_token"]}}}}).ok(200)
		b.wantEvents("pending_additional_entities", "started_application", "pending_step_up", "completed_action", "started_evaluation", "completed_evaluation", "completed_branch")

		c := o.call("PUT", path, object{"entities": []any{object{"branch_name": "businesses", "data": object{"business_name": "Biscuits"}}}, "has_finished_sending_additional_entities": true}).ok(200)
		if c.text("status") != "pending_action" || !strings.HasSuffix(c.text("_embedded", "journey", "_links", "callback_by_entity_application_token", c.text("_embedded", "entity_applications", 1, "entity_application_token"), "href"), "/nodes/check") {
			t.Errorf("with a business: %s", c.Raw)
		}
		o.call("PUT", path+"/nodes/check", object{"outcome": "perhaps"}).ok(400)
		end := o.call("PUT", path+"/nodes/check", object{"outcome": "bad"}).ok(200)
		if end.text("status") != "completed" || end.text("complete_outcome") != "Denied" || end.text("_embedded", "entity_applications", 0, "entity_application_outcome") != "Approved" {
			t.Errorf("the end: %s", end.Raw)
		}
		o.call("PUT", path+"/nodes/check", object{"outcome": "fine"}).ok(409)

		// Nobody does anything: a step-up leads on, an action ends the application.
		slow := o.call("POST", "/v1/journeys/"+made.text("journey_token")+"/applications", object{"entities": []any{person, object{"branch_name": "businesses", "data": object{"business_name": "Slow"}}}}).ok(201)
		o.travel(time.Minute)
		slow = o.call("GET", "/v1/journeys/"+made.text("journey_token")+"/applications/"+slow.text("journey_application_token"), nil).ok(200)
		if types, status := slow.events(); status != "expired" || !slices.Contains(types, "pending_step_up_expired") || !slices.Contains(types, "pending_action_expired") || types[len(types)-1] != "application_expired" {
			t.Errorf("nobody did anything: %s %v", status, types)
		}
		o.statusesFollowEvents()

		for name, spoil := range map[string]func(object){
			"a circle":       func(d object) { d["nodes"].([]any)[2].(object)["default"] = "check" },
			"a lost edge":    func(d object) { d["nodes"].([]any)[2].(object)["default"] = "nowhere" },
			"a lost branch":  func(d object) { d["branches"].([]any)[0].(object)["node"] = "nowhere" },
			"no workflow":    func(d object) { d["nodes"].([]any)[1].(object)["workflow"] = "x" },
			"an odd outcome": func(d object) { d["outcomes"] = []string{"Approved"} },
			"an odd member":  func(d object) { d["colour"] = "blue" },
			"a node twice":   func(d object) { d["nodes"] = append(d["nodes"].([]any), d["nodes"].([]any)[0]) },
			"an odd type":    func(d object) { d["nodes"].([]any)[0].(object)["type"] = "loop" },
			"a dead end":     func(d object) { delete(d["nodes"].([]any)[0].(object), "default") },
		} {
			d := clone(t, custom)
			spoil(d)
			if got := o.call("PUT", "/v1/journeys/"+made.text("journey_token"), d); got.Status != 400 {
				t.Errorf("%s is published: %s", name, got.Raw)
			}
		}
		if v := o.call("PUT", "/v1/journeys/"+made.text("journey_token"), custom).ok(200); v.at("journey_version_num") != 2.0 {
			t.Errorf("the second version: %s", v.Raw)
		}
	})
}

// TestOneStepAtATime lets several advance one application: the workflow counts once.
func TestOneStepAtATime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		_, server := newBank(t)
		o := newOffice(t, db, withBank(server))
		lacking := someone("", "one")
		delete(lacking["data"].(object), "name_last")
		a := o.call("POST", applications, object{"entities": []any{lacking}}).ok(201)
		path := applications + "/" + a.text("journey_application_token")
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if a := o.call("PUT", path, object{"entities": []any{object{"data": object{"name_last": "Charleson"}}}}); a.Status != 200 && a.Status != 409 {
					t.Errorf("status %d: %s", a.Status, a.Raw)
				}
			})
		}
		all.Wait()
		o.call("GET", path, nil).ok(200).wantEvents("completed", "started_application", "started_evaluation", "data_request_evaluation", "journey_application_retriggered",
			"started_evaluation", "completed_evaluation", "completed_branch", "reached_application_outcome", "completed_application")
	})
}

// TestTheDocumentedJourney publishes the journey of docs/cases.md.
func TestTheDocumentedJourney(t *testing.T) {
	page, err := os.ReadFile("../../docs/cases.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "POST /partners/alloy/v1/journeys\n")
	document, _, found := strings.Cut(rest, "\n\n")
	if !found {
		t.Fatal("docs/cases.md has no journey")
	}
	newOffice(t, storetest.SQLite(t)).call("POST", "/v1/journeys", document).ok(201)
}

// TestJourneyOutlivesItsRunner lets the one who runs a step take too long: another
// takes over, and only one of the two counts.
func TestJourneyOutlivesItsRunner(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, _ := newBank(t)
		asked, release := make(chan struct{}, 8), make(chan struct{})
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked <- struct{}{}
			<-release
			b.ServeHTTP(w, r)
		}))
		t.Cleanup(server.Close)
		o := newOffice(t, db, withBank(server))
		var all sync.WaitGroup
		var made answer
		all.Go(func() { made = o.call("POST", applications, object{"entities": []any{someone("Charleson", "slow")}}) })
		<-asked
		all.Go(func() { o.travel(2 * time.Minute) })
		<-asked
		close(release)
		all.Wait()
		got := o.call("GET", applications+"/"+made.ok(201).text("journey_application_token"), nil).ok(200)
		got.wantEvents("completed", "started_application", "started_evaluation", "journey_application_retriggered", "started_evaluation",
			"completed_evaluation", "completed_branch", "reached_application_outcome", "completed_application")
		o.statusesFollowEvents()
	})
}

package decision_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/decision"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

const (
	first  = "reviewer@example.com"
	second = "second.reviewer@example.com"
)

// verdict is the body of a decision.
func verdict(email, outcome string, reasons ...string) map[string]any {
	return map[string]any{"agent": map[string]any{"email": email}, "outcome": outcome, "reasons": reasons}
}

// ended lets an evaluation of a new person end with Manual Review, and returns the
// tokens of the person and of the review that waits.
func (o *office) ended(n int) (entity, review string) {
	o.t.Helper()
	entity = o.call("POST", "/v1/entities/persons", map[string]any{"name_last": fmt.Sprint("Person", n)}).ok(201).text("entity_token")
	o.evaluated(entity, fmt.Sprint("S-evaluation", n), "Manual Review", true)
	list := o.call("GET", "/v1/reviews?state=open&entity_token="+entity, nil).ok(200)
	return entity, list.text("reviews", 0, "review_token")
}

func (o *office) evaluated(entity, evaluation, outcome string, review bool) {
	o.t.Helper()
	ctx := context.Background()
	if err := o.db.Write(ctx, func(tx *store.Tx) error {
		return o.d.Ended(ctx, tx, decision.Ended{
			Account: account, Entity: entity, Evaluation: evaluation, Workflow: "workflow", WorkflowName: "Account ownership",
			Version: "1", Sandbox: true, Status: 201, Outcome: outcome, Tags: []string{"Name Partial"}, Review: review,
		})
	}); err != nil {
		o.t.Fatal(err)
	}
}

// TestReview takes a case from the evaluation to the decision.
func TestReview(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		o.call("PUT", "/v1/settings/webhook", map[string]any{"url": "https://customer.example/hook", "auth": "hmac", "secret": "s3cret"}).ok(200)
		entity, review := o.ended(1)
		path := "/v1/reviews/" + review
		if got := o.call("GET", "/v1/entities/"+entity, nil).ok(200); got.text("outcome") != "Manual Review" || got.text("reviews", 0, "review_token") != review {
			t.Errorf("the entity: %s", got.Raw)
		}
		o.clock.Advance(25 * time.Hour)
		if got := o.call("GET", "/v1/reviews?overdue=true", nil).ok(200); got.text("reviews", 0, "review_token") != review || got.at("reviews", 0, "overdue") != true {
			t.Errorf("past its time: %s", got.Raw)
		}
		claimed := o.call("POST", path+"/claim", map[string]any{"agent": map[string]any{"email": first}}).ok(200)
		if claimed.text("claimed_by") != first || claimed.at("started") == nil {
			t.Errorf("claimed: %s", claimed.Raw)
		}
		o.call("POST", path+"/claim", map[string]any{"agent": map[string]any{"email": second}}).ok(409)
		o.call("POST", path+"/decide", verdict(second, "Approved", "Documents Verified")).ok(409)
		o.clock.Advance(15 * time.Minute) // the lease ends
		o.call("POST", path+"/claim", map[string]any{"agent": map[string]any{"email": second}}).ok(200)
		o.call("POST", path+"/release", map[string]any{"agent": map[string]any{"email": first}}).ok(409)
		o.call("POST", path+"/release", map[string]any{"agent": map[string]any{"email": second}}).ok(200)
		o.call("POST", path+"/assign", map[string]any{"agent": map[string]any{"email": second}}).ok(200)
		o.call("POST", path+"/claim", map[string]any{"agent": map[string]any{"email": first}}).ok(409)
		o.call("POST", path+"/assign", map[string]any{}).ok(200)
		o.call("POST", path+"/notes", map[string]any{"note": "called them"}).ok(201)

		for _, wrong := range []map[string]any{
			verdict(first, "Denied", "Documents Verified"), verdict(first, "Approved", "Because"), verdict(first, "Approved"),
			verdict(first, "Perhaps", "Documents Verified"), verdict("nobody@example.com", "Approved", "Documents Verified"),
		} {
			if got := o.call("POST", "/v1/entities/"+entity+"/reviews", wrong).ok(400); got.at("error", "minor_code") != 4002.0 {
				t.Errorf("%v: %s", wrong, got.Raw)
			}
		}
		done := o.call("POST", "/v1/entities/"+entity+"/reviews", verdict(first, "Denied", "Name Mismatch")).ok(201)
		if done.text("review_token") != review || done.text("agent", "email") != first || done.at("completed") == nil || done.text("reasons", 0) != "Name Mismatch" || done.text("application_token") != "workflow" {
			t.Errorf("decided: %s", done.Raw)
		}
		o.call("POST", path+"/decide", verdict(second, "Approved", "Documents Verified")).ok(409)
		o.call("PATCH", path, map[string]any{"agent": map[string]any{"email": second}}).ok(409)
		got := o.call("GET", "/v1/entities/"+entity, nil).ok(200)
		if got.text("outcome") != "Denied" || got.text("reviews", 0, "outcome") != "Denied" {
			t.Errorf("the entity afterwards: %s", got.Raw)
		}
		if detail := o.call("GET", path, nil).ok(200); detail.text("notes", 0, "text") != "called them" {
			t.Errorf("the notes: %s", detail.Raw)
		}
		log := o.hookBodies()
		if len(log) != 2 || !strings.Contains(log[0], decision.HookEvaluation) || !strings.Contains(log[1], `"outcome":"Denied"`) {
			t.Errorf("the customer is told: %v", log)
		}
		// Nothing waits: a review of one's own is a case that is decided at once.
		own := o.call("POST", "/v1/entities/"+entity+"/reviews", verdict(second, "Approved", "Documents Verified")).ok(201)
		if own.text("review_token") == review || own.text("outcome") != "Approved" {
			t.Errorf("a review of one's own: %s", own.Raw)
		}
	})
}

// hookBodies are what the customer was told, in the order in which it was written.
func (o *office) hookBodies() []string {
	o.t.Helper()
	var bodies []string
	content, err := o.outbox.Deliveries(context.Background(), filterAll)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, d := range content {
		bodies = append(bodies, string(d.Body))
	}
	return bodies
}

// TestTwoReviewersAtOnce lets agents decide one case at the same time: exactly one
// of them does.
func TestTwoReviewersAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		for n := range 5 {
			_, review := o.ended(n)
			var all sync.WaitGroup
			var decided, refused atomic.Int64
			for i := range 6 {
				body := verdict(first, "Approved", "Documents Verified")
				if i%2 == 1 {
					body = verdict(second, "Denied", "Name Mismatch")
				}
				all.Go(func() {
					switch a := o.call("POST", "/v1/reviews/"+review+"/decide", body); a.Status {
					case 200:
						decided.Add(1)
					case 409:
						refused.Add(1)
					default:
						t.Errorf("status %d: %s", a.Status, a.Raw)
					}
				})
			}
			all.Wait()
			if decided.Load() != 1 || refused.Load() != 5 {
				t.Errorf("%d decided and %d were refused", decided.Load(), refused.Load())
			}
		}
		if report, err := o.d.Audit().Verify(context.Background()); err != nil || len(report.Findings) > 0 {
			t.Errorf("the trail: %+v %v", report, err)
		}
	})
}

// TestFourEyes lets two people decide, agree and disagree.
func TestFourEyes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		set := o.call("GET", "/v1/settings/reviews", nil).ok(200)
		set.Body["four_eyes"] = true
		set.Body["reasons"] = []any{
			map[string]any{"outcome": "Approved", "reason": "Documents Verified"},
			map[string]any{"outcome": "Denied", "reason": "Name Mismatch", "type": "adverse_action"},
		}
		o.call("PUT", "/v1/settings/reviews", set.Body).ok(200)
		_, review := o.ended(1)
		decide := func(email, outcome, reason string, status int) answer {
			t.Helper()
			return o.call("POST", "/v1/reviews/"+review+"/decide", verdict(email, outcome, reason)).ok(status)
		}
		if got := decide(first, "Approved", "Documents Verified", 200); got.text("state") != "second" || got.at("outcome") != nil || got.text("proposed_by") != first {
			t.Errorf("after the first: %s", got.Raw)
		}
		decide(first, "Approved", "Documents Verified", 409)
		if got := decide(second, "Denied", "Name Mismatch", 200); got.text("state") != "open" {
			t.Errorf("after they disagreed: %s", got.Raw)
		}
		decide(second, "Denied", "Name Mismatch", 200)
		if got := decide(first, "Denied", "Name Mismatch", 200); got.text("state") != "decided" || got.text("outcome") != "Denied" {
			t.Errorf("after they agreed: %s", got.Raw)
		}
	})
}

// TestReviewOfOldData withdraws a case when its evaluation goes on.
func TestReviewOfOldData(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		entity, review := o.ended(1)
		o.evaluated(entity, "S-evaluation1", "Approved", false)
		o.call("POST", "/v1/reviews/"+review+"/decide", verdict(first, "Denied", "Name Mismatch")).ok(409)
		if got := o.call("GET", "/v1/reviews/"+review, nil).ok(200); got.text("state") != "withdrawn" {
			t.Errorf("the old case: %s", got.Raw)
		}
	})
}

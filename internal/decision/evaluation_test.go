package decision_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/decision"
	"github.com/glencheck-dev/glencheck/internal/decision/workflow"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// bank answers /processor/* as the API does: the scores follow from the last name.
type bank struct {
	mu     sync.Mutex
	calls  map[string]int
	refuse map[string]string // error codes by path
}

func newBank(t *testing.T) (*bank, *httptest.Server) {
	b := &bank{calls: map[string]int{}, refuse: map[string]string{}}
	s := httptest.NewServer(b)
	t.Cleanup(s.Close)
	return b, s
}

func (b *bank) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	b.mu.Lock()
	b.calls[r.URL.Path]++
	code := b.refuse[r.URL.Path]
	b.mu.Unlock()
	if r.Header.Get("PLAID-CLIENT-ID") != "partner" || r.Header.Get("PLAID-SECRET") != "secret" {
		code = "INVALID_API_KEYS"
	}
	if code != "" {
		w.WriteHeader(400)
		io.WriteString(w, `{"error_type": "X", "error_code": "`+code+`", "error_message": "no"}`)
		return
	}
	score := "0"
	switch {
	case strings.Contains(string(raw), "Charleson"):
		score = "100"
	case strings.Contains(string(raw), "Charles"):
		score = "60"
	}
	scored := func(s string) string { return `{"score": ` + s + `, "is_postal_code_match": false}` }
	io.WriteString(w, `{"account": {"account_id": "a", "name": "Plaid Checking", "mask": "0000", "type": "depository", "subtype": "checking",
 "balances": {"available": 100, "current": 110, "limit": null, "iso_currency_code": "USD"}, "owners": [],
 "legal_name": {"score": `+score+`, "is_business_name_detected": false}, "email_address": `+scored(score)+`, "phone_number": `+scored("null")+`, "address": `+scored("null")+`},
 "institution_id": "ins_109508", "numbers": {"ach": null}, "request_id": "abc"}`)
}

func (b *bank) count(path string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.calls[path]
}

func withBank(s *httptest.Server) func(*decision.Config) {
	return func(c *decision.Config) {
		c.Plaid = decision.Plaid{URL: s.URL, ClientID: "partner", Secret: "secret", Sandbox: c.Sandbox, Client: s.Client()}
	}
}

var ownership = header{"alloy-workflow-token", decision.OwnershipWorkflow}

type object = map[string]any

func applicant(last string) object {
	return object{
		"name_first": "Alberta", "name_last": last, "email_address": "accountholder0@example.com", "document_ssn": "123-45-6789",
		"plaid_processor_token": "processor-sandbox-0c0ffee0-0000-4000-8000-000000000001", "surprise": 12345678901234567,
	}
}

// TestEvaluations: a match, a partial match and a mismatch come to the three outcomes,
// the same on both databases, and the record alone is enough to come to them again.
func TestEvaluations(t *testing.T) {
	var mu sync.Mutex
	bytesOf := map[string][]string{} // by last name, one for each database
	t.Run("each", func(t *testing.T) {
		storetest.Each(t, func(t *testing.T, db *store.DB) {
			_, server := newBank(t)
			o := newOffice(t, db, withBank(server))
			for last, want := range map[string]string{"Charleson": "Approved", "Charles": "Manual Review", "Miller": "Denied"} {
				a := o.call("POST", "/v1/evaluations", applicant(last), ownership).ok(201)
				if a.text("summary", "outcome") != want || a.text("summary", "services", "plaid_identity_match") != "executed" || !strings.HasPrefix(a.text("evaluation_token"), "S-") {
					t.Errorf("%s: %s", last, a.Raw)
				}
				if strings.Contains(string(a.Raw), "123-45-6789") {
					t.Errorf("the SSN is in %s", a.Raw)
				}
				path := "/v1/evaluations/" + a.text("evaluation_token")
				if again := o.call("GET", path, nil).ok(201); string(again.Raw) != string(a.Raw) {
					t.Errorf("it is shown otherwise:\n%s\n%s", again.Raw, a.Raw)
				}
				o.call("PATCH", path, object{"name_last": "Other"}).ok(409)
				record := o.call("GET", path+"/record", nil).ok(200)
				verify(t, record.Raw)
				mu.Lock()
				bytesOf[last] = append(bytesOf[last], string(result(t, record.Raw)))
				mu.Unlock()
			}
			sealed(t, o, db)
			if r := o.call("POST", "/v1/workflows/"+decision.OwnershipWorkflow+"/replay", object{}).ok(200); r.at("evaluations") != 3.0 || r.at("same") != 3.0 {
				t.Errorf("%s", r.Raw)
			}
		})
	})
	for last, all := range bytesOf {
		for _, one := range all[1:] {
			if one != all[0] {
				t.Errorf("%s: the databases differ:\n%s\n%s", last, all[0], one)
			}
		}
	}
}

// sealed: nothing that was said about the applicants can be read in the database or
// in the log.
func sealed(t *testing.T, o *office, db *store.DB) {
	t.Helper()
	content, err := db.Content(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(content)
	if err != nil {
		t.Fatal(err)
	}
	for _, planted := range []string{"123-45-6789", "Charles", "accountholder0", "0c0ffee0", "Plaid Checking"} {
		if strings.Contains(string(raw), planted) || strings.Contains(o.log.String(), planted) {
			t.Errorf("%s is in the database or the log", planted)
		}
	}
}

func verify(t *testing.T, raw []byte) {
	t.Helper()
	r, err := workflow.ParseRecord(raw)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Verify(); err != nil {
		t.Error(err)
	}
}

func result(t *testing.T, record []byte) []byte {
	t.Helper()
	r, err := workflow.ParseRecord(record)
	if err != nil {
		t.Fatal(err)
	}
	return r.Result
}

// TestMissingInputs: what lacks is asked for, and a PATCH completes it.
func TestMissingInputs(t *testing.T) {
	_, server := newBank(t)
	o := newOffice(t, storetest.SQLite(t), withBank(server))
	p := o.call("GET", "/v1/parameters", nil, header{"alloy-workflow-token", decision.IdentityWorkflow}).ok(200)
	if p.text("required", 0, "key") != "name_first" || p.text("or", 0, 0, "key") != "email_address" {
		t.Errorf("%s", p.Raw)
	}
	a := o.call("POST", "/v1/evaluations", object{"name_first": "Alberta", "email_address": "a@example.com"}, ownership).ok(200)
	if a.text("required", 0, "key") != "name_last" || a.at("summary", "outcome") != nil {
		t.Errorf("%s", a.Raw)
	}
	path := "/v1/evaluations/" + a.text("evaluation_token")
	o.call("PATCH", path, object{"name_first": nil}).ok(200)
	if b := o.call("PATCH", path, applicant("Charleson")).ok(201); b.text("summary", "outcome") != "Approved" || b.text("entity_token") != a.text("entity_token") {
		t.Errorf("%s", b.Raw)
	}
	o.call("POST", "/v1/evaluations", object{"name_last": "X", "email_address": "nobody"}, ownership).ok(400)
	o.call("POST", "/v1/evaluations", object{"name_last": 3}, ownership).ok(400)
	o.call("POST", "/v1/evaluations", object{}).ok(400)
	o.call("POST", "/v1/evaluations", object{}, ownership, header{"alloy-application-version", "9"}).ok(404)
	o.call("GET", "/v1/evaluations/S-nobody", nil).ok(400)
}

// TestSources: a minor costs no call, a source that fails is 206 and can be asked
// again, answers are reused, and a key makes a request once.
func TestSources(t *testing.T) {
	b, server := newBank(t)
	o := newOffice(t, storetest.SQLite(t), withBank(server))
	minor := applicant("Charleson")
	minor["birth_date"] = "2020-01-01"
	a := o.call("POST", "/v1/evaluations", minor, header{"alloy-workflow-token", decision.IdentityWorkflow}).ok(201)
	if a.text("summary", "outcome") != "Denied" || a.text("summary", "outcome_reasons", 0, "type") != "adverse_action" || len(b.calls) != 0 {
		t.Errorf("%v calls: %s", b.calls, a.Raw)
	}
	b.refuse["/processor/identity/match"] = "INVALID_PRODUCT"
	a = o.call("POST", "/v1/evaluations", applicant("Charleson"), ownership).ok(206)
	if a.text("summary", "outcome") != "Manual Review" || a.text("warnings", "blocked_actions", 0, "blocking", "action_name") != "plaid_identity_match" ||
		a.text("formatted_responses", "plaid_identity_match", "error_code") != "INVALID_PRODUCT" {
		t.Errorf("%s", a.Raw)
	}
	delete(b.refuse, "/processor/identity/match")
	a = o.call("PATCH", "/v1/evaluations/"+a.text("evaluation_token"), object{}).ok(201)
	if a.text("summary", "outcome") != "Approved" || b.count("/processor/account/get") != 1 || b.count("/processor/identity/match") != 2 {
		t.Errorf("%v calls: %s", b.calls, a.Raw)
	}
	key := header{"Idempotency-Key", "one"}
	first := o.call("POST", "/v1/evaluations", applicant("Charleson"), ownership, key).ok(201)
	second := o.call("POST", "/v1/evaluations", applicant("Charleson"), ownership, key).ok(201)
	if string(first.Raw) != string(second.Raw) || b.count("/processor/account/get") != 2 {
		t.Errorf("%v calls:\n%s\n%s", b.calls, first.Raw, second.Raw)
	}
	o.call("POST", "/v1/evaluations", applicant("Miller"), ownership, key).ok(409)
	server.Close()
	a = o.call("POST", "/v1/evaluations", applicant("Charleson"), ownership).ok(206)
	if a.text("formatted_responses", "plaid_account", "error_code") != "UNREACHABLE" {
		t.Errorf("%s", a.Raw)
	}
}

// TestPersonas: names that decide by themselves, without a source.
func TestPersonas(t *testing.T) {
	b, server := newBank(t)
	o := newOffice(t, storetest.SQLite(t), withBank(server))
	for last, want := range map[string]string{"Approve": "Approved", "Review": "Manual Review", "Deny": "Denied"} {
		a := o.call("POST", "/v1/evaluations", applicant(last), ownership).ok(201)
		if a.text("summary", "outcome") != want || a.text("summary", "custom_fields", "sandbox_persona") != strings.ToLower(last) {
			t.Errorf("%s: %s", last, a.Raw)
		}
		verify(t, o.call("GET", "/v1/evaluations/"+a.text("evaluation_token")+"/record", nil).Raw)
	}
	if len(b.calls) != 0 {
		t.Errorf("%v", b.calls)
	}
	if a := o.call("POST", "/v1/evaluations", applicant("Partial"), ownership).ok(206); len(a.at("warnings", "blocked_actions").([]any)) == 0 {
		t.Errorf("%s", a.Raw)
	}
	o.call("POST", "/v1/evaluations", applicant("Error"), ownership).ok(500)
	o.call("POST", "/v1/evaluations", applicant("Error"), ownership).ok(201)
	meta := applicant("Approve")
	meta["meta"] = object{"sandbox_persona": "deny"}
	if a := o.call("POST", "/v1/evaluations", meta, ownership).ok(201); a.text("summary", "outcome") != "Denied" {
		t.Errorf("%s", a.Raw)
	}
	meta["meta"] = object{"sandbox_persona": "nobody"}
	o.call("POST", "/v1/evaluations", meta, ownership).ok(400)
}

// TestLiveAndSandbox: outside of a sandbox there are no workflows to begin with and no
// personas, and a request in sandbox mode reads no live data.
func TestLiveAndSandbox(t *testing.T) {
	b, server := newBank(t)
	o := newOffice(t, storetest.SQLite(t), func(c *decision.Config) { c.Sandbox = false }, withBank(server))
	o.call("GET", "/v1/parameters", nil, ownership).ok(400)
	raw, err := decision.Default(decision.OwnershipWorkflow)
	if err != nil {
		t.Fatal(err)
	}
	token := o.call("POST", "/v1/workflows", string(raw)).ok(201).text("application_token")
	mine := header{"alloy-workflow-token", token}
	o.call("POST", "/v1/evaluations", applicant("Charleson"), mine).ok(409) // nothing is live
	o.call("POST", "/v1/workflows/"+token+"/versions", nil).ok(201)
	o.call("POST", "/v1/workflows/"+token+"/versions/1/live", object{}).ok(200)
	a := o.call("POST", "/v1/evaluations", applicant("Approve"), mine).ok(201)
	if a.text("summary", "outcome") != "Denied" || !strings.HasPrefix(a.text("evaluation_token"), "L-") {
		t.Errorf("%s", a.Raw)
	}
	before := b.count("/processor/account/get")
	a = o.call("POST", "/v1/evaluations", applicant("Charleson"), mine, header{"alloy-sandbox", "true"}).ok(201)
	if a.text("summary", "outcome") != "Manual Review" || a.text("formatted_responses", "plaid_account", "error_code") != "SANDBOX_MODE" || b.count("/processor/account/get") != before {
		t.Errorf("%s", a.Raw)
	}
}

// TestSideBySide: sources that one outcome needs are asked at the same time: each
// waits for the other here.
func TestSideBySide(t *testing.T) {
	var arrived sync.WaitGroup
	arrived.Add(2)
	bank := &bank{calls: map[string]int{}, refuse: map[string]string{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/processor/account/get" {
			arrived.Done()
			arrived.Wait()
		}
		bank.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	o := newOffice(t, storetest.SQLite(t), withBank(server))
	document := `{"name": "two", "engine": 1, "inputs": [{"key": "name_last", "type": "string"}, {"key": "plaid_processor_token", "type": "string"}],
 "sources": [{"name": "plaid_auth", "cache_seconds": 60}, {"name": "plaid_balance", "cache_seconds": 60}],
 "rules": [{"id": "a", "name": "No ACH", "when": "!plaid_auth.has_ach", "on_missing": "block", "tags": ["A"]}, {"id": "b", "name": "Empty", "when": "plaid_balance.available_cents <= 0", "on_missing": "block", "tags": ["B"]}],
 "outcomes": [{"name": "Denied", "kind": "deny", "when": "tags['A'] && tags['B']"}, {"name": "Manual Review", "kind": "review", "when": "tags['A']"}],
 "default": {"name": "Approved", "kind": "approve"}, "fallback": "Manual Review"}`
	token := o.call("POST", "/v1/workflows", document).ok(201).text("application_token")
	o.call("POST", "/v1/workflows/"+token+"/versions", nil).ok(201)
	o.call("POST", "/v1/workflows/"+token+"/versions/1/live", object{}).ok(200)
	mine := header{"alloy-workflow-token", token}
	if a := o.call("POST", "/v1/evaluations", applicant("Charleson"), mine).ok(201); a.text("summary", "outcome") != "Manual Review" {
		t.Errorf("%s", a.Raw)
	}
	o.clock.Advance(59 * time.Second)
	if a := o.call("POST", "/v1/evaluations", applicant("Charleson"), mine).ok(201); a.text("summary", "services", "plaid_auth") != "cached" || bank.count("/processor/auth/get") != 1 {
		t.Errorf("%s", a.Raw)
	}
	arrived.Add(2)
	if a := o.call("POST", "/v1/evaluations", applicant("Charleson"), mine, header{"alloy-refresh-cache", "true"}).ok(201); a.text("summary", "services", "plaid_auth") != "executed" {
		t.Errorf("%s", a.Raw)
	}
}

// TestTwoAtOnce: of two changes of one evaluation at the same time one is refused or
// finds it decided, and a key that comes twice at once is one evaluation.
func TestTwoAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		_, server := newBank(t)
		o := newOffice(t, db, withBank(server))
		path := "/v1/evaluations/" + o.call("POST", "/v1/evaluations", object{"name_first": "A"}, ownership).ok(200).text("evaluation_token")
		at := func(call func() int) map[int]int {
			var wg sync.WaitGroup
			var mu sync.Mutex
			seen := map[int]int{}
			for range 4 {
				wg.Go(func() {
					status := call()
					mu.Lock()
					defer mu.Unlock()
					seen[status]++
				})
			}
			wg.Wait()
			return seen
		}
		if seen := at(func() int { return o.call("PATCH", path, applicant("Charleson")).Status }); seen[201] != 1 || seen[409] != 3 {
			t.Errorf("PATCH: %v", seen)
		}
		key := header{"Idempotency-Key", "twice"}
		var mu sync.Mutex
		tokens := map[string]bool{}
		if seen := at(func() int {
			a := o.call("POST", "/v1/evaluations", applicant("Charleson"), ownership, key)
			mu.Lock()
			defer mu.Unlock()
			tokens[a.text("evaluation_token")] = true
			return a.Status
		}); seen[201] != 4 || len(tokens) != 1 {
			t.Errorf("POST: %v, %v", seen, tokens)
		}
	})
}

// TestWorkflowLife: a draft that does not pass is refused; one that does is published,
// runs as a shadow, is tried on the past, becomes live, and the way back is the same
// step.
func TestWorkflowLife(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		_, server := newBank(t)
		o := newOffice(t, db, withBank(server))
		raw, err := decision.Default(decision.OwnershipWorkflow)
		if err != nil {
			t.Fatal(err)
		}
		for _, last := range []string{"Charleson", "Charles", "Miller"} {
			o.call("POST", "/v1/evaluations", applicant(last), ownership).ok(201)
		}
		path := "/v1/workflows/" + decision.OwnershipWorkflow
		put := func(change ...string) {
			text := strings.NewReplacer(change...).Replace(string(raw))
			o.call("PUT", path+"/draft", text).ok(200)
		}
		put("name_score < 50", "nam_score < 50")
		bad := o.call("POST", path+"/versions", nil).ok(400)
		if bad.text("error", "details", "problems", 0, "where") != "rules[2].when" {
			t.Errorf("%s", bad.Raw)
		}
		put("name_score < 50", "name_score < 65")
		bad = o.call("POST", path+"/versions", nil).ok(409)
		if bad.text("error", "details", "failures", 0, "test") != "the name agrees in part" {
			t.Errorf("%s", bad.Raw)
		}
		put("name_score < 50", "name_score < 65", `"score": 55`, `"score": 67`)
		o.call("POST", path+"/versions", nil).ok(201)
		o.call("POST", path+"/versions", nil).ok(409) // there is no draft left
		m := o.call("POST", path+"/versions/2/replay", object{}).ok(200)
		if m.at("cases") != 3.0 || m.at("same") != 2.0 || m.text("samples", 0, "would_be") != "Denied" || m.text("flips", 0, "rule") != "name-mismatch" {
			t.Errorf("%s", m.Raw)
		}
		o.call("POST", path+"/versions/2/shadow", object{}).ok(200)
		if a := o.call("POST", "/v1/evaluations", applicant("Charles"), ownership).ok(201); a.text("summary", "outcome") != "Manual Review" {
			t.Errorf("a shadow has an effect: %s", a.Raw)
		}
		if s := o.call("GET", path+"/versions/2/shadow", nil).ok(200); s.at("cases") != 1.0 || s.at("same") != 0.0 {
			t.Errorf("%s", s.Raw)
		}
		o.call("POST", path+"/versions/2/live", object{}).ok(200)
		if a := o.call("POST", "/v1/evaluations", applicant("Charles"), ownership).ok(201); a.text("summary", "outcome") != "Denied" || a.text("application_version_id") != "2" {
			t.Errorf("%s", a.Raw)
		}
		o.call("POST", path+"/versions/2/retire", object{}).ok(409)
		o.call("POST", path+"/versions/1/live", object{}).ok(200)
		o.call("POST", path+"/versions/2/retire", object{}).ok(200)
		o.call("POST", "/v1/evaluations", applicant("Charles"), ownership, header{"alloy-application-version", "2"}).ok(409)
		if r := o.call("POST", path+"/replay", object{}).ok(200); r.at("same") != 5.0 || len(r.at("different").([]any)) != 0 {
			t.Errorf("%s", r.Raw)
		}
	})
}

// TestHistoryAndPurge: earlier evaluations count, and a purge takes what they were
// decided on.
func TestHistoryAndPurge(t *testing.T) {
	_, server := newBank(t)
	o := newOffice(t, storetest.SQLite(t), withBank(server))
	in := applicant("Charleson")
	in["amount_cents"] = 5000
	underwriting := header{"alloy-workflow-token", decision.UnderwritingWorkflow}
	for i, want := range []string{"Approved", "Approved", "Approved", "Manual Review"} {
		a := o.call("POST", "/v1/evaluations", in, underwriting).ok(201)
		if a.text("summary", "outcome") != want || a.at("formatted_responses", "history", "same_account_month") != float64(i) {
			t.Errorf("%d: %s", i, a.Raw)
		}
	}
	o.clock.Advance(31 * 24 * time.Hour)
	a := o.call("POST", "/v1/evaluations", in, underwriting).ok(201)
	if a.text("summary", "outcome") != "Approved" {
		t.Errorf("%s", a.Raw)
	}
	entity := o.call("GET", "/v1/entities/"+a.text("entity_token"), nil).ok(200)
	if entity.text("evaluations", 0, "outcome") != "Approved" {
		t.Errorf("%s", entity.Raw)
	}
	o.call("DELETE", "/v1/entities/"+a.text("entity_token"), nil).ok(200)
	o.call("GET", "/v1/evaluations/"+a.text("evaluation_token"), nil).ok(409)
}

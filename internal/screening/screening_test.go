package screening_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/screening"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

const (
	program       = "prg_egdF5fGjY8fWqk"
	entityProgram = "entprg_egdF5fGjY8fWqk"
	client        = "client-1"
)

type object = map[string]any

// room is a service with its scheduler and API.
type room struct {
	*screening.Service
	api   *api.Server
	clock *clock.Clock
	sched *schedule.Scheduler
	warns []string

	mu      sync.Mutex
	notices []string
}

func start(t testing.TB, db *store.DB, change ...func(*screening.Config)) *room {
	t.Helper()
	r := &room{clock: clock.Manual(time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC))}
	v, err := vault.Open(t.Context(), db, vault.SandboxKEK(), r.clock)
	if err != nil {
		t.Fatal(err)
	}
	ids := clock.NewIDs(1, 1)
	r.sched = schedule.New(db, r.clock, ids.Fork("jobs"), nil)
	cfg := screening.Config{
		DB: db, Vault: v, Clock: r.clock, IDs: ids, Scheduler: r.sched, Sandbox: true,
		Notify: func(_ context.Context, _ *store.Tx, n screening.Notice) error {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.notices = append(r.notices, string(n.Kind)+" "+n.ScreeningID)
			return nil
		},
		Warn: func(message string, args ...any) { r.warns = append(r.warns, fmt.Sprint(message, args)) },
	}
	for _, f := range change {
		f(&cfg)
	}
	r.Service = screening.New(cfg)
	r.api = api.New(api.Config{Env: "sandbox"}, r.Endpoints())
	return r
}

// call asks an endpoint as a client and returns the answer.
func (r *room) call(t testing.TB, who, path string, in any) (object, error) {
	t.Helper()
	var out json.RawMessage
	if err := r.api.Do(t.Context(), api.Call{Caller: api.Caller{ClientID: who}}, path, in, &out); err != nil {
		return nil, err
	}
	var answer object
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatal(err)
	}
	return answer, nil
}

func (r *room) ask(t testing.TB, path string, in any) object {
	t.Helper()
	out, err := r.call(t, client, path, in)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return out
}

func (r *room) refused(t testing.TB, path string, in any, code, message string) {
	t.Helper()
	_, err := r.call(t, client, path, in)
	var e *plaid.Error
	if !errors.As(err, &e) || e.Code != code || !strings.Contains(e.Message, message) {
		t.Errorf("%s %v: %v; want %s, %q", path, in, err, code, message)
	}
}

// create makes a screening of a person.
func (r *room) create(t testing.TB, name string, terms ...object) object {
	t.Helper()
	in := object{"watchlist_program_id": program, "legal_name": name}
	for _, m := range terms {
		for k, v := range m {
			in[k] = v
		}
	}
	return r.ask(t, "/watchlist_screening/individual/create", object{"search_terms": in})
}

func (r *room) hits(t testing.TB, id any) []any {
	t.Helper()
	return r.ask(t, "/watchlist_screening/individual/hit/list", object{"watchlist_screening_id": id})["watchlist_screening_hits"].([]any)
}

func (r *room) status(t testing.TB, id any) any {
	t.Helper()
	return r.ask(t, "/watchlist_screening/individual/get", object{"watchlist_screening_id": id})["status"]
}

func (r *room) load(t testing.TB, entries ...object) object {
	t.Helper()
	return r.ask(t, "/sandbox/watchlist/load", object{"list_code": "EU_CON", "entries": append([]object{}, entries...)})
}

// later moves the clock and does what is due then.
func (r *room) later(t testing.TB, d time.Duration) {
	t.Helper()
	if _, err := r.sched.Travel(t.Context(), d); err != nil {
		t.Fatal(err)
	}
}

func (r *room) told() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.notices)
}

// TestDocumentedSubjects finds those that Plaid documents for tests, and nobody else.
func TestDocumentedSubjects(t *testing.T) {
	r := start(t, storetest.SQLite(t))
	for _, c := range []struct {
		name, born, country, document string
		want                          string
	}{
		{"Joseph Kony", "1964-09-18", "CF", "", "pending_review"},
		{"Jianshu Zhou", "1971-07-15", "CN", "E09598913", "pending_review"},
		{"Ermias Ghermay", "1980-03-21", "LY", "", "pending_review"},
		{"Leslie Knope", "1975-01-18", "US", "", "cleared"},
		{"Domingo Huang", "2026-01-05", "US", "123456789", "cleared"},
		{"Joseph Kony", "1999-09-18", "US", "", "pending_review"},
	} {
		terms := object{"date_of_birth": c.born, "country": c.country}
		if c.document != "" {
			terms["document_number"] = c.document
		}
		if got := r.create(t, c.name, terms); got["status"] != c.want {
			t.Errorf("%s: %v, want %s", c.name, got["status"], c.want)
		}
	}
	for name, country := range map[string]string{
		"Iran Mobin Electronic Development Company": "IR", "МИНСКИЙ ОТРЯД МИЛИЦИИ ОСОБОГО НАЗНАЧЕНИЯ": "BY", "Islamic Radio And Television Union": "AF",
	} {
		got := r.ask(t, "/watchlist_screening/entity/create", object{"search_terms": object{"entity_watchlist_program_id": entityProgram, "legal_name": name, "country": country}})
		if got["status"] != "pending_review" {
			t.Errorf("%s: %v", name, got["status"])
		}
	}
}

// TestRescan goes through what a changing list does to screenings.
func TestRescan(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := start(t, db)
		given, family := strings.Fields("Amber Basalt Copper Diamond Emerald Feldspar Granite Hematite"), strings.Fields("Oakwood Pinecone Quincefruit Rosebush Sycamore Thistle Umbrellatree Vineyard")
		named := func(i int) string { return given[i/8] + " " + family[i%8] }
		var ids []any
		for i := range 60 { // more than a page of the sweep
			ids = append(ids, r.create(t, named(i))["id"])
		}
		rejected := r.create(t, "Muster Beispiel")["id"]
		r.ask(t, "/watchlist_screening/individual/update", object{"watchlist_screening_id": rejected, "status": "rejected"})
		cleared := r.create(t, "Muster Beispiel")["id"]
		told := r.told()
		person := object{"source_uid": "1", "name": "Muster Beispiel", "date_of_birth": "1970"}
		if got := r.load(t, person); got["version"] != 1.0 || got["changed"] != true {
			t.Errorf("loaded %v", got)
		}
		r.later(t, time.Second)
		if r.status(t, cleared) != "pending_review" || r.told() != told+1 {
			t.Errorf("%v after the list has the name, %d webhooks", r.status(t, cleared), r.told()-told)
		}
		if got := r.hits(t, rejected); len(got) != 0 || r.status(t, rejected) != "rejected" {
			t.Errorf("a rejected screening has %d hits", len(got))
		}
		if r.status(t, ids[0]) != "cleared" {
			t.Error("somebody else is found")
		}
		if got := r.load(t, person); got["changed"] != false || got["version"] != 1.0 {
			t.Errorf("the same list is loaded again: %v", got)
		}

		// Dismissed: neither a change of the entry nor the next version brings it back.
		hit := r.hits(t, cleared)[0].(object)
		r.ask(t, "/watchlist_screening/individual/review/create", object{"watchlist_screening_id": cleared, "confirmed_hits": []any{}, "dismissed_hits": []any{hit["id"]}})
		r.ask(t, "/watchlist_screening/individual/update", object{"watchlist_screening_id": cleared, "status": "cleared"})
		told = r.told()
		r.load(t, object{"source_uid": "1", "name": "Muster Beispiel", "date_of_birth": "1971"}, object{"source_uid": "2", "name": named(0)})
		r.later(t, time.Second)
		now := r.hits(t, cleared)[0].(object)
		if r.status(t, cleared) != "cleared" || now["review_status"] != "dismissed" || fmt.Sprint(now["data"]) != fmt.Sprint(hit["data"]) {
			t.Errorf("a dismissed hit comes back: %v, %v", r.status(t, cleared), now)
		}
		if r.status(t, ids[0]) != "pending_review" || r.told() != told+1 {
			t.Errorf("%v, %d webhooks after the second version", r.status(t, ids[0]), r.told()-told)
		}

		// The last page of the sweep is searched for, too.
		r.load(t, object{"source_uid": "3", "name": named(59)})
		r.later(t, time.Second)
		if r.status(t, ids[59]) != "pending_review" {
			t.Error("the last page was not searched for")
		}
		if got := r.hits(t, ids[0]); len(got) == 0 || got[0].(object)["inactive_since"] == nil {
			t.Errorf("an entry that the list has no more is not inactive: %v", got)
		}
	})
}

// TestProgram changes what is found.
func TestProgram(t *testing.T) {
	r := start(t, storetest.SQLite(t))
	made := r.ask(t, "/sandbox/watchlist/program/set", object{"name": "Exact", "name_sensitivity": "exact", "lists_enabled": []string{"US_SDN"}, "is_rescanning_enabled": false})
	exact := made["id"]
	if !strings.HasPrefix(exact.(string), "prg_") || made["audit_trail"].(object)["source"] != "dashboard" {
		t.Errorf("made %v", made)
	}
	near := r.create(t, "Joseph Koni", object{"watchlist_program_id": exact})["id"]
	far := r.create(t, "Ermias Ghermay", object{"watchlist_program_id": exact})["id"] // on a list that is not searched
	if r.status(t, near) != "cleared" || r.status(t, far) != "cleared" {
		t.Error("a program finds what it must not")
	}
	r.ask(t, "/sandbox/watchlist/program/set", object{"watchlist_program_id": exact, "name_sensitivity": "coarse"})
	r.later(t, time.Second)
	if r.status(t, near) != "cleared" {
		t.Error("a program that does not rescan has found somebody")
	}
	r.ask(t, "/sandbox/watchlist/program/set", object{"watchlist_program_id": exact, "is_rescanning_enabled": true, "lists_enabled": []string{"US_SDN", "IZ_UNC"}})
	r.later(t, time.Second)
	if r.status(t, near) != "pending_review" || r.status(t, far) != "pending_review" {
		t.Error("a program that rescans has found nobody")
	}
	got := r.ask(t, "/watchlist_screening/individual/program/list", object{})["watchlist_programs"].([]any)
	if len(got) != 2 || got[0].(object)["id"] != program || got[1].(object)["name_sensitivity"] != "coarse" {
		t.Errorf("programs %v", got)
	}
	r.ask(t, "/sandbox/watchlist/program/set", object{"watchlist_program_id": exact, "is_archived": true})
	r.refused(t, "/watchlist_screening/individual/create", object{"search_terms": object{"watchlist_program_id": exact, "legal_name": "X"}}, "INVALID_FIELD", "not archived")
	r.refused(t, "/watchlist_screening/individual/update", object{"watchlist_screening_id": r.create(t, "Y")["id"], "search_terms": object{"watchlist_program_id": exact}}, "INVALID_FIELD", "not archived")
	r.refused(t, "/watchlist_screening/individual/program/get", object{"watchlist_program_id": entityProgram}, "NOT_FOUND", "program")
	r.refused(t, "/watchlist_screening/entity/program/get", object{"entity_watchlist_program_id": program}, "NOT_FOUND", "program")
	if _, err := r.call(t, "client-2", "/watchlist_screening/individual/program/get", object{"watchlist_program_id": exact}); err == nil {
		t.Error("another client reads the program")
	}
	// Another program: one's own hits go, the other's come.
	moved := r.ask(t, "/watchlist_screening/individual/update", object{"watchlist_screening_id": near, "search_terms": object{"watchlist_program_id": program, "legal_name": "Leslie Knope"}})
	if moved["status"] != "cleared" || moved["search_terms"].(object)["version"] != 2.0 {
		t.Errorf("moved %v", moved)
	}
	if h := r.hits(t, near)[0].(object); h["historical_since"] == nil || h["inactive_since"] != nil {
		t.Errorf("a hit that no longer fits: %v", h)
	}
}

// TestChanges keeps the history and the rules of updates and reviews.
func TestChanges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := start(t, db)
		sc := r.create(t, "Joseph Kony")
		id := sc["id"]
		hit := r.hits(t, id)[0].(object)["id"]
		update := func(in object) object {
			in["watchlist_screening_id"] = id
			return r.ask(t, "/watchlist_screening/individual/update", in)
		}
		same := update(object{"search_terms": object{"legal_name": "Joseph Kony"}})
		if same["search_terms"].(object)["version"] != 1.0 || r.told() != 0 {
			t.Errorf("nothing has changed, and yet: %v", same)
		}
		update(object{"assignee": "54350110fedcbaf01234ffee"})
		update(object{"client_user_id": "person-9", "reset_fields": []string{"assignee"}})
		if got := update(object{"status": "cleared"}); got["assignee"] != nil || got["client_user_id"] != "person-9" || got["status"] != "cleared" || r.told() != 1 {
			t.Errorf("%v, %d webhooks", got, r.told())
		}
		history := r.ask(t, "/watchlist_screening/individual/history/list", object{"watchlist_screening_id": id})["watchlist_screenings"].([]any)
		if len(history) != 3 || history[1].(object)["assignee"] != "54350110fedcbaf01234ffee" || history[2].(object)["assignee"] != nil || history[2].(object)["status"] != "pending_review" {
			t.Errorf("history %v", history)
		}
		review := func(in object) object {
			in["watchlist_screening_id"] = id
			for _, f := range []string{"confirmed_hits", "dismissed_hits"} {
				if in[f] == nil {
					in[f] = []any{}
				}
			}
			return in
		}
		const path = "/watchlist_screening/individual/review/create"
		r.ask(t, path, review(object{"confirmed_hits": []any{hit}}))
		r.ask(t, path, review(object{"dismissed_hits": []any{hit}, "comment": "on second thoughts"}))
		if got := r.hits(t, id)[0].(object)["review_status"]; got != "dismissed" {
			t.Errorf("the later review does not count: %v", got)
		}
		if r.status(t, id) != "cleared" {
			t.Error("a review has changed the status")
		}
		r.refused(t, path, review(object{}), "INVALID_FIELD", "comment must be filled")
		r.refused(t, path, review(object{"confirmed_hits": []any{hit}, "dismissed_hits": []any{hit}}), "INVALID_FIELD", "the same hit")
		other := r.hits(t, r.create(t, "Joseph Kony")["id"])[0].(object)["id"]
		r.refused(t, path, review(object{"confirmed_hits": []any{hit, other}}), "INVALID_FIELD", "hits of the screening")
		if got := r.hits(t, id)[0].(object)["review_status"]; got != "dismissed" {
			t.Errorf("half a review is kept: %v", got)
		}
		reviews := r.ask(t, "/watchlist_screening/individual/review/list", object{"watchlist_screening_id": id})["watchlist_screening_reviews"].([]any)
		if len(reviews) != 2 || reviews[0].(object)["comment"] != "on second thoughts" {
			t.Errorf("reviews %v", reviews)
		}
	})
}

// TestAtTheSameTime changes one screening from all sides.
func TestAtTheSameTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := start(t, db)
		id := r.create(t, "Leslie Knope")["id"]
		const each = 4
		var all sync.WaitGroup
		for i := range each {
			all.Go(func() {
				_, err := r.call(t, client, "/watchlist_screening/individual/update", object{"watchlist_screening_id": id, "search_terms": object{"legal_name": fmt.Sprintf("Leslie Knope%c", 'a'+i)}})
				if err != nil {
					t.Error(err)
				}
			})
			all.Go(func() {
				if _, hit, err := r.Screen(t.Context(), screening.Subject{ClientID: client, ProgramID: program, Origin: "idv_1", Terms: screening.Terms{Name: "Joseph Kony"}}); err != nil || !hit {
					t.Errorf("hit %t, %v", hit, err)
				}
			})
		}
		all.Wait()
		got := r.ask(t, "/watchlist_screening/individual/get", object{"watchlist_screening_id": id})
		history := r.ask(t, "/watchlist_screening/individual/history/list", object{"watchlist_screening_id": id})["watchlist_screenings"].([]any)
		if got["search_terms"].(object)["version"] != 1.0+each || len(history) != each {
			t.Errorf("version %v, %d changes", got["search_terms"], len(history))
		}
		page := r.ask(t, "/watchlist_screening/individual/list", object{"watchlist_program_id": program})["watchlist_screenings"].([]any)
		if len(page) != 2 || page[0].(object)["audit_trail"].(object)["source"] != "link" && page[1].(object)["audit_trail"].(object)["source"] != "link" {
			t.Errorf("one attempt has made %d screenings", len(page)-1)
		}
	})
}

// TestNodesLoadTheSameLists at the same moment, as they do when they start together.
func TestNodesLoadTheSameLists(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var nodes []*room
		for i := range 3 {
			nodes = append(nodes, start(t, db, func(c *screening.Config) { c.IDs = clock.NewIDs(1, uint64(i)+2) }))
		}
		var all sync.WaitGroup
		for _, r := range nodes {
			all.Go(func() {
				if _, err := r.call(t, client, "/sandbox/watchlist/load", object{"list_code": "EU_CON", "entries": []object{{"source_uid": "1", "name": "Muster Beispiel"}}}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		lists := nodes[0].ask(t, "/sandbox/watchlist/list", object{})["lists"].([]any)
		if len(lists) != 1 || lists[0].(object)["version"] != 1.0 || lists[0].(object)["entries"] != 1.0 {
			t.Errorf("lists %v", lists)
		}
		for i, r := range nodes {
			if got := r.create(t, "Muster Beispiel"); got["status"] != "pending_review" {
				t.Errorf("node %d does not see the list", i)
			}
		}
	})
}

// TestPages lists more than a page, each screening once, the newest first.
func TestPages(t *testing.T) {
	r := start(t, storetest.SQLite(t))
	for i := range 60 {
		r.ask(t, "/watchlist_screening/individual/create", object{"search_terms": object{"watchlist_program_id": program, "legal_name": "Leslie Knope"}, "client_user_id": fmt.Sprintf("person-%d", i%2)})
	}
	for filter, want := range map[string]int{"": 60, "person-1": 30, "person-2": 0} {
		in := object{"watchlist_program_id": program}
		if filter != "" {
			in["client_user_id"] = filter
		}
		seen := map[any]bool{}
		for pages := 0; ; pages++ {
			out := r.ask(t, "/watchlist_screening/individual/list", in)
			for _, sc := range out["watchlist_screenings"].([]any) {
				seen[sc.(object)["id"]] = true
			}
			if in["cursor"] = out["next_cursor"]; in["cursor"] == nil {
				break
			}
			if pages > 5 {
				t.Fatal("the pages do not end")
			}
		}
		if len(seen) != want {
			t.Errorf("%q: %d screenings, want %d", filter, len(seen), want)
		}
	}
	for _, status := range []string{"cleared", "rejected"} {
		out := r.ask(t, "/watchlist_screening/individual/list", object{"watchlist_program_id": program, "status": status})
		if n := len(out["watchlist_screenings"].([]any)); (n > 0) != (status == "cleared") {
			t.Errorf("%d are %s", n, status)
		}
	}
	r.refused(t, "/watchlist_screening/individual/list", object{"watchlist_program_id": program, "cursor": "x"}, "INVALID_FIELD", "cursor")
	r.refused(t, "/watchlist_screening/individual/list", object{"watchlist_program_id": "prg_2eRPsDnL66rZ7H"}, "NOT_FOUND", "program")
}

// TestBadInput refuses each term that is not as it must be, without repeating it.
func TestBadInput(t *testing.T) {
	r := start(t, storetest.SQLite(t))
	long := strings.Repeat("x", 101)
	for field, bad := range map[string][]any{
		"legal_name":      {"", " ", "12345", " Leslie", "Leslie ", long, "😀", "Les\x00lie"},
		"date_of_birth":   {"", "1975", "1975-1-18", "1975-02-30", "18-01-1975", "2026-01-07", "1899-12-31", "1975-01-18T00:00:00Z", "９９９９-01-01"},
		"document_number": {"", "123", " 1234", "1234 ", strings.Repeat("1", 33)},
		"country":         {"", "us", "USA", "XX", "U", "🇺🇸"},
	} {
		for _, value := range bad {
			terms := object{"watchlist_program_id": program, "legal_name": "Leslie Knope"}
			terms[field] = value
			r.refused(t, "/watchlist_screening/individual/create", object{"search_terms": terms}, "INVALID_FIELD", "search_terms."+field+" must")
		}
	}
	for field, bad := range map[string][]any{
		"email_address": {"", "x", "x@y", "a b@example.com", "@example.com", "x@" + strings.Repeat("y", 300) + ".com"},
		"phone_number":  {"", "2025550123", "+1 202 555 0123", "+0123456", "+" + strings.Repeat("1", 16)},
		"url":           {"", "example.com", "ftp://example.com", "javascript:alert(1)", "https://", "http:// x"},
	} {
		for _, value := range bad {
			terms := object{"entity_watchlist_program_id": entityProgram, "legal_name": "Specimen", field: value}
			r.refused(t, "/watchlist_screening/entity/create", object{"search_terms": terms}, "INVALID_FIELD", "search_terms."+field+" must")
		}
	}
	create := "/watchlist_screening/individual/create"
	r.refused(t, create, object{}, "MISSING_FIELDS", "search_terms")
	r.refused(t, create, object{"search_terms": object{}}, "MISSING_FIELDS", "search_terms.legal_name")
	r.refused(t, create, object{"search_terms": object{"watchlist_program_id": "prg_x", "legal_name": "X"}}, "NOT_FOUND", "program")
	r.refused(t, create, object{"search_terms": object{"watchlist_program_id": program, "legal_name": "X"}, "client_user_id": "x@example.com"}, "INVALID_FIELD", "client_user_id")
	id := r.create(t, "Leslie Knope")["id"]
	update := "/watchlist_screening/individual/update"
	r.refused(t, update, object{"watchlist_screening_id": id, "search_terms": object{"legal_name": "X"}, "status": "cleared"}, "INVALID_FIELD", "search_terms and status")
	r.refused(t, update, object{"watchlist_screening_id": id, "reset_fields": []string{"status"}}, "INVALID_FIELD", "reset_fields")
	r.refused(t, update, object{"watchlist_screening_id": id, "assignee": "x", "reset_fields": []string{"assignee"}}, "INVALID_FIELD", "assignee")
	r.refused(t, update, object{"watchlist_screening_id": id, "status": "approved"}, "INVALID_FIELD", "status")
	for _, path := range []string{"get", "update", "history/list", "hit/list", "review/list"} {
		if _, err := r.call(t, "client-2", "/watchlist_screening/individual/"+path, object{"watchlist_screening_id": id}); !errors.Is(err, plaid.NotFound) {
			t.Errorf("another client's %s: %v", path, err)
		}
		r.refused(t, "/watchlist_screening/entity/"+path, object{"entity_watchlist_screening_id": id}, "NOT_FOUND", "screening")
	}
	load := "/sandbox/watchlist/load"
	r.refused(t, load, object{}, "INVALID_FIELD", "exactly one")
	r.refused(t, load, object{"list_code": "XX_YYY", "entries": []any{}}, "INVALID_FIELD", "list_code")
	r.refused(t, load, object{"content": "<!DOCTYPE x><sdnList/>"}, "INVALID_FIELD", "line 1: a document type declaration is refused")
	entry := object{"source_uid": "1", "name": "X"}
	r.refused(t, load, object{"list_code": "EU_CON", "entries": []any{entry, entry}}, "INVALID_FIELD", "entries[1].source_uid")
	r.refused(t, load, object{"list_code": "EU_CON", "entries": []any{object{"source_uid": "1", "name": "X", "date_of_birth": "soon"}}}, "INVALID_FIELD", "entries[0].date_of_birth")
	set := "/sandbox/watchlist/program/set"
	r.refused(t, set, object{"lists_enabled": []string{"IZ_SOE"}}, "INVALID_FIELD", "lists_enabled")
	r.refused(t, set, object{"lists_enabled": []string{"US_SDN", "US_SDN"}}, "INVALID_FIELD", "once")
	r.refused(t, set, object{"name": ""}, "INVALID_FIELD", "name")
	r.refused(t, set, object{"watchlist_program_id": program, "kind": "entity"}, "INVALID_FIELD", "kind")
	r.refused(t, set, object{"watchlist_program_id": "prg_x"}, "NOT_FOUND", "program")
}

// TestDirectory reads lists and programs from files, again each day, and leaves a list
// as it was where a file cannot be used.
func TestDirectory(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	specimen := func(from, to string) {
		t.Helper()
		raw, err := os.ReadFile(filepath.Join("list", "testdata", from))
		if err != nil {
			t.Fatal(err)
		}
		write(to, string(raw))
	}
	specimen("sdn.csv", "sdn.csv")
	specimen("alt.csv", "alt.csv")
	specimen("un.xml", "consolidated.xml")
	specimen("sdn.xml", "US_FSE.xml")
	write("notes.txt", "not a list")
	write("programs.json", `[{"watchlist_program_id": "prg_Production1", "kind": "individual", "name": "All", "name_sensitivity": "strict", "lists_enabled": ["US_SDN", "IZ_UNC", "US_FSE"], "is_rescanning_enabled": true, "is_archived": false}]`)
	db := storetest.SQLite(t)
	production := func(c *screening.Config) { c.Sandbox, c.Dir = false, dir }
	r := start(t, db, production)
	if err := r.Start(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	screen := func(name string) any {
		t.Helper()
		return r.create(t, name, object{"watchlist_program_id": "prg_Production1"})["id"]
	}
	for name, want := range map[string]int{"Muster Probemann": 3, "Joseph Kony": 0, "Образец Тестовый": 1} {
		if got := r.hits(t, screen(name)); len(got) != want {
			t.Errorf("%s: %d hits, want %d", name, len(got), want)
		}
	}
	if _, err := r.call(t, client, "/watchlist_screening/individual/program/get", object{"watchlist_program_id": program}); err == nil {
		t.Error("production has the sandbox's program")
	}
	later := screen("Tomorrow Specimen")
	r.later(t, time.Second)
	write("US_FSE.xml", `<sdnList><sdnEntry><uid>1</uid><firstName>Tomorrow</firstName><lastName>SPECIMEN</lastName><sdnType>Individual</sdnType></sdnEntry></sdnList>`)
	r.later(t, 25*time.Hour)
	if r.status(t, later) != "pending_review" {
		t.Error("the list of the next day was not read")
	}
	write("US_FSE.xml", "<sdnList><sdnEntry>")
	r.later(t, 25*time.Hour)
	if len(r.warns) != 1 || !strings.Contains(r.warns[0], "US_FSE.xml: line 1") {
		t.Errorf("warnings %v", r.warns)
	}
	if got := r.hits(t, screen("Tomorrow Specimen")); len(got) != 1 {
		t.Error("a file that cannot be used has changed the list")
	}
	for name, c := range map[string]struct{ file, text, want string }{
		"a bad list":           {"US_FSE.xml", "<sdnList/>", "US_FSE.xml: line 1: the file has no entry"},
		"two of one list":      {"US_SDN.xml", `<sdnList><sdnEntry><uid>1</uid><lastName>X</lastName></sdnEntry></sdnList>`, "are both of list US_SDN"},
		"a bad program":        {"programs.json", `[{"name": "x"}]`, "program 1: kind"},
		"a program without id": {"programs.json", `[{"kind": "entity", "name": "x", "name_sensitivity": "exact"}]`, "entprg_"},
		"an unknown member":    {"programs.json", `[{"sensitivity": "x"}]`, "unknown field"},
	} {
		t.Run(name, func(t *testing.T) {
			other := t.TempDir()
			for _, f := range []string{"sdn.csv"} {
				raw, err := os.ReadFile(filepath.Join(dir, f))
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(other, f), raw, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.WriteFile(filepath.Join(other, c.file), []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			r := start(t, storetest.SQLite(t), production, func(cfg *screening.Config) { cfg.Dir = other })
			if err := r.Start(t.Context(), client); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

package screening_test

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/screening"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

const attempt = "idv_attempt"

// wanted screens somebody with two hits, as Identity Verification does.
func wanted(t testing.TB, r *room, origin string) *screening.Screening {
	t.Helper()
	id, hit, err := r.Screen(t.Context(), screening.Subject{
		ClientID: client, ClientUserID: "u", ProgramID: program, Origin: origin, Terms: screening.Terms{Name: "Joseph Kony", BirthDate: "1964-09-18", Country: "UG"},
	})
	if err != nil || !hit {
		t.Fatal(id, hit, err)
	}
	sc, err := r.Of(t.Context(), client, id)
	if err != nil {
		t.Fatal(err)
	}
	return sc
}

func twoHits(t testing.TB, r *room) {
	t.Helper()
	r.ask(t, "/sandbox/watchlist/load", object{"list_code": "EU_CON", "entries": []object{{"source_uid": "1", "name": "Joseph Koni"}}})
}

func open(t testing.TB, r *room, sc *screening.Screening) []*screening.Hit {
	t.Helper()
	hits, err := r.Undecided(t.Context(), sc, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	return hits
}

// TestVerdicts: a screening is cleared with its last hit, and rejected with the first
// that is the person; the review says who decided.
func TestVerdicts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := start(t, db)
		twoHits(t, r)
		sc := wanted(t, r, attempt)
		hits := open(t, r, sc)
		if len(hits) != 2 || !hits[0].Open() {
			t.Fatal(hits)
		}
		say := func(hit string, same bool) (*screening.Screening, error) {
			return r.Decide(t.Context(), client, sc.ID, screening.Verdict{By: client, Hit: hit, Same: same, Comment: "Born elsewhere."})
		}
		if after, err := say(hits[0].ID, false); err != nil || after.Status != screening.PendingReview || len(r.notices) != 0 {
			t.Error("one of two:", after.Status, err, r.notices)
		}
		if _, err := say(hits[0].ID, true); !errors.Is(err, screening.ErrDecided) {
			t.Error("the same hit again:", err)
		}
		if _, err := say("scrhit_nobody", true); !errors.As(err, new(*plaid.Error)) {
			t.Error("a hit of nobody:", err)
		}
		if after, err := say(hits[1].ID, false); err != nil || after.Status != screening.Cleared || len(r.notices) != 1 {
			t.Error("the last:", after.Status, err, r.notices)
		}
		if _, err := say("", true); !errors.Is(err, screening.ErrDecided) {
			t.Error("a screening that is cleared:", err)
		}
		reviews, err := r.Reviews(t.Context(), sc, 10)
		if err != nil || len(reviews) != 2 || reviews[0].By != client || reviews[0].Audit.Source != "dashboard" || *reviews[0].Comment != "Born elsewhere." || reviews[1].Dismissed[0] != hits[0].ID {
			t.Errorf("reviews %+v %v", reviews, err)
		}
		if undecided, decided, err := r.Tally(t.Context(), sc); undecided != 0 || decided != 2 || err != nil {
			t.Error(undecided, decided, err)
		}

		sc = wanted(t, r, "idv_other")
		hits = open(t, r, sc)
		if after, err := say(hits[1].ID, true); err != nil || after.Status != screening.Rejected {
			t.Error("the person:", after.Status, err)
		}
		if left, err := r.Decided(t.Context(), sc, 10); err != nil || len(left) != 1 || left[0].Review != screening.HitConfirmed || len(open(t, r, sc)) != 1 {
			t.Error(left, err)
		}
		for _, same := range []bool{true, false} {
			sc = wanted(t, r, "idv_whole "+map[bool]string{true: "same", false: "other"}[same])
			after, err := say("", same)
			if err != nil || (after.Status == screening.Rejected) != same || (after.Status == screening.Cleared) == same {
				t.Error("as a whole:", after, err)
			}
		}
		if _, err := r.Of(t.Context(), "another", sc.ID); !errors.Is(err, screening.ErrUnknown) {
			t.Error("another client:", err)
		}
		if _, err := r.Decide(t.Context(), "another", sc.ID, screening.Verdict{}); !errors.Is(err, screening.ErrUnknown) {
			t.Error("another client:", err)
		}
	})
}

// TestVerdictsAtOnce: of two reviewers of a hit one is told that it is decided; those of
// two hits do not pass each other.
func TestVerdictsAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := start(t, db)
		twoHits(t, r)
		sc := wanted(t, r, attempt)
		hits := open(t, r, sc)
		var all sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			all.Go(func() {
				_, errs[i] = r.Decide(t.Context(), client, sc.ID, screening.Verdict{By: client, Hit: hits[i%2].ID, Comment: "No."})
			})
		}
		all.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if !errors.Is(err, screening.ErrDecided) {
				t.Error(err)
			}
		}
		sc, err := r.Of(t.Context(), client, sc.ID)
		if reviews, failed := r.Reviews(t.Context(), sc, 10); err != nil || failed != nil || won != 2 || len(reviews) != 2 || sc.Status != screening.Cleared {
			t.Error(won, len(reviews), sc, err, failed)
		}
	})
}

// TestRedact: nothing that says who the person is stays, and nobody looks for them.
func TestRedact(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := start(t, db)
		sc := wanted(t, r, attempt)
		r.ask(t, "/watchlist_screening/individual/update", object{"watchlist_screening_id": sc.ID, "assignee": "54350110fedcbaf01234ffee"})
		hit := open(t, r, sc)[0]
		if _, err := r.Decide(t.Context(), client, sc.ID, screening.Verdict{By: client, Hit: hit.ID, Same: true, Comment: "It is Joseph."}); err != nil {
			t.Fatal(err)
		}
		for range 2 { // twice is as good
			if err := db.Write(t.Context(), func(tx *store.Tx) error { return r.Redact(t.Context(), tx, client, attempt) }); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Write(t.Context(), func(tx *store.Tx) error { return r.Redact(t.Context(), tx, client, "idv_nobody") }); err != nil {
			t.Fatal(err)
		}
		id := object{"watchlist_screening_id": sc.ID}
		got := r.ask(t, "/watchlist_screening/individual/get", id)
		terms := got["search_terms"].(object)
		if got["status"] != "rejected" || terms["legal_name"] != "" || terms["date_of_birth"] != nil || terms["country"] != nil {
			t.Errorf("screening %v", got)
		}
		for _, path := range []string{"get", "history/list", "hit/list", "review/list"} {
			out := r.ask(t, "/watchlist_screening/individual/"+path, id)
			if s := string(mustJSON(t, out)); strings.Contains(s, "Kony") || strings.Contains(s, "Joseph") || strings.Contains(s, "1964") {
				t.Errorf("%s still says who it is: %s", path, s)
			}
		}
		reviews, err := r.Reviews(t.Context(), sc, 5)
		if err != nil || len(reviews) != 1 || reviews[0].Confirmed[0] != hit.ID || reviews[0].Comment != nil {
			t.Errorf("reviews %+v %v", reviews, err)
		}
		r.refused(t, "/watchlist_screening/individual/update", object{"watchlist_screening_id": sc.ID, "search_terms": object{"legal_name": "Joseph Kony"}}, "INVALID_FIELD", "was removed")
		r.ask(t, "/watchlist_screening/individual/update", object{"watchlist_screening_id": sc.ID, "status": "pending_review"})
		r.ask(t, "/sandbox/watchlist/load", object{"list_code": "EU_CON", "entries": []object{{"source_uid": "7", "name": "Joseph Kony"}}})
		r.clock.Advance(2 * time.Second)
		if _, err := r.sched.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if hits := open(t, r, sc); len(hits) != 0 {
			t.Errorf("a rescan finds %+v", hits)
		}
	})
}

func mustJSON(t testing.TB, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

package link_test

import (
	"fmt"
	"strings"
	"testing"
)

// An answer that never reached the browser took its events with it; the next one
// brings them.
func TestEventsOfALostAnswerComeWithTheNext(t *testing.T) {
	_, f := newFrame(t)
	_, r := ask(t, f, "open", `{"link_token":"`+theToken+`"}`)
	session := r.Session
	step := func(seq, seen int, rest string) (names string, last int64) {
		t.Helper()
		_, r := ask(t, f, "step", fmt.Sprintf(`{"session":%q,"seq":%d,"seen":%d,%s}`, session, seq, seen, rest))
		var list []string
		for _, e := range r.Events {
			list = append(list, e.Name)
		}
		return strings.Join(list, " "), r.Seen
	}
	expect := func(names string, last int64, wantNames string, wantLast int64) {
		t.Helper()
		if names != wantNames || last != wantLast {
			t.Errorf("%q up to %d, want %q up to %d", names, last, wantNames, wantLast)
		}
	}
	if r.Seen != 1 {
		t.Errorf("after open: %d", r.Seen)
	}
	names, last := step(1, 1, `"action":"submit"`)
	expect(names, last, "TRANSITION_VIEW", 2)
	names, last = step(1, 1, `"action":"submit"`) // the answer was lost: the same step again
	expect(names, last, "TRANSITION_VIEW", 2)
	names, last = step(1, 2, `"action":"submit"`) // it was not: nothing twice
	expect(names, last, "", 2)
	step(2, 2, `"action":"search","value":"toy"`) // lost as well
	names, last = step(2, 2, `"action":"pick","value":"ins_1"`)
	expect(names, last, "SEARCH_INSTITUTION SELECT_INSTITUTION TRANSITION_VIEW", 5)
	for _, nonsense := range []int{-1, 99} {
		names, last = step(2, nonsense, `"action":"pick","value":"ins_1"`)
		expect(names, last, "", 5)
	}
	// The last word of a session is told again as well.
	ask(t, f, "exit", `{"session":"`+session+`","force":true,"seen":5}`)
	_, r = ask(t, f, "exit", `{"session":"`+session+`","force":true,"seen":3}`)
	if len(r.Events) != 3 || r.Events[2].Name != "EXIT" || r.Done == nil || r.Seen != 6 {
		t.Errorf("after the end: %+v", r)
	}
}

// Old pages call open(institution_id) with whatever they have.
func TestOpenIgnoresWhatIsNoInstitution(t *testing.T) {
	_, f := newFrame(t)
	code, r := ask(t, f, "open", `{"link_token":"`+theToken+`","institution_id":"`+strings.Repeat("x", 5000)+`"}`)
	if code != 200 || r.Pane == nil {
		t.Errorf("%d %+v", code, r)
	}
}

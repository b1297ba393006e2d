package workflow

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawn is a case of workflow ownership with whatever its sources may have said.
func drawn(t *rapid.T) Case {
	c := Case{Input: person(), Now: day, Responses: map[string]Response{}}
	if rapid.Bool().Draw(t, "no birth date") {
		delete(c.Input, "birth_date")
	} else {
		c.Input["birth_date"] = rapid.SampledFrom([]string{"1990-01-31", "2015-01-01", "2008-11-22", "2008-11-23"}).Draw(t, "birth date")
	}
	score := rapid.OneOf(rapid.Just("null"), rapid.StringMatching(`100|[1-9]?[0-9]`)).Draw(t, "score")
	bodies := map[string]Response{
		PlaidAccount:       accountOf(rapid.SampledFrom([]string{"checking", "savings", "cd"}).Draw(t, "subtype")),
		PlaidIdentityMatch: matched(score),
	}
	for _, name := range []string{PlaidAccount, PlaidIdentityMatch} {
		switch rapid.IntRange(0, 4).Draw(t, name) {
		case 0: // not asked
		case 1:
			c.Responses[name] = Response{Status: Failed, ErrorCode: "TIMEOUT"}
		case 2:
			c.Responses[name] = Response{Status: NotExecuted, ErrorCode: "NO_TOKEN"}
		default:
			c.Responses[name] = bodies[name]
		}
	}
	return c
}

// TestWhateverTheSourcesSay: nothing is approved on a failure or on missing data, what
// is needed was not asked yet, the outcome is one of the document's, the same case
// gives the same bytes also after a way through JSON, and asking ends.
func TestWhateverTheSourcesSay(t *testing.T) {
	v := compiled(t, ownership)
	rapid.Check(t, func(t *rapid.T) {
		c := drawn(t)
		r := v.Decide(c)
		failed := slices.ContainsFunc([]string{PlaidAccount, PlaidIdentityMatch}, func(name string) bool {
			return c.Responses[name].Status == Failed
		})
		if r.Kind == Approve && (failed || r.Status != Decided || len(r.Tags) > 0 || len(c.Responses) < 2) {
			t.Fatalf("approved: %+v", r)
		}
		if (r.Status == SourcesNeeded) != (len(r.Needs) > 0) || (r.Outcome == "") != (r.Status == SourcesNeeded) {
			t.Fatalf("%s %q needs %q", r.Status, r.Outcome, r.Needs)
		}
		for _, name := range r.Needs {
			if _, asked := c.Responses[name]; asked {
				t.Fatalf("%s is asked twice", name)
			}
		}
		raw, err := r.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(Record{Case: c})
		if err != nil {
			t.Fatal(err)
		}
		record, err := ParseRecord(text)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := v.Decide(record.Case).Bytes(); err != nil || !bytes.Equal(raw, again) {
			t.Fatalf("%v:\n%s\n%s", err, raw, again)
		}
		for rounds := 0; r.Status == SourcesNeeded; rounds++ {
			if rounds > 2 {
				t.Fatal("there is no end to it")
			}
			for _, name := range r.Needs {
				c.Responses[name] = Response{Status: Failed, ErrorCode: "TIMEOUT"}
			}
			r = v.Decide(c)
		}
	})
}

// FuzzDocument: whatever a document has in it, it is refused or it decides.
func FuzzDocument(f *testing.F) {
	f.Add(ownership)
	for _, when := range []string{"true", "input.name_last.matches('a+')", "[1, 2].exists(x, x > 1)", "size(input.name_last) / 0 == 1", "today > '2026'"} {
		f.Add(strings.Replace(ownership, "plaid_identity_match.name_score < 50", when, 1))
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := Parse([]byte(text))
		if err != nil {
			return
		}
		v, err := Compile(d)
		if err != nil {
			return
		}
		c := Case{Input: person(), Now: day}
		if _, err := v.Decide(c).Bytes(); err != nil {
			t.Fatal(err)
		}
		v.Explain(c)
		v.Test()
	})
}

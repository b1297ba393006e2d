package workflow

import (
	"fmt"
	"slices"
	"time"
)

// Failure is a test of a document that its version does not pass.
type Failure struct {
	Test    string `json:"test"`
	Message string `json:"message"`
}

// Test runs the document's own tests and returns those that fail. A version that
// fails one is not published.
func (v *Version) Test() []Failure {
	var failures []Failure
	for i := range v.Document.Tests {
		t := &v.Document.Tests[i]
		day, err := time.Parse(civil, t.Today)
		if err != nil {
			failures = append(failures, Failure{t.Name, err.Error()}) // Compile refuses it
			continue
		}
		r := v.Decide(Case{Input: t.Input, Responses: t.Responses, Now: day})
		if message := t.Expect.check(r); message != "" {
			failures = append(failures, Failure{t.Name, message})
		}
	}
	return failures
}

// check says how a result is not what was expected.
func (e *Expect) check(r *Result) string {
	switch {
	case e.Status != "" && r.Status != e.Status:
		return fmt.Sprintf("the status is %s and not %s", r.Status, e.Status)
	case e.Outcome != "" && r.Outcome != e.Outcome:
		return fmt.Sprintf("the outcome is %q and not %q", r.Outcome, e.Outcome)
	case e.Score != nil && r.Score != *e.Score:
		return fmt.Sprintf("the score is %d and not %d", r.Score, *e.Score)
	case e.Tags != nil && !sameSet(e.Tags, r.Tags):
		return fmt.Sprintf("the tags are %q and not %q", r.Tags, e.Tags)
	case e.Needs != nil && !sameSet(e.Needs, r.Needs):
		return fmt.Sprintf("it needs %q and not %q", r.Needs, e.Needs)
	}
	return ""
}

func sameSet(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

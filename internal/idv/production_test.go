package idv

import (
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/idv/document"
	"github.com/glencheck-dev/glencheck/internal/idv/photo"
)

// TestProductionTakesNoSpecimens: the passport that passes in a sandbox fails in
// production, whatever the template says.
func TestProductionTakesNoSpecimens(t *testing.T) {
	if testing.Short() {
		t.Skip("pictures that are read")
	}
	c := clock.Manual(time.Date(2026, time.November, 22, 9, 0, 0, 0, time.UTC))
	file, err := New(Config{Env: "sandbox", Clock: c}).specimen(User{}, "US", document.Passport, front, "")
	if err != nil {
		t.Fatal(err)
	}
	for env, want := range map[string]document.Outcome{"sandbox": document.Success, "production": document.Failed} {
		s := New(Config{Env: env, Clock: c})
		picture, err := s.papers.desk.Open(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		reading, err := s.papers.reader.Read(t.Context(), picture.Gray, c.Now())
		if err != nil {
			t.Fatal(err)
		}
		a := &Attempt{record: record{Plan: Template{Documents: &DocumentRules{}}}}
		v := a.judge(&Submission{Country: "US", Category: document.Passport, Front: &Side{Look: document.Side{Quality: photo.Quality{}, Reading: reading}}}, s.judging(a))
		if v.Outcome != want || (v.Authenticity == document.Differs) != (env == "production") {
			t.Errorf("%s: %s %s %+v", env, v.Outcome, v.Authenticity, v.Reasons)
		}
	}
}

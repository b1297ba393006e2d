package match_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/glencheck-dev/glencheck/internal/screening/list"
	"github.com/glencheck-dev/glencheck/internal/screening/match"
)

func all(string) bool { return true }

// one makes an index of one entry with the given names.
func one(kind list.Kind, names ...string) *match.Index {
	e := match.Entry{Code: "US_SDN"}
	e.UID, e.Kind = "1", kind
	for i, n := range names {
		e.Names = append(e.Names, list.Name{Full: n, Primary: i == 0})
	}
	return match.New(kind, []match.Entry{e})
}

func scoreOf(kind list.Kind, a, b string) int {
	hits := one(kind, b).Search(match.Query{Name: a}, 1, all)
	if len(hits) == 0 {
		return 0
	}
	return hits[0].Name
}

// TestScores holds the scores of pairs to the bands of the sensitivities: exact 100,
// strict 90, balanced 80, coarse 70.
func TestScores(t *testing.T) {
	for _, c := range []struct {
		a, b     string
		low, top int
	}{
		{"Joseph Kony", "Joseph KONY", 100, 100},
		{"KONY, Joseph", "Joseph Kony", 100, 100},
		{"Dr. Joseph Kony", "Joseph Kony", 100, 100},
		{"José Peña", "Jose Pena", 100, 100},
		{"Kony Joseph", "Joseph Kony", 95, 99},
		{"Abdul Rasheed", "Abd al-Rashid", 90, 99},
		{"Abdulrasheed", "Abd al-Rashid", 80, 99},
		{"William Specimen", "Bill Specimen", 90, 99},
		{"Mary Ann Specimen", "Maryann Specimen", 95, 99},
		{"Ahmed Al Rashid", "Ahmed al-Rashid", 100, 100},
		{"Ahmed Rashid", "Ahmed al-Rashid", 95, 99},
		{"Jianshu Zhou", "Zhou Jianshu", 95, 99},
		{"Ermias Ghermay", "Ermias Ghermai", 90, 99},
		{"Dmitrii Tchaikovskii", "Дмитрий Чайковский", 90, 99},
		{"Muhammad Specimen", "محمد Specimen", 90, 99},
		{"John Paul Doe", "John Doe", 80, 84},
		{"John P. Doe", "John Paul Doe", 90, 95},
		{"J. Specimen", "John Specimen", 85, 92},
		{"Jon Specimne", "John Specimen", 85, 95},
		{"John Specimen Jr", "John Specimen Sr", 93, 96},
		{"毛泽东", "毛泽东", 100, 100},
		{"毛泽东", "毛泽民", 0, 0},
		{"Mario Specimen", "Maria Specimen", 70, 79},
		{"Hassan Specimen", "Hussein Specimen", 0, 69},
		{"Leslie Knope", "Joseph Kony", 0, 50},
		{"John Doe", "John Specimen", 0, 60},
		{"J. K.", "John Kony", 0, 0},
		{"Domingo Huang", "Jianshu Zhou", 0, 50},
	} {
		if got := scoreOf(list.Individual, c.a, c.b); got < c.low || got > c.top {
			t.Errorf("%q and %q: %d, want %d to %d", c.a, c.b, got, c.low, c.top)
		}
	}
	for _, c := range []struct {
		a, b     string
		low, top int
	}{
		{"Specimen Trading LLC", "SPECIMEN TRADING", 98, 99},
		{"Specimen Trading LLC", "Specimen Trading GmbH", 95, 98},
		{"Specimen Intl Services", "Specimen International Service", 100, 100},
		{"МИНСКИЙ ОТРЯД МИЛИЦИИ", "Minskiy Otryad Militsii", 85, 99},
		{"Global Services Corp", "International Holdings Corp", 0, 0},
		{"Specimen Corp", "Example Corp", 0, 0},
		{"Islamic Radio And Television Union", "Islamic Radio and Television Union", 100, 100},
	} {
		if got := scoreOf(list.Entity, c.a, c.b); got < c.low || got > c.top {
			t.Errorf("%q and %q: %d, want %d to %d", c.a, c.b, got, c.low, c.top)
		}
	}
}

// TestHits decides by name, date of birth and document.
func TestHits(t *testing.T) {
	e := match.Entry{Code: "US_SDN", Entry: list.Entry{
		UID: "1", Kind: list.Individual,
		Names:     []list.Name{{Full: "Specimen Testperson", Primary: true}, {Full: "The Weak One", Weak: true}, {Full: "Al"}},
		Births:    []list.Range{{From: "1980-01-01", To: "1980-12-31"}},
		Documents: []list.Document{{Type: "passport", Number: "SP-000 0001"}},
		Locations: []list.Location{{Full: "Libya", Country: "LY"}, {Full: "somewhere"}},
	}}
	x := match.New(list.Individual, []match.Entry{e})
	for _, c := range []struct {
		q         match.Query
		threshold int
		hit       bool
		score     int
	}{
		{match.Query{Name: "Specimen Testperson"}, 100, true, 100},
		{match.Query{Name: "Specimen Testperson", BirthDate: "1980-06-30"}, 100, true, 100},
		{match.Query{Name: "Specimen Testperson", BirthDate: "1981-06-30"}, 100, true, 100}, // within a year
		{match.Query{Name: "Specimen Testperson", BirthDate: "1950-06-30"}, 80, true, 85},
		{match.Query{Name: "Specimen Testperson", BirthDate: "1950-06-30"}, 90, false, 0},
		{match.Query{Name: "Specimen Testperson", Country: "US"}, 100, true, 100},
		{match.Query{Name: "Somebody Else", Document: "sp0000001"}, 100, true, 0},
		{match.Query{Name: "Somebody Else", Document: "sp0000002"}, 70, false, 0},
		{match.Query{Name: "The Weak One"}, 70, false, 0},
		{match.Query{Name: "Al"}, 70, false, 0},
	} {
		hits := x.Search(c.q, c.threshold, all)
		if (len(hits) > 0) != c.hit || c.hit && hits[0].Score != c.score {
			t.Errorf("%+v at %d: %+v", c.q, c.threshold, hits)
		}
		if got := x.Search(c.q, c.threshold, func(code string) bool { return code != "US_SDN" }); len(got) > 0 {
			t.Errorf("%+v: a hit on a list that is not wanted", c.q)
		}
	}
	a := match.Analyse(list.Individual, match.Query{Name: "Specimen Testpersom", BirthDate: "1981-03-01", Document: "SP0000009", Country: "LY"}, &e.Entry)
	want := match.Analysis{
		Names: []match.Summary{match.Match, match.NoMatch, match.NoMatch}, Births: []match.Summary{match.PartialMatch},
		Documents: []match.Summary{match.PartialMatch}, Locations: []match.Summary{match.Match, match.NoData},
	}
	if diff := cmp.Diff(want, a); diff != "" {
		t.Error(diff)
	}
	if got := match.Sum(a.Locations, true); got != match.Match {
		t.Error(got)
	}
	if match.Sum(nil, true) != match.NoData || match.Sum(nil, false) != match.NoInput {
		t.Error("nothing to compare is not told")
	}
}

// TestSearchIsExhaustive holds the index to a scan of everything, for names that are
// on the list, names like them, and others, at each sensitivity.
func TestSearchIsExhaustive(t *testing.T) {
	s := newSynthetic(1)
	entries, people := s.list(1200)
	x := match.New(list.Individual, entries)
	found := 0
	for i := range 100 {
		name := s.variant(people[s.IntN(len(people))])
		if i%4 == 0 {
			name = s.variant(s.person())
		}
		q := match.Query{Name: name}
		if i%3 == 0 {
			q.BirthDate, q.Document = people[i].born, fmt.Sprintf("SP%07d", s.IntN(1200))
		}
		wanted := func(code string) bool { return i%5 > 0 || code == "EU_CON" }
		for _, threshold := range []int{70, 80, 90, 100} {
			fast, slow := x.Search(q, threshold, wanted), x.Exhaustive(q, threshold, wanted)
			if !slices.Equal(fast, slow) {
				t.Fatalf("%+v at %d:\nindex %+v\nscan  %+v", q, threshold, fast, slow)
			}
			found += len(fast)
		}
	}
	if found < 200 {
		t.Errorf("only %d hits: the test says little", found)
	}
}

// TestSearchIsExhaustiveForAnything does the same with words that nobody thought of.
func TestSearchIsExhaustiveForAnything(t *testing.T) {
	words := rapid.OneOf(
		rapid.StringMatching(`[a-e]{1,5}`), rapid.StringMatching(`[adhilmnors]{4,13}`), rapid.StringMatching(`(abd|al|bin|van) [a-z]{2,6}`),
		rapid.SampledFrom([]string{"Bill", "William", "Mario", "Maria", "محمد", "Иван", "Ivan", "毛泽东", "J.", "Jr", "李", "김철수", "o'neil", "müller", "mueller"}),
	)
	names := rapid.Custom(func(t *rapid.T) string {
		out := ""
		for _, w := range rapid.SliceOfN(words, 1, 5).Draw(t, "words") {
			out += w + rapid.SampledFrom([]string{" ", "-", ", ", "  "}).Draw(t, "space")
		}
		return out
	})
	for _, kind := range []list.Kind{list.Individual, list.Entity} {
		rapid.Check(t, func(t *rapid.T) {
			var entries []match.Entry
			for i, n := range rapid.SliceOfN(names, 1, 30).Draw(t, "names") {
				e := match.Entry{Code: "US_SDN"}
				e.UID, e.Kind, e.Names = fmt.Sprint(i), kind, []list.Name{{Full: n, Primary: true}}
				entries = append(entries, e)
			}
			x := match.New(kind, entries)
			q := match.Query{Name: names.Draw(t, "query")}
			threshold := rapid.IntRange(50, 100).Draw(t, "threshold")
			if fast, slow := x.Search(q, threshold, all), x.Exhaustive(q, threshold, all); !slices.Equal(fast, slow) {
				t.Fatalf("%+v at %d:\nindex %+v\nscan  %+v", q, threshold, fast, slow)
			}
		})
	}
}

// BenchmarkSearch looks for one name among 20,000 entries at the lowest sensitivity.
func BenchmarkSearch(b *testing.B) {
	s := newSynthetic(1)
	entries, people := s.list(20_000)
	x := match.New(list.Individual, entries)
	var queries []match.Query
	for range 512 {
		queries = append(queries, match.Query{Name: s.variant(people[s.IntN(len(people))])}, match.Query{Name: s.person().full()})
	}
	var took []time.Duration
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		x.Search(queries[i%len(queries)], 70, all)
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// BenchmarkIndex makes the index of 20,000 entries.
func BenchmarkIndex(b *testing.B) {
	entries, _ := newSynthetic(1).list(20_000)
	b.ReportAllocs()
	for b.Loop() {
		match.New(list.Individual, entries)
	}
}

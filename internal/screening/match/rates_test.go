package match_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/screening/list"
	"github.com/glencheck-dev/glencheck/internal/screening/match"
)

var update = flag.Bool("update", false, "write the table in docs/screening.md")

// The table stands between these lines of docs/screening.md.
const (
	tableBegin = "<!-- rates: go test ./internal/screening/match -run TestRates -update -->\n"
	tableEnd   = "<!-- end of rates -->\n"
)

// TestRates counts what the matcher misses and what it finds wrongly on a synthetic
// list, and holds docs/screening.md to it.
func TestRates(t *testing.T) {
	if testing.Short() {
		t.Skip("searches a large list some thousand times")
	}
	const entries, asked = 5000, 60
	s := newSynthetic(42)
	made, people := s.list(entries)
	for i := range made { // each is known by its name alone, so that a variation has to be seen through
		made[i].Names, made[i].Births, made[i].Documents = []list.Name{{Full: people[i].full(), Primary: true}}, nil, nil
	}
	x := match.New(list.Individual, made)
	thresholds := []int{70, 80, 90, 100}
	var b strings.Builder
	b.WriteString("\n| how the name differs | coarse (70) | balanced (80) | strict (90) | exact (100) |\n|---|---:|---:|---:|---:|\n")
	missed := map[string][4]float64{}
	for _, v := range variations {
		var tried int
		var miss [4]int
		for tried < asked {
			at := s.IntN(len(people))
			name := v.make(s, people[at])
			if name == "" {
				continue
			}
			tried++
			score := 0
			for _, h := range x.Search(match.Query{Name: name}, thresholds[0], all) {
				if h.Entry == at {
					score = h.Score
				}
			}
			for i, threshold := range thresholds {
				if score < threshold {
					miss[i]++
				}
			}
		}
		row := [4]float64{}
		fmt.Fprintf(&b, "| %s |", v.name)
		for i := range miss {
			row[i] = 100 * float64(miss[i]) / float64(tried)
			fmt.Fprintf(&b, " %.0f %% |", row[i])
		}
		missed[v.name] = row
		b.WriteByte('\n')
	}
	var wrong [4]int
	const strangers = 600
	for asked := 0; asked < strangers; {
		hits := x.Search(match.Query{Name: s.person().full()}, thresholds[0], all)
		if len(hits) > 0 && hits[0].Score == 100 {
			continue // a namesake: no matcher can tell
		}
		asked++
		for i, threshold := range thresholds {
			for _, h := range hits {
				if h.Score >= threshold {
					wrong[i]++
					break
				}
			}
		}
	}
	b.WriteString("| **somebody else: found wrongly** |")
	for i := range wrong {
		fmt.Fprintf(&b, " %.1f %% |", 100*float64(wrong[i])/strangers)
	}
	b.WriteString("\n\n")
	for name, most := range map[string][4]float64{ // what must never be missed
		"the same": {}, "case and accents": {}, "family name first": {}, "title": {}, "order": {0, 0, 0, 100},
		"a letter wrong": {5, 10, 60, 100}, "spelling of a sound": {20, 40, 70, 100}, "Cyrillic": {5, 10, 50, 100}, "no particle": {5, 10, 60, 100},
	} {
		for i := range most {
			if missed[name][i] > most[i] {
				t.Errorf("%s at %d: %.0f %% missed, at most %.0f %% may be", name, thresholds[i], missed[name][i], most[i])
			}
		}
	}
	table(t, b.String())
}

// table compares a table with that of the documentation, or writes it there.
func table(t *testing.T, want string) {
	t.Helper()
	path := filepath.Join("..", "..", "..", "docs", "screening.md")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(raw), tableBegin)
	got, after, ok2 := strings.Cut(rest, tableEnd)
	if !ok || !ok2 {
		t.Fatal("docs/screening.md has no place for the table")
	}
	if got == want {
		return
	}
	if !*update {
		t.Errorf("docs/screening.md has other rates; -update writes them:\n%s", want)
		return
	}
	if err := os.WriteFile(path, []byte(before+tableBegin+want+tableEnd+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

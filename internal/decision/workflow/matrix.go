package workflow

import (
	"cmp"
	"maps"
	"slices"
)

// Past is a decision of the past, as far as a comparison needs it.
type Past struct {
	Case   Case
	Result *Result // by the version that decided
	Label  string  // to name it in the matrix, such as its token
}

// Matrix compares what a version decided with what another one would have decided
// on the same recorded data.
type Matrix struct {
	Cases  int            `json:"cases"`
	Same   int            `json:"same"`
	Cells  []Cell         `json:"cells"` // was × would be; they add up to Cases
	Was    map[string]int `json:"was"`   // outcomes by count
	Would  map[string]int `json:"would_be"`
	Flips  []Flip         `json:"flips"`   // rules that come out otherwise, most often first
	Absent map[string]int `json:"absent"`  // sources that the candidate needs and no record has
	Sample []Change       `json:"samples"` // the first cases with another outcome
}

// Cell counts the cases that were one outcome and would be another.
type Cell struct {
	Was   string `json:"was"`
	Would string `json:"would_be"`
	Count int    `json:"count"`
}

// Flip counts the cases that a rule judges otherwise.
type Flip struct {
	Rule string `json:"rule"`
	On   int    `json:"on"`  // did not apply, would
	Off  int    `json:"off"` // applied, would not
}

// Change is a case with another outcome.
type Change struct {
	Label string `json:"label"`
	Was   string `json:"was"`
	Would string `json:"would_be"`
}

// maxSamples is how many cases a matrix names.
const maxSamples = 20

// The would-be outcomes of cases that have none.
const (
	NeedsData     = "(needs data that were never recorded)"
	InputsLacking = "(inputs missing)"
)

// Comparison makes a matrix one case after the other, so that no more than one case
// is in memory.
type Comparison struct {
	candidate *Version
	matrix    Matrix
	cells     map[[2]string]int
	flips     map[string]*Flip
}

// Compare begins a comparison with a candidate.
func Compare(candidate *Version) *Comparison {
	return &Comparison{
		candidate: candidate, cells: map[[2]string]int{}, flips: map[string]*Flip{},
		matrix: Matrix{Was: map[string]int{}, Would: map[string]int{}, Absent: map[string]int{}, Sample: []Change{}},
	}
}

// Add decides a case of the past under the candidate.
func (c *Comparison) Add(p Past) *Result {
	now := c.candidate.Decide(p.Case)
	c.Count(p.Label, p.Result, now)
	return now
}

// Count adds a case of the past that the candidate has decided.
func (c *Comparison) Count(label string, before, now *Result) {
	was, would := Named(before), Named(now)
	c.cells[[2]string{was, would}]++
	c.matrix.Cases++
	c.matrix.Was[was]++
	c.matrix.Would[would]++
	if was == would {
		c.matrix.Same++
	} else if len(c.matrix.Sample) < maxSamples {
		c.matrix.Sample = append(c.matrix.Sample, Change{label, was, would})
	}
	for _, source := range now.Needs {
		c.matrix.Absent[source]++
	}
	c.count(before, now)
}

// Named is the outcome of a result, or why it has none. Cases are never guessed
// into an outcome.
func Named(r *Result) string {
	switch r.Status {
	case SourcesNeeded:
		return NeedsData
	case InputsMissing:
		return InputsLacking
	}
	return r.Outcome
}

// count compares the rules that both versions have by their ids.
func (c *Comparison) count(was, now *Result) {
	before := make(map[string]RuleState, len(was.Rules))
	for i := range was.Rules {
		before[was.Rules[i].ID] = was.Rules[i].State
	}
	for i := range now.Rules {
		r := &now.Rules[i]
		old, both := before[r.ID]
		if !both || (old == RuleHit) == (r.State == RuleHit) {
			continue
		}
		f := c.flips[r.ID]
		if f == nil {
			f = &Flip{Rule: r.ID}
			c.flips[r.ID] = f
		}
		if r.State == RuleHit {
			f.On++
		} else {
			f.Off++
		}
	}
}

// Matrix is the comparison of all cases so far.
func (c *Comparison) Matrix() *Matrix {
	m := c.matrix
	m.Cells, m.Flips = []Cell{}, []Flip{}
	for k, n := range c.cells {
		m.Cells = append(m.Cells, Cell{k[0], k[1], n})
	}
	slices.SortFunc(m.Cells, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(a.Was, b.Was), cmp.Compare(a.Would, b.Would))
	})
	for _, id := range slices.Sorted(maps.Keys(c.flips)) {
		m.Flips = append(m.Flips, *c.flips[id])
	}
	slices.SortStableFunc(m.Flips, func(a, b Flip) int { return cmp.Compare(b.On+b.Off, a.On+a.Off) })
	return &m
}

package match

import (
	"fmt"
	"strings"
)

// Step is one reason for a score.
type Step struct {
	Rule Rule
	// A and B are the words of the two sides that the rule is about, "" where a
	// side has none.
	A, B   string
	Points int
}

// Trace is why a score is what it is: it begins at 100, and the points of its
// steps add up to the score.
type Trace []Step

// String tells the trace in lines for people.
func (t Trace) String() string {
	var b strings.Builder
	total := 100
	for _, s := range t {
		total += s.Points
		fmt.Fprintf(&b, "%+4d  %s", s.Points, s.Rule.Says())
		if s.A != "" || s.B != "" {
			fmt.Fprintf(&b, ": %s", s.About())
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "%4d", total)
	return b.String()
}

// About names the words that a step is about: "andy / andrew".
func (s Step) About() string {
	switch {
	case s.A == "":
		return "- / " + s.B
	case s.B == "":
		return s.A + " / -"
	}
	return s.A + " / " + s.B
}

// score is the sum of a trace.
func (t Trace) score() int {
	total := 100
	for _, s := range t {
		total += s.Points
	}
	return total
}

// limit appends a step that brings the score down to a maximum, if it is above.
func (t Trace) limit(highest int, rule Rule) Trace {
	if over := t.score() - highest; over > 0 {
		return append(t, Step{Rule: rule, Points: -over})
	}
	return t
}

// raise appends a step that brings the score up to a minimum, if it is below.
func (t Trace) raise(lowest int, rule Rule) Trace {
	if under := lowest - t.score(); under > 0 {
		return append(t, Step{Rule: rule, Points: under})
	}
	return t
}

// swapped is the trace of the comparison the other way round.
func (t Trace) swapped() Trace {
	for i := range t {
		t[i].A, t[i].B = t[i].B, t[i].A
	}
	return t
}

// Person is what one side knows of somebody. Owners of one account are one
// Person with several names.
type Person struct {
	Names     []string
	Phones    []string
	Emails    []string
	Addresses []Address
}

// Result is how well two Persons fit, nil for what either side lacks.
type Result struct {
	Name    *NameResult
	Phone   *Score
	Email   *Score
	Address *AddressResult
}

// Score is a score and why.
type Score struct {
	Score int
	Trace Trace
}

// Best compares what a client says with what a bank has: of several owners, or
// several numbers of one, the best counts, and of equal ones the first.
func Best(said, held Person) Result {
	var r Result
	each(said.Names, held.Names, blankName, func(a, b string) {
		if s := Names(a, b); r.Name == nil || s.Score > r.Name.Score {
			r.Name = &s
		}
	})
	each(said.Phones, held.Phones, blank, func(a, b string) {
		if s := Phones(a, b); r.Phone == nil || s.Score > r.Phone.Score {
			r.Phone = &s
		}
	})
	each(said.Emails, held.Emails, blank, func(a, b string) {
		if s := Emails(a, b); r.Email == nil || s.Score > r.Email.Score {
			r.Email = &s
		}
	})
	each(said.Addresses, held.Addresses, Address.blank, func(a, b Address) {
		if s := Addresses(a, b); r.Address == nil || s.Score > r.Address.Score {
			r.Address = &s
		}
	})
	return r
}

// each calls f with each pair of values that are there.
func each[T any](a, b []T, blank func(T) bool, f func(a, b T)) {
	for _, x := range a {
		for _, y := range b {
			if !blank(x) && !blank(y) {
				f(x, y)
			}
		}
	}
}

func blank(s string) bool     { return strings.TrimSpace(s) == "" }
func blankName(s string) bool { return blank(s) }

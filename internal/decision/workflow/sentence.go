package workflow

import (
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
)

// Explained is how one rule came out, for people. It follows from the case and is no
// part of a result's bytes, so that better words do not make old decisions differ.
type Explained struct {
	Rule     string    `json:"rule"`
	Name     string    `json:"name"`
	State    RuleState `json:"state"`
	Sentence string    `json:"sentence"`
	Residual string    `json:"residual,omitempty"` // what remains of a condition that was not evaluated
}

// Explain says how each rule came out, on what, and what would have made it come out
// otherwise. There is nothing to say where inputs are missing or a persona decided.
func (v *Version) Explain(c Case) []Explained {
	list := []Explained{}
	f := v.Format(c.Input)
	r := v.Decide(c)
	if !f.Complete() || len(r.Rules) == 0 {
		return list
	}
	s := v.begin(c, f)
	for i := range v.rules {
		rule, t := &v.rules[i], &r.Rules[i]
		x := Explained{Rule: t.ID, Name: rule.Name, State: t.State}
		if t.State == RuleNotEvaluated {
			x.Residual = s.residual(rule.when)
		}
		x.Sentence = s.sentence(rule, t, x.Residual)
		list = append(list, x)
	}
	return list
}

// residual is what remains of a condition with what is known.
func (s *state) residual(x *expression) string {
	if !slices.ContainsFunc(x.reads, func(r read) bool { return !s.unasked[r.root] }) {
		return x.text // nothing of it is known
	}
	_, details, err := x.partial.Eval(s)
	if err != nil || details == nil {
		return x.text
	}
	rest, err := x.env.ResidualAst(x.ast, details)
	if err != nil {
		return x.text
	}
	text, err := cel.AstToString(rest, cel.FormatWrapOnColumn(maxSource))
	if err != nil {
		return x.text
	}
	return text
}

// sentence says in one line how a rule came out, on what, and what would have made
// it come out otherwise.
func (s *state) sentence(r *rule, t *RuleTrace, residual string) string {
	var b strings.Builder
	b.WriteString(r.Name)
	switch t.State {
	case RuleNotEvaluated:
		fmt.Fprintf(&b, " was not needed. It would apply if %s.", residual)
		return b.String()
	case RuleBlocked:
		if t.Failed {
			b.WriteString(" cannot be judged: its condition ends with an error on these data.")
			return b.String()
		}
		fmt.Fprintf(&b, " cannot be judged, as %s.", s.lack(t))
		return b.String()
	case RuleHit:
		b.WriteString(" applies")
	case RuleClear:
		b.WriteString(" does not apply")
	}
	if t.Policy != "" {
		fmt.Fprintf(&b, ": %s, and that is its policy then.", s.lack(t))
		return b.String()
	}
	for i, v := range t.Reads {
		b.WriteString([...]string{": ", ", "}[min(i, 1)])
		fmt.Fprintf(&b, "%s is %s", v.Name, shown(v.Value))
	}
	would := r.When
	if t.State == RuleHit {
		would = r.when.not
	}
	fmt.Fprintf(&b, ". It would%s apply if %s.", map[bool]string{true: " not"}[t.State == RuleHit], would)
	return b.String()
}

// lack says what is missing: a source that has failed by its name and reason, and
// single values by theirs.
func (s *state) lack(t *RuleTrace) string {
	var causes []string
	for _, name := range t.Missing {
		root, _, _ := strings.Cut(name, ".")
		cause := "there is no " + name
		if code, failed := s.failed[root]; failed {
			cause = fmt.Sprintf("%s has no data (%s)", root, code)
		}
		if !slices.Contains(causes, cause) {
			causes = append(causes, cause)
		}
	}
	return strings.Join(causes, " and ")
}

// shown is a value in a sentence; a list only by its length.
func shown(v any) string {
	switch v := v.(type) {
	case string:
		return `"` + v + `"`
	case []string:
		return fmt.Sprintf("a list of %d", len(v))
	}
	return fmt.Sprint(v)
}

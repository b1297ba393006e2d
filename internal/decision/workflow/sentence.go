package workflow

import (
	"fmt"
	"strings"
)

// sentence says in one line how a rule came out, on what, and what would have made
// it come out otherwise.
func sentence(r *rule, t *RuleTrace) string {
	var b strings.Builder
	b.WriteString(r.Name)
	switch t.State {
	case RuleNotEvaluated:
		fmt.Fprintf(&b, " was not needed so far. It would apply if %s.", t.Residual)
		return b.String()
	case RuleBlocked:
		if t.Error != "" {
			fmt.Fprintf(&b, " cannot be judged: %s.", t.Error)
			return b.String()
		}
		fmt.Fprintf(&b, " cannot be judged, as there is no %s.", strings.Join(t.Missing, " and no "))
		return b.String()
	case RuleHit:
		b.WriteString(" applies")
	case RuleClear:
		b.WriteString(" does not apply")
	}
	if t.Policy != "" {
		fmt.Fprintf(&b, ", as its policy says where there is no %s.", strings.Join(t.Missing, " and no "))
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

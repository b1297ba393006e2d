package workflow

import (
	"slices"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"
)

// Decide says what the version says about a case. It reads nothing else: no clock,
// no database, no network. As long as the outcome depends on sources that the case
// has no responses of, the result names those that are needed next, and the caller
// asks them, adds the responses and calls again.
func (v *Version) Decide(c Case) *Result {
	r := &Result{
		Version: v.Hash, Engine: Engine, Persona: c.Persona,
		Tags: []string{}, Reasons: []Told{}, Blocked: []Blocked{}, Rules: []RuleTrace{}, Outcomes: []OutcomeTrace{},
		Services: v.services(c.Responses),
	}
	f := v.Format(c.Input)
	if !f.Complete() {
		r.Status, r.Missing = InputsMissing, &Lacking{f.Required, f.OneOf, f.Invalid}
		return r
	}
	if c.Persona != "" && v.forced(r, c.Persona) {
		return r
	}
	s := v.begin(c, f)
	for i := range v.rules {
		s.judge(&v.rules[i])
	}
	s.settle(r)
	return r
}

// services lists all sources of the document and how asking them has ended.
func (v *Version) services(responses map[string]Response) map[string]Service {
	list := map[string]Service{}
	for _, s := range v.Document.Sources {
		list[s.Name] = NotExecuted
		if r, ok := responses[s.Name]; ok {
			list[s.Name] = r.Status
		}
	}
	return list
}

// forced is the result of a persona: the first outcome of its kind.
func (v *Version) forced(r *Result, p Persona) bool {
	for _, o := range v.possible() {
		if Persona(o.Kind) == p {
			r.Status, r.Outcome, r.Kind = Decided, o.Name, o.Kind
			return true
		}
	}
	return false // a workflow without such an outcome decides by itself
}

// possible are all outcomes, the default and the fallback included.
func (v *Version) possible() []Outcome {
	return append(slices.Clone(v.Document.Outcomes), v.Document.Default, v.fallback)
}

// state is one case on its way through the rules.
type state struct {
	v        *Version
	vars     map[string]any
	unknown  []*interpreter.AttributePattern
	unasked  map[string]bool
	failed   map[string]string // sources without data, with the reason
	verdicts []verdict
}

// verdict is how a rule came out.
type verdict struct {
	*rule
	trace RuleTrace
}

// ResolveName implements the language's Activation.
func (s *state) ResolveName(name string) (any, bool) {
	value, ok := s.vars[name]
	return value, ok
}

// Parent implements the language's Activation.
func (s *state) Parent() interpreter.Activation { return nil }

// UnknownAttributePatterns implements the language's PartialActivation.
func (s *state) UnknownAttributePatterns() []*interpreter.AttributePattern { return s.unknown }

// AsPartialActivation is how the language finds out that some of it is unknown.
func (s *state) AsPartialActivation() (interpreter.PartialActivation, bool) { return s, true }

// begin makes the variables of a case.
func (v *Version) begin(c Case, f *Formatted) *state {
	s := &state{v: v, unasked: map[string]bool{}, failed: map[string]string{}, verdicts: make([]verdict, 0, len(v.rules))}
	s.vars = map[string]any{
		inputName: v.shapes[inputName].of(f.Values),
		todayName: types.String(c.Now.UTC().Format(civil)),
	}
	services, codes := v.shapes[servicesName].of(nil), v.shapes[errorsName].of(nil)
	s.vars[servicesName], s.vars[errorsName] = services, codes
	for i := range v.Document.Sources {
		name := v.Document.Sources[i].Name
		response, asked := c.Responses[name]
		if !asked {
			s.unasked[name] = true
			s.unknown = append(s.unknown, v.patterns[name]...)
			continue
		}
		values, err := sources[name].extract(response)
		at := v.shapes[servicesName].at[name]
		switch {
		case err != nil:
			s.failed[name], response.Status = "UNREADABLE", Failed
			response.ErrorCode = "UNREADABLE"
		case values == nil:
			s.failed[name] = response.ErrorCode
		default:
			s.vars[name] = v.shapes[name].of(values)
		}
		services.values[at], codes.values[at] = types.String(response.Status), types.String(response.ErrorCode)
	}
	return s
}

// judge evaluates a rule.
func (s *state) judge(r *rule) {
	t := RuleTrace{ID: r.ID}
	value, _, err := r.when.program.Eval(s)
	switch unknown, isUnknown := value.(*types.Unknown); {
	case isUnknown:
		t.State, t.Needs = RuleNotEvaluated, s.needs(unknown)
	case err == nil:
		t.State = RuleClear
		if value == types.True {
			t.State = RuleHit
		}
	default:
		s.absent(r, &t)
	}
	s.verdicts = append(s.verdicts, verdict{r, t})
}

// absent decides a rule that could not be evaluated by its policy. An error that
// does not come from missing data blocks, whatever the policy.
func (s *state) absent(r *rule, t *RuleTrace) {
	for _, rd := range r.when.reads {
		if s.isMissing(rd) {
			t.Missing = append(t.Missing, rd.String())
		}
	}
	if len(t.Missing) == 0 {
		t.State, t.Failed = RuleBlocked, true
		return
	}
	t.Policy = r.OnMissing
	switch r.OnMissing {
	case MissingHits:
		t.State = RuleHit
	case MissingPasses:
		t.State = RuleClear
	default:
		t.State = RuleBlocked
	}
}

// isMissing reports whether a read has nothing to read. That has() answers about a
// source that failed would be a guess, so it counts there as well.
func (s *state) isMissing(r read) bool {
	if _, failed := s.failed[r.root]; failed {
		return true
	}
	o, ok := s.vars[r.root].(*object)
	return ok && !r.tested && o.get(r.name) == nil
}

// needs are the sources that an unknown value waits for, in the document's order.
func (s *state) needs(u *types.Unknown) []string {
	var list []string
	for _, id := range u.IDs() {
		trails, _ := u.GetAttributeTrails(id)
		for _, t := range trails {
			name := t.Variable()
			if path := t.QualifierPath(); (name == servicesName || name == errorsName) && len(path) > 0 {
				name, _ = path[0].(string)
			}
			if s.unasked[name] && !slices.Contains(list, name) {
				list = append(list, name)
			}
		}
	}
	return s.v.ordered(list)
}

// ordered sorts sources as the document has them.
func (v *Version) ordered(names []string) []string {
	var list []string
	for _, s := range v.Document.Sources {
		if slices.Contains(names, s.Name) {
			list = append(list, s.Name)
		}
	}
	return list
}

// values writes down what a condition has read. Secrets stay out.
func (s *state) values(x *expression, t *RuleTrace) {
	for _, r := range x.reads {
		o, ok := s.vars[r.root].(*object)
		if !ok || r.tested {
			continue
		}
		v := o.get(r.name)
		if v == nil {
			continue
		}
		if r.root == inputName && s.v.inputs[r.name].Secret {
			v = types.String("[secret]")
		}
		t.Reads = append(t.Reads, Value{r.String(), plain(v)})
	}
}

// plain is a value of the language as JSON has it.
func plain(v ref.Val) any {
	switch v := v.(type) {
	case types.String:
		return string(v)
	case types.Int:
		return int64(v)
	case types.Bool:
		return bool(v)
	}
	return v.Value()
}

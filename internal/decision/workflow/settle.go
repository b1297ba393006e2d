package workflow

import (
	"cmp"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
)

// settle puts the rules together: tags and score, the first outcome that matches,
// and what is still in the way.
func (s *state) settle(r *Result) {
	for i := range s.verdicts {
		v := &s.verdicts[i]
		r.Rules = append(r.Rules, v.trace)
		if v.trace.State == RuleHit {
			r.Score += v.Score
			for _, t := range v.Tags {
				if !slices.Contains(r.Tags, t) {
					r.Tags = append(r.Tags, t)
				}
			}
		}
		if m := v.trace.Missing; len(m) > 0 {
			r.Blocked = append(r.Blocked, s.blocked(v)...)
		} else if v.trace.State == RuleBlocked {
			r.Blocked = append(r.Blocked, Blocked{Rule: v.ID, Source: "rule", Field: "when"})
		}
	}
	won, open := s.outcomes(r)
	switch {
	case len(open) > 0:
		r.Status, r.Needs = SourcesNeeded, open
		r.Blocked = []Blocked{}
	case won == nil, len(s.broken()) > 0 && won.Kind != Deny:
		s.fall(r, won)
	default:
		r.Status, r.Outcome, r.Kind = Decided, won.Name, won.Kind
		r.Blocked = []Blocked{}
	}
	if r.Status != SourcesNeeded {
		r.Reasons = s.reasons(r, won)
		for i := range s.verdicts {
			s.values(s.verdicts[i].when, &r.Rules[i])
		}
	}
}

// fall is the end of a case without the data for a decision. What failed never
// approves; a review that the rules have asked for by another name stays.
func (s *state) fall(r *Result, won *outcome) {
	o := s.v.fallback
	if won != nil && won.Kind == Review {
		o = won.Outcome
	}
	r.Status, r.Outcome, r.Kind = Partial, o.Name, o.Kind
	for _, name := range s.broken() {
		if !slices.ContainsFunc(r.Blocked, func(b Blocked) bool { return b.Source == name }) {
			r.Blocked = append(r.Blocked, Blocked{Rule: "outcome", Source: name, Field: s.failed[name]})
		}
	}
}

// broken are the sources that failed, in the document's order. One that could not
// be asked, as the input for it is missing, has not failed.
func (s *state) broken() []string {
	var list []string
	services := s.vars[servicesName].(*object)
	for _, src := range s.v.Document.Sources {
		if services.get(src.Name) == types.String(Failed) {
			list = append(list, src.Name)
		}
	}
	return list
}

// blocked lists what a rule missed.
func (s *state) blocked(v *verdict) []Blocked {
	var list []Blocked
	for _, rd := range v.when.reads {
		if s.isMissing(rd) {
			list = append(list, Blocked{v.ID, rd.root, rd.name})
		}
	}
	return list
}

// outcomes reads the list from the top. It returns the outcome that the case has
// reached, or nil if missing data stand before it, and the sources to ask first.
func (s *state) outcomes(r *Result) (won *outcome, open []string) {
	o := s.overOutcomes(r)
	var doubtful []*outcome // unknown ones before the first that matches
	for i := range s.v.outcomes {
		oc := &s.v.outcomes[i]
		t := OutcomeTrace{Name: oc.Name, When: oc.When, State: OutcomeUnread}
		if won == nil {
			switch value, _, _ := oc.when.program.Eval(o); {
			case value == types.True:
				t.State, won = OutcomeMatched, oc
			case value == types.False:
				t.State = OutcomeNot
			default:
				t.State = OutcomeUnknown
				doubtful = append(doubtful, oc)
				if open == nil {
					open = s.waiting(oc)
				}
			}
		}
		r.Outcomes = append(r.Outcomes, t)
	}
	t := OutcomeTrace{Name: s.v.Document.Default.Name, State: OutcomeUnread}
	if won == nil {
		t.State, won = OutcomeMatched, &outcome{Outcome: s.v.Document.Default}
	}
	r.Outcomes = append(r.Outcomes, t)
	if !slices.ContainsFunc(doubtful, func(d *outcome) bool { return d.Name != won.Name }) {
		return won, nil // whichever of them it is, it has that name
	}
	for i := range r.Outcomes {
		if r.Outcomes[i].State == OutcomeMatched {
			r.Outcomes[i].State = OutcomeUnread
		}
	}
	return nil, open
}

// overOutcomes are the variables that outcomes read, with what is unknown of them.
func (s *state) overOutcomes(r *Result) *state {
	o := &state{v: s.v, vars: map[string]any{scoreName: types.Int(r.Score)}}
	tags := make(map[string]bool, len(s.v.tags))
	for _, t := range s.v.tags {
		tags[t] = slices.Contains(r.Tags, t)
	}
	for i := range s.verdicts {
		v := &s.verdicts[i]
		if v.trace.State != RuleBlocked && v.trace.State != RuleNotEvaluated {
			continue
		}
		if v.Score != 0 {
			o.unknown = append(o.unknown, cel.AttributePattern(scoreName))
		}
		for _, t := range v.Tags {
			if !tags[t] {
				o.unknown = append(o.unknown, cel.AttributePattern(tagsName).QualString(t))
			}
		}
	}
	o.vars[tagsName] = tags
	return o
}

// waiting are the sources that the condition of an outcome waits for; none if only
// missing data stand before it.
func (s *state) waiting(oc *outcome) []string {
	var list []string
	for i := range s.verdicts {
		v := &s.verdicts[i]
		if v.trace.State != RuleNotEvaluated {
			continue
		}
		for _, rd := range oc.when.reads {
			if rd.root == tagsName && slices.Contains(v.Tags, rd.name) {
				list = append(list, v.trace.Needs...)
			}
		}
		if v.Score != 0 && oc.when.readsScore {
			list = append(list, v.trace.Needs...)
		}
	}
	return s.v.ordered(list)
}

// reasons are the heaviest reasons of the rules that apply. Those that the outcome
// rests on come first.
func (s *state) reasons(r *Result, won *outcome) []Told {
	type weighed struct {
		Told
		rests  bool
		weight int
	}
	var list []weighed
	for i := range s.verdicts {
		v := &s.verdicts[i]
		if v.trace.State != RuleHit || v.Reason == nil || slices.ContainsFunc(list, func(w weighed) bool { return w.Code == v.Reason.Code }) {
			continue
		}
		w := weighed{Told{Code: v.Reason.Code, Text: AdverseActionReasons[v.Reason.Code], Rule: v.ID}, rests(won, v), v.Reason.Weight}
		if r.Kind == Deny {
			w.Type = AdverseAction
		}
		list = append(list, w)
	}
	slices.SortStableFunc(list, func(a, b weighed) int {
		if a.rests != b.rests {
			if a.rests {
				return -1
			}
			return 1
		}
		return cmp.Compare(b.weight, a.weight)
	})
	told := []Told{}
	for _, w := range list[:min(len(list), maxReasons)] {
		told = append(told, w.Told)
	}
	return told
}

// rests reports whether an outcome's condition looks at what a rule does.
func rests(won *outcome, v *verdict) bool {
	if won == nil || won.when == nil {
		return false
	}
	return v.Score != 0 && won.when.readsScore || slices.ContainsFunc(won.when.reads, func(rd read) bool {
		return rd.root == tagsName && slices.Contains(v.Tags, rd.name)
	})
}

package decision

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/workflow"
)

// evaluationAnswer is an evaluation as the API shows it (partner-decisions.md
// section 2). What Alloy has and we have not is there and empty.
type evaluationAnswer struct {
	Status      int                          `json:"status_code"`
	Error       *string                      `json:"error"`
	Timestamp   int64                        `json:"timestamp"`
	Token       string                       `json:"evaluation_token"`
	Entity      *string                      `json:"entity_token"`
	Application string                       `json:"application_token"`
	Name        string                       `json:"application_name"`
	Version     string                       `json:"application_version_id"`
	Required    []parameter                  `json:"required,omitempty"`
	Optional    []parameter                  `json:"optional,omitempty"`
	Or          [][]parameter                `json:"or,omitempty"`
	Summary     summary                      `json:"summary"`
	Supplied    map[string]any               `json:"supplied"`
	Formatted   map[string]any               `json:"formatted"`
	Matching    map[string]any               `json:"matching"`
	Diligence   map[string]any               `json:"diligence"`
	Related     map[string]any               `json:"related_data"`
	Raw         map[string][]json.RawMessage `json:"raw_responses"`
	Facts       map[string]any               `json:"formatted_responses"`
	Archive     *archive                     `json:"audit_archive"`
	Warnings    warnings                     `json:"warnings"`
}

// StatusCode is the status of the answer.
func (a evaluationAnswer) StatusCode() int { return a.Status }

type summary struct {
	Result   string                      `json:"result"`
	Score    int64                       `json:"score"`
	Tags     []string                    `json:"tags"`
	Outcome  *string                     `json:"outcome"`
	Reasons  []outcomeReason             `json:"outcome_reasons"`
	Services map[string]workflow.Service `json:"services"`
	Custom   map[string]any              `json:"custom_fields"`
	Models   map[string]any              `json:"models"`
}

type outcomeReason struct {
	EndedReason
	Code string `json:"code"`
}

// archive is what ties an answer to its record.
type archive struct {
	VersionHash string                  `json:"version_hash"`
	ResultHash  string                  `json:"result_hash"`
	Engine      int                     `json:"engine"`
	Rules       []workflow.RuleTrace    `json:"rules"`
	Outcomes    []workflow.OutcomeTrace `json:"outcomes"`
}

type warnings struct {
	Blocked []blockedAction `json:"blocked_actions"`
}

type blockedAction struct {
	Blocked  blocked  `json:"blocked"`
	Blocking blocking `json:"blocking"`
}

type blocked struct {
	Name string `json:"action_name"`
	Type string `json:"action_type"`
}

type blocking struct {
	Name      string `json:"action_name"`
	Attribute string `json:"attribute_name"`
}

// hidden stands for what is not shown.
const hidden = "*********"

// answer shows an evaluation.
func (s *Evaluations) answer(ctx context.Context, e *Evaluation) (*evaluationAnswer, error) {
	flow, err := s.workflows.Get(ctx, e.Account, e.Workflow)
	if err != nil {
		return nil, err
	}
	v, _, err := s.workflows.Version(ctx, e.Workflow, e.Version)
	if err != nil {
		return nil, err
	}
	r := e.Result
	a := &evaluationAnswer{
		Status: e.StatusCode(), Timestamp: clock.Millis(e.UpdatedAt), Token: e.Token, Entity: orNull(e.Entity),
		Application: e.Workflow, Name: flow.Name, Version: strconv.FormatInt(e.Version, 10),
		Supplied: shown(v, e.Case.Input), Formatted: shown(v, v.Format(e.Case.Input).Values),
		Matching: map[string]any{}, Diligence: map[string]any{}, Related: map[string]any{},
		Raw: map[string][]json.RawMessage{}, Facts: map[string]any{},
		Archive:  &archive{e.Hash, workflow.Digest(e.Raw), r.Engine, r.Rules, r.Outcomes},
		Warnings: warnings{[]blockedAction{}},
		Summary: summary{
			Result: "success", Score: r.Score, Tags: r.Tags, Outcome: orNull(r.Outcome), Reasons: []outcomeReason{},
			Services: r.Services, Custom: map[string]any{}, Models: map[string]any{},
		},
	}
	switch r.Status {
	case workflow.InputsMissing:
		a.Required, a.Optional, a.Or = missing(v, r.Missing)
	case workflow.Partial:
		a.Summary.Result = "partial"
	}
	a.fill(v, e)
	return a, nil
}

// fill adds reasons, what is in the way, and what the sources have said.
func (a *evaluationAnswer) fill(v *workflow.Version, e *Evaluation) {
	for _, t := range e.Result.Reasons {
		a.Summary.Reasons = append(a.Summary.Reasons, outcomeReason{EndedReason{t.Text, orNull(t.Type)}, t.Code})
	}
	for _, b := range e.Result.Blocked {
		kind := "rule"
		if b.Rule == "outcome" {
			kind = "outcome"
		}
		a.Warnings.Blocked = append(a.Warnings.Blocked, blockedAction{blocked{b.Rule, kind}, blocking{b.Source, b.Field}})
	}
	if e.Result.Persona != "" {
		a.Summary.Custom["sandbox_persona"] = e.Result.Persona
	} else if p, err := personaOf(e.Case.Input); err == nil && e.Sandbox && p.name != "" {
		a.Summary.Custom["sandbox_persona"] = p.name
	}
	for _, name := range slices.Sorted(maps.Keys(e.Case.Responses)) {
		r := e.Case.Responses[name]
		a.Raw[name] = []json.RawMessage{}
		if len(r.Body) > 0 {
			a.Raw[name] = append(a.Raw[name], r.Body)
		}
		facts := workflow.Extract(name, r)
		if r.ErrorCode != "" {
			a.Facts[name] = map[string]any{"error_code": r.ErrorCode}
		} else if facts != nil {
			a.Facts[name] = facts
		}
	}
}

// shown is an input as it may be shown: what the schema calls secret is masked.
func shown(v *workflow.Version, input map[string]any) map[string]any {
	out := maps.Clone(input)
	for _, in := range v.Document.Inputs {
		if _, given := out[in.Key]; given && in.Secret {
			out[in.Key] = hidden
		}
	}
	return out
}

// parameter is an input as GET /v1/parameters describes it.
type parameter struct {
	Key         string         `json:"key"`
	Type        string         `json:"type"`
	Description string         `json:"description"`
	Regex       *string        `json:"regex"`
	Properties  map[string]any `json:"properties"`
}

func parameterOf(in workflow.Input) parameter {
	p := parameter{Key: in.Key, Type: in.Type, Description: in.Description, Regex: orNull(in.Regex), Properties: map[string]any{}}
	if in.MaxLength > 0 {
		p.Properties["max_length"] = in.MaxLength
	}
	if in.Format != "" {
		p.Properties["format"] = in.Format
	}
	return p
}

// parameters are the inputs of a version: those that it must have, those that it may
// have, and the sets of which it must have one.
func parameters(v *workflow.Version) (required, optional []parameter, or [][]parameter) {
	required, optional, or = []parameter{}, []parameter{}, [][]parameter{}
	for _, in := range v.Document.Inputs {
		switch {
		case in.Required:
			required = append(required, parameterOf(in))
		case !slices.ContainsFunc(v.Document.OneOf, func(set []string) bool { return slices.Contains(set, in.Key) }):
			optional = append(optional, parameterOf(in))
		}
	}
	for _, set := range v.Document.OneOf {
		or = append(or, chosen(v, set))
	}
	return required, optional, or
}

// missing are the inputs that a case still lacks, and those that it might have.
func missing(v *workflow.Version, l *workflow.Lacking) (required, optional []parameter, or [][]parameter) {
	_, optional, _ = parameters(v)
	for _, set := range l.OneOf {
		or = append(or, chosen(v, set))
	}
	return chosen(v, l.Required), optional, or
}

func chosen(v *workflow.Version, keys []string) []parameter {
	list := []parameter{}
	for _, in := range v.Document.Inputs {
		if slices.Contains(keys, in.Key) {
			list = append(list, parameterOf(in))
		}
	}
	return list
}

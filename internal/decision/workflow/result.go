package workflow

import (
	"encoding/json"
	"time"
)

// Case is all that a decision depends on beside the version.
type Case struct {
	Input     map[string]any      `json:"input"`
	Responses map[string]Response `json:"responses,omitempty"` // a source that is not here was not asked
	Now       time.Time           `json:"now"`
	Persona   Persona             `json:"persona,omitempty"`
}

// Persona fixes the outcome of a case in a sandbox, whatever the data.
type Persona string

// The personas that decide by themselves.
const (
	PersonaApprove Persona = "approve"
	PersonaReview  Persona = "review"
	PersonaDeny    Persona = "deny"
)

// Status is how far a case has come.
type Status string

// The statuses of a result.
const (
	InputsMissing Status = "inputs_missing" // required inputs are missing or wrong
	SourcesNeeded Status = "sources_needed" // the sources in Needs are to be asked
	Decided       Status = "decided"
	Partial       Status = "partial" // data are missing: the fallback, and no automatic decision
)

// Result is what a version says about a case.
type Result struct {
	Version  string             `json:"version_hash"`
	Engine   int                `json:"engine"`
	Status   Status             `json:"status"`
	Outcome  string             `json:"outcome,omitempty"`
	Kind     Kind               `json:"kind,omitempty"`
	Score    int64              `json:"score"`
	Tags     []string           `json:"tags"`
	Reasons  []Told             `json:"reasons"`
	Needs    []string           `json:"needs,omitempty"`
	Services map[string]Service `json:"services"`
	Blocked  []Blocked          `json:"blocked"`
	Missing  *Lacking           `json:"missing,omitempty"`
	Persona  Persona            `json:"persona,omitempty"`
	Rules    []RuleTrace        `json:"rules"`
	Outcomes []OutcomeTrace     `json:"outcomes"`
}

// Lacking is what an input lacks.
type Lacking struct {
	Required []string   `json:"required,omitempty"`
	OneOf    [][]string `json:"one_of,omitempty"`
	Invalid  []Invalid  `json:"invalid,omitempty"`
}

// Told is a reason as it is told to a person.
type Told struct {
	Code string `json:"code"`
	Text string `json:"text"`
	Type string `json:"type,omitempty"` // adverse_action, of a denial
	Rule string `json:"rule"`
}

// AdverseAction is the type of the reasons of a denial.
const AdverseAction = "adverse_action"

// Blocked is a rule that could not be judged, and what is in the way.
type Blocked struct {
	Rule   string `json:"rule"`
	Source string `json:"source"`
	Field  string `json:"field"`
}

// RuleState is what has become of a rule.
type RuleState string

// The states of a rule.
const (
	RuleHit          RuleState = "hit"
	RuleClear        RuleState = "clear"
	RuleBlocked      RuleState = "blocked"       // data are missing, and its policy says that this blocks
	RuleNotEvaluated RuleState = "not_evaluated" // it waits for sources that were not asked
)

// RuleTrace is how one rule came out and why.
type RuleTrace struct {
	ID      string    `json:"id"`
	State   RuleState `json:"state"`
	Policy  Missing   `json:"policy,omitempty"` // that decided, as data were missing
	Reads   []Value   `json:"reads,omitempty"`
	Missing []string  `json:"missing,omitempty"`
	Needs   []string  `json:"needs,omitempty"`  // sources
	Failed  bool      `json:"failed,omitempty"` // an error other than missing data, such as a division by zero
}

// Value is something that a rule has read, under the name of its source.
type Value struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}

// OutcomeTrace is how the condition of an outcome came out.
type OutcomeTrace struct {
	Name  string       `json:"name"`
	When  string       `json:"when,omitempty"`
	State OutcomeState `json:"state"`
}

// OutcomeState is how the condition of an outcome came out.
type OutcomeState string

// The states of an outcome.
const (
	OutcomeMatched OutcomeState = "matched"
	OutcomeNot     OutcomeState = "not"
	OutcomeUnknown OutcomeState = "unknown" // sources or missing data stand before it
	OutcomeUnread  OutcomeState = "unread"  // it was settled before
)

// Bytes are the canonical bytes of a result: equal for equal cases, on every machine
// and every database.
func (r *Result) Bytes() ([]byte, error) { return encode(r) }

// ParseResult reads what Bytes wrote.
func ParseResult(raw []byte) (*Result, error) {
	var r Result
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, err
	}
	return &r, nil
}

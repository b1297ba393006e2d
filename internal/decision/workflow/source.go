package workflow

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Service is how asking a source has ended.
type Service string

// The ways in which asking a source ends (partner-decisions.md section 2).
const (
	Executed    Service = "executed"
	Cached      Service = "cached"
	Failed      Service = "failed"
	NotExecuted Service = "not_executed" // nobody needed it, or it could not be asked
)

// Response is what a source has answered: the bytes as they came, or why there are
// none.
type Response struct {
	Status    Service         `json:"status"`
	ErrorCode string          `json:"error_code,omitempty"` // of a failure, or why it could not be asked
	Body      json.RawMessage `json:"body,omitempty"`
}

// The names of the sources.
const (
	PlaidAccount       = "plaid_account"
	PlaidAuth          = "plaid_auth"
	PlaidIdentity      = "plaid_identity"
	PlaidIdentityMatch = "plaid_identity_match"
	PlaidBalance       = "plaid_balance"
	PlaidIDV           = "plaid_idv"
	History            = "history"
)

// fact is one thing that a source tells, under a flat name that rules can read.
type fact struct {
	name  string
	kind  kind
	about string
}

// kind is the type of a fact or an input.
type kind int

const (
	text kind = iota
	integer
	boolean
	texts // a list of texts
)

// catalogue is a source: what it tells, and how that is taken out of its answer.
// The values returned are string, int64, bool or []string; what the answer does not
// say is not in the map.
type catalogue struct {
	about string
	facts []fact
	take  func(body []byte) (map[string]any, error)
}

// sources are all sources that a document may name.
var sources = map[string]*catalogue{
	PlaidAccount:       &plaidAccount,
	PlaidAuth:          &plaidAuth,
	PlaidIdentity:      &plaidIdentity,
	PlaidIdentityMatch: &plaidIdentityMatch,
	PlaidBalance:       &plaidBalance,
	PlaidIDV:           &plaidIDV,
	History:            &history,
}

// SourceNames are the names of all sources, sorted.
func SourceNames() []string { return slices.Sorted(maps.Keys(sources)) }

// Fact describes one fact of a source to people.
type Fact struct {
	Name        string `json:"name"`
	Type        string `json:"type"`
	Description string `json:"description"`
}

// Facts are what a source tells, in order; nil for a source that does not exist.
func Facts(source string) []Fact {
	c := sources[source]
	if c == nil {
		return nil
	}
	list := make([]Fact, len(c.facts))
	for i, f := range c.facts {
		list[i] = Fact{source + "." + f.name, f.kind.String(), f.about}
	}
	return list
}

// String is the name of a kind in the language of rules.
func (k kind) String() string {
	return [...]string{"string", "int", "bool", "list(string)"}[k]
}

// extract takes the facts out of an answer. An answer that is not what the source
// sends counts as a failure, never as an answer without data.
func (c *catalogue) extract(r Response) (map[string]any, error) {
	if r.Status != Executed && r.Status != Cached {
		return nil, nil
	}
	values, err := c.take(r.Body)
	if err != nil {
		return nil, fmt.Errorf("workflow: %w", err)
	}
	return values, nil
}

// set puts a value under a name unless it is null.
func set[T string | int64 | bool](values map[string]any, name string, v *T) {
	if v != nil {
		values[name] = *v
	}
}

// clipped keeps lists and texts of an answer within the bounds that the cost of
// rules is estimated by.
func clipped(list []string) []string {
	list = list[:min(len(list), maxItems)]
	for i, s := range list {
		list[i] = clip(s)
	}
	return list
}

func clip(s string) string {
	n := 0
	for i := range s {
		if n++; n > maxText {
			return s[:i]
		}
	}
	return s
}

// Extract takes the facts of a source out of its answer; nil where there are none.
func Extract(source string, r Response) map[string]any {
	c := sources[source]
	if c == nil {
		return nil
	}
	values, err := c.extract(r)
	if err != nil {
		return nil
	}
	return values
}

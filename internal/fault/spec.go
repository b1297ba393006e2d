package fault

import (
	"slices"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Spec is a fault: one kind of trouble (Path, Outage, Webhook, RateLimits or Chaos)
// and when it strikes.
type Spec struct {
	// Path is a path that Plaid documents, or several: /auth/*, or * for all.
	Path    string   `json:"path,omitempty" max:"200"`
	Outage  *Outage  `json:"outage,omitzero"`
	Webhook *Webhook `json:"webhook,omitzero"`
	// RateLimits counts calls by the documented limits.
	RateLimits string `json:"rate_limits,omitempty" enum:"plaid,plaid-production"`
	// Chaos does what the API does not promise not to do.
	Chaos string `json:"chaos,omitempty" enum:"mild"`

	// Only narrows Path to some callers, and Webhook to some receivers.
	Only Only `json:"only,omitzero"`

	ErrorCode    string `json:"error_code,omitempty" max:"64"`
	ErrorMessage string `json:"error_message,omitempty" max:"1000"` // the code's own unless given
	// Disconnect closes the connection instead of answering.
	Disconnect bool `json:"disconnect,omitzero"`
	// When is before (nothing was done) or after: it was done, and the answer is
	// lost.
	When      string `json:"when,omitempty" enum:"before,after"`
	LatencyMS int64  `json:"latency_ms,omitzero" min:"0" max:"50000"`
	// JitterMS is added to the latency, from none of it to all.
	JitterMS int64 `json:"jitter_ms,omitzero" min:"0" max:"50000"`

	// Skip lets the first calls pass, and Count is how often it strikes after
	// them; 0 for ever.
	Skip  int64 `json:"skip,omitzero" min:"0" max:"1000000"`
	Count int64 `json:"count,omitzero" min:"0" max:"1000000"`
	// Probability is how likely it strikes; 1 unless given.
	Probability *float64 `json:"probability,omitzero" min:"0" max:"1"`
	// ForSeconds is how long it lasts, by the sandbox's clock; 0 until cleared.
	ForSeconds int64 `json:"for_seconds,omitzero" min:"0" max:"31536000"`
}

// Outage is a bank that is not well.
type Outage struct {
	InstitutionID string `json:"institution_id" required:"true" min:"1" max:"64"`
	Health        string `json:"health" required:"true" enum:"down,degraded,unsupported,healthy"`
}

// Only narrows a fault to calls by a client, about an Item, or about an Item of
// an institution or the institution itself. Empty members do not.
type Only struct {
	ClientID      string `json:"client_id,omitempty" max:"64"`
	ItemID        string `json:"item_id,omitempty" max:"64"`
	InstitutionID string `json:"institution_id,omitempty" max:"64"`
}

// The values of Spec.When.
const (
	before = "before"
	after  = "after"
)

// wait is the longest that a call may be held up: the server gives a minute.
const wait = 50_000

// check says what is wrong with a Spec whose values are each allowed; at is what
// stands before the names of its members.
func (s Spec) check(at string, known func(institutionID string) bool) error {
	kinds := 0
	for _, set := range []bool{s.Path != "", s.Outage != nil, s.Webhook != nil, s.RateLimits != "", s.Chaos != ""} {
		if set {
			kinds++
		}
	}
	if kinds != 1 {
		return plaid.InvalidField(at + "path, outage, webhook, rate_limits or chaos must be given, and one of them only")
	}
	if s.Path != "" {
		return s.checkPath(at)
	}
	if s.Webhook != nil {
		bare := Spec{Webhook: s.Webhook, Only: s.Only, Skip: s.Skip, Count: s.Count, Probability: s.Probability, ForSeconds: s.ForSeconds}
		if s != bare {
			return plaid.InvalidField(at + "path must be given: error_code, error_message, disconnect, when, latency_ms and jitter_ms belong to it")
		}
		return s.Webhook.check(at, s.Only)
	}
	bare := Spec{Outage: s.Outage, RateLimits: s.RateLimits, Chaos: s.Chaos, ForSeconds: s.ForSeconds}
	if s != bare {
		return plaid.InvalidField(at + "path must be given: the other members but for_seconds belong to it or to webhook")
	}
	if s.Outage != nil && !known(s.Outage.InstitutionID) {
		return plaid.InvalidField(at + "outage.institution_id must be an institution of the catalogue")
	}
	return nil
}

func (s Spec) checkPath(at string) error {
	if !slices.ContainsFunc(plaid.Paths(), func(p plaid.Path) bool { return s.reaches(p.Path) }) {
		return plaid.InvalidField(at + "path must be a path of the API such as /auth/get, several such as /auth/*, or *")
	}
	if _, ok := plaid.AnyByCode(s.ErrorCode); s.ErrorCode != "" && !ok {
		return plaid.InvalidField(at + "error_code must be an error code of the API such as ITEM_LOGIN_REQUIRED")
	}
	switch {
	case s.ErrorCode != "" && s.Disconnect:
		return plaid.InvalidField(at + "error_code must be left out with disconnect: there is no answer")
	case s.ErrorMessage != "" && s.ErrorCode == "":
		return plaid.InvalidField(at + "error_code must be given with error_message")
	case s.When == after && !s.breaks():
		return plaid.InvalidField(at + "error_code or disconnect must be given when the answer is to be lost")
	case !s.breaks() && s.LatencyMS+s.JitterMS == 0:
		return plaid.InvalidField(at + "error_code, disconnect, latency_ms or jitter_ms must be given")
	case s.LatencyMS+s.JitterMS > wait:
		return plaid.InvalidField(at + "latency_ms and jitter_ms must be at most 50000 together")
	}
	return nil
}

// breaks reports whether the call ends badly, and not only late.
func (s Spec) breaks() bool { return s.ErrorCode != "" || s.Disconnect }

// reaches reports whether a path is one of those that Path names.
func (s Spec) reaches(path string) bool {
	if prefix, ok := strings.CutSuffix(s.Path, "*"); ok {
		return (prefix == "" || strings.HasSuffix(prefix, "/")) && strings.HasPrefix(path, prefix)
	}
	return s.Path == path
}

// problem is the error that a call ends with.
func (s Spec) problem() *plaid.Error {
	e, ok := plaid.AnyByCode(s.ErrorCode)
	if !ok {
		return plaid.InternalServerError // a row of another version
	}
	if s.ErrorMessage != "" {
		return e.WithMessage(s.ErrorMessage)
	}
	return e
}

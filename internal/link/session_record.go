package link

import (
	"context"
	"time"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// SessionReader tells which Link sessions ran on a link token. It is what
// /link/token/get needs of Sessions.
type SessionReader interface {
	// ForToken lists the sessions of a token, the oldest first. It leaves out
	// those that ended more than six hours ago.
	ForToken(ctx context.Context, tokenID string) ([]SessionRecord, error)
}

// SessionRecord is what /link/token/get tells of one Link session.
type SessionRecord struct {
	LinkSessionID string
	StartedAt     time.Time
	FinishedAt    time.Time    // zero while the session is under way
	Items         []ItemAdded  // what the session linked, in order
	Withheld      []ItemAdded  // what it linked and did not tell (Step.Withholds)
	Exit          *SessionExit // set when the person left without an Item
	Events        []EventRecord
}

// ItemAdded is one Item that a session linked.
type ItemAdded struct {
	PublicToken string
	Institution *InstitutionRef // nil when the Item has none
	Accounts    []AccountRef
}

// InstitutionRef names an institution as Link's callbacks do.
type InstitutionRef struct {
	Name string `json:"name"`
	ID   string `json:"institution_id"`
}

// AccountRef names an account as Link's callbacks do.
type AccountRef struct {
	ID                 string  `json:"id"`
	Name               string  `json:"name"`
	Mask               *string `json:"mask"`
	Type               string  `json:"type"`
	Subtype            string  `json:"subtype"`
	VerificationStatus *string `json:"verification_status"`
	ClassType          *string `json:"class_type"` // deprecated, always null
}

// SessionExit is how a session ended without an Item.
type SessionExit struct {
	Error       *plaid.Error // nil when the person simply left
	RequestID   string       // of the last call that the session made
	Institution *InstitutionRef
	Status      string // the pane the person left, such as requires_credentials
}

// EventRecord is one Link event.
type EventRecord struct {
	ID       string
	Name     string
	At       time.Time
	Metadata EventMetadata
}

// EventMetadata is what comes with an event. Unlike in the browser, where every
// key is there, /link/token/get leaves out those that do not apply (schema
// LinkEventMetadata: none is nullable).
type EventMetadata struct {
	ErrorCode              string `json:"error_code,omitempty"`
	ErrorMessage           string `json:"error_message,omitempty"`
	ErrorType              string `json:"error_type,omitempty"`
	ExitStatus             string `json:"exit_status,omitempty"`
	InstitutionID          string `json:"institution_id,omitempty"`
	InstitutionName        string `json:"institution_name,omitempty"`
	InstitutionSearchQuery string `json:"institution_search_query,omitempty"`
	RequestID              string `json:"request_id,omitempty"`
	MFAType                string `json:"mfa_type,omitempty"`
	ViewName               string `json:"view_name,omitempty"`
	Selection              string `json:"selection,omitempty"`
	BrandName              string `json:"brand_name,omitempty"`
	MatchReason            string `json:"match_reason,omitempty"`
	RoutingNumber          string `json:"routing_number,omitempty"`
	AccountNumberMask      string `json:"account_number_mask,omitempty"`
	// ViewVariant is told in the browser alone: no schema has it.
	ViewVariant string `json:"view_variant,omitempty"`
}

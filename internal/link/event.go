package link

import (
	"time"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/team"
)

// EventName is the name of an event that onEvent and /link/token/get tell
// (link-web.md section 2.2).
type EventName string

// The events of the flows so far.
const (
	EventOpen              EventName = "OPEN"
	EventExit              EventName = "EXIT"
	EventHandoff           EventName = "HANDOFF"
	EventError             EventName = "ERROR"
	EventTransitionView    EventName = "TRANSITION_VIEW"
	EventSearchInstitution EventName = "SEARCH_INSTITUTION"
	EventSelectInstitution EventName = "SELECT_INSTITUTION"
	EventMatchedSelect     EventName = "MATCHED_SELECT_INSTITUTION"
	EventSelectDegraded    EventName = "SELECT_DEGRADED_INSTITUTION"
	EventSelectDown        EventName = "SELECT_DOWN_INSTITUTION"
	EventSelectFiltered    EventName = "SELECT_FILTERED_INSTITUTION"
	EventSubmitCredentials EventName = "SUBMIT_CREDENTIALS"
	EventSubmitMFA         EventName = "SUBMIT_MFA"
	EventSelectAuthType    EventName = "SELECT_AUTH_TYPE"
	EventSubmitRouting     EventName = "SUBMIT_ROUTING_NUMBER"
	EventSubmitAccount     EventName = "SUBMIT_ACCOUNT_NUMBER"
	EventOpenOAuth         EventName = "OPEN_OAUTH"
	EventCloseOAuth        EventName = "CLOSE_OAUTH"
	EventFailOAuth         EventName = "FAIL_OAUTH"

	// Whether the owners of the accounts are the person of the link token.
	EventIdentityMatchPassed EventName = "IDENTITY_MATCH_PASSED"
	EventIdentityMatchFailed EventName = "IDENTITY_MATCH_FAILED"

	// The person hands documents in, and what comes of it.
	EventSubmitDocuments    EventName = "SUBMIT_DOCUMENTS"
	EventDocumentsSubmitted EventName = "SUBMIT_DOCUMENTS_SUCCESS"
	EventDocumentsRefused   EventName = "SUBMIT_DOCUMENTS_ERROR"
)

// Event is one event as onEvent tells it.
type Event struct {
	Name     string   `json:"event_name"`
	Metadata Metadata `json:"metadata"`
}

// Metadata is the metadata object of onEvent. On the web every key is always
// there, null when unused (link-web.md section 2.1).
type Metadata struct {
	LinkSessionID   string  `json:"link_session_id"`
	RequestID       string  `json:"request_id"`
	Timestamp       string  `json:"timestamp"` // ISO 8601 with milliseconds
	InstitutionID   *string `json:"institution_id"`
	InstitutionName *string `json:"institution_name"`
	ViewName        *string `json:"view_name"`
	MFAType         *string `json:"mfa_type"`
	ErrorType       *string `json:"error_type"`
	ErrorCode       *string `json:"error_code"`
	ErrorMessage    *string `json:"error_message"`
	ExitStatus      *string `json:"exit_status"`
	SearchQuery     *string `json:"institution_search_query"`
	IsUpdateMode    *string `json:"is_update_mode"` // "true" or "false", on OPEN
	MatchReason     *string `json:"match_reason"`
	RoutingNumber   *string `json:"routing_number"`
	NumberMask      *string `json:"account_number_mask"`
	Selection       *string `json:"selection"`
	// ViewVariant is documented in one guide and in no type, so it is there only
	// where it says something (link-web.md section 2.1).
	ViewVariant *string `json:"view_variant,omitempty"`
}

// isoMillis is the form of metadata.timestamp.
const isoMillis = "2006-01-02T15:04:05.000Z"

// web is the event as the host page is told it.
func (r EventRecord) web(sessionID string, updateMode bool) Event {
	m := r.Metadata
	out := Metadata{
		LinkSessionID: sessionID, RequestID: m.RequestID, Timestamp: r.At.UTC().Format(isoMillis),
		InstitutionID: plaid.OrNull(m.InstitutionID), InstitutionName: plaid.OrNull(m.InstitutionName),
		ViewName: plaid.OrNull(m.ViewName), MFAType: plaid.OrNull(m.MFAType),
		ErrorType: plaid.OrNull(m.ErrorType), ErrorCode: plaid.OrNull(m.ErrorCode), ErrorMessage: plaid.OrNull(m.ErrorMessage),
		ExitStatus: plaid.OrNull(m.ExitStatus), SearchQuery: plaid.OrNull(m.InstitutionSearchQuery), MatchReason: plaid.OrNull(m.MatchReason),
		RoutingNumber: plaid.OrNull(m.RoutingNumber), NumberMask: plaid.OrNull(m.AccountNumberMask),
		Selection: plaid.OrNull(m.Selection), ViewVariant: plaid.OrNull(m.ViewVariant),
	}
	if r.Name == string(EventOpen) {
		mode := "false"
		if updateMode {
			mode = "true"
		}
		out.IsUpdateMode = &mode
	}
	return Event{Name: r.Name, Metadata: out}
}

// live reports whether the sessions of a token tell the host page of events as
// they happen, rather than at the end as documented (link-web.md section 1.4).
func (s *Sessions) live(t Token) bool {
	if t.Verification != nil { // the official quickstart keeps the id on START_STEP
		return true
	}
	if t.Custom.Events != "" {
		return t.Custom.Events == team.EventsRealtime
	}
	return s.cfg.Realtime
}

// about fills in the error_* keys.
func (m *EventMetadata) about(e *plaid.Error) {
	if e != nil {
		m.ErrorType, m.ErrorCode, m.ErrorMessage = e.Type, e.Code, e.Message
	}
}

// stampAll gives staged events their times and returns the last: now, or a
// millisecond after the event before where the clock has not moved on. A
// receiver has nothing but the time to order events by (link-web.md section
// 1.4), so no two are the same.
func stampAll(events []EventRecord, last, now time.Time) time.Time {
	for i := range events {
		at := now
		if !at.After(last) {
			at = last.Add(time.Millisecond)
		}
		events[i].At, last = at, at
	}
	return last
}

package contact

import "time"

// Status is how the latest verification of a contact stands (contacts-graphql.md
// section 7, "ContactIdentity extension").
type Status string

// The statuses.
const (
	Unverified    Status = "UNVERIFIED"
	Active        Status = "ACTIVE"
	PendingReview Status = "PENDING_REVIEW"
	Verified      Status = "VERIFIED"
	Failed        Status = "FAILED"
	Expired       Status = "EXPIRED"
	Canceled      Status = "CANCELED"
)

// Identity is the result of the latest verification of a contact.
type Identity struct {
	VerificationID  string         `json:"verification_id,omitempty"`
	TemplateID      string         `json:"template_id,omitempty"`
	TemplateVersion int32          `json:"template_version,omitempty"`
	Steps           []IdentityStep `json:"steps,omitempty"`
	StartedAt       time.Time      `json:"started_at,omitzero"`
	CompletedAt     time.Time      `json:"completed_at,omitzero"`
	SessionID       string         `json:"session_id,omitempty"`
	Attempts        int32          `json:"attempts,omitempty"` // sessions in which the contact was there
}

// IdentityStep is how one step of a verification stands, in the words of the Plaid
// API.
type IdentityStep struct {
	Name   string `json:"name"`
	Status string `json:"status"`
}

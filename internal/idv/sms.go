package idv

import "time"

// Limits of a telephone number (schema SMSVerification): how often a code is sent
// to it, and how often it may be entered.
const (
	maxDeliveries = 3
	maxSolves     = 3
)

// Message is what became of one telephone number of verify_sms.
type Message struct {
	Status     string    `json:"status"` // pending, success, failed or canceled
	Phone      string    `json:"phone,omitempty"`
	Code       string    `json:"code,omitempty"`
	Deliveries int64     `json:"deliveries"`
	Solves     int64     `json:"solves"`
	FirstSent  time.Time `json:"first_sent,omitzero"`
	LastSent   time.Time `json:"last_sent,omitzero"`
	RedactedAt time.Time `json:"redacted_at,omitzero"`
}

// The statuses of a message.
const (
	messagePending  = "pending"
	messageSuccess  = "success"
	messageFailed   = "failed"
	messageCanceled = "canceled"
)

// smsOut is schema VerifySMSDetails.
type smsOut struct {
	Status        string       `json:"status"` // success or failed
	Verifications []messageOut `json:"verifications"`
}

// messageOut is schema SMSVerification.
type messageOut struct {
	Status     string  `json:"status"`
	Attempt    int64   `json:"attempt"`
	Phone      *string `json:"phone_number"`
	Deliveries int64   `json:"delivery_attempt_count"`
	Solves     int64   `json:"solve_attempt_count"`
	FirstSent  *string `json:"initially_sent_at"`
	LastSent   *string `json:"last_sent_at"`
	RedactedAt *string `json:"redacted_at"`
}

// smsOut tells of verify_sms once it has come to something: its status is success
// or failed (schema VerifySMSDetails).
func (a *Attempt) smsOut() *smsOut {
	if !decided(a.Steps[VerifySMS]) {
		return nil
	}
	out := &smsOut{Status: string(a.Steps[VerifySMS]), Verifications: []messageOut{}}
	for i, m := range a.Messages {
		out.Verifications = append(out.Verifications, messageOut{
			Status: m.Status, Attempt: int64(i + 1), Phone: orNull(m.Phone), Deliveries: m.Deliveries, Solves: m.Solves,
			FirstSent: stampOrNull(m.FirstSent), LastSent: stampOrNull(m.LastSent), RedactedAt: stampOrNull(m.RedactedAt),
		})
	}
	return out
}

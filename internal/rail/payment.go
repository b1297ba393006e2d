package rail

import (
	"time"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Kind is the way a payment travels.
type Kind string

// The rails.
const (
	SameDayACH Kind = "same_day_ach"
	RTP        Kind = "rtp"
	FedNow     Kind = "fednow"
)

// State is how far a payment has come.
type State string

// The states; doc.go has how they follow each other.
const (
	Accepted State = "accepted"
	Built    State = "built"
	Sent     State = "sent"
	Posted   State = "posted"
	Reversed State = "reversed"
	Failed   State = "failed"
)

// Order asks for a payment in US dollars.
type Order struct {
	Kind     Kind
	ClientID string // whose payment it is
	Subject  string // what it is for, in the words of the room that orders it
	Cents    int
	Payee    Payee
	// Statement is what the receiver's statement begins with, up to 16 ASCII
	// characters; " ACCTVERIFY" follows.
	Statement string
}

// Payee is the account that is paid.
type Payee struct {
	Routing string `json:"routing"` // ABA routing number
	Account string `json:"account"`
	Savings bool   `json:"savings,omitempty"`
	Name    string `json:"name"`
}

// Payment is an order that was accepted.
type Payment struct {
	ID       string
	ClientID string
	Subject  string
	Kind     Kind
	State    State
	Cents    int
	// Trace finds the payment in what comes back: a trace number for ACH, the
	// end-to-end id for the others. Empty until it is in a file.
	Trace     string
	FileID    string
	SettlesAt time.Time // of the window of a Same Day deposit
	CreatedAt time.Time
	ChangedAt time.Time

	payee sealedPayee
}

// sealedPayee is stored sealed: what only the file needs.
type sealedPayee struct {
	Payee     Payee  `json:"payee"`
	Statement string `json:"statement"`
}

// EventType is what /bank_transfer/event/* calls a change.
type EventType string

// The types that a micro-deposit has.
const (
	EventPending  EventType = "pending"
	EventPosted   EventType = "posted"
	EventReversed EventType = "reversed"
	EventFailed   EventType = "failed"
)

// Event is one change of a payment.
type Event struct {
	Number    int64 // rises over all clients, by one
	PaymentID string
	ClientID  string
	Type      EventType
	Code      string // a return code (R03) or status reason (AC03), "" when none
	Words     string // what the code means
	At        time.Time
}

// check refuses an order that no rail can carry. The messages name fields in the
// words of a caller of the API.
func (o Order) check() error {
	switch {
	case o.Kind != SameDayACH && o.Kind != RTP && o.Kind != FedNow:
		return plaid.InvalidField("the rail must be one of [same_day_ach, rtp, fednow]")
	case o.Cents < 1 || o.Cents > 100_000_000:
		return plaid.InvalidField("the amount must be between 0.01 and 1000000.00")
	case o.ClientID == "" || o.Subject == "" || o.Statement == "" || len(o.Statement) > 16:
		return plaid.InvalidField("the payment must say whose it is, what for, and what the statement says")
	}
	return nil
}

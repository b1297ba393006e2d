package rail

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/rail/nacha"
)

// Endpoints are /bank_transfer/event/* and the sandbox's lever beside them: what
// becomes of micro-deposits (plaid-server-api.md section 7.6).
func (r *Rails) Endpoints() []api.Endpoint {
	return []api.Endpoint{
		api.Post("/bank_transfer/event/list", r.eventList, api.Summary("List the events of micro-deposits, the newest first")),
		api.Post("/bank_transfer/event/sync", r.eventSync, api.Summary("Read the events of micro-deposits since an event")),
		api.Post("/sandbox/bank_transfer/simulate", r.simulate, api.Sandbox(), api.Summary("Let a micro-deposit be posted, fail or be reversed")),
		api.Post("/sandbox/bank_transfer/fire_webhook", r.fire, api.Sandbox(), api.Summary("Send the webhook of new micro-deposit events to an address")),
		api.Post("/sandbox/bank_transfer/webhook/set", r.setWebhook, api.Sandbox(), api.Summary("Decide where the webhook of new micro-deposit events goes")),
	}
}

type eventListRequest struct {
	StartDate            *string  `json:"start_date"`
	EndDate              *string  `json:"end_date"`
	BankTransferID       *string  `json:"bank_transfer_id" max:"200"`
	AccountID            *string  `json:"account_id" max:"200"`
	BankTransferType     *string  `json:"bank_transfer_type" enum:"debit,credit"`
	EventTypes           []string `json:"event_types" enum:"pending,cancelled,failed,posted,reversed"`
	Count                *int     `json:"count" min:"1" max:"25"`
	Offset               *int     `json:"offset" min:"0"`
	OriginationAccountID *string  `json:"origination_account_id" max:"200"`
	Direction            *string  `json:"direction" enum:"inbound,outbound"`
}

type eventSyncRequest struct {
	AfterID *int64 `json:"after_id" required:"true" min:"0"`
	Count   *int   `json:"count" min:"1" max:"25"`
}

type eventsAnswer struct {
	Events []eventOut `json:"bank_transfer_events"`
}

// eventOut is schema BankTransferEvent.
type eventOut struct {
	ID            int64      `json:"event_id"`
	Timestamp     string     `json:"timestamp"`
	Type          EventType  `json:"event_type"`
	AccountID     string     `json:"account_id"`
	TransferID    string     `json:"bank_transfer_id"`
	Origination   *string    `json:"origination_account_id"` // micro-deposits have none
	TransferType  string     `json:"bank_transfer_type"`
	Amount        string     `json:"bank_transfer_amount"`
	Currency      string     `json:"bank_transfer_iso_currency_code"`
	FailureReason *reasonOut `json:"failure_reason"`
	Direction     string     `json:"direction"`
}

// reasonOut is schema BankTransferFailure: an ACH return code comes with a
// reversal only.
type reasonOut struct {
	ReturnCode  *string `json:"ach_return_code"`
	Description string  `json:"description"`
}

// pageSize is how many events one answer has at most, and by default.
const pageSize = 25

func (r *Rails) eventSync(ctx context.Context, call api.Call, in eventSyncRequest) (eventsAnswer, error) {
	return r.answer(ctx, r.where(call).and(`e.number > `, *in.AfterID), `e.number`, orElse(in.Count, pageSize), 0)
}

func (r *Rails) eventList(ctx context.Context, call api.Call, in eventListRequest) (eventsAnswer, error) {
	w := r.where(call)
	for _, bound := range []struct {
		value *string
		name  string
		is    string
	}{{in.StartDate, "start_date", `e.at >= `}, {in.EndDate, "end_date", `e.at <= `}} {
		if bound.value == nil {
			continue
		}
		at, err := time.Parse(time.RFC3339, *bound.value)
		if err != nil {
			return eventsAnswer{}, plaid.InvalidField(bound.name + " must be a time such as 2019-12-06T22:35:49Z (RFC 3339)")
		}
		w.and(bound.is, clock.Millis(at))
	}
	if in.BankTransferID != nil {
		w.and(`e.payment_id = `, *in.BankTransferID)
	}
	if in.AccountID != nil {
		w.and(`p.subject = `, *in.AccountID)
	}
	if len(in.EventTypes) > 0 {
		w.in(`e.type`, in.EventTypes)
	}
	// Micro-deposits are credits that go out and have no origination account.
	none := in.OriginationAccountID != nil || in.BankTransferType != nil && *in.BankTransferType != "credit" || in.Direction != nil && *in.Direction != "outbound"
	if none {
		return eventsAnswer{Events: []eventOut{}}, nil
	}
	return r.answer(ctx, w, `e.number DESC`, orElse(in.Count, pageSize), orElse(in.Offset, 0))
}

func orElse(n *int, otherwise int) int {
	if n == nil {
		return otherwise
	}
	return *n
}

// condition is a WHERE clause with its arguments.
type condition struct {
	sql  strings.Builder
	args []any
}

// where begins with what every answer is limited to: the caller's own payments.
func (r *Rails) where(call api.Call) *condition {
	c := &condition{}
	return c.and(`e.client_id = `, call.Caller.ClientID)
}

func (c *condition) and(is string, value any) *condition {
	if len(c.args) > 0 {
		c.sql.WriteString(` AND `)
	}
	c.args = append(c.args, value)
	fmt.Fprintf(&c.sql, `%s$%d`, is, len(c.args))
	return c
}

func (c *condition) in(column string, values []string) {
	marks := make([]string, len(values))
	for i, v := range values {
		c.args = append(c.args, v)
		marks[i] = fmt.Sprintf(`$%d`, len(c.args))
	}
	fmt.Fprintf(&c.sql, ` AND %s IN (%s)`, column, strings.Join(marks, `, `))
}

// answer reads a page of events.
func (r *Rails) answer(ctx context.Context, w *condition, order string, count, offset int) (eventsAnswer, error) {
	n := len(w.args)
	query := fmt.Sprintf(`SELECT e.number, e.payment_id, e.type, e.code, e.words, e.at, p.subject, p.cents
 FROM rail_event e JOIN rail_payment p ON p.id = e.payment_id WHERE %s ORDER BY %s LIMIT $%d OFFSET $%d`, w.sql.String(), order, n+1, n+2)
	rows, err := r.db.Query(ctx, query, append(w.args, count, offset)...)
	if err != nil {
		return eventsAnswer{}, fmt.Errorf("rail: events: %w", err)
	}
	defer rows.Close()
	out := eventsAnswer{Events: []eventOut{}}
	for rows.Next() {
		e := eventOut{TransferType: "credit", Currency: "USD", Direction: "outbound"}
		var code, words string
		var at, cents int64
		if err := rows.Scan(&e.ID, &e.TransferID, &e.Type, &code, &words, &at, &e.AccountID, &cents); err != nil {
			return out, fmt.Errorf("rail: events: %w", err)
		}
		e.Timestamp = clock.FromMillis(at).Format("2006-01-02T15:04:05Z")
		e.Amount = fmt.Sprintf("%d.%02d", cents/100, cents%100)
		e.FailureReason = reason(e.Type, code, words)
		out.Events = append(out.Events, e)
	}
	return out, rows.Err()
}

func reason(t EventType, code, words string) *reasonOut {
	if t != EventFailed && t != EventReversed {
		return nil
	}
	out := &reasonOut{Description: words}
	if t == EventReversed && code != "" {
		out.ReturnCode = &code
	} else if words == "" {
		out.Description = code
	}
	return out
}

type simulateRequest struct {
	BankTransferID string    `json:"bank_transfer_id" required:"true" max:"200"`
	EventType      string    `json:"event_type" required:"true" max:"50"`
	FailureReason  *reasonIn `json:"failure_reason"`
}

type reasonIn struct {
	ReturnCode  *string `json:"ach_return_code" max:"3"`
	Description string  `json:"description" max:"500"`
}

type simulateAnswer struct{}

// simulate is the lever of /sandbox/bank_transfer/simulate. A reversal without a
// reason is the one of the documentation's examples: R03.
func (r *Rails) simulate(ctx context.Context, call api.Call, in simulateRequest) (simulateAnswer, error) {
	var code, words string
	if in.FailureReason != nil {
		code, words = orEmpty(in.FailureReason.ReturnCode), in.FailureReason.Description
	}
	if code == "" && EventType(in.EventType) == EventReversed {
		code = "R03"
	}
	if words == "" {
		words = nacha.ReturnWords(code)
	}
	return simulateAnswer{}, r.Simulate(ctx, call.Caller.ClientID, in.BankTransferID, EventType(in.EventType), code, words)
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

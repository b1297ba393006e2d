package link

import (
	"slices"

	"github.com/glencheck-dev/glencheck/internal/api"
)

// sessionOut is schema LinkTokenGetSessionsResponse. on_success and on_exit are
// deprecated twins of results and exit.
type sessionOut struct {
	LinkSessionID string      `json:"link_session_id"`
	StartedAt     string      `json:"started_at"`
	FinishedAt    *string     `json:"finished_at"`
	OnSuccess     *successOut `json:"on_success"`
	OnExit        *exitOut    `json:"on_exit"`
	Exit          *exitOut    `json:"exit"`
	Events        []eventOut  `json:"events"`
	Results       *resultsOut `json:"results"`
}

// successOut is schema LinkSessionSuccess.
type successOut struct {
	PublicToken string          `json:"public_token"`
	Metadata    successMetadata `json:"metadata"`
}

type successMetadata struct {
	Institution    *InstitutionRef `json:"institution"`
	Accounts       []AccountRef    `json:"accounts"`
	LinkSessionID  string          `json:"link_session_id"`
	TransferStatus *string         `json:"transfer_status"`
}

// exitOut is schema LinkSessionExit.
type exitOut struct {
	Error    api.Raw      `json:"error"`
	Metadata exitMetadata `json:"metadata"`
}

type exitMetadata struct {
	Institution   *InstitutionRef `json:"institution"`
	Status        string          `json:"status,omitzero"`
	LinkSessionID string          `json:"link_session_id"`
	RequestID     string          `json:"request_id,omitzero"`
}

// eventOut is schema LinkEvent.
type eventOut struct {
	Name      string        `json:"event_name"`
	Timestamp string        `json:"timestamp"`
	ID        string        `json:"event_id"`
	Metadata  EventMetadata `json:"event_metadata"`
}

// resultsOut is schema LinkSessionResults. Sessions that link accounts have
// results of one kind; the other lists are required and stay empty.
type resultsOut struct {
	ItemAdds       []itemAddOut `json:"item_add_results"`
	CRAItemAdds    []struct{}   `json:"cra_item_add_results"`
	CRAUpdates     []struct{}   `json:"cra_update_results"`
	BankIncome     []struct{}   `json:"bank_income_results"`
	PayrollIncome  []struct{}   `json:"payroll_income_results"`
	DocumentIncome *struct{}    `json:"document_income_results"`
}

type itemAddOut struct {
	PublicToken string          `json:"public_token"`
	Accounts    []AccountRef    `json:"accounts"`
	Institution *InstitutionRef `json:"institution"`
}

// sessionAnswer renders what is known of a session.
func sessionAnswer(r SessionRecord) sessionOut {
	out := sessionOut{LinkSessionID: r.LinkSessionID, StartedAt: stamp(r.StartedAt), Events: eventsOut(r.Events)}
	if !r.FinishedAt.IsZero() {
		finished := stamp(r.FinishedAt)
		out.FinishedAt = &finished
	}
	if all := slices.Concat(r.Items, r.Withheld); len(all) > 0 {
		out.Results = &resultsOut{ItemAdds: make([]itemAddOut, len(all))}
		for i, item := range all {
			out.Results.ItemAdds[i] = item.answer()
		}
	}
	if len(r.Items) > 0 {
		first := out.Results.ItemAdds[0]
		out.OnSuccess = &successOut{PublicToken: first.PublicToken, Metadata: successMetadata{
			Institution: first.Institution, Accounts: first.Accounts, LinkSessionID: r.LinkSessionID,
		}}
	}
	if r.Exit != nil {
		out.Exit = r.Exit.answer(r.LinkSessionID)
		out.OnExit = out.Exit
	}
	return out
}

func eventsOut(events []EventRecord) []eventOut {
	out := make([]eventOut, len(events))
	for i, e := range events {
		e.Metadata.ViewVariant = ""
		out[i] = eventOut{Name: e.Name, Timestamp: e.At.UTC().Format(isoMillis), ID: e.ID, Metadata: e.Metadata}
	}
	return out
}

func (i ItemAdded) answer() itemAddOut {
	return itemAddOut{PublicToken: i.PublicToken, Accounts: i.Accounts, Institution: i.Institution}
}

func (e *SessionExit) answer(sessionID string) *exitOut {
	out := &exitOut{Metadata: exitMetadata{
		Institution: e.Institution, Status: e.Status, LinkSessionID: sessionID, RequestID: e.RequestID,
	}}
	if e.Error != nil {
		out.Error = api.ErrorJSON(e.Error, e.RequestID)
	}
	return out
}

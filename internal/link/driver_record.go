package link

import (
	"context"
	"errors"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// How a session stands, as its record says it.
const (
	StateOpen      = "open"
	StateSucceeded = "succeeded"
	StateExited    = "exited"
	StateExpired   = "expired" // nobody came back before the link token expired
	StateRefused   = "refused" // before it began
)

// stateOf is the word for each ending.
var stateOf = map[string]string{"": StateOpen, endingSuccess: StateSucceeded, endingExit: StateExited, endingExpired: StateExpired}

// RecordRequest is the request of /sandbox/link/session/get: one of the two.
type RecordRequest struct {
	Session       string `json:"session" max:"200"`
	LinkSessionID string `json:"link_session_id" max:"100"`
}

// RecordAnswer is the answer of /sandbox/link/session/get.
type RecordAnswer struct {
	Session DriverRecord `json:"session"`
}

// DriverRecord is all that is known of a session. A session that was refused has
// no pane.
type DriverRecord struct {
	LinkSessionID string          `json:"link_session_id"`
	State         string          `json:"state"`
	Flow          string          `json:"flow,omitempty"`
	View          View            `json:"view,omitempty"` // the present pane, or the last
	Seq           int64           `json:"seq"`
	ExitStatus    string          `json:"exit_status,omitempty"` // of an exit from here
	StartedAt     string          `json:"started_at"`
	ExpiresAt     *string         `json:"expires_at"`
	FinishedAt    *string         `json:"finished_at"`
	Institution   *InstitutionRef `json:"institution"` // chosen so far
	Events        []eventOut      `json:"events"`
	Remarks       []remarkOut     `json:"remarks"`
	Production    []productionOut `json:"production"` // what production would have refused
	Results       *resultsOut     `json:"results"`
	Exit          *exitOut        `json:"exit"`
	// Webhooks are those of type LINK that the session has made due, in order.
	Webhooks []webhookOut `json:"webhooks"`
}

// webhookOut is a webhook that is due. URL is null when the link token has none.
type webhookOut struct {
	Code    string  `json:"webhook_code"`
	DueAt   string  `json:"due_at"`
	URL     *string `json:"url"`
	Payload api.Raw `json:"payload"`
}

var (
	errRecord        = plaid.InvalidField("either session or link_session_id must be given")
	errLinkSessionID = plaid.InvalidField("link_session_id must be that of a session of this client")
)

// Get answers /sandbox/link/session/get.
func (d *Driver) Get(ctx context.Context, call api.Call, in RecordRequest) (RecordAnswer, error) {
	if (in.Session == "") == (in.LinkSessionID == "") {
		return RecordAnswer{}, errRecord
	}
	s, unknown := d.sessions, errHandle
	find := func() (*Session, error) { return s.byHandle(ctx, in.Session) }
	if in.LinkSessionID != "" {
		unknown, find = errLinkSessionID, func() (*Session, error) { return s.byTold(ctx, call.Caller.ClientID, in.LinkSessionID) }
	}
	session, err := find()
	switch {
	case errors.Is(err, store.ErrNoRows) && in.LinkSessionID != "":
		return d.refusal(ctx, call, in.LinkSessionID)
	case errors.Is(err, store.ErrNoRows), err == nil && session.ClientID != call.Caller.ClientID:
		return RecordAnswer{}, unknown
	case err != nil:
		return RecordAnswer{}, err
	}
	record, err := s.driverRecord(ctx, session)
	return RecordAnswer{record}, err
}

// driverRecord reads all that is known of a session.
func (s *Sessions) driverRecord(ctx context.Context, session *Session) (DriverRecord, error) {
	events, err := s.events(ctx, session.ID)
	if err != nil {
		return DriverRecord{}, err
	}
	remarks, err := s.remarks(ctx, session.ID)
	if err != nil {
		return DriverRecord{}, err
	}
	told := sessionAnswer(session.record(events))
	expires := stamp(session.ExpiresAt)
	out := DriverRecord{
		LinkSessionID: session.Told(), State: stateOf[session.ending], Flow: session.Flow, View: s.flows[session.Flow].told(session.View), Seq: session.Seq,
		StartedAt: told.StartedAt, ExpiresAt: &expires, FinishedAt: told.FinishedAt, Institution: chosen(session, events),
		Events: told.Events, Remarks: remarksOut(remarks), Production: productionOuts(session.Token.Production), Results: told.Results, Exit: told.Exit,
		Webhooks: webhooksOut(s.notices(session, events)),
	}
	if flow, ok := s.flows[session.Flow]; ok && session.ending == "" {
		out.ExitStatus = s.visit(session, flow, "", Input{}).status()
	}
	return out, nil
}

// chosen is the institution of a session. What an ended one kept is forgotten;
// its events still name it.
func chosen(s *Session, events []EventRecord) *InstitutionRef {
	if s.ending == "" {
		return s.Memory.Institution.Ref()
	}
	if len(events) == 0 || events[len(events)-1].Metadata.InstitutionID == "" {
		return nil
	}
	m := events[len(events)-1].Metadata
	return &InstitutionRef{ID: m.InstitutionID, Name: m.InstitutionName}
}

func webhooksOut(due []Notice) []webhookOut {
	out := make([]webhookOut, len(due))
	for i, n := range due {
		out[i] = webhookOut{Code: n.Code, DueAt: stamp(n.At), URL: plaid.OrNull(n.URL), Payload: api.Raw(mustJSON(n.Body))}
	}
	return out
}

// refusal answers for a session that never began.
func (d *Driver) refusal(ctx context.Context, call api.Call, id string) (RecordAnswer, error) {
	r, err := d.sessions.scanRefusal(d.sessions.db.QueryRow(ctx, refusalColumns+` WHERE id = $1`, id))
	if errors.Is(err, store.ErrNoRows) || err == nil && r.ClientID != call.Caller.ClientID {
		return RecordAnswer{}, errLinkSessionID
	}
	if err != nil {
		return RecordAnswer{}, err
	}
	at := stamp(r.At)
	exit := SessionExit{Error: &r.Error, RequestID: r.RequestID}
	return RecordAnswer{DriverRecord{
		LinkSessionID: r.ID, State: StateRefused, StartedAt: at, FinishedAt: &at,
		Events: eventsOut([]EventRecord{r.Event}), Remarks: remarksOut([]Remark{r.Remark}), Production: []productionOut{},
		Exit: exit.answer(r.ID), Webhooks: []webhookOut{},
	}}, nil
}

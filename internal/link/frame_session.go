package link

import (
	"context"
	"encoding/json"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/web"
)

// endpoints are the calls of the frame. The handle of the session is all the
// authority that they need, and to open one or to search, the link token.
func (f *Frame) endpoints() []api.Endpoint {
	return []api.Endpoint{
		api.Post("/link/session/open", f.open, api.Public()),
		api.Post("/link/session/step", f.step, api.Public()),
		api.Post("/link/session/exit", f.exit, api.Public()),
		api.Post("/link/session/search", f.search, api.Public()),
	}
}

type openIn struct {
	LinkToken           string `json:"link_token"`       // of any length: what is no token is INVALID_LINK_TOKEN
	Hosted              string `json:"hosted" max:"200"` // of a Hosted Link page, instead of link_token
	Origin              string `json:"origin" max:"500"` // of the host page; who may show Link is said by frame-ancestors
	ReceivedRedirectURI string `json:"received_redirect_uri" max:"2000"`
	InstitutionID       string `json:"institution_id"`      // without effect unless there is such a bank
	Embedded            bool   `json:"embedded"`            // InstitutionID was chosen in the host's page
	Query               string `json:"query" max:"200"`     // what was searched for there
	Language            string `json:"language" max:"1000"` // of the browser, for sessions that verify a person
}

type stepIn struct {
	Session string             `json:"session" required:"true" max:"200"`
	Seq     int64              `json:"seq" required:"true"`
	Action  string             `json:"action" required:"true" max:"50"`
	Value   string             `json:"value" max:"500"`
	Fields  map[string]api.Raw `json:"fields"`
	Seen    *int64             `json:"seen"` // how many events the frame has
}

type exitIn struct {
	Session string `json:"session" required:"true" max:"200"`
	Seq     int64  `json:"seq"`
	Force   bool   `json:"force"`
	Seen    *int64 `json:"seen"`
}

var errFields = plaid.InvalidField("fields must hold strings and lists of strings only")

// inputOf reads what a person did. A field is one string, or several of a group.
func inputOf(action, value string, fields map[string]api.Raw) (Input, error) {
	in := Input{Action: action, Value: value, Fields: make(map[string][]string, len(fields))}
	for name, raw := range fields {
		var one string
		var many []string
		switch {
		case json.Unmarshal(raw, &one) == nil:
			many = []string{one}
		case json.Unmarshal(raw, &many) != nil:
			return in, errFields
		}
		in.Fields[name] = many
	}
	return in, nil
}

// reply is the answer to each call.
type reply struct {
	Session       string         `json:"session,omitempty"`
	LinkSessionID string         `json:"link_session_id"`
	Pane          *paneReply     `json:"pane,omitempty"`
	Sheet         *sheetReply    `json:"sheet,omitempty"`
	OAuth         *AwayReply     `json:"oauth,omitempty"` // where the person is to go
	Fragment      *fragmentReply `json:"fragment,omitempty"`
	Events        []Event        `json:"events"`
	Live          bool           `json:"live,omitempty"`    // the page is told of events as they happen
	Seen          int64          `json:"seen"`              // the number of the last event, counted from the first of the session
	Remarks       []remarkOut    `json:"remarks,omitempty"` // in the sandbox
	Done          *Done          `json:"done,omitempty"`
}

// paneReply is the pane to show, and what an exit from it would report.
type paneReply struct {
	View        View            `json:"view"`
	Seq         int64           `json:"seq"`
	HTML        string          `json:"html"`
	Institution *InstitutionRef `json:"institution"`
	ExitStatus  *string         `json:"exit_status"`
	RequestID   string          `json:"request_id"`
	Error       *CallbackError  `json:"error"`
	Closing     EventName       `json:"closing,omitempty"` // what comes before EXIT
	Kept        *Done           `json:"kept,omitempty"`    // what an exit would report instead, where something is made already
}

type sheetReply struct {
	HTML string `json:"html"`
	Seq  int64  `json:"seq"`
}

type fragmentReply struct {
	Target string `json:"target"`
	HTML   string `json:"html"`
	Status string `json:"status"`
}

func (f *Frame) open(ctx context.Context, call api.Call, in openIn) (reply, error) {
	req := OpenRequest{
		LinkToken: in.LinkToken, Hosted: in.Hosted, ReceivedRedirectURI: in.ReceivedRedirectURI, InstitutionID: in.InstitutionID,
	}
	if in.Language != "" {
		req.Language = web.Preferred(in.Language)
	}
	if in.Embedded {
		turn, err := f.cfg.Sessions.OpenEmbedded(ctx, call.RequestID, req, in.Query)
		return turn.reply(err)
	}
	turn, err := f.cfg.Sessions.Open(ctx, call.RequestID, req)
	return turn.reply(err)
}

func (f *Frame) step(ctx context.Context, call api.Call, in stepIn) (reply, error) {
	input, err := inputOf(in.Action, in.Value, in.Fields)
	if err != nil {
		return reply{}, err
	}
	turn, err := f.cfg.Sessions.Step(ctx, call.RequestID, StepRequest{Handle: in.Session, Seq: in.Seq, Browser: true, Input: input})
	return f.answer(ctx, turn, in.Seen, err)
}

func (f *Frame) exit(ctx context.Context, call api.Call, in exitIn) (reply, error) {
	turn, err := f.cfg.Sessions.Exit(ctx, call.RequestID, ExitRequest{Handle: in.Session, Force: in.Force})
	return f.answer(ctx, turn, in.Seen, err)
}

// reply draws a turn for the frame. A pane that is still in place goes along
// unless only a part of it changes: the runtime keeps what was typed on it.
func (t Turn) reply(err error) (reply, error) {
	if err != nil {
		return reply{}, err
	}
	out := reply{Session: t.Handle, LinkSessionID: t.Session.Told(), Events: t.webEvents(), Live: t.Live, Seen: t.Session.events, OAuth: t.away(), Remarks: remarksOut(t.Remarks), Done: t.Done}
	if t.Fragment != nil && t.Fragment.Target == "" {
		return out, nil
	}
	if t.Fragment != nil {
		html, err := t.Screen.fragmentHTML(*t.Fragment)
		out.Fragment = &fragmentReply{Target: t.Fragment.Target, HTML: html, Status: t.Fragment.Status}
		return out, err
	}
	if t.Screen != nil {
		html, err := t.Screen.html("pane")
		if err != nil {
			return reply{}, err
		}
		out.Pane = &paneReply{
			View: t.Screen.View, Seq: t.Screen.seq, HTML: html, Institution: t.Session.Memory.Institution.Ref(),
			ExitStatus: plaid.OrNull(t.Screen.status), RequestID: t.RequestID, Error: callbackError(t.Session.Memory.LastError),
			Closing: t.visit.flow.Closing,
		}
		if len(t.Session.result.Made) > 0 {
			out.Pane.Kept = t.Session.done(t.RequestID)
		}
	}
	if t.Sheet != nil {
		html, err := t.Sheet.html("pane")
		if err != nil {
			return reply{}, err
		}
		out.Sheet = &sheetReply{HTML: html, Seq: t.Sheet.seq}
	}
	return out, nil
}

// webEvents are the events of a turn as onEvent tells them.
func (t Turn) webEvents() []Event {
	events := make([]Event, len(t.Events))
	for i, e := range t.Events {
		events[i] = e.web(t.Session.Told(), t.Session.Token.UpdateMode())
	}
	return events
}

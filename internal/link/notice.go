package link

import (
	"context"
	"time"

	"github.com/glencheck-dev/glencheck/internal/store"
)

// Notice is a webhook of type LINK that is due (plaid-server-api.md section 12).
// It is made in the transaction that makes it due; whoever delivers it sends Body
// as JSON.
type Notice struct {
	Code      string // EVENTS, ITEM_ADD_RESULT or SESSION_FINISHED
	SessionID string
	ClientID  string
	// URL is the webhook of the link token, "" when it has none.
	URL  string
	At   time.Time
	Body any
}

// The codes of LINK webhooks.
const (
	NoticeEvents          = "EVENTS"
	NoticeItemAdded       = "ITEM_ADD_RESULT"
	NoticeSessionFinished = "SESSION_FINISHED"
)

// eventsNotice is schema LinkEventsWebhook. Alone among all webhooks it names no
// environment.
type eventsNotice struct {
	Type          string     `json:"webhook_type"`
	Code          string     `json:"webhook_code"`
	Events        []eventOut `json:"events"`
	LinkSessionID string     `json:"link_session_id"`
	LinkToken     string     `json:"link_token"`
}

// finishedNotice is schema LinkSessionFinishedWebhook. public_token is deprecated
// and names the first of public_tokens.
type finishedNotice struct {
	Type          string   `json:"webhook_type"`
	Code          string   `json:"webhook_code"`
	Status        string   `json:"status"` // SUCCESS or EXITED
	LinkSessionID string   `json:"link_session_id"`
	LinkToken     string   `json:"link_token"`
	PublicToken   string   `json:"public_token,omitempty"`
	PublicTokens  []string `json:"public_tokens"`
	UserID        string   `json:"user_id,omitempty"`
	Environment   string   `json:"environment"`
}

// itemAddedNotice is schema ItemAddResultWebhook.
type itemAddedNotice struct {
	Type          string `json:"webhook_type"`
	Code          string `json:"webhook_code"`
	LinkSessionID string `json:"link_session_id"`
	LinkToken     string `json:"link_token"`
	PublicToken   string `json:"public_token"`
	Environment   string `json:"environment"`
}

// audience says which webhooks the sessions of a token have (link-web.md section
// 4.18): those of Hosted Link all three, those of several Items all but EVENTS,
// every other one EVENTS and SESSION_FINISHED if the server is set to.
func (s *Sessions) audience(t Token) (events, items, finished bool) {
	if t.Verification != nil { // link-web.md section 6: webhook is without effect
		return false, false, false
	}
	hosted := t.Hosted != nil
	return hosted || s.cfg.NotifyAll, hosted || t.MultiItem, hosted || t.MultiItem || s.cfg.NotifyAll
}

// itemNotices are due when a session has made Items.
func (s *Sessions) itemNotices(session *Session, made []Made) []Notice {
	var due []Notice
	for _, m := range made {
		if m.PublicToken != "" {
			due = append(due, session.notice(NoticeItemAdded, m.At, itemAddedNotice{
				Type: "LINK", Code: NoticeItemAdded, LinkSessionID: session.ID, LinkToken: session.Token.Secret,
				PublicToken: m.PublicToken, Environment: s.cfg.Env,
			}))
		}
	}
	return due
}

// eventsNotice is due when a session has ended, or when nobody has gone on with
// it for a while. It tells all that has happened so far.
func (s *Sessions) eventsNotice(session *Session, events []EventRecord, at time.Time) Notice {
	return session.notice(NoticeEvents, at, eventsNotice{
		Type: "LINK", Code: NoticeEvents, Events: eventsOut(events), LinkSessionID: session.ID, LinkToken: session.Token.Secret,
	})
}

// finishedNotice is due when a session has ended.
func (s *Sessions) finishedNotice(session *Session, at time.Time) Notice {
	body := finishedNotice{
		Type: "LINK", Code: NoticeSessionFinished, Status: "EXITED", LinkSessionID: session.ID, LinkToken: session.Token.Secret,
		PublicTokens: []string{}, UserID: session.Token.UserID, Environment: s.cfg.Env,
	}
	if session.ending == endingSuccess {
		body.Status = "SUCCESS"
	}
	for _, made := range session.result.Made {
		if made.PublicToken != "" {
			body.PublicTokens = append(body.PublicTokens, made.PublicToken)
		}
	}
	if len(body.PublicTokens) > 0 {
		body.PublicToken = body.PublicTokens[0]
	}
	return session.notice(NoticeSessionFinished, at, body)
}

func (s *Session) notice(code string, at time.Time, body any) Notice {
	return Notice{Code: code, SessionID: s.ID, ClientID: s.ClientID, URL: s.Token.Webhook, At: at, Body: body}
}

// notices lists the webhooks that a session has made due so far, in order. Of
// EVENTS, which may repeat, it is the latest.
func (s *Sessions) notices(session *Session, events []EventRecord) []Notice {
	due := []Notice{}
	toEvents, toItems, toFinished := s.audience(session.Token)
	over := session.ending != ""
	if toItems {
		due = append(due, s.itemNotices(session, session.result.Made)...)
	}
	switch {
	case toEvents && over:
		due = append(due, s.eventsNotice(session, events, session.FinishedAt))
	case toEvents && session.reported > 0 && int(session.reported) <= len(events):
		told := events[:session.reported]
		due = append(due, s.eventsNotice(session, told, told[len(told)-1].At.Add(idle)))
	}
	if toFinished && over {
		due = append(due, s.finishedNotice(session, session.FinishedAt))
	}
	return due
}

// notifyDue hands on the webhooks that a visit makes due, in the transaction
// that stores it: those of new Items, and those of the end.
func (s *Sessions) notifyDue(ctx context.Context, tx *store.Tx, v *Visit) error {
	over := v.ending != ""
	if s.cfg.Notify == nil || !over && len(v.result.Made) == v.made {
		return nil
	}
	toEvents, toItems, toFinished := s.audience(v.Token)
	var due []Notice
	if toItems {
		due = s.itemNotices(v.Session, v.result.Made[v.made:])
	}
	if over && toEvents {
		events, err := s.eventsIn(ctx, tx, v.ID)
		if err != nil {
			return err
		}
		due = append(due, s.eventsNotice(v.Session, events, s.clock.Now()))
	}
	if over && toFinished {
		due = append(due, s.finishedNotice(v.Session, s.clock.Now()))
	}
	for _, n := range due {
		if err := s.cfg.Notify(ctx, tx, n); err != nil {
			return err
		}
	}
	return nil
}

// idle is how long nothing must have happened in a session before EVENTS tells of
// it all the same: "5-15 minutes after the last user interaction".
const idle = 10 * time.Minute

// reportIdle hands on the events of a session that nobody has gone on with.
func (s *Sessions) reportIdle(ctx context.Context, id string) error {
	session, err := s.byID(ctx, id)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		moved, err := s.markReported(ctx, tx, session)
		if err != nil || !moved {
			return err // the person came back after all
		}
		toEvents, _, _ := s.audience(session.Token)
		if s.cfg.Notify == nil || !toEvents {
			return nil
		}
		events, err := s.eventsIn(ctx, tx, id)
		if err != nil {
			return err
		}
		return s.cfg.Notify(ctx, tx, s.eventsNotice(session, events, s.clock.Now()))
	})
}

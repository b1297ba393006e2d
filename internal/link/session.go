package link

import (
	"encoding/json"
	"time"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Session is one person going once through the panes of a link token, as it is
// stored between two steps.
type Session struct {
	ID       string // link_session_id
	ClientID string
	Token    Token
	Flow     string
	View     View  // Loading while a step that runs once is under way
	Seq      int64 // number of the pane; a step names the one it was made on
	Memory   Memory

	StartedAt  time.Time
	ExpiresAt  time.Time // the token's
	FinishedAt time.Time // zero while the session is under way

	events      int64 // how many there are
	reported    int64 // how many of them EVENTS has told while nobody went on
	lastEventAt time.Time
	wrong       int64  // wrong credentials so far
	claim       string // the process that runs the step under way
	claimedAt   time.Time
	ending      string
	cleanup     bool // Abandon has not succeeded yet
	result      result
}

// How a session ended.
const (
	endingSuccess = "success"
	endingExit    = "exit"
	endingExpired = "expired" // nobody came back before the token expired
)

// Memory is what a session keeps besides its place. It is stored sealed.
type Memory struct {
	Institution *Institution `json:"institution,omitempty"` // chosen so far
	MFAType     string       `json:"mfa_type,omitempty"`    // of the MFA pane
	Variant     string       `json:"variant,omitempty"`     // view_variant of the next pane
	LastError   *plaid.Error `json:"last_error,omitempty"`
	Trouble     *Trouble     `json:"trouble,omitempty"` // what the ERROR pane says

	Away      *Away           `json:"away,omitempty"`  // at pages of the bank
	From      View            `json:"from,omitempty"`  // the pane behind LOADING
	Sheet     bool            `json:"sheet,omitempty"` // the exit confirmation is open
	RequestID string          `json:"request_id"`
	Flow      json.RawMessage `json:"flow,omitempty"`
}

// snapshot is a link token as a session keeps it: all of it but the echo of the
// request. The fields that Token leaves out of its own JSON are named here.
type snapshot struct {
	Token     Token
	ID        string
	ClientID  string
	User      UserPrefill
	CreatedAt time.Time
	ExpiresAt time.Time
}

func snapshotOf(t Token) snapshot {
	return snapshot{Token: t, ID: t.ID, ClientID: t.ClientID, User: t.User, CreatedAt: t.CreatedAt, ExpiresAt: t.ExpiresAt}
}

func (s snapshot) token() Token {
	t := s.Token
	t.ID, t.ClientID, t.User, t.CreatedAt, t.ExpiresAt = s.ID, s.ClientID, s.User, s.CreatedAt, s.ExpiresAt
	return t
}

// Institution is the bank that a session is about, with its woven mark.
type Institution struct {
	ID      string `json:"institution_id"`
	Name    string `json:"name"`
	Letters string `json:"letters"`
	Ground  int    `json:"ground"` // 1 to 8: class mk-n
	Weave   string `json:"weave"`  // a to d: class wv-x
}

// Ref names the institution as Link's callbacks do; nil for none.
func (i *Institution) Ref() *InstitutionRef {
	if i == nil {
		return nil
	}
	return &InstitutionRef{Name: i.Name, ID: i.ID}
}

// place is the pane that the person sees or, during LOADING, left last.
func (s *Session) place() View {
	if s.View == Loading && s.Memory.From != "" {
		return s.Memory.From
	}
	return s.View
}

// Done is the last answer of a session: the arguments of onSuccess or onExit.
type Done struct {
	Kind        string          `json:"kind"` // "success" or "exit"
	PublicToken *string         `json:"public_token"`
	Error       *CallbackError  `json:"error"`
	Metadata    json.RawMessage `json:"metadata"`
}

// CallbackError is the first argument of onExit (link-web.md section 1.6).
type CallbackError struct {
	Type    string  `json:"error_type"`
	Code    string  `json:"error_code"`
	Message string  `json:"error_message"`
	Display *string `json:"display_message"`
}

// onSuccessMetadata is the second argument of onSuccess (link-web.md section
// 1.5). account and account_id are what old wrappers read.
type onSuccessMetadata struct {
	Institution    *InstitutionRef `json:"institution"`
	Accounts       []AccountRef    `json:"accounts"`
	Account        *AccountRef     `json:"account"`
	AccountID      *string         `json:"account_id"`
	LinkSessionID  string          `json:"link_session_id"`
	TransferStatus *string         `json:"transfer_status"`
}

// onExitMetadata is the second argument of onExit.
type onExitMetadata struct {
	Institution   *InstitutionRef `json:"institution"`
	Status        *string         `json:"status"`
	LinkSessionID string          `json:"link_session_id"`
	RequestID     string          `json:"request_id"`
}

// done is the last answer as it is told each time the session is asked again.
// A session that ran out while nobody watched ends like one whose token has
// expired.
func (s *Session) done(requestID string) *Done {
	switch made := s.result.Made; {
	case len(made) > 0 && s.Token.MultiItem:
		return doneSeveral(s.Told())
	case len(made) > 0:
		return doneSuccess(s.Told(), made[0].Success)
	}
	exit := SessionExit{Error: plaid.InvalidLinkToken, RequestID: requestID}
	if s.result.Exit != nil {
		exit = *s.result.Exit
	}
	return doneExit(s.Told(), exit)
}

func doneSuccess(sessionID string, success Success) *Done {
	m := onSuccessMetadata{Institution: success.Institution, Accounts: success.Accounts, LinkSessionID: sessionID}
	if m.Accounts == nil {
		m.Accounts = []AccountRef{}
	}
	if len(m.Accounts) == 1 {
		m.Account, m.AccountID = &m.Accounts[0], &m.Accounts[0].ID
	}
	return &Done{Kind: "success", PublicToken: plaid.OrNull(success.PublicToken), Metadata: mustJSON(m)}
}

// doneSeveral is onSuccess of a session that could link several Items: "empty",
// as their public tokens come with ITEM_ADD_RESULT and /link/token/get (link-web.md
// section 4.13).
func doneSeveral(sessionID string) *Done {
	return &Done{Kind: "success", Metadata: mustJSON(onSuccessMetadata{Accounts: []AccountRef{}, LinkSessionID: sessionID})}
}

func doneExit(sessionID string, exit SessionExit) *Done {
	return &Done{Kind: "exit", Error: callbackError(exit.Error), Metadata: mustJSON(onExitMetadata{
		Institution: exit.Institution, Status: plaid.OrNull(exit.Status), LinkSessionID: sessionID, RequestID: exit.RequestID,
	})}
}

func callbackError(e *plaid.Error) *CallbackError {
	if e == nil {
		return nil
	}
	return &CallbackError{Type: e.Type, Code: e.Code, Message: e.Message, Display: plaid.OrNull(e.Display)}
}

// mustJSON renders a struct of strings and lists, which cannot fail.
func mustJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic("link: " + err.Error())
	}
	return b
}

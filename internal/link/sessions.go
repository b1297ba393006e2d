package link

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
	"github.com/glencheck-dev/glencheck/web"
)

// TokenSource finds link tokens: Tokens, in the program.
type TokenSource interface {
	// ByToken answers plaid.InvalidLinkToken for a token that is unknown or has
	// expired.
	ByToken(ctx context.Context, token string) (Token, error)
}

// Config is what Sessions need.
type Config struct {
	DB     *store.DB
	Vault  *vault.Vault
	Clock  *clock.Clock
	IDs    *clock.IDs
	Log    *slog.Logger
	Env    string // "sandbox" or "production"
	Tokens TokenSource
	// Hosted finds the link token of a Hosted Link page (Tokens.ByHosted). Without
	// it there are no such pages.
	Hosted func(ctx context.Context, id string) (Token, error)
	// Shared finds the link token that the page of a shareable URL stands for, by the
	// id of the attempt and the key of the address. Without it there are none.
	Shared func(ctx context.Context, id, key string) (Token, error)
	// Flows are asked in this order which of them serves a token.
	Flows []Flow
	// Notify, if set, is handed each webhook that comes due, in the transaction
	// that makes it due. NotifyAll has webhooks for the sessions too that would
	// have none by default.
	Notify    func(ctx context.Context, tx *store.Tx, n Notice) error
	NotifyAll bool
	// Realtime tells the host page of events as they happen, unless the
	// customization of a link token says otherwise.
	Realtime bool
	// Hints lets panes say which inputs work, in the sandbox only.
	Hints bool
	// PublicURL is where browsers reach this server, for the page to which a bank
	// sends people back.
	PublicURL string
	// PrivacyURL is the privacy notice that the consent pane links to. Without
	// one the pane does not claim that there is.
	PrivacyURL string
}

// Sessions is the machine that runs flows. Its methods are safe for concurrent
// use, also by several nodes on one database.
type Sessions struct {
	*Records
	cfg   Config
	flows map[string]Flow
	node  string // names this process in claims

	mu      sync.Mutex
	running map[string]chan struct{} // steps under way here, by session id
	retried int64                    // finished_at of the last session that Sweep asked a bank about
}

// NewSessions returns the machine, or says what is wrong with a flow.
func NewSessions(cfg Config) (*Sessions, error) {
	s := &Sessions{
		Records: NewRecords(cfg.DB, cfg.Vault, cfg.Clock), cfg: cfg,
		flows: map[string]Flow{}, node: cfg.IDs.UUID(), running: map[string]chan struct{}{},
	}
	var errs []error
	for _, f := range cfg.Flows {
		errs = append(errs, f.Validate())
		if _, double := s.flows[f.Name]; double {
			errs = append(errs, fmt.Errorf("link: two flows are called %s", f.Name))
		}
		s.flows[f.Name] = f
	}
	return s, errors.Join(errs...)
}

// ParsePanes reads the templates of all panes, which otherwise happens when each is
// drawn for the first time.
func (s *Sessions) ParsePanes() error {
	errs := []error{exitPane.Parse(), loadingPane.Parse(), severalPane.Parse(), ErrorPane.Parse()}
	for _, f := range s.flows {
		for view, step := range f.Steps {
			if err := step.Pane.Parse(); err != nil {
				errs = append(errs, fmt.Errorf("link: %s of %s: %w", view, f.Name, err))
			}
		}
	}
	return errors.Join(errs...)
}

// MaxWrong is how many wrong logins a link token survives, over all its
// sessions. "Too many" is all that is documented (INVALID_LINK_TOKEN).
const MaxWrong = 10

// MaxSessions is how many sessions may be opened with a link token. Whoever has
// the token can open them: it bounds what they can make us keep.
const MaxSessions = 1000

// maxInstitutionID bounds what a session keeps of an id that may be anything.
const maxInstitutionID = 100

// OpenRequest opens a session.
type OpenRequest struct {
	LinkToken string
	// Hosted, if set, stands for the link token: the secret in the address of a
	// Hosted Link page.
	Hosted string
	// ClientID, if set, is whose token it must be.
	ClientID string
	// ReceivedRedirectURI is the address to which an OAuth bank sent the person.
	ReceivedRedirectURI string
	// InstitutionID opens at an institution, as the old open(institution_id).
	InstitutionID string
	// Embedded begins with the institution search of the host's page.
	Embedded bool
	// Language is that of the browser, one of Link's; "" for that of the token.
	Language string
}

// Turn is what a request changed and what the person sees now.
type Turn struct {
	Handle    string // of a session just opened
	Session   *Session
	RequestID string
	Screen    *Screen
	Sheet     *Screen // the exit confirmation over Screen
	Fragment  *Fragment
	Events    []EventRecord
	Remarks   []Remark // in the sandbox
	Live      bool     // the host page is told of Events as they happen
	Done      *Done

	visit *Visit
}

// Open opens a session of a link token. A token that cannot be used ends it at
// once, through onExit (link-web.md section 1.6).
func (s *Sessions) Open(ctx context.Context, requestID string, in OpenRequest) (Turn, error) {
	token, flow, err := s.admit(ctx, in)
	var turn Turn
	switch {
	case err != nil:
	case in.ReceivedRedirectURI != "":
		turn, err = s.reopen(ctx, requestID, in, token)
	default:
		turn, err = s.begun(ctx, requestID, in, token, flow)
	}
	var refused *Refused
	if errors.As(err, &refused) {
		return s.refuse(ctx, requestID, in, refused)
	}
	return turn, err
}

// begun is a new session.
func (s *Sessions) begun(ctx context.Context, requestID string, in OpenRequest, token Token, flow Flow) (Turn, error) {
	if token.InstitutionID == "" && len(in.InstitutionID) <= maxInstitutionID {
		token.InstitutionID = in.InstitutionID
	}
	remarks := token.Remarks
	token.Request, token.Remarks = nil, nil // of no use from here on
	flow.speak(&token, in.Language)
	now := s.clock.Now()
	session := &Session{
		ID: s.cfg.IDs.UUID(), ClientID: token.ClientID, Token: token, Flow: flow.Name,
		View: flow.Start, Seq: 1, StartedAt: now, ExpiresAt: token.ExpiresAt,
	}
	if flow.Verifies {
		session.ExpiresAt = now.Add(verificationLife)
	}
	if in.Embedded {
		session.View = flow.Embedded
	}
	v := s.visit(session, flow, requestID, Input{})
	if err := v.load(); err != nil {
		return Turn{}, err
	}
	if err := v.opens(ctx); err != nil {
		if refused := (*Refused)(nil); errors.As(err, &refused) {
			return Turn{}, refused.of(token.ID, token.ClientID)
		}
		return Turn{}, err
	}
	for _, text := range remarks {
		v.Explain("%s", text)
	}
	handle := s.cfg.IDs.Hex(48)
	if err := s.create(ctx, v, handle); err != nil {
		return Turn{}, err
	}
	turn := s.turn(v)
	if v.atOnce {
		var err error
		if turn, err = s.finish(ctx, v); err != nil {
			return Turn{}, err
		}
	}
	turn.Handle = handle
	return turn, nil
}

// admit checks that a token may open a session, and finds its flow. A refusal
// is a *Refused.
func (s *Sessions) admit(ctx context.Context, in OpenRequest) (Token, Flow, error) {
	if in.LinkToken == "" && in.Hosted == "" {
		if in.ReceivedRedirectURI != "" {
			return Token{}, Flow{}, refusedToken("Link was opened with a receivedRedirectUri and without a link token: pass the token that Link was opened with before the person went to the bank")
		}
		return Token{}, Flow{}, refusedToken("Link was opened without a link token")
	}
	token, err := s.tokenOf(ctx, in)
	if errors.Is(err, plaid.InvalidLinkToken) && !errors.As(err, new(*Refused)) {
		return Token{}, Flow{}, refusedToken("there is no such link token")
	}
	if err != nil {
		return Token{}, Flow{}, err
	}
	if err := s.usable(ctx, token, in.ClientID); err != nil {
		return Token{}, Flow{}, err
	}
	for _, f := range s.cfg.Flows {
		if f.Offered(token) {
			if in.Embedded {
				return token, f, f.embeddable(token)
			}
			return token, f, nil
		}
	}
	refused := &Refused{Answer: plaid.NotSupported("Link with this kind of link token"), Why: "no flow of Link serves what this link token asks for"}
	return Token{}, Flow{}, refused.of(token.ID, token.ClientID)
}

// usable refuses a token that has had its time, or its uses.
func (s *Sessions) usable(ctx context.Context, token Token, clientID string) error {
	if clientID != "" && clientID != token.ClientID {
		return refusedToken("the link token belongs to another client than the one that asks").of(token.ID, token.ClientID)
	}
	if !token.late() && !s.clock.Now().Before(token.ExpiresAt) {
		return refusedExpired(token.ID, token.ClientID, token.CreatedAt, token.ExpiresAt)
	}
	opened, wrong, err := s.opened(ctx, token.ID)
	if err != nil {
		return fmt.Errorf("link: sessions of a token: %w", err)
	}
	if wrong >= MaxWrong {
		return refusedToken("%d logins with this link token were wrong, which ends it; create another", wrong).of(token.ID, token.ClientID)
	}
	if opened >= MaxSessions {
		return refusedToken("%d sessions were opened with this link token, which ends it; create another", opened).of(token.ID, token.ClientID)
	}
	spent, err := s.spent(ctx, token.ID)
	if err != nil {
		return fmt.Errorf("link: spent token: %w", err)
	}
	if spent {
		return refusedToken("a session has already succeeded with this link token, which works once outside the sandbox; create another").of(token.ID, token.ClientID)
	}
	return nil
}

// create stores a new session with its first events.
func (s *Sessions) create(ctx context.Context, v *Visit, handle string) error {
	if err := v.keep(); err != nil {
		return err
	}
	batch, err := s.stage(v)
	if err != nil {
		return err
	}
	sealed, err := s.seal(v.Session)
	if err != nil {
		return err
	}
	if sealed.token, err = s.vault.SealJSON(snapshotOf(v.Token), "link_session.token/"+v.ID); err != nil {
		return err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.insert(ctx, tx, v.Session, handle, sealed); err != nil {
			return err
		}
		if err := s.noted(ctx, tx, v); err != nil {
			return err
		}
		return s.insertEvents(ctx, tx, v.ID, 0, batch)
	})
	if err != nil {
		return fmt.Errorf("link: open a session: %w", err)
	}
	s.tell(v)
	return nil
}

// visit prepares a request to a session.
func (s *Sessions) visit(session *Session, flow Flow, requestID string, in Input) *Visit {
	v := &Visit{
		Session: session, Input: in, RequestID: requestID, PrivacyURL: s.cfg.PrivacyURL,
		Sandbox: s.cfg.Env == "sandbox" && s.cfg.Hints,
		flow:    flow, words: web.Text(session.Token.Language), seq: session.Seq, stored: session.events, made: len(session.result.Made),
	}
	v.stateIndex = func(state string) string { return s.vault.Index(stateIndex, state) }
	v.setOut = func() string { return strings.TrimRight(s.cfg.PublicURL, "/") + GoPath + s.cfg.IDs.Hex(48) }
	if s.cfg.PublicURL != "" {
		v.ReturnURL = strings.TrimRight(s.cfg.PublicURL, "/") + ReturnPath
		if h := session.Token.Hosted; h != nil {
			v.HostedURL = h.URL(s.cfg.PublicURL)
		}
	}
	v.spent = func(ctx context.Context) (bool, error) {
		elsewhere, err := s.wrongElsewhere(ctx, session.Token.ID, session.ID)
		return elsewhere+session.wrong >= MaxWrong, err
	}
	return v
}

// stage gives the new events of a visit their ids and times and seals them.
func (s *Sessions) stage(v *Visit) (string, error) {
	if len(v.staged) == 0 {
		return "", nil
	}
	for i := range v.staged {
		if v.staged[i].ID == "" {
			v.staged[i].ID = s.cfg.IDs.UUID()
		}
	}
	v.lastEventAt = stampAll(v.staged, v.lastEventAt, s.clock.Now())
	v.events = v.stored + int64(len(v.staged))
	return s.vault.SealJSON(v.staged, eventRow(v.ID, v.stored))
}

// tell notes that what was staged is stored.
func (s *Sessions) tell(v *Visit) {
	v.told = append(v.told, v.staged...)
	v.staged, v.seq, v.stored, v.made, v.departs = nil, v.Seq, v.events, len(v.result.Made), false
	s.tellRemarks(v)
}

// turn is the answer to a visit.
func (s *Sessions) turn(v *Visit) Turn {
	t := Turn{Session: v.Session, RequestID: v.RequestID, Events: v.told, Live: s.live(v.Token), visit: v}
	if s.sandbox() {
		t.Remarks = v.explained
	}
	if v.ending != "" {
		t.Done = v.done(v.RequestID)
		return t
	}
	screen := v.screen()
	t.Screen = &screen
	if v.Memory.Sheet {
		sheet := exitSheet(v)
		t.Sheet = &sheet
	}
	return t
}

// bankTime bounds a step that talks to a bank.
const bankTime = 45 * time.Second

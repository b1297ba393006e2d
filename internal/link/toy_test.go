package link_test

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// toy is a flow of every kind of step, and the bank behind it. It proves the
// machine without any product.
type toy struct {
	mu        sync.Mutex
	logins    int
	made      int
	given     []string      // grants that were given back
	hold      chan struct{} // when set, a login waits here
	entered   chan struct{} // told when a login reaches the bank
	remark    string        // what a search and a pick explain
	trouble   error         // what the next login comes to
	unfinish  error         // what the next Finish comes to
	unabandon error         // what giving a grant back comes to
	refused   int           // how often it came to that
}

type toyState struct {
	Grant string `json:"grant,omitempty"`
	Began bool   `json:"began,omitempty"`
}

func stateOf(v *link.Visit) *toyState { return v.State.(*toyState) }

var toyPane = link.NewPane(`{{template "top" .}}{{template "fields" .}}`, func(v *link.Visit) link.Screen {
	return link.Screen{Title: "Toy", Primary: "Go", Fields: []link.Field{{Name: "word", ID: "aut-input-0-input", Label: "Word", Kind: link.FieldText}}}
})

func (b *toy) flow() link.Flow {
	return link.Flow{
		Name: "toy", Start: link.Consent, Embedded: link.Embedded,
		Offered: func(t link.Token) bool { return t.HasProduct("auth") && !t.MultiItem },
		State:   func() any { return new(toyState) },
		Holds:   func(v *link.Visit) bool { return stateOf(v).Grant != "" },
		Abandon: b.abandon,
		Finish:  b.finish,
		Steps: map[link.View]link.Step{
			link.Consent: {
				Pane: link.ConsentPane, Status: "requires_credentials", Next: link.Next{"ok": link.SelectInstitution},
				Do: func(context.Context, *link.Visit) (link.Outcome, error) { return "ok", nil },
			},
			link.Embedded: {
				Pane:   link.NewEmbeddedPane(toyTiles),
				Status: "institution_not_found", Actions: []string{link.ActionPick}, Do: b.pick,
				Next: link.Next{"ok": link.Consent}, Asides: map[string]link.Aside{link.ActionSearch: b.search},
			},
			link.SelectInstitution: {
				Pane: toyPane, Status: "institution_not_found", Actions: []string{link.ActionPick}, Do: b.pick,
				Next: link.Next{"ok": link.Credential}, Back: link.Consent,
				Enter:  func(v *link.Visit) { v.Choose(nil) },
				Asides: map[string]link.Aside{link.ActionSearch: b.search},
			},
			link.Credential: {
				Pane: toyPane, Status: "requires_credentials", Check: needWord, Submit: link.EventSubmitCredentials,
				Loading: true, Once: true, Guess: true, Do: b.logIn, Undo: func(v *link.Visit) { stateOf(v).Began = false },
				Next: link.Next{"ok": link.SelectAccount, "mfa": link.MFA, "wrong": link.Credential, "spent": link.Error, link.Interrupted: link.Error},
				Back: link.SelectInstitution,
			},
			link.MFA: {
				Pane: toyPane, Submit: link.EventSubmitMFA, Loading: true, Once: true, Do: b.logIn,
				Next: link.Next{"ok": link.SelectAccount, "mfa": link.MFA, "wrong": link.MFA, "spent": link.Error, link.Interrupted: link.Error},
				Back: link.Credential,
			},
			link.SelectAccount: {
				Pane: toyPane, Status: "requires_account_selection", Check: needWord, Loading: true, Next: link.Next{"ok": link.Connected},
				Do:   func(context.Context, *link.Visit) (link.Outcome, error) { return "ok", nil },
				Back: link.SelectInstitution,
			},
			link.Connected: link.ConnectedStep(),
			link.Error:     link.ErrorStep(link.Next{link.Again: link.Credential, "leave": link.Leave}, link.SelectInstitution),
		},
	}
}

// several is the same flow for as many results as the person likes.
func (b *toy) several() link.Flow {
	f := b.flow()
	f.Name, f.Offered = "several", func(t link.Token) bool { return t.MultiItem }
	last := f.Steps[link.Connected]
	last.Actions = []string{link.ActionSubmit, "more"}
	last.Do = func(_ context.Context, v *link.Visit) (link.Outcome, error) {
		if v.Input.Action == "more" {
			return "more", nil
		}
		return "finished", nil
	}
	last.Next, last.Makes = link.Next{"finished": link.Handoff, "more": link.SelectInstitution}, "more"
	f.Steps[link.Connected] = last
	return f
}

func needWord(v *link.Visit) {
	if v.Input.Field("word") == "" {
		v.Problem("word", "Say something.")
	}
}

func (b *toy) pick(_ context.Context, v *link.Visit) (link.Outcome, error) {
	if !strings.HasPrefix(v.Input.Value, "ins_") {
		return "", plaid.InvalidField("value must be an institution_id")
	}
	v.Choose(&link.Institution{ID: v.Input.Value, Name: "Toy Bank", Letters: "TB", Ground: 1, Weave: "a"})
	v.Emit(link.EventSelectInstitution)
	b.explain(v)
	return "ok", nil
}

func (b *toy) search(_ context.Context, v *link.Visit) (*link.Fragment, error) {
	b.explain(v)
	v.Emit(link.EventSearchInstitution, func(m *link.EventMetadata) { m.InstitutionSearchQuery = v.Input.Value })
	return &link.Fragment{Target: "institutions", Status: "1 result", Choices: []link.Choice{{Value: "ins_1", Label: "Toy Bank"}}}, nil
}

func (b *toy) explain(v *link.Visit) {
	if b.remark != "" {
		v.Explain("%s", b.remark)
	}
}

func (b *toy) logIn(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	b.mu.Lock()
	b.logins++
	hold, trouble := b.hold, b.trouble
	b.trouble = nil
	b.mu.Unlock()
	if hold != nil {
		b.entered <- struct{}{}
		<-hold
	}
	if trouble != nil {
		return "", trouble
	}
	if spent, err := v.Spent(ctx); spent || err != nil {
		v.Fail(plaid.InvalidLinkToken)
		v.Stop(link.TroubleOf(plaid.InvalidLinkToken, link.Way{Outcome: "leave", Label: "error.close"}))
		return "spent", err
	}
	stateOf(v).Began = true
	switch v.Input.Field("word") {
	case "wrong":
		v.Fail(plaid.InvalidCredentials)
		spent, err := v.WrongCredentials(ctx)
		if spent {
			v.Fail(plaid.InvalidLinkToken)
			v.Stop(link.TroubleOf(plaid.InvalidLinkToken, link.Way{Outcome: "leave", Label: "error.close"}))
			return "spent", err
		}
		return "wrong", err
	case "code", "device", "questions", "selections":
		v.Memory.MFAType = v.Input.Field("word")
		return "mfa", nil
	case "stuck": // for a reason that nobody explains
		v.Fail(plaid.ItemLocked)
		v.Stop(link.TroubleOf(plaid.ItemLocked, link.Way{Outcome: "leave", Label: "error.close"}))
		return "spent", nil
	case "lost":
		return "nowhere", nil
	}
	stateOf(v).Grant = "grant-of-" + v.ID
	return "ok", nil
}

func (b *toy) finish(_ context.Context, _ *store.Tx, v *link.Visit) (link.Success, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.unfinish; err != nil {
		b.unfinish = nil
		return link.Success{}, err
	}
	b.made++
	stateOf(v).Grant = "" // the result has it now
	mask := "0000"
	return link.Success{
		PublicToken: "public-sandbox-" + v.ID + strings.Repeat("+", len(v.Made())), Institution: v.Memory.Institution.Ref(),
		Accounts: []link.AccountRef{{ID: "account-1", Name: "Checking", Mask: &mask, Type: "depository", Subtype: "checking"}},
	}, nil
}

func (b *toy) abandon(_ context.Context, v *link.Visit) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.unabandon != nil {
		b.refused++
		return b.unabandon
	}
	b.given = append(b.given, stateOf(v).Grant)
	return nil
}

// tokens are link tokens that exist because a test says so.
type tokens map[string]link.Token

func (t tokens) ByToken(_ context.Context, token string) (link.Token, error) {
	if found, ok := t[token]; ok {
		return found, nil
	}
	return link.Token{}, plaid.InvalidLinkToken
}

// stand is a machine with the toy flow on one database.
type stand struct {
	testing.TB
	*link.Sessions
	bank   *toy
	clock  *clock.Clock
	tokens tokens
	config link.Config
}

var start = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

const theToken = "link-sandbox-00000000-0000-4000-8000-000000000001"

func newStand(t testing.TB, db *store.DB, change ...func(*link.Config)) *stand {
	t.Helper()
	clk := clock.Manual(start)
	v, err := vault.Open(context.Background(), db, vault.SandboxKEK(), clk)
	if err != nil {
		t.Fatal(err)
	}
	s := &stand{TB: t, bank: &toy{}, clock: clk, tokens: tokens{}}
	s.tokens[theToken] = link.Token{
		ID: "token-1", ClientID: "client-1", ClientUserID: "user-1", ClientName: "Wonderwallet", Language: "en",
		CountryCodes: []string{"US"}, Products: []string{"auth"}, CreatedAt: start, ExpiresAt: start.Add(4 * time.Hour),
	}
	s.config = link.Config{
		DB: db, Vault: v, Clock: clk, IDs: clock.NewIDs(7, 1), Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Env: "sandbox", Tokens: s.tokens, Flows: []link.Flow{s.bank.flow(), s.bank.several()}, Hints: true,
	}
	for _, f := range change {
		f(&s.config)
	}
	s.Sessions = s.again()
	return s
}

// again is another process on the same database.
func (s *stand) again() *link.Sessions {
	s.Helper()
	sessions, err := link.NewSessions(s.config)
	if err != nil {
		s.Fatal(err)
	}
	return sessions
}

// person is somebody going through a session, who never repeats a step.
type person struct {
	*stand
	handle string
	link.Turn
	all []link.EventRecord
}

func (s *stand) person() *person {
	s.Helper()
	turn, err := s.Open(context.Background(), "req-open", link.OpenRequest{LinkToken: theToken})
	if err != nil {
		s.Fatal(err)
	}
	return &person{stand: s, handle: turn.Handle, Turn: turn, all: turn.Events}
}

func (p *person) took(turn link.Turn, err error) *person {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
	p.Turn, p.all = turn, append(p.all, turn.Events...)
	return p
}

func (p *person) do(action, value string) *person {
	p.Helper()
	return p.took(p.Step(context.Background(), "req-"+action, link.StepRequest{
		Handle: p.handle, Seq: p.Session.Seq, Input: link.Input{Action: action, Value: value},
	}))
}

func (p *person) say(word string) *person {
	p.Helper()
	return p.took(p.Step(context.Background(), "req-say", p.saying(word)))
}

func (p *person) saying(word string) link.StepRequest {
	return link.StepRequest{Handle: p.handle, Seq: p.Session.Seq, Input: link.Input{Action: "submit", Fields: map[string][]string{"word": {word}}}}
}

func (p *person) close(force bool) *person {
	p.Helper()
	return p.took(p.Exit(context.Background(), "req-exit", link.ExitRequest{Handle: p.handle, Force: force}))
}

// at goes to a view as quickly as possible.
func (p *person) at(view link.View) *person {
	p.Helper()
	path := []func(){
		func() { p.do("submit", "") }, func() { p.do("pick", "ins_1") }, func() { p.say("good") }, func() { p.say("all") },
	}
	if view == link.MFA {
		path[2] = func() { p.say("code") }
	}
	if p.Screen != nil && p.Screen.View == link.SelectInstitution { // for another bank
		path = path[1:]
	}
	for _, step := range path {
		if p.Screen != nil && p.Screen.View == view {
			return p
		}
		step()
	}
	p.sees(view)
	return p
}

func (p *person) sees(view link.View) {
	p.Helper()
	if p.Screen == nil || p.Screen.View != view {
		p.Fatalf("the person sees %+v, want %s", p.Screen, view)
	}
}

// story is the events in short: TRANSITION_VIEW(MFA) is TV(MFA).
func story(events []link.EventRecord) string {
	var words []string
	for _, e := range events {
		word := strings.Replace(e.Name, "TRANSITION_VIEW", "TV", 1)
		for _, more := range []string{e.Metadata.ViewName, e.Metadata.MFAType, e.Metadata.ErrorCode, e.Metadata.ExitStatus} {
			if more != "" {
				word += " " + more
			}
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

func (p *person) told(want string) {
	p.Helper()
	if got := story(p.all); got != want {
		p.Errorf("events\n got %s\nwant %s", got, want)
	}
}

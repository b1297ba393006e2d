package link_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// abroad is the toy flow at a bank with pages of its own. The n-th departure has
// the state "state-n".
func (b *toy) abroad() link.Flow {
	f := b.flow()
	pick := f.Steps[link.SelectInstitution]
	pick.Next = link.Next{"ok": link.OAuth}
	f.Steps[link.SelectInstitution] = pick
	departures := 0
	f.Steps[link.OAuth] = link.Step{
		Pane: toyPane, Status: "requires_oauth", Actions: []string{link.ActionSubmit, link.ActionClosed, link.ActionFailed},
		Do: func(_ context.Context, v *link.Visit) (link.Outcome, error) {
			switch v.Input.Action {
			case link.ActionClosed:
				v.Emit(link.EventCloseOAuth)
				return "home", nil
			case link.ActionFailed:
				v.Emit(link.EventFailOAuth)
				v.Memory.Away = nil
				return "home", nil
			}
			departures++
			state := fmt.Sprint("state-", departures)
			v.Emit(link.EventOpenOAuth)
			v.Depart("https://bank.example/?state="+state, state, start.Add(30*time.Minute), v.Input.Value)
			return "away", nil
		},
		Return: func(ctx context.Context, v *link.Visit, answers map[string]string) (link.Outcome, error) {
			b.explain(v)
			v.Input = link.Input{Fields: map[string][]string{"word": {answers["word"]}}}
			if answers["error"] != "" {
				v.Fail(plaid.InsufficientCredentials)
				v.Stop(link.TroubleOf(plaid.InsufficientCredentials, link.Way{Outcome: "there", Label: "error.try_again"}))
				return "no", nil
			}
			return b.logIn(ctx, v)
		},
		Next:  link.Next{"away": link.Here, "home": link.OAuth, "ok": link.Connected, "no": link.Error, link.Interrupted: link.Error},
		Retry: "there",
		Back:  link.SelectInstitution,
	}
	trouble := f.Steps[link.Error]
	trouble.Next = link.Next{"there": link.OAuth, "leave": link.Leave}
	f.Steps[link.Error] = trouble
	for _, view := range []link.View{link.Credential, link.MFA} {
		delete(f.Steps, view)
	}
	return f
}

const redirectURI = "https://app.example/oauth.html"

// abroadAt is a stand whose banks have pages of their own.
func abroadAt(t testing.TB, db *store.DB) *stand {
	t.Helper()
	s := newStand(t, db, func(c *link.Config) {
		c.PublicURL = "https://link.example/"
	})
	token := s.tokens[theToken]
	token.RedirectURI = redirectURI
	s.tokens[theToken] = token
	s.config.Flows = []link.Flow{s.bank.abroad()}
	s.Sessions = s.again()
	return s
}

// away sends a person to their bank.
func (s *stand) away(back string) *person {
	s.Helper()
	p := s.person().do("submit", "").do("pick", "ins_1")
	p.sees(link.OAuth)
	return p.do("submit", back)
}

func home(pairs ...string) url.Values {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return q
}

func (s *stand) returned(q url.Values) link.Arrival {
	s.Helper()
	a, err := s.Return(context.Background(), "req-return", q, nil)
	if err != nil {
		s.Fatal(err)
	}
	return a
}

const abroadPrologue = "OPEN CONSENT, TV SELECT_INSTITUTION, SELECT_INSTITUTION, TV OAUTH, OPEN_OAUTH"

func TestAPersonReturnsFromTheirBank(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := abroadAt(t, db)
		s.bank.remark = "why"
		p := s.away("")
		p.do("look", "").sees(link.OAuth)
		if a := p.Session.Memory.Away; a == nil || !a.Open || a.URL != "https://bank.example/?state=state-1" {
			t.Fatalf("away at %+v", a)
		}
		if a := s.returned(home("state", "state-1", "code", "c")); a.Over || a.Leads != "" || a.Token.ClientName != "Wonderwallet" {
			t.Errorf("arrival %+v", a)
		}
		if a := s.returned(home("state", "state-1", "error", "access_denied")); a.Over || a.Leads != "" {
			t.Errorf("the page, loaded anew: %+v", a)
		}
		p.do("look", "").sees(link.Connected)
		if p.do("submit", ""); p.Done == nil || p.Done.Kind != "success" || s.bank.logins != 1 {
			t.Errorf("%+v after %d exchanges", p.Done, s.bank.logins)
		}
		p.stored(abroadPrologue + ", TV CONNECTED, HANDOFF")
		if a := s.returned(home("state", "state-1", "code", "c")); !a.Over {
			t.Errorf("a return to a session that has ended: %+v", a)
		}
	})
}

// stored compares what the database has of the session's events.
func (p *person) stored(want string) {
	p.Helper()
	records, err := p.ForToken(context.Background(), "token-1")
	if err != nil || len(records) == 0 {
		p.Fatalf("records: %v, %v", records, err)
	}
	if got := story(records[len(records)-1].Events); got != want {
		p.Errorf("events\n got %s\nwant %s", got, want)
	}
}

func TestWhoIsNotAwaitedChangesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := abroadAt(t, db)
		for _, q := range []url.Values{home(), home("state", ""), home("state", "state-1", "code", "c"), home("code", "c")} {
			if a := s.returned(q); !a.Over || a.Token.ID != "" {
				t.Errorf("%v: %+v", q, a)
			}
		}
		p := s.away("")
		p.do("closed", "").sees(link.OAuth)
		p.do("submit", "") // another login, another state
		if a := s.returned(home("state", "state-1", "code", "c")); !a.Over {
			t.Errorf("the state of a login before: %+v", a)
		}
		if p.do("look", "").sees(link.OAuth); s.bank.logins != 0 {
			t.Errorf("%d exchanges", s.bank.logins)
		}
		p.do("back", "").sees(link.SelectInstitution)
		if a := s.returned(home("state", "state-2", "code", "c")); !a.Over || s.bank.logins != 0 {
			t.Errorf("after the person turned away: %+v", a)
		}
		p.do("pick", "ins_1").do("submit", "")
		s.returned(home("state", "state-3", "code", "c"))
		p.do("look", "").sees(link.Connected)
	})
}

func TestTheWindowShowsNoSuccessWhereThereIsNone(t *testing.T) {
	s := abroadAt(t, storetest.SQLite(t))
	s.away("")
	if a := s.returned(home("state", "state-1", "error", "access_denied")); !a.Refused || a.Over {
		t.Errorf("%+v", a)
	}
}

// TestAWindowThatWasClosedMayHaveBeenAnother: severed from its opener a window looks
// closed, and the person is in it all the same.
func TestAWindowThatWasClosedMayHaveBeenAnother(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := abroadAt(t, db)
		p := s.away("").do("closed", "")
		s.returned(home("state", "state-1", "code", "c"))
		p.do("look", "").sees(link.Connected)
		p.stored(abroadPrologue + ", CLOSE_OAUTH, TV OAUTH, TV CONNECTED")
	})
}

func TestTheBankWaitsNoLonger(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := abroadAt(t, db)
		p := s.away("")
		s.clock.Advance(30*time.Minute - time.Second)
		p.do("look", "").sees(link.OAuth)
		s.clock.Advance(time.Second)
		p.do("look", "").sees(link.OAuth)
		p.stored(abroadPrologue + ", FAIL_OAUTH, TV OAUTH")
		if a := s.returned(home("state", "state-1", "code", "c")); !a.Over || s.bank.logins != 0 {
			t.Errorf("%+v after %d exchanges", a, s.bank.logins)
		}
		p.do("submit", "")
		s.clock.Advance(4 * time.Hour)
		if a := s.returned(home("state", "state-2", "code", "c")); !a.Over || s.bank.logins != 0 {
			t.Errorf("after the token: %+v", a)
		}
		if p.do("look", ""); p.Done == nil || p.Done.Error.Code != "INVALID_LINK_TOKEN" {
			t.Errorf("%+v", p.Done)
		}
	})
}

func TestManyReturnAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := abroadAt(t, db)
		p := s.away("")
		nodes := []*link.Sessions{s.Sessions}
		if !db.SingleNode() {
			nodes = append(nodes, s.again())
		}
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				a, err := nodes[i%len(nodes)].Return(context.Background(), "req", home("state", "state-1", "code", "c"), nil)
				if err != nil || a.Over {
					t.Errorf("over %t, %v", a.Over, err)
				}
			})
		}
		all.Wait()
		p.do("look", "").sees(link.Connected)
		if s.bank.logins != 1 {
			t.Errorf("the code was exchanged %d times", s.bank.logins)
		}
		p.stored(abroadPrologue + ", TV CONNECTED")
	})
}

// TestLinkIsClosedDuringTheExchange: what the bank grants then is given back.
func TestLinkIsClosedDuringTheExchange(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := abroadAt(t, db)
		p := s.away("")
		s.bank.hold, s.bank.entered = make(chan struct{}), make(chan struct{})
		arrived := make(chan link.Arrival)
		go func() {
			a, err := s.Return(context.Background(), "req", home("state", "state-1", "code", "c"), nil)
			if err != nil {
				t.Error(err)
			}
			arrived <- a
		}()
		<-s.bank.entered
		p.close(true)
		if p.Done == nil || !strings.Contains(string(p.Done.Metadata), `"status":"requires_oauth"`) {
			t.Errorf("%+v", p.Done)
		}
		close(s.bank.hold)
		if a := <-arrived; !a.Over {
			t.Errorf("arrival %+v", a)
		}
		if len(s.bank.given) != 1 || s.bank.given[0] != "grant-of-"+p.Session.ID {
			t.Errorf("given back: %v", s.bank.given)
		}
	})
}

// TestTheProcessDiesDuringTheExchange leaves a claim behind that nobody holds.
func TestTheProcessDiesDuringTheExchange(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := abroadAt(t, db)
		p := s.away("")
		s.bank.trouble = context.DeadlineExceeded
		s.returned(home("state", "state-1", "code", "c"))
		p.do("look", "").sees(link.Error)
		p.do("submit", "").sees(link.OAuth)
		p.stored(abroadPrologue + ", ERROR INTERNAL_SERVER_ERROR, TV ERROR, TV OAUTH")
	})
}

func TestTheWholePageGoesToTheBank(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := abroadAt(t, db)
		p := s.away(redirectURI)
		old, before := p.handle, len(p.all)
		leads := s.returned(home("state", "state-1", "code", "c")).Leads
		if again := s.returned(home("state", "state-1", "error", "access_denied")).Leads; again != leads || !strings.HasPrefix(leads, redirectURI+"?oauth_state_id=") {
			t.Fatalf("leads to %s, then to %s", leads, again)
		}
		if p.do("look", "").sees(link.OAuth); s.bank.logins != 0 {
			t.Error("the code was exchanged before Link was opened again")
		}
		turn, err := s.Open(context.Background(), "req", link.OpenRequest{LinkToken: theToken, ReceivedRedirectURI: leads})
		if err != nil || turn.Screen == nil || turn.Screen.View != link.Connected || turn.Session.ID != p.Session.ID || turn.Handle == old {
			t.Fatalf("%+v, %v", turn, err)
		}
		if got := story(turn.Events); got != "OPEN, TV CONNECTED" {
			t.Errorf("events %s", got)
		}
		p.handle = turn.Handle
		p.stored(abroadPrologue + ", OPEN, TV CONNECTED")
		if _, err := s.Step(context.Background(), "req", link.StepRequest{Handle: old, Input: link.Input{Action: "look"}}); err == nil {
			t.Error("the page that is gone still has the session")
		}
		s.refusesReturn(leads, "OAUTH_STATE_ID_ALREADY_PROCESSED")
		if a := s.returned(home("state", "state-1", "code", "c")); !a.Over || a.Leads != "" {
			t.Errorf("the return page, once more: %+v", a)
		}
		if p.took(turn, nil).do("submit", ""); p.Done == nil || p.Done.Kind != "success" || len(p.all) < before {
			t.Errorf("%+v", p.Done)
		}
	})
}

// refusesReturn opens Link with an address that is of no use.
func (s *stand) refusesReturn(address, code string) string {
	s.Helper()
	turn, err := s.Open(context.Background(), "req", link.OpenRequest{LinkToken: theToken, ReceivedRedirectURI: address})
	if err != nil || turn.Done == nil || turn.Done.Error == nil || turn.Done.Error.Code != code || len(turn.Remarks) != 1 {
		s.Fatalf("%s: %+v, %v; want %s", address, turn, err, code)
	}
	return turn.Remarks[0].Text
}

func TestAReturnOfNoUse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := abroadAt(t, db)
		s.refusesReturn(redirectURI+"?oauth_state_id=9d5feadd-a873-43eb-97ba-422f35ce849b", "OAUTH_STATE_ID_NOT_FOUND")
		s.refusesReturn(redirectURI, "INVALID_FIELD")

		p := s.away(redirectURI)
		leads := s.returned(home("state", "state-1", "code", "c")).Leads
		other := s.tokens[theToken]
		other.ID = "token-2"
		s.tokens["another"] = other
		turn, err := s.Open(context.Background(), "req", link.OpenRequest{LinkToken: "another", ReceivedRedirectURI: leads})
		if err != nil || turn.Done == nil || turn.Done.Error.Code != "INCORRECT_LINK_TOKEN" {
			t.Errorf("another token: %+v, %v", turn.Done, err)
		}
		turn, err = s.Open(context.Background(), "req", link.OpenRequest{ReceivedRedirectURI: leads})
		if err != nil || turn.Done == nil || turn.Done.Error.Code != "INVALID_LINK_TOKEN" {
			t.Errorf("no token: %+v, %v", turn.Done, err)
		}
		p.close(true)
		s.refusesReturn(leads, "OAUTH_STATE_ID_ALREADY_PROCESSED")

		s.away(redirectURI)
		leads = s.returned(home("state", "state-2", "code", "c")).Leads
		s.clock.Advance(4 * time.Hour)
		s.refusesReturn(leads, "INVALID_LINK_TOKEN")
		if s.bank.logins != 0 {
			t.Errorf("%d exchanges", s.bank.logins)
		}
	})
}

// TestDeniedWithTheWholePage: OPEN comes before what the bank said (link-web.md
// section 4.2).
func TestDeniedWithTheWholePage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := abroadAt(t, db)
		s.away(redirectURI)
		leads := s.returned(home("state", "state-1", "error", "access_denied")).Leads
		turn, err := s.Open(context.Background(), "req", link.OpenRequest{LinkToken: theToken, ReceivedRedirectURI: leads})
		if err != nil {
			t.Fatal(err)
		}
		if got := story(turn.Events); got != "OPEN, ERROR INSUFFICIENT_CREDENTIALS, TV ERROR" {
			t.Errorf("events %s", got)
		}
	})
}

func TestManyReopenAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := abroadAt(t, db)
		s.away(redirectURI)
		leads := s.returned(home("state", "state-1", "code", "c")).Leads
		nodes := []*link.Sessions{s.Sessions}
		if !db.SingleNode() {
			nodes = append(nodes, s.again())
		}
		var all sync.WaitGroup
		won := make(chan string, 8)
		for i := range 8 {
			all.Go(func() {
				turn, err := nodes[i%len(nodes)].Open(context.Background(), "req", link.OpenRequest{LinkToken: theToken, ReceivedRedirectURI: leads})
				switch {
				case err != nil:
					t.Error(err)
				case turn.Done == nil:
					won <- turn.Handle
				case turn.Done.Error == nil || turn.Done.Error.Code != "OAUTH_STATE_ID_ALREADY_PROCESSED":
					t.Errorf("%+v", turn.Done)
				}
			})
		}
		all.Wait()
		close(won)
		if len(won) != 1 || s.bank.logins != 1 {
			t.Fatalf("%d pages go on, after %d exchanges", len(won), s.bank.logins)
		}
		turn, err := s.Step(context.Background(), "req", link.StepRequest{Handle: <-won, AnySeq: true, Input: link.Input{Action: "look"}})
		if err != nil || turn.Screen.View != link.Connected {
			t.Errorf("%+v, %v", turn, err)
		}
	})
}

func TestThePageOfTheReturn(t *testing.T) {
	s := abroadAt(t, storetest.SQLite(t))
	frame := link.NewFrame(link.FrameConfig{Sessions: s.Sessions, Tokens: s.tokens, IDs: s.config.IDs, Log: s.config.Log, PublicURL: "https://link.example"})
	get := func(method, query string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(method, link.ReturnPath+"?"+query, nil)
		r.Header.Set("Accept-Language", "de-CH, en;q=0.5")
		frame.ServeHTTP(w, r)
		return w
	}
	p := s.away("")
	if w := get(http.MethodHead, "state=state-1&code=c"); w.Code != http.StatusMethodNotAllowed || s.bank.logins != 0 {
		t.Errorf("HEAD: %d, %d exchanges", w.Code, s.bank.logins)
	}
	w := get(http.MethodGet, "state=state-1&code=planted")
	if w.Code != http.StatusOK || w.Header().Get("Cross-Origin-Opener-Policy") != "" || w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	body := w.Body.String()
	for _, want := range []string{`<html lang="en"`, "Go back to Wonderwallet", "/link/assets/return.js?v="} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s:\n%s", want, body)
		}
	}
	for _, bad := range []string{"planted", "state-1", "refresh"} {
		if strings.Contains(body, bad) {
			t.Errorf("the page holds %s", bad)
		}
	}
	p.do("look", "").sees(link.Connected)
	if body := get(http.MethodGet, "state=nobody").Body.String(); !strings.Contains(body, `<html lang="de"`) || !strings.Contains(body, "Diese Anmeldung ist beendet") {
		t.Errorf("a stranger sees %s", body)
	}
	s.away(redirectURI)
	body = get(http.MethodGet, "state=state-2&code=c").Body.String()
	if !strings.Contains(body, `<meta http-equiv="refresh" content="0;url=`+redirectURI+`?oauth_state_id=`) || strings.Contains(body, "return.js") {
		t.Errorf("a whole page sees %s", body)
	}
}

package link_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

const happy = "OPEN CONSENT, TV SELECT_INSTITUTION, SEARCH_INSTITUTION, SELECT_INSTITUTION, TV CREDENTIAL, SUBMIT_CREDENTIALS, TV LOADING, " +
	"TV MFA code, SUBMIT_MFA code, TV LOADING, TV SELECT_ACCOUNT, TV LOADING, TV CONNECTED, HANDOFF"

func TestASessionTellsItsStory(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := newStand(t, db).person()
		p.do("submit", "").do("search", "toy").do("pick", "ins_1").say("code").say("1234").say("all").do("submit", "")
		p.told(happy)
		if p.Done == nil || p.Done.Kind != "success" || *p.Done.PublicToken != "public-sandbox-"+p.Session.ID {
			t.Fatalf("done: %+v", p.Done)
		}
		want := `{"institution":{"name":"Toy Bank","institution_id":"ins_1"},"accounts":[{"id":"account-1","name":"Checking","mask":"0000","type":"depository","subtype":"checking","verification_status":null,"class_type":null}],` +
			`"account":{"id":"account-1","name":"Checking","mask":"0000","type":"depository","subtype":"checking","verification_status":null,"class_type":null},"account_id":"account-1","link_session_id":"` + p.Session.ID + `","transfer_status":null}`
		if got := string(p.Done.Metadata); got != want {
			t.Errorf("metadata\n got %s\nwant %s", got, want)
		}
		ids := map[string]bool{}
		for i, e := range p.all {
			if i > 0 && !e.At.After(p.all[i-1].At) {
				t.Errorf("event %d at %s does not follow %s", i, e.At, p.all[i-1].At)
			}
			if e.Metadata.RequestID == "" || ids[e.ID] {
				t.Errorf("event %d: request_id %q, id %q", i, e.Metadata.RequestID, e.ID)
			}
			ids[e.ID] = true
			chosen := i >= 3
			if (e.Metadata.InstitutionID == "ins_1") != chosen || (e.Metadata.InstitutionName == "Toy Bank") != chosen {
				t.Errorf("event %d (%s) names institution %q", i, e.Name, e.Metadata.InstitutionID)
			}
		}
		records, err := p.ForToken(context.Background(), "token-1")
		if err != nil || len(records) != 1 {
			t.Fatalf("records: %v, %v", records, err)
		}
		r := records[0]
		if story(r.Events) != happy || r.LinkSessionID != p.Session.ID || r.FinishedAt.IsZero() || r.Exit != nil || len(r.Items) != 1 || r.Items[0].PublicToken != *p.Done.PublicToken {
			t.Errorf("record: %+v", r)
		}
		p.clock.Advance(6*time.Hour + time.Second)
		if records, _ = p.ForToken(context.Background(), "token-1"); len(records) != 0 {
			t.Error("a session is told of for longer than six hours")
		}
	})
}

func TestARepeatedStepChangesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := newStand(t, db).person().at(link.Credential)
		old := p.saying("good")
		p.say("good").sees(link.SelectAccount)
		told := len(p.all)
		for _, again := range []link.StepRequest{old, {Handle: p.handle, Seq: 99, Input: link.Input{Action: "submit"}}, {Handle: p.handle, Seq: -1, Input: link.Input{Action: "nonsense"}}} {
			p.took(p.Step(context.Background(), "req", again)).sees(link.SelectAccount)
		}
		if len(p.all) != told || p.bank.logins != 1 {
			t.Errorf("%d events more, %d logins", len(p.all)-told, p.bank.logins)
		}
		last := p.say("all").saying("")
		p.do("submit", "")
		first := *p.Done.PublicToken
		p.took(p.Step(context.Background(), "req", last))
		p.close(true)
		if p.bank.made != 1 || p.Done == nil || *p.Done.PublicToken != first || len(p.Turn.Events) != 0 {
			t.Errorf("made %d results, then %+v", p.bank.made, p.Done)
		}
	})
}

func TestTwoTabsReachTheBankOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStand(t, db)
		p := s.person().at(link.Credential)
		other := s.again() // another node, where the database allows one
		s.bank.hold, s.bank.entered = make(chan struct{}), make(chan struct{})
		first := make(chan link.Turn, 2)
		press := func(at *link.Sessions) {
			turn, err := at.Step(context.Background(), "req", p.saying("good"))
			if err != nil {
				t.Error(err)
			}
			first <- turn
		}
		go press(s.Sessions)
		<-s.bank.entered
		go press(s.Sessions)
		if !db.SingleNode() {
			turn, err := other.Step(context.Background(), "req", p.saying("good"))
			if err != nil || turn.Screen == nil || turn.Screen.View != link.Loading || len(turn.Events) != 0 {
				t.Errorf("at the other node: %+v, %v", turn, err)
			}
		}
		close(s.bank.hold)
		a, b := <-first, <-first
		for _, turn := range []link.Turn{a, b} {
			if turn.Screen == nil || turn.Screen.View != link.SelectAccount {
				t.Errorf("a tab sees %+v", turn.Screen)
			}
		}
		if len(a.Events)+len(b.Events) != 3 || s.bank.logins != 1 {
			t.Errorf("%d and %d events, %d logins", len(a.Events), len(b.Events), s.bank.logins)
		}
	})
}

// TestManyPressesAtOnce lets presses race to the claim: one gets it, the others
// wait for what comes of it.
func TestManyPressesAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStand(t, db)
		for round := 1; round <= 5; round++ {
			p := s.person().at(link.Credential)
			s.bank.hold, s.bank.entered = make(chan struct{}), make(chan struct{}, 8)
			seen := make(chan link.View, 8)
			for range cap(seen) {
				go func() {
					turn, err := s.Step(context.Background(), "req", p.saying("good"))
					if err != nil || turn.Screen == nil {
						t.Errorf("%+v, %v", turn, err)
						seen <- ""
						return
					}
					seen <- turn.Screen.View
				}()
			}
			<-s.bank.entered
			close(s.bank.hold)
			for range cap(seen) {
				if view := <-seen; view != link.SelectAccount {
					t.Fatalf("round %d: somebody sees %q", round, view)
				}
			}
			s.bank.hold = nil
			if s.bank.logins != round {
				t.Fatalf("%d logins in %d rounds", s.bank.logins, round)
			}
		}
	})
}

func TestASearchDuringAStepIsKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStand(t, db)
		p := s.person().at(link.Credential)
		s.bank.hold, s.bank.entered = make(chan struct{}), make(chan struct{})
		done := make(chan struct{})
		go func() { defer close(done); p.say("good") }()
		<-s.bank.entered
		asks := &person{stand: s, handle: p.handle}
		asks.close(false) // opens the confirmation while the bank is asked
		if asks.Sheet == nil {
			t.Fatal("no confirmation")
		}
		close(s.bank.hold)
		<-done
		p.sees(link.SelectAccount)
		records, _ := s.ForToken(context.Background(), "token-1")
		const want = "OPEN CONSENT, TV SELECT_INSTITUTION, SELECT_INSTITUTION, TV CREDENTIAL, SUBMIT_CREDENTIALS, TV LOADING, TV EXIT, TV SELECT_ACCOUNT"
		if got := story(records[0].Events); got != want {
			t.Errorf("events\n got %s\nwant %s", got, want)
		}
	})
}

func TestLeaving(t *testing.T) {
	for _, c := range []struct {
		view   link.View
		word   string // said at MFA's door, for its kind
		status string
		asks   bool
		holds  bool
	}{
		{link.Consent, "", "requires_credentials", false, false},
		{link.SelectInstitution, "", "institution_not_found", false, false},
		{link.Credential, "", "requires_credentials", true, false},
		{link.MFA, "code", "requires_code", true, false},
		{link.MFA, "device", "choose_device", true, false},
		{link.MFA, "questions", "requires_questions", true, false},
		{link.MFA, "selections", "requires_selections", true, false},
		{link.SelectAccount, "", "requires_account_selection", true, true},
	} {
		t.Run(string(c.view)+c.word, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				p := newStand(t, db).person()
				if c.word != "" {
					p.at(link.Credential).say(c.word)
				}
				p.at(c.view)
				p.close(false)
				if asks := p.Sheet != nil; asks != c.asks {
					t.Fatalf("asks %v, want %v", asks, c.asks)
				}
				if c.asks {
					seq := p.Session.Seq
					p.close(false) // once more changes nothing
					p.do("stay", "").sees(c.view)
					if p.Sheet != nil || p.Session.Seq != seq {
						t.Error("the pane below the confirmation was disturbed")
					}
					p.close(false)
					p.do("leave", "")
				}
				if p.Done == nil || p.Done.Kind != "exit" || p.Done.Error != nil {
					t.Fatalf("done: %+v", p.Done)
				}
				if got := string(p.Done.Metadata); !strings.Contains(got, `"status":"`+c.status+`"`) {
					t.Errorf("metadata %s, want status %s", got, c.status)
				}
				if got := story(p.all); !strings.HasSuffix(got, "EXIT "+c.status) {
					t.Errorf("events %s", got)
				}
				if given := len(p.bank.given) == 1; given != c.holds {
					t.Errorf("given back: %v", p.bank.given)
				}
				kept := p.Done
				if p.do("submit", ""); p.Done == nil || string(p.Done.Metadata) != string(kept.Metadata) {
					t.Error("a session that has ended answers something else")
				}
			})
		})
	}
}

func TestAForcedExitAsksNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := newStand(t, db).person().at(link.Connected)
		p.close(true)
		if p.Done == nil || p.Done.Kind != "exit" || p.bank.made != 0 || len(p.bank.given) != 1 {
			t.Errorf("%+v, made %d, gave back %v", p.Done, p.bank.made, p.bank.given)
		}
		q := p.person().at(link.Connected)
		q.close(false)
		if q.Done == nil || q.Done.Kind != "success" || q.bank.made != 1 {
			t.Errorf("closing the last pane: %+v", q.Done)
		}
	})
}

func TestWrongLoginsLoop(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := newStand(t, db).person().at(link.Credential)
		p.say("").sees(link.Credential) // incomplete: nothing happens
		p.say("wrong").say("wrong").sees(link.Credential)
		p.close(false)
		p.do("leave", "")
		p.told("OPEN CONSENT, TV SELECT_INSTITUTION, SELECT_INSTITUTION, TV CREDENTIAL, SUBMIT_CREDENTIALS, TV LOADING, ERROR INVALID_CREDENTIALS, TV CREDENTIAL, " +
			"SUBMIT_CREDENTIALS, TV LOADING, ERROR INVALID_CREDENTIALS, TV CREDENTIAL, TV EXIT, EXIT INVALID_CREDENTIALS requires_credentials")
		if p.Done.Error == nil || p.Done.Error.Code != "INVALID_CREDENTIALS" || p.Done.Error.Display == nil {
			t.Errorf("error: %+v", p.Done.Error)
		}
	})
}

func TestTooManyWrongLoginsEndTheToken(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStand(t, db)
		first, second := s.person().at(link.Credential), s.person().at(link.Credential)
		for range link.MaxWrong - 1 {
			first.say("wrong").sees(link.Credential)
		}
		second.say("wrong").sees(link.Error)
		second.do("submit", "")
		if second.Done == nil || second.Done.Error.Code != "INVALID_LINK_TOKEN" {
			t.Fatalf("done: %+v", second.Done)
		}
		turn, err := s.Open(context.Background(), "req", link.OpenRequest{LinkToken: theToken})
		if err != nil || turn.Done == nil || turn.Done.Error.Code != "INVALID_LINK_TOKEN" {
			t.Errorf("the token opens again: %+v, %v", turn, err)
		}
	})
}

func TestATokenThatExpiresEndsTheSession(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStand(t, db)
		p, connected := s.person().at(link.SelectAccount), s.person().at(link.Connected)
		s.clock.Advance(4 * time.Hour)
		p.say("all")
		if p.Done == nil || p.Done.Kind != "exit" || p.Done.Error.Code != "INVALID_LINK_TOKEN" || !strings.HasSuffix(story(p.all), "EXIT INVALID_LINK_TOKEN requires_account_selection") {
			t.Errorf("%+v after %s", p.Done, story(p.all))
		}
		if len(s.bank.given) != 1 {
			t.Error("the bank still has the grant")
		}
		if connected.do("submit", ""); connected.Done == nil || connected.Done.Kind != "success" {
			t.Errorf("who has read that all is connected gets %+v", connected.Done)
		}
		turn, err := s.Open(context.Background(), "req", link.OpenRequest{LinkToken: theToken})
		if err != nil || turn.Done == nil || string(turn.Done.Metadata) != `{"institution":null,"status":null,"link_session_id":"`+turn.Session.ID+`","request_id":"req"}` {
			t.Errorf("an expired token opens: %+v, %v", turn, err)
		}
	})
}

func TestARefusedOpenStoresNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStand(t, db)
		s.tokens["other"] = link.Token{ID: "token-2", Products: []string{"income_verification"}, ExpiresAt: start.Add(time.Hour)}
		for _, c := range []struct {
			in   link.OpenRequest
			code string
		}{
			{link.OpenRequest{}, "INVALID_LINK_TOKEN"},
			{link.OpenRequest{LinkToken: "link-sandbox-nobody"}, "INVALID_LINK_TOKEN"},
			{link.OpenRequest{LinkToken: theToken, ReceivedRedirectURI: "https://app.example/?oauth_state_id=1"}, "INVALID_FIELD"},
			{link.OpenRequest{LinkToken: "other"}, "NOT_SUPPORTED"},
		} {
			turn, err := s.Open(context.Background(), "req", c.in)
			if err != nil || turn.Done == nil || turn.Done.Error == nil || turn.Done.Error.Code != c.code || turn.Handle != "" || story(turn.Events) != "EXIT "+c.code {
				t.Errorf("%+v: %+v, %v", c.in, turn, err)
			}
		}
		var n int
		if err := db.QueryRow(context.Background(), "SELECT COUNT(*) FROM link_session").Scan(&n); err != nil || n != 0 {
			t.Errorf("%d sessions, %v", n, err)
		}
	})
}

func TestACrashDuringALoginLeavesAWayOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStand(t, db)
		p := s.person().at(link.Credential)
		s.bank.hold, s.bank.entered = make(chan struct{}), make(chan struct{})
		defer close(s.bank.hold)
		go s.Step(context.Background(), "req", p.saying("good")) // never comes back before the test ends
		<-s.bank.entered
		s.Sessions = s.again() // the process starts anew
		s.clock.Advance(2 * time.Minute)
		p.took(s.Step(context.Background(), "req", p.saying("good"))).sees(link.Error)
		p.do("submit", "").sees(link.Credential)
		s.bank.hold = nil
		p.say("good").sees(link.SelectAccount)
		p.say("all").do("submit", "")
		if p.Done == nil || p.Done.Kind != "success" || s.bank.made != 1 {
			t.Errorf("done: %+v", p.Done)
		}
	})
}

func TestTroubleOfOursIsTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStand(t, db)
		p := s.person().at(link.Credential)
		s.bank.trouble = errors.New("the cable is cut")
		p.say("good").sees(link.Error)
		if got := story(p.Turn.Events); got != "SUBMIT_CREDENTIALS, TV LOADING, ERROR INTERNAL_SERVER_ERROR, TV ERROR" {
			t.Errorf("events %s", got)
		}
		p.do("submit", "").sees(link.Credential)
		p.say("good").say("all").sees(link.Connected)
		s.bank.unfinish = errors.New("the disk is full")
		if _, err := s.Step(context.Background(), "req", p.saying("")); err == nil {
			t.Fatal("a result that could not be made was told")
		}
		p.do("submit", "")
		if p.Done == nil || p.Done.Kind != "success" || s.bank.made != 1 {
			t.Errorf("done: %+v", p.Done)
		}
	})
}

func TestAnUnknownOutcomeIsAnError(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := newStand(t, db).person().at(link.Credential)
		if _, err := p.Step(context.Background(), "req", p.saying("lost")); err == nil || !strings.Contains(err.Error(), "leads nowhere") {
			t.Errorf("error: %v", err)
		}
	})
}

func TestAProductionTokenWorksOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStand(t, db, func(c *link.Config) { c.Env = "production" })
		first, second := s.person().at(link.Connected), s.person().at(link.Connected)
		if first.do("submit", ""); first.Done.Kind != "success" {
			t.Fatalf("done: %+v", first.Done)
		}
		if second.do("submit", ""); second.Done == nil || second.Done.Kind != "exit" || second.Done.Error.Code != "INVALID_LINK_TOKEN" || s.bank.made != 1 || len(s.bank.given) != 1 {
			t.Errorf("the second session: %+v, made %d", second.Done, s.bank.made)
		}
		if turn, err := s.Open(context.Background(), "req", link.OpenRequest{LinkToken: theToken}); err != nil || turn.Done == nil {
			t.Errorf("the token opens again: %+v, %v", turn, err)
		}
	})
}

func TestSweep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStand(t, db)
		ctx := context.Background()
		gone := s.person().at(link.SelectAccount)
		left := s.person().at(link.SelectAccount)
		s.bank.unabandon = errors.New("the bank does not answer")
		left.close(true)
		s.bank.unabandon = nil
		s.clock.Advance(time.Minute)
		if n, err := s.Sweep(ctx); n != 1 || err != nil || len(s.bank.given) != 1 {
			t.Errorf("swept %d, %v, given back %v", n, err, s.bank.given)
		}
		s.clock.Advance(5 * time.Hour)
		if n, err := s.Sweep(ctx); n != 1 || err != nil || len(s.bank.given) != 2 {
			t.Errorf("swept %d, %v, given back %v", n, err, s.bank.given)
		}
		if gone.say("all"); gone.Done == nil || gone.Done.Error == nil || gone.Done.Error.Code != "INVALID_LINK_TOKEN" {
			t.Errorf("who comes back too late gets %+v", gone.Done)
		}
		s.clock.Advance(31 * 24 * time.Hour)
		if n, err := s.Sweep(ctx); n != 2 || err != nil {
			t.Errorf("swept %d, %v", n, err)
		}
		for _, table := range []string{"link_session", "link_event", "link_token_spent", "link_token_login"} {
			var rows int
			if err := db.QueryRow(ctx, "SELECT COUNT(*) FROM "+table).Scan(&rows); err != nil || rows != 0 {
				t.Errorf("%s keeps %d rows, %v", table, rows, err)
			}
		}
	})
}

func TestNothingSecretIsReadable(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := newStand(t, db).person().at(link.SelectInstitution)
		p.do("search", "canary-query").do("pick", "ins_1").say("canary-password").say("all").do("submit", "")
		rows, err := db.Query(context.Background(), "SELECT id, handle_index, token, state, result, '' FROM link_session UNION ALL SELECT '', '', '', '', '', sealed FROM link_event")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var c [6]string
			if err := rows.Scan(&c[0], &c[1], &c[2], &c[3], &c[4], &c[5]); err != nil {
				t.Fatal(err)
			}
			all := strings.Join(c[:], " ")
			for _, secret := range []string{"canary", p.handle, "grant-of", "public-sandbox", "Wonderwallet"} {
				if strings.Contains(all, secret) {
					t.Errorf("the database shows %q", secret)
				}
			}
		}
	})
}

func TestAStrangeHandleAndAStrangeAction(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := newStand(t, db).person()
		for _, in := range []link.StepRequest{
			{Handle: "nobody", Seq: 1, Input: link.Input{Action: "submit"}},
			{Handle: p.handle, Seq: 1, Input: link.Input{Action: "back"}},
			{Handle: p.handle, Seq: 1, Input: link.Input{Action: "pick", Value: "ins_1"}},
			{Handle: p.handle, Seq: 1, Input: link.Input{Action: ""}},
		} {
			_, err := p.Step(context.Background(), "req", in)
			if !errors.Is(err, plaid.InvalidField("")) {
				t.Errorf("%+v: %v", in, err)
			}
		}
		if _, err := p.Exit(context.Background(), "req", link.ExitRequest{Handle: "nobody"}); !errors.Is(err, plaid.InvalidField("")) {
			t.Errorf("exit: %v", err)
		}
	})
}

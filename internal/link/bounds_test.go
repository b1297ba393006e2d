package link_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// Sessions that were opened before do not give anybody more tries: once the token
// has ended, no login is taken, not even the right one.
func TestASpentTokenTakesNoLogin(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStand(t, db)
		waiting := s.person().at(link.Credential)
		guesser := s.person().at(link.Credential)
		for range link.MaxWrong {
			guesser.say("wrong")
		}
		before := s.bank.logins
		waiting.say("good").sees(link.Error)
		if !strings.Contains(texts(waiting.Remarks), "was not tried") || len(s.bank.given) != 0 {
			t.Errorf("remarks %q, logins %d", texts(waiting.Remarks), s.bank.logins-before)
		}
		if waiting.do("submit", ""); waiting.Done == nil || waiting.Done.Error.Code != "INVALID_LINK_TOKEN" {
			t.Errorf("done: %+v", waiting.Done)
		}
	})
}

// Guesses at the same time are no more tries than guesses one after another: those
// that are on their way to the bank count.
func TestParallelGuessesStayBelowTheBound(t *testing.T) {
	const more = 3
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStand(t, db)
		var all [link.MaxWrong + more]*person
		for i := range all {
			all[i] = s.person().at(link.Credential)
		}
		s.bank.hold, s.bank.entered = make(chan struct{}), make(chan struct{})
		type answer struct {
			link.Turn
			err error
		}
		answers := make(chan answer, len(all))
		for _, p := range all {
			go func() {
				turn, err := p.Step(context.Background(), "req-guess", p.saying("wrong"))
				answers <- answer{turn, err}
			}()
		}
		for range link.MaxWrong {
			<-s.bank.entered
		}
		for range more { // who is not let through is answered while the bank still thinks
			if a := <-answers; a.err != nil || a.Screen.View != link.Error || !strings.Contains(texts(a.Remarks), "are under way") {
				t.Errorf("%v %+v %q", a.err, a.Screen, texts(a.Remarks))
			}
		}
		close(s.bank.hold)
		for range link.MaxWrong {
			if a := <-answers; a.err != nil {
				t.Error(a.err)
			}
		}
		if s.bank.logins != link.MaxWrong {
			t.Errorf("the bank was asked %d times", s.bank.logins)
		}
		turn, err := s.Open(context.Background(), "req", link.OpenRequest{LinkToken: theToken})
		if err != nil || turn.Done == nil || turn.Done.Error.Code != "INVALID_LINK_TOKEN" {
			t.Errorf("the token opens again: %+v, %v", turn, err)
		}
	})
}

// A login that was not let through goes on afterwards, and one whose process has
// ended takes no place for ever.
func TestALoginThatFoundNoRoomMayTryAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStand(t, db)
		late := s.person().at(link.Credential)
		for range link.MaxWrong {
			p := s.person().at(link.Credential)
			err := db.Write(context.Background(), func(tx *store.Tx) error {
				return tx.ExecOne(context.Background(), `UPDATE link_session SET claim = 'a process that has ended', claimed_at = $1 WHERE id = $2`, s.clock.Now().UnixMilli(), p.Session.ID)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		late.say("good").sees(link.Error)
		if s.bank.logins != 0 {
			t.Errorf("the bank was asked %d times", s.bank.logins)
		}
		s.clock.Advance(2 * time.Minute)
		late.do("submit", "").sees(link.Credential)
		late.say("good").sees(link.SelectAccount)
	})
}

// A program that goes back and forth without end comes to one.
func TestASessionEndsAfterTooManyEvents(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStand(t, db)
		p := s.person().at(link.SelectAccount)
		err := db.Write(context.Background(), func(tx *store.Tx) error {
			return tx.ExecOne(context.Background(), `UPDATE link_session SET events = 1999 WHERE id = $1`, p.Session.ID)
		})
		if err != nil {
			t.Fatal(err)
		}
		p.close(false).sees(link.SelectAccount) // event 2000
		p.do("stay", "")
		if p.Done == nil || p.Done.Error == nil || p.Done.Error.Code != "INVALID_LINK_TOKEN" || len(s.bank.given) != 1 {
			t.Errorf("%+v, given back %d", p.Done, len(s.bank.given))
		}
		if got := texts(p.Remarks); !strings.Contains(got, "2000 events") {
			t.Errorf("remarks %q", got)
		}
	})
}

// Whoever has a link token cannot fill the database with its sessions.
func TestATokenHasSoManySessions(t *testing.T) {
	s := newStand(t, storetest.SQLite(t))
	for range link.MaxSessions {
		s.person()
	}
	p := s.person()
	if p.Done == nil || p.Done.Error.Code != "INVALID_LINK_TOKEN" || !strings.Contains(texts(p.Remarks), "1000 sessions") {
		t.Errorf("%+v %q", p.Done, texts(p.Remarks))
	}
	if n := s.count("link_session"); n != link.MaxSessions {
		t.Errorf("%d sessions", n)
	}
}

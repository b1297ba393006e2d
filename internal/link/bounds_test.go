package link_test

import (
	"context"
	"strings"
	"testing"

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

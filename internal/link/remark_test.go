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

// count answers how many rows a table has.
func (s *stand) count(table string) (n int) {
	s.Helper()
	if err := s.config.DB.QueryRow(context.Background(), "SELECT COUNT(*) FROM "+table).Scan(&n); err != nil {
		s.Fatal(err)
	}
	return n
}

func texts(remarks []link.Remark) string {
	var all []string
	for _, r := range remarks {
		all = append(all, string(r.View)+": "+r.Text)
	}
	return strings.Join(all, "\n")
}

func TestRemarksComeWithTheStepThatTheyExplain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStand(t, db)
		token := s.tokens[theToken]
		token.Remarks = []string{"an option is without effect"}
		s.tokens[theToken] = token
		p := s.person()
		if got := texts(p.Remarks); got != "CONSENT: an option is without effect" {
			t.Errorf("on open: %s", got)
		}
		p.at(link.SelectInstitution)
		if len(p.Remarks) != 0 {
			t.Errorf("a step that explains nothing has remarks: %s", texts(p.Remarks))
		}
		s.bank.remark = "why not"
		p.do("search", "x")
		if got := texts(p.Remarks); got != "SELECT_INSTITUTION: why not" || p.Fragment == nil {
			t.Errorf("search: %s", got)
		}
		p.do("pick", "ins_1")
		if got := texts(p.Remarks); got != "SELECT_INSTITUTION: why not" {
			t.Errorf("pick: %s", got)
		}
		if n := s.count("link_remark"); n != 3 {
			t.Errorf("%d rows of remarks", n)
		}
	})
}

func TestNoDeadEndIsWithoutARemark(t *testing.T) {
	p := newStand(t, storetest.SQLite(t)).person().at(link.Credential).say("stuck")
	if got := texts(p.Remarks); got != "CREDENTIAL: Link stops here: ITEM_LOCKED" {
		t.Errorf("%q", got)
	}
}

// TestRemarksAreBounded searches without end.
func TestRemarksAreBounded(t *testing.T) {
	s := newStand(t, storetest.SQLite(t))
	p := s.person().at(link.SelectInstitution)
	s.bank.remark = "why not"
	for range 110 {
		p.do("search", "x")
	}
	if n := s.count("link_remark"); n != 100 {
		t.Errorf("%d rows of remarks", n)
	}
	s.clock.Advance(6 * time.Hour)
	for range 2 {
		if _, err := s.Sweep(context.Background()); err != nil {
			t.Fatal(err)
		}
		s.clock.Advance(31 * 24 * time.Hour)
	}
	if n := s.count("link_remark"); n != 0 {
		t.Errorf("%d rows of remarks after the sweep", n)
	}
}

func TestProductionTellsNoRemarks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStand(t, db, func(c *link.Config) { c.Env = "production" })
		s.bank.remark = "why not"
		p := s.person().at(link.SelectInstitution).do("pick", "ins_1")
		if len(p.Remarks) != 0 || s.count("link_remark") != 1 {
			t.Errorf("told %q, kept %d", texts(p.Remarks), s.count("link_remark"))
		}
		s.clock.Advance(4 * time.Hour)
		if p := s.person(); len(p.Remarks) != 0 || p.Done.Error.Code != "INVALID_LINK_TOKEN" {
			t.Errorf("%+v", p.Turn)
		}
	})
}

// TestSpentTokensGiveTheirReason uses tokens up.
func TestSpentTokensGiveTheirReason(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStand(t, db)
		p := s.person().at(link.Credential)
		for range link.MaxWrong {
			p.say("wrong")
		}
		if !strings.Contains(texts(p.Remarks), "wrong login number 10") {
			t.Errorf("the last wrong login explains %q", texts(p.Remarks))
		}
		if again := s.person(); !strings.Contains(texts(again.Remarks), "10 logins with this link token were wrong") {
			t.Errorf("another session explains %q", texts(again.Remarks))
		}
		if n := s.count("link_refusal"); n != 1 {
			t.Errorf("%d refusals", n)
		}
	})
}

func TestAnExpiryOnTheWayGivesItsReason(t *testing.T) {
	s := newStand(t, storetest.SQLite(t))
	p := s.person().at(link.Credential)
	s.clock.Advance(4 * time.Hour)
	p.say("good")
	if got := texts(p.Remarks); got != "CREDENTIAL: the link token expired at 2026-11-22T14:00:00Z while the session was at CREDENTIAL" || p.Done == nil {
		t.Errorf("%q, %+v", got, p.Done)
	}
}

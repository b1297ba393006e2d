package link_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// several is a person whose token lets them link several banks.
func (s *stand) several() *person {
	s.Helper()
	token := s.tokens[theToken]
	token.MultiItem = true
	s.tokens[theToken] = token
	return s.person()
}

func (p *person) record() link.SessionRecord {
	p.Helper()
	list, err := p.ForToken(context.Background(), "token-1")
	if err != nil || len(list) == 0 {
		p.Fatalf("records: %v, %v", list, err)
	}
	return list[len(list)-1]
}

// emptySuccess is onSuccess of a session that could link several Items.
func (p *person) emptySuccess() {
	p.Helper()
	want := `{"institution":null,"accounts":[],"account":null,"account_id":null,"link_session_id":"` + p.Session.ID + `","transfer_status":null}`
	if p.Done == nil || p.Done.Kind != "success" || p.Done.PublicToken != nil || string(p.Done.Metadata) != want {
		p.Errorf("done: %+v %s", p.Done, p.Done.Metadata)
	}
}

const round = "SELECT_INSTITUTION, TV CREDENTIAL, SUBMIT_CREDENTIALS, TV LOADING, TV SELECT_ACCOUNT, TV LOADING, TV CONNECTED, HANDOFF"

func TestASessionOfSeveralResults(t *testing.T) {
	for _, env := range []string{"sandbox", "production"} {
		t.Run(env, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				p := newStand(t, db, func(c *link.Config) { c.Env = env }).several()
				for i := range 3 {
					p.at(link.Connected)
					if p.bank.made != i {
						t.Fatalf("%d results before the %d. is confirmed", p.bank.made, i+1)
					}
					if i < 2 {
						p.do("more", "").sees(link.SelectInstitution)
					}
				}
				if r := p.record(); len(r.Items) != 2 || !r.FinishedAt.IsZero() {
					t.Errorf("during the session: %+v", r)
				}
				p.do("submit", "").emptySuccess()
				p.told("OPEN CONSENT, TV SELECT_INSTITUTION, " + strings.Repeat(round+", TV SELECT_INSTITUTION, ", 2) + round)
				r := p.record()
				if len(r.Items) != 3 || r.Exit != nil || r.FinishedAt.IsZero() || p.bank.made != 3 || len(p.bank.given) != 0 {
					t.Fatalf("record %+v, made %d, given back %v", r, p.bank.made, p.bank.given)
				}
				for i, item := range r.Items {
					if want := "public-sandbox-" + p.Session.ID + strings.Repeat("+", i); item.PublicToken != want || item.Institution.ID != "ins_1" {
						t.Errorf("item %d: %+v", i, item)
					}
				}
			})
		})
	}
}

// TestLeavingWithSomething leaves on every pane after the first result: what is
// linked stays, and what is not is given back.
func TestLeavingWithSomething(t *testing.T) {
	leave := map[string]func(*person){
		"asked":  func(p *person) { p.close(false) },
		"forced": func(p *person) { p.close(true) },
		"expired": func(p *person) {
			p.clock.Advance(4 * time.Hour)
			p.do("submit", "")
		},
		"swept": func(p *person) {
			p.clock.Advance(6 * time.Hour)
			if _, err := p.Sweep(context.Background()); err != nil {
				p.Fatal(err)
			}
			p.do("submit", "")
		},
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStand(t, db)
		for way, leaves := range leave {
			for _, view := range []link.View{link.SelectInstitution, link.Credential, link.MFA, link.SelectAccount} {
				token := s.tokens[theToken]
				token.ExpiresAt = s.clock.Now().Add(4 * time.Hour)
				s.tokens[theToken], s.bank.given = token, nil
				p := s.several().at(link.Connected)
				p.do("more", "").at(view)
				leaves(p)
				if p.Sheet != nil {
					p.do("leave", "")
				}
				p.emptySuccess()
				if story := story(p.all); strings.Contains(story, ", EXIT") || strings.Count(story, "HANDOFF") != 1 {
					t.Errorf("%s at %s: events %s", way, view, story)
				}
				if len(p.bank.given) != map[link.View]int{link.SelectAccount: 1}[view] {
					t.Errorf("%s at %s: given back %v", way, view, p.bank.given)
				}
				if r := p.record(); way != "swept" && (r.LinkSessionID != p.Session.ID || len(r.Items) != 1 || r.Exit != nil || r.FinishedAt.IsZero()) {
					t.Errorf("%s at %s: record %+v", way, view, r)
				}
				s.clock.Advance(time.Second) // the next session is the latest
			}
		}
	})
}

func TestNothingIsLinkedTwice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStand(t, db)
		p := s.several().at(link.Connected)
		more := link.StepRequest{Handle: p.handle, Seq: p.Session.Seq, Input: link.Input{Action: "more"}}
		last := link.StepRequest{Handle: p.handle, Seq: p.Session.Seq, Input: link.Input{Action: "submit"}}
		s.bank.unfinish = errors.New("the disk is full")
		if _, err := s.Step(context.Background(), "req", more); err == nil {
			t.Fatal("a result that could not be made was told")
		}
		var wait sync.WaitGroup
		events := make(chan int, 8)
		for i := range cap(events) {
			wait.Go(func() {
				turn, err := s.Step(context.Background(), "req", []link.StepRequest{more, last}[i%2])
				if err != nil {
					t.Error(err)
				}
				events <- len(turn.Events)
			})
		}
		wait.Wait()
		close(events)
		told := 0
		for n := range events {
			if n > 0 {
				told++
			}
		}
		if r := p.record(); len(r.Items) != 1 || told != 1 || strings.Count(story(r.Events), "HANDOFF") != 1 {
			t.Errorf("%d requests made something: %+v", told, r)
		}
	})
}

package link_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// However many people went away in a minute, nobody stays behind.
func TestSweepKeepsUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStand(t, db)
		for range 101 {
			s.person()
		}
		s.clock.Advance(6 * time.Hour)
		if n, err := s.Sweep(context.Background()); n != 101 || err != nil {
			t.Errorf("ended %d of 101, %v", n, err)
		}
		s.clock.Advance(31 * 24 * time.Hour)
		if n, err := s.Sweep(context.Background()); n != 101 || err != nil || s.count("link_session") != 0 {
			t.Errorf("forgot %d of 101, %v", n, err)
		}
	})
}

// A bank that does not answer keeps nobody else's grant back, and its own session
// is not kept for ever.
func TestSweepAsksEveryBank(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStand(t, db)
		ctx := context.Background()
		s.bank.unabandon = errors.New("the bank does not answer")
		for range 101 {
			s.clock.Advance(time.Millisecond)
			s.person().at(link.SelectAccount).close(true)
		}
		s.clock.Advance(time.Hour)
		for range 2 { // the first hundred, and the rest
			before := s.bank.refused
			if _, err := s.Sweep(ctx); err != nil {
				t.Fatal(err)
			}
			if n := s.bank.refused - before; n == 0 || n > 100 {
				t.Errorf("one sweep asked %d times", n)
			}
		}
		if s.bank.refused != 202 {
			t.Errorf("101 sessions, asked at their ends and once more, are %d", s.bank.refused)
		}
		s.clock.Advance(31 * 24 * time.Hour)
		if _, err := s.Sweep(ctx); err != nil || s.count("link_session") != 0 {
			t.Errorf("%d sessions left, %v", s.count("link_session"), err)
		}
	})
}

package link_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

var client = api.Call{Caller: api.Caller{ClientID: "client-1"}, RequestID: "req"}

func TestTheDriverGoesThrough(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStand(t, db)
		d := link.NewDriver(s.Sessions)
		ctx := context.Background()
		a, err := d.Open(ctx, client, link.DriverOpen{LinkToken: theToken})
		if err != nil || a.View != link.Consent || a.Session == "" {
			t.Fatalf("%+v, %v", a, err)
		}
		session := a.Session
		step := func(in link.DriverStep) link.DriverAnswer {
			t.Helper()
			in.Session = session
			a, err := d.Step(ctx, client, in)
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		step(link.DriverStep{})
		if a = step(link.DriverStep{Action: "search", Value: "toy"}); len(a.Choices) != 1 || a.Choices[0].Value != "ins_1" || !slices.Contains(a.Actions, "pick") {
			t.Fatalf("search: %+v", a)
		}
		a = step(link.DriverStep{Action: "pick", Value: "ins_1"})
		if len(a.Fields) != 1 || a.Fields[0].Name != "word" || a.Institution.Name != "Toy Bank" || a.Seq != 3 {
			t.Fatalf("pick: %+v", a)
		}
		word := func(w string) map[string]api.Raw { return map[string]api.Raw{"word": api.Raw(`"` + w + `"`)} }
		stale := int64(1)
		if a = step(link.DriverStep{Seq: &stale, Fields: word("good")}); a.View != link.Credential || len(a.Events) != 0 {
			t.Fatalf("stale: %+v", a)
		}
		two := int64(2) // OPEN and TRANSITION_VIEW: the answers to the search and the pick were lost
		if a = step(link.DriverStep{Seq: &stale, Seen: &two}); len(a.Events) != 3 || a.Events[0].Name != "SEARCH_INSTITUTION" {
			t.Fatalf("caught up: %+v", a.Events)
		}
		step(link.DriverStep{Fields: word("good")})
		if a, err = d.Exit(ctx, client, link.DriverExit{Session: session}); err != nil || a.View != link.Exit || !slices.Equal(a.Actions, []string{"stay", "leave"}) {
			t.Fatalf("exit: %+v, %v", a, err)
		}
		if a = step(link.DriverStep{Action: "stay"}); a.View != link.SelectAccount {
			t.Fatalf("stay: %+v", a)
		}
		step(link.DriverStep{Fields: word("all")})
		if a = step(link.DriverStep{}); a.Done == nil || a.Done.Kind != "success" || a.Events[len(a.Events)-1].Name != "HANDOFF" {
			t.Fatalf("finish: %+v", a)
		}
		if out, err := json.Marshal(a); err != nil || !json.Valid(out) {
			t.Error(err)
		}
	})
}

func TestTheDriverServesItsOwnClientOnly(t *testing.T) {
	s := newStand(t, storetest.SQLite(t))
	d := link.NewDriver(s.Sessions)
	ctx := context.Background()
	other := api.Call{Caller: api.Caller{ClientID: "client-2"}, RequestID: "req"}
	if a, err := d.Open(ctx, other, link.DriverOpen{LinkToken: theToken}); err != nil || a.Done == nil || a.Done.Error.Code != "INVALID_LINK_TOKEN" {
		t.Errorf("open: %+v, %v", a, err)
	}
	a, err := d.Open(ctx, client, link.DriverOpen{LinkToken: theToken})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Step(ctx, other, link.DriverStep{Session: a.Session}); !errors.Is(err, plaid.InvalidField("")) {
		t.Errorf("step: %v", err)
	}
	if _, err := d.Exit(ctx, other, link.DriverExit{Session: a.Session}); !errors.Is(err, plaid.InvalidField("")) {
		t.Errorf("exit: %v", err)
	}
	if _, err := d.Step(ctx, client, link.DriverStep{Session: a.Session, Fields: map[string]api.Raw{"word": api.Raw(`1`)}}); !errors.Is(err, plaid.InvalidField("")) {
		t.Errorf("fields: %v", err)
	}
}

package item_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// shortStory is the story of events, shortly.
func shortStory(events []link.Event) string {
	var list []string
	for _, e := range events {
		name := e.Name
		for _, more := range []*string{e.Metadata.ViewName, e.Metadata.MatchReason, e.Metadata.ErrorCode} {
			if more != nil {
				name += " " + *more
			}
		}
		list = append(list, name)
	}
	return strings.Join(list, ", ")
}

func (d *desk) embedded(t *testing.T, change ...func(*link.Token)) (first link.DriverAnswer, step func(action, value string) link.DriverAnswer) {
	t.Helper()
	ctx := context.Background()
	first, err := d.driver.Open(ctx, clientCall, link.DriverOpen{LinkToken: d.token(change...), Embedded: true})
	if err != nil {
		t.Fatal(err)
	}
	return first, func(action, value string) link.DriverAnswer {
		t.Helper()
		a, err := d.driver.Step(ctx, clientCall, link.DriverStep{Session: first.Session, Action: action, Value: value, Fields: map[string]api.Raw{}})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
}

func TestEmbeddedSearchAsksForConsentFirst(t *testing.T) {
	d := newDesk(t, simulated(t, storetest.SQLite(t)))
	for bank, want := range map[string]string{
		"ins_109508": "SELECT_INSTITUTION, TRANSITION_VIEW CONSENT, TRANSITION_VIEW CREDENTIAL",
		"ins_132363": "SELECT_INSTITUTION, TRANSITION_VIEW CONSENT, SELECT_DEGRADED_INSTITUTION, TRANSITION_VIEW ERROR",
		"ins_132361": "TRANSITION_VIEW CONSENT, SELECT_DOWN_INSTITUTION, ERROR INSTITUTION_DOWN, TRANSITION_VIEW ERROR INSTITUTION_DOWN",
		"ins_135858": "TRANSITION_VIEW CONSENT, SELECT_FILTERED_INSTITUTION, TRANSITION_VIEW ERROR",
	} {
		first, step := d.embedded(t)
		if len(first.Choices) < 2 || len(first.Choices) > 15 || shortStory(first.Events) != "OPEN CONSENT" {
			t.Fatalf("%+v", first)
		}
		picked := step("pick", bank)
		if picked.View != link.Consent || picked.Institution.ID != bank || slices.Contains(picked.Actions, "back") {
			t.Errorf("%s: %+v", bank, picked)
		}
		got := shortStory(append(picked.Events, step("submit", "").Events...))
		// The error of an ERROR pane is told once, by its own event.
		if got = strings.ReplaceAll(got, "VIEW ERROR INSTITUTION_DOWN", "VIEW ERROR"); got != strings.ReplaceAll(want, "VIEW ERROR INSTITUTION_DOWN", "VIEW ERROR") {
			t.Errorf("%s:\n got %s\nwant %s", bank, got, want)
		}
	}
}

func TestEmbeddedSearchChoosesAnewInLink(t *testing.T) {
	d := newDesk(t, simulated(t, storetest.SQLite(t)))
	_, step := d.embedded(t, func(t *link.Token) { t.RoutingNumber = "021000021" })
	routed := step("search", "").Choices[0].Value
	if got := shortStory(step("pick", routed).Events); got != "MATCHED_SELECT_INSTITUTION routing_number, TRANSITION_VIEW CONSENT" {
		t.Errorf("the bank of the routing number, %s: %s", routed, got)
	}
	step("submit", "")
	if a := step("back", ""); a.View != link.SelectInstitution || a.Institution != nil {
		t.Fatalf("%+v", a)
	}
	if a := step("back", ""); a.View != link.Consent || a.Institution != nil {
		t.Fatalf("%+v", a)
	}
	if got := shortStory(step("submit", "").Events); got != "TRANSITION_VIEW SELECT_INSTITUTION" {
		t.Error(got)
	}
	if got := shortStory(step("pick", "ins_109511").Events); got != "SELECT_INSTITUTION, TRANSITION_VIEW CREDENTIAL" {
		t.Error(got)
	}
}

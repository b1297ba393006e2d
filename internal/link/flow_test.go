package link_test

import (
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/link"
)

func TestAFlowThatDoesNotHoldTogether(t *testing.T) {
	good := (&toy{}).flow()
	if err := good.Validate(); err != nil {
		t.Fatalf("the toy flow: %v", err)
	}
	for want, spoil := range map[string]func(*link.Flow){
		"which does not exist": func(f *link.Flow) { change(f, link.Consent, func(s *link.Step) { s.Next["ok"] = link.Exit }) },
		"lacks a pane":         func(f *link.Flow) { change(f, link.Consent, func(s *link.Step) { s.Pane = nil }) },
		"is no step of it":     func(f *link.Flow) { f.Start = link.Exit },
		"goes back to":         func(f *link.Flow) { change(f, link.MFA, func(s *link.Step) { s.Back = link.Exit }) },
		"no way leads from": func(f *link.Flow) {
			change(f, link.Connected, func(s *link.Step) { s.Next["finished"] = link.Connected })
		},
		"it needs Loading":       func(f *link.Flow) { change(f, link.MFA, func(s *link.Step) { s.Loading = false }) },
		"may be interrupted":     func(f *link.Flow) { change(f, link.Error, func(s *link.Step) { delete(s.Next, link.Again) }) },
		"which leads nowhere":    func(f *link.Flow) { change(f, link.Connected, func(s *link.Step) { s.Leaving = "other" }) },
		"which leads to no view": func(f *link.Flow) { change(f, link.Connected, func(s *link.Step) { s.Makes = "finished" }) },
		"has view_name WELCOME, which no documentation knows":        func(f *link.Flow) { f.Steps["WELCOME"] = f.Steps[link.Consent] },
		"CREDENTIAL has event TYPED, which no documentation knows":   func(f *link.Flow) { change(f, link.Credential, func(s *link.Step) { s.Submit = "TYPED" }) },
		"CONSENT has exit_status gone, which no documentation knows": func(f *link.Flow) { change(f, link.Consent, func(s *link.Step) { s.Status = "gone" }) },
		"CONSENT has no exit_status":                                 func(f *link.Flow) { change(f, link.Consent, func(s *link.Step) { s.Status = "" }) },
		"Abandon and Holds come":                                     func(f *link.Flow) { f.Holds = nil },
		"State and Finish are needed":                                func(f *link.Flow) { f.Finish = nil },
	} {
		f := (&toy{}).flow()
		spoil(&f)
		if err := f.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func change(f *link.Flow, view link.View, spoil func(*link.Step)) {
	s := f.Steps[view]
	spoil(&s)
	f.Steps[view] = s
}

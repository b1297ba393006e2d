package link_test

import (
	"strings"
	"testing"
)

// The frame is told of an opened list by events alone: the pane stays as it is,
// with what was typed.
func TestViewDataTypesInTheFrame(t *testing.T) {
	_, f := newFrame(t)
	_, r := ask(t, f, "open", `{"link_token":"`+theToken+`"}`)
	if !strings.Contains(r.Pane.HTML, `data-opened="view_data_types"`) {
		t.Fatal("the consent pane has no list of what is shared")
	}
	session := r.Session
	for range 2 {
		_, r = ask(t, f, "step", `{"session":"`+session+`","seq":1,"action":"view_data_types"}`)
		if r.Pane != nil || r.Fragment != nil || r.Done != nil || len(r.Events) != 1 || r.Events[0].Name != "VIEW_DATA_TYPES" {
			t.Fatalf("%+v", r)
		}
	}
	_, r = ask(t, f, "step", `{"session":"`+session+`","seq":1,"action":"submit"}`)
	if r.Pane == nil || r.Pane.Seq != 2 {
		t.Fatalf("the step after it: %+v", r)
	}
	if code, r := ask(t, f, "step", `{"session":"`+session+`","seq":2,"action":"view_data_types"}`); code != 400 || r.Code != "INVALID_FIELD" {
		t.Errorf("a pane without a list: %d %+v", code, r)
	}
}

package link_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/team"
)

// metadataKeys are those that every event has on the web, null when unused
// (link-web.md section 2.1).
const metadataKeys = "account_number_mask error_code error_message error_type exit_status institution_id institution_name institution_search_query " +
	"is_update_mode link_session_id match_reason mfa_type request_id routing_number selection timestamp view_name"

func TestEveryEventHasEveryKey(t *testing.T) {
	s := newStand(t, storetest.SQLite(t))
	d := link.NewDriver(s.Sessions)
	out, err := d.Complete(context.Background(), client, link.CompleteRequest{LinkToken: theToken, Steps: []link.ScriptStep{
		{}, {Action: "search", Value: "toy"}, {Action: "pick", Value: "ins_1"}, {Fields: map[string]api.Raw{"word": api.Raw(`"wrong"`)}}, {Action: "exit", Value: "force"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	requests, last := map[string]int{}, ""
	for _, e := range out.Events {
		raw, err := json.Marshal(e.Metadata)
		var keys map[string]any
		if err != nil || json.Unmarshal(raw, &keys) != nil {
			t.Fatal(err)
		}
		if got := strings.Join(slices.Sorted(maps.Keys(keys)), " "); got != metadataKeys {
			t.Errorf("%s has %s", e.Name, got)
		}
		if (e.Metadata.IsUpdateMode != nil) != (e.Name == "OPEN") {
			t.Errorf("%s: is_update_mode %v", e.Name, e.Metadata.IsUpdateMode)
		}
		requests[e.Metadata.RequestID]++
		if e.Metadata.Timestamp <= last {
			t.Errorf("%s at %s does not follow %s", e.Name, e.Metadata.Timestamp, last)
		}
		last = e.Metadata.Timestamp
	}
	if got := fmt.Sprint(slices.Sorted(maps.Values(requests))); got != "[1 1 1 1 2 4]" {
		t.Errorf("events by request: %s of %v", got, requests)
	}
}

// TestWhoIsToldLive asks the frame how the page hears of events.
func TestWhoIsToldLive(t *testing.T) {
	for _, c := range []struct {
		server bool
		custom string
		want   bool
	}{{false, "", false}, {true, "", true}, {false, team.EventsRealtime, true}, {true, team.EventsBuffered, false}} {
		s := newStand(t, storetest.SQLite(t), func(cfg *link.Config) { cfg.Realtime = c.server })
		token := s.tokens[theToken]
		token.Custom.Events = c.custom
		s.tokens[theToken] = token
		f := link.NewFrame(link.FrameConfig{Sessions: s.Sessions, Tokens: s.tokens, IDs: s.config.IDs, Log: s.config.Log})
		r := httptest.NewRequest("POST", "/link/session/open", strings.NewReader(`{"link_token":"`+theToken+`"}`))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		f.ServeHTTP(w, r)
		if got := strings.Contains(w.Body.String(), `"live":true`); w.Code != 200 || got != c.want {
			t.Errorf("%+v: %d %s", c, w.Code, w.Body)
		}
	}
}

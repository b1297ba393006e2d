package rail

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/api/apitest"
	"github.com/glencheck-dev/glencheck/internal/clock"
)

// post calls an endpoint as a client and decodes the answer.
func (y *yard) post(client, path, body string, out any) {
	y.t.Helper()
	a := apitest.Keep(api.New(api.Config{
		Env: "sandbox", IDs: clock.NewIDs(0, 0), Log: y.log,
		Authenticate: func(_ context.Context, id, _ string) (api.Caller, error) { return api.Caller{ClientID: id}, nil },
	}, y.Endpoints()))
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Plaid-Client-Id", client)
	r.Header.Set("Plaid-Secret", "key")
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	if err := json.Unmarshal(w.Body.Bytes(), out); err != nil {
		y.t.Fatal(err, w.Body)
	}
}

// events are what an endpoint answers, in short.
func (y *yard) events(client, path, body string) []string {
	y.t.Helper()
	var out struct {
		Code   string `json:"error_code"`
		Events []struct {
			ID      int    `json:"event_id"`
			Type    string `json:"event_type"`
			Account string `json:"account_id"`
			Amount  string `json:"bank_transfer_amount"`
			Reason  *struct {
				Code *string `json:"ach_return_code"`
			} `json:"failure_reason"`
		} `json:"bank_transfer_events"`
	}
	y.post(client, path, body, &out)
	if out.Code != "" {
		return []string{out.Code}
	}
	list := []string{}
	for _, e := range out.Events {
		text := fmt.Sprintf("%d %s %s %s", e.ID, e.Account, e.Type, e.Amount)
		if e.Reason != nil && e.Reason.Code != nil {
			text += " " + *e.Reason.Code
		}
		list = append(list, text)
	}
	return list
}

func TestEventsOfMicroDeposits(t *testing.T) {
	each(t, func(y *yard) {
		a, b := y.send(SameDayACH, "a"), y.send(SameDayACH, "b")
		y.work()
		for _, c := range []struct{ body, want string }{
			{fmt.Sprintf(`{"bank_transfer_id": %q, "event_type": "posted"}`, a.ID), ""},
			{fmt.Sprintf(`{"bank_transfer_id": %q, "event_type": "reversed", "failure_reason": {"ach_return_code": "R03"}}`, b.ID), ""},
			{fmt.Sprintf(`{"bank_transfer_id": %q, "event_type": "posted"}`, b.ID), "INVALID_FIELD"},
			{fmt.Sprintf(`{"bank_transfer_id": %q, "event_type": "gone"}`, b.ID), "INVALID_FIELD"},
			{`{"bank_transfer_id": "x", "event_type": "posted"}`, "INVALID_FIELD"},
			{`{"event_type": "posted"}`, "MISSING_FIELDS"},
		} {
			var out struct {
				Code string `json:"error_code"`
			}
			y.post("client", "/sandbox/bank_transfer/simulate", c.body, &out)
			if out.Code != c.want {
				y.t.Errorf("%s: %s", c.body, out.Code)
			}
		}
		all := []string{"1 a pending 0.01", "2 b pending 0.01", "3 a posted 0.01", "4 b reversed 0.01 R03"}
		list, sync := "/bank_transfer/event/list", "/bank_transfer/event/sync"
		for _, c := range []struct {
			client, path, body string
			want               []string
		}{
			{"client", sync, `{"after_id": 0}`, all},
			{"client", sync, `{"after_id": 2, "count": 1}`, all[2:3]},
			{"client", sync, `{"after_id": 4}`, []string{}},
			{"other", sync, `{"after_id": 0}`, []string{}},
			{"client", sync, `{}`, []string{"MISSING_FIELDS"}},
			{"client", sync, `{"after_id": -1}`, []string{"INVALID_FIELD"}},
			{"client", sync, `{"after_id": 0, "count": 26}`, []string{"INVALID_FIELD"}},
			{"client", list, `{}`, []string{all[3], all[2], all[1], all[0]}},
			{"client", list, `{"count": 2, "offset": 1}`, []string{all[2], all[1]}},
			{"client", list, `{"event_types": ["posted", "reversed"], "account_id": "b"}`, all[3:]},
			{"client", list, fmt.Sprintf(`{"bank_transfer_id": %q, "bank_transfer_type": "credit", "direction": "outbound"}`, a.ID), []string{all[2], all[0]}},
			{"client", list, `{"direction": "inbound"}`, []string{}},
			{"client", list, `{"bank_transfer_type": "debit"}`, []string{}},
			{"client", list, `{"start_date": "2026-11-23T14:00:01Z"}`, []string{}},
			{"client", list, `{"end_date": "2026-11-23T14:00:00Z", "count": 1}`, all[3:]},
			{"client", list, `{"start_date": "yesterday"}`, []string{"INVALID_FIELD"}},
			{"other", list, fmt.Sprintf(`{"bank_transfer_id": %q}`, a.ID), []string{}},
		} {
			if diff := cmp.Diff(c.want, y.events(c.client, c.path, c.body)); diff != "" {
				y.t.Errorf("%s %s: %s", c.path, c.body, diff)
			}
		}
	})
}

func TestWebhooksOfEvents(t *testing.T) {
	each(t, func(y *yard) {
		ask := func(path, body string) string {
			var out struct {
				Code string `json:"error_code"`
			}
			y.post("client", path, body, &out)
			return out.Code
		}
		p := y.send(SameDayACH, "p")
		simulate := `{"bank_transfer_id": "` + p.ID + `", "event_type": `
		for _, c := range []struct{ path, body, code, fired string }{
			{"/sandbox/bank_transfer/simulate", simulate + `"posted"}`, "", "client https://everybody.example/"},
			{"/sandbox/bank_transfer/webhook/set", `{"webhook": "https://client.example/hook"}`, "", ""},
			{"/sandbox/bank_transfer/webhook/set", `{"webhook": "client.example"}`, "INVALID_FIELD", ""},
			{"/sandbox/bank_transfer/simulate", simulate + `"reversed"}`, "", "client https://client.example/hook"},
			{"/sandbox/bank_transfer/fire_webhook", `{"webhook": "https://other.example/hook"}`, "", "client https://other.example/hook"},
			{"/sandbox/bank_transfer/fire_webhook", `{"webhook": "nowhere"}`, "INVALID_FIELD", ""},
			{"/sandbox/bank_transfer/fire_webhook", `{}`, "MISSING_FIELDS", ""},
			{"/sandbox/bank_transfer/webhook/set", `{"webhook": null}`, "", ""},
		} {
			y.fired = nil
			if code := ask(c.path, c.body); code != c.code || strings.Join(y.fired, " ") != c.fired {
				y.t.Errorf("%s %s: %q, fired %q", c.path, c.body, code, y.fired)
			}
		}
		q := y.send(SameDayACH, "q")
		y.fired = nil
		if ask("/sandbox/bank_transfer/simulate", `{"bank_transfer_id": "`+q.ID+`", "event_type": "posted"}`); y.fired != nil {
			y.t.Errorf("a client that wants none is told at %q", y.fired)
		}
	})
}

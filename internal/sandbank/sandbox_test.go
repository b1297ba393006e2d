package sandbank

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/api/apitest"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/rail/nacha"
)

// post calls a lever and decodes the answer.
func (w *world) post(t *testing.T, path, body string) (out map[string]any) {
	t.Helper()
	a := apitest.Keep(api.New(api.Config{
		Env: "sandbox", IDs: clock.NewIDs(0, 0), Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Authenticate: func(_ context.Context, id, _ string) (api.Caller, error) { return api.Caller{ClientID: id}, nil },
	}, w.bank.Endpoints()))
	r := httptest.NewRequest("POST", "/sandbox/bank/"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Plaid-Client-Id", "id")
	r.Header.Set("Plaid-Secret", "key")
	rec := httptest.NewRecorder()
	a.ServeHTTP(rec, r)
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil {
		t.Fatal(err, rec.Body)
	}
	return out
}

func TestLevers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, c := range []struct{ path, body, code string }{
			{"account/set", `{"account": "1001", "state": "closed"}`, ""},
			{"account/set", `{"account": "1002", "state": "moved", "corrected_account": "1003", "delay_seconds": 60}`, ""},
			{"account/set", `{"account": "1002", "state": "moved"}`, "INVALID_FIELD"},
			{"account/set", `{"account": "1002", "state": "open", "corrected_account": "1003"}`, "INVALID_FIELD"},
			{"account/set", `{"account": "abc", "state": "open"}`, "INVALID_FIELD"},
			{"account/set", `{"account": "1001", "state": "gone"}`, "INVALID_FIELD"},
			{"account/set", `{"account": "1001"}`, "MISSING_FIELDS"},
			{"account/set", `{"account": "1001", "state": "open", "delay_seconds": -1}`, "INVALID_FIELD"},
			{"account/set", `{"account": "1004", "state": "returns", "return_code": "R01"}`, ""},
			{"account/set", `{"account": "1004", "state": "returns"}`, "INVALID_FIELD"},
			{"account/set", `{"account": "1004", "state": "returns", "return_code": "R99"}`, "INVALID_FIELD"},
			{"account/set", `{"account": "1004", "state": "closed", "return_code": "R01"}`, "INVALID_FIELD"},
			{"deposit/return", `{"account": "1004"}`, "INVALID_FIELD"},
			{"deposit/return", `{"account": "1004", "return_code": "C01"}`, "INVALID_FIELD"},
			{"deposit/return", `{"account": "x"}`, "INVALID_FIELD"},
			{"rails/set", `{"down": true}`, ""},
			{"rails/set", `{}`, ""},
			{"rails/set", `{"delay_seconds": 2592001}`, "INVALID_FIELD"},
			{"statement/get", `{"account": "123"}`, "INVALID_FIELD"},
			{"statement/get", `{"account": "1001"}`, ""},
		} {
			code, _ := w.post(t, c.path, c.body)["error_code"].(string)
			if code != c.code {
				t.Errorf("%s %s: %q, want %q", c.path, c.body, code, c.code)
			}
		}
		w.deliver(t, "f", achFile(t, w.clock.Now(), "1001", number))
		deposits := func(account string) any {
			return w.post(t, "statement/get", `{"account": "`+account+`"}`)["deposits"]
		}
		kept := deposits(number).([]any)[0].(map[string]any)
		if kept["state"] != "pending" || kept["return_code"] != nil {
			t.Error(kept)
		}
		at := w.clock.Now().UTC().Format("2006-01-02T15:04:05.000Z07:00")
		w.clock.Set(nacha.NextWindow(w.clock.Now()).Settles)
		want := map[string]any{
			"state": "returned", "amount_cents": 1.0, "description": "#ABC WONDERWALLE ACCTVERIFY", "code": "ABC",
			"received_at": at, "posts_at": deposits("1001").([]any)[0].(map[string]any)["posts_at"], "return_code": "R02",
		}
		if diff := cmp.Diff([]any{want}, deposits("1001")); diff != "" {
			t.Error(diff)
		}
		if out := w.post(t, "deposit/return", `{"account": "`+number+`"}`); out["error_code"] != nil {
			t.Error(out)
		}
		kept = deposits(number).([]any)[0].(map[string]any)
		if kept["state"] != "returned" || kept["return_code"] != "R03" {
			t.Error(kept)
		}
	})
}

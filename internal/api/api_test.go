package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

type options struct {
	AccountIDs []string `json:"account_ids" min:"1" must:"be a non-empty array of valid account ids"`
	Deep       *struct {
		Flag bool `json:"flag"`
	} `json:"deep"`
}

type thing struct {
	ID string `json:"id" required:"true"`
}

type request struct {
	AccessToken string         `json:"access_token" required:"true"`
	Count       int            `json:"count" required:"true" min:"1" max:"500"`
	Options     *options       `json:"options" notnull:"true"`
	Mode        string         `json:"mode" enum:"fast,slow"`
	Amount      *plaid.Decimal `json:"amount"`
	Name        string         `json:"name" max:"5"`
	Seconds     *int           `json:"seconds" min:"1" max:"1814400"`
	Extra       Raw            `json:"extra"`
	Things      []thing        `json:"things"`
	Open        struct {
		Known string `json:"known"`
	} `json:"open" open:"true"`
}

type answer struct {
	Seen   string         `json:"seen"`
	Amount *plaid.Decimal `json:"amount"`
	Extra  Raw            `json:"extra,omitempty"`
}

func testServer(t testing.TB, log io.Writer) *Server {
	t.Helper()
	auth := func(_ context.Context, id, secret string) (Caller, error) {
		if id != "id" || secret != "key" {
			return Caller{}, plaid.InvalidAPIKeys
		}
		return Caller{ClientID: id}, nil
	}
	return New(Config{Env: "sandbox", Authenticate: auth, IDs: clock.NewIDs(1, 1), Log: slog.New(slog.NewTextHandler(log, nil))}, []Endpoint{
		Post("/echo", func(_ context.Context, _ Call, in request) (answer, error) {
			return answer{Seen: in.AccessToken, Amount: in.Amount, Extra: in.Extra}, nil
		}),
		Post("/panic", func(context.Context, Call, struct{}) (struct{}, error) { panic("secret value") }),
		Post("/broken", func(context.Context, Call, struct{}) (struct{}, error) {
			return struct{}{}, errors.New("the disk is on fire")
		}),
		Post("/open", func(context.Context, Call, struct{}) (struct{}, error) { return struct{}{}, nil }, Public()),
	})
}

func post(s *Server, path, body string, header ...string) (int, map[string]any) {
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	var out map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		panic(fmt.Sprintf("%s: %s", err, w.Body))
	}
	return w.Code, out
}

// many are n members that no endpoint knows.
func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"x%d":1`, i)
	}
	return b.String()
}

const auth = `"client_id":"id","secret":"key"`

func TestWhatIsWrongIsNamed(t *testing.T) {
	good := auth + `,"access_token":"t","count":1`
	for _, c := range []struct{ body, code, message string }{
		{``, "INVALID_BODY", "body could not be parsed as JSON"},
		{`[]`, "INVALID_BODY", "body could not be parsed as JSON"},
		{`{"a":`, "INVALID_BODY", "body could not be parsed as JSON"},
		{`{} {}`, "INVALID_BODY", "body could not be parsed as JSON"},
		{`{` + good + `,"count":2}`, "INVALID_BODY", "body could not be parsed as JSON"},
		{`{}`, "MISSING_FIELDS", "the following required fields are missing: client_id, secret, access_token, count"},
		{`{` + auth + `,"access_token":null,"count":null}`, "MISSING_FIELDS", "the following required fields are missing: access_token, count"},
		{`{` + good + `,"colour":1,"options":{"deep":{"x":1}}}`, "UNKNOWN_FIELDS", "the following fields are not recognized by this endpoint: colour, options.deep.x"},
		{`{"client_id":"id","secret":"no","access_token":"t","count":0}`, "INVALID_API_KEYS", "invalid client_id or secret provided"},
		{`{"client_id":7,"secret":"key","access_token":"t","count":1}`, "MISSING_FIELDS", "the following required fields are missing: client_id"},
		{`{` + auth + `,"access_token":"a\u0000b","count":1}`, "INVALID_FIELD", "access_token must not contain the character U+0000"},
		{`{` + auth + `,"access_token":5,"count":1}`, "INVALID_FIELD", "access_token must be a string"},
		{`{` + auth + `,"access_token":"t","count":"1"}`, "INVALID_FIELD", "count must be an integer between 1 and 500"},
		{`{` + auth + `,"access_token":"t","count":1.5}`, "INVALID_FIELD", "count must be an integer between 1 and 500"},
		{`{` + auth + `,"access_token":"t","count":501}`, "INVALID_FIELD", "count must be an integer between 1 and 500"},
		{`{` + good + `,"options":null}`, "INVALID_FIELD", "options must be an object"},
		{`{` + good + `,"options":{"account_ids":"x"}}`, "INVALID_FIELD", "options.account_ids must be a non-empty array of valid account ids"},
		{`{` + good + `,"options":{"account_ids":[]}}`, "INVALID_FIELD", "options.account_ids must be a non-empty array of valid account ids"},
		{`{` + good + `,"options":{"account_ids":[3]}}`, "INVALID_FIELD", "options.account_ids must be a non-empty array of valid account ids"},
		{`{` + good + `,"options":{"deep":{"flag":"yes"}}}`, "INVALID_FIELD", "options.deep.flag must be a boolean"},
		{`{` + good + `,"mode":"medium"}`, "INVALID_FIELD", "mode must be one of: fast, slow"},
		{`{` + good + `,"amount":"1"}`, "INVALID_FIELD", "amount must be a number"},
		{`{` + good + `,"name":"toolong"}`, "INVALID_FIELD", "name must be a string of at most 5 characters"},
		{`{` + good + `,"seconds":0}`, "INVALID_FIELD", "seconds must be an integer between 1 and 1814400"},
		{`{` + good + `,"public_key":"x"}`, "INCOMPATIBLE_API_VERSION", plaid.IncompatibleAPIVersion.Message},
		{`{` + good + `,"extra":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`, "INVALID_BODY", "body could not be parsed as JSON"},
	} {
		status, out := post(testServer(t, io.Discard), "/echo", c.body)
		if status != 400 || out["error_code"] != c.code || out["error_message"] != c.message {
			t.Errorf("%.80s\n got %d %v %v\nwant %s %s", c.body, status, out["error_code"], out["error_message"], c.code, c.message)
		}
		if id, _ := out["request_id"].(string); len(id) != 15 {
			t.Errorf("%.80s: request_id %q", c.body, id)
		}
	}
}

// TestAnErrorIsNotAsLongAsTheBodyMadeForIt sends more wrong names than anybody
// could by mistake.
func TestAnErrorIsNotAsLongAsTheBodyMadeForIt(t *testing.T) {
	for _, c := range []struct{ body, first, last string }{
		{`{` + auth + `,"access_token":"t","count":1` + many(150) + `}`, "are not recognized by this endpoint: x0, x1, ", ", x99, and 50 more"},
		{`{` + auth + `,"access_token":"t","count":1,"things":[` + strings.Repeat("{},", 20000) + `{}]}`, "fields are missing: things[0].id, ", ", things[99].id, and 19901 more"},
	} {
		_, out := post(testServer(t, io.Discard), "/echo", c.body)
		message, _ := out["error_message"].(string)
		if !strings.Contains(message, c.first) || !strings.HasSuffix(message, c.last) {
			t.Errorf("%d characters: %.100s … %s", len(message), message, message[max(0, len(message)-50):])
		}
	}
}

func TestASuccessCarriesItsRequestID(t *testing.T) {
	status, out := post(testServer(t, io.Discard), "/echo", `{`+auth+`,"access_token":"t","count":1,"amount":23631.9805,"extra":{"b":1,"a":[]},"open":{"known":"x","more":1}}`)
	if status != 200 || out["seen"] != "t" || out["amount"] != 23631.9805 || len(out["request_id"].(string)) != 15 {
		t.Fatal(status, out)
	}
	status, out = post(testServer(t, io.Discard), "/open", `{}`)
	if status != 200 || len(out) != 1 {
		t.Fatal(status, out)
	}
}

func TestAnEncodedAnswerIsTheSameAnswer(t *testing.T) {
	amount := plaid.MustDecimal("0.5")
	out := answer{Seen: "x", Amount: &amount}
	kept, err := Encode(&out)
	if err != nil {
		t.Fatal(err)
	}
	s := New(Config{IDs: clock.NewIDs(1, 1), Log: slog.New(slog.DiscardHandler)}, []Endpoint{
		Post("/kept", func(context.Context, Call, struct{}) (Encoded[answer], error) { return kept, nil }, Public()),
		Post("/made", func(context.Context, Call, struct{}) (answer, error) { return out, nil }, Public()),
	})
	_, a := post(s, "/kept", "{}")
	_, b := post(s, "/made", "{}")
	delete(a, "request_id")
	delete(b, "request_id")
	if fmt.Sprint(a) != fmt.Sprint(b) || len(a) == 0 || s.routes["/kept"].Out != s.routes["/made"].Out {
		t.Error(a, b)
	}
	if back, err := kept.Decode(); err != nil || back.Seen != "x" {
		t.Error(back, err)
	}
}

func TestKeysInHeadersAndBody(t *testing.T) {
	s := testServer(t, io.Discard)
	rest := `"access_token":"t","count":1}`
	for _, c := range []struct {
		body   string
		header []string
		want   int
	}{
		{"{" + rest, []string{"PLAID-CLIENT-ID", "id", "PLAID-SECRET", "key"}, 200},
		{`{"client_id":"id",` + rest, []string{"PLAID-SECRET", "key"}, 200},
		{`{"secret":"key",` + rest, []string{"PLAID-CLIENT-ID", "id", "PLAID-SECRET", "old"}, 200},
		{"{" + rest, []string{"PLAID-CLIENT-ID", "id", "PLAID-SECRET", "old"}, 400},
	} {
		if status, out := post(s, "/echo", c.body, c.header...); status != c.want {
			t.Errorf("%s %v: %d %v", c.body, c.header, status, out)
		}
	}
}

func TestHeadersAreChecked(t *testing.T) {
	s := testServer(t, io.Discard)
	for _, c := range []struct{ name, value, code string }{
		{"Content-Type", "", "INVALID_HEADERS"},
		{"Content-Type", "text/plain", "INVALID_BODY"},
		{"Content-Type", "application/json; charset=utf-8", "MISSING_FIELDS"},
		{"Plaid-Version", "2018-05-22", "INVALID_HEADERS"},
		{"Plaid-Version", "2020-09-14", "MISSING_FIELDS"},
	} {
		if _, out := post(s, "/echo", "{}", c.name, c.value); out["error_code"] != c.code {
			t.Errorf("%s %q: %v", c.name, c.value, out["error_code"])
		}
	}
	r := httptest.NewRequest("GET", "/echo", nil)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != 404 || !strings.Contains(w.Body.String(), "NOT_FOUND") {
		t.Errorf("GET: %d %s", w.Code, w.Body)
	}
}

func TestALargeBodyIsRefused(t *testing.T) {
	body := `{"access_token":"` + strings.Repeat("x", 10<<20) + `"}`
	status, out := post(testServer(t, io.Discard), "/echo", body)
	if status != 400 || out["error_code"] != "INVALID_BODY" || !strings.Contains(out["error_message"].(string), "1048576 bytes") {
		t.Error(status, out)
	}
}

func TestOurOwnFaultsShowNothing(t *testing.T) {
	for _, path := range []string{"/panic", "/broken"} {
		var log bytes.Buffer
		status, out := post(testServer(t, &log), path, `{`+auth+`}`)
		if status != 500 || out["error_code"] != "INTERNAL_SERVER_ERROR" || out["error_message"] != "an unexpected error occurred" {
			t.Error(path, status, out)
		}
		if !strings.Contains(log.String(), out["request_id"].(string)) || strings.Contains(log.String(), "secret value") {
			t.Errorf("%s logged %s", path, log.String())
		}
	}
}

func TestSandboxPathsElsewhere(t *testing.T) {
	s := New(Config{Env: "production", IDs: clock.NewIDs(1, 1), Log: slog.New(slog.DiscardHandler)},
		[]Endpoint{Post("/sandbox/x", func(context.Context, Call, struct{}) (struct{}, error) { return struct{}{}, nil }, Sandbox())})
	if _, out := post(s, "/sandbox/x", "{}"); out["error_code"] != "SANDBOX_ONLY" {
		t.Error(out)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(`{"access_token":"planted-value","count":3,"options":{"account_ids":["a"]},"mode":"planted-value"}`)
	f.Add(`{"options":{"deep":{"flag":1}},"extra":[1,{"a":null}],"amount":1e9}`)
	f.Add(`{"client_id":"id","secret":"key","access_token":"t","count":1,"open":{"z":"planted-value"}}`)
	s := testServer(f, io.Discard)
	f.Fuzz(func(t *testing.T, in string) {
		status, out := post(s, "/echo", in)
		switch status {
		case 200:
		case 400:
			if out["error_code"] == "" || out["error_type"] == "" {
				t.Errorf("%v", out)
			}
			if strings.Contains(fmt.Sprint(out["error_message"]), "planted-value") && strings.Contains(in, `:"planted-value"`) && !strings.Contains(in, `"planted-value":`) {
				t.Errorf("the answer repeats a value: %v", out)
			}
		default:
			t.Errorf("status %d: %v", status, out)
		}
	})
}

// TestNullBody: the official Go client sends null to /categories/get.
func TestNullBody(t *testing.T) {
	s := testServer(t, io.Discard)
	if code, out := post(s, "/open", "null\n"); code != 200 {
		t.Errorf("%d %v", code, out)
	}
	_, out := post(s, "/echo", "null", "Plaid-Client-Id", "id", "Plaid-Secret", "key")
	if out["error_message"] != "the following required fields are missing: access_token, count" {
		t.Errorf("%v", out)
	}
	if _, out := post(s, "/open", "null null"); out["error_code"] != "INVALID_BODY" {
		t.Errorf("%v", out)
	}
}

// TestNullsAreTold: an object that asks for it learns which of its members were
// sent as null, which is otherwise the same as absence.
func TestNullsAreTold(t *testing.T) {
	type outer struct {
		Inner *struct {
			A    *string  `json:"a"`
			B    *string  `json:"b"`
			C    *string  `json:"c"`
			Null []string `nulls:"true"`
		} `json:"inner" open:"true"`
	}
	b, err := decode([]byte(`{"inner":{"a":null,"b":"x","other":null,"c":null}}`), compile(reflect.TypeFor[outer]()))
	if err != nil {
		t.Fatal(err)
	}
	if got := b.value.Interface().(outer).Inner; !slices.Equal(got.Null, []string{"a", "c"}) || *got.B != "x" {
		t.Errorf("%+v", got)
	}
}

// TestTheTimeOfACall: the clock is moved for callers with keys, before the answer,
// and in the sandbox alone.
func TestTheTimeOfACall(t *testing.T) {
	s := testServer(t, io.Discard)
	good := `{` + auth + `,"access_token":"t","count":1}`
	if _, out := post(s, "/echo", good, ClockHeader, "+1h"); out["error_code"] != "INVALID_HEADERS" {
		t.Errorf("a server without a clock to move: %v", out)
	}
	var moved []string
	s.cfg.At = func(_ context.Context, when string) error {
		moved = append(moved, when)
		return nil
	}
	if status, out := post(s, "/echo", good, ClockHeader, "+1h"); status != 200 {
		t.Error(out)
	}
	for path, body := range map[string]string{
		"/echo": `{"client_id":"id","secret":"no","access_token":"t","count":1}`,
		"/open": `{}`,
	} {
		if status, out := post(s, path, body, ClockHeader, "+2h"); status == 200 {
			t.Errorf("%s: %v", path, out)
		}
	}
	if fmt.Sprint(moved) != "[+1h]" {
		t.Errorf("the clock was moved by %v", moved)
	}
	s.cfg.At = func(context.Context, string) error { return plaid.InvalidHeaders }
	if _, out := post(s, "/echo", good, ClockHeader, "then"); out["error_code"] != "INVALID_HEADERS" {
		t.Errorf("a time that is refused: %v", out)
	}
}

// TestACallWithin: what Do asks is checked as what comes over HTTP is.
func TestACallWithin(t *testing.T) {
	s := testServer(t, io.Discard)
	call := Call{Caller: Caller{ClientID: "id"}}
	var out struct {
		Seen string `json:"seen"`
	}
	if err := s.Do(t.Context(), call, "/echo", map[string]any{"access_token": "t", "count": 1}, &out); err != nil || out.Seen != "t" {
		t.Error(out, err)
	}
	for code, in := range map[string]map[string]any{
		"MISSING_FIELDS": {"count": 1},
		"UNKNOWN_FIELDS": {"access_token": "t", "count": 1, "x": 1},
		"INVALID_FIELD":  {"access_token": "t", "count": 501},
	} {
		var refused *plaid.Error
		if err := s.Do(t.Context(), call, "/echo", in, &out); !errors.As(err, &refused) || refused.Code != code {
			t.Errorf("%s: %v", code, err)
		}
	}
	if err := s.Do(t.Context(), call, "/nowhere", struct{}{}, &out); err == nil {
		t.Error("no endpoint answers, and nobody says so")
	}
	if err := s.Do(t.Context(), call, "/broken", struct{}{}, &out); err == nil {
		t.Error("an error is lost")
	}
}

package alloy_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
)

type in struct {
	Name   string `json:"name" required:"true" max:"10"`
	Colour string `json:"colour" enum:"red,blue"`
	Inner  struct {
		Size int64 `json:"size" min:"1" max:"3"`
	} `json:"inner"`
}

type out struct {
	Name     string   `json:"name"`
	Account  string   `json:"account"`
	Workflow string   `json:"workflow"`
	Path     string   `json:"path"`
	Sandbox  bool     `json:"sandbox"`
	List     []string `json:"list"`
}

func newServer(log *strings.Builder) *alloy.Server {
	echo := func(_ context.Context, c alloy.Call, i in) (out, error) {
		return out{i.Name, c.Account, c.Workflow, c.Path("token"), c.Sandbox, []string{"a"}}, nil
	}
	show := func(which string) func(context.Context, alloy.Call) (out, error) {
		return func(_ context.Context, c alloy.Call) (out, error) {
			return out{Name: which, Path: c.Path("token")}, nil
		}
	}
	return alloy.New(alloy.Config{
		Authenticate: func(_ context.Context, header string) (alloy.Caller, error) {
			switch header {
			case "Basic account":
				return alloy.Caller{Account: "us"}, nil
			case "Basic workflow":
				return alloy.Caller{Account: "us", Workflow: "w1"}, nil
			}
			return alloy.Caller{}, alloy.ErrUnauthorized
		},
		Clock: clock.Manual(time.UnixMilli(1_700_000_000_000)), IDs: clock.NewIDs(1, 1), Log: slog.New(slog.NewTextHandler(log, nil)),
	}, []alloy.Route{
		alloy.Post("/v1/things/{token}", echo),
		alloy.Get("/v1/things/{token}/parts", show("parts")),
		alloy.Get("/v1/things/kinds/{token}", show("kind")),
		alloy.Post("/v1/objects", func(_ context.Context, _ alloy.Call, raw api.Raw) (map[string]int, error) {
			return map[string]int{"length": len(raw)}, nil
		}),
		alloy.Post("/v1/panic", func(context.Context, alloy.Call, alloy.None) (out, error) { panic("a secret of somebody") }),
		alloy.Post("/v1/broken", func(context.Context, alloy.Call, alloy.None) (out, error) {
			return out{}, errors.New("the disk is full")
		}),
		alloy.Put("/v1/files", func(_ context.Context, _ alloy.Call, u alloy.Upload) (alloy.File, error) {
			return alloy.File{ContentType: "text/plain", Name: "a\"b.txt", Bytes: u.Bytes}, nil
		}, alloy.MaxBody(10)),
	})
}

type request struct {
	method, path, body string
	header             map[string]string
}

func (r request) do(s http.Handler) *httptest.ResponseRecorder {
	req := httptest.NewRequest(r.method, r.path, strings.NewReader(r.body))
	req.Header.Set("Authorization", "Basic account")
	req.Header.Set("Content-Type", "application/json")
	for name, value := range r.header {
		if req.Header.Set(name, value); value == "" {
			req.Header.Del(name)
		}
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, req)
	return w
}

// TestErrors goes through what can be wrong with a request, and looks at the form of
// the answer.
func TestErrors(t *testing.T) {
	type h = map[string]string
	var log strings.Builder
	s := newServer(&log)
	good := `{"name": "Ann"}`
	for name, tc := range map[string]struct {
		request
		status, code int
		kind, path   string // of error.type and error.details.path
	}{
		"no credentials":       {request{"POST", "/v1/things/1", good, h{"Authorization": ""}}, 401, 4011, "Unauthorized", ""},
		"wrong credentials":    {request{"POST", "/v1/things/1", good, h{"Authorization": "Bearer x"}}, 401, 4011, "Unauthorized", ""},
		"another's workflow":   {request{"POST", "/v1/things/1", good, h{"Authorization": "Basic workflow", "alloy-workflow-token": "w2"}}, 401, 4011, "Unauthorized", ""},
		"no such path":         {request{"POST", "/v1/nothing", good, nil}, 404, 4041, "Not Found", ""},
		"no such method":       {request{"DELETE", "/v1/things/1", "", nil}, 404, 4041, "Not Found", ""},
		"an empty name":        {request{"POST", "/v1/things/", good, nil}, 404, 4041, "Not Found", ""},
		"a form":               {request{"POST", "/v1/things/1", "name=Ann", h{"Content-Type": "application/x-www-form-urlencoded"}}, 400, 4001, "Header Validation Failure", ""},
		"no type":              {request{"POST", "/v1/things/1", good, h{"Content-Type": ""}}, 400, 4001, "Header Validation Failure", ""},
		"sandbox perhaps":      {request{"POST", "/v1/things/1", good, h{"alloy-sandbox": "perhaps"}}, 400, 4001, "Header Validation Failure", "alloy-sandbox"},
		"a long header":        {request{"POST", "/v1/things/1", good, h{"alloy-entity-token": strings.Repeat("x", 2000)}}, 400, 4001, "Header Validation Failure", "alloy-entity-token"},
		"a clock":              {request{"POST", "/v1/things/1", good, h{"Glencheck-Clock": "+1h"}}, 400, 4001, "Header Validation Failure", ""},
		"no JSON":              {request{"POST", "/v1/things/1", "{", nil}, 400, 4002, "Request Body Validation Failure", ""},
		"a list":               {request{"POST", "/v1/things/1", "[]", nil}, 400, 4002, "Request Body Validation Failure", ""},
		"two objects":          {request{"POST", "/v1/things/1", good + good, nil}, 400, 4002, "Request Body Validation Failure", ""},
		"a name twice":         {request{"POST", "/v1/things/1", `{"name": "a", "name": "b"}`, nil}, 400, 4002, "Request Body Validation Failure", ""},
		"nothing":              {request{"POST", "/v1/things/1", "", nil}, 400, 4002, "Request Body Validation Failure", "name"},
		"a member lacks":       {request{"POST", "/v1/things/1", `{"colour": "red"}`, nil}, 400, 4002, "Request Body Validation Failure", "name"},
		"a member is unknown":  {request{"POST", "/v1/things/1", `{"name": "a", "client_id": "b"}`, nil}, 400, 4002, "Request Body Validation Failure", "client_id"},
		"a value is wrong":     {request{"POST", "/v1/things/1", `{"name": "a", "colour": "pink"}`, nil}, 400, 4002, "Request Body Validation Failure", "colour"},
		"an inner one is":      {request{"POST", "/v1/things/1", `{"name": "a", "inner": {"size": 4}}`, nil}, 400, 4002, "Request Body Validation Failure", "inner.size"},
		"a long body":          {request{"POST", "/v1/things/1", `{"name": "` + strings.Repeat("x", 300<<10) + `"}`, nil}, 400, 4002, "Request Body Validation Failure", ""},
		"a deep object":        {request{"POST", "/v1/objects", strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40), nil}, 400, 4002, "Request Body Validation Failure", ""},
		"a wide object":        {request{"POST", "/v1/objects", `{"a":[` + strings.Repeat("1,", 5000) + `1]}`, nil}, 400, 4002, "Request Body Validation Failure", ""},
		"an object with a NUL": {request{"POST", "/v1/objects", `{"a": "\u0000"}`, nil}, 400, 4002, "Request Body Validation Failure", ""},
		"a large file":         {request{"PUT", "/v1/files", "01234567890", nil}, 400, 4002, "Request Body Validation Failure", ""},
		"no file":              {request{"PUT", "/v1/files", "", nil}, 400, 4002, "Request Body Validation Failure", ""},
		"a panic":              {request{"POST", "/v1/panic", "", nil}, 500, 5000, "Internal Server Error", ""},
		"a fault":              {request{"POST", "/v1/broken", "", nil}, 500, 5000, "Internal Server Error", ""},
	} {
		w := tc.do(s)
		var got struct {
			Status int `json:"status_code"`
			Error  struct {
				Code    int    `json:"minor_code"`
				Type    string `json:"type"`
				Message string `json:"message"`
				Token   string `json:"error_token"`
				Details struct {
					Path string `json:"path"`
				} `json:"details"`
			} `json:"error"`
			Timestamp int64   `json:"timestamp"`
			Entity    *string `json:"entity_token"`
		}
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Errorf("%s: %v: %s", name, err, w.Body)
			continue
		}
		e := got.Error
		if w.Code != tc.status || got.Status != tc.status || e.Code != tc.code || e.Type != tc.kind || e.Details.Path != tc.path || e.Message == "" ||
			e.Token != w.Header().Get("X-Request-Id") || got.Timestamp != 1_700_000_000_000 {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
		if strings.Contains(w.Body.String(), "pink") || strings.Contains(w.Body.String(), "perhaps") || strings.Contains(w.Body.String(), "xxxx") {
			t.Errorf("%s: the answer repeats the request: %s", name, w.Body)
		}
		if (w.Header().Get("WWW-Authenticate") != "") != (tc.status == 401) {
			t.Errorf("%s: WWW-Authenticate %q", name, w.Header().Get("WWW-Authenticate"))
		}
	}
	if strings.Contains(log.String(), "a secret of somebody") || !strings.Contains(log.String(), "the disk is full") {
		t.Errorf("the log: %s", log.String())
	}
}

// TestAnswers finds routes with and without the base, and chooses workflows.
func TestAnswers(t *testing.T) {
	s := newServer(&strings.Builder{})
	for _, tc := range []struct {
		request
		want string
	}{
		{request{"POST", "/v1/things/t-1", `{"name": "Ann"}`, map[string]string{"alloy-workflow-token": "w9", "alloy-sandbox": "TRUE"}}, `{"name":"Ann","account":"us","workflow":"w9","path":"t-1","sandbox":true,"list":["a"]}`},
		{request{"POST", "/partners/alloy/v1/things/t-1/", `{"name": "Ann"}`, map[string]string{"Authorization": "Basic workflow"}}, `{"name":"Ann","account":"us","workflow":"w1","path":"t-1","sandbox":false,"list":["a"]}`},
		{request{"POST", "/v1/things/t-1?hideFields=name,list", `{"name": "Ann"}`, nil}, `{"account":"us","list":["*********"],"name":"*********","path":"t-1","sandbox":false,"workflow":""}`},
		{request{"GET", "/v1/things/kinds/parts", "", nil}, `{"name":"kind","account":"","workflow":"","path":"parts","sandbox":false,"list":null}`},
		{request{"GET", "/v1/things/x/parts", "", nil}, `{"name":"parts","account":"","workflow":"","path":"x","sandbox":false,"list":null}`},
		{request{"POST", "/v1/objects", ` {"a": {"b": [1.5]}} `, nil}, `{"length":19}`},
		{request{"PUT", "/v1/files", "<b>0</b>", map[string]string{"Content-Type": "application/octet-stream"}}, "<b>0</b>"},
	} {
		if w := tc.do(s); w.Code != 200 || w.Body.String() != tc.want {
			t.Errorf("%s %s: %d %s", tc.method, tc.path, w.Code, w.Body)
		}
	}
}

// FuzzBody lets nothing but an answer of the API's form come of any body.
func FuzzBody(f *testing.F) {
	for _, body := range []string{``, `{}`, `null`, `{"name": "Ann", "inner": {"size": 2}}`, `{"name":1}`, `[`, "\xff", `{"a":{"a":{"a":[[[1e999]]]}}}`, `{"name":"\ud800"}`} {
		f.Add(body, "true", "")
	}
	s := newServer(&strings.Builder{})
	f.Fuzz(func(t *testing.T, body, sandbox, hide string) {
		for _, path := range []string{"/v1/things/1", "/v1/objects"} {
			req := httptest.NewRequest("POST", path, strings.NewReader(body))
			query := req.URL.Query()
			query.Set("hideFields", hide)
			req.URL.RawQuery = query.Encode()
			req.Header.Set("Authorization", "Basic account")
			req.Header.Set("Content-Type", "application/json")
			req.Header["Alloy-Sandbox"] = []string{sandbox}
			w := httptest.NewRecorder()
			s.ServeHTTP(w, req)
			if w.Code != 200 && w.Code != 400 || !json.Valid(w.Body.Bytes()) {
				t.Errorf("%q: %d %s", body, w.Code, w.Body)
			}
		}
	})
}

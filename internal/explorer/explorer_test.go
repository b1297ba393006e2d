package explorer

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/api"
)

func TestThePageAndAllItAsksFor(t *testing.T) {
	h := Handler(Config{
		PublicURL: "http://localhost:8484", ClientID: "id", Secret: `a"b</script>`,
		Endpoints: func() []api.Endpoint {
			return []api.Endpoint{api.Post("/item/get", func(context.Context, api.Call, struct{}) (struct{}, error) { return struct{}{}, nil })}
		},
	})
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != 200 || w.Body.Len() == 0 {
			t.Fatalf("%s: %d", path, w.Code)
		}
		return w
	}
	body := get(Page).Body.String()
	if strings.Contains(body, "<script>") || strings.Contains(body, "https://") {
		t.Error("the page has an inline script or asks another host")
	}
	asked := regexp.MustCompile(`(?:src|href)="(/[^"]+)"`).FindAllStringSubmatch(body, -1)
	if len(asked) != 4 {
		t.Errorf("the page asks for %q", asked)
	}
	for _, m := range asked {
		get(m[1])
	}
	if js := get(Page + "/start.js").Body.String(); !strings.Contains(js, `"secret":"a\"b\u003c/script\u003e"`) {
		t.Error(js)
	}
	var doc struct {
		Paths map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(get(Document).Body.Bytes(), &doc); err != nil || doc.Paths["/item/get"] == nil {
		t.Error(err, doc)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", Page+"/no-such-file", nil))
	if w.Code != 404 {
		t.Errorf("an unknown file is answered with %d", w.Code)
	}
}

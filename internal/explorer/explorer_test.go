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

// TestTheGraphPage fills in what is published, and nothing where nothing is.
func TestTheGraphPage(t *testing.T) {
	get := func(g *Graph, path string) *httptest.ResponseRecorder {
		t.Helper()
		h := Handler(Config{PublicURL: "http://localhost:8484", Graph: g})
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		return w
	}
	sandbox := &Graph{Path: "/graphql", Schema: "type Query { a: Int }", Key: `a"b</script>`, Org: "org1", Sandbox: true, Demo: "/demo/contact"}
	w := get(sandbox, GraphPage)
	body := w.Body.String()
	if w.Code != 200 || !strings.Contains(body, `value="a&#34;b&lt;/script&gt;"`) || strings.Contains(body, "ORG_ID") || !strings.Contains(body, `&#34;orgId&#34;: &#34;org1&#34;`) || !strings.Contains(body, `href="/demo/contact"`) {
		t.Errorf("%d %s", w.Code, body)
	}
	if csp := w.Header().Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") || strings.Contains(body, "<script>") || strings.Contains(body, " style=") {
		t.Errorf("%s", csp)
	}
	if got := get(sandbox, GraphSchema).Body.String(); got != sandbox.Schema {
		t.Error(got)
	}
	if !strings.Contains(get(sandbox, Page).Body.String(), `href="/docs/graphql"`) || strings.Contains(get(nil, Page).Body.String(), "graphql") {
		t.Error("the one explorer leads to the other where there is one")
	}
	open := get(&Graph{Path: "/graphql", Schema: "type Query { a: Int }"}, GraphPage).Body.String()
	if !strings.Contains(open, "ORG_ID") || !strings.Contains(open, `value=""`) || !strings.Contains(open, "Production") {
		t.Error(open)
	}
	// Without introspection, as in production.
	closed := &Graph{Path: "/graphql"}
	body = get(closed, GraphPage).Body.String()
	if !strings.Contains(body, "--graph-introspection") || strings.Contains(body, "<script") || strings.Contains(body, "<textarea") {
		t.Error(body)
	}
	if get(closed, GraphSchema).Code != 404 || get(nil, GraphPage).Code != 404 {
		t.Error("a schema is told that is told to nobody")
	}
}

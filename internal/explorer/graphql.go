package explorer

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"

	"github.com/glencheck-dev/glencheck/web"
)

// Paths of the GraphQL page.
const (
	GraphPage   = "/docs/graphql"
	GraphSchema = GraphPage + "/schema.graphql"
)

// Graph is a GraphQL API that the explorer shows.
type Graph struct {
	Path   string // where it answers, on the server's own address
	Schema string // "" where the schema is told to nobody
	// Key is filled in for the visitor, and Org into the operations; empty leaves that
	// to the visitor. Only a sandbox's published key belongs here.
	Key, Org string
	Sandbox  bool
	Demo     string // the address of the live demo, "" for none
}

//go:embed graphql.html
var graphSource string

// The page has no inline style and no inline script.
const graphPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// handle adds the page. Where the schema is told to nobody, it says so and does nothing
// else.
func (g Graph) handle(mux *http.ServeMux, publicURL string) {
	mux.HandleFunc("GET "+GraphPage, answer("text/html; charset=utf-8", graphPolicy, func() ([]byte, error) { return g.page(publicURL) }))
	if g.Schema != "" {
		mux.HandleFunc("GET "+GraphSchema, answer("text/plain; charset=utf-8", graphPolicy, func() ([]byte, error) { return []byte(g.Schema), nil }))
	}
}

func (g Graph) page(publicURL string) ([]byte, error) {
	t, err := template.New("graphql").Parse(graphSource)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, map[string]any{
		"Style": web.Path("app.css"), "Script": web.Path("graphql.js"), "Graph": g, "Address": publicURL + g.Path,
		"Groups": operationsFor(g.Org), "SchemaPath": GraphSchema,
	})
	return b.Bytes(), err
}

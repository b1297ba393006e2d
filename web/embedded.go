package web

import (
	"bytes"
	_ "embed"
	"html/template"
	"sync"
)

// Embedded is the page of the institution search that stands in the host's page.
type Embedded struct {
	Lang string
	Look Look
	// Pane is the search with its grid, as internal/link draws it. Without one the
	// page says that the session cannot start.
	Pane template.HTML
	// Refused is JSON for the host's page: why there is no grid.
	Refused string
}

//go:embed embedded/frame.html
var embeddedSource string

var embeddedTemplate = sync.OnceValue(func() *template.Template { return template.Must(template.New("embedded").Parse(embeddedSource)) })

// EmbeddedPage renders the page.
func EmbeddedPage(e Embedded) []byte {
	var b bytes.Buffer
	err := embeddedTemplate().Execute(&b, map[string]any{
		"Lang": TextLanguage(e.Lang), "T": Text(e.Lang), "Look": e.Look, "Pane": e.Pane, "Refused": e.Refused,
		"Style": Path("link.css"), "Script": Path("embedded.js"),
	})
	if err != nil {
		panic(err) // as in LinkPage
	}
	return bytes.TrimSpace(b.Bytes())
}

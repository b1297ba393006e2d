package idv

import (
	"encoding/json"
	"html/template"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/web"
)

// The viewport names its script by its hash and has every word that is said there.
func TestViewport(t *testing.T) {
	draw := template.Must(template.New("").Parse(`{{define "icon-info"}}{{end}}` + captureParts + `{{template "viewport" .}}`))
	for _, lang := range plaid.Languages {
		words := web.Text(lang)
		port := documentViewport(words, "front", shapePage)
		var b strings.Builder
		if err := draw.Execute(&b, port); err != nil {
			t.Fatal(err)
		}
		html := b.String()
		if strings.Contains(html, "idv.capture.") {
			t.Errorf("%s: words are missing: %s", lang, html)
		}
		for _, want := range []string{`data-camera="document"`, `data-side="front"`, `data-shape="1.42"`, template.HTMLEscapeString(web.Path("capture.js"))} {
			if !strings.Contains(html, want) {
				t.Errorf("%s: there is no %s", lang, want)
			}
		}
		var spoken map[string]string
		if err := json.Unmarshal([]byte(port.Words), &spoken); err != nil || len(spoken) != len(said["document"]) {
			t.Errorf("%s: %v: %s", lang, err, port.Words)
		}
	}
}

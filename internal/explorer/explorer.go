package explorer

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/swaggest/swgui/v5emb"

	"github.com/glencheck-dev/glencheck/internal/api"
)

// Paths of the room.
const (
	Page     = "/docs"
	Document = "/openapi.json"
)

// Config is what the explorer shows.
type Config struct {
	PublicURL string
	// Endpoints are asked for when somebody looks at them, as describing them all
	// costs as much as the rest of the start.
	Endpoints func() []api.Endpoint
	// ClientID and Secret are filled in for the visitor; empty leaves that to the
	// visitor. Only a sandbox's published keys belong here.
	ClientID, Secret string
	// Graph, if set, is the GraphQL API beside them.
	Graph *Graph
}

const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>API explorer · Glencheck</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<script src="/docs/swagger-ui-bundle.js" defer></script>
<script src="/docs/start.js" defer></script>
</head>
<body>
<main id="swagger-ui"></main>
<noscript>The explorer needs JavaScript. The same is in <a href="/openapi.json">openapi.json</a>.</noscript>
</body>
</html>
`

// beside leads from the one explorer to the other.
const beside = `<nav class="swagger-ui" aria-label="Explorers"><div class="wrapper"><p class="markdown"><a class="link" href="` + GraphPage + `">GraphQL explorer of the contacts</a></p></div></nav>
`

// start runs in the page, after Swagger UI has been read.
const start = `addEventListener("DOMContentLoaded", () => {
  const keys = %s;
  const ui = SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    defaultModelsExpandDepth: -1,
    tryItOutEnabled: true,
    validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis],
    onComplete: () => {
      for (const [name, value] of Object.entries(keys)) ui.preauthorizeApiKey(name, value);
    },
  });
});
`

// Handler answers Page and what is below it, and Document.
func Handler(cfg Config) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Page, answer("text/html; charset=utf-8", policy, cfg.page))
	mux.HandleFunc("GET "+Page+"/start.js", answer("text/javascript; charset=utf-8", policy, cfg.start))
	mux.HandleFunc("GET "+Document, answer("application/json; charset=utf-8", policy, cfg.document))
	ui := sync.OnceValue(func() http.Handler { return v5emb.New("", Document, Page) })
	for _, asset := range []string{"swagger-ui.css", "swagger-ui-bundle.js"} {
		mux.HandleFunc("GET "+Page+"/"+asset, func(w http.ResponseWriter, r *http.Request) { ui().ServeHTTP(w, r) })
	}
	if cfg.Graph != nil {
		cfg.Graph.handle(mux, cfg.PublicURL)
	}
	return mux
}

// page is the page of Swagger UI.
func (c Config) page() ([]byte, error) {
	if c.Graph == nil {
		return []byte(page), nil
	}
	return []byte(strings.Replace(page, "<main", beside+"<main", 1)), nil
}

// document describes the endpoints.
func (c Config) document() ([]byte, error) { return api.OpenAPI(c.PublicURL, c.Endpoints()) }

// start is the script that starts Swagger UI with the keys.
func (c Config) start() ([]byte, error) {
	keys := map[string]string{}
	if c.Secret != "" {
		keys = map[string]string{"clientId": c.ClientID, "secret": c.Secret}
	}
	given, err := json.Marshal(keys)
	return fmt.Appendf(nil, start, given), err
}

// answer makes a body when it is first asked for.
func answer(contentType, policy string, body func() ([]byte, error)) http.HandlerFunc {
	made := sync.OnceValues(body)
	return func(w http.ResponseWriter, _ *http.Request) {
		body, err := made()
		if err != nil {
			http.Error(w, "an unexpected error occurred", http.StatusInternalServerError)
			return
		}
		h := w.Header()
		h.Set("Content-Type", contentType)
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-cache")
		w.Write(body)
	}
}

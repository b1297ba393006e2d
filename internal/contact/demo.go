package contact

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"html/template"
	"net/http"
	"sync"

	"github.com/glencheck-dev/glencheck/internal/contact/graph"
	"github.com/glencheck-dev/glencheck/web"
)

// DemoPath is the live demo of the element. What it needs is below it.
const DemoPath = "/demo/contact"

//go:embed demo.html
var demoSource string

//go:embed demo.js
var demoScript []byte

// demoPage is drawn when somebody looks at it.
func demoPage(style, script, demo string) ([]byte, error) {
	t, err := template.New("contact demo").Parse(demoSource)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, map[string]string{"Style": style, "Script": script, "Demo": demo})
	return b.Bytes(), err
}

// Demo answers the live demo for a server that browsers reach at url. It belongs
// into a sandbox that only this machine reaches: whoever opens it verifies contacts of
// the sandbox's organisation.
func (c *Contacts) Demo(url string) http.Handler {
	script := DemoPath + "/" + web.Hash(demoScript) + ".js"
	page := sync.OnceValues(func() ([]byte, error) { return demoPage(web.Path("app.css"), url+ScriptPath, script) })
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+DemoPath, func(w http.ResponseWriter, _ *http.Request) {
		body, err := page()
		if err != nil {
			c.cfg.Log.Error("contact demo", "error", err.Error())
			http.Error(w, "an unexpected error occurred", http.StatusInternalServerError)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self' "+url+"; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src "+url+
			"; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
		h.Set("Cache-Control", "no-store")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		w.Write(body)
	})
	mux.Handle("GET "+script, static("text/javascript; charset=utf-8", func() []byte { return demoScript }))
	mux.HandleFunc("POST "+DemoPath+"/token", c.demoToken)
	return mux
}

// demoToken is what a page's own server does. The body must be JSON, which a form of
// another site cannot send.
func (c *Contacts) demoToken(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Content-Type") != "application/json" {
		http.Error(w, "the body must be JSON", http.StatusUnsupportedMediaType)
		return
	}
	by := graph.Caller{Client: c.cfg.ClientID, Key: "demo", Scopes: []string{ScopeSessions}}
	answer := map[string]string{}
	_, token, err := c.OpenSession(r.Context(), by, SandboxOrg, "", "")
	switch e := (*graph.Error)(nil); {
	case err == nil:
		answer["token"] = token
	case errors.As(err, &e):
		answer["error"] = e.Message
	default:
		c.cfg.Log.Error("contact demo", "error", err.Error())
		answer["error"] = "an unexpected error occurred"
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(answer) // the client went away
}

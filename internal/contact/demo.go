package contact

import (
	"bytes"
	"context"
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
	err = t.Execute(&b, map[string]string{"Style": style, "Script": script, "Demo": demo, "Path": DemoPath})
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
	mux.HandleFunc("POST "+DemoPath+"/outcome", c.demoOutcome)
	return mux
}

// demoEnds are the ends that a visitor of the demo can choose, as magic inputs; ""
// lets every check be made.
var demoEnds = map[string]string{
	"": "", "verified": "~kyc_check=success~watchlist_screening=success",
	"review": "~kyc_check=success~watchlist_screening=pending_review", "failed": "~kyc_check=failed~documentary_verification=failed",
}

// demoBy is who the demo is in the history of contacts.
func (c *Contacts) demoBy() graph.Caller {
	return graph.Caller{Client: c.cfg.ClientID, Key: "demo", Scopes: []string{ScopeSessions, ScopeReadContacts}}
}

// demoToken is what a page's own server does.
func (c *Contacts) demoToken(w http.ResponseWriter, r *http.Request) {
	c.demoAnswer(w, r, func(ctx context.Context, in demoAsked) (demoSaid, error) {
		end, ok := demoEnds[in.Ends]
		if !ok {
			return demoSaid{}, graph.Input("ends", "is not one of the demo's")
		}
		template := ""
		if end != "" {
			template = c.cfg.Template + end
		}
		s, token, err := c.OpenSession(ctx, c.demoBy(), SandboxOrg, "", template)
		if err != nil {
			return demoSaid{}, err
		}
		return demoSaid{ID: s.ID, Token: token}, nil
	})
}

// demoOutcome is how a session stands, which a page's own server asks when the element
// has told that it is over.
func (c *Contacts) demoOutcome(w http.ResponseWriter, r *http.Request) {
	c.demoAnswer(w, r, func(ctx context.Context, in demoAsked) (demoSaid, error) {
		s, err := c.session(ctx, SandboxOrg, in.ID)
		if err != nil {
			return demoSaid{}, err
		}
		said := demoSaid{Status: s.status(c.clock.Now())}
		if s.ContactID == "" {
			return said, nil
		}
		p, err := c.find(ctx, c.db, SandboxOrg, s.ContactID)
		if err != nil {
			return demoSaid{}, err
		}
		said.Name = p.Name
		return said, nil
	})
}

// demoAsked is what the demo's page sends to its server, demoSaid what it is answered.
type (
	demoAsked struct {
		Ends string `json:"ends"`
		ID   string `json:"id"`
	}
	demoSaid struct {
		ID     string `json:"id,omitempty"`
		Token  string `json:"token,omitempty"`
		Status string `json:"status,omitempty"`
		Name   string `json:"name,omitempty"`
		Error  string `json:"error,omitempty"`
	}
)

// demoAnswer answers one question of the page. The body must be JSON, which a form of
// another site cannot send.
func (c *Contacts) demoAnswer(w http.ResponseWriter, r *http.Request, do func(context.Context, demoAsked) (demoSaid, error)) {
	var in demoAsked
	if r.Header.Get("Content-Type") != "application/json" || json.NewDecoder(http.MaxBytesReader(w, r.Body, 4<<10)).Decode(&in) != nil {
		http.Error(w, "the body must be JSON", http.StatusUnsupportedMediaType)
		return
	}
	said, err := do(r.Context(), in)
	var e *graph.Error
	if errors.As(err, &e) {
		said.Error = e.Message
	} else if err != nil {
		c.cfg.Log.Error("contact demo", "error", err.Error())
		said.Error = "an unexpected error occurred"
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(said) // the client went away
}

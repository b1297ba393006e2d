package demo

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"html/template"
	"mime"
	"net/http"
	"strings"
	"sync"

	"github.com/glencheck-dev/glencheck/web"
)

// maxBody bounds what the page may send: a flow and a token.
const maxBody = 4 << 10

//go:embed page.html
var pageSource string

var pageTemplate = sync.OnceValue(func() *template.Template { return template.Must(template.New("demo").Parse(pageSource)) })

// Config is what the demo needs of the server.
type Config struct {
	PublicURL string       // what browsers reach the server by
	ClientID  string       // of the sandbox's client
	Secret    string       // of the sandbox's client
	API       http.Handler // the public API
	// ShowSecret lets the calls that the page shows hold the secret. It is for
	// the published one: whoever reaches the page reads it.
	ShowSecret bool
	// NewID names a user who has not been there before.
	NewID func() string
}

// Handler answers /demo and what is below it. It belongs into a sandbox only:
// whoever reaches it uses the client's keys, though it need not see them.
func Handler(c Config) http.Handler {
	d := &demo{
		url:    strings.TrimRight(c.PublicURL, "/"),
		client: client{api: c.API, id: c.ClientID, secret: c.Secret, show: c.ShowSecret, newID: c.NewID},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /demo", d.page)
	mux.HandleFunc("GET /demo/{$}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/demo", http.StatusMovedPermanently)
	})
	mux.HandleFunc("POST /demo/api/token", d.step(func(r *http.Request, f flow, in asked) (outcome, error) {
		return d.client.token(r.Context(), f, in.Hosted)
	}))
	mux.HandleFunc("POST /demo/api/finish", d.step(func(r *http.Request, f flow, in asked) (outcome, error) {
		if f.Several { // onSuccess has no public token: a session may have several
			return d.client.result(r.Context(), f, in.LinkToken)
		}
		return d.client.finish(r.Context(), f, in.PublicToken)
	}))
	mux.HandleFunc("POST /demo/api/result", d.step(func(r *http.Request, f flow, in asked) (outcome, error) {
		return d.client.result(r.Context(), f, in.LinkToken)
	}))
	return mux
}

type demo struct {
	url    string
	client client
}

// page renders the page with the flow of the address chosen.
func (d *demo) page(w http.ResponseWriter, r *http.Request) {
	chosen, ok := findFlow(r.URL.Query().Get("flow"))
	if !ok {
		chosen = flows[0]
	}
	text := web.Text("en")
	var b bytes.Buffer
	err := pageTemplate().Execute(&b, map[string]any{
		"T": text, "Flows": flows, "Chosen": chosen.ID,
		"URL": d.url, "Script": d.url + "/link/v2/stable/link-initialize.js",
		"Style": web.Path("app.css"), "Demo": web.Path("demo.js"),
		"Hint": hint(text("demo.hint", "username", "user_good", "password", "pass_good")),
	})
	if err != nil {
		http.Error(w, "an unexpected error occurred", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self' "+d.url+"; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src "+d.url+
		"; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(b.Bytes())
}

// A word of a sentence, perhaps one that is shown as code.
type word struct {
	Text string
	Code bool
}

// hint cuts a sentence with [marked] parts into words.
func hint(s string) []word {
	var words []word
	for s != "" {
		before, marked, after := web.Around(s)
		words = append(words, word{Text: before})
		if marked != "" {
			words = append(words, word{Text: marked, Code: true})
		}
		s = after
	}
	return words
}

// asked is what the page sends to its server.
type asked struct {
	Flow        string `json:"flow"`
	Hosted      bool   `json:"hosted"`
	PublicToken string `json:"public_token"`
	LinkToken   string `json:"link_token"`
}

// step reads what the page sends and answers which calls were made. The body
// must be JSON, which a form of another site cannot send.
func (d *demo) step(do func(r *http.Request, f flow, in asked) (outcome, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in asked
		if err := read(w, r, &in); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		f, ok := findFlow(in.Flow)
		if !ok {
			http.Error(w, "no such flow", http.StatusBadRequest)
			return
		}
		o, err := do(r, f, in)
		if err != nil {
			http.Error(w, "an unexpected error occurred", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_ = json.NewEncoder(w).Encode(o)
	}
}

func read(w http.ResponseWriter, r *http.Request, in any) error {
	if t, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); t != "application/json" {
		return errors.New("the body must be application/json")
	}
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	if dec.Decode(in) != nil || dec.More() {
		return errors.New("the body could not be read")
	}
	return nil
}

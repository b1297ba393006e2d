package dashboard

import (
	"bytes"
	"context"
	"embed"
	html "html/template"
	"log/slog"
	"net/http"
	"sync"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/idv"
	"github.com/glencheck-dev/glencheck/internal/screening"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/team"
	"github.com/glencheck-dev/glencheck/internal/vault"
	"github.com/glencheck-dev/glencheck/web"
)

// Root is where the pages are.
const Root = "/dashboard"

// maxForm bounds what a form may send.
const maxForm = 64 << 10

// Config is what the dashboard is made from.
type Config struct {
	DB    *store.DB
	Vault *vault.Vault
	Clock *clock.Clock
	IDs   *clock.IDs
	Log   *slog.Logger
	Teams *team.Teams

	Sandbox   bool
	PublicURL string // what browsers reach the server by, without a final slash
	// Login asks who comes to sign in. Without it they are the client ClientID.
	Login    bool
	ClientID string // the client that the server was started with
	Secret   string // its secret where it may be shown, else ""
	HasDemo  bool   // Link Demo is served
	// HasContacts says that the contacts' API is served, and its explorer.
	HasContacts bool
	// IDV and Screening have the identity checks; nil for none.
	IDV       *idv.Service
	Screening *screening.Service
	// Numbers are those of the overview.
	Numbers func(ctx context.Context, clientID string) (Numbers, error)
}

//go:embed page
var pageFiles embed.FS

var templates = sync.OnceValue(func() map[string]*html.Template {
	layout := html.Must(html.New("layout.html").Funcs(html.FuncMap{"icon": icon}).ParseFS(pageFiles, "page/layout.html"))
	all := map[string]*html.Template{}
	for _, name := range []string{"overview", "keys", "integrations", "profile", "customization", "redirects", "sign-in", "message", "identity", "identity-check", "identity-new", "identity-templates", "test-documents"} {
		all[name] = html.Must(html.Must(layout.Clone()).ParseFS(pageFiles, "page/"+name+".html"))
	}
	return all
})

type dashboard struct {
	Config
	attempts attempts
}

// Handler answers Root and what is below it.
func Handler(c Config) http.Handler {
	d := &dashboard{Config: c}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Root, d.page(d.overview))
	mux.HandleFunc("GET "+Root+"/{$}", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, Root, http.StatusMovedPermanently) })
	if c.Sandbox {
		mux.HandleFunc("POST "+Root, d.form(d.enforce))
	}
	mux.HandleFunc("GET "+Root+"/keys", d.page(d.keys))
	mux.HandleFunc("POST "+Root+"/keys", d.form(d.showSecret))
	mux.HandleFunc("GET "+Root+"/integrations", d.page(d.integrations))
	mux.HandleFunc("POST "+Root+"/integrations", d.form(d.switchIntegration))
	mux.HandleFunc("GET "+Root+"/profile", d.page(d.profile))
	mux.HandleFunc("POST "+Root+"/profile", d.form(d.saveProfile))
	mux.HandleFunc("GET "+Root+"/customization", d.page(d.customization))
	mux.HandleFunc("POST "+Root+"/customization", d.form(d.publish))
	mux.HandleFunc("GET "+Root+"/redirects", d.page(d.redirects))
	mux.HandleFunc("POST "+Root+"/redirects", d.form(d.changeRedirects))
	if c.IDV != nil {
		d.identityPages(mux)
	}
	if c.IDV != nil && c.Sandbox {
		d.specimenPages(mux)
	}
	if c.Login {
		mux.HandleFunc("GET "+Root+"/sign-in", d.signInPage)
		mux.HandleFunc("POST "+Root+"/sign-in", d.signIn)
		mux.HandleFunc("POST "+Root+"/sign-out", d.form(d.signOut))
	}
	mux.HandleFunc(Root+"/", func(w http.ResponseWriter, r *http.Request) { d.message(w, r, http.StatusNotFound, nowhere) })
	return d.guarded(mux)
}

// view is what the layout shows around a page.
type view struct {
	Title, Lead string
	Sandbox     bool
	Nav         []group
	Style       string
	Script      string
	Token       string // of the forms
	SignedIn    string // the client_id, where somebody signed in
	Done        string // what has just been done
	Page        any
}

// render answers a page.
func (d *dashboard) render(w http.ResponseWriter, r *http.Request, status int, name string, v visitor, title, lead string, page any) {
	show := view{
		Title: title, Lead: lead, Sandbox: d.Sandbox, Style: web.Path("app.css"), Script: web.Path("dashboard.js"), Token: v.token, Page: page,
		Done: v.done,
	}
	if v.client != nil {
		show.Nav = d.navigation(r.URL.Path, d.waiting(r.Context(), v.client.ID))
		if d.Login {
			show.SignedIn = v.client.ID
		}
	}
	var b bytes.Buffer
	if err := templates()[name].ExecuteTemplate(&b, "layout.html", show); err != nil {
		d.Log.Error("page of the dashboard failed", "error", err.Error())
		http.Error(w, "an unexpected error occurred", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}

// notice is a page that says one thing.
type notice struct{ Title, Lead string }

// The notices. None repeats anything that came with the request.
var (
	nowhere    = notice{"Nothing here", "The dashboard has no page of this address."}
	foreign    = notice{"This form came from elsewhere", "The dashboard takes forms of its own pages only. Nothing was changed."}
	stale      = notice{"This form is out of date", "It was shown in another session. Go back, load the page again and repeat the change."}
	unreadable = notice{"This form cannot be read", "Go back, load the page again and repeat the change."}
	ours       = notice{"That is our fault", "An unexpected error occurred, and nothing was changed. Try again."}
	misnamed   = notice{"This address is not the server’s", "The dashboard answers under the address that the server was started with, and on this machine."}
)

func (d *dashboard) message(w http.ResponseWriter, r *http.Request, status int, n notice) {
	d.render(w, r, status, "message", visitor{}, n.Title, n.Lead, nil)
}

// trouble answers an error of the rooms behind the pages.
func (d *dashboard) trouble(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() == nil {
		d.Log.Error("the dashboard failed", "error", err.Error())
	}
	d.message(w, r, http.StatusInternalServerError, ours)
}

package sandbank

import (
	"bytes"
	"embed"
	"errors"
	html "html/template"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/web"
)

// The files of the bank's own dress.
const (
	stylePath = "/bank/assets/bank.css"
	styleName = "bank.css"
)

// maxForm bounds what a page may send: the configuration of a custom user, in
// which each byte may have been escaped to three.
const maxForm = 3*maxConfig + 64<<10

//go:embed page
var pageFiles embed.FS

var templates = sync.OnceValue(func() *html.Template { return html.Must(html.ParseFS(pageFiles, "page/*.html")) })

// pages is where the bank's own pages are. The zero value says that there are
// none.
type pages struct {
	base   string // public URL of the server, without a final slash
	origin string // its scheme and host
	log    *slog.Logger
}

// WithPages tells the bank that Pages is served under /bank/ at publicURL. From
// then on logins at OAuth institutions lead there. It must be called before the
// bank is used.
func (b *Bank) WithPages(publicURL string, log *slog.Logger) *Bank {
	if u, err := url.Parse(publicURL); err == nil && u.Host != "" {
		b.pages = pages{base: strings.TrimRight(publicURL, "/"), origin: origin(u), log: log}
	}
	return b
}

func origin(u *url.URL) string { return strings.ToLower(u.Scheme + "://" + u.Host) }

// Pages serves what people and programs see of the bank: its OAuth login, and
// online banking with the statements that deposits are read from:
//
//	GET  /bank/{institution}/authorize   the login page
//	POST /bank/{institution}/sign-in     its form; answers the page with the accounts
//	POST /bank/{institution}/accounts    that form; answers a redirect to the program
//	POST /bank/oauth/token               code and verifier for a grant
//	GET  /bank/online                    sign-in to online banking; POST is its form
//	GET  /bank/online/statement/{handle}/{account} the statement of the account, counted from 0
//	GET  /bank/online/statement/{handle}/{account}/pdf the same to keep, as a file
//	POST /bank/online/statement/{handle}/sign-out
//	GET  /bank/online/apps/{handle}      the apps with access
//	POST /bank/online/apps/{handle}/revoke takes access back, to one account or to all
//
// The pages need no script, no cookie and no other host.
func (b *Bank) Pages() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /bank/{institution}/authorize", b.authorizePage)
	mux.HandleFunc("POST /bank/{institution}/sign-in", b.form(b.signIn))
	mux.HandleFunc("POST /bank/{institution}/accounts", b.form(b.pickAccounts))
	mux.HandleFunc("POST /bank/oauth/token", b.tokenEndpoint)
	mux.HandleFunc("GET /bank/online", b.onlineSignIn)
	mux.HandleFunc("POST /bank/online", b.form(b.openOnline))
	mux.HandleFunc("GET /bank/online/statement/{handle}", b.statementPage)
	mux.HandleFunc("GET /bank/online/statement/{handle}/{account}", b.statementPage)
	mux.HandleFunc("GET /bank/online/statement/{handle}/{account}/pdf", b.statementFile)
	mux.HandleFunc("POST /bank/online/statement/{handle}/sign-out", b.form(b.leaveOnline))
	mux.HandleFunc("GET /bank/online/apps/{handle}", b.appsPage)
	mux.HandleFunc("POST /bank/online/apps/{handle}/revoke", b.form(b.revokeApp))
	mux.HandleFunc("GET "+stylePath, style)
	mux.HandleFunc("/bank/", func(w http.ResponseWriter, _ *http.Request) { b.message(w, http.StatusNotFound, nowhere) })
	guard := http.NewCrossOriginProtection()
	if b.pages.origin != "" {
		_ = guard.AddTrustedOrigin(b.pages.origin) // behind a proxy Host is another; it is an origin, so there is no error
	}
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { b.message(w, http.StatusForbidden, foreign) }))
	return guard.Handler(mux)
}

// form reads the form of a page before its handler does.
func (b *Bank) form(next func(http.ResponseWriter, *http.Request, url.Values)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		if err := r.ParseForm(); err != nil {
			b.message(w, http.StatusBadRequest, unreadable)
			return
		}
		next(w, r, r.PostForm)
	}
}

// head is what every page shows.
type head struct {
	Title, Style string
	For          string // name of the institution that the bank stands in for
	Institution  string // its id
	Wrong        string // what the person has to mend
}

func newHead(title string, in institution.Institution) head {
	return head{Title: title, Style: styleURL(), For: in.Name, Institution: in.ID}
}

// notice is a page without a form.
type notice struct{ Title, Lead string }

// The notices of the pages. None repeats anything that came with the request.
var (
	nowhere    = notice{"Nothing here", "This page opens from an app that asks to see your accounts. Go back to the app and start again."}
	stranger   = notice{"This request cannot be answered", "The app that sent you here is not known to the bank, or asks to send you somewhere that is not its own. You have not been sent back, and nothing was shared."}
	tooLate    = notice{"This sign-in has ended", "It was left open for too long, or it is not one of this bank. Go back to the app and start again."}
	answered   = notice{"You have answered", "The app has what you chose. You may close this window."}
	unreadable = notice{"This form cannot be read", "Go back to the app and start again."}
	foreign    = notice{"This form came from elsewhere", "The bank takes forms of its own pages only. Nothing was shared."}
	closed     = notice{"The bank is closed", "No one can sign in at the moment. Go back to the app and try another bank."}
	ours       = notice{"That is our fault", "An unexpected error occurred, and nothing was shared. Go back to the app and try again."}
)

// message answers a page that says one thing.
func (b *Bank) message(w http.ResponseWriter, status int, n notice) {
	b.render(w, status, "message.html", struct {
		head
		Lead string
	}{newHead(n.Title, institution.Institution{}), n.Lead})
}

// trouble answers an error of the rooms behind the pages.
func (b *Bank) trouble(w http.ResponseWriter, r *http.Request, err error) {
	var f *institution.Failure
	switch {
	case errors.Is(err, errNoAuthorization):
		b.message(w, http.StatusGone, tooLate)
	case errors.As(err, &f) && f.Reason == institution.UnknownInstitution:
		b.message(w, http.StatusNotFound, nowhere)
	case errors.As(err, &f):
		b.message(w, http.StatusServiceUnavailable, closed)
	case r.Context().Err() == nil:
		b.pages.log.Error("page of the simulated bank failed", "error", err.Error())
		b.message(w, http.StatusInternalServerError, ours)
	}
}

// render answers a page. The policy allows nothing but the bank's style sheet;
// the browser follows the form to the bank and on to the program's own address.
func (b *Bank) render(w http.ResponseWriter, status int, name string, data any) {
	var out bytes.Buffer
	if err := templates().ExecuteTemplate(&out, name, data); err != nil {
		panic(err) // the templates and their data are part of the program; every one is rendered by a test
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", strings.TrimSpace("default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' "+b.pages.origin))
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin") // without one a browser hides which page a form came from
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes())
}

func styleURL() string {
	f, _ := web.Asset(styleName)
	return stylePath + "?v=" + f.Hash
}

// style serves the bank's dress.
func style(w http.ResponseWriter, r *http.Request) {
	f, ok := web.Asset(styleName)
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("ETag", f.ETag())
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "public, no-cache")
	if r.URL.Query().Get("v") == f.Hash {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if strings.Contains(r.Header.Get("If-None-Match"), f.ETag()) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", f.Type)
	_, _ = w.Write(f.Body)
}

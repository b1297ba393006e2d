package link

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/web"
)

// FrameConfig is what a Frame needs.
type FrameConfig struct {
	Sessions *Sessions
	Tokens   TokenSource // for the language of the page
	IDs      *clock.IDs
	Log      *slog.Logger
	// PublicURL is where browsers reach this server: link-initialize.js holds it.
	PublicURL string
	// Logo, if set, finds the logos of clients.
	Logo LogoSource
	// Ancestors lists the origins whose pages may show Link for a client. Nil, as
	// in the sandbox, means any.
	Ancestors func(ctx context.Context, clientID string) []string
	// Phone, if set, has the text messages that a session with this id and key has sent,
	// in the sandbox, where none are sent.
	Phone func(ctx context.Context, id, key string) (to string, messages []web.Message, err error)
	// Observe, if set, is told of each answered call of the frame.
	Observe func(api.Observation)
}

// Frame answers everything that a browser asks of Link: the script, the page in
// the frame, its assets, and the steps of a session.
type Frame struct {
	cfg   FrameConfig
	pages sync.Map // language -> page
	begun begun
	mux   *http.ServeMux
}

// maxStep bounds the body of a step. The largest thing a person may type is the
// configuration of a custom user, of about 55 kB, which grows when its quotes are
// escaped.
const maxStep = 128 << 10

// NewFrame returns the handler of /link/ and of /verify/.
func NewFrame(cfg FrameConfig) *Frame {
	f := &Frame{cfg: cfg, mux: http.NewServeMux()}
	f.mux.Handle("GET /link/v2/stable/link-initialize.js", f.script())
	f.mux.HandleFunc("GET /link/v2/stable/link.html", f.page)
	f.mux.HandleFunc("GET /link/v2/stable/embedded.html", f.embedded)
	f.mux.HandleFunc("GET "+GoPath+"{id}", f.setOut)
	f.mux.HandleFunc("GET "+ReturnPath, f.returned)
	f.mux.HandleFunc("GET "+HostedPath+"{id}", func(w http.ResponseWriter, r *http.Request) { f.hosted(w, r, r.PathValue("id")) })
	f.mux.HandleFunc("GET "+SharedPath+"{id}"+PhonePath, f.phone)
	f.mux.HandleFunc("GET "+SharedPath+"{id}", func(w http.ResponseWriter, r *http.Request) {
		f.hosted(w, r, r.PathValue("id")+"."+r.URL.Query().Get("key"))
	})
	f.mux.HandleFunc("GET "+web.AssetPath+"{name}", f.asset)
	f.mux.HandleFunc("GET "+logoPath+"{name}", f.logo)
	steps := api.New(api.Config{IDs: cfg.IDs, Log: cfg.Log, Observe: cfg.Observe}, f.endpoints())
	f.mux.Handle("POST "+uploadPath, f.uploads())
	f.mux.Handle("/link/session/", http.MaxBytesHandler(steps, maxStep))
	return f
}

// ServeHTTP answers a request below /link/ or /verify/.
func (f *Frame) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer") // the page's address holds the link token
	f.mux.ServeHTTP(w, r.WithContext(withAddress(r.Context(), r.RemoteAddr)))
}

// script serves link-initialize.js. Its address has no version, so a browser
// asks each time whether it has changed.
func (f *Frame) script() http.Handler {
	type file struct {
		etag         string
		body, zipped []byte
	}
	made := sync.OnceValue(func() file {
		body := web.Initialize(f.cfg.PublicURL)
		return file{`"` + web.Hash(body) + `"`, body, web.Gzip(body)}
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*") // <script crossorigin>
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		h.Set("Cache-Control", "public, no-cache")
		js := made()
		serve(w, r, "text/javascript; charset=utf-8", js.etag, js.body, js.zipped)
	})
}

func (f *Frame) asset(w http.ResponseWriter, r *http.Request) {
	name, v := r.PathValue("name"), r.URL.Query().Get("v")
	file, ok := web.Asset(name)
	current := v == file.Hash
	if !ok {
		file, current, ok = web.Theme(name, v)
	}
	if !ok || file.Name == "link-initialize.js" { // which needs our address
		http.NotFound(w, r)
		return
	}
	keep := "public, no-cache"
	if current {
		keep = forever
	}
	w.Header().Set("Cache-Control", keep)
	serve(w, r, file.Type, file.ETag(), file.Body, file.Gzip())
}

// forever lets a browser keep what its address says the content of.
const forever = "public, max-age=31536000, immutable"

// serve answers a body, or zipped, the same after gzip, where there is one and the
// browser takes it.
func serve(w http.ResponseWriter, r *http.Request, contentType, etag string, body, zipped []byte) {
	h := w.Header()
	h.Set("ETag", etag)
	if zipped != nil {
		h.Set("ETag", "W/"+etag) // two bodies have it
		h.Set("Vary", "Accept-Encoding")
	}
	if strings.Contains(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", contentType)
	if zipped != nil && acceptsGzip(r) {
		h.Set("Content-Encoding", "gzip")
		body = zipped
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.Write(body) // the ServeMux leaves the body out for HEAD
}

// acceptsGzip reports whether the client names gzip among the encodings it takes
// (RFC 9110 section 12.5.3), other than to refuse it.
func acceptsGzip(r *http.Request) bool {
	for _, list := range r.Header.Values("Accept-Encoding") {
		for part := range strings.SplitSeq(list, ",") {
			coding, q, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(part), " ", ""), ";q=")
			if coding == "gzip" {
				weight, err := strconv.ParseFloat(q, 64)
				return q == "" || err == nil && weight > 0
			}
		}
	}
	return false
}

// page serves the document inside the frame. It is the same for every session
// of a language and a look, and link.js opens the session; but for a frame that is
// made to be open (begin).
func (f *Frame) page(w http.ResponseWriter, r *http.Request) {
	lang, client, look, verifies := "en", "", web.Look{}, false
	if token, err := f.cfg.Tokens.ByToken(r.Context(), r.URL.Query().Get("token")); err == nil {
		lang, client, look = token.Language, token.ClientID, token.Look()
		if verifies = token.Verification != nil; verifies { // which speaks the language of the browser
			lang = web.Preferred(r.Header.Get("Accept-Language"))
		}
	}
	ancestors := "'none'" // a tab or a webview of its own is never shown by another page
	if q := r.URL.Query(); q.Has("id") && q.Has("origin") && !isWebview(q) {
		ancestors = f.ancestors(r.Context(), client)
	}
	h := w.Header()
	h.Set("Content-Security-Policy", policy+ancestors)
	h.Set("Permissions-Policy", permissions(verifies))
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "text/html; charset=utf-8")
	page := f.pageIn(lang, look)
	if begins(r, ancestors) {
		if begun := f.begin(r, r.URL.Query(), page); begun != nil {
			page = begun
		}
	}
	w.Write(page)
}

// isWebview reports whether the address is that of Link in an app's webview
// (link-web.md section 7).
func isWebview(q url.Values) bool { return strings.EqualFold(q.Get("isWebview"), "true") }

// policy is the content security policy of the frame, up to who may show it.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors "

// permissions is the permissions policy of a page of Link: where a person is verified
// it may use the camera.
func permissions(verifies bool) string {
	if verifies {
		return "camera=(self), microphone=(), geolocation=()"
	}
	return "camera=(), microphone=(), geolocation=()"
}

func (f *Frame) ancestors(ctx context.Context, clientID string) string {
	if f.cfg.Ancestors == nil {
		return "*"
	}
	if list := f.cfg.Ancestors(ctx, clientID); clientID != "" && len(list) > 0 {
		return strings.Join(list, " ")
	}
	return "'none'"
}

// pageIn keeps the plain pages; one with a look is made as it is asked for, since
// there may be as many as there are colours.
func (f *Frame) pageIn(lang string, look web.Look) []byte {
	if look != (web.Look{}) {
		return web.LinkPage(lang, look)
	}
	if page, ok := f.pages.Load(web.TextLanguage(lang)); ok {
		return page.([]byte)
	}
	page := web.LinkPage(lang, look)
	f.pages.Store(web.TextLanguage(lang), page)
	return page
}

package link

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/web"
)

// returned serves the page that a bank sends people back to. What they bring is
// taken in before it is drawn, so that nothing depends on the window: it may be
// closed at once. The answer is no redirect, as a browser would stop one that
// follows a form of the bank's (form-action), and it has no opener policy, as it
// tells the window that Link is in.
func (f *Frame) returned(w http.ResponseWriter, r *http.Request) {
	if !oauthPage(w, r) {
		return
	}
	arrival, err := f.cfg.Sessions.Return(r.Context(), f.cfg.IDs.RequestID(), r.URL.Query(), heldBy(r))
	page := web.Return{Lang: arrival.Token.Language, App: arrival.Token.DisplayName(), Leads: arrival.Leads, Over: arrival.Over, Refused: arrival.Refused}
	switch {
	case err != nil:
		f.cfg.Log.Error("return from a bank failed", "error", err.Error())
		page = web.Return{Over: true}
		w.WriteHeader(http.StatusInternalServerError)
	case arrival.Token.ID == "":
		page.Lang = web.Preferred(r.Header.Get("Accept-Language"))
	}
	w.Write(web.ReturnPage(page))
}

// oauthPage writes what the answers on the way to a bank and back have in common. It
// reports false for a request that is answered with it.
func oauthPage(w http.ResponseWriter, r *http.Request) bool {
	h := w.Header()
	if r.Method != http.MethodGet { // HEAD would use up what it does not show
		h.Set("Allow", http.MethodGet)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return false
	}
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "text/html; charset=utf-8")
	return true
}

// heldBy finds the cookies of a request.
func heldBy(r *http.Request) func(string) string {
	return func(name string) string {
		if c, err := r.Cookie(name); err == nil {
			return c.Value
		}
		return ""
	}
}

// setOut sends the window of a bank on its way, with a cookie that says in which
// browser Link is. The address alone is no way there: somebody else may have sent it.
func (f *Frame) setOut(w http.ResponseWriter, r *http.Request) {
	if !oauthPage(w, r) {
		return
	}
	var d Departure
	var err error
	if f.fromLink(r) {
		d, err = f.cfg.Sessions.SetOut(r.Context(), f.cfg.IDs.RequestID(), r.PathValue("id"), heldBy(r))
	}
	switch page := (web.Return{Lang: d.Token.Language, App: d.Token.DisplayName(), Over: true}); {
	case err != nil:
		f.cfg.Log.Error("setting out for a bank failed", "error", err.Error())
		w.WriteHeader(http.StatusInternalServerError)
		w.Write(web.ReturnPage(page))
	case d.URL == "":
		if d.Token.ID == "" {
			page.Lang = web.Preferred(r.Header.Get("Accept-Language"))
		}
		w.Write(web.ReturnPage(page))
	default:
		http.SetCookie(w, &http.Cookie{
			Name: d.Name, Value: d.Key, Path: oauthPath, MaxAge: int(d.Life / time.Second),
			HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: strings.HasPrefix(f.cfg.PublicURL, "https:"),
		})
		w.Header().Set("Location", d.URL)
		w.WriteHeader(http.StatusSeeOther)
	}
}

// oauthPath is below what the cookie of a departure is sent.
const oauthPath = "/link/oauth/"

// fromLink reports whether a page of this origin, as the frame is, has led to a
// request (Sec-Fetch-Site, which no page can write). Browsers leave it out over http
// to another machine, and the old ones did everywhere: their word cannot be had. On a
// developer's machine the frame may stand under another name of it.
func (f *Frame) fromLink(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin":
		return true
	case "same-site", "cross-site":
		return f.cfg.Ancestors == nil && loopback(f.cfg.PublicURL)
	}
	return false
}

// loopback reports whether an address is that of this machine for itself.
func loopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

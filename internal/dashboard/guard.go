package dashboard

import (
	"crypto/subtle"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/team"
)

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// guarded puts before every page what keeps strangers out: who asks by a wrong
// name, from another site, or to show the page in a frame.
func (d *dashboard) guarded(next http.Handler) http.Handler {
	public, err := url.Parse(d.PublicURL)
	if err != nil {
		public = &url.URL{}
	}
	guard := http.NewCrossOriginProtection()
	if public.Host != "" {
		_ = guard.AddTrustedOrigin(public.Scheme + "://" + public.Host) // behind a proxy Host is another; it is an origin, so there is no error
	}
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { d.message(w, r, http.StatusForbidden, foreign) }))
	inner := guard.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Frame-Options", "DENY")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin") // no-referrer would send forms with the origin null
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !d.Login && !ourName(r.Host, public) {
			d.message(w, r, http.StatusMisdirectedRequest, misnamed)
			return
		}
		inner.ServeHTTP(w, r)
	})
}

// ourName reports whether a Host header names this machine or the public address.
func ourName(host string, public *url.URL) bool {
	if public.Host != "" && strings.EqualFold(host, public.Host) {
		return true
	}
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	if strings.EqualFold(name, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return err == nil && addr.IsLoopback()
}

// visitor is who asks, with the token that the forms of their pages carry.
type visitor struct {
	client  *team.Client
	session string // the cookie; "" where nobody signs in
	token   string
	done    string
}

// formIndex is the kind of the blind index that form tokens are.
const formIndex = "dashboard_form"

// page answers a page for whoever may see it, and leads others to the sign-in.
func (d *dashboard) page(show func(http.ResponseWriter, *http.Request, visitor)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := d.visitor(r)
		switch {
		case errors.Is(err, errNobody):
			http.Redirect(w, r, Root+"/sign-in", http.StatusSeeOther)
		case err != nil:
			d.trouble(w, r, err)
		default:
			show(w, r, v)
		}
	}
}

// form reads the form of a page, which must carry the token of the session.
func (d *dashboard) form(do func(http.ResponseWriter, *http.Request, visitor)) http.HandlerFunc {
	return d.page(func(w http.ResponseWriter, r *http.Request, v visitor) {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		if err := r.ParseForm(); err != nil {
			d.message(w, r, http.StatusBadRequest, unreadable)
			return
		}
		if subtle.ConstantTimeCompare([]byte(r.PostForm.Get("token")), []byte(v.token)) != 1 {
			d.message(w, r, http.StatusForbidden, stale)
			return
		}
		do(w, r, v)
	})
}

var errNobody = errors.New("dashboard: nobody is signed in")

// visitor finds who asks.
func (d *dashboard) visitor(r *http.Request) (visitor, error) {
	v := visitor{token: d.Vault.Index(formIndex, "")}
	id := d.ClientID
	if d.Login {
		s, err := d.session(r)
		if err != nil {
			return v, err
		}
		id, v.session, v.token = s.clientID, s.cookie, d.Vault.Index(formIndex, s.cookie)
	}
	var err error
	v.client, err = d.Teams.Client(r.Context(), id)
	return v, err
}

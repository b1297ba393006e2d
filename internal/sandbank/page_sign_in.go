package sandbank

import (
	"net/http"
	"net/url"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/institution"
)

// requestSeal is what the sealed request of a login page is bound to.
const requestSeal = "sandbank_request"

// asked is a request on its way through the login page: sealed, so that looking
// at the page stores nothing and nobody can change what is asked.
type asked struct {
	Institution string  `json:"institution"`
	Request     request `json:"request"`
	Expires     int64   `json:"expires"`
}

type signInPage struct {
	head
	Request  string
	Username string
}

// oauthBank finds an institution that signs people in on its own pages.
func (b *Bank) oauthBank(id string) (institution.Institution, error) {
	in, err := b.reach(id)
	if err == nil && !in.OAuth {
		err = final(institution.UnknownInstitution, "")
	}
	return in, err
}

// authorizePage is the authorization endpoint of RFC 6749 section 3.1.
func (b *Bank) authorizePage(w http.ResponseWriter, r *http.Request) {
	in, err := b.oauthBank(r.PathValue("institution"))
	if err != nil {
		b.trouble(w, r, err)
		return
	}
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		b.message(w, http.StatusBadRequest, unreadable)
		return
	}
	req, refused, ok := b.readRequest(q)
	switch {
	case !ok:
		b.message(w, http.StatusBadRequest, stranger)
	case refused != nil:
		b.sendBack(w, r, req.back("error", refused.code, "error_description", refused.detail))
	default:
		sealed, err := b.vault.SealJSON(asked{in.ID, req, clock.Millis(b.clock.Now().Add(loginLife))}, requestSeal)
		if err != nil {
			b.trouble(w, r, err)
			return
		}
		b.render(w, http.StatusOK, "sign_in.html", signInPage{head: newHead("Sign in", in), Request: sealed})
	}
}

// askedFor opens the request that a login page carried.
func (b *Bank) askedFor(r *http.Request, sealed string) (institution.Institution, request, time.Time, error) {
	in, err := b.oauthBank(r.PathValue("institution"))
	if err != nil {
		return in, request{}, time.Time{}, err
	}
	var a asked
	if err := b.vault.OpenJSON(sealed, requestSeal, &a); err != nil || a.Institution != in.ID {
		return in, request{}, time.Time{}, errNoAuthorization
	}
	until := clock.FromMillis(a.Expires)
	if !b.clock.Now().Before(until) {
		return in, request{}, until, errNoAuthorization
	}
	return in, a.Request, until, nil
}

// signIn lets the person in and asks which accounts to share.
func (b *Bank) signIn(w http.ResponseWriter, r *http.Request, form url.Values) {
	in, req, until, err := b.askedFor(r, form.Get("request"))
	if err != nil {
		b.trouble(w, r, err)
		return
	}
	if form.Get("decision") == decisionDeny {
		b.sendBack(w, r, req.back("error", accessDenied))
		return
	}
	v, err := b.visitor(form.Get("username"), form.Get("password"))
	if err != nil {
		p := signInPage{head: newHead("Sign in", in), Request: form.Get("request"), Username: customUser}
		p.Wrong = "The password of user_custom cannot be used: " + err.Error() + "."
		b.render(w, http.StatusUnprocessableEntity, "sign_in.html", p)
		return
	}
	handle, a, err := b.authorize(r.Context(), in, req, v, until)
	if err != nil {
		b.trouble(w, r, err)
		return
	}
	b.renderAccounts(w, http.StatusOK, handle, a, func(account) bool { return true }, "")
}

// sendBack takes the person to the program. What the address holds is for the
// program alone.
func (b *Bank) sendBack(w http.ResponseWriter, r *http.Request, address string) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, address, http.StatusSeeOther)
}

package link

import (
	"net/http"

	"github.com/glencheck-dev/glencheck/web"
)

// returned serves the page that a bank sends people back to. What they bring is
// taken in before it is drawn, so that nothing depends on the window: it may be
// closed at once. The answer is no redirect, as a browser would stop one that
// follows a form of the bank's (form-action), and it has no opener policy, as it
// tells the window that Link is in.
func (f *Frame) returned(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	if r.Method != http.MethodGet { // HEAD would use up what it does not show
		h.Set("Allow", http.MethodGet)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "text/html; charset=utf-8")
	arrival, err := f.cfg.Sessions.Return(r.Context(), f.cfg.IDs.RequestID(), r.URL.Query())
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

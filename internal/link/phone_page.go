package link

import (
	"errors"
	"net/http"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/web"
)

// phone serves the sandbox's phone: a page with the messages that were not sent.
func (f *Frame) phone(w http.ResponseWriter, r *http.Request) {
	if f.cfg.Phone == nil {
		http.NotFound(w, r)
		return
	}
	to, messages, err := f.cfg.Phone(r.Context(), r.PathValue("id"), r.URL.Query().Get("key"))
	if unknown := (*plaid.Error)(nil); errors.As(err, &unknown) {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	if err != nil {
		f.cfg.Log.Error("the sandbox's phone failed", "error", err.Error())
		http.Error(w, "an unexpected error occurred", http.StatusInternalServerError)
		return
	}
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Content-Type", "text/html; charset=utf-8")
	w.Write(web.PhonePage(to, messages))
}

package server

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/idv"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// pictures serves what people have handed in during an Identity Verification, to
// whoever has an address that idv.Service.Address has made and that is still good.
// A file of a stranger must never become a page: its type is one that was found out,
// and the browser may neither guess another nor run anything in it. Whoever has the
// address may show the picture in a page of their own (Cross-Origin-Resource-Policy),
// for as long as it is good.
func (r *rooms) pictures(g ground) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox")
		h.Set("X-Frame-Options", "DENY")
		p, err := r.idv.Served(req.Context(), strings.TrimPrefix(req.URL.Path, idv.PicturePath), req.URL.Query())
		if err != nil {
			id := g.IDs.RequestID()
			var told *plaid.Error
			if !errors.As(err, &told) {
				g.Log.Error("a picture could not be served", "request_id", id, "error", err.Error())
				told = plaid.InternalServerError
			}
			h.Set("Content-Type", "application/json; charset=utf-8")
			w.WriteHeader(told.HTTPStatus())
			w.Write(api.ErrorJSON(told, id))
			return
		}
		h.Set("Content-Type", p.Media)
		h.Set("Content-Length", strconv.Itoa(len(p.Data)))
		h.Set("Content-Disposition", "inline")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		w.Write(p.Data) // net/http leaves the body out for HEAD
	})
}

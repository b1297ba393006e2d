package dashboard

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/team"
)

// redirectsPage is the list of redirect addresses with the form that adds one.
type redirectsPage struct {
	List       []string
	Configured []string // of the server's start
	Typed      string
	Error      string
	Sandbox    bool
}

func (d *dashboard) redirects(w http.ResponseWriter, r *http.Request, v visitor) {
	switch r.URL.Query().Get("done") {
	case "added":
		v.done = "The address is added."
	case "removed":
		v.done = "The address is removed."
	}
	d.renderRedirects(w, r, http.StatusOK, v, "", "")
}

func (d *dashboard) renderRedirects(w http.ResponseWriter, r *http.Request, status int, v visitor, typed, wrong string) {
	p := redirectsPage{List: v.client.RedirectURIs, Configured: d.Teams.Configured(), Typed: typed, Error: wrong, Sandbox: d.Sandbox}
	d.render(w, r, status, "redirects", v, "Redirect URIs", "Where banks may send people back to: redirect_uri of a link token must be one of these.", p)
}

// changeRedirects adds an address or removes one.
func (d *dashboard) changeRedirects(w http.ResponseWriter, r *http.Request, v visitor) {
	ctx, uri := r.Context(), strings.TrimSpace(r.PostForm.Get("uri"))
	done := "added"
	var err error
	if r.PostForm.Get("do") == "remove" {
		done = "removed"
		if slices.Contains(v.client.RedirectURIs, uri) {
			err = d.Teams.RemoveRedirect(ctx, v.client.ID, uri)
		}
	} else if must := d.Teams.RedirectMust(uri); must != "" {
		d.renderRedirects(w, r, http.StatusUnprocessableEntity, v, uri, "The address "+must+".")
		return
	} else {
		err = d.Teams.AddRedirect(ctx, v.client.ID, uri)
	}
	switch {
	case errors.Is(err, team.ErrTooManyRedirects):
		d.renderRedirects(w, r, http.StatusUnprocessableEntity, v, uri, "There are 100 addresses, and no more than that may be. Remove one first.")
	case err != nil:
		d.trouble(w, r, err)
	default:
		http.Redirect(w, r, Root+"/redirects?done="+done, http.StatusSeeOther)
	}
}

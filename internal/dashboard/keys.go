package dashboard

import "net/http"

// keysPage is what the page of the keys shows.
type keysPage struct {
	ClientID, Secret string // the secret on a press only
	CanShow, Sandbox bool
	Address          string
}

func (d *dashboard) keysPage(v visitor) keysPage {
	return keysPage{ClientID: v.client.ID, CanShow: d.canShow(v), Sandbox: d.Sandbox, Address: d.PublicURL}
}

// canShow reports whether there is a secret to show: one that the server was
// started with, of a sandbox, to its own client.
func (d *dashboard) canShow(v visitor) bool {
	return d.Sandbox && d.Secret != "" && v.client.ID == d.ClientID
}

func (d *dashboard) keys(w http.ResponseWriter, r *http.Request, v visitor) {
	d.renderKeys(w, r, v, d.keysPage(v))
}

// showSecret answers the page with the secret on it. The address stays that of the
// page without it, and nothing may keep the answer.
func (d *dashboard) showSecret(w http.ResponseWriter, r *http.Request, v visitor) {
	p := d.keysPage(v)
	if p.CanShow {
		p.Secret = d.Secret
	}
	d.renderKeys(w, r, v, p)
}

func (d *dashboard) renderKeys(w http.ResponseWriter, r *http.Request, v visitor, p keysPage) {
	d.render(w, r, http.StatusOK, "keys", v, "Keys", "What your server calls the API with.", p)
}

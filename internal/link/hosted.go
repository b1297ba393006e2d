package link

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// HostedPath is where the pages of Hosted Link are, below the public URL.
const HostedPath = "/link/hosted/"

// hostedLife is how long a Hosted Link page lives unless the client says
// otherwise (LinkTokenCreateHostedLink.url_lifetime_seconds). The longer lives of
// links that were sent by SMS or e-mail belong to a delivery that does not exist
// here.
const hostedLife = 30 * time.Minute

// Hosted is what a link token says of its Hosted Link page.
type Hosted struct {
	// ID is the secret in the page's address. It is not the link token: who has
	// the page's address cannot use the API's calls that take the token.
	ID string `json:"id"`
	// CompletionURI is where the page leads at the end, "" for its own last pane.
	CompletionURI string `json:"completion_redirect_uri,omitempty"`
	// MobileApp says that the page stands in a browser tab inside an app, which
	// has no windows: whatever leaves it must come back in the same tab.
	MobileApp bool `json:"is_mobile_app,omitempty"`
	// Life is what the client asked for, 0 for the default.
	Life time.Duration `json:"-"`
}

// URL is the page's address on a server that browsers reach at publicURL.
func (h Hosted) URL(publicURL string) string {
	return strings.TrimRight(publicURL, "/") + HostedPath + h.ID
}

// life is how long the token and its page live. In the sandbox a page that
// repairs an Item lives no longer than half an hour (link-web.md section 4.10).
func (h Hosted) life(env string, update bool) time.Duration {
	life := hostedLife
	if h.Life > 0 {
		life = h.Life
	}
	if update && env == "sandbox" {
		life = min(life, updateLife)
	}
	return life
}

// hosted reads the hosted_link object of a request.
func (t *Tokens) hosted(in *hostedLinkIn) (*Hosted, error) {
	if in == nil {
		return nil, nil
	}
	if in.DeliveryMethod != "" && t.Env != "sandbox" { // where it is ignored, as documented
		return nil, notYet("hosted_link.delivery_method")
	}
	h := &Hosted{ID: t.IDs.Hex(48), MobileApp: in.IsMobileApp}
	if in.URLLifetimeSeconds != nil {
		h.Life = time.Duration(*in.URLLifetimeSeconds) * time.Second
	}
	if in.CompletionRedirectURI != nil {
		if !completionOK(*in.CompletionRedirectURI) {
			return nil, plaid.InvalidField("hosted_link.completion_redirect_uri must be an absolute URI of at most 2000 characters whose scheme leads to a page or an app")
		}
		h.CompletionURI = *in.CompletionRedirectURI
	}
	return h, nil
}

// inPage are the schemes that stay inside the browser: some run as a script of
// the page that leads to them, none leads anybody back to an app.
var inPage = []string{"about", "blob", "data", "file", "filesystem", "javascript", "vbscript", "view-source"}

// completionOK reports whether a page may lead there at its end. Any scheme will
// do, and none is registered (link-web.md section 3.5), as an app has its own.
func completionOK(uri string) bool {
	if len(uri) > 2000 || strings.ContainsFunc(uri, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return false
	}
	u, err := url.Parse(uri)
	if err != nil || u.Scheme == "" || slices.Contains(inPage, u.Scheme) {
		return false
	}
	if u.Scheme == "http" || u.Scheme == "https" {
		return u.Host != ""
	}
	return u.Host != "" || u.Path != "" || u.Opaque != ""
}

// ByHosted finds the link token of a Hosted Link page, also one that has expired:
// its ExpiresAt says so. An unknown page is plaid.InvalidLinkToken.
func (t *Tokens) ByHosted(ctx context.Context, id string) (Token, error) {
	row, err := readHosted(ctx, t.DB, t.Vault.Index(hostedIndex, id))
	if errors.Is(err, store.ErrNoRows) {
		return Token{}, plaid.InvalidLinkToken
	}
	if err != nil {
		return Token{}, err
	}
	return t.unseal(row)
}

// hostedIndex is the kind of the blind index under which a page is found.
const hostedIndex = "link_hosted"

package team

import (
	"context"
	"slices"
	"strconv"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// maxRedirects bounds what one client may store.
const maxRedirects = 100

type redirectsIn struct {
	RedirectURIs []string `json:"redirect_uris" required:"true" max:"100"`
}

type redirectsOut struct {
	RedirectURIs []string `json:"redirect_uris"`
	// Configured are those of the server's start, which every client has.
	Configured []string `json:"configured"`
}

// setRedirects replaces the list of the client.
func (t *Teams) setRedirects(ctx context.Context, call api.Call, in redirectsIn) (redirectsOut, error) {
	for i, uri := range in.RedirectURIs {
		if must := t.RedirectMust(uri); must != "" {
			return redirectsOut{}, plaid.InvalidField("redirect_uris[" + strconv.Itoa(i) + "] " + must)
		}
	}
	if err := t.SetRedirects(ctx, call.Caller.ClientID, in.RedirectURIs); err != nil {
		return redirectsOut{}, err
	}
	return t.listRedirects(ctx, call, struct{}{})
}

func (t *Teams) listRedirects(ctx context.Context, call api.Call, _ struct{}) (redirectsOut, error) {
	c, err := t.Client(ctx, call.Caller.ClientID)
	if err != nil {
		return redirectsOut{}, err
	}
	return redirectsOut{orEmpty(c.RedirectURIs), orEmpty(t.redirects)}, nil
}

// RedirectMust says what is wrong with an entry of the list of redirect addresses:
// "must be …", or "".
func (t *Teams) RedirectMust(entry string) string {
	switch {
	case !RedirectEntryOK(entry) || len(entry) > maxURL:
		return "must be an absolute address without query and fragment, such as https://example.com/oauth.html or https://*.example.com/oauth.html"
	case t.env != "sandbox" && !secure(entry):
		return "must be an https address"
	}
	return ""
}

// SetRedirects replaces the redirect addresses of a client. It is the caller's to
// check them (RedirectMust).
func (t *Teams) SetRedirects(ctx context.Context, clientID string, uris []string) error {
	return t.db.Write(ctx, func(tx *store.Tx) error {
		t.cache.Drop(tx, clientID)
		if err := deleteRedirects(ctx, tx, clientID); err != nil {
			return err
		}
		return insertRedirects(ctx, tx, clientID, uris)
	})
}

// ErrTooManyRedirects says that a client has as many redirect addresses as it may.
var ErrTooManyRedirects = plaid.InvalidField("redirect_uris must have at most 100 addresses")

// AddRedirect adds a redirect address to those of a client. It is the caller's to
// check it (RedirectMust).
func (t *Teams) AddRedirect(ctx context.Context, clientID, uri string) error {
	return t.db.Write(ctx, func(tx *store.Tx) error {
		t.cache.Drop(tx, clientID)
		c, err := t.read(ctx, tx, clientID)
		switch {
		case err != nil:
			return err
		case len(c.RedirectURIs) >= maxRedirects && !slices.Contains(c.RedirectURIs, uri):
			return ErrTooManyRedirects
		}
		return insertRedirects(ctx, tx, clientID, []string{uri})
	})
}

// RemoveRedirect takes a redirect address from a client, if it has it.
func (t *Teams) RemoveRedirect(ctx context.Context, clientID, uri string) error {
	return t.db.Write(ctx, func(tx *store.Tx) error {
		t.cache.Drop(tx, clientID)
		return deleteRedirect(ctx, tx, clientID, uri)
	})
}

// Configured lists the redirect addresses that the server was started with, which
// every client has.
func (t *Teams) Configured() []string { return t.redirects }

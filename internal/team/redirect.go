package team

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// sandboxRedirects are allowed in every sandbox: the address that seeds 000 and
// 001 use. Addresses on this machine need no entry either (see loopback).
var sandboxRedirects = []string{"https://domainname.com/oauth-page.html"}

// errRedirect is what the real API answers for an address that is not on the
// list, and for an empty one.
var errRedirect = plaid.InvalidField("OAuth redirect URI must be configured in the developer dashboard. See https://plaid.com/docs/#oauth-redirect-uris")

// CheckRedirect decides whether a client may send people back to uri
// (plaid-server-api.md section 5.1): an absolute http or https address without
// query, https in production, and on the client's list.
func (t *Teams) CheckRedirect(c *Client, uri string) error {
	if uri == "" {
		return errRedirect
	}
	u, err := url.Parse(uri)
	if err != nil || u.Host == "" || u.Hostname() == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return plaid.InvalidField("redirect_uri must be a valid URI")
	}
	switch {
	case u.RawQuery != "" || u.ForceQuery:
		return plaid.InvalidField("redirect_uri must not contain any query parameters")
	case u.Fragment != "" || strings.HasSuffix(uri, "#"):
		return plaid.InvalidField("redirect_uri must not contain a fragment")
	case t.env != "sandbox" && u.Scheme != "https":
		return plaid.InvalidField("redirect_uri must be an https URI")
	case t.env == "sandbox" && loopback(u.Hostname()):
		return nil
	}
	allowed := func(entry string) bool { return redirectMatches(entry, uri) }
	if slices.ContainsFunc(c.RedirectURIs, allowed) || slices.ContainsFunc(t.redirects, allowed) {
		return nil
	}
	return errRedirect
}

// redirectMatches reports whether an entry of the list allows uri. An entry is
// compared as it stands; "https://*.example.com/oauth.html" stands for every
// subdomain of example.com, at any depth, but not for example.com itself.
func redirectMatches(entry, uri string) bool {
	if entry == uri && !strings.Contains(entry, "*") {
		return true
	}
	scheme, rest, ok := strings.Cut(entry, "://*.")
	if !ok {
		return false
	}
	domain, path, _ := strings.Cut(rest, "/")
	got, ok := strings.CutPrefix(uri, scheme+"://")
	if !ok {
		return false
	}
	host, gotPath, _ := strings.Cut(got, "/")
	labels, ok := strings.CutSuffix(strings.ToLower(host), "."+strings.ToLower(domain))
	return ok && path == gotPath && hostLabels(labels)
}

// hostLabels reports whether s is one or more labels of a host name.
func hostLabels(s string) bool {
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 {
			return false
		}
		for _, c := range []byte(label) {
			if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
				return false
			}
		}
	}
	return true
}

// loopback reports whether host is this machine.
func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

// Origins lists the origins of the client's redirect addresses, the pages that
// may embed Link outside the sandbox. A wildcard stays one, as CSP knows it.
func (t *Teams) Origins(c *Client) []string {
	var out []string
	for _, entry := range slices.Concat(c.RedirectURIs, t.redirects) {
		scheme, rest, ok := strings.Cut(entry, "://")
		if !ok {
			continue
		}
		host, _, _ := strings.Cut(rest, "/")
		if origin := scheme + "://" + host; !slices.Contains(out, origin) {
			out = append(out, origin)
		}
	}
	return out
}

// RedirectEntryOK reports whether an entry may stand on the list: an absolute
// http or https address without query, with at most one wildcard, for the
// subdomains. It is asked when an entry is configured, so that a slip is found
// at the start and not by the first person who returns from a bank.
func RedirectEntryOK(entry string) bool {
	plain := strings.Replace(entry, "://*.", "://wildcard.", 1)
	u, err := url.Parse(plain)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil &&
		u.RawQuery == "" && u.Fragment == "" && !strings.Contains(plain, "*") && !strings.ContainsAny(entry, " ;,'\"")
}

// secure reports whether an entry is of scheme https.
func secure(entry string) bool { return strings.HasPrefix(entry, "https://") }

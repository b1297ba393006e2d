// Package dashboard owns the pages on which a team sets itself up: keys,
// integrations with partners, application profile, Link customization with its Data
// Transparency, redirect URIs, and an overview; and on which a person decides about
// identity checks where no machine can tell.
//
// It serves /dashboard and what is below it. What the pages show and change belongs
// to package team; who the partners are is in package plaid. Identity checks belong to
// package idv, their hits on watchlists to package screening: both say what may be
// decided, keep it, and tell whoever was too late. The look is
// web/css/dashboard.css, the little script web/dashboard. The templates are in page/,
// one file for each page around layout.html; a page is a Go file of its name, a line
// in Handler and a line in navigation.
//
// # Test documents
//
// A sandbox prints specimens of package idv/specimen: the address names the person, the
// document and the fault, and the files are made as they are asked for; nothing is kept.
//
// # Decisions
//
// Every page works without a script: links, and forms that answer a redirect. The
// script filters the list of partners while one types, and copies.
//
// Who may come in: a sandbox that only this machine can reach asks nobody, as its
// keys are published; it answers only requests that name this machine or the public
// address, so that a name that somebody points at this machine reads nothing (DNS
// rebinding). Anywhere else a person signs in with the client_id and the secret of
// the team. The session is a row that the cookie names; it ends after twelve hours,
// after an hour without a request, when the secret is no longer valid, and when the
// person signs out. The cookie is HttpOnly and SameSite=Strict, and Secure wherever
// the public address is https; production signs nobody in over http, except on this
// machine. Wrong keys are counted for each address that they come from, per process:
// behind a proxy that is the proxy's.
//
// Every form names a token that belongs to the session, and is refused when the
// browser says that it comes from another origin (Sec-Fetch-Site, Origin). No page
// may be framed.
//
// The secret is shown on a press, and only where the server was started with it and
// it is a sandbox's: a production team keeps its own. It cannot be rotated here,
// because it belongs to the way the server is started (--secret), which would bring
// the old one back.
//
// A decision about an identity check has a reason, which is kept. A form names how the
// step stood when it was shown; another status by then is somebody else's decision, which
// stands. The queue finds a client_user_id by the whole of it, because an index does; it
// counts to 999.
//
// What is wrong with a form is said at its fields, with what was typed kept. What was
// done is said once, on the page that the redirect leads to.
package dashboard

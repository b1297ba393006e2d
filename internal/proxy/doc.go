// Package proxy answers for Plaid's host names, so that a program that is
// hard-wired to them can be run unchanged against a Glencheck of this machine:
// glencheck run (docs/run.md).
//
// It owns three things and no state:
//
//   - Authority, a certificate authority that lives as long as the run. Its key is
//     never written anywhere, and its certificate is constrained to the names
//     that are answered here: who trusts it by accident trusts it for nothing else.
//   - Proxy, an HTTP proxy on a port of the loopback interface. CONNECT to one of
//     Names at port 443 ends here, in TLS with a certificate made for the name;
//     everything else is tunnelled to where it was going, or refused (Offline).
//     Requests in absolute form are answered as well, https ones too: older
//     versions of axios, and so of npm plaid, ask an HTTPS proxy in that way
//     instead of by CONNECT.
//   - Environment, what a program has to be told so that its runtime uses the
//     proxy and trusts the authority: variables, a bundle of certificates, and for
//     runtimes that know no such variable a small hook (hook.cjs for Node,
//     sitecustomize.py for Python).
//
// Where nothing is documented, decided here: all names are one server, so that a
// program for production is answered by the sandbox too; plain http to one of the
// names is sent to https, as the real hosts do; a name of Plaid's at another port
// is refused, since what listens there is unknown; names of Plaid's that are not
// in Names (the dashboard, the documentation) are strangers like any other; Offline
// lets addresses of this machine pass, which browsers under test ask a proxy for.
//
// The proxy listens on loopback only and asks for no password, since browsers
// cannot be given one by an environment variable; whoever is logged in on this
// machine can use it while it runs. Connections, headers and handshakes are
// bounded in number and time (limits.go).
package proxy

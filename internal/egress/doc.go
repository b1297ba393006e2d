// Package egress is how the program calls an address that somebody else named: a
// webhook of a client, a bank of an operator. It decides at the dial, on the
// resolved IP address, so that neither a name that resolves differently the second
// time nor a spelling of an address (decimal, mapped into IPv6) gets past it.
//
// Addresses of the cloud's own services (169.254.169.254 and its kind) are refused
// always. Private and loopback addresses are refused unless the caller allows
// them. No proxy of the environment is used, as it would do the dialling, and a
// redirect is for the caller to refuse: http.Transport follows none.
package egress

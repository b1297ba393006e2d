// Package identity has what banks say of the owners of an account, and compares it
// with what a client knows.
//
// Its paths are /identity/get, /identity/match and
// /sandbox/identity/match/explain. How two names, numbers or addresses are compared
// is in package match below, which knows no Items.
//
// # Decisions where nothing is documented
//
// /identity/match makes nothing a product of the Item: it is billed for each call.
// It works where the Item, the institution and the consent have identity_match or
// identity. Without a user, or with what is empty or null, the scores are null. A
// telephone number need not be one that a numbering plan knows, as those of the
// simulated bank are not; what has fewer than seven or more than fifteen digits is
// INVALID_FIELD. The owners are those of /identity/get, and are asked for once for
// both.
//
// An Item that was made without a login has no owners at a bank. /identity/match
// asks who is known to hold its numbers (Known); nobody known is
// PRODUCTS_NOT_SUPPORTED, as /identity/get is for all of them.
//
// # Neighbours
//
// Package item has the Items and asks who may call, and package institution says
// how a bank tells the owners. Verifying a person who has no bank behind him is the
// business of package idv.
package identity

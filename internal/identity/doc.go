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
// Identity Match in Link (InLink) is switched on by the lowest scores of a
// customization. Every account that the person shares has to fit, in every part
// that both the customization and the link token's user have; what the bank lacks
// fits nothing. Without anything to compare neither event is told. A session whose
// accounts do not fit makes an Item of them and does not tell it: there is no
// onSuccess, as documented, and /link/token/get has the public token. The person
// may go on to another bank. The exit_status of IDENTITY_MATCH_BLOCK is
// requires_account_selection.
//
// # Neighbours
//
// Package item has the Items and asks who may call, and package institution says
// how a bank tells the owners. Verifying a person who has no bank behind him is the
// business of package idv.
package identity

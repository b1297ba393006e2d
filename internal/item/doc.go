// Package item owns Items: the bond between one person's login at one
// institution and one client. It keeps their accounts, access tokens and public
// tokens, their products and their state.
//
// Paths: /item/get, /item/remove, /item/import, /item/webhook/update,
// /item/public_token/exchange, /item/public_token/create,
// /item/access_token/invalidate, /accounts/get, /accounts/balance/get, and the
// levers /sandbox/public_token/create, /sandbox/item/reset_login,
// /sandbox/item/revoke_access, /sandbox/user/reset_login and
// /sandbox/returning_user/reset. It owns the connect flow and the update flow of Link
// too (flow_connect.go, flow_update.go and the panes beside them); both have the login of flow_login.go. Two more are the connect flow
// with something added: flow_connect_several.go and flow_returning.go.
//
// What ends: a public token's row goes with its half hour (Sweep). The rows of a
// removed Item and of its access tokens stay, empty of anything personal, as its
// tokens are answered ITEM_NOT_FOUND for ever.
//
// # Decisions where nothing is documented
//
// A check for robots (RECAPTCHA) comes after the credentials and is told as ERROR
// with RECAPTCHA_REQUIRED before its view, as the error is what the documents name
// as its trigger. A check that fails is put again, as INVALID_MFA is.
//
// Update mode shows no more than is needed. It begins at the login, or at CONSENT
// where additional_consented_products names something new; with a login that is
// good and no account selection, consent is all. OPEN names the institution, and
// the transition to the first view follows it. The bank is asked to renew the
// grant, so that it can refuse another person's login before it sends anybody a
// code (INVALID_UPDATED_USERNAME, counted like a wrong password). What a person
// ticks on a bank's own pages is always a new choice of accounts. There is no other
// bank to go to: the ways on from an error are to try again and to close.
//
// The Item changes in the transaction that ends the session: new grant, accounts,
// no error, 30 more days in the sandbox. The old grant is given back at the bank
// with the session. Of two sessions on one Item the later one's login stays. An
// account that is let go loses its id and all that was kept of it; one that the
// person takes up later is a new one. The public token need not be exchanged; who
// does gets one more access token of the same Item.
//
// A saved login (saved_login.go) is what a person keeps with their telephone number
// at any client: under the number's blind index, with a grant of the profile's own.
// A year without use ends it, so does saving the same bank anew, and in the sandbox
// /sandbox/returning_user/reset. Whether anything is saved with a number shows only
// after its code, except to a client that knew the number (AUTO_SUBMIT_PHONE). The
// exit_status of SUBMIT_PHONE and VERIFY_PHONE is requires_credentials, as of every
// pane before a bank is chosen; that of SELECT_SAVED_INSTITUTION is
// institution_not_found, that of SELECT_SAVED_ACCOUNT requires_account_selection. A
// saved bank is told as SELECT_INSTITUTION with its match_reason; of the events that
// only mobile documents, AUTO_SELECT_SAVED_INSTITUTION alone is told, for the pane
// that is skipped. Nothing can send a code yet, so only the sandbox asks for numbers.
//
// An account that the person takes back at the bank is closed: its id answers
// INVALID_ACCOUNT_ID, and the other rooms forget what they asked. The whole taken back
// is the Item's error USER_PERMISSION_REVOKED, which update mode does not mend as there
// is no grant left to renew (withdrawn.go).
//
// # Neighbours
//
// Package auth has account numbers and the panes where they are typed (Typed), also
// instead of a login (flow_connect_manual.go leads there), package identity the owners
// of an account, package link the machine that runs the flow, and package
// institution the catalogue and the Connector through which a bank is asked.
package item

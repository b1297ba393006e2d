// Package item owns Items: the bond between one person's login at one
// institution and one client. It keeps their accounts, access tokens and public
// tokens, their products and their state.
//
// Paths: /item/get, /item/remove, /item/import, /item/webhook/update,
// /item/public_token/exchange, /item/public_token/create,
// /item/access_token/invalidate, /accounts/get, /accounts/balance/get, and the
// levers /sandbox/public_token/create and /sandbox/item/reset_login. It owns the
// connect flow of Link too (flow_connect.go and the panes beside it).
//
// # Decisions where nothing is documented
//
// A check for robots (RECAPTCHA) comes after the credentials and is told as ERROR
// with RECAPTCHA_REQUIRED before its view, as the error is what the documents name
// as its trigger. A check that fails is put again, as INVALID_MFA is.
//
// # Neighbours
//
// Package auth has account numbers, package identity the owners
// of an account, package link the machine that runs the flow, and package
// institution the catalogue and the Connector through which a bank is asked.
package item

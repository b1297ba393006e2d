// Package auth has the account numbers of Items: which accounts have them, how
// they were earned, and their sealed rows.
//
// Its path is /auth/get.
//
// Its neighbours: package item has the Items and asks who may call, package
// institution says how a bank hands out numbers, and package rail pays into an
// account where a bank does not.
package auth

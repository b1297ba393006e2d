// Package auth has the account numbers of Items: which accounts have them, how
// they were earned, and their sealed rows.
//
// Its path is /auth/get. It owns what happens in Link where a login gives no account
// numbers: the person types those of one account (Typed, pane_numbers.go), and the
// ways in which they are believed have a file each (flow_<method>.go).
//
// # Decisions where nothing is documented
//
// Instant Match compares the last four digits with the mask, and the routing number
// with those of the bank, where they are known; a connector that can compare more
// is asked (institution.Matcher). Three forms that do not match end it with
// INSTANT_MATCH_FAILED, from where the person may log in anew. What cannot be a
// number at all is not counted. The numbers belong to the account that they were
// typed for: a person who chooses another one in update mode leaves the Item with
// NO_AUTH_ACCOUNTS.
//
// Its neighbours: package item has the Items and asks who may call, package
// institution says how a bank hands out numbers, and package rail pays into an
// account where a bank does not.
package auth

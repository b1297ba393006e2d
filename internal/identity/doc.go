// Package identity has what banks say of the owners of an account.
//
// Its path is /identity/get.
//
// Its neighbours: package item has the Items and asks who may call, and package
// institution says how a bank tells the owners. Verifying a person who has no
// bank behind him is the business of package idv.
package identity

// Package plaid holds the words of the Plaid API: the error table, the objects
// that more than one room answers, token shapes, products, countries and
// languages. It imports nothing of ours and has no behaviour beyond checking
// and printing its own words.
//
// Package api turns an Error into an HTTP answer; the rooms decide when one is
// due.
package plaid

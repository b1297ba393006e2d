// Package itemtest gives the tests of the product rooms a house to live in: a
// database, the ground floor, Items and a bank that does as it is told, behind
// the real API adapter. Journeys with the simulated bank are tested in package
// server; here a test can let a bank fail in ways that it never would.
package itemtest

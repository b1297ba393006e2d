// Package clock owns time, randomness and identifiers. Nothing else in the
// house calls time.Now or draws random bytes; a test in package server checks
// that. A sandbox may move the clock by hand and seed the identifiers, so that
// two runs with the same seed give the same answers.
//
// Neighbours: package schedule fires jobs when this clock reaches them;
// package plaid knows the shapes of the tokens that are built from our UUIDs.
package clock
